"""From grid lines to paper: real coordinates on multiples of ten, lanes as high as their rows and flows need."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from engine.catalog.drawing.route import IN_COLUMN, IN_ROW, TRACKS, Grid, Path, Point
from engine.catalog.drawing.sheet import Sheet
from engine.catalog.drawing.text import WIDEST, sizes

HEADER = 30
LEFT, TOP = 160, 80
FIRST = 90  # from the left edge of a lane to the first column
PITCH, CELL = 160, 100
ROW_CELL, HALF_GAP = 80, 20


@dataclass(frozen=True)
class Box:
    """A rectangle on paper."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def overlaps(self, other: Box, gap: int = 0) -> bool:
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


@dataclass
class Paper:
    """Where everything lies."""

    shapes: dict[str, Box]
    flows: dict[str, list[Point]]
    lanes: list[Box]
    pool: Box | None


def unfold(sheet: Sheet, at: dict[str, Point], grid: Grid, paths: dict[str, Path]) -> Paper:
    """Real places of shapes, flows, lanes and pool."""
    xs, right = _columns(grid, paths)
    lane_of_row = _lanes_of_rows(sheet, at, grid.rows)
    ys, edges = _rows(grid, paths, lane_of_row, _name_room(sheet, at))
    shapes: dict[str, Box] = {}
    for node in sheet.nodes.values():
        column, row = at[sheet.place_of(node.id)]
        x, y = (
            xs[grid.x(column, sheet.boundary_port(node) if node.host else 0)],
            ys[grid.y(row)] + (40 if node.host else 0),
        )
        width, height = node.size
        shapes[node.id] = Box(x - width // 2, y - height // 2, width, height)
    flows = {}
    for flow in sheet.flows:
        points = [(xs[x], ys[y]) for x, y in paths[flow.id]]
        points[0] = _on_edge(shapes[flow.source], points[0], points[1])
        points[-1] = _on_edge(shapes[flow.target], points[-1], points[-2])
        flows[flow.id] = _without_dents(points)
    left = LEFT + (HEADER if sheet.pool else 0)
    lanes = [Box(left, top, right - left, bottom - top) for top, bottom in pairwise(edges)]
    pool = Box(LEFT, edges[0], right - LEFT, edges[-1] - edges[0]) if sheet.pool else None
    return Paper(shapes, flows, lanes, pool)


def _without_dents(points: list[Point]) -> list[Point]:
    return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]


def _on_edge(box: Box, port: Point, towards: Point) -> Point:
    if towards[1] == port[1]:
        return (box.right if towards[0] > port[0] else box.x, port[1])
    return (port[0], box.bottom if towards[1] > port[1] else box.y)


def _lanes_of_rows(sheet: Sheet, at: dict[str, Point], rows: int) -> list[int]:
    """The lane of each row; a row without nodes belongs to an empty lane, in order."""
    lanes: list[int] = [-1] * rows
    for node in sheet.inner:
        lanes[at[node.id][1]] = node.lane
    empty = [k for k in range(len(sheet.lanes)) if k not in lanes]
    return [lane if lane >= 0 else empty.pop(0) for lane in lanes]


def _used(paths: dict[str, Path], axis: int) -> set[int]:
    """Grid lines that some piece of a flow runs along."""
    return {a[axis] for path in paths.values() for a, b in pairwise(path) if a[axis] == b[axis]}


def _columns(grid: Grid, paths: dict[str, Path]) -> tuple[dict[int, int], int]:
    used = _used(paths, 0)
    xs: dict[int, int] = {}
    centre = LEFT + HEADER + FIRST
    for gap in range(grid.columns + 1):
        first = gap * (TRACKS + IN_COLUMN)
        tracks = [t for t in range(first, first + TRACKS) if t in used]
        outside = gap in (0, grid.columns)
        width = max(30 if outside else PITCH - CELL, 10 * (len(tracks) + 1))
        if gap == 0:
            centre = max(centre, LEFT + 2 * HEADER + width + CELL // 2)
            start = centre - CELL // 2 - width
        else:
            start = centre + CELL // 2
            centre = start + width + CELL // 2
        for track, offset in zip(tracks, _spread(len(tracks), width), strict=True):
            xs[track] = start + offset
        if gap == grid.columns:
            return xs, start + width + 10
        xs |= {grid.x(gap, port): centre + 30 * port for port in (-1, 0, 1)}
    raise AssertionError


def _name_room(sheet: Sheet, at: dict[str, Point]) -> tuple[dict[int, int], dict[int, int], set[int]]:
    """By row, the room that names and boundary events take above and below the cells; rows with boundary events."""
    above: dict[int, int] = defaultdict(int)
    below: dict[int, int] = defaultdict(int)
    hosts: set[int] = set()
    for node in sheet.nodes.values():
        row = at[sheet.place_of(node.id)][1]
        height = sizes(node.name, WIDEST)[1] if node.name else 0
        if node.host:
            below[row] = max(below[row], 20)
            hosts.add(row)
        elif node.is_gateway:
            above[row] = max(above[row], _tens(height - 20))
        elif node.is_event:
            below[row] = max(below[row], _tens(height - 18))
    return above, below, hosts


def _tens(length: int) -> int:
    """Rounded up to a multiple of ten."""
    return max(0, -(-length // 10) * 10)


def _rows(
    grid: Grid,
    paths: dict[str, Path],
    lane_of_row: list[int],
    room: tuple[dict[int, int], dict[int, int], set[int]],
) -> tuple[dict[int, int], list[int]]:
    """Real heights of the horizontal lines, and the edges of the lanes from top to bottom."""
    used = _used(paths, 1)
    above, below, hosts = room
    ys: dict[int, int] = {}
    edges: list[int] = []
    y = TOP
    for gap in range(grid.rows + 1):
        first = gap * (TRACKS + IN_ROW)
        tracks = [t for t in range(first, first + TRACKS) if t in used]
        under, over = below.get(gap - 1, 0), above.get(gap, 0)
        if 0 < gap < grid.rows and lane_of_row[gap - 1] == lane_of_row[gap]:
            y = _span(tracks, y, ys, 2 * HALF_GAP, under, over)
        else:
            upper = [t for t in tracks if t < first + TRACKS // 2]
            upper = [] if gap == 0 else tracks if gap == grid.rows else upper
            if gap:
                y = _span(upper, y, ys, HALF_GAP, under + 10 * (bool(upper) or gap - 1 in hosts), 0)
            edges.append(y)
            if gap < grid.rows:
                lower = [t for t in tracks if t not in upper]
                y = _span(lower, y, ys, HALF_GAP, 0, over + 10 * bool(lower))
        if gap < grid.rows:
            ys[grid.y(gap)] = y + ROW_CELL // 2
            y += ROW_CELL
    return ys, edges


def _span(tracks: list[int], y: int, ys: dict[int, int], least: int, under: int, over: int) -> int:
    """Spread the lines of a gap, which begins at y and keeps room at both sides for names; the end of the gap."""
    if not tracks:
        return y + max(least, under + over)
    arrows = 40 if least > HALF_GAP else 20
    width = max(least, under + over + arrows + 10 * (len(tracks) - 1))
    for track, offset in zip(tracks, _spread(len(tracks), width - under - over), strict=True):
        ys[track] = y + under + offset
    return y + width


def _spread(count: int, width: int) -> list[int]:
    """Offsets of parallel lines in a gap: multiples of ten, as even as that allows."""
    if not count:
        return []
    step = max(10, width // (count + 1) // 10 * 10)
    start = max(10, (width - step * (count - 1)) // 20 * 10)
    return [start + step * i for i in range(count)]
