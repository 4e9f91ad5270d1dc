"""Plain SpiffWorkflow in memory: its own parser, workflow and order, driven like our machine.

Only what the outside gives is replaced: FEEL for expressions (it would run them as Python), and timers fire when told.
"""

import io
import re

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import TaskParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.dmn.parser import BpmnDmnParser
from SpiffWorkflow.dmn.specs import BusinessRuleTaskMixin
from SpiffWorkflow.util.task import TaskState

import feel
from engine.runtime.allowed import BPMN, MC
from tests.engine.runtime.random_rules import counted


def said(node, name):
    """What an element says in our own words; SpiffWorkflow has words of its own for the same."""
    step = node.find(f"{BPMN}extensionElements/{MC}step")
    return "" if step is None else step.get(name, "")


class EngineTask(ServiceTask):
    """Done at once, by what stands outside of SpiffWorkflow."""

    def __init__(self, spec, name, topic, **more):
        super().__init__(spec, name, **more)
        self.topic = topic

    def _execute(self, task):
        task.data.update(counted(self.topic, task.data))
        return True


class RuleTask(BusinessRuleTaskMixin, BpmnSpecMixin):
    pass


class ServiceParser(TaskParser):
    def create_task(self):
        if said(self.node, "kind") == "engine":
            return EngineTask(self.spec, self.bpmn_id, said(self.node, "topic"), **self.bpmn_attributes)
        return super().create_task()


class RuleParser(TaskParser):
    @staticmethod
    def get_decision_ref(node):
        return said(node, "decision")

    def create_task(self):
        engine = self.process_parser.parser.get_engine(self.get_decision_ref(self.node), self.node)
        return self.spec_class(self.spec, self.bpmn_id, dmnEngine=engine, **self.bpmn_attributes)


class Parser(BpmnDmnParser):
    OVERRIDE_PARSER_CLASSES = {
        f"{BPMN}serviceTask": (ServiceParser, UserTask),
        f"{BPMN}businessRuleTask": (RuleParser, RuleTask),
    }


class Feel(TaskDataEnvironment):
    """FEEL in place of Python, and of Python's `==`, which the library itself writes around the cells of a table."""

    def evaluate(self, expression, context, external_context=None):
        if re.fullmatch(r"P\w+", expression):
            return expression
        return feel.evaluate(expression.replace(") == (", ") = ("), {**context, **(external_context or {})})


class PlainSpiff:
    def __init__(self, main, parts, tables=None):
        parser = Parser()
        for name, data in (tables or {}).items():
            parser.add_dmn_xml(_own_table(name, data))
        for data in (main, *parts.values()):
            parser.add_bpmn_io(io.BytesIO(_with_keys(data)))
        self.workflow = BpmnWorkflow(
            parser.get_spec("demo"), parser.get_subprocess_specs("demo"), script_engine=PythonScriptEngine(Feel())
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
        elif element.event == "message":
            self.workflow.catch(_message(element.message, data, element.key, data.get(element.key)))
        else:
            self.workflow.catch(BpmnEvent(SignalEventDefinition(element.code)))
        self._go_on()

    def receive(self, message, key="", value=None):
        """A message that brings no more than its key, to whoever waits for it."""
        self.completed = []
        self.workflow.catch(_message(message, {key: value} if key else {}, key, value))
        self._go_on()

    def hearers(self, message, key, value):
        """The tasks that a message under a key is for."""
        event = _message(message, {key: value}, key, value)
        return [task for tasks in self.waiting().values() for task in tasks if self._catches(task, event)]

    @staticmethod
    def _catches(task, event):
        return task.state == TaskState.WAITING and task.task_spec.catches(task, event)

    def thrown(self):
        """(message, key) of what the outside is to be told, since it was asked last."""
        told = [one for one in self.workflow.get_events() if isinstance(one.event_definition, MessageEventDefinition)]
        return [
            (one.event_definition.name, next((value for key in one.correlations.values() for value in key.values()), None))
            for one in told
        ]

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


def _message(name, payload, key, value):
    return BpmnEvent(MessageEventDefinition(name), payload=payload, correlations={key: {key: value}} if key else {})


def _own_table(name, data):
    """A document as SpiffWorkflow reads it: every cell has an id, and each of several outputs says to what it belongs."""
    root = etree.fromstring(data)
    for number, cell in enumerate(root.iter("{*}inputEntry", "{*}outputEntry")):
        cell.set("id", f"cell{number}")
    outputs = list(root.iter("{*}output"))
    for output in outputs if len(outputs) > 1 else ():
        output.set("name", f"{name}.{output.get('name')}")
    return root


def _with_keys(data):
    """Our `key` of a message as the correlation that BPMN has for it."""
    root = etree.fromstring(data)
    keys = {(_message_of(one), said(one, "key")) for one in root.iter(f"{BPMN}*") if said(one, "key")}
    for key in {key for _, key in keys}:
        held = etree.SubElement(root, f"{BPMN}correlationProperty", id=key, name=key)
        for message in sorted(message for message, of in keys if of == key):
            found = etree.SubElement(held, f"{BPMN}correlationPropertyRetrievalExpression", messageRef=message)
            etree.SubElement(found, f"{BPMN}messagePath").text = key
        around = etree.SubElement(etree.SubElement(root, f"{BPMN}collaboration"), f"{BPMN}correlationKey", name=key)
        etree.SubElement(around, f"{BPMN}correlationPropertyRef").text = key
    return etree.tostring(root)


def _message_of(node):
    return node.get("messageRef") or node.find(f"{BPMN}messageEventDefinition").get("messageRef")
