"""The house's diagrams, and how a written scenario is walked."""

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
        self._instance.begin(dict(variables))
        self._instance.drain()
        return machine._moved(self._instance, ())

    def positions(self) -> tuple[Position, ...]:
        return tuple(machine._positions(self._instance))

    def act(self, position: Position, variables: Mapping[str, Any]) -> Moved:
        """Forgets the story of the acts before, nothing else."""
        self._instance.journal.clear()
        self._instance.thrown.clear()
        self._instance.signals.clear()
        self._instance.status = None
        before = self.positions()
        if position.kind == "signal":
            machine._wake_all(self._instance, position.element.code, variables)
        else:
            machine._deliver(self._instance, before, position.token, variables, (position.kind,))
        return machine._moved(self._instance, before)
