"""Our own reading of a diagram: what the analyst drew, as plain data.

One file holds one process. SpiffWorkflow never sees the XML; `parser.py` builds its specs from these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime import xml
from engine.runtime.errors import DiagramRefused
from engine.runtime.grammar import BPMN, MC, check_vocabulary, event_of

#: BPMN tag -> kind; a service task and an event say more inside.
KINDS = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "user",
    "serviceTask": "service",
    "exclusiveGateway": "xor",
    "parallelGateway": "and",
    "eventBasedGateway": "events",
    "callActivity": "call",
    "intermediateThrowEvent": "throw",
}


@dataclass(frozen=True, kw_only=True)
class Element:
    """A flow node: one row of the analyst's table."""

    id: str
    #: start | end | user | service | engine | throw | xor | and | events | message | timer | call
    #: (a boundary event is a message or timer with `attached_to`)
    kind: str
    name: str = ""
    #: lane code ("reception"); "" where the diagram has no lanes
    lane: str = ""
    form: str = ""
    topic: str = ""
    #: national status on entry, in our words; None = unchanged
    status: str | None = None
    #: "8 wh" working hours, "3 wd" working days, "15 d" calendar days, "2 h" clock hours
    limit: str = ""
    #: T01..T15, L01..: the rule that the limit comes from
    rule: str = ""
    #: name of the variable that holds the due instant
    at: str = ""
    #: 01..07, receipt, result
    paper: str = ""
    article: str = ""
    #: name of the message that it waits for or throws
    message: str = ""
    #: ISO 8601 text of a timer, for other tools; ours read limit, rule and at
    duration: str = ""
    #: process id of the called part
    called: str = ""
    attached_to: str | None = None
    #: flow that an exclusive gateway takes when no condition holds
    default: str | None = None
    #: ids of the flows out of it, in the order of the document
    outgoing: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    #: 1-based line in the file
    line: int = 0


@dataclass(frozen=True)
class Flow:
    """A sequence flow; a condition is FEEL text."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Lane:
    """Who is responsible for a set of elements."""

    code: str
    name: str
    elements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """One process as drawn. `elements` and `flows` keep the order of the document."""

    process_id: str
    name: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...] = ()
    line: int = field(default=0, compare=False)

    def boundaries(self, element_id: str) -> tuple[Element, ...]:
        """Boundary events on an element, in the order of the document."""
        return tuple(one for one in self.elements.values() if one.attached_to == element_id)

    def after(self, element: Element) -> tuple[Element, ...]:
        """The elements that its flows lead to, in the order of the document."""
        return tuple(self.elements[self.flows[flow].target] for flow in element.outgoing)


def read_model(data: bytes) -> Model:
    """The one process of a file; everything that we do not know by name is refused."""
    root = xml.read(data)
    problems = check_vocabulary(root)
    if problems:
        raise DiagramRefused(tuple(problems))
    process = root.find(f"{BPMN}process")
    messages = {one.get("id"): one.get("name") for one in root.findall(f"{BPMN}message")}
    lanes = _lanes(process)
    lane_of = {element: lane.code for lane in lanes for element in lane.elements}
    flows = {flow.id: flow for flow in (_flow(node) for node in process.findall(f"{BPMN}sequenceFlow"))}
    elements = {}
    for node in process:
        if node.tag.removeprefix(BPMN) in KINDS or event_of(node):
            element = _element(node, lane_of, messages, flows)
            elements[element.id] = element
    return Model(process.get("id"), process.get("name", ""), elements, flows, lanes, process.sourceline or 0)


def _element(
    node: etree._Element,
    lane_of: Mapping[str, str],
    messages: Mapping[str, str],
    flows: Mapping[str, Flow],
) -> Element:
    step = node.find(f"{BPMN}extensionElements/{MC}step")
    said = dict(step.attrib) if step is not None else {}
    event = event_of(node)
    kind = KINDS.get(node.tag.removeprefix(BPMN)) or event or ""
    if kind == "service" and said.get("kind") == "engine":
        kind = "engine"
    own = node.get("id")
    definition = node.find(f"{BPMN}messageEventDefinition")
    duration = node.findtext(f"{BPMN}timerEventDefinition/{BPMN}timeDuration", "")
    return Element(
        id=own,
        kind=kind,
        name=node.get("name", ""),
        lane=lane_of.get(own, ""),
        form=said.get("form", ""),
        topic=said.get("topic", ""),
        status=said.get("status") or None,
        limit=said.get("limit", ""),
        rule=said.get("rule", ""),
        at=said.get("at", ""),
        paper=said.get("paper", ""),
        article=said.get("article", ""),
        message=messages.get(definition.get("messageRef"), "") if definition is not None else "",
        duration=duration.strip(),
        called=node.get("calledElement", ""),
        attached_to=node.get("attachedToRef"),
        default=node.get("default"),
        outgoing=tuple(flow.id for flow in flows.values() if flow.source == own),
        incoming=tuple(flow.id for flow in flows.values() if flow.target == own),
        line=node.sourceline or 0,
    )


def _flow(node: etree._Element) -> Flow:
    condition = node.findtext(f"{BPMN}conditionExpression")
    return Flow(
        node.get("id"),
        node.get("sourceRef", ""),
        node.get("targetRef", ""),
        node.get("name", ""),
        condition.strip() if condition is not None else None,
        node.sourceline or 0,
    )


def _lanes(process: etree._Element) -> tuple[Lane, ...]:
    lanes = []
    for node in process.iterfind(f"{BPMN}laneSet/{BPMN}lane"):
        said = node.find(f"{BPMN}extensionElements/{MC}lane")
        refs = tuple((ref.text or "").strip() for ref in node.findall(f"{BPMN}flowNodeRef"))
        lanes.append(Lane(said.get("code", ""), node.get("name", ""), refs))
    return tuple(lanes)
