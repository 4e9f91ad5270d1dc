"""A drawing in the making: which node stands where, and what that costs.

Cost is what makes a reader slow: long flows, bends, crossings, flows through shapes, unused room, and what goes
against the style (forward to the left, refusals above the line). Flows are only sketched here, each as the best of
some simple lines; their real way is found later, in `route`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter

from engine.catalog.drawing.lines import Box, Cell, Line, between, box_of, lines, lines_down, meeting, side
from engine.catalog.drawing.sheet import Flow, Sheet

ROWS = 10  # rows a lane may use while searching; empty ones vanish at the end
BASE = 3  # row of the main line: three rows above it, six below
BEND, HIT, BACKWARD, MAIN_BEND = 0.9, 20.0, 5.0, 10.0
NEW_ROW, NEW_COLUMN = 2.5, 1.0
SKETCHES = 4  # how many of a flow's cheapest lines are tried beside the other flows

Pair = tuple[str, str]
NOWHERE: Box = (10**6, 10**6, -1, -1)


class Draft:
    """Places of the nodes (column, row), the sketched lines of the flows, and their costs."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.at: dict[str, Cell] = {}
        self.taken: dict[Cell, str] = {}
        self.main = {node: i for i, node in enumerate(sheet.main_line)}
        self.line: dict[str, Line] = {}
        self._in_row: dict[int, int] = defaultdict(int)  # a bit per taken column
        self._in_column: dict[int, int] = defaultdict(int)  # a bit per taken row
        self._box: dict[str, Box] = {}
        self._cost: dict[str, float] = {}
        self._clash: dict[Pair, float] = {}
        self._height: list[float] = []

    # -- places

    def row(self, node: str, row: int) -> int:
        """A row of the node's lane, counted through all lanes."""
        return self.sheet.nodes[node].lane * ROWS + row

    def put(self, node: str, cell: Cell) -> None:
        self.at[node] = cell
        self.taken[cell] = node
        self._in_row[cell[1]] |= 1 << cell[0]
        self._in_column[cell[0]] |= 1 << cell[1]

    def move(self, goal: dict[str, Cell]) -> None:
        """Put several nodes somewhere else at once."""
        for node in goal:
            column, row = self.at[node]
            del self.taken[column, row]
            self._in_row[row] &= ~(1 << column)
            self._in_column[column] &= ~(1 << row)
        for node, cell in goal.items():
            self.put(node, cell)

    # -- cost of the whole

    def settle(self) -> None:
        """Sketch all flows afresh, each beside the others."""
        self.measure_rows()
        for flow in self.sheet.flows:
            self.line[flow.id], self._box[flow.id] = (), NOWHERE
        for _ in range(3):
            for flow in self.sheet.flows:
                self.sketch(flow, self.judged(flow))

    def total(self) -> float:
        everything = self.worth(self.sheet.flows, self.pairs(self.sheet.flows))
        return everything + self.places_worth(self.at)

    def measure_rows(self) -> None:
        """Heights by doubled row: empty rows will vanish, so they are no way to go."""
        used = {row for _, row in self.at.values()}
        self._height, total = [], 0.0
        for row in range(len(self.sheet.lanes) * ROWS + 1):
            total += 0.5 if row - 1 in used else 0.0
            self._height.append(total)
            total += 0.5 if row in used else 0.0
            self._height.append(total)

    def pairs(self, flows: Iterable[Flow]) -> list[Pair]:
        """The pairs of flows of which one is in the list, always in the same order."""
        return list(dict.fromkeys(_pair(f.id, g.id) for f in flows for g in self.sheet.flows if f.id != g.id))

    def worth(self, flows: Iterable[Flow], pairs: Iterable[Pair]) -> float:
        """What these flows cost, alone and with the others."""
        return sum(self._cost[f.id] for f in flows) + sum(self._clash[p] for p in pairs)

    def places_worth(self, nodes: Iterable[str]) -> float:
        """What the places of some nodes cost, and the room that the drawing takes."""
        rows = {row for _, row in self.at.values()}
        total = NEW_ROW * len(rows) + NEW_COLUMN * (max(column for column, _ in self.at.values()) + 1)
        for node in nodes:
            above = BASE - self.at[node][1] % ROWS
            if node in self.sheet.sent_back:
                total += 0.7 if above <= 0 else 0.2 * above
            elif node not in self.main:
                total += 5.0 * above if above > 0 else 0.05 * -above
        return total

    # -- cost of a flow

    def judged(self, flow: Flow) -> list[tuple[float, Line]]:
        """The cheapest simple lines of a flow, without looking at the others."""
        (a, b), (c, d) = self.at[self.sheet.place_of(flow.source)], self.at[flow.target]
        simple = lines_down if self.sheet.nodes[flow.source].host else lines
        judged = ((self._price(flow, line), line) for line in simple((2 * a, 2 * b), (2 * c, 2 * d)))
        return heapq.nsmallest(SKETCHES, judged, key=itemgetter(0))

    def sketch(self, flow: Flow, judged: list[tuple[float, Line]]) -> None:
        """Take the line that is best beside the lines of the other flows."""
        least, clashes = float("inf"), {}
        for cost, line in judged:
            if cost >= least:
                break
            met = {g.id: self._met(flow, line, g) for g in self.sheet.flows if g.id != flow.id}
            if (total := cost + sum(met.values())) < least:
                least, clashes = total, met
                self._cost[flow.id], self.line[flow.id] = cost, line
        self._box[flow.id] = box_of(self.line[flow.id])
        for other, clash in clashes.items():
            self._clash[_pair(flow.id, other)] = clash

    def keep(
        self, flows: list[Flow], pairs: list[Pair]
    ) -> tuple[dict[str, tuple[Line, float]], dict[Pair, float]]:
        """What is known of some flows, for `restore`."""
        return {f.id: (self.line[f.id], self._cost[f.id]) for f in flows}, {p: self._clash[p] for p in pairs}

    def restore(self, kept: tuple[dict[str, tuple[Line, float]], dict[Pair, float]]) -> None:
        for key, (line, cost) in kept[0].items():
            self.line[key], self._cost[key], self._box[key] = line, cost, box_of(line)
        self._clash.update(kept[1])

    def _price(self, flow: Flow, line: Line) -> float:
        cost = BEND * (len(line) - 2)
        for (x1, y1), (x2, y2) in pairwise(line):
            if y1 == y2:
                cost += abs(x2 - x1) / 2
                if not y1 % 2:
                    cost += HIT * (self._in_row[y1 // 2] & between(x1, x2)).bit_count()
            else:
                cost += 0.8 * abs(self._height[y2] - self._height[y1]) + 0.05 * abs(y2 - y1)
                if not x1 % 2:
                    cost += HIT * (self._in_column[x1 // 2] & between(y1, y2)).bit_count()
        for x, y in line[1:-1]:
            if not (x % 2 or y % 2) and (x // 2, y // 2) in self.taken:
                cost += HIT
        return cost + self._manner(flow, line)

    def _manner(self, flow: Flow, line: Line) -> float:
        """What a reader expects: out on the right, in on the left, back above the line."""
        leave, enter = side(line[0], line[1]), side(line[-1], line[-2])
        forward, down = line[-1][0] - line[0][0], line[-1][1] - line[0][1]
        sent_back = flow.target in self.sheet.sent_back
        back = flow.id in self.sheet.back_flows or sent_back
        cost = 0.0
        if not back and forward < 0:
            cost += BACKWARD * (1 - forward / 2)
        elif not back and forward == 0:
            cost += BACKWARD / (4 if down >= 0 else 2)
        if not (sent_back or flow.source in self.sheet.sent_back):
            cost += (2.0 if leave == "left" else 0.0) + (1.5 if enter == "right" else 0.0)
        if back and leave == "bottom" and down >= 0:
            cost += 0.5
        if self.main.get(flow.target, -1) == self.main.get(flow.source, -9) + 1:
            cost = 2 * cost + MAIN_BEND * (len(line) - 2)
        if leave in ("top", "bottom") and not self.sheet.nodes[flow.source].is_gateway:
            cost += 0.3
        return cost

    def _met(self, flow: Flow, line: Line, other: Flow) -> float:
        """What it costs that two flows meet: they cross, lie on one another, or use one port."""
        left, top, right, bottom = self._box[other.id]
        if all(x < left for x, _ in line) or all(x > right for x, _ in line):
            return 0.0
        if all(y < top for _, y in line) or all(y > bottom for _, y in line):
            return 0.0
        akin = flow.target == other.target or flow.source == other.source
        other_line = self.line[other.id]
        cost = sum(meeting(a, b, c, d, akin=akin) for a, b in pairwise(line) for c, d in pairwise(other_line))
        if flow.target == other.source:
            cost += self._in_and_out(flow.target, line, other_line)
        if other.target == flow.source:
            cost += self._in_and_out(flow.source, other_line, line)
        if flow.source == other.source and self.sheet.nodes[flow.source].is_gateway:
            leave = side(line[0], line[1])
            if leave == side(other_line[0], other_line[1]):
                comb = leave in ("top", "bottom") and len(self.sheet.leaving[flow.source]) > 3
                cost += 0.8 if comb or not (flow.name or other.name) else 2.5
        return cost

    def _in_and_out(self, node: str, coming: Line, going: Line) -> float:
        if side(coming[-1], coming[-2]) != side(going[0], going[1]):
            return 0.0
        return 1.5 if self.sheet.nodes[node].size[0] >= 100 else 4.0


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
