"""The machine: one act on a diagram, plain data in and out. Nobody outside this room sees SpiffWorkflow.

    machine = Machine(program, handler)
    moved = machine.start({"channel": "online"})
    moved = machine.complete(moved.state, moved.opened[0].token, {"reception_outcome": "accept"})

An act delivers exactly one thing (a completed task, an answer, a message, a due timer) and runs until everything
waits again. It reads no clock and no database; the same acts give the same result.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from engine.base.errors import EngineRefused
from engine.runtime import state as codec
from engine.runtime.errors import BadVariable, PositionGone, WrongPosition, at
from engine.runtime.grammar import ROUND_WORDS
from engine.runtime.instance import Instance, Token
from engine.runtime.model import Element
from engine.runtime.parser import Program
from engine.runtime.steps import EventsStep, ServiceStep, UserStep, WaitStep

#: Events that come from outside of the instance; errors and escalations come from inside.
OUTSIDE = frozenset({"message", "timer", "signal"})


@dataclass(frozen=True)
class EngineCall:
    """The diagram came to an engine step: do it now, in the same transaction."""

    topic: str
    step: str
    element: Element
    #: the routing variables as they are at this step
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Position:
    """One thing that waits. An event gateway has one for each of its events."""

    #: unique and never reused within one state; "<gateway>:<event id>" behind an event gateway
    token: str
    #: id of the element
    step: str
    #: user | service | message | timer | signal (also for boundary events and event sub-processes)
    kind: str
    element: Element
    #: the routing variables as they are here
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Passed:
    """A token entered an element: a task when it opens, a call before its part, an event when it has come."""

    step: str
    element: Element
    #: process id of the diagram or part that it is in
    process: str


@dataclass(frozen=True)
class Moved:
    """What one act did."""

    #: every element entered, in order
    passed: tuple[Passed, ...]
    #: what waits now and did not before
    opened: tuple[Position, ...]
    #: tokens of what waited before and does not now, the completed one included
    closed: tuple[str, ...]
    #: (message, step, key) of messages that were sent; the key is None where the element names no variable
    thrown: tuple[tuple[str, str, str | None], ...]
    #: (name, step) of signals that were sent; those who wait in this instance have heard them
    signals: tuple[tuple[str, str], ...]
    #: id of the end event when the diagram has ended
    ended: str | None
    #: of the last status-bearing element entered; None = unchanged
    status: str | None
    state: bytes = field(repr=False)
    #: the routing variables where the diagram moved last
    variables: Mapping[str, Any]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came of it but steps for people: who goes back to the state of before undoes all of it."""
        told = self.ended or self.thrown or self.signals or any(one.element.topic for one in self.passed)
        return not told and all(one.kind == "user" for one in self.opened)


