"""Give every node a column and a row of its lane: start from the main line, then improve step by step.

A place is judged by the flows it makes: their length, their bends, what they run through and what they cross.
Doubled coordinates: nodes stand on even numbers, the free channels between them are the odd ones.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from operator import itemgetter

from engine.catalog.drawing.sheet import Flow, Sheet

Cell = tuple[int, int]
Line = tuple[Cell, ...]

ROWS = 10  # rows a lane may use while searching; empty ones vanish at the end
BASE = 3  # row of the main line: three rows above it, six below
BEND, HIT, CROSS, OVERLAP, BACKWARD, TRACK = 0.6, 8.0, 2.0, 2.5, 2.5, 0.15
NEW_ROW, NEW_COLUMN, MAIN_BEND = 3.0, 1.0, 4.0
SWEEPS = 12


def place(sheet: Sheet) -> dict[str, Cell]:
    """Column and row (counted through all lanes, without gaps) of every node that takes a place."""
    search = _Search(sheet)
    search.start()
    search.improve()
    return search.compact()


class _Search:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.at: dict[str, Cell] = {}
        self.taken: dict[Cell, str] = {}
        self.main = {n: i for i, n in enumerate(sheet.main_line)}
        self.main_flows = {
            f.id for f in sheet.flows if self.main.get(f.target, -1) == self.main.get(f.source, -9) + 1
        }
        self.flows_of: dict[str, list[Flow]] = {n.id: [] for n in sheet.inner}
        for flow in sheet.flows:
            for end in {sheet.place_of(flow.source), flow.target}:
                self.flows_of[end].append(flow)
        self.line: dict[str, Line] = {}
        self.cost: dict[str, float] = {}
        self.clash: dict[tuple[str, str], float] = {}
        self.height: list[float] = []

    # -- first places

    def start(self) -> None:
        """The main line in one row a lane; the others behind the node that leads to them, below the line."""
        for column, node in enumerate(self.sheet.main_line):
            self._put(node, (column, self._row(node, BASE)))
        waiting = list(self.sheet.main_line)
        while waiting:
            node = waiting.pop(0)
            for flow in self.sheet.leaving[node]:
                if flow.target not in self.at:
                    self._put_behind(flow.target, node)
                    waiting.append(flow.target)
        for node in self.sheet.inner:
            if node.id not in self.at:
                self._put_behind(node.id, None)
        self._settle()

    def _put_behind(self, node: str, before: str | None) -> None:
        column = self.at[before][0] + 1 if before else 0
        above = node in self.sheet.sent_back
        while True:
            for step in range(ROWS - BASE - 1) if not above else range(BASE):
                cell = (column, self._row(node, BASE - 1 - step if above else BASE + 1 + step))
                if cell not in self.taken:
                    self._put(node, cell)
                    return
            column += 1

    def _row(self, node: str, row: int) -> int:
        return self.sheet.nodes[node].lane * ROWS + row

    def _put(self, node: str, cell: Cell) -> None:
        self.at[node] = cell
        self.taken[cell] = node

    # -- improvement

    def improve(self) -> None:
        """Take every move that makes the drawing better, until none does."""
        for _ in range(SWEEPS):
            better = False
            for move in list(self._moves()):
                better |= self._try(move())
            if not better:
                return

    def _moves(self) -> Iterator[Callable[[], dict[str, Cell]]]:
        nodes = [n.id for n in self.sheet.inner]
        for node in nodes:
            for dc, dr in _AROUND:
                yield lambda n=node, c=dc, r=dr: self._shifted([n], c, r)
        for node in nodes:
            tail = self._tail(node)
            for dc, dr in ((0, -1), (0, 1), (-1, 0), (1, 0), (-1, 1), (-1, -1), (1, -1), (1, 1), (0, 2), (0, -2), (-2, 0)):
                yield lambda t=tail, c=dc, r=dr: self._shifted(t, c, r)
        for one in nodes:
            for other in nodes:
                if one < other and self.sheet.nodes[one].lane == self.sheet.nodes[other].lane:
                    yield lambda a=one, b=other: {a: self.at[b], b: self.at[a]}
        for column in range(max(c for c, _ in self.at.values()) + 2):
            for dc in (1, -1):
                yield lambda k=column, d=dc: self._shifted([n for n, (c, _) in self.at.items() if c >= k], d, 0)
        for lane in range(len(self.sheet.lanes)):
            for row in range(lane * ROWS, lane * ROWS + ROWS):
                for dr in (1, -1):
                    yield lambda y=row, d=dr: self._shifted([n for n, c in self.at.items() if c[1] == y], 0, d)

    def _tail(self, node: str) -> list[str]:
        """The node and what follows it alone, off the main line."""
        tail = [node]
        while True:
            onward = [f.target for f in self.sheet.leaving[tail[-1]] if f.target not in tail]
            onward = [t for t in onward if t not in self.main and self.at[t][0] > self.at[tail[-1]][0]]
            if len(onward) != 1:
                return tail
            tail.append(onward[0])

    def _shifted(self, nodes: Iterable[str], dc: int, dr: int) -> dict[str, Cell]:
        return {n: (self.at[n][0] + dc, self.at[n][1] + dr) for n in nodes}

    def _try(self, goal: dict[str, Cell]) -> bool:
        if not goal or not all(self._fits(n, cell, goal) for n, cell in goal.items()):
            return False
        before = {n: self.at[n] for n in goal}
        touched = self._touched(goal)
        pairs = self._pairs(touched)
        old = self._worth(touched, pairs) + self._nodes_worth(goal) + self._room()
        self._move(goal)
        judged = {f.id: self._judged(f) for f in touched}
        new = self._nodes_worth(goal) + self._room()
        if new + sum(lines[0][0] for lines in judged.values()) < old - 1e-6:
            kept = {f.id: (self.line[f.id], self.cost[f.id]) for f in touched}
            kept_pairs = {p: self.clash[p] for p in pairs}
            for flow in touched:
                self._draw(flow, judged[flow.id])
            if new + self._worth(touched, pairs) < old - 1e-6:
                self._measure_rows()
                return True
            for key, (line, cost) in kept.items():
                self.line[key], self.cost[key] = line, cost
            self.clash.update(kept_pairs)
        self._move(before)
        return False

    def _fits(self, node: str, cell: Cell, goal: dict[str, Cell]) -> bool:
        column, row = cell
        if column < 0 or row // ROWS != self.sheet.nodes[node].lane:
            return False
        if node in self.main and row % ROWS != BASE:
            return False
        if node == self.sheet.main_line[0] and column > 0:
            return False
        other = self.taken.get(cell)
        return other is None or other in goal

    def _move(self, goal: dict[str, Cell]) -> None:
        for node in goal:
            del self.taken[self.at[node]]
        for node, cell in goal.items():
            self._put(node, cell)

    def _touched(self, goal: dict[str, Cell]) -> list[Flow]:
        """Flows of the moved nodes, and flows that run through their old or new cells."""
        cells = {*goal.values(), *(self.at[n] for n in goal)}
        own = {f.id for n in goal for f in self.flows_of[n]}
        return [f for f in self.sheet.flows if f.id in own or _passes(self.line[f.id], cells)]

    # -- worth of a drawing

    def _settle(self) -> None:
        self._measure_rows()
        for flow in self.sheet.flows:
            self.line[flow.id] = ()
        for _ in range(3):
            for flow in self.sheet.flows:
                self._draw(flow, self._judged(flow))

    def _measure_rows(self) -> None:
        used = {row for _, row in self.at.values()}
        height, total = [], 0.0
        for row in range(len(self.sheet.lanes) * ROWS + 1):
            total += 0.0 if row - 1 not in used else 0.5
            height.append(total)
            total += 0.5 if row in used else 0.0
            height.append(total)
        self.height = height

    def _pairs(self, flows: list[Flow]) -> set[tuple[str, str]]:
        return {_key(f.id, g.id) for f in flows for g in self.sheet.flows if f.id != g.id}

    def _worth(self, flows: list[Flow], pairs: set[tuple[str, str]]) -> float:
        return sum(self.cost[f.id] for f in flows) + sum(self.clash[p] for p in pairs)

    def _nodes_worth(self, nodes: Iterable[str]) -> float:
        total = 0.0
        for node in nodes:
            above = BASE - self.at[node][1] % ROWS
            if node in self.main:
                continue
            if node in self.sheet.sent_back:
                total += 0.7 if above <= 0 else 0.2 * above
            else:
                total += 3.5 * above if above > 0 else 0.05 * -above
        return total

    def _room(self) -> float:
        rows = {row for _, row in self.at.values()}
        columns = {column for column, _ in self.at.values()}
        return NEW_ROW * len(rows) + NEW_COLUMN * (max(columns) + 1)

    def _judged(self, flow: Flow) -> list[tuple[float, Line]]:
        """The cheapest simple lines of a flow, without looking at the others."""
        judged = [(self._cost(flow, line), line) for line in self._lines(flow)]
        return heapq.nsmallest(4, judged, key=itemgetter(0))

    def _draw(self, flow: Flow, judged: list[tuple[float, Line]]) -> None:
        """Take the line that is best beside the lines of the other flows."""
        best, least, clashes = judged[0], float("inf"), {}
        for cost, line in judged:
            if cost >= least:
                break
            met = {g.id: self._clash(flow, line, g) for g in self.sheet.flows if g.id != flow.id}
            if (total := cost + sum(met.values())) < least:
                best, least, clashes = (cost, line), total, met
        self.cost[flow.id], self.line[flow.id] = best
        for other, clash in clashes.items():
            self.clash[_key(flow.id, other)] = clash

    def _lines(self, flow: Flow) -> Iterable[Line]:
        a, b = self.at[self.sheet.place_of(flow.source)], self.at[flow.target]
        start, end = (2 * a[0], 2 * a[1]), (2 * b[0], 2 * b[1])
        if self.sheet.nodes[flow.source].host:
            return _lines_down(start, end)
        return _lines(start, end)

    def _cost(self, flow: Flow, line: Line) -> float:
        cost = BEND * (len(line) - 2)
        for (x1, y1), (x2, y2) in pairwise(line):
            if y1 == y2:
                cost += abs(x2 - x1) / 2
                if y1 % 2 == 0:
                    cost += HIT * sum((x // 2, y1 // 2) in self.taken for x in _between(x1, x2))
            else:
                cost += 0.8 * abs(self.height[y2] - self.height[y1]) + 0.1 * abs(y2 - y1) / 2
                if x1 % 2 == 0:
                    cost += HIT * sum((x1 // 2, y // 2) in self.taken for y in _between(y1, y2))
        for corner in line[1:-1]:
            if corner[0] % 2 == 0 and corner[1] % 2 == 0 and (corner[0] // 2, corner[1] // 2) in self.taken:
                cost += HIT
        return cost + self._manner(flow, line)

    def _manner(self, flow: Flow, line: Line) -> float:
        """What a reader expects: out on the right, in on the left, back above the line."""
        leave, enter = _side(line[0], line[1]), _side(line[-1], line[-2])
        forward = line[-1][0] - line[0][0]
        cost = 0.0
        back = flow.id in self.sheet.back_flows or flow.target in self.sheet.sent_back
        up = flow.target in self.sheet.sent_back or flow.source in self.sheet.sent_back
        if not back and forward <= 0:
            cost += BACKWARD * (1 - forward / 2)
        if leave == "left" and not up:
            cost += 2.0
        if enter == "right" and not up:
            cost += 1.5
        if back and leave == "bottom" and line[-1][1] >= line[0][1]:
            cost += 0.5
        if flow.id in self.main_flows:
            cost = 2 * cost + MAIN_BEND * (len(line) - 2)
        if not self.sheet.nodes[flow.source].is_gateway and leave in ("top", "bottom"):
            cost += 0.3
        return cost

    def _clash(self, flow: Flow, line: Line, other: Flow) -> float:
        akin = flow.target == other.target or flow.source == other.source
        other_line = self.line[other.id]
        if not other_line or _apart(line, other_line):
            return 0.0
        cost = 0.0
        for a, b in pairwise(line):
            for c, d in pairwise(other_line):
                cost += _meeting(a, b, c, d, akin=akin)
        return cost + self._same_side(flow, line, other, other_line)

    def _same_side(self, flow: Flow, line: Line, other: Flow, other_line: Line) -> float:
        """One flow comes in where another one leaves."""
        cost = 0.0
        for f, path, g, away in ((flow, line, other, other_line), (other, other_line, flow, line)):
            if f.target != g.source:
                continue
            if _side(path[-1], path[-2]) == _side(away[0], away[1]):
                cost += 4.0 if self.sheet.nodes[f.target].size[0] < 100 else 1.5
        if flow.source == other.source and self.sheet.nodes[flow.source].is_gateway:
            side = _side(line[0], line[1])
            if side == _side(other_line[0], other_line[1]):
                cost += 0.5 if side in ("top", "bottom") else 2.5
        return cost

    # -- result

    def compact(self) -> dict[str, Cell]:
        """Without empty columns and rows; a lane without nodes keeps one row."""
        columns = {c: i for i, c in enumerate(sorted({c for c, _ in self.at.values()}))}
        used = {row for _, row in self.at.values()}
        used |= {lane * ROWS + BASE for lane in range(len(self.sheet.lanes)) if not any(r // ROWS == lane for r in used)}
        rows = {r: i for i, r in enumerate(sorted(used))}
        return {n: (columns[c], rows[r]) for n, (c, r) in self.at.items()}


_AROUND = [(dc, dr) for dr in (0, -1, 1, -2, 2, -3, 3) for dc in (0, -1, 1, -2, 2, -4, 4) if (dc, dr) != (0, 0)]


def _apart(line: Line, other: Line) -> bool:
    xs, ys = [p[0] for p in line], [p[1] for p in line]
    us, vs = [p[0] for p in other], [p[1] for p in other]
    return max(xs) < min(us) or max(us) < min(xs) or max(ys) < min(vs) or max(vs) < min(ys)


def _key(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _between(start: int, end: int) -> range:
    """The even numbers strictly between two coordinates."""
    low, high = min(start, end), max(start, end)
    first = low + 1 if low % 2 else low + 2
    return range(first, high, 2)


def _side(node: Cell, towards: Cell) -> str:
    if node[1] == towards[1]:
        return "right" if towards[0] > node[0] else "left"
    return "bottom" if towards[1] > node[1] else "top"


def _passes(line: Line, cells: set[Cell]) -> bool:
    for (x1, y1), (x2, y2) in pairwise(line):
        for x, y in cells:
            if min(x1, x2) <= 2 * x <= max(x1, x2) and min(y1, y2) <= 2 * y <= max(y1, y2):
                return True
    return False


def _meeting(a: Cell, b: Cell, c: Cell, d: Cell, *, akin: bool) -> float:
    """What it costs that the pieces a-b and c-d meet."""
    flat, other_flat = a[1] == b[1], c[1] == d[1]
    if flat == other_flat:
        axis, across = (0, 1) if flat else (1, 0)
        if akin or a[across] != c[across]:
            return 0.0
        shared = min(max(a[axis], b[axis]), max(c[axis], d[axis])) - max(min(a[axis], b[axis]), min(c[axis], d[axis]))
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
        return 0.3
    return 0.0


def _lines(start: Cell, end: Cell) -> Iterator[Line]:
    (x1, y1), (x2, y2) = start, end
    if y1 == y2 or x1 == x2:
        yield (start, end)
    if y1 != y2 and x1 != x2:
        yield (start, (x2, y1), end)
        yield (start, (x1, y2), end)
        step = 1 if x2 > x1 else -1
        for x in {x1 + step, x2 - step}:
            yield (start, (x, y1), (x, y2), end)
    for y in {y1 - 1, y1 + 1, y2 - 1, y2 + 1, min(y1, y2) - 2, max(y1, y2) + 2, (y1 + y2) // 2}:
        if y in (y1, y2) or y < 0 or x1 == x2:
            continue
        yield (start, (x1, y), (x2, y), end)
        yield (start, (x1 + 1, y1), (x1 + 1, y), (x2, y), end)
        yield (start, (x1, y), (x2 - 1, y), (x2 - 1, y2), end)
        yield (start, (x1 + 1, y1), (x1 + 1, y), (x2 - 1, y), (x2 - 1, y2), end)


def _lines_down(start: Cell, end: Cell) -> Iterator[Line]:
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
