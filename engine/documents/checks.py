"""Is a file that was handed in one that somebody can read? Pages, resolution, blank pages, locks.

What is wanted of a scan are dated rows beside this module (`scans.json`). A file that nobody could read is refused while
the person who brought it is still there; one that could be better is taken with a warning.
"""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageSequence
from pypdfium2 import raw

from engine.base.errors import DomainError

#: PDFium serves one thread at a time.
PDFIUM = threading.Lock()
_POINTS = 72
#: The long side of an A4 sheet in inches: what a picture without a trustworthy size is taken for.
_A4 = 11.69
#: Points of the long side of an A3 sheet: a larger page is a photograph whose size nobody set.
_A3 = 1_191
#: Resolutions up to this are what cameras and screens write when they know none.
_SCREEN = 96
#: A page counts as scanned when one picture covers so much of it.
_COVERS = 0.5
#: Of a page drawn this small (pixels of its long side), so many per ten thousand must differ from its paper by so much.
_SMALL, _MARKS, _CONTRAST = 420, 2, 32
#: Bytes that a Word document may unpack to, and dots of one picture: an A3 sheet at 600 dpi has 70 million.
_UNPACKED, _DOTS = 300 << 20, 80_000_000
#: A whole PDF ends with this, perhaps with a little behind it.
_END, _TAIL = b"%%EOF", 2_048
#: And a photograph with this; cameras put more behind it, never as much again.
_JPEG_END = b"\xff\xd9"


class UploadUnreadable(DomainError):
    """The file cannot be opened, or is not whole."""

    kind = "invalid"


class UploadLocked(DomainError):
    """The file is encrypted, with or without a password."""

    kind = "invalid"


class UploadBlank(DomainError):
    """Nothing stands on any page."""

    kind = "invalid"


class UploadTooCoarse(DomainError):
    """The scan has so few dots that nobody can read it."""

    kind = "invalid"


class PictureTooSmall(DomainError):
    """The picture has so few dots that nobody can read it."""

    kind = "invalid"


@dataclass(frozen=True)
class Seen:
    """What was seen in a file."""

    #: None: a kind whose pages are not counted.
    pages: int | None = None
    #: Of its coarsest scanned page, estimated; None: nothing in it was scanned.
    dpi: int | None = None
    #: Numbers of pages on which nothing stands, from 1.
    blank_pages: tuple[int, ...] = ()


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((Path(__file__).parent / "scans.json").read_text("utf-8"))
    return sorted(rows, key=lambda one: one["effective_from"])


@cache
def wanted(code: str, on: date) -> int:
    """The number of a row in force on a day."""
    return int([one["value"] for one in _rows() if one["code"] == code and one["effective_from"] <= on.isoformat()][-1])


def look(content: bytes, media_type: str, *, name: str, on: date) -> Seen:
    """Look into a file of a known kind.

    Refusals: UploadUnreadable, UploadLocked, UploadBlank, UploadTooCoarse, PictureTooSmall.
    """
    if media_type == "application/pdf":
        seen = _pdf(content, name, wanted("pages_looked_at", on))
        if seen.dpi is not None and seen.dpi < (least := wanted("least_dpi", on)):
            raise UploadTooCoarse(name=name, dpi=seen.dpi, least=least, wanted=wanted("wanted_dpi", on))
    elif media_type.startswith("image/"):
        seen = _picture(content, media_type, name, on)
    else:
        return _package(content, name)
    if seen.pages == len(seen.blank_pages):
        raise UploadBlank(name=name)
    return seen


