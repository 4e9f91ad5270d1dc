"""S: the diagram as a graph and as a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise

from engine.catalog.branches import readings
from engine.catalog.bundle import process_id
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import on, rule
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.unfolded import Node
from engine.catalog.lint.variables import ENGINE_TOPICS, LANES, SERVICE_TOPICS
from engine.runtime import xml
from engine.runtime.model import Element, Model

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_GENERATED = re.compile(r"(?:Activity|Gateway|Event|Flow|StartEvent|EndEvent)_[0-9a-z]{5,}", re.IGNORECASE)


@rule("S01", "E", "Mỗi gói là một quy trình mang mã của thủ tục")
def is_named_after_its_bundle(subject: Subject) -> Iterator[Finding]:
    model, wanted = subject.drawn, process_id(subject.bundle.code)
    if model.process_id != wanted:
        first = next(iter(model.elements.values()))
        yield on(first, f"Mã quy trình là “{model.process_id}”, phải là “{wanted}” theo tên gói.")


@rule("S04", "E", "Không vòng lặp nào thiếu lối ra")
def every_loop_waits_for_somebody(subject: Subject) -> Iterator[Finding]:
    ways = {node: [there for there, _ in after] for node, after in subject.walk.graph.ways.items()}
    busy = {
        node: [there for there in after if not there.waits] for node, after in ways.items() if not node.waits
    }
    for loop in _loops(busy):
        node = min(loop, key=lambda one: one.element.line)
        yield on(
            node.element,
            f"Vòng lặp qua “{node.element.name or node.id}” không có bước nào chờ người hoặc chờ hẹn.",
            of=_part(subject, node),
        )
    for loop in _loops(ways):
        for node in loop:
            if node.element.kind == "and":
                yield on(
                    node.element,
                    f"Vòng lặp đi qua cổng song song “{node.element.name or node.id}”.",
                    of=_part(subject, node),
                )


def _part(subject: Subject, node: Node) -> str:
    return "" if node.process == subject.drawn.process_id else node.process


def _loops(ways: Mapping[Node, Iterable[Node]]) -> list[set[Node]]:
    """Strongly connected sets with a way inside (Tarjan, without recursion)."""
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    found: list[set[Node]] = []
    for root in ways:
        if root in order:
            continue
        work = [(root, iter(ways[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        while work:
            node, after = work[-1]
            following = next((one for one in after if one in ways), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = set(stack[stack.index(node) :])
                    del stack[stack.index(node) :]
                    if len(group) > 1 or node in ways[node]:
                        found.append(group)
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                work.append((following, iter(ways[following])))
            elif following in stack:
                low[node] = min(low[node], order[following])
    return found


@rule("S06", "E", "OMG BPMN 2.0: cổng song song")
def parallel_branches_are_closed_blocks(subject: Subject) -> Iterator[Finding]:
    for split, branches in parallel_blocks(subject.drawn):
        joins = {join.id for branch in branches for join in branch if _is_join(join)}
        if len(joins) != 1 or any(not any(_is_join(one) for one in branch) for branch in branches):
            yield on(
                split, f"Các nhánh song song từ “{split.name or split.id}” không gặp lại nhau ở một cổng."
            )
        for one in (one for branch in branches for one in branch):
            if one.kind == "end":
                yield on(one, f"Điểm kết thúc “{one.name}” nằm trong nhánh song song.")
            if one.attached_to:
                yield on(one, f"Sự kiện biên “{one.name}” rời khỏi nhánh song song.")
            if one.called in {"request_supplement", "pay"}:
                yield on(one, f"Không gọi phần “{one.called}” trong nhánh song song.")
        for first, second in combinations(branches, 2):
            for name in sorted(_given(subject, first) & _given(subject, second)):
                yield on(split, f"Hai nhánh song song cùng ghi biến “{name}”.")
    given = {one.id: _given(subject, [one]) for one in subject.drawn.elements.values()}
    for reading in readings(subject.drawn):
        at = subject.drawn.flows.get(reading.at) or subject.drawn.elements[reading.at]
        beside, own = (set[str]().union(*(given[one.id] for one in of)) for of in (reading.beside, reading.own))
        for name in sorted(reading.names & beside - own):
            yield on(at, f"Đọc biến “{name}” mà nhánh song song ghi: chỉ thấy được sau chỗ các nhánh gặp lại nhau.")


def parallel_blocks(model: Model) -> Iterator[tuple[Element, list[list[Element]]]]:
    """Each splitting gateway with its branches, up to and with the join."""
    for split in model.elements.values():
        if split.kind == "and" and len(split.outgoing) > 1:
            yield split, [_branch(model, model.flows[flow].target) for flow in split.outgoing]


def _is_join(element: Element) -> bool:
    return element.kind == "and" and len(element.incoming) > 1


def _branch(model: Model, first: str) -> list[Element]:
    """The elements from a split's flow up to and with the join."""
    found: dict[str, Element] = {}
    todo = [first]
    while todo:
        one = model.elements[todo.pop()]
        if one.id in found:
            continue
        found[one.id] = one
        if not _is_join(one):
            todo += [model.flows[flow].target for flow in one.outgoing]
            todo += [event.id for event in model.boundaries(one.id)]
    return list(found.values())


