"""The machine alone, without a database: against SpiffWorkflow with its own serializer, and against itself after loops."""

import io
import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

import feel
from benchmarks.measures import Figure, timed
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program

DIAGRAM = Path(__file__).with_name("one_stop_alone.bpmn")
PROCESS = "one_stop_alone"
START = {
    "channel": "in_person", "dossier_form": "paper", "return_way": "counter", "handling_mode": "competent_office",
    "fee_timing": "at_reception", "amount_due": 8000, "review_needed": True, "supplement_max": 1,
}  # fmt: skip
#: (element, the variables that its task sets); an element that nobody completes gets its message.
LOOP = (("examine", {"examination": "supplement"}), ("supplied", None))
WAY = (
    ("check", {"outcome": "supplement"}), ("completed", None), ("check", {"outcome": "accept"}), ("assign", {}),
    *LOOP, *LOOP, ("examine", {"examination": "eligible"}), ("search", {"found": True}), ("consult", {"answer": "yes"}),
    ("draft", {}), ("review", {"review": "send_back"}), ("draft", {}), ("review", {"review": "pass"}),
    ("sign", {"signature": "signed"}), ("hand_over", {}),
)  # fmt: skip
ROUNDS = 40
Given = Mapping[str, Any] | None
Act = Callable[[Any, str, Given], Any]


def ratios() -> list[Figure]:
    """Both sides of each ratio in turn, in one run."""
    ours, theirs = Ours(), Naive()
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(ROUNDS):
        for name, side in (("ours", ours), ("theirs", theirs)):
            times[name] += side.walk(WAY)
    first, last = ours.looped(1), ours.looped(200)
    early, late = [], []
    for _ in range(ROUNDS * 10):
        early.append(timed(lambda: ours.act(first, *LOOP[0])))
        late.append(timed(lambda: ours.act(last, *LOOP[0])))
    return [
        Figure("engine_vs_naive", statistics.median(times["theirs"]) / statistics.median(times["ours"]), "x", 10, "higher"),
        Figure("machine_us", statistics.median(times["ours"]) * 1e6, "us", 400),
        Figure("act_loop200_vs_loop1", statistics.median(late) / statistics.median(early), "x", 1.2),
        Figure("state_loop200_vs_loop1", len(last) / len(first), "x", 1.2),
        Figure("state_bytes", len(last), "bytes", 4096),
    ]


class Ours:
    """Our machine: state in, state out."""

    def __init__(self) -> None:
        self.machine = Machine(compile_program(DIAGRAM.read_bytes(), {}), lambda call: {})

    def act(self, state: bytes, step: str, given: Given) -> bytes:
        token = next(one.token for one in self.machine.positions(state) if one.step == step)
        if given is None:
            return self.machine.receive(state, token, {}).state
        return self.machine.complete(state, token, given).state

    def walk(self, way: tuple[tuple[str, Given], ...]) -> Iterator[float]:
        return _walk(self.machine.start(START).state, self.act, way, lambda state: not self.machine.positions(state))

    def looped(self, times: int) -> bytes:
        state = self.machine.start(START).state
        for step, given in (("check", {"outcome": "accept"}), ("assign", {}), *LOOP * times):
            state = self.act(state, step, given)
        return state


class _Feel(PythonScriptEngine):
    """The same conditions by the same FEEL; only what stands around them is measured."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return expression if re.fullmatch(r"P\w+", expression) else feel.holds(expression, task.data)


class Naive:
    """SpiffWorkflow as its documentation shows it: JSON in, complete, engine steps, JSON out."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(DIAGRAM.read_bytes()))
        self.spec = parser.get_spec(PROCESS)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.engine = _Feel()

    def start(self) -> str:
        workflow = BpmnWorkflow(self.spec, script_engine=self.engine)
        workflow.task_tree.data.update(START)
        workflow.do_engine_steps()
        return self.serializer.serialize_json(workflow)

    def act(self, state: str, step: str, given: Given) -> str:
        workflow = self.serializer.deserialize_json(state)
        workflow.script_engine = self.engine
        if given is None:
            workflow.catch(BpmnEvent(MessageEventDefinition("applicant_resubmitted")))
        else:
            task = workflow.get_next_task(state=TaskState.READY, spec_name=step)
            task.data.update(given)
            task.run()
        workflow.do_engine_steps()
        return self.serializer.serialize_json(workflow)

    def walk(self, way: tuple[tuple[str, Given], ...]) -> Iterator[float]:
        return _walk(self.start(), self.act, way, lambda state: self.serializer.deserialize_json(state).completed)


def _walk(state: Any, act: Act, way: tuple[tuple[str, Given], ...], ended: Callable[[Any], bool]) -> Iterator[float]:
    def once(step: str, given: Given) -> None:
        nonlocal state
        state = act(state, step, given)

    for step, given in way:
        yield timed(lambda step=step, given=given: once(step, given))
    if not ended(state):
        raise AssertionError("the walk did not come to its end")