def _pdf(content: bytes, name: str, most: int) -> Seen:
    if _END not in content[-_TAIL:]:
        raise UploadUnreadable(name=name)
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise (UploadLocked if locked else UploadUnreadable)(name=name) from error
        try:
            if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
                raise UploadLocked(name=name)
            if not len(document):
                raise UploadUnreadable(name=name)
            resolutions: list[int] = []
            blank = []
            for number in range(min(len(document), most)):
                page = document[number]
                resolutions += _resolutions(page)
                if _is_blank(_drawn(page)):
                    blank.append(number + 1)
            return Seen(len(document), min(resolutions, default=None), tuple(blank))
        except pdfium.PdfiumError as error:
            raise UploadUnreadable(name=name) from error
        finally:
            document.close()


def _resolutions(page: pdfium.PdfPage) -> Iterator[int]:
    """Dots per inch of each picture that covers most of the page."""
    width, height = page.get_size()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) < _COVERS * width * height:
            continue
        dots, points = max(one.get_px_size()), max(right - left, top - bottom)
        yield round(dots / (_A4 if max(width, height) > _A3 else points / _POINTS))


def _drawn(page: pdfium.PdfPage) -> Image.Image:
    picture: Image.Image = page.render(scale=_SMALL / max(*page.get_size(), 1), grayscale=True).to_pil()
    return picture


def _is_blank(small: Image.Image) -> bool:
    """Whether hardly a dot differs from the paper, whatever colour that is."""
    counts = small.convert("L").histogram()
    paper = max(range(256), key=counts.__getitem__)
    marks = sum(count for shade, count in enumerate(counts) if abs(shade - paper) > _CONTRAST)
    return marks * 10_000 < _MARKS * sum(counts)


def _picture(content: bytes, media_type: str, name: str, on: date) -> Seen:
    # Pillow may have been told elsewhere to make do with half a picture, so its end is looked for here.
    blank, pages, resolutions = [], 0, []
    try:
        with Image.open(io.BytesIO(content)) as whole:
            whole.verify()
        if media_type == "image/jpeg" and content.rfind(_JPEG_END) < len(content) // 2:
            raise UploadUnreadable(name=name)
        with Image.open(io.BytesIO(content)) as picture:
            for frame in ImageSequence.Iterator(picture):
                pages += 1
                if frame.width * frame.height > _DOTS:
                    raise UploadUnreadable(name=name)
                if media_type == "image/tiff" and _reaches(frame) > len(content):
                    raise UploadUnreadable(name=name)
                if pages > wanted("pages_looked_at", on):
                    continue
                if max(frame.size) < (least := wanted("least_pixels", on)):
                    raise PictureTooSmall(name=name, pixels=max(frame.size), least=least)
                resolutions.append(_dpi(frame))
                frame.draft("L", (_SMALL, _SMALL))
                if _is_blank(frame.convert("L").resize((_SMALL, _SMALL))):
                    blank.append(pages)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise UploadUnreadable(name=name) from error
    return Seen(pages, min(resolutions, default=None), tuple(blank))


def _reaches(frame: Any) -> int:
    """Where the last strip or tile of a TIFF picture ends."""
    tags = frame.tag_v2
    starts, lengths = (tags.get(strips) or tags.get(tiles) or () for strips, tiles in ((273, 324), (279, 325)))
    return max((start + length for start, length in zip(starts, lengths, strict=True)), default=0)


def _dpi(picture: Image.Image) -> int:
    said = min(float(one or 0) for one in picture.info.get("dpi", (0, 0)))
    return round(said if said > _SCREEN else max(picture.size) / _A4)


def _package(content: bytes, name: str) -> Seen:
    """A Word document: an archive that is whole and holds a text."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(one.file_size for one in package.infolist()) > _UNPACKED:  # no more is ever unpacked than it says
                raise UploadUnreadable(name=name)
            whole = package.testzip() is None and "word/document.xml" in package.namelist()
            locked = any(one.flag_bits & 1 for one in package.infolist())
    except RuntimeError as error:  # what zipfile says of a password
        raise UploadLocked(name=name) from error
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UploadUnreadable(name=name) from error
    if locked:
        raise UploadLocked(name=name)
    if not whole:
        raise UploadUnreadable(name=name)
    return Seen()
