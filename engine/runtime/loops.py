"""An activity that is done several times: one after the other, all at once, or as long as a condition holds.

The rounds run in a frame of their own, so that whatever ends the activity (a boundary event, a withdrawal) ends all of
them, and so that they are joined like any parallel branches:

    Begin -> Rounds -> Round -> the activity -> Gather | Again -> Finish

Each round sees `loop_index` (from 0), `loop_total`, and its own item. What says "enough" also reads `loop_done`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

import feel
from engine.runtime.errors import ActTooLong, ConditionFailed, at
from engine.runtime.grammar import MAX_INSTANCES
from engine.runtime.model import Element, Loop
from engine.runtime.steps import CallStep, Join, NoGuess

INDEX, TOTAL, DONE = "loop_index", "loop_total", "loop_done"


class OfRounds:
    """What knows its loop."""

    element: Element

    @property
    def loop(self) -> Loop:
        if self.element.loop is None:
            raise AssertionError(self.element.id)
        return self.element.loop

    def behind(self, data: Mapping[str, Any], outer: Mapping[str, Any]) -> dict[str, Any]:
        """The variables behind the rounds: what was known only in them is forgotten, or again what it was before."""
        return put_back(data, (INDEX, TOTAL, self.loop.item, self.loop.output), outer)

    def answers(self, rounds: Iterable[Task]) -> dict[str, Any]:
        """The list of what the rounds that are through left behind, if the loop has one, in the order of their numbers."""
        if not self.loop.outputs:
            return {}
        through = sorted(rounds, key=lambda one: one.data[INDEX])
        return {self.loop.outputs: [one.data.get(self.loop.output) for one in through]}


def put_back(data: Mapping[str, Any], names: Iterable[str], outer: Mapping[str, Any]) -> dict[str, Any]:
    """The variables, of which some are what they are outside; what is not known there is forgotten."""
    kept = dict(data)
    for name in names:
        kept.pop(name, None)
        if name in outer:
            kept[name] = outer[name]
    return kept


class ManyStep(OfRounds, CallStep):
    """An activity with rounds. Each round enters it; this step only holds them together."""

    def enter(self, token: Task) -> None:
        """Told by the rounds."""

    def known(self, frame: Any, last: Task | None = None) -> dict[str, Any]:
        known = self.behind(frame.view(last), frame.outer_data)
        if self.loop.kind == "parallel":  # else the list grows from round to round
            known |= self.answers(one for one in frame.tasks.values() if _is_through(one))
        return known


def _is_through(token: Task) -> bool:
    """Whether this is a parallel round that came to its end and waits for the others."""
    return isinstance(token.task_spec, Gather) and bool(token.state & (TaskState.WAITING | TaskState.READY))


class InLoop(OfRounds, NoGuess):
    """What the steps around the rounds share: the loop, and the two steps that they go on to."""

    def __init__(self, spec: Any, name: str, element: Element):
        super().__init__(spec, name)
        self.element = element
        self.each: Any = None
        self.end: Any = None

    def holds(self, condition: str, data: Mapping[str, Any]) -> bool:
        try:
            return feel.holds(condition, data)
        except feel.FeelError as wrong:
            raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong

    def total(self, data: Mapping[str, Any]) -> int:
        """How many rounds there are."""
        if self.loop.items:
            items = data.get(self.loop.items)
            count = len(items) if isinstance(items, list) else None
        else:
            try:
                count = feel.evaluate(self.loop.count, data)
            except feel.FeelError as wrong:
                raise ConditionFailed(**at(self.element, reason=str(wrong))) from wrong
        if isinstance(count, bool) or not isinstance(count, int | float) or count != int(count):
            raise ConditionFailed(**at(self.element, reason=self.loop.items or self.loop.count))
        if not 0 <= count <= MAX_INSTANCES:
            raise ConditionFailed(**at(self.element, reason=f"{count}: 0 … {MAX_INSTANCES}"))
        return int(count)

    def go_round(self, token: Task, index: int) -> None:
        """One more round behind this token."""
        token._add_child(self.each, TaskState.FUTURE).internal_data[INDEX] = index

    def go_on(self, token: Task, data: Mapping[str, Any]) -> None:
        """Leave the rounds."""
        token.data = self.behind(data, token.workflow.outer_data)
        token._add_child(self.end, TaskState.FUTURE)

    def enough(self, data: Mapping[str, Any], done: int) -> bool:
        """Asked by each round when it is through, with its own answer in the list."""
        return bool(self.loop.until) and self.holds(self.loop.until, {**data, DONE: done})


class Rounds(InLoop):
    """Begins the first round, or all of them; none at all is possible too."""

    def _run_hook(self, token: Task) -> bool:
        if self.loop.kind == "while":
            wanted = int(not self.loop.test_first or self._again(token))
        else:
            total = self.total(token.data)
            token.data[TOTAL] = total
            wanted = total if self.loop.kind == "parallel" else min(total, 1)
        if self.loop.outputs:
            token.data[self.loop.outputs] = []
        for index in range(wanted):
            self.go_round(token, index)
        if not wanted:
            self.go_on(token, token.data)
        return True

    def _again(self, token: Task) -> bool:
        return not self.loop.condition or self.holds(self.loop.condition, token.data)


class Round(InLoop):
    """Gives one round its number and its item."""

    def _run_hook(self, token: Task) -> bool:
        if self.loop.kind != "while":
            token.workflow.top_workflow.give_room()
        index = token.internal_data.pop(INDEX)
        token.data[INDEX] = index
        if self.loop.item:
            token.data[self.loop.item] = token.workflow.outer_data[self.loop.items][index]
        return True


class Gather(Join, InLoop):
    """Waits for all parallel rounds, or until it is enough; those still open are then over."""

    def __init__(self, spec: Any, name: str, element: Element):
        super().__init__(spec, name, element)
        self.answers_into = self.loop.outputs

    def arrived(self, token: Task) -> list[Task] | None:
        others = self.others(token)
        done = len(others) + 1
        if done >= token.data[TOTAL]:
            return others
        return others if self.enough(token.data | self.answers((*others, token)), done) else None

    def _run_hook(self, token: Task) -> bool:
        data = token.workflow.view() | self.answers((token, *self.others(token)))
        token.workflow.clear(token)
        self.go_on(token, data)
        return True


class Again(InLoop):
    """After one of the rounds that follow one another: the next, or the end."""

    def _run_hook(self, token: Task) -> bool:
        loop, data, outer = self.loop, token.data, token.workflow.outer_data
        done = data[INDEX] + 1
        if loop.outputs:
            data[loop.outputs] = [*data[loop.outputs], data.get(loop.output)]
        if self._goes_on(data, done):
            token.data = put_back(data, (loop.output,), outer)
            self.go_round(token, done)
        else:
            self.go_on(token, data)
        return True

    def _goes_on(self, data: Mapping[str, Any], done: int) -> bool:
        if self.loop.kind == "sequential":
            return done < data[TOTAL] and not self.enough(data, done)
        if self.loop.most is not None and done >= self.loop.most:
            return False
        if self.loop.condition and not self.holds(self.loop.condition, data):
            return False
        if done >= MAX_INSTANCES:
            raise ActTooLong(**at(self.element, steps=done))
        return True
