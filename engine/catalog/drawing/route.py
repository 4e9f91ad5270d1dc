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
SHARED = (150.0, 30.0)  # two flows leave by one port: on a side, or above or below (there a comb is easy to read)
ROUNDS = 3
FLAT, STEEP = 0, 1

Point = tuple[int, int]
Path = list[Point]


class Grid:
    """Index arithmetic: which line is which."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.xs = [x for k in range(columns) for x in (*_gap(160 * k - 80, 8), 160 * k - 30, 160 * k, 160 * k + 30)]
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
        self.hosts = {n.host for n in sheet.nodes.values() if n.host}
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
            if node.id in self.hosts:
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
            yield (x + 1, y), (x + 1, y + 1), 0.0
            return
        back = flow.id in self.sheet.back_flows
        yield (x + 1, y), (x + 2, y), 0.0 if leaving else 40.0
        yield (x - 1, y), (x - 2, y), 50.0 if leaving else 0.0
        sides = 0.0 if node.is_gateway and leaving else 12.0
        up, down = (0.0, 15.0) if back else (10.0, 0.0)
        for port in (0,) if node.size[0] < 100 else (0, -1, 1):
            if port == 1 and node.id in self.hosts:
                continue
            dear = sides + 6.0 * abs(port)
            yield (x + port, y), (x + port, y - 1), dear + up
            yield (x + port, y), (x + port, y + 1), dear + down

    # -- search

    def _akin(self, flow: Flow, other: str) -> bool:
        return flow.source == self.by_id[other].source or flow.target == self.by_id[other].target

    def _search(self, flow: Flow) -> tuple[float, Path]:
        xs, ys = self.grid.xs, self.grid.ys
        goal: dict[tuple[Point, int], tuple[float, Point]] = {}
        for port, free, price in self._ports(self.sheet.nodes[flow.target], flow, leaving=False):
            price += self._edge_price(flow, free, port)
            goal[free, _way(free, port)] = (price, port)
        column, row = self.at[flow.target]
        gx, gy = xs[self.grid.x(column)], ys[self.grid.y(row)]
        queue: list[tuple[float, float, Point, int]] = []
        best: dict[tuple[Point, int], float] = {}
        came: dict[tuple[Point, int], tuple[Point, int] | None] = {}
        starts: dict[tuple[Point, int], Point] = {}
        for port, free, price in self._ports(self.sheet.nodes[flow.source], flow, leaving=True):
            cost, way = price + self._edge_price(flow, port, free), _way(port, free)
            if self.edges.get(_edge(port, free)):
                cost += SHARED[way]
            if cost < best.get((free, way), BLOCK):
                best[free, way], came[free, way], starts[free, way] = cost, None, port
                heapq.heappush(queue, (cost, cost, free, way))
        final, end = BLOCK * 10, None
        while queue:
            estimate, cost, point, way = heapq.heappop(queue)
            if estimate >= final:
                break
            if cost > best[point, way]:
                continue
            for turn in (FLAT, STEEP):
                knot = self._knot_price(flow, point, way, turn)
                if (point, turn) in goal and cost + knot + goal[point, turn][0] < final:
                    final, end = cost + knot + goal[point, turn][0], (point, way, turn)
                for step in (1, -1):
                    onward = (point[0] + step, point[1]) if turn == FLAT else (point[0], point[1] + step)
                    if not (0 <= onward[0] < len(xs) and 0 <= onward[1] < len(ys)) or onward in self.shapes:
                        continue
                    length = abs(xs[onward[0]] - xs[point[0]]) + abs(ys[onward[1]] - ys[point[1]])
                    total = cost + knot + length + self._edge_price(flow, point, onward) + self.dear.get(onward, 0.0)
                    if total < best.get((onward, turn), BLOCK * 10):
                        best[onward, turn] = total
                        came[onward, turn] = (point, way)
                        far = max(0, abs(xs[onward[0]] - gx) - 110) + max(0, abs(ys[onward[1]] - gy) - 80)
                        heapq.heappush(queue, (total + far, total, onward, turn))
        if end is None:
            raise AssertionError(f"no way for {flow.id}")
        point, way, turn = end
        path = [goal[point, turn][1]]
        state: tuple[Point, int] | None = (point, way)
        while state is not None:
            path.append(state[0])
            last, state = state, came[state]
        path.append(starts[last])
        return final, _straightened(path[::-1])

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
