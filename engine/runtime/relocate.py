"""Let a running instance go on in another version of its diagram, or say why it cannot.

A stored state holds what waits and where branches fork (`state.py`), so only that has to exist in the new version,
under its old name or under the one that the analyst gives for it. What is behind may change freely, and so may what
lies ahead. What cannot be proved to go on as drawn is refused: another kind of step, an event that came or went on a
step that is open, rounds that changed, a join that from where the dossier is would wait for ever or be passed twice. How
long a timer runs may change: one that runs keeps its time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NoReturn

import orjson

from engine.runtime import state as codec
from engine.runtime.errors import PositionGone, Problem
from engine.runtime.instance import LIVE, Instance, Moving, Token
from engine.runtime.loops import ManyStep
from engine.runtime.model import Element, Model
from engine.runtime.parser import Program
from engine.runtime.soundness import check_onwards
from engine.runtime.steps import ArmedStep, CallStep, EventsStep, Guard, HandlerStep, Join, Step, WaitStep

#: Every process begins with this step of ours.
_BEGIN = "Start"
#: How the key of a step's rounds ends.
_ROUNDS = "*"
#: What has to stay as it was for a step that is open: something was asked, or armed, by these words.
_BINDING = ("kind", "event", "message", "key", "code", "condition", "topic", "called")


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
        return tuple(problem for frame, key in self._frames(instance) for problem in self._of_frame(frame, key))

    def move(self, state: bytes) -> bytes:
        """The state for the new version; only where there are no problems."""
        value = orjson.loads(state)
        if "t" not in value:
            return state
        instance = codec.load(state, self.old, _nothing_moves)
        stored = [value["t"], *(rows for _caller, rows in value.get("s", ()))]
        for (_frame, key), rows in zip(self._frames(instance), stored, strict=True):
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

    def _frames(self, instance: Instance) -> Iterator[tuple[Moving, str]]:
        """The process and what is called in it, in the order of the state, each with its key in the new program.

        The key is "" where the new version has nothing that could be going on there.
        """
        keys: dict[Moving, str] = {instance: self.new.main}
        yield instance, self.new.main
        for _number, frame in sorted(instance.subprocesses.items()):
            around = self.new.specs.get(keys[frame.caller.workflow])
            here = frame.caller.task_spec
            there = around.task_specs.get(self.name(here.name)) if around else None
            keys[frame] = ""
            if isinstance(there, CallStep) and there.element.called == here.element.called:
                keys[frame] = there.spec
            yield frame, keys[frame]

    def _of_frame(self, frame: Moving, key: str) -> Iterator[Problem]:
        if not key:
            called = frame.caller.task_spec.element.called if frame.caller else ""
            if called:  # of what else holds it, its own frame tells
                yield _problem(
                    "process_gone", called, f"Phiên bản mới không còn phần “{called}” mà hồ sơ đang ở trong đó."
                )
            return
        target = self.new.specs[key]
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
        yield from self._of_names(live)
        replaced = any(isinstance(token.task_spec, HandlerStep) for token in live)  # then nothing stands by any more
        standing_by = {name for name, step in target.task_specs.items() if isinstance(step, ArmedStep) and not replaced}
        for name in sorted(standing_by - {self.name(token.task_spec.name) for token in live}):
            yield _problem(
                "not_armed", name, f"Sự kiện “{name}” của phiên bản mới chưa được đặt cho hồ sơ đang chạy."
            )
        there = {self.name(token.task_spec.name) for token in live} <= target.task_specs.keys()
        if there and not key.endswith(_ROUNDS):  # around one activity nothing is drawn; its rounds are compared above
            yield from self._of_gateways(live, _drawn(self.new, key))

    def _of_names(self, live: list[Token]) -> Iterator[Problem]:
        """Steps that are open beside one another stay apart: a join counts from where a token came."""
        before: dict[str, set[str]] = defaultdict(set)
        for token in live:
            before[self.name(token.task_spec.name)].add(_said(token))
        for name, said in before.items():
            if len(said) > 1:
                both = "” và “".join(sorted(said))
                yield _problem("twice", name, f"Các bước “{both}” đang mở, không thể cùng thành “{name}”.")

    def _of_step(self, token: Token, there: Step) -> Iterator[Problem]:
        here = token.task_spec
        if type(here) is not type(there) or (isinstance(here, Step) and _differ(here.element, there.element)):
            yield _problem(
                "other_kind",
                there.name,
                f"Bước “{_said(token)}” đang mở, mà phiên bản mới đổi nó thành loại bước khác.",
            )
        elif isinstance(here, ManyStep) and here.element.loop != there.element.loop:
            yield _problem(
                "other_rounds",
                there.name,
                f"Bước nhiều lượt “{_said(token)}” đang mở, mà phiên bản mới đổi số lượt hoặc điều kiện dừng.",
            )
        elif isinstance(here, EventsStep):
            yield from self._of_events(token, here.outputs, there.outputs)

    def _of_events(self, token: Token, here: list[Step], there: list[Step]) -> Iterator[Problem]:
        """The events behind a gateway: the gateway alone is in the state, all of them are armed."""
        before = {self.name(one.name): one for one in here}
        after = {one.name: one for one in there}
        yield from _came_or_went(token, before.keys() ^ after.keys())
        for name in before.keys() & after.keys():
            if _differ(before[name].element, after[name].element):
                said = before[name].element.name or name
                yield _problem(
                    "other_kind", name, f"Sự kiện “{said}” đang được chờ, mà phiên bản mới chờ sự kiện khác."
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
        yield from _came_or_went(token, before ^ after)

    def _of_gateways(self, live: list[Token], there: Model) -> Iterator[Problem]:
        """From where the tokens are, the gateways of the new version must fit: a join gets all that it waits for."""
        flows = []
        for token in live:
            step = token.task_spec
            if not isinstance(step, Step) or isinstance(step, ArmedStep) or _is_boundary(step):
                continue  # what only stands by; an activity and its events have one token
            ways = [there.flows[name] for name in there.elements[self.name(step.name)].incoming]
            if isinstance(step, Join):  # it has passed the step before, and counts as the branch that came by it
                before = self.name(token.parent.task_spec.name)
                ways = [way for way in ways if way.source == before]
                if not ways:
                    said = f"Một nhánh của hồ sơ đã tới “{_said(token)}” từ “{before}”, mà phiên bản mới không còn đường ấy."
                    yield _problem("way_gone", self.name(step.name), said)
                    return
            flows += [way.id for way in ways[:1]]
        for one in check_onwards(there, flows):
            open_ = "”, “".join(sorted(_said(token) for token in live if not isinstance(token.task_spec, ArmedStep)))
            yield replace(one, sentence=f"Từ bước “{open_}” đang mở, phiên bản mới không đi tiếp được: {one.sentence}")


def _nothing_moves(element: Element, variables: Mapping[str, object]) -> NoReturn:
    raise AssertionError(element.id)


def _drawn(program: Program, key: str) -> Model:
    process, _, scope = key.partition("/")
    return program.models[process].inside(scope)


def _came_or_went(token: Token, names: Iterable[str]) -> Iterator[Problem]:
    for name in sorted(names):
        yield _problem(
            "boundary_changed", name, f"Sự kiện “{name}” được thêm hoặc bỏ ở bước đang mở “{_said(token)}”."
        )


def _is_boundary(step: object) -> bool:
    return isinstance(step, WaitStep) and step.element.attached_to is not None


def _differ(here: Element, there: Element) -> bool:
    return any(getattr(here, word) != getattr(there, word) for word in _BINDING)


def _said(token: Token) -> str:
    element = getattr(token.task_spec, "element", None)
    return (element.name if element else "") or token.task_spec.name.removeprefix(":")


def _problem(rule: str, element: str, sentence: str) -> Problem:
    return Problem(rule, sentence, element.removeprefix(":"))
