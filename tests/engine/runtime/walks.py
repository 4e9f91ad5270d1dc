"""Stand-ins for the house's engine topics, and how a written scenario is walked."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.runtime import machine
from engine.runtime.instance import Instance
from engine.runtime.machine import EngineCall, Machine, Moved, Position
from engine.runtime.parser import Program, compile_program

BPMN = Path(__file__).parents[3] / "bpmn"

#: topic -> the routing variables it sets, from the variables it finds.
TOPICS = {
    "charge.open": lambda v: {"payment_state": None, "payment_answer": None},
    "charge.count": lambda v: {"payment_state": v.get("payment_answer") or "paid"},
    "clock.restart": lambda v: {"supplement_state": "completed"},
    "consultation.send": lambda v: {
        "consultation_state": None,
        "consultation_due_at": "2026-12-01T00:00:00Z",
    },
    "consultation.close": lambda v: {"consultation_state": "answered"},
    "deadline.extend": lambda v: {"extension_state": "extended", "extension_used": True},
    "deadline.deny": lambda v: {"extension_state": "denied"},
    "document.issue": lambda v: {"signing_state": "issued"},
    "document.send_back": lambda v: {"signing_state": "sent_back"},
    "dossier.accept": lambda v: {"intake_state": "accepted"},
    "dossier.refuse": lambda v: {"intake_state": "refused"},
    "examination.set_ineligible": lambda v: {"examination_outcome": "ineligible"},
    "document.interim": lambda v: {"document_kind": "interim"},
    "examination.set_eligible": lambda v: {"examination_outcome": "eligible"},
    "ministry.pass_on": lambda v: {"intake_state": "accepted"},
    "obligation.defer": lambda v: {"payment_state": "debt_recorded"},
    "obligation.settle": lambda v: {"tax_state": "settled"},
    "remedy.open": lambda v: {"remedy_due_at": "2026-12-01T17:00:00+07:00"},
    "revision.open": lambda v: {"revision_due_at": "2027-12-01T00:00:00Z"},
    "notice.preview": lambda v: {"confirm_state": None, "confirm_answer": None},
    "preview.close": lambda v: {"confirm_state": v.get("confirm_answer") or "silent"},
    "supplement.open": lambda v: {
        "supplement_state": None,
        "supplement_count": v.get("supplement_count", 0) + 1,
        "supplement_due_at": "2026-12-08T17:00:00+07:00",
    },
    "supplement.expire": lambda v: {"supplement_state": "expired"},
    "transfer.send": lambda v: {"transfer_state": None, "transfer_answer": None},
    "transfer.close": lambda v: {"transfer_state": v.get("transfer_answer") or "received"},
}
#: Topics that only write rows.
SILENT = {
    "clock.open_stage",
    "clock.pause",
    "clock.resume",
    "clock.start_anew",
    "dossier.mirror",
    "obligation.open",
    "charge.refund",
    "decision.evaluate",
    "dossier.decide",
    "dossier.return",
    "dossier.stop",
    "result.replace",
    "slip.completion",
    "transfer.send_back",
}


def stand_in(call: EngineCall) -> Mapping[str, Any]:
    if call.topic in SILENT:
        return {}
    return TOPICS[call.topic](call.variables)


@cache
def parts() -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in BPMN.glob("_parts/*/diagram.bpmn")}


@cache
def program(folder: str) -> Program:
    return compile_program((BPMN / folder / "diagram.bpmn").read_bytes(), parts())


def folders() -> list[str]:
    return sorted(path.parent.relative_to(BPMN).as_posix() for path in BPMN.glob("**/scenarios.json"))


def all_folders() -> list[str]:
    return sorted(path.parent.relative_to(BPMN).as_posix() for path in BPMN.glob("**/diagram.bpmn"))


def scenarios() -> list[tuple[str, dict[str, Any]]]:
    return [
        (folder, scenario)
        for folder in folders()
        for scenario in json.loads((BPMN / folder / "scenarios.json").read_text("utf-8"))
    ]


def act(m: Machine, state: bytes, position: Position, variables: Mapping[str, Any]) -> Moved:
    """Do what the position waits for."""
    does = {
        "user": m.complete,
        "service": m.complete,
        "message": m.receive,
        "timer": m.wake,
    }[position.kind]
    return does(state, position.token, variables)


def deliver(m: Machine, state: bytes, position: Position, variables: Mapping[str, Any]) -> Moved:
    """Like `act`; a signal goes to all who wait for it."""
    if position.kind == "signal":
        return m.signal(state, position.element.code, variables)
    return act(m, state, position, variables)


class Unsaved:
    """The same acts on one instance that is never stored: what a machine must not differ from."""

    def __init__(self, program: Program, handler: Callable[[EngineCall], Mapping[str, Any]]):
        self._instance = Instance(program, Machine(program, handler)._call_engine)

    def start(self, variables: Mapping[str, Any]) -> Moved:
        self._instance.begin(machine.plain(variables))
        self._instance.drain()
        return machine._moved(self._instance, ())

    def act(self, position: Position, variables: Mapping[str, Any]) -> Moved:
        """Forgets the story of the acts before, nothing else."""
        self._instance.journal.clear()
        self._instance.thrown.clear()
        self._instance.signals.clear()
        self._instance.status = None
        before = tuple(machine._positions(self._instance))
        if position.kind == "signal":
            machine._wake_all(self._instance, position.element.code, variables)
        else:
            machine._deliver(self._instance, before, position.token, variables, (position.kind,))
        return machine._moved(self._instance, before)
