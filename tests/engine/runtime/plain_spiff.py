"""Plain SpiffWorkflow in memory: its own parser, workflow and order, driven like our machine.

Only what the outside gives is replaced: FEEL for expressions (it would run them as Python), and timers fire when told.
"""

import io
import re

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser, TaskParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.util.task import TaskState

import feel

SERVICE = "{http://www.omg.org/spec/BPMN/20100524/MODEL}serviceTask"


class Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {SERVICE: (TaskParser, UserTask)}


class FeelEngine(PythonScriptEngine):
    def evaluate(self, task, expression, external_context=None):
        if re.fullmatch(r"P\w+", expression):
            return expression
        return feel.evaluate(expression, task.data)


class PlainSpiff:
    def __init__(self, main, parts):
        parser = Parser()
        for data in (main, *parts.values()):
            parser.add_bpmn_io(io.BytesIO(data))
        self.workflow = BpmnWorkflow(
            parser.get_spec("demo"), parser.get_subprocess_specs("demo"), script_engine=FeelEngine()
        )
        self.completed = []
        self._catch = self.workflow.catch
        self.workflow.catch = self._without_payload

    def _without_payload(self, event):
        """Theirs gives those who hear a signal all variables of who sent it; in BPMN it carries what is mapped."""
        if isinstance(event.event_definition, SignalEventDefinition):
            event.payload = None
        self._catch(event)

    def start(self, data):
        [start] = [
            one for one in self.workflow.get_tasks(state=TaskState.READY) if one.task_spec.name == "Start"
        ] or [None]
        (start or self.workflow.task_tree).data.update(data)
        self._go_on()

    def waiting(self):
        """Name -> the tasks that wait under it, in the order of their making."""
        found = {}
        for task in self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING):
            spec = task.task_spec
            if task.state == TaskState.READY and spec.manual:
                found.setdefault(spec.bpmn_id or spec.name, []).append(task)
            elif task.state == TaskState.WAITING and isinstance(spec, EventBasedGateway):
                for event in spec.outputs:
                    found.setdefault(event.name, []).append(task)
            elif (
                task.state == TaskState.WAITING
                and isinstance(spec, CatchingEvent)
                and self._outside(spec.event_definition)
            ):
                found.setdefault(spec.name, []).append(task)
        for name, tasks in found.items():
            found[name] = sorted(tasks, key=_index)
        return found

    @staticmethod
    def _outside(definition):
        return isinstance(definition, MessageEventDefinition | SignalEventDefinition | TimerEventDefinition)

    def act(self, name, which, element, data):
        task = self.waiting()[name][which]
        self.completed = []
        if task.state == TaskState.READY:
            task.data.update(data)
            task.run()
        elif element.event == "timer":
            task._set_internal_data(event_fired=True)
            task.task_spec._update(task)
        else:
            kind = MessageEventDefinition if element.event == "message" else SignalEventDefinition
            self.workflow.catch(BpmnEvent(kind(element.message or element.code)))
        self._go_on()

    def _go_on(self):
        self.workflow.do_engine_steps(
            did_complete_task=lambda task: self.completed.append(task.task_spec.name)
        )

    @property
    def ended(self):
        return self.workflow.completed

    @property
    def data(self):
        return self.workflow.last_task.data


def _index(task):
    """The rounds that a task is in, the outermost first."""
    rounds = []
    while task is not None:
        index = task.internal_data.get("key_or_index")
        index = task.internal_data.get("item") if index is None else index
        rounds += [] if index is None else [index]
        around = getattr(task.workflow, "parent_task_id", None)
        task = around and task.workflow.top_workflow.get_task_from_id(around)
    return rounds[::-1]
