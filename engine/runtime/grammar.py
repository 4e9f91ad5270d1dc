"""The door of a diagram's words: everything in a file is on the allow-list (`allowed.py`), or refused by name.

Fails closed: each refusal tells the id, the line and, in Vietnamese, the reason.
"""

import re
from collections.abc import Iterator

from lxml import etree

from engine.runtime.allowed import (
    ALLOWED,
    BPMN,
    DI,
    EVENTS,
    MC,
    NODES,
    ONCE,
    REASONS,
    REFERENCES,
    STATUSES,
    WITH_ID,
    Allowed,
)
from engine.runtime.errors import Problem

LIMIT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})? (wh|wd|d|h)\Z")
RULE = re.compile(r"[A-Z][0-9]{2}\Z")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*\Z")
#: 1 second to 50 years; an engine of another maker reads it, ours reads limit, rule and `at`.
DURATION = re.compile(
    r"P(?=.)(#Y)?(#M)?(#W)?(#D)?(T(?=.)(#H)?(#M)?(#S)?)?\Z".replace("#", "[0-9]{1,10}")
)
MAX_INSTANCES = 500
#: What each round of an activity is told by the engine (loops.py): nothing else may set it.
ROUND_WORDS = frozenset({"loop_index", "loop_total", "loop_done"})


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def event_of(node: etree._Element) -> str:
    """What an event waits for or throws: "message", "timer", ...; "" for none and for any other node."""
    for child in node:
        name = local(child.tag)
        if name.endswith("EventDefinition"):
            return name.removesuffix("EventDefinition")
    if node.tag in (f"{BPMN}receiveTask", f"{BPMN}sendTask"):
        return "message"
    return ""


def is_handler(node: etree._Element) -> bool:
    """Whether a node is an event sub-process."""
    return node.tag == f"{BPMN}subProcess" and node.get("triggeredByEvent") == "true"


def reference_of(node: etree._Element) -> str | None:
    """The id of the message, signal, error or escalation that an event names."""
    event = event_of(node)
    if event not in REFERENCES:
        return None
    by = REFERENCES[event][1]
    definition = node.find(f"{BPMN}{event}EventDefinition")
    return (node if definition is None else definition).get(by)


def check_words(root: etree._Element) -> Iterator[Problem]:
    """Everything in the file that is not on the list."""
    for node in semantic(root):
        yield from _check_node(node)


