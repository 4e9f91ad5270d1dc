"""Sheets as a scanner or a camera makes them, of any resolution, with blank pages among them."""

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

#: An A4 sheet in inches.
_A4 = (8.27, 11.69)
#: Resolutions of a sheet that nobody reads, in dots per inch, are drawn the same way.
_LINES = 30


def _sheets(dpi: int, pages: int, blank: Sequence[int]) -> list[Image.Image]:
    width, height = (round(side * dpi) for side in _A4)
    sheets = []
    for number in range(1, pages + 1):
        sheet = Image.new("L", (width, height), 250)
        if number not in blank:
            draw = ImageDraw.Draw(sheet)
            for line in range(3, _LINES):
                top = height * line // (_LINES + 2)
                draw.rectangle((width // 8, top, width * (7 - (line * number) % 4) // 8, top + height // 90), fill=20)
        sheets.append(sheet)
    return sheets


@cache
def scan(*, pages: int = 1, dpi: int = 200, blank: tuple[int, ...] = (), said: int | None = None) -> bytes:
    """A PDF from a scanner; `said` is the resolution by which its pages were given a size, where that is another."""
    first, *others = _sheets(dpi, pages, blank)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=said or dpi)
    return out.getvalue()


@cache
def picture(
    kind: str = "JPEG", *, pages: int = 1, dpi: int = 200, blank: tuple[int, ...] = (), said: int | None = None
) -> bytes:
    """A photograph or a scanned picture."""
    first, *others = _sheets(dpi, pages, blank)
    out = io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": others} if others else {}
    first.save(out, kind, dpi=(said or dpi,) * 2, **more)
    return out.getvalue()
