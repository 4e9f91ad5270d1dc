"""Our own reading of a diagram: what the analyst drew, as plain data.

One file holds one process. SpiffWorkflow never sees the XML; `parser.py` builds its specs from these.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from engine.runtime import xml
from engine.runtime.allowed import BPMN, LOOPS, MC
from engine.runtime.errors import BadVariable, DiagramRefused, at
from engine.runtime.grammar import check_words, event_of, is_handler, problem, reference_of, variable_of
from engine.runtime.references import check_document, link_name, named, nodes_of, scopes_of

#: BPMN tag -> kind; a service task and an event say more inside.
KINDS = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "user",
    "manualTask": "user",
    "serviceTask": "service",
    "businessRuleTask": "engine",
    "sendTask": "throw",
    "receiveTask": "message",
    "exclusiveGateway": "xor",
    "inclusiveGateway": "or",
    "parallelGateway": "and",
    "eventBasedGateway": "events",
    "callActivity": "call",
    "subProcess": "sub",
    "intermediateThrowEvent": "throw",
}

#: The engine topic of a business rule task.
ASKS = "decision.evaluate"


@dataclass(frozen=True, kw_only=True)
class Loop:
    """How an activity is done several times; every text is FEEL or the name of a variable."""

    #: parallel | sequential | while
    kind: str
    #: how many times
    count: str = ""
    #: the list with one item for each time, and the variable that holds the item
    items: str = ""
    item: str = ""
    #: the variable that each time leaves behind, and the list of all of them
    output: str = ""
    outputs: str = ""
    #: enough when this holds, after each time
    until: str = ""
    #: while: again as long as this holds
    condition: str = ""
    #: while: asked before the first time too
    test_first: bool = False
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Element:
    """A flow node: one row of the analyst's table."""

    id: str
    #: start | end | user | service | engine | throw | xor | or | and | events | message | timer | signal | error |
    #: escalation | conditional | link | call | sub | handler (an event sub-process)
    #: (a boundary event is a message, timer, signal, error or escalation with `attached_to`)
    kind: str
    name: str = ""
    #: lane code ("reception"); "" where the diagram has no lanes
    lane: str = ""
    form: str = ""
    topic: str = ""
    #: id of the decision that a business rule task asks, and the routing variable that keeps its value, if any
    decision: str = ""
    variable: str = ""
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
    #: what a start, end, throw or catch is about: message, timer, signal, error, escalation, conditional, terminate,
    #: link
    event: str = ""
    #: name of the message that it waits for or throws
    message: str = ""
    #: name of the variable that says which of those who send or wait for this message belong together
    key: str = ""
    #: name of the signal or link, code of the error or escalation; "" on a catch: any
    code: str = ""
    #: FEEL text of a conditional event
    condition: str = ""
    #: ISO 8601 text of a timer, for other tools; ours read limit, rule and at
    duration: str = ""
    #: process id of the called part
    called: str = ""
    loop: Loop | None = None
    #: a task, which may bear boundary events, where its kind alone does not say so
    task: bool = False
    attached_to: str | None = None
    #: flow that a gateway takes when no condition holds
    default: str | None = None
    #: id of the sub-process that it is drawn in; "" = the process itself
    scope: str = ""
    #: ids of the flows out of it, in the order of the document
    outgoing: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    #: 1-based line in the file
    line: int = 0

    def key_among(self, variables: Mapping[str, Any]) -> str | None:
        """The key of a message that it sends or waits for; None when it names no variable."""
        if not self.key:
            return None
        value = variables.get(self.key)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise BadVariable(**at(self, variable=self.key))
        return str(value)


@dataclass(frozen=True)
class Flow:
    """A sequence flow; a condition is FEEL text. A pair of links is a flow too: its id begins with ":"."""

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
    """One process as drawn, its sub-processes included. `elements` and `flows` keep the order of the document."""

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

    def inside(self, scope: str) -> "Model":
        """What is drawn directly in a sub-process; "" is the process itself."""
        elements = {name: one for name, one in self.elements.items() if one.scope == scope}
        flows = {name: flow for name, flow in self.flows.items() if flow.source in elements}
        return replace(self, elements=elements, flows=flows)

    def scopes(self) -> Iterator[tuple[str, "Model"]]:
        """The process ("") and each sub-process (its id) by itself."""
        yield "", self.inside("")
        for one in self.elements.values():
            if one.kind in ("sub", "handler"):
                yield one.id, self.inside(one.id)


def document(data: bytes) -> etree._Element:
    """The root of a BPMN file, whoever made it. Raises DiagramRefused for anything else."""
    root = xml.read(data)
    if root.tag != f"{BPMN}definitions":
        raise DiagramRefused((problem("not_bpmn", root, "Tệp không phải là sơ đồ BPMN 2.0."),))
    return root


