"""The allow-list of a diagram: which element, with which event, attribute and child, is proved to run right.

Fails closed. What is not named here is refused with its id, line and reason, because SpiffWorkflow and other
engines silently ignore much of BPMN: a signal end that sends nothing, a condition on a flow that leaves a task,
an island that is never parsed. Every row has a conformance test.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.runtime.errors import Problem

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
MC = "{urn:motcua:bpmn:1}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

#: NCName without the marks that our own names use; engines reserve ids that begin with "_".
ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}\Z")
#: Names of nodes that SpiffWorkflow adds to every process.
RESERVED = frozenset({"Start", "End", "Root"})
LIMIT = re.compile(r"\d+(\.\d+)? (wh|wd|d|h)\Z")
RULE = re.compile(r"[A-Z]\d\d\Z")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*\Z")
#: 1 second to 50 years; an engine of another maker reads it, ours reads limit, rule and `at`.
DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?\Z")

STATUSES = frozenset(
    """registered accepted not_accepted in_process awaiting_supplement awaiting_payment
    withdrawn stopped decided handed_over""".split()
)

FALSE, TRUE = frozenset({"false"}), frozenset({"true"})
#: Attributes that any node may bear; a set says which values do no more than the default.
ANY: Mapping[str, frozenset[str] | None] = {"id": None, "name": None}
ACTIVITY = {
    **ANY,
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "isForCompensation": FALSE,
}
GATEWAY = {**ANY, "gatewayDirection": None}
SAID = frozenset({"status", "limit", "rule", "paper", "article"})


@dataclass(frozen=True)
class Allowed:
    """What an XML element may hold."""

    attributes: Mapping[str, frozenset[str] | None]
    children: frozenset[str] = frozenset()
    #: attributes of its `mc:step`; None = it is no flow node and bears none
    step: frozenset[str] | None = None


def _node(attributes: Mapping[str, frozenset[str] | None], *events: str, step: frozenset[str]) -> Allowed:
    children = {"documentation", "extensionElements", "incoming", "outgoing", *events}
    return Allowed(attributes, frozenset(children), step)


MESSAGE, TIMER = "messageEventDefinition", "timerEventDefinition"

NODES: Mapping[str, Allowed] = {
    "startEvent": _node({**ANY, "isInterrupting": TRUE, "parallelMultiple": FALSE}, step=SAID),
    "endEvent": _node(ANY, step=SAID),
    "userTask": _node(ACTIVITY, step=SAID | {"form"}),
    "serviceTask": _node(ACTIVITY, step=SAID | {"topic", "kind"}),
    "callActivity": _node({**ACTIVITY, "calledElement": None}, step=SAID),
    "exclusiveGateway": _node({**GATEWAY, "default": None}, step=SAID),
    "parallelGateway": _node(GATEWAY, step=SAID),
    "eventBasedGateway": _node(
        {**GATEWAY, "instantiate": FALSE, "eventGatewayType": frozenset({"Exclusive"})}, step=SAID
    ),
    "intermediateCatchEvent": _node({**ANY, "parallelMultiple": FALSE}, MESSAGE, TIMER, step=SAID | {"at"}),
    "intermediateThrowEvent": _node(ANY, MESSAGE, step=SAID | {"topic"}),
    "boundaryEvent": _node(
        {**ANY, "attachedToRef": None, "cancelActivity": TRUE, "parallelMultiple": FALSE},
        MESSAGE,
        TIMER,
        step=SAID | {"at"},
    ),
}

OTHERS: Mapping[str, Allowed] = {
    "definitions": Allowed(
        {
            **ANY,
            "targetNamespace": None,
            "exporter": None,
            "exporterVersion": None,
            "typeLanguage": None,
            "expressionLanguage": frozenset({"https://www.omg.org/spec/DMN/20191111/FEEL/", "feel"}),
        },
        frozenset({"message", "collaboration", "process", "documentation"}),
    ),
    "message": Allowed(ANY, frozenset({"documentation"})),
    "collaboration": Allowed(
        {**ANY, "isClosed": FALSE},
        frozenset({"participant", "documentation", "textAnnotation", "association", "group"}),
    ),
    "participant": Allowed({**ANY, "processRef": None}, frozenset({"documentation"})),
    "process": Allowed(
        {**ANY, "isExecutable": None, "isClosed": FALSE, "processType": frozenset({"None", "Private"})},
        frozenset({"laneSet", "sequenceFlow", "documentation", "textAnnotation", "association", "group"})
        | frozenset(NODES),
    ),
    "laneSet": Allowed(ANY, frozenset({"lane", "documentation"})),
    "lane": Allowed(ANY, frozenset({"extensionElements", "flowNodeRef", "documentation"})),
    "sequenceFlow": Allowed(
        {**ANY, "sourceRef": None, "targetRef": None, "isImmediate": TRUE},
        frozenset({"conditionExpression", "documentation"}),
    ),
    "conditionExpression": Allowed(
        {
            "id": None,
            XSI_TYPE: None,
            "language": frozenset({"https://www.omg.org/spec/DMN/20191111/FEEL/", "feel"}),
        }
    ),
    "messageEventDefinition": Allowed({"id": None, "messageRef": None}),
    "timerEventDefinition": Allowed({"id": None}, frozenset({"timeDuration"})),
    "timeDuration": Allowed({"id": None, XSI_TYPE: None}),
    "extensionElements": Allowed({}),
    "documentation": Allowed({"id": None, "textFormat": None}),
    "incoming": Allowed({}),
    "outgoing": Allowed({}),
    "flowNodeRef": Allowed({}),
    "textAnnotation": Allowed({"id": None, "textFormat": None}, frozenset({"text"})),
    "text": Allowed({}),
    "association": Allowed({"id": None, "sourceRef": None, "targetRef": None, "associationDirection": None}),
    "group": Allowed({"id": None, "categoryValueRef": None}),
}

ALLOWED: Mapping[str, Allowed] = {**NODES, **OTHERS}
WITH_ID = frozenset(NODES) | {"process", "sequenceFlow", "message"}
#: Children of which engines read the first or the last and forget the others.
ONCE = frozenset({"extensionElements", "conditionExpression", "timeDuration", "laneSet", "collaboration"})

#: Why some things that people do draw are refused. The rest gets the general sentence.
REASONS = {
    "scriptTask": "Không chạy mã lệnh trong sơ đồ; dùng serviceTask có chủ đề (topic).",
    "signalEventDefinition": "Sự kiện tín hiệu chưa được hỗ trợ; bộ máy sẽ âm thầm bỏ qua.",
    "compensateEventDefinition": "Sự kiện bù trừ chưa được hỗ trợ; bộ máy sẽ âm thầm bỏ qua.",
    "linkEventDefinition": "Sự kiện liên kết chưa được hỗ trợ; hãy nối bằng luồng trực tiếp.",
    "inclusiveGateway": "Cổng bao hàm chưa được hỗ trợ; dùng cổng loại trừ hoặc cổng song song.",
    "complexGateway": "Cổng phức hợp không được hỗ trợ.",
    "subProcess": "Quy trình con nhúng chưa được hỗ trợ; dùng callActivity gọi phần dùng chung.",
    "multiInstanceLoopCharacteristics": "Bước lặp nhiều bản chưa được hỗ trợ.",
    "standardLoopCharacteristics": "Bước lặp chưa được hỗ trợ; vẽ vòng lặp bằng cổng loại trừ.",
    "terminateEventDefinition": "Kết thúc cưỡng bức chưa được hỗ trợ; dùng lệnh rút hoặc dừng hồ sơ.",
    "errorEventDefinition": "Sự kiện lỗi chưa được hỗ trợ; phần được gọi trả lời bằng biến trạng thái.",
    "escalationEventDefinition": "Sự kiện leo thang chưa được hỗ trợ; dùng biến trạng thái.",
    "timeDate": "Mốc thời gian ghi bằng thuộc tính “at” của mc:step và thời lượng ISO, không bằng timeDate.",
    "timeCycle": "Hẹn giờ lặp lại chưa được hỗ trợ.",
    "cancelActivity": "Sự kiện biên không ngắt chưa được hỗ trợ: bước chính và nhánh phụ sẽ chạy song song.",
}


def event_of(node: etree._Element) -> str | None:
    """What an event waits for, "message" or "timer"; None for any other node."""
    if node.tag not in (f"{BPMN}intermediateCatchEvent", f"{BPMN}boundaryEvent"):
        return None
    if node.find(f"{BPMN}{MESSAGE}") is not None:
        return "message"
    return "timer" if node.find(f"{BPMN}{TIMER}") is not None else None


def check_vocabulary(root: etree._Element) -> list[Problem]:
    """Everything in the file that is not on the list, and every reference that leads nowhere."""
    if root.tag != f"{BPMN}definitions":
        return [_problem("not_bpmn", root, "Tệp không phải là sơ đồ BPMN 2.0.")]
    problems = [problem for node in _semantic(root) for problem in _check_node(node)]
    problems += _check_document(root)
    return problems


def _semantic(root: etree._Element) -> Iterator[etree._Element]:
    """All elements but the drawing (positions, sizes), which has no meaning for the engine."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(child for child in reversed(node) if not child.tag.startswith(DI))


