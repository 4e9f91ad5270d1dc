"""Lead every flow around the shapes: a search on the lines that a tidy drawing may use.

Each column of the sheet offers three vertical lines through its cells (left port, centre, right port), each row one
horizontal line, and the gaps between them TRACKS lines each. A flow pays for length, bends and crossings; it may share
a line only with flows that have its source or its target. Coordinates are indices of these lines until the very end.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from engine.catalog.drawing.sheet import Flow, Node, Sheet

TRACKS = 6  # lines in a gap between two columns or two rows
IN_COLUMN, IN_ROW = 3, 1
BEND, CROSS, BLOCK = 45.0, 110.0, 1e6
#: Two flows leave by one port: on a side, or above or below, where a comb is easy to read.
SHARED = (150.0, 70.0)
ROUNDS = 3
FLAT, STEEP = 0, 1

Point = tuple[int, int]
Path = list[Point]
State = tuple[Point, int]  # a point and the way in which it was reached


class Grid:
    """Index arithmetic: which line is which."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.xs = [
            x for k in range(columns) for x in (*_gap(160 * k - 80, 8), 160 * k - 30, 160 * k, 160 * k + 30)
        ]
        self.xs += _gap(160 * columns - 80, 8)
        self.ys = [y for k in range(rows) for y in (*_gap(120 * k - 60, 6), 120 * k)]
        self.ys += _gap(120 * rows - 60, 6)

    def x(self, column: int, port: int = 0) -> int:
        """Line through a column: port -1, 0 or 1."""
        return column * (TRACKS + IN_COLUMN) + TRACKS + 1 + port

    def y(self, row: int) -> int:
        return row * (TRACKS + IN_ROW) + TRACKS


