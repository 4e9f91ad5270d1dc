"""How a paper looks, coarse enough to be kept: its words, and how dark each part of its page is.

Fonts differ a little between machines, so a line may end elsewhere and ink may lie a cell away. What is lost, printed
over, or pushed to another page is not within that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pypdfium2
from PIL import Image

#: Cells along the short and the long side of a page.
_SHORT, _LONG = 24, 34
#: Dots of a cell along each side: about 60 dpi on A5.
_DOTS = 14
#: This share of ink is as dark as a cell is told: 9 of 9.
_DARKEST = 0.4
#: Steps by which a cell may differ from all cells around it, and how many cells may differ by more.
_NEAR, _ODD = 1, 7
_RULE = "-" * 40


@dataclass(frozen=True)
class Look:
    """One page: its lines as a reader copies them, its cells from 0 (paper) to 9, how many pages there are."""

    lines: tuple[str, ...]
    cells: tuple[str, ...]
    pages: int

    @property
    def words(self) -> list[str]:
        return " ".join(self.lines).split()

    def __str__(self) -> str:
        drawn = (row.replace("0", "·") for row in self.cells)
        return "\n".join([f"{self.pages} page(s)", *self.lines, _RULE, *drawn, ""])


def look(pdf: bytes) -> Look:
    """The first page of a paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        width, height = page.get_size()
        text = page.get_textpage().get_text_range()
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        return Look(lines, _cells(page.render(scale=1, grayscale=True).to_pil(), upright=height >= width), len(document))
    finally:
        document.close()


def _cells(picture: Image.Image, *, upright: bool) -> tuple[str, ...]:
    across, down = (_SHORT, _LONG) if upright else (_LONG, _SHORT)
    small = picture.convert("L").resize((across * _DOTS, down * _DOTS), Image.Resampling.BOX).resize((across, down), Image.Resampling.BOX)
    dark = [min(9, round((255 - dot) / 255 / _DARKEST * 9)) for dot in small.tobytes()]
    return tuple("".join(map(str, dark[row * across : (row + 1) * across])) for row in range(down))


def read(path: Path) -> Look:
    """What was kept."""
    pages, *rest = path.read_text("utf-8").splitlines()
    rule = rest.index(_RULE)
    cells = tuple(row.replace("·", "0") for row in rest[rule + 1 :])
    return Look(tuple(rest[:rule]), cells, int(pages.split()[0]))


def differences(kept: Look, seen: Look) -> list[str]:
    """What somebody who knows the kept paper would notice on the other; nothing: it is the same."""
    found = [f"{seen.pages} pages, not {kept.pages}"] if seen.pages != kept.pages else []
    if kept.words != seen.words:
        at = next((n for n, pair in enumerate(zip(kept.words, seen.words, strict=False)) if pair[0] != pair[1]), -1)
        at = at if at >= 0 else min(len(kept.words), len(seen.words))
        found.append(f"words: …{' '.join(seen.words[max(0, at - 3) : at + 8])}…, not …{' '.join(kept.words[max(0, at - 3) : at + 8])}…")
    if [len(row) for row in kept.cells] != [len(row) for row in seen.cells]:
        return [*found, "another size of page"]
    odd = {*_odd(kept.cells, seen.cells), *_odd(seen.cells, kept.cells)}
    if len(odd) > _ODD:
        found.append(f"ink at (row, column): {sorted(odd)}")
    return found


def _odd(known: tuple[str, ...], other: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Cells that are as dark as no cell of the other page at their place or beside it."""
    for row, column in product(range(len(known)), range(len(known[0]))):
        around = [int(cell) for line in other[max(0, row - 1) : row + 2] for cell in line[max(0, column - 1) : column + 2]]
        if not min(around) - _NEAR <= int(known[row][column]) <= max(around) + _NEAR:
            yield row, column