def _check_node(node: etree._Element) -> Iterator[Problem]:
    if node.tag.startswith(MC):
        return  # judged with its owner
    name = node.tag.removeprefix(BPMN)
    allowed = ALLOWED.get(name)
    if allowed is None:
        return  # judged as a child of its parent
    for key, value in node.attrib.items():
        if name == "definitions" and key.startswith("{"):
            continue  # notes of a modeler about itself
        if key not in allowed.attributes:
            yield _problem("attribute", node, f"Thuộc tính “{_local(key)}” không được hỗ trợ.")
        elif (values := allowed.attributes[key]) is not None and value not in values:
            reason = REASONS.get(key, f"Giá trị “{value}” của thuộc tính “{_local(key)}” không được hỗ trợ.")
            yield _problem("attribute_value", node, reason)
    yield from _check_children(node, name, allowed)
    if name in WITH_ID and not node.get("id"):
        yield _problem("no_id", node, "Phần tử không có mã (id).")
    if name in NODES:
        yield from _check_flow_node(node, name)


def _check_children(node: etree._Element, name: str, allowed: Allowed) -> Iterator[Problem]:
    seen = set()
    for child in node:
        local = _local(child.tag)
        known = child.tag == f"{BPMN}{local}" and local in allowed.children
        ours = child.tag.startswith(MC) and name == "extensionElements"
        drawing = child.tag.startswith(DI) and name == "definitions"
        if not (known or ours or drawing):
            reason = REASONS.get(local, f"Phần tử “{local}” không được hỗ trợ ở đây.")
            yield _problem("element", child, reason)
        if local in ONCE and local in seen:
            yield _problem("twice", child, f"“{local}” chỉ được có một lần ở đây.")
        seen.add(local)


