"""One page of a file as a picture, to be looked at while its data are typed."""

import io

import pypdfium2 as pdfium
from PIL import Image

from engine.base.errors import Missing
from engine.documents.checks import PDFIUM

#: Dots of the long side; enough to read, little to send.
_LONG, _QUALITY = 1_400, 70
#: So many pages of a file are shown; the file itself holds the others.
MOST = 50


def page(content: bytes, media_type: str, number: int) -> bytes:
    """A JPEG of the page with this number, from 1. Missing: there is none, or the kind has no pages."""
    if not 1 <= number <= MOST:
        raise Missing
    picture = _of_pdf(content, number) if media_type == "application/pdf" else _of_picture(content, media_type, number)
    picture.thumbnail((_LONG, _LONG))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def is_pdf_a(content: bytes) -> bool:
    """Whether a PDF says of itself that it is made to be kept (ISO 19005)."""
    return b"pdfaid:part" in content


def _of_pdf(content: bytes, number: int) -> Image.Image:
    with PDFIUM:
        document = pdfium.PdfDocument(content)
        try:
            if number > len(document):
                raise Missing
            sheet = document[number - 1]
            drawn: Image.Image = sheet.render(scale=_LONG / max(*sheet.get_size(), 1)).to_pil()
            return drawn.copy()
        finally:
            document.close()


def _of_picture(content: bytes, media_type: str, number: int) -> Image.Image:
    if not media_type.startswith("image/"):
        raise Missing
    with Image.open(io.BytesIO(content)) as picture:
        try:
            picture.seek(number - 1)
        except EOFError as error:
            raise Missing from error
        return picture.copy()
