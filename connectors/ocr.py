"""What stands on a scan, so that it can be searched: OCRmyPDF makes a PDF, where it can a PDF/A, with the text behind the picture.

It runs as a process of its own, which dies with the worker: what a killed worker had in hand is done again from the
beginning, and the same result lies under the same digest. The scan itself stays as it came.
"""

import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from PIL import Image

from engine.base.ports import BlobStore
from engine.base.uow import UnitOfWork
from engine.dossiers import scans
from engine.dossiers.scans import Unread

#: Seconds for one page, and for a whole file.
_PAGE, _FILE = 120, 1_800
#: What a picture without a size of its own is taken for.
_DPI = 200


class ScanNotRead(Exception):
    """No text could be made of a scan; the queue tries again."""


class Reader:
    """Carries a job of the queue to OCRmyPDF and brings the result back as a command."""

    def __init__(self, unit: Callable[[], AbstractContextManager[UnitOfWork]], blobs: BlobStore):
        self._unit = unit
        self._blobs = blobs

    def read(self, file_id: str, *, last: bool = False) -> None:
        """Read one scan. Raises ScanNotRead for the queue to try again; the `last` time it is an incident."""
        one = uuid.UUID(file_id)
        with self._unit() as uow:
            asked = scans.unread(uow.session, one)
        if asked is None:
            return
        try:
            made = asked.known or self._made(asked)
        except Exception as error:  # its bytes may be gone, the disk full: whatever it was, somebody is told
            if not last:
                raise
            with self._unit() as uow:
                scans.not_read(uow, one, error)
            return
        with self._unit() as uow:
            scans.read(uow, one, made)

    def _made(self, asked: Unread) -> str:
        with tempfile.TemporaryDirectory(prefix="motcua-ocr-") as name:
            folder = Path(name)
            with self._blobs.open(asked.sha256) as stream, (folder / "scan").open("wb") as file:
                shutil.copyfileobj(stream, file)
            if asked.media_type == "image/png":
                _flatten(folder / "scan")
            _run(folder, asked.dpi or _DPI)
            made = (folder / "made.pdf").read_bytes()
        digest = hashlib.sha256(made).hexdigest()
        self._blobs.put(io.BytesIO(made), digest)
        return digest


def _flatten(path: Path) -> None:
    """A picture that one can see through is put on white paper."""
    with Image.open(path) as picture:
        if "A" not in picture.getbands() and "transparency" not in picture.info:
            return
        seen = picture.convert("RGBA")
        sheet = Image.new("RGBA", seen.size, "white")
        sheet.alpha_composite(seen)
        sheet.convert("RGB").save(path, "PNG")


def _run(folder: Path, dpi: int) -> None:
    """The kernel ends it should the worker be killed. Pages that have a text already keep it."""
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "ocrmypdf", "--quiet", "--language", "vie"]
    command += ["--output-type", "auto", "--skip-text", "--invalidate-digital-signatures", "--jobs", "1"]
    command += ["--optimize", "0", "--rotate-pages", "--tesseract-timeout", str(_PAGE), "--image-dpi", str(dpi)]
    try:
        done = subprocess.run(
            [*command, str(folder / "scan"), str(folder / "made.pdf")], timeout=_FILE, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ScanNotRead(f"{_FILE} s") from error
    if done.returncode or not (folder / "made.pdf").exists():
        raise ScanNotRead(f"ocrmypdf {done.returncode}: {done.stderr.decode(errors='replace').strip()[-300:]}")