def _check_flow_node(node: etree._Element, name: str) -> Iterator[Problem]:
    definitions = [child for child in node if _local(child.tag).endswith("EventDefinition")]
    if (
        name in ("intermediateCatchEvent", "boundaryEvent", "intermediateThrowEvent")
        and len(definitions) != 1
    ):
        yield _problem(
            "event_definition", node, "Sự kiện phải có đúng một định nghĩa (thông điệp hoặc hẹn giờ)."
        )
    extension = node.find(f"{BPMN}extensionElements")
    said = list(extension) if extension is not None else []
    if len(said) > 1:
        yield _problem("step", node, "Mỗi phần tử chỉ có một mc:step.")
    for step in said:
        if step.tag != f"{MC}step" or len(step):
            yield _problem("extension", step, f"Phần mở rộng “{_local(step.tag)}” không được hỗ trợ.")
            continue
        yield from _check_step(node, name, step)


def _check_step(node: etree._Element, name: str, step: etree._Element) -> Iterator[Problem]:
    allowed = NODES[name].step or frozenset()
    for key, value in step.attrib.items():
        if key not in allowed:
            yield _problem("step_attribute", node, f"mc:step ở đây không có thuộc tính “{key}”.")
        elif value and not _fits(key, value):
            yield _problem("step_value", node, f"Giá trị “{value}” của “{key}” trong mc:step không hợp lệ.")
    if name == "serviceTask" and not step.get("topic"):
        yield _problem("no_topic", node, "Bước dịch vụ phải nêu chủ đề (topic).")


def _fits(key: str, value: str) -> bool:
    match key:
        case "status":
            return value in STATUSES
        case "kind":
            return value in ("engine", "service")
        case "limit":
            return LIMIT.match(value) is not None
        case "rule":
            return RULE.match(value) is not None
        case "at":
            return VARIABLE.match(value) is not None
    return True


def _check_document(root: etree._Element) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in _semantic(root):
        own = node.get("id")
        if own is None:
            continue
        if own in seen:
            yield _problem("double_id", node, f"Mã “{own}” được dùng hai lần.")
        seen.add(own)
        if not ID.match(own) or own in RESERVED:
            yield _problem("reserved_id", node, f"Mã “{own}” không hợp lệ hoặc là mã dành riêng.")
    processes = root.findall(f"{BPMN}process")
    if len(processes) != 1:
        yield _problem("one_process", root, f"Tệp phải có đúng một quy trình, đang có {len(processes)}.")
        return
    process = processes[0]
    if process.get("isExecutable") != "true":
        yield _problem("not_executable", process, "Quy trình chưa đánh dấu là chạy được (isExecutable).")
    yield from _check_pools(root, process)
    yield from _check_lanes(process)
    yield from _check_references(root, process)


def _check_pools(root: etree._Element, process: etree._Element) -> Iterator[Problem]:
    for pool in root.iterfind(f"{BPMN}collaboration/{BPMN}participant"):
        if pool.get("processRef") != process.get("id"):
            yield _problem("pool", pool, "Khung (pool) không dẫn tới quy trình của tệp.")


