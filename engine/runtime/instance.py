"""A running instance: SpiffWorkflow's workflow with our tokens, our loop and a journal of the act.

`Instance` is the main process, `Frame` a called part. An instance lives for one act: loaded from the state,
moved, and stored again (`state.py`).
"""

import time
from collections import ChainMap, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

import feel
from engine.runtime.conditions import FeelEngine
from engine.runtime.errors import ActTooLong, at
from engine.runtime.grammar import MAX_INSTANCES
from engine.runtime.model import Element
from engine.runtime.steps import Guard, HandlerStep, WaitStep, is_armed

if TYPE_CHECKING:
    from engine.runtime.parser import Program

#: Elements that one act passes. Each round of a known number gives room for so many more, whichever activity's it is and how
#: often it is passed, up to as many as MAX_INSTANCES rounds; one that goes on while a condition holds gives none.
MAX_STEPS, STEPS_OF_A_ROUND = 1_000, 10
MAX_SECONDS = 2.0

_number = attrgetter("id")
LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class Token(Task):
    """A SpiffWorkflow task with a small number for an id, made without clock, log or random source.

    Numbers are given in order and never again in one instance, so the same acts give the same tokens,
    whether the state was stored in between or not.
    """

    #: the names of what it was given when it went on
    given: Collection[str] = ()

    def __init__(self, workflow: Any, spec: Any, parent: Task | None = None, state: int = TaskState.FUTURE):
        self.id = workflow.top_workflow.next_number()
        self._place(workflow, spec, parent, state)
        self.data: dict[str, Any] = {}

    def _place(self, workflow: Any, spec: Any, parent: Task | None, state: int) -> None:
        self.workflow = workflow
        self.task_spec = spec
        self._parent = parent.id if parent is not None else None
        self._children: list[int] = []
        self._state = state
        self.internal_data: dict[str, Any] = {}
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        workflow.tasks[self.id] = self
        if state & LIVE:
            workflow.alive[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    @classmethod
    def restored(
        cls, workflow: Any, number: int, spec: Any, parent: Task | None, state: int, data: dict[str, Any]
    ) -> "Token":
        token = object.__new__(cls)
        token.id = number
        token._place(workflow, spec, parent, state)
        token.data = data
        return token

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "Token":
        return Token(self.workflow, task_spec, self, state)

    def _inherit_data(self) -> None:
        """Nested values are shared and never changed in place (SpiffWorkflow merges into them)."""
        self.data.update(self.parent.data)

    def take(self, given: Mapping[str, Any]) -> None:
        """What it is given as it goes on."""
        self.data.update(given)
        self.given = given.keys()

    def wrote(self, names: Iterable[str]) -> bool:
        """Whether one of these variables is other since it came: set, gone, or a list that its round is now in.

        What it was given counts always: an event may set what was changed in the activity that it ends to what it was before.
        """
        before = self.workflow.outer_data if self.parent is None else self.parent.data
        lists = {child.task_spec.answers_into for child in self.children}
        return any(
            name in self.given
            or name in lists
            or (name in before) != (name in self.data)
            or (name in before and before[name] is not self.data[name] and _differ(before[name], self.data[name]))
            for name in names
        )

    def complete(self) -> None:
        """Unless its own doing cancelled it: an error that leaves, a signal that ends what it is in."""
        if self._state != TaskState.CANCELLED:
            super().complete()

    def _set_state(self, value: int) -> None:
        self._state = value
        if value & LIVE:
            self.workflow.alive[self.id] = self
        else:
            self.workflow.alive.pop(self.id, None)
        if value == TaskState.READY and not self.task_spec.manual:
            self.workflow.top_workflow.ready.append(self)


class Moving:
    """What the main process and a called part share."""

    tasks: dict[int, Token]
    #: those of them that go on, or wait
    alive: dict[int, Token]
    spec: Any
    top_workflow: "Instance"
    reached_end: str | None = None
    #: the token that waits for this part or sub-process; None = the main process
    caller: Token | None = None

    @property
    def outer_data(self) -> Mapping[str, Any]:
        """The variables around this process, which its first row need not repeat."""
        return {}

    def begin(self, data: Mapping[str, Any]) -> None:
        root = Token(self, self.spec.start)
        root.data = dict(data)
        root._ready()

    def _look_again(self, moved: Token) -> None:
        """Let those who wait for what others do see that a token moved."""
        for token in sorted(self.alive.values(), key=_number):
            if token._state == TaskState.WAITING and token.task_spec.looks_again(moved):
                token.task_spec._update(token)

    def _task_completed_notify(self, token: Token) -> None:
        if token.task_spec is self.spec.end:
            self.completed = True
            self.ended(token.data)
        else:
            self._look_again(token)
            frame: Moving = self
            while frame.caller is not None:
                frame = frame.caller.workflow
                frame._look_again(token)

    def ended(self, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def release_guards(self, token: Token) -> None:
        """An activity or one of its boundary events finished: the others of the same guard are over."""
        guard = token.parent
        if guard is not None and isinstance(guard.task_spec, Guard):
            for other in guard.children:
                if other is not token and other.state & TaskState.NOT_FINISHED_MASK:
                    other.cancel()

    def guarded(self, event: Token) -> Token:
        """The activity that a boundary event stands on."""
        return next(
            one for one in event.parent.children if one.task_spec.name == event.task_spec.element.attached_to
        )

    def clear(self, but: Token) -> None:
        """Everything else that goes on in this process is over."""
        for token in sorted(self.alive.values(), key=_number):
            if token is not but:
                token.cancel()

    def leave(self, thrower: Token, end: Element) -> None:
        """An error or escalation: what catches it nearest goes on, and the rest is over."""
        caught = self._catching(end, [one for one in self.tasks.values() if is_armed(one)])
        if caught is None:
            self._leave_further(thrower, end)
            return
        known = self.view(thrower)
        caught.task_spec.come(caught)
        caught.data.update(known)

    def _leave_further(self, thrower: Token, end: Element) -> None:
        raise AssertionError(f"{end.id}: nobody catches it")

    @staticmethod
    def _catching(end: Element, waiting: Iterable[Token]) -> Token | None:
        """The event for just this code, else the one for any."""
        found = [
            one
            for one in waiting
            if one.state == TaskState.WAITING
            and isinstance(one.task_spec, WaitStep)
            and one.task_spec.element.event == end.event
            and one.task_spec.element.code in (end.code, "")
        ]
        return max(found, key=lambda one: bool(one.task_spec.element.code), default=None)

    def view(self, last: Token | None = None) -> dict[str, Any]:
        """The variables as all that goes on in this process has them together.

        What moved later has a later word, also where it moved inside a part or sub-process; `last` has the last.
        """
        live = [one for one in self.alive.values() if not is_armed(one)]
        if len(live) == 1:
            return {**live[0].data, **self.top_workflow.data_of(live[0])}
        live.sort(key=lambda one: (one is last, self.top_workflow.newest(one)))
        before = self._fork(live).data
        return _merge(before, [self.top_workflow.data_of(one) for one in live])

    def merged_data(self, token: Token, others: list[Token]) -> dict[str, Any]:
        """The variables before the split, with what each branch changed since, in the order of arrival.

        SpiffWorkflow lets the last branch overwrite the others also where it changed nothing (decision 0005).
        """
        came = sorted([*others, token], key=lambda arrived: arrived.id)
        return _merge(self._fork(came).data, [one.parent.data for one in came])

    def _fork(self, tokens: list[Token]) -> Token:
        """The nearest token that all of these come from."""
        path: list[int] = []
        above: int | None = tokens[0].id
        while above is not None:
            path.append(above)
            above = self.tasks[above]._parent
        place = {number: at for at, number in enumerate(path)}
        nearest = 0
        for token in tokens[1:]:
            number = token.id
            while number not in place:
                number = self.tasks[number].parent.id
            nearest = max(nearest, place[number])
        return self.tasks[path[nearest]]


def _merge(before: Mapping[str, Any], branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    merged = dict(before)
    for branch in branches:
        for name, value in changed(before, branch).items():
            merged[name] = _both(before.get(name), merged.get(name), value)
    return merged


def _both(before: Any, one: Any, other: Any) -> Any:
    """What two branches made of a value: of an object each its own names, of anything else what the later one wrote."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    was = before if isinstance(before, dict) else {}
    dropped = was.keys() - other.keys()
    merged = {name: value for name, value in one.items() if name not in dropped}
    for name, value in changed(was, other).items():
        merged[name] = _both(was.get(name), merged.get(name), value)
    return merged


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that were set since, to what they were not."""
    return {k: v for k, v in after.items() if k not in before or (before[k] is not v and _differ(before[k], v))}


def _differ(one: Any, other: Any) -> bool:
    """Whether two values are written differently: to Python 1 == True == 1.0, to a condition they are not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() != other.keys() or any(_differ(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(_differ, one, other))
    return one != other or any(isinstance(one, kind) != isinstance(other, kind) for kind in (bool, float))


class Frame(Moving, BpmnSubWorkflow):
    """A called part under its caller's token. Data is shared: the callee's last data replaces the caller's."""

    caller: Token

    def __init__(self, spec: Any, caller: Token, top: "Instance"):
        self.alive = {}
        super().__init__(spec, parent_task_id=caller.id, top_workflow=top, deserializing=True)
        self.caller = caller

    @property
    def outer_data(self) -> Mapping[str, Any]:
        return self.caller.data

    def _calculate_depth(self) -> int:
        return 0  # SpiffWorkflow sorts its own loop by it; ours needs no order

    def ended(self, data: dict[str, Any]) -> None:
        caller = self.caller
        caller.data = dict(data)
        self.top_workflow.subprocesses.pop(caller.id)
        if isinstance(caller.task_spec, HandlerStep):
            caller.workflow.reached_end = self.reached_end
        caller._ready()

    def _leave_further(self, thrower: Token, end: Element) -> None:
        """Over the border: caught there, or by what is around it."""
        caller = self.caller
        caller.data = caller.task_spec.known(self, thrower)
        self.cancel()
        guard = caller.parent
        caught = self._catching(end, guard.children if isinstance(guard.task_spec, Guard) else [])
        if caught is None:
            caller.workflow.leave(caller, end)
        else:
            caught.task_spec.come(caught)

    def cancel(self, success: bool = False) -> list[Task]:
        self.completed = True
        self.top_workflow.subprocesses.pop(self.caller.id, None)
        for token in list(self.tasks.values()):
            if token.state & LIVE:
                token.cancel()
        return []


class Instance(Moving, BpmnWorkflow):
    """The main process during one act, with the journal of what happened."""

    #: where the act has come to: the element that a refusal names
    here: Element

    def __init__(self, program: "Program", call: Callable[[Element, Mapping[str, Any]], Mapping[str, Any]]):
        self.number = 0
        self.alive = {}
        super().__init__(program.spec, program.specs, script_engine=FeelEngine(), deserializing=True)
        self.program = program
        self.call_engine = call
        self.ready: deque[Token] = deque()
        self.journal: list[tuple[str, Element]] = []
        self.thrown: list[tuple[str, str, str | None]] = []
        self.signals: list[tuple[str, str]] = []
        self.status: str | None = None
        self.last_data: Mapping[str, Any] = {}
        self.room = MAX_STEPS

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def create_subprocess(self, token: Token, spec_name: str) -> Frame:
        frame = self.subprocesses[token.id] = Frame(self.subprocess_specs[spec_name], token, self)
        frame.begin(token.data)
        return frame

    def frames(self) -> list[Moving]:
        return [self, *self.subprocesses.values()]

    def find(self, number: int) -> Token:
        return ChainMap(*(frame.tasks for frame in self.frames()))[number]

    def cancel_all(self) -> None:
        """Close every token, those of called parts first."""
        for frame in reversed(self.frames()):
            for token in list(frame.tasks.values()):
                if token.state & LIVE:
                    token.cancel()
        self.completed = True

    def entered(self, token: Token, element: Element) -> None:
        self.here = element
        self.journal.append((token.workflow.spec.name, element))
        self.status = element.status or self.status
        self.last_data = token.data

    def throw(self, token: Token) -> None:
        """A message is for the outside, under the key that its own branch knows; a signal is for all who wait for it.

        They hear it here at once, those who were armed before; in other instances they are told.
        """
        element = token.task_spec.element
        if element.event == "signal":
            self.signals.append((element.code, element.id))
            self.signal(element.code)
        else:
            key = element.key_among(token.data)
            self.thrown.append((element.message, element.id, key))

    def signal(self, name: str) -> list[Token]:
        """Let go on whatever waits for a signal, oldest first."""
        waiting = [one for frame in self.frames() for one in frame.tasks.values()]
        woken = []
        for token in sorted(waiting, key=lambda one: one.id):
            if token.state == TaskState.WAITING:  # still: an earlier one may have ended it
                event = token.task_spec.hears(name)
                if event is not None:
                    token.task_spec.come(token, event)
                    woken.append(token)
        return woken

    def data_of(self, token: Token) -> Mapping[str, Any]:
        """The variables of a token; of one that waits for a part or sub-process, as they are inside."""
        frame = self.subprocesses.get(token.id)
        return token.data if frame is None else token.task_spec.known(frame)

    def newest(self, token: Token) -> int:
        """The number of what moved last where this token is; of one that waits for a part or sub-process, inside."""
        frame = self.subprocesses.get(token.id)
        return token.id if frame is None else max(map(self.newest, frame.alive.values()), default=token.id)

    def ended(self, data: dict[str, Any]) -> None:
        self.last_data = data

    def go(self, token: Token, event: str, variables: Mapping[str, Any]) -> None:
        """Let a token that waited go on with what it was given, and all that follows until everything waits."""
        if token.state == TaskState.WAITING:
            token.task_spec.come(token, event)  # ready now; data given before would be lost to the parent's
        token.take(variables)
        self.here, self.last_data = token.task_spec.element, token.data
        if token.state == TaskState.STARTED:
            token.complete()
        elif token.task_spec.manual:
            self.ready.append(token)
        self.drain()

    def give_room(self) -> None:
        """For one more round, of any activity whose number of rounds is known."""
        self.room = min(self.room + STEPS_OF_A_ROUND, MAX_STEPS + MAX_INSTANCES * STEPS_OF_A_ROUND)

    def drain(self) -> None:
        """Run ready tokens, first come first served, within the bounds of one act."""
        started, steps = self._worked(), 0
        while self.ready:
            token = self.ready.popleft()
            if token.state != TaskState.READY:
                continue
            steps += token.task_spec.is_drawn
            if steps > self.room or self._worked() - started > MAX_SECONDS:
                raise ActTooLong(**at(self.here, steps=steps))
            token.run()

    @staticmethod
    def _worked() -> float:
        """Seconds of work, conditions included; a machine that is busy with others counts nothing."""
        return time.thread_time() + feel.spent()
