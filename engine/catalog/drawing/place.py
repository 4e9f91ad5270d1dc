"""Give every node a column and a row of its lane: start from the main line, then improve step by step."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.catalog.drawing.draft import BASE, ROWS, Draft
from engine.catalog.drawing.lines import Cell, passes
from engine.catalog.drawing.sheet import Flow, Sheet

SWEEPS = 4
SHAKEN = 4  # nodes that are put elsewhere before the search tries again
NEAR = [(dc, dr) for dr in (0, -1, 1, -2, 2) for dc in (0, -1, 1, -2, 2) if (dc, dr) != (0, 0)]
ENOUGH = 1e-6

Goal = dict[str, Cell]


def place(sheet: Sheet, patience: int) -> dict[str, Cell]:
    """Column and row (counted through all lanes, without gaps) of every node that takes a place.

    `patience` is how often the search may shake its best drawing and try again.
    """
    search = _Search(sheet)
    search.start()
    search.improve()
    chance = random.Random(sheet.process)  # noqa: S311 - the same drawing each time, not a secret
    for _ in range(patience):
        search.shake(chance)
        search.improve()
    return search.compact()


class _Search:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.draft = Draft(sheet)
        self.ids = [node.id for node in sheet.inner]
        self.flows_of: dict[str, list[Flow]] = {node: [] for node in self.ids}
        for flow in sheet.flows:
            for end in {sheet.place_of(flow.source), flow.target}:
                self.flows_of[end].append(flow)
        self.best: tuple[float, dict[str, Cell]] = (float("inf"), {})

    # -- first places

    def start(self) -> None:
        """The main line in one row a lane; the others behind the node that leads to them, below the line."""
        draft = self.draft
        for column, node in enumerate(self.sheet.main_line):
            draft.put(node, (column, draft.row(node, BASE)))
        waiting = list(self.sheet.main_line)
        while waiting:
            before = waiting.pop(0)
            for flow in self.sheet.leaving[before]:
                if flow.target not in draft.at:
                    self._put_behind(flow.target, draft.at[before][0] + 1)
                    waiting.append(flow.target)
        for node in self.ids:
            if node not in draft.at:
                self._put_behind(node, 0)
        draft.settle()

    def _put_behind(self, node: str, column: int) -> None:
        rows = range(BASE - 1, -1, -1) if node in self.sheet.sent_back else range(BASE + 1, ROWS)
        while True:
            for row in rows:
                cell = (column, self.draft.row(node, row))
                if cell not in self.draft.taken:
                    self.draft.put(node, cell)
                    return
            column += 1

    def shake(self, chance: random.Random) -> None:
        """Back to the best drawing, then a few nodes beside the main line somewhere else."""
        draft = self.draft
        draft.move(self.best[1])
        loose = [node for node in self.ids if node not in draft.main]
        for node in chance.sample(loose, min(SHAKEN, len(loose))):
            column = max(0, draft.at[node][0] + chance.randint(-3, 3))
            cell = (column, draft.row(node, BASE + chance.randint(-1, 3)))
            if cell not in draft.taken:
                draft.move({node: cell})
        draft.settle()

    # -- improvement

    def improve(self) -> None:
        """Take every move that makes the drawing better, until none does; keep the best drawing seen."""
        for _ in range(SWEEPS):
            better = False
            for goal in self._moves():
                better |= self._try(goal)
            self.draft.settle()
            total = self.draft.total()
            if total < self.best[0] - ENOUGH:
                self.best = total, dict(self.draft.at)
            if not better:
                return

    def _moves(self) -> Iterator[Goal]:
        """A node a few places on, with what follows it, or changed with another; whole columns and rows."""
        at, lanes = self.draft.at, self.sheet.nodes
        for node in self.ids:
            for dc, dr in NEAR:
                yield self._shifted([node], dc, dr)
        for node in self.ids:
            tail = self._tail(node)
            for dc, dr in NEAR if len(tail) > 1 else ():
                yield self._shifted(tail, dc, dr)
        for one in self.ids:
            for other in self.ids:
                if one < other and lanes[one].lane == lanes[other].lane:
                    yield {one: at[other], other: at[one]}
        for column in range(max(c for c, _ in at.values()) + 2):
            for dc in (1, -1):
                yield self._shifted([n for n, (c, _) in at.items() if c >= column], dc, 0)
        for row in range(len(self.sheet.lanes) * ROWS):
            for dr in (1, -1):
                yield self._shifted([n for n, (_, r) in at.items() if r == row], 0, dr)

    def _tail(self, node: str) -> list[str]:
        """The node and what follows it alone, off the main line."""
        tail, at = [node], self.draft.at
        while True:
            onward = [f.target for f in self.sheet.leaving[tail[-1]] if f.target not in self.draft.main]
            onward = [n for n in onward if n not in tail and at[n][0] > at[tail[-1]][0]]
            if len(onward) != 1:
                return tail
            tail.append(onward[0])

    def _shifted(self, nodes: list[str], dc: int, dr: int) -> Goal:
        return {n: (self.draft.at[n][0] + dc, self.draft.at[n][1] + dr) for n in nodes}

    def _try(self, goal: Goal) -> bool:
        if not goal or not all(self._fits(node, cell, goal) for node, cell in goal.items()):
            return False
        draft = self.draft
        before = {node: draft.at[node] for node in goal}
        touched = self._touched(goal)
        pairs = draft.pairs(touched)
        old = draft.worth(touched, pairs) + draft.places_worth(goal)
        draft.move(goal)
        judged = {flow.id: draft.judged(flow) for flow in touched}
        new = draft.places_worth(goal)
        if new + sum(lines[0][0] for lines in judged.values()) < old - ENOUGH:
            kept = draft.keep(touched, pairs)
            for flow in touched * 2:  # the second time each sees where the others went
                draft.sketch(flow, judged[flow.id])
            if new + draft.worth(touched, pairs) < old - ENOUGH:
                draft.measure_rows()
                return True
            draft.restore(kept)
        draft.move(before)
        return False

    def _fits(self, node: str, cell: Cell, goal: Goal) -> bool:
        column, row = cell
        if column < 0 or row // ROWS != self.sheet.nodes[node].lane:
            return False
        if node in self.draft.main and row % ROWS != BASE:
            return False
        if node in self.sheet.main_line[:1] and column > 0:
            return False
        other = self.draft.taken.get(cell)
        return other is None or other in goal

    def _touched(self, goal: Goal) -> list[Flow]:
        """Flows of the moved nodes, and flows that run through their old or new cells."""
        cells = {*goal.values(), *(self.draft.at[node] for node in goal)}
        own = {flow.id for node in goal for flow in self.flows_of[node]}
        return [f for f in self.sheet.flows if f.id in own or passes(self.draft.line[f.id], cells)]

    # -- result

    def compact(self) -> dict[str, Cell]:
        """The best places without empty columns and rows; a lane without nodes keeps one row."""
        at = self.best[1]
        columns = {c: i for i, c in enumerate(sorted({c for c, _ in at.values()}))}
        used = {row for _, row in at.values()}
        lanes = {row // ROWS for row in used}
        used |= {lane * ROWS + BASE for lane in range(len(self.sheet.lanes)) if lane not in lanes}
        rows = {r: i for i, r in enumerate(sorted(used))}
        return {node: (columns[c], rows[r]) for node, (c, r) in at.items()}
