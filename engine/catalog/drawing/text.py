"""How much room a name takes: the viewers set names in Arial, eleven pixels high."""

from __future__ import annotations

import unicodedata

LINE, WIDEST = 14, 90
#: Widths of the printable characters of Arial, in thousandths of the type size, from the space on.
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, *[556] * 10,
    278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
    833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333,
    500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip


def text_width(text: str, size: int = 11) -> float:
    """Width of a line in Arial; marks of Vietnamese letters take no room of their own."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = [c for c in plain if not unicodedata.combining(c)]
    return sum(WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else 600 for c in letters) * size / 1000


def wrap(text: str, widest: float) -> list[str]:
    """Words in lines that are not wider than asked, where words allow."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}") <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def sizes(text: str, widest: int) -> tuple[int, int]:
    """Width and height of the box that a wrapped name fills (one pixel of air each side)."""
    lines = wrap(text, widest)
    return int(max(text_width(line) for line in lines)) + 6, LINE * len(lines)
