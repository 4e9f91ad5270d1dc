"""A version's diagram on the real machine before it binds anybody: written scenarios, and walks at random.

No dossier, no database, no clock: what the engine's topics would do is reduced to the routing variables that they set.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.base.errors import DomainError
from engine.catalog.lint.unfolded import Graph, unfold
from engine.runtime.errors import ActTooLong, BadVariable, ConditionFailed, NoConditionTrue, StateTooLarge
from engine.runtime.machine import EngineCall, Machine, Moved, Passed, Position
from engine.runtime.parser import Program

#: Topic -> (variable, the answer that it reads, what no answer means).
READS: Mapping[str, tuple[str, str, Any]] = {
    "charge.count": ("payment_state", "payment_answer", "paid"),
    "child.close": ("child_state", "child_answer", "done"),
    "child.open": ("acknowledged_by_leg", "leg_answer", False),
    "child.prepare": ("consents_needed", "consents_answer", False),
    "preview.close": ("confirm_state", "confirm_answer", "silent"),
    "transfer.close": ("transfer_state", "transfer_answer", "received"),
}
_SETS: Mapping[str, Mapping[str, Any]] = {
    "charge.refund": {"refund_due": False, "refund_owed": False},
    "charge.open": {"payment_state": None, "payment_answer": None},
    "child.first": {"child_kind": "first"},
    "child.open": {"acknowledge_by": "2026-12-01T17:00:00+07:00", "child_due_at": "2026-12-01T17:00:00+07:00"},
    "child.plan": {"children_due": ["second", "third"]},
    "child.prepare": {"child_key": "group.child", "child_state": None, "consent_state": None},
    "child.skip": {"child_state": "failed"},
    "clock.restart": {"supplement_state": "completed"},
    "consultation.close": {"consultation_state": "answered"},
    "consultation.send": {"consultation_state": None, "consultation_due_at": "2026-12-01T00:00:00Z"},
    "deadline.deny": {"extension_state": "denied"},
    "deadline.extend": {"extension_state": "extended", "extension_used": True},
    "document.interim": {"document_kind": "interim"},
    "document.issue": {"signing_state": "issued", "document_kind": None},
    "document.send_back": {"signing_state": "sent_back"},
    "dossier.accept": {"intake_state": "accepted"},
    "dossier.refuse": {"intake_state": "refused"},
    "examination.set_eligible": {"examination_outcome": "eligible"},
    "examination.set_ineligible": {"examination_outcome": "ineligible"},
    "ministry.pass_on": {"intake_state": "accepted"},
    "obligation.defer": {"payment_state": "debt_recorded"},
    "obligation.settle": {"tax_state": "settled"},
    "remedy.open": {"remedy_due_at": "2026-12-01T17:00:00+07:00"},
    "revision.open": {"revision_due_at": "2027-12-01T00:00:00Z"},
    "notice.preview": {"confirm_state": None, "confirm_answer": None},
    "supplement.expire": {"supplement_state": "expired"},
    "supplement.open": {"supplement_state": None, "supplement_due_at": "2026-12-08T17:00:00+07:00"},
    "transfer.send": {"transfer_state": None, "transfer_answer": None},
    "transfer.send_back": {"transfer_answer": None},
}
#: Never asked of anybody: topics set them.
STATES = {*(name for sets in _SETS.values() for name in sets), *(state for state, _, _ in READS.values())}
#: What happens at any moment by command, without an element of the diagram.
COMMANDS = frozenset({"withdraw", "stop"})
#: Why the machine breaks off.
_WHY: Mapping[type[Exception], str] = {
    ActTooLong: "đi vòng mãi mà không chờ ai, hoặc quá nhiều lượt cùng lúc",
    AssertionError: "không kết thúc mà không còn chờ gì",
    BadVariable: "biến định tuyến không phải dữ liệu thường",
    ConditionFailed: "điều kiện không tính được",
    NoConditionTrue: "không lối ra nào mở",
    StateTooLarge: "biến định tuyến quá lớn",
}
#: More acts than this are a walk that goes round in circles, which a diagram may allow.
_ACTS = 45


def stand_in(call: EngineCall) -> Mapping[str, Any]:
    """The routing variables that a topic leaves behind; topics that only write rows leave none."""
    if call.topic in READS:
        state, answer, usual = READS[call.topic]
        return {**_SETS.get(call.topic, {}), state: call.variables.get(answer) or usual}
    if call.topic == "supplement.open":
        return {**_SETS[call.topic], "supplement_count": (call.variables.get("supplement_count") or 0) + 1}
    return _SETS.get(call.topic, {})


@dataclass
class Story:
    """What a walk came through, and why it ended as it did."""

    passed: list[Passed] = field(default_factory=list)
    status: str | None = None
    ended: str | None = None
    #: what went wrong, for the analyst; None: nothing
    wrong: str | None = None
    #: the element at which the machine broke off
    stopped: str | None = None

    def hears(self, moved: Moved) -> None:
        self.passed += moved.passed
        self.status, self.ended = moved.status or self.status, moved.ended


def _act(machine: Machine, state: bytes, position: Position, answers: Mapping[str, Any]) -> Moved:
    if position.kind == "signal":
        return machine.signal(state, position.element.code, answers)
    does = {
        "user": machine.complete,
        "service": machine.complete,
        "message": machine.receive,
        "timer": machine.wake,
    }
    return does[position.kind](state, position.token, answers)


def play(program: Program, scenario: Mapping[str, Any]) -> Story:
    """Walk a written scenario; it must wait where it says, and end where and as it says."""
    story = Story()
    try:
        story.wrong = _play(Machine(program, stand_in), scenario, story)
    except (DomainError, AssertionError) as broken:
        story.wrong = _broken(story, broken)
    return story


def _play(machine: Machine, scenario: Mapping[str, Any], story: Story) -> str | None:
    moved = machine.start(scenario["start"])
    story.hears(moved)
    for step in scenario["path"]:
        if step["kind"] == "command":
            moved = machine.cancel(moved.state)
            continue
        waiting = machine.positions(moved.state)
        found = next((one for one in waiting if (one.step, one.kind) == (step["at"], step["kind"])), None)
        if found is None:
            there = ", ".join(one.step for one in waiting) or "không chỗ nào"
            return f"không chờ ở “{step['at']}” ({step['kind']}) mà ở {there}"
        moved = _act(machine, moved.state, found, step.get("set") or {})
        story.hears(moved)
    if machine.positions(moved.state):
        return "đi hết các bước mà hồ sơ chưa kết thúc"
    if scenario["path"] and scenario["path"][-1]["kind"] == "command":
        return None  # the end and the status are the command's own
    if (story.ended, story.status) != (scenario["end"], scenario["status"]):
        return f"kết thúc ở “{story.ended}” với trạng thái {story.status}"
    return None


def _broken(story: Story, broken: DomainError | AssertionError) -> str:
    facts = broken.facts if isinstance(broken, DomainError) else {}
    story.stopped = str(facts.get("element") or (story.passed[-1].step if story.passed else "")) or None
    return f"{_WHY.get(type(broken), type(broken).__name__)} ở “{facts.get('name') or story.stopped}”"


class Wanderer:
    """Walks at random, the same ones each time: any waiting element, any value that its next gateways know."""

    def __init__(
        self, program: Program, start: Mapping[str, tuple[Any, ...]], options: Mapping[str, tuple[Any, ...]]
    ):
        #: variable -> what it may be when the dossier is lodged; the diagram's own answers are not among them
        self._start = start
        self._values = {**_constants(program), **options}
        fixed = STATES | set(start)
        asked = _asked_after(unfold(program.model, program.models))
        self._asked = {step: sorted(names - (fixed - set(options))) for step, names in asked.items()}
        self._machine = Machine(program, stand_in)

    def walks(self, count: int) -> Iterator[Story]:
        chance = random.Random(count)  # noqa: S311 - a proof that can be repeated, no secret
        for _ in range(count):
            yield self._walk(chance.choice)

    def _walk(self, choose: Callable[[Any], Any]) -> Story:
        story = Story()
        try:
            moved = self._machine.start({name: choose(values) for name, values in self._start.items()})
            story.hears(moved)
            for _ in range(_ACTS):
                waiting = self._machine.positions(moved.state)
                if not waiting:
                    break
                position = choose(waiting)
                asked = self._asked[position.step]
                answers = {name: choose(self._values[name]) for name in asked if name in self._values}
                moved = _act(self._machine, moved.state, position, answers)
                story.hears(moved)
        except (DomainError, AssertionError) as broken:
            story.wrong = _broken(story, broken)
        return story


_COMPARED = re.compile(r'(\w+) *!?= *(?:"([^"]*)"|(true|false)\b)|(\w+) *[<>]=? *(\d+)')


def _constants(program: Program) -> dict[str, tuple[Any, ...]]:
    """Variable -> the values that the conditions of all diagrams know of it; of a number, those around its bounds."""
    found: dict[str, dict[Any, None]] = {}
    for model in program.models.values():
        for flow in model.flows.values():
            for name, word, truth, measured, bound in _COMPARED.findall(flow.condition or ""):
                near = (int(bound) - 1, int(bound), int(bound) + 1) if bound else ()
                values = near or ((True, False) if truth else (word,))
                found.setdefault(name or measured, {}).update(dict.fromkeys(values))
    for _, answer, _ in READS.values():
        found[answer] = {None: None}
    for state, answer, _ in READS.values():
        found[answer].update(found.get(state, {}))
    return {name: tuple(values) for name, values in found.items()}


def _asked_after(graph: Graph) -> dict[str, set[str]]:
    """Element -> the names that are read between it and the next ones that wait."""
    asked: dict[str, set[str]] = {}
    for start in graph.ways:
        names, seen, todo = asked.setdefault(start.id, set()), {start}, [start]
        while todo:
            here = todo.pop()
            if here.element.topic in READS:
                names.add(READS[here.element.topic][1])
            if here.waits and here is not start:
                continue
            for there, flow in graph.ways[here]:
                found = _COMPARED.findall(flow.condition or "") if flow else ()
                names |= {name or measured for name, _, _, measured, _ in found}
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
    return asked