def _given(subject: Subject, branch: Iterable[Element]) -> set[str]:
    """What a branch writes: by a form, a topic, a decision or a part."""
    elements = list(branch)
    forms = {one.form for one in elements if one.form}
    given = {name for name, fields in subject.routes.items() if any(field.form in forms for field in fields)}
    for one in elements:
        given |= ENGINE_TOPICS.get(one.topic, set()) | SERVICE_TOPICS.get(one.topic, set())
        if one.called in subject.parts:
            given |= set(subject.parts[one.called].record.get("out", ()))
    return given | {one.variable for one in elements if one.variable}


@rule("S08", "W", "bpmn/README.md")
def is_named_as_the_guide_says(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if not _ID.fullmatch(one.id) or _GENERATED.fullmatch(one.id):
            yield on(one, f"Mã “{one.id}” không phải là động từ tiếng Anh dạng snake_case.")
        if not one.name and one.kind not in {"and", "events"}:
            yield on(one, f"Phần tử “{one.id}” chưa có tên tiếng Việt.")
        if one.kind == "xor" and len(one.outgoing) > 1 and not one.name.endswith("?"):
            yield on(one, f"Tên cổng “{one.name}” phải là một câu hỏi.")
    for flow in subject.drawn.flows.values():
        if flow.condition and not flow.name:
            yield on(flow, "Luồng ra khỏi cổng chưa có câu trả lời làm tên.")


@rule("S08", "W", "bpmn/README.md")
def is_drawn_whole_and_on_the_grid(subject: Subject) -> Iterator[Finding]:
    root = xml.read(subject.bundle.diagram)
    shapes = {shape.get("bpmnElement"): shape for shape in root.iter(f"{_DI}BPMNShape")}
    edges = {edge.get("bpmnElement") for edge in root.iter(f"{_DI}BPMNEdge")}
    for one in subject.drawn.elements.values():
        bounds = shapes[one.id].find(f"{_DC}Bounds") if one.id in shapes else None
        if bounds is None:
            yield on(one, f"“{one.name or one.id}” chưa được vẽ (không có hình).")
            continue
        left, top, width, height = (float(bounds.get(key, "0")) for key in ("x", "y", "width", "height"))
        middle = (left + width / 2, top + height / 2)
        if any(value % 10 for value in middle) and any(value % 10 for value in (left, top)):
            yield on(one, f"“{one.name or one.id}” không nằm trên lưới 10.")
    for flow in subject.drawn.flows.values():
        if flow.id not in edges and not flow.id.startswith(":"):  # a pair of links is drawn as two events
            yield on(flow, f"Luồng “{flow.name or flow.id}” chưa được vẽ.")


@rule("S08", "W", "bpmn/README.md")
def lanes_stand_in_order(subject: Subject) -> Iterator[Finding]:
    known = [lane for lane in subject.drawn.lanes if lane.code in LANES]
    order = list(LANES)
    for above, below in pairwise(known):
        if order.index(above.code) > order.index(below.code):
            element = subject.drawn.elements[below.elements[0]] if below.elements else None
            if element:
                yield on(element, f"Làn “{below.name}” phải đứng trên làn “{above.name}”.")
