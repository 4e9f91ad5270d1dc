"""Take a picture of each paper, to be looked at before its template is published: python -m docs.pictures.papers

Needs `pdftoppm` (poppler-utils). The pictures lie beside this file, in `papers/`.
"""

import subprocess
import tempfile
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from PIL import Image

from tests.factories.papers import SAMPLES, sample, template
from webapp import filters, papers

HERE = Path(__file__).with_name("papers")
#: As sharp as words need to be read on a screen.
DPI = 72


def take() -> None:
    """One picture for each paper; of one with several pages, its first."""
    app = Flask("webapp")
    Babel(app, default_locale="vi")
    filters.init_app(app)
    HERE.mkdir(exist_ok=True)
    with app.test_request_context(), tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        for kind in SAMPLES:
            Path(file.name).write_bytes(papers.pdf(sample(kind), template(kind), "https://motcua.thanhhoa.example"))
            subprocess.run(
                ["pdftoppm", "-r", str(DPI), "-gray", "-png", "-singlefile", "-f", "1", file.name, str(HERE / kind)],
                check=True,
            )
            picture = HERE / f"{kind}.png"
            Image.open(picture).quantize(8).save(picture, optimize=True)


if __name__ == "__main__":
    take()