class Machine:
    """Moves instances of one program. `handler` does engine steps and returns the variables they set."""

    def __init__(self, program: Program, handler: Callable[[EngineCall], Mapping[str, Any]]):
        self.program = program
        self._handler = handler

    def start(self, variables: Mapping[str, Any]) -> Moved:
        """Begin at the start event."""
        begin = next(one for one in self.program.model.elements.values() if one.kind == "start" and not one.scope)
        instance = Instance(self.program, self._call_engine)
        instance.begin(plain(variables, begin))
        instance.drain()
        return _moved(instance, ())

    def complete(self, state: bytes, token: str, variables: Mapping[str, Any]) -> Moved:
        """A person finished a user task, or the outside answered a service."""
        return self._act(state, token, variables, ("user", "service"))

    def receive(self, state: bytes, token: str, variables: Mapping[str, Any]) -> Moved:
        """A message came. Its values are set after the event, so they outlive what the variables were before."""
        return self._act(state, token, variables, ("message",))

    def wake(self, state: bytes, token: str, variables: Mapping[str, Any] | None = None) -> Moved:
        """A timer is due; when, is known to our own table alone."""
        return self._act(state, token, variables or {}, ("timer",))

    def signal(self, state: bytes, name: str, variables: Mapping[str, Any]) -> Moved:
        """A signal came from another instance: all that wait for it go on, in one act."""
        instance = self._load(state)
        before = tuple(_positions(instance))
        _wake_all(instance, name, variables)
        return _moved(instance, before)

    def cancel(self, state: bytes) -> Moved:
        """Close everything that waits, calls included: withdrawal, stop. Not possible once ended."""
        instance = self._load(state)
        before = tuple(_positions(instance))
        instance.last_data = instance.view()
        instance.cancel_all()
        return _moved(instance, before)

    def positions(self, state: bytes) -> tuple[Position, ...]:
        """All that waits, oldest first; nothing when the diagram has ended."""
        try:
            return tuple(_positions(self._load(state)))
        except PositionGone:
            return ()

    def _load(self, state: bytes) -> Instance:
        return codec.load(state, self.program, self._call_engine)

    def _act(self, state: bytes, token: str, variables: Mapping[str, Any], kinds: tuple[str, ...]) -> Moved:
        instance = self._load(state)
        before = tuple(_positions(instance))
        _deliver(instance, before, token, variables, kinds)
        return _moved(instance, before)

    def _call_engine(self, element: Element, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return plain(self._handler(EngineCall(element.topic, element.id, element, dict(variables))), element)
        except EngineRefused as refused:
            refused.facts = at(element) | refused.facts
            raise


def _deliver(
    instance: Instance,
    before: tuple[Position, ...],
    token: str,
    given: Mapping[str, Any],
    kinds: tuple[str, ...],
) -> None:
    """Give one position what it waits for."""
    position = next((one for one in before if one.token == token), None)
    if position is None:
        raise PositionGone
    if position.kind not in kinds:
        raise WrongPosition(**at(position.element, kind=position.kind))
    waiting = instance.find(int(token.partition(":")[0]))
    instance.go(waiting, position.step, plain(given, position.element))


def _wake_all(instance: Instance, name: str, given: Mapping[str, Any]) -> None:
    """Give all who wait for a signal what it brings."""
    woken = instance.signal(name)
    if not woken:
        raise PositionGone
    instance.here, instance.last_data = woken[0].task_spec.element, woken[0].data
    said = plain(given, instance.here)
    for token in woken:
        token.take(said)
    instance.drain()


def plain(variables: Mapping[str, Any], element: Element) -> dict[str, Any]:
    """The variables that come to an element, if they are plain data that reads back from the state as it was written.

    A number of the rounds is none of them: who sets it would leave rounds out.
    """
    for name, value in variables.items():
        known = isinstance(name, str) and name not in ROUND_WORDS
        if not (known and _is_plain(value) and _can_be_stored({name: value})):
            raise BadVariable(**at(element, variable=str(name)))
    return dict(variables)


def _can_be_stored(value: Any) -> bool:
    """No number is past 64 bits, no text holds half a character."""
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def _is_plain(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if value is None or isinstance(value, str | int):
        return True
    if isinstance(value, list):
        return all(_is_plain(one) for one in value)
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_plain(one) for name, one in value.items())
    return False


def _positions(instance: Instance) -> Iterator[Position]:
    waiting = (token for frame in instance.frames() for token in frame.tasks.values())
    for token in sorted(waiting, key=lambda one: one.id):
        yield from _position(token)


def _position(token: Token) -> Iterator[Position]:
    step = token.task_spec
    match step, token.state:
        case UserStep(), TaskState.READY:
            yield Position(str(token.id), step.name, "user", step.element, token.data)
        case ServiceStep(), TaskState.STARTED:
            yield Position(str(token.id), step.name, "service", step.element, token.data)
        case WaitStep(), TaskState.WAITING if step.element.event in OUTSIDE:
            yield Position(str(token.id), step.name, step.element.event, step.element, token.data)
        case EventsStep(), TaskState.WAITING:
            for event in step.outputs:
                own = event.element
                yield Position(f"{token.id}:{own.id}", own.id, own.event, own, token.data)


def _moved(instance: Instance, before: tuple[Position, ...]) -> Moved:
    after = tuple(_positions(instance))
    if not after and not instance.completed:
        raise AssertionError(f"{instance.spec.name}: nothing waits, and it has not ended")
    known, now = {one.token for one in before}, {one.token for one in after}
    return Moved(
        passed=tuple(Passed(element.id, element, process) for process, element in instance.journal),
        opened=tuple(one for one in after if one.token not in known),
        closed=tuple(one.token for one in before if one.token not in now),
        thrown=tuple(instance.thrown),
        signals=tuple(instance.signals),
        ended=instance.reached_end if instance.completed else None,
        status=instance.status,
        state=codec.dump(instance),
        variables=dict(instance.last_data),
    )
