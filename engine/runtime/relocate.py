"""Let a running instance go on in another version of its diagram, or say why it cannot.

A stored state holds what waits and where branches fork (`state.py`), so only that has to exist in the new version,
under its old name or under the one that the analyst gives for it. What is behind may change freely, and so may what
lies ahead. What cannot be proved to go on as drawn is refused: another kind of step, a boundary event that came or
went on a step that is open, a parallel part that changed while the dossier is inside it.
"""

from collections.abc import Iterator, Mapping
from typing import NoReturn

import orjson

from engine.runtime import state as codec
from engine.runtime.errors import PositionGone, Problem
from engine.runtime.instance import LIVE, Instance, Moving, Token
from engine.runtime.model import Element, Model
from engine.runtime.parser import Program
from engine.runtime.steps import ArmedStep, Guard, Join, Step, WaitStep

#: Every process begins with this step of ours.
_BEGIN = "Start"
#: What has to stay as it was for a step that is open: something was asked, or armed, by these words.
_BINDING = ("kind", "event", "message", "code", "topic", "called")


class Relocation:
    """From one version to another; `names` maps element ids of the old diagrams to those of the new."""

    def __init__(self, old: Program, new: Program, names: Mapping[str, str]):
        self.old, self.new = old, new
        self._names = dict(names)

    def problems(self, state: bytes) -> tuple[Problem, ...]:
        """Why this instance cannot go on in the new version; () when it can."""
        try:
            instance = codec.load(state, self.old, _nothing_moves)
        except PositionGone:
            return ()  # it has ended
        return tuple(problem for key, frame in _frames(instance) for problem in self._of_frame(key, frame))

    def move(self, state: bytes) -> bytes:
        """The state for the new version; only where there are no problems."""
        value = orjson.loads(state)
        if "t" not in value:
            return state
        instance = codec.load(state, self.old, _nothing_moves)
        stored = [value["t"], *(rows for _caller, rows in value.get("s", ()))]
        for (key, _frame), rows in zip(_frames(instance), stored, strict=True):
            there = self.new.specs[key].task_specs
            for row in rows:
                name = self.name(row[2])
                # What is behind holds values for what waits; which step it was does not matter any more.
                row[2] = name if name in there else _BEGIN
        return orjson.dumps(value)

    def name(self, old: str) -> str:
        """What an element, or the step of ours that stands before it, is called in the new version."""
        element = old.removeprefix(":")
        return old.removesuffix(element) + self._names.get(element, element)

    def _of_frame(self, key: str, frame: Moving) -> Iterator[Problem]:
        target = self.new.specs.get(key)
        if target is None:
            yield _problem(
                "process_gone", key, f"Phiên bản mới không còn phần “{key}” mà hồ sơ đang ở trong đó."
            )
            return
        live = [token for token in frame.tasks.values() if token.state & LIVE]
        for token in live:
            name = self.name(token.task_spec.name)
            if name in target.task_specs:
                yield from self._of_step(token, target.task_specs[name])
            else:
                yield _problem(
                    "gone",
                    name,
                    f"Bước “{_said(token)}” không còn trong phiên bản mới; hãy chỉ ra bước thay thế.",
                )
            if not _is_boundary(token.task_spec):
                yield from self._of_guard(token, target.task_specs.get(f":{name}"))
        standing_by = {name for name, step in target.task_specs.items() if isinstance(step, ArmedStep)}
        for name in sorted(standing_by - {self.name(token.task_spec.name) for token in live}):
            yield _problem(
                "not_armed", name, f"Sự kiện “{name}” của phiên bản mới chưa được đặt cho hồ sơ đang chạy."
            )
        if self._forked(frame, live):
            yield from self._of_parallel(key)

    def _of_step(self, token: Token, there: Step) -> Iterator[Problem]:
        here = token.task_spec
        if type(here) is not type(there) or (
            isinstance(here, Step)
            and any(_word(here.element, one) != _word(there.element, one) for one in _BINDING)
        ):
            yield _problem(
                "other_kind",
                there.name,
                f"Bước “{_said(token)}” đang mở, mà phiên bản mới đổi nó thành loại bước khác.",
            )

    def _of_guard(self, token: Token, there: Guard | None) -> Iterator[Problem]:
        """The boundary events of a step that is open: as many as were armed, no more and no fewer."""
        guard = token.parent.task_spec
        before = (
            {self.name(one.name) for one in guard.outputs if _is_boundary(one)}
            if isinstance(guard, Guard)
            else set()
        )
        after = {one.name for one in there.outputs if _is_boundary(one)} if there else set()
        for name in sorted(before ^ after):
            yield _problem(
                "boundary_changed",
                name,
                f"Sự kiện biên “{name}” được thêm hoặc bỏ ở bước đang mở “{_said(token)}”.",
            )

    def _forked(self, frame: Moving, live: list[Token]) -> bool:
        """Whether several tokens go on beside one another, those that only guard a step aside."""
        guards = {token.id for token in frame.tasks.values() if isinstance(token.task_spec, Guard)}
        ways = {
            token._parent if token._parent in guards else token.id
            for token in live
            if not isinstance(token.task_spec, ArmedStep)
        }
        return len(ways) > 1 or any(isinstance(token.task_spec, Join) for token in live)

    def _of_parallel(self, key: str) -> Iterator[Problem]:
        """Inside a parallel part only words may change: a join counts the branches as they were drawn."""
        old = {(self.name(a), self.name(b)) for a, b in _ways(_drawn(self.old, key))}
        for one in sorted(old ^ _ways(_drawn(self.new, key)))[:1]:
            yield _problem(
                "parallel_changed",
                one[0],
                f"Hồ sơ đang ở các nhánh song song, mà đường đi “{one[0]}” đến “{one[1]}” đã thay đổi.",
            )


def _nothing_moves(element: Element, variables: Mapping[str, object]) -> NoReturn:
    raise AssertionError(element.id)


def _frames(instance: Instance) -> list[tuple[str, Moving]]:
    """The process and what is called in it, each with its key in `Program.specs`, in the order of the state."""
    called = sorted(instance.subprocesses.items())
    return [
        (instance.program.main, instance),
        *((frame.caller.task_spec.spec, frame) for _number, frame in called),
    ]


def _drawn(program: Program, key: str) -> Model:
    process, _, scope = key.rstrip("*").partition("/")
    return program.models[process].inside(scope)


def _is_boundary(step: object) -> bool:
    return isinstance(step, WaitStep) and step.element.attached_to is not None


def _ways(model: Model) -> set[tuple[str, str]]:
    return {(flow.source, flow.target) for flow in model.flows.values()}


def _word(element: Element, name: str) -> str:
    value: str = getattr(element, name)
    return value


def _said(token: Token) -> str:
    element = getattr(token.task_spec, "element", None)
    return (element.name if element else "") or token.task_spec.name.removeprefix(":")


def _problem(rule: str, element: str, sentence: str) -> Problem:
    return Problem(rule, sentence, element.removeprefix(":"))
