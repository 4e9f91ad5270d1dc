"""What is to be drawn: nodes, flows and lanes of one process, without coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TASKS = frozenset(
    {"task", "userTask", "serviceTask", "manualTask", "scriptTask", "sendTask", "receiveTask"}
    | {"businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"}
)
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


@dataclass(frozen=True)
class Node:
    """One element of the process; a boundary event names the task it is attached to."""

    id: str
    tag: str
    name: str
    lane: int
    host: str | None = None

    @property
    def is_gateway(self) -> bool:
        return self.tag in GATEWAYS

    @property
    def is_event(self) -> bool:
        return self.tag in EVENTS

    @property
    def size(self) -> tuple[int, int]:
        """Width and height on paper."""
        if self.is_gateway:
            return 50, 50
        return (36, 36) if self.is_event else (100, 80)


@dataclass(frozen=True)
class Flow:
    """One sequence flow."""

    id: str
    source: str
    target: str
    name: str


@dataclass
class Sheet:
    """A process as a graph. Order is the order of the file: the first or the default way out is the usual one."""

    process: str
    pool: str | None
    pool_name: str
    lanes: list[str | None]
    lane_names: list[str]
    nodes: dict[str, Node]
    flows: list[Flow]
    default: dict[str, str] = field(default_factory=dict)

    @cached_property
    def inner(self) -> list[Node]:
        """The nodes that take a place of their own (all but boundary events)."""
        return [n for n in self.nodes.values() if n.host is None]

    def place_of(self, node: str) -> str:
        """The node whose place this node stands in: itself, or its host."""
        return self.nodes[node].host or node

    def boundary_port(self, event: Node) -> int:
        """Where on the lower edge a boundary event sits: 1 right, -1 left, 0 in the middle."""
        mates = [n.id for n in self.nodes.values() if n.host == event.host]
        return (1, -1, 0)[mates.index(event.id) % 3]

    @cached_property
    def leaving(self) -> dict[str, list[Flow]]:
        """Flows that leave each place, the usual way first."""
        ways: dict[str, list[Flow]] = {n.id: [] for n in self.inner}
        for flow in self.flows:
            ways[self.place_of(flow.source)].append(flow)
        for flows in ways.values():
            flows.sort(
                key=lambda f: (self.nodes[f.source].host is not None, f.id != self.default.get(f.source))
            )
        return ways

    @cached_property
    def main_line(self) -> list[str]:
        """The usual way from the start to an end: one straight line through the drawing."""
        starts = [n.id for n in self.inner if n.tag == "startEvent"] or [n.id for n in self.inner[:1]]
        line = starts[:1]
        while line:
            onward = [f.target for f in self.leaving[line[-1]] if f.target not in line]
            if not onward:
                break
            line.append(onward[0])
        return line

    @cached_property
    def back_flows(self) -> frozenset[str]:
        """Flows that close a loop. Walked from the start, branches in the order in which they leave the main line."""
        onward: dict[str, set[str]] = {n.id: set() for n in self.inner}
        onward |= {a: {b} for a, b in pairwise(self.main_line)}
        back, seen = set(), set(self.main_line)
        stack = [n.id for n in reversed(self.inner)] + self.main_line[::-1]
        walked: set[str] = set()
        while stack:
            node = stack.pop()
            if node in walked:
                continue
            walked.add(node)
            for flow in self.leaving[node]:
                if flow.target not in seen:
                    seen.add(flow.target)
                    stack.append(flow.target)
                if _leads_to(onward, flow.target, node):
                    back.add(flow.id)
                else:
                    onward[node].add(flow.target)
        return frozenset(back)

    @cached_property
    def sent_back(self) -> frozenset[str]:
        """Nodes that do nothing but lead back (a short way): they are drawn above the line."""
        found: set[str] = set()
        for _ in range(2):
            for node in self.inner:
                ways = self.leaving[node.id]
                leads_back = ways and all(f.id in self.back_flows or f.target in found for f in ways)
                if leads_back and node.id not in self.main_line and not node.is_event:
                    found.add(node.id)
        waits = {n.id for n in self.inner if n.tag == "eventBasedGateway"}
        return frozenset(found - waits)


def _leads_to(onward: dict[str, set[str]], start: str, goal: str) -> bool:
    reached, stack = set(), [start]
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        if node not in reached:
            reached.add(node)
            stack.extend(onward[node])
    return False


def read(root: etree._Element) -> Sheet:
    """The process of a BPMN file as a sheet."""
    process = root.find(f"{{{BPMN}}}process")
    lanes: list[str | None] = []
    lane_names: list[str] = []
    lane_of: dict[str, int] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        if lane.find(f"{{{BPMN}}}childLaneSet") is not None:
            continue
        for ref in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
            lane_of[(ref.text or "").strip()] = len(lanes)
        lanes.append(lane.get("id"))
        lane_names.append(lane.get("name", ""))
    nodes: dict[str, Node] = {}
    flows: list[Flow] = []
    default: dict[str, str] = {}
    for element in process.iterchildren(etree.Element):
        tag, key, name = etree.QName(element).localname, element.get("id", ""), element.get("name", "")
        if tag == "sequenceFlow":
            flows.append(Flow(key, element.get("sourceRef"), element.get("targetRef"), name))
        elif tag in TASKS | GATEWAYS | EVENTS:
            nodes[key] = Node(key, tag, name, lane_of.get(key, 0), element.get("attachedToRef"))
            if element.get("default"):
                default[key] = element.get("default")
    pool = root.find(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant[@processRef='{process.get('id')}']")
    return Sheet(
        process=process.get("id"),
        pool=None if pool is None else pool.get("id"),
        pool_name="" if pool is None else pool.get("name", ""),
        lanes=lanes or [None],
        lane_names=lane_names or [""],
        nodes=nodes,
        flows=[f for f in flows if f.source in nodes and f.target in nodes],
        default=default,
    )