def _check_lanes(process: etree._Element) -> Iterator[Problem]:
    nodes = {node.get("id") for node in process if _local(node.tag) in NODES}
    placed: set[str] = set()
    lanes = process.findall(f"{BPMN}laneSet/{BPMN}lane")
    codes = set()
    for lane in lanes:
        said = lane.findall(f"{BPMN}extensionElements/*")
        alone = len(said) == 1 and said[0].tag == f"{MC}lane" and set(said[0].attrib) == {"code"}
        code = said[0].get("code") if alone else ""
        if not VARIABLE.match(code) or code in codes:
            yield _problem("lane_code", lane, "Làn phải có đúng một mc:lane với mã riêng (code).")
        codes.add(code)
        for ref in lane.iterfind(f"{BPMN}flowNodeRef"):
            name = (ref.text or "").strip()
            if name not in nodes:
                yield _problem("lane_reference", ref, f"Làn nhắc tới phần tử “{name}” không có trong sơ đồ.")
            elif name in placed:
                yield _problem("lane_twice", ref, f"Phần tử “{name}” nằm trong hai làn.")
            placed.add(name)
    if lanes:
        for node in process:
            if _local(node.tag) in NODES and node.get("id") not in placed:
                yield _problem("no_lane", node, f"Phần tử “{node.get('id')}” không nằm trong làn nào.")


def _check_references(root: etree._Element, process: etree._Element) -> Iterator[Problem]:
    nodes = {node.get("id"): node for node in process if _local(node.tag) in NODES}
    flows = {flow.get("id"): flow for flow in process.iterfind(f"{BPMN}sequenceFlow")}
    messages = {}
    for message in root.iterfind(f"{BPMN}message"):
        messages[message.get("id")] = message.get("name")
        if not VARIABLE.match(message.get("name") or ""):
            yield _problem("message_name", message, "Thông điệp phải có tên dạng snake_case.")
    for flow in flows.values():
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in nodes:
                yield _problem(
                    "dangling", flow, f"Luồng không nối tới phần tử nào ({end} = “{flow.get(end)}”)."
                )
    for node in nodes.values():
        yield from _check_drawn_flows(node, flows)
        if (default := node.get("default")) and flows.get(default, {}).get("sourceRef") != node.get("id"):
            yield _problem("dangling", node, f"Luồng mặc định “{default}” không đi ra từ cổng này.")
        if node.tag == f"{BPMN}boundaryEvent" and node.get("attachedToRef") not in nodes:
            yield _problem(
                "dangling", node, f"Sự kiện biên gắn vào “{node.get('attachedToRef')}” không tồn tại."
            )
        for event in node.iterfind(f"{BPMN}{MESSAGE}"):
            if event.get("messageRef") not in messages:
                yield _problem("dangling", node, "Sự kiện thông điệp không nêu thông điệp có trong tệp.")
        for event in node.iterfind(f"{BPMN}{TIMER}"):
            text = (event.findtext(f"{BPMN}timeDuration") or "").strip()
            if not _is_duration(text):
                yield _problem(
                    "duration", node, f"Thời lượng “{text}” không phải ISO 8601 từ 1 giây đến 50 năm."
                )


def _check_drawn_flows(node: etree._Element, flows: Mapping[str, etree._Element]) -> Iterator[Problem]:
    """`incoming` and `outgoing` repeat the flows; where a file has them they must say the same."""
    for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        drawn = {(ref.text or "").strip() for ref in node.iterfind(f"{BPMN}{tag}")}
        real = {key for key, flow in flows.items() if flow.get(end) == node.get("id")}
        if drawn and drawn != real:
            odd = ", ".join(sorted(drawn ^ real))
            yield _problem("flow_mismatch", node, f"Luồng {odd} và phần tử không khớp nhau ({tag}).")


def _is_duration(text: str) -> bool:
    found = DURATION.match(text)
    if not found:
        return False
    years, months, weeks, days, _, hours, minutes, seconds = (
        int(part[:-1]) if part and part[0].isdigit() else 0 for part in found.groups()
    )
    total = ((years * 365 + months * 30 + weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    return 1 <= total <= 50 * 366 * 86400


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _problem(rule: str, node: etree._Element, sentence: str) -> Problem:
    owner: etree._Element | None = node
    while owner is not None and owner.get("id") is None:
        owner = owner.getparent()
    process = next((one.get("id") for one in node.getroottree().getroot().iterfind(f"{BPMN}process")), None)
    return Problem(rule, sentence, owner.get("id") if owner is not None else None, node.sourceline, process)