def _gap(middle: int, step: int) -> list[int]:
    return [middle + step * i - step * (TRACKS - 1) // 2 for i in range(TRACKS)]


class Router:
    """The routes of all flows of one sheet."""

    def __init__(self, sheet: Sheet, at: dict[str, Point], grid: Grid) -> None:
        self.sheet, self.at, self.grid = sheet, at, grid
        self.shapes = {(grid.x(c, p), grid.y(r)) for c, r in at.values() for p in (-1, 0, 1)}
        self.paths: dict[str, Path] = {}
        self.price: dict[str, float] = {}
        self.by_id = {f.id: f for f in sheet.flows}
        self.edges: dict[tuple[Point, int], set[str]] = defaultdict(set)
        self.knots: dict[Point, dict[str, str]] = defaultdict(dict)
        self.hosts = {(n.host, sheet.boundary_port(n)) for n in sheet.nodes.values() if n.host}
        self.dear = self._label_room()

    def run(self) -> dict[str, Path]:
        """Routes flows, the straight ones first, then again and again those that cost most."""
        main = {n: i for i, n in enumerate(self.sheet.main_line)}

        def first(flow: Flow) -> tuple[int, int]:
            (c, r), (d, s) = self.at[self.sheet.place_of(flow.source)], self.at[flow.target]
            on_line = main.get(flow.target, -1) == main.get(flow.source, -9) + 1
            return (0 if on_line else 1, abs(c - d) + 2 * abs(r - s) + (4 if d <= c else 0))

        for flow in sorted(self.sheet.flows, key=first):
            self._lay(flow)
        for _ in range(ROUNDS):
            for flow in sorted(self.sheet.flows, key=lambda f: -self.price[f.id]):
                self._lift(flow)
                self._lay(flow)
        return self.paths

    # -- book-keeping

    def _lay(self, flow: Flow) -> None:
        self.price[flow.id], path = self._search(flow)
        self.paths[flow.id] = path
        points = list(_unit_points(path))
        for a, b in pairwise(points):
            self.edges[_edge(a, b)].add(flow.id)
        for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False):
            if before is None or after is None:
                kind = "end"
            elif (before[0] == point[0]) != (point[0] == after[0]):
                kind = "bend"
            else:
                kind = "steep" if before[0] == point[0] else "flat"
            self.knots[point][flow.id] = kind

    def _lift(self, flow: Flow) -> None:
        points = list(_unit_points(self.paths[flow.id]))
        for a, b in pairwise(points):
            self.edges[_edge(a, b)].discard(flow.id)
        for point in points:
            self.knots[point].pop(flow.id, None)

    def _label_room(self) -> dict[Point, float]:
        """Lines under an event and above a gateway cost more: their names stand there."""
        dear: dict[Point, float] = defaultdict(float)
        for node in self.sheet.inner:
            column, row = self.at[node.id]
            if node.is_event and node.name:
                for track in (1, 2, 3):
                    for port in (-1, 0, 1):
                        dear[self.grid.x(column, port), self.grid.y(row) + track] += 12.0 / track
            if (node.id, 1) in self.hosts:
                for track in (1, 2, 3):
                    dear[self.grid.x(column, 0), self.grid.y(row) + track] += 10.0
        return dear

    # -- ports

    def _ports(self, node: Node, flow: Flow, *, leaving: bool) -> Iterator[tuple[Point, Point, float]]:
        """Every port of a node: the point on its edge line, the first free point before it, and its price."""
        grid = self.grid
        column, row = self.at[self.sheet.place_of(node.id)]
        x, y = grid.x(column), grid.y(row)
        if node.host:
            x += self.sheet.boundary_port(node)
            yield (x, y), (x, y + 1), 0.0
            return
        back = flow.id in self.sheet.back_flows
        yield (x + 1, y), (x + 2, y), 0.0 if leaving else 40.0
        yield (x - 1, y), (x - 2, y), 50.0 if leaving else 0.0
        sides = 0.0 if node.is_gateway and leaving else 12.0
        up, down = (0.0, 15.0) if back else (10.0, 0.0)
        for port in (0,) if node.size[0] < 100 else (0, -1, 1):
            dear = sides + 6.0 * abs(port)
            yield (x + port, y), (x + port, y - 1), dear + up
            if (node.id, port) not in self.hosts:
                yield (x + port, y), (x + port, y + 1), dear + down

    # -- search

    def _search(self, flow: Flow) -> tuple[float, Path]:
        """The cheapest way from any port of the source to any port of the target (A*)."""
        goals = self._goals(flow)
        queue: list[tuple[float, float, Point, int]] = []
        best: dict[State, float] = {}
        came: dict[State, State | Point] = {}
        for port, free, price in self._ports(self.sheet.nodes[flow.source], flow, leaving=True):
            cost, state = price + self._stub_price(flow, port, free), (free, _way(port, free))
            if cost < best.get(state, BLOCK * 10):
                best[state], came[state] = cost, port
                heapq.heappush(queue, (cost, cost, *state))
        final, end = BLOCK * 10, None
        while queue:
            estimate, cost, point, way = heapq.heappop(queue)
            if estimate >= final:
                break
            if cost > best[point, way]:
                continue
            for turn in (FLAT, STEEP):
                here = cost + self._knot_price(flow, point, way, turn)
                if (point, turn) in goals and here + goals[point, turn][0] < final:
                    final, end = here + goals[point, turn][0], (point, way, goals[point, turn][1])
                for onward in self._onward(point, turn):
                    total = here + self._step_price(flow, point, onward)
                    if total < best.get((onward, turn), BLOCK * 10):
                        best[onward, turn] = total
                        came[onward, turn] = (point, way)
                        heapq.heappush(queue, (total + self._far(flow, onward), total, onward, turn))
        if end is None:
            raise RuntimeError(f"no way from {flow.source} to {flow.target}")
        return final, _traced(came, (end[0], end[1]), end[2])

    def _goals(self, flow: Flow) -> dict[State, tuple[float, Point]]:
        """The points from which a port of the target is reached, with the price of that port."""
        goals: dict[State, tuple[float, Point]] = {}
        for port, free, price in self._ports(self.sheet.nodes[flow.target], flow, leaving=False):
            goals[free, _way(free, port)] = (price + self._edge_price(flow, free, port), port)
        return goals

    def _onward(self, point: Point, turn: int) -> Iterator[Point]:
        x, y = point
        for onward in ((x + 1, y), (x - 1, y)) if turn == FLAT else ((x, y + 1), (x, y - 1)):
            inside = 0 <= onward[0] < len(self.grid.xs) and 0 <= onward[1] < len(self.grid.ys)
            if inside and onward not in self.shapes:
                yield onward

    def _far(self, flow: Flow, point: Point) -> float:
        """The least that is left to go."""
        column, row = self.at[flow.target]
        xs, ys = self.grid.xs, self.grid.ys
        wide = abs(xs[point[0]] - xs[self.grid.x(column)]) - 110
        high = abs(ys[point[1]] - ys[self.grid.y(row)]) - 80
        return max(0, wide) + max(0, high)

    # -- prices

    def _akin(self, flow: Flow, other: str) -> bool:
        return flow.source == self.by_id[other].source or flow.target == self.by_id[other].target

    def _step_price(self, flow: Flow, a: Point, b: Point) -> float:
        xs, ys = self.grid.xs, self.grid.ys
        length = abs(xs[b[0]] - xs[a[0]]) + abs(ys[b[1]] - ys[a[1]])
        return length + self._edge_price(flow, a, b) + self.dear.get(b, 0.0)

    def _stub_price(self, flow: Flow, port: Point, free: Point) -> float:
        price = self._edge_price(flow, port, free)
        if self.edges.get(_edge(port, free)):
            price += SHARED[_way(port, free)] if flow.name else SHARED[STEEP] / 2
        return price

    def _edge_price(self, flow: Flow, a: Point, b: Point) -> float:
        price = 0.0
        for other in self.edges.get(_edge(a, b), ()):
            price += -2.0 if self._akin(flow, other) else BLOCK
        return max(price, -4.0) if price < BLOCK else price

    def _knot_price(self, flow: Flow, point: Point, way: int, turn: int) -> float:
        """The price of passing or bending at a point where other flows may be."""
        price = BEND if way != turn else 0.0
        for other, kind in self.knots.get(point, {}).items():
            if kind in ("flat", "steep"):
                crossing = (kind == "flat") == (way == STEEP)
                if way == turn and crossing:
                    price += CROSS
                elif way != turn and not self._akin(flow, other):
                    price += BLOCK
            elif not self._akin(flow, other):
                price += BLOCK
        return price


def _traced(came: dict[State, State | Point], state: State, port: Point) -> Path:
    """The path that the search found, from port to port."""
    path = [port, state[0]]
    before = came[state]
    while isinstance(before[0], tuple):
        path.append(before[0])
        before = came[before]
    return _straightened([before, *path[::-1]])


def _way(a: Point, b: Point) -> int:
    return FLAT if a[1] == b[1] else STEEP


def _edge(a: Point, b: Point) -> tuple[Point, int]:
    return min(a, b), _way(a, b)


def _unit_points(path: Path) -> Iterator[Point]:
    """All grid points on a path."""
    yield path[0]
    for (x1, y1), (x2, y2) in pairwise(path):
        steps = max(abs(x2 - x1), abs(y2 - y1))
        dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        for i in range(1, steps + 1):
            yield (x1 + dx * i, y1 + dy * i)


def _straightened(path: Path) -> Path:
    kept = [path[0]]
    for before, point, after in zip(path, path[1:], path[2:], strict=False):
        if not (before[0] == point[0] == after[0] or before[1] == point[1] == after[1]):
            kept.append(point)
    return [*kept, path[-1]]
