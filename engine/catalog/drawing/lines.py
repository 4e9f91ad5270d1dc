"""The simple lines between two places that the search for places reckons with.

Doubled coordinates: nodes stand on even numbers, the free channels between them are the odd ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

Cell = tuple[int, int]
Line = tuple[Cell, ...]
Box = tuple[int, int, int, int]  # left, top, right, bottom

CROSS, OVERLAP, TRACK, TOUCH = 2.6, 2.5, 0.25, 0.3


def box_of(line: Line) -> Box:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return min(xs), min(ys), max(xs), max(ys)


def between(start: int, end: int) -> int:
    """Bits of the cells strictly between two doubled coordinates."""
    low, high = (start, end) if start < end else (end, start)
    return max(0, (1 << (high + 1) // 2) - (1 << low // 2 + 1))


def side(node: Cell, towards: Cell) -> str:
    if node[1] == towards[1]:
        return "right" if towards[0] > node[0] else "left"
    return "bottom" if towards[1] > node[1] else "top"


def passes(line: Line, cells: set[Cell]) -> bool:
    for (x1, y1), (x2, y2) in pairwise(line):
        for x, y in cells:
            if min(x1, x2) <= 2 * x <= max(x1, x2) and min(y1, y2) <= 2 * y <= max(y1, y2):
                return True
    return False


def meeting(a: Cell, b: Cell, c: Cell, d: Cell, *, akin: bool) -> float:
    """What it costs that the pieces a-b and c-d meet."""
    flat, other_flat = a[1] == b[1], c[1] == d[1]
    if flat == other_flat:
        axis, across = (0, 1) if flat else (1, 0)
        if akin or a[across] != c[across]:
            return 0.0
        shared = min(max(a[axis], b[axis]), max(c[axis], d[axis])) - max(
            min(a[axis], b[axis]), min(c[axis], d[axis])
        )
        if shared <= 0:
            return 0.0
        return TRACK if a[across] % 2 else OVERLAP
    if not flat:
        a, b, c, d = c, d, a, b
    (x1, x2), y = sorted((a[0], b[0])), a[1]
    x, (y1, y2) = c[0], sorted((c[1], d[1]))
    if x1 < x < x2 and y1 < y < y2:
        return CROSS
    if not akin and x1 <= x <= x2 and y1 <= y <= y2 and (x % 2 or y % 2):
        return TOUCH
    return 0.0


def lines(start: Cell, end: Cell) -> Iterator[Line]:
    (x1, y1), (x2, y2) = start, end
    if y1 == y2 or x1 == x2:
        yield (start, end)
    if y1 != y2 and x1 != x2:
        yield (start, (x2, y1), end)
        yield (start, (x1, y2), end)
        step = 1 if x2 > x1 else -1
        for x in {x1 + step, x2 - step}:
            yield (start, (x, y1), (x, y2), end)
    for y in {y1 - 1, y1 + 1, y2 - 1, y2 + 1, (y1 + y2) // 2}:
        if y in (y1, y2) or y < 0 or x1 == x2:
            continue
        yield (start, (x1, y), (x2, y), end)
        yield (start, (x1 + 1, y1), (x1 + 1, y), (x2, y), end)
        yield (start, (x1, y), (x2 - 1, y), (x2 - 1, y2), end)
        yield (start, (x1 + 1, y1), (x1 + 1, y), (x2 - 1, y), (x2 - 1, y2), end)


def lines_down(start: Cell, end: Cell) -> Iterator[Line]:
    """Lines of a boundary event: they leave downwards."""
    (x1, y1), (x2, y2) = start, end
    if x1 == x2 and y2 > y1:
        yield (start, end)
    if y2 > y1 and x1 != x2:
        yield (start, (x1, y2), end)
    for y in {y1 + 1, y2 + 1 if y2 >= y1 else y1 + 3, y2 - 1 if y2 > y1 + 1 else y1 + 2}:
        if y == y2 or x1 == x2:
            continue
        yield (start, (x1, y), (x2, y), end)
        yield (start, (x1, y), (x2 - 1, y), (x2 - 1, y2), end)
    if y2 <= y1:
        yield (start, (x1, y1 + 1), (x1 + 1, y1 + 1), (x1 + 1, y2), end)