def read_model(data: bytes, *, stored: bool = False) -> Model:
    """The one process of a file; everything that we do not know by name is refused.

    `stored`: of a version that was let in. What is refused since then does not stop the dossiers on it.
    """
    root = document(data)
    problems = [] if stored else [*check_words(root), *check_document(root)]
    if problems:
        raise DiagramRefused(tuple(problems))
    process = root.find(f"{BPMN}process")
    names = {one.get("id"): named(one) for one in root if one.get("id")}
    lanes = _lanes(process)
    lane_of = {element: lane.code for lane in lanes for element in lane.elements}
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    for scope in scopes_of(process):
        inside = "" if scope is process else scope.get("id")
        if inside and inside in lane_of:
            for name in nodes_of(scope):
                lane_of.setdefault(name, lane_of[inside])
        own = {flow.id: flow for flow in (*map(_flow, scope.iterfind(f"{BPMN}sequenceFlow")), *_links(scope))}
        ways = _ways(own.values())
        elements |= {
            name: _element(node, inside, lane_of, names, ways[name]) for name, node in nodes_of(scope).items()
        }
        flows |= own
    return Model(process.get("id"), process.get("name", ""), elements, flows, lanes, process.sourceline or 0)


@dataclass
class Ways:
    """Ids of the flows at one element, in the order of the document."""

    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)


def _ways(flows: Iterable[Flow]) -> Mapping[str, Ways]:
    found: dict[str, Ways] = defaultdict(Ways)
    for flow in flows:
        found[flow.source].outgoing.append(flow.id)
        found[flow.target].incoming.append(flow.id)
    return found


def _element(
    node: etree._Element,
    scope: str,
    lane_of: Mapping[str, str],
    names: Mapping[str, str],
    ways: Ways,
) -> Element:
    step = node.find(f"{BPMN}extensionElements/{MC}step")
    said = dict(step.attrib) if step is not None else {}
    tag, event, own = node.tag.removeprefix(BPMN), event_of(node), node.get("id")
    name = names.get(reference_of(node) or "", "")
    return Element(
        id=own,
        kind=_kind(node, said.get("kind", "")),
        name=node.get("name", ""),
        lane=lane_of.get(own, ""),
        form=said.get("form", ""),
        topic=said.get("topic", "") or (ASKS if tag == "businessRuleTask" else ""),
        decision=said.get("decision", ""),
        variable=said.get("variable", ""),
        status=said.get("status") or None,
        limit=said.get("limit", ""),
        rule=said.get("rule", ""),
        at=said.get("at", "") or _text(node, "timerEventDefinition", "timeDate"),
        paper=said.get("paper", ""),
        article=said.get("article", ""),
        event=event,
        message=name if event == "message" else "",
        key=said.get("key", ""),
        code=link_name(node) if event == "link" else "" if event == "message" else name,
        condition=_text(node, "conditionalEventDefinition", "condition"),
        duration=_text(node, "timerEventDefinition", "timeDuration"),
        called=node.get("calledElement", ""),
        loop=_loop(node),
        task=tag == "receiveTask",
        attached_to=node.get("attachedToRef"),
        default=node.get("default"),
        scope=scope,
        outgoing=tuple(ways.outgoing),
        incoming=tuple(ways.incoming),
        line=node.sourceline or 0,
    )


def _kind(node: etree._Element, said: str) -> str:
    tag, event = node.tag.removeprefix(BPMN), event_of(node)
    if is_handler(node):
        return "handler"
    if tag == "serviceTask" and said == "engine":
        return "engine"
    if tag in ("intermediateCatchEvent", "boundaryEvent") or event == "link":
        return event
    return KINDS[tag]


def _text(node: etree._Element, *path: str) -> str:
    return (node.findtext("/".join(f"{BPMN}{name}" for name in path)) or "").strip()


def _loop(node: etree._Element) -> Loop | None:
    instances, standard = (node.find(f"{BPMN}{name}") for name in LOOPS)
    if standard is not None:
        most = standard.get("loopMaximum")
        return Loop(
            kind="while",
            condition=_text(standard, "loopCondition"),
            test_first=standard.get("testBefore") == "true",
            most=int(most) if most else None,
        )
    if instances is None:
        return None

    def variable(tag: str) -> str:
        found = instances.find(f"{BPMN}{tag}")
        return "" if found is None else variable_of(found)

    return Loop(
        kind="sequential" if instances.get("isSequential") == "true" else "parallel",
        count=_text(instances, "loopCardinality"),
        items=variable("loopDataInputRef"),
        item=variable("inputDataItem"),
        output=variable("outputDataItem"),
        outputs=variable("loopDataOutputRef"),
        until=_text(instances, "completionCondition"),
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


def _links(scope: etree._Element) -> Iterator[Flow]:
    """A flow from each throwing link to the catching one of its name."""
    links = [node for node in nodes_of(scope).values() if event_of(node) == "link"]
    into = {link_name(node): node for node in links if node.tag == f"{BPMN}intermediateCatchEvent"}
    for node in links:
        target = into[link_name(node)]
        if node is not target:
            yield Flow(f":{node.get('id')}", node.get("id"), target.get("id"), line=node.sourceline or 0)


def _lanes(process: etree._Element) -> tuple[Lane, ...]:
    lanes = []
    for node in process.iterfind(f"{BPMN}laneSet/{BPMN}lane"):
        said = node.find(f"{BPMN}extensionElements/{MC}lane")
        refs = tuple((ref.text or "").strip() for ref in node.findall(f"{BPMN}flowNodeRef"))
        lanes.append(Lane(said.get("code", ""), node.get("name", ""), refs))
    return tuple(lanes)