def semantic(root: etree._Element) -> Iterator[etree._Element]:
    """All elements but the drawing (positions, sizes), which has no meaning for the engine."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(child for child in reversed(node) if not child.tag.startswith(DI))


def problem(rule: str, node: etree._Element, sentence: str) -> Problem:
    """A problem of an XML element, told by the nearest element with an id."""
    owner: etree._Element | None = node
    while owner is not None and owner.get("id") is None:
        owner = owner.getparent()
    process = next((one.get("id") for one in node.getroottree().getroot().iterfind(f"{BPMN}process")), None)
    return Problem(rule, sentence, owner.get("id") if owner is not None else None, node.sourceline, process)


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
            yield problem("attribute", node, f"Thuộc tính “{local(key)}” không được hỗ trợ.")
        elif (values := allowed.attributes[key]) is not None and value not in values:
            reason = REASONS.get(key, f"Giá trị “{value}” của thuộc tính “{local(key)}” không được hỗ trợ.")
            yield problem("attribute_value", node, reason)
    yield from _check_children(node, name, allowed)
    if name in WITH_ID and not node.get("id"):
        yield problem("no_id", node, "Phần tử không có mã (id).")
    if name in NODES:
        yield from _check_event(node, name)
        yield from _check_extension(node, name)
    elif name.endswith("LoopCharacteristics"):
        yield from _check_loop(node)


def _check_children(node: etree._Element, name: str, allowed: Allowed) -> Iterator[Problem]:
    seen = set()
    for child in node:
        own = local(child.tag)
        listed = own in allowed.children or (own in NODES and "flow node" in allowed.children)
        known = child.tag == f"{BPMN}{own}" and listed
        ours = child.tag.startswith(MC) and name == "extensionElements"
        drawing = child.tag.startswith(DI) and name == "definitions"
        if not (known or ours or drawing):
            yield problem("element", child, REASONS.get(own, f"Phần tử “{own}” không được hỗ trợ ở đây."))
        if own in ONCE and own in seen:
            yield problem("twice", child, f"“{own}” chỉ được có một lần ở đây.")
        seen.add(own)


def _check_event(node: etree._Element, name: str) -> Iterator[Problem]:
    """An event bears one definition, and one that is proved for its place."""
    if name not in EVENTS:
        return
    place = name
    if name == "startEvent" and is_handler(node.getparent()):
        place = "start of an event sub-process"
    found = [local(child.tag) for child in node if local(child.tag).endswith("EventDefinition")]
    events = [one.removesuffix("EventDefinition") for one in found] or ["none"]
    if len(events) > 1 or (events == ["none"] and "none" not in EVENTS[place]):
        yield problem(
            "event_definition", node, "Sự kiện phải có đúng một định nghĩa (thông điệp, hẹn giờ, …)."
        )
    elif events[0] not in EVENTS[place] and f"{events[0]}EventDefinition" in NODES[name].children:
        # a start event may bear it elsewhere; whatever no such element may bear is told with the child
        yield problem("event", node, "Quy trình bắt đầu khi hồ sơ được nộp, không bắt đầu bằng một sự kiện.")


def _check_extension(node: etree._Element, name: str) -> Iterator[Problem]:
    extension = node.find(f"{BPMN}extensionElements")
    said = list(extension) if extension is not None else []
    if len(said) > 1:
        yield problem("step", node, "Mỗi phần tử chỉ có một mc:step.")
    for step in said:
        if step.tag != f"{MC}step" or len(step):
            yield problem("extension", step, f"Phần mở rộng “{local(step.tag)}” không được hỗ trợ.")
            continue
        yield from _check_step(node, name, step)
    if name == "serviceTask" and not any(step.get("topic") for step in said):
        yield problem("no_topic", node, "Bước dịch vụ phải nêu chủ đề (topic).")
    if name == "businessRuleTask" and not any(step.get("decision") for step in said):
        yield problem("no_decision", node, "Bước quyết định phải nêu quyết định (decision) trong mc:step.")


def _check_step(node: etree._Element, name: str, step: etree._Element) -> Iterator[Problem]:
    allowed = NODES[name].step or frozenset()
    for key, value in step.attrib.items():
        of_message = key == "key" or (key == "form" and name == "intermediateCatchEvent")
        if key not in allowed or (of_message and event_of(node) != "message"):
            yield problem("step_attribute", node, f"mc:step ở đây không có thuộc tính “{key}”.")
        elif value and not _fits(key, value):
            yield problem("step_value", node, f"Giá trị “{value}” của “{key}” trong mc:step không hợp lệ.")


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
        case "variable" if value in ROUND_WORDS:
            return False
        case "at" | "key" | "decision" | "variable":
            return VARIABLE.match(value) is not None
    return True


def _check_loop(node: etree._Element) -> Iterator[Problem]:
    """How often, and what each round reads and writes, must be said once and clearly."""
    said = {local(child.tag): child for child in node}
    owner = node.getparent()
    if is_handler(owner):
        yield problem("loop", node, "Quy trình con sự kiện không lặp được.")
    if node.tag == f"{BPMN}standardLoopCharacteristics":
        most = node.get("loopMaximum")
        if most is not None and not (re.fullmatch("[0-9]{1,4}", most) and 1 <= int(most) <= MAX_INSTANCES):
            yield problem("loop", node, f"Số vòng lặp tối đa phải từ 1 đến {MAX_INSTANCES}.")
        if most is None and "loopCondition" not in said:
            yield problem("loop", node, "Bước lặp phải nêu điều kiện lặp hoặc số vòng tối đa.")
        return
    if ("loopCardinality" in said) == ("loopDataInputRef" in said):
        yield problem("loop", node, "Bước nhiều bản phải nêu số bản, hoặc danh sách đầu vào, không cả hai.")
    if ("loopDataOutputRef" in said) != ("outputDataItem" in said):
        yield problem("loop", node, "Danh sách kết quả và biến kết quả của mỗi bản phải đi với nhau.")
    if "inputDataItem" in said and "loopDataInputRef" not in said:
        yield problem("loop", node, "Biến của mỗi bản chỉ có khi có danh sách đầu vào.")
    of_rounds = [variable_of(said[key]) for key in ("inputDataItem", "outputDataItem") if key in said]
    if "loopDataOutputRef" in said and variable_of(said["loopDataOutputRef"]) in of_rounds:
        yield problem("loop", node, "Danh sách kết quả không được trùng tên với biến của từng lượt: sau các lượt nó sẽ mất.")
    for key, child in said.items():
        name = variable_of(child) if key.endswith(("Ref", "Item")) else None
        if name is not None and not VARIABLE.match(name):
            yield problem("loop", node, f"“{name}” không phải là tên biến dạng snake_case.")
        elif name in ROUND_WORDS:
            yield problem("loop", node, f"“{name}” là số của từng lượt do hệ thống đặt; hãy dùng tên khác.")


def variable_of(node: etree._Element) -> str:
    """The variable that a data item or reference of a loop names."""
    return (node.text or "").strip() or node.get("name") or node.get("id") or ""


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration of a sensible length."""
    found = DURATION.match(text)
    if not found:
        return False
    years, months, weeks, days, _, hours, minutes, seconds = (
        int(part[:-1]) if part and part[0].isdigit() else 0 for part in found.groups()
    )
    total = ((years * 365 + months * 30 + weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    return 1 <= total <= 50 * 366 * 86400
