"""Art. 17(3): whoever points a phone at the printed receipt comes to the page of this very dossier."""

from collections.abc import Iterator
from itertools import combinations, groupby

import pypdfium2
import pytest
import segno
from PIL import Image

from tests.journeys.clerk import Town
from tests.journeys.test_papers import printed, text_of
from webapp.unit import house

# weasyprint leaves its colour profile open
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")

Modules = tuple[tuple[bool, ...], ...]


def of_paper(pdf: bytes, size: int) -> Modules:
    """The modules of the one code on the first page, as they lie there in ink: `size` of them along each side."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=8, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    left, top, module = _found(picture, size)
    middles = [(number + 0.5) * module for number in range(size)]
    return tuple(tuple(picture.getpixel((int(left + x), int(top + y))) < 128 for x in middles) for y in middles)


def _found(picture: Image.Image, size: int) -> tuple[float, float, float]:
    """Left, top and the side of a module: two of the three corner marks lie on one line, 1:1:3:1:1 each."""
    for y in range(picture.height):
        for (left, until), (_, right) in combinations(_marks(picture, y), 2):
            module = (right - left) / size
            if abs(until - left - 7 * module) < module:  # letters may look like marks, but not at this distance
                return left, y - 2 * module, module
    raise AssertionError("no code on this page")


def _marks(picture: Image.Image, y: int) -> Iterator[tuple[int, int]]:
    """From where to where a corner mark reaches on this line."""
    line = picture.crop((0, y, picture.width, y + 1)).tobytes()
    runs, at = [], 0
    for dark, dots in groupby(line, lambda dot: dot < 128):
        length = len(list(dots))
        runs.append((dark, at, length))
        at += length
    for first in range(len(runs) - 4):
        five = runs[first : first + 5]
        module = sum(length for _, _, length in five) / 7
        fits = all(abs(length - wanted * module) < module / 2 for (_, _, length), wanted in zip(five, (1, 1, 3, 1, 1), strict=True))
        if five[0][0] and module > 8 and fits:
            yield five[0][1], five[4][1] + five[4][2]


def coded(address: str) -> Modules:
    return tuple(tuple(bool(one) for one in row) for row in segno.make(address, error="m").matrix)


def test_the_code_on_a_receipt_leads_to_its_dossier(town: Town) -> None:
    file = town.take_in("2.000908", lookup="missing", answers={"result_delivery": "counter"})
    receipt = printed(town, file, "Giấy tiếp nhận hồ sơ")
    with town.app.app_context():
        host = house().settings.public_url
    path = f"/track?code={file.ref}&secret={file.row.secret}"
    found = of_paper(receipt, len(coded(host + path)))

    assert found == coded(host + path)
    assert found != coded(f"{host}/track?code={file.ref}&secret=AAAAAAAA"), "of another it would be seen"
    assert file.ref in text_of(receipt)
    page = town.app.test_client().get(path)
    assert page.status_code == 200
    assert file.ref in page.text
