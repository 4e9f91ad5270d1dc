"""Ids, lanes, and every reference of a document: each leads to what is there, and says one thing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from lxml import etree

from engine.runtime.allowed import ALLOWED, BPMN, MC, NODES, REFERENCES
from engine.runtime.errors import Problem
from engine.runtime.grammar import (
    VARIABLE,
    event_of,
    is_duration,
    is_handler,
    local,
    problem,
    reference_of,
    semantic,
)

#: NCName without the marks that our own names use; engines reserve ids that begin with "_".
ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}\Z")
#: Names of nodes that SpiffWorkflow adds to every process.
RESERVED = frozenset({"Start", "End", "Root"})
#: Turns the direction of what is read, or cannot be seen: a name would not say what it seems to say.
HIDDEN = re.compile("[\u0080-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
#: Code of an error or an escalation.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z")


def nodes_of(scope: etree._Element) -> dict[str, etree._Element]:
    """The flow nodes that are drawn in a process or sub-process, not those deeper inside."""
    return {
        node.get("id"): node
        for node in scope
        if node.tag.startswith(BPMN) and node.tag.removeprefix(BPMN) in NODES
    }


def _refused_in(scope: etree._Element) -> set[str]:
    """The ids of what is drawn there and refused by its kind (grammar.py): it is there, and what leads to it is not to blame."""
    allowed = ALLOWED[local(scope.tag)].children | NODES.keys()
    return {node.get("id", "") for node in scope if local(node.tag) not in allowed}


def scopes_of(process: etree._Element) -> list[etree._Element]:
    """The process and every sub-process in it, outer ones first."""
    return [process, *process.iter(f"{BPMN}subProcess")]


def named(node: etree._Element) -> str:
    """What a message, signal, error or escalation is called by those that throw or catch it."""
    for code in ("errorCode", "escalationCode"):
        if node.tag == f"{BPMN}{code.removesuffix('Code')}":
            return node.get(code) or ""
    return node.get("name") or ""


def check_document(root: etree._Element) -> Iterator[Problem]:
    """Everything that needs to look at more than one element."""
    seen: set[str] = set()
    for node in semantic(root):
        hidden = HIDDEN.search(node.get("name") or "")
        if hidden:
            yield problem("hidden", node, f"Tên có ký tự ẩn U+{ord(hidden[0]):04X}; hãy gõ lại tên.")
        own = node.get("id")
        if own is None:
            continue
        if own in seen:
            yield problem("double_id", node, f"Mã “{own}” được dùng hai lần.")
        seen.add(own)
        if not ID.match(own) or own in RESERVED:
            yield problem("reserved_id", node, f"Mã “{own}” không hợp lệ hoặc là mã dành riêng.")
    processes = root.findall(f"{BPMN}process")
    if len(processes) != 1:
        yield problem("one_process", root, f"Tệp phải có đúng một quy trình, đang có {len(processes)}.")
        return
    process = processes[0]
    if process.get("isExecutable") != "true":
        yield problem("not_executable", process, "Quy trình chưa đánh dấu là chạy được (isExecutable).")
    for pool in root.iterfind(f"{BPMN}collaboration/{BPMN}participant"):
        if pool.get("processRef") != process.get("id"):
            yield problem("pool", pool, "Khung (pool) không dẫn tới quy trình của tệp.")
    yield from _check_lanes(process)
    yield from _check_named(root)
    for scope in scopes_of(process):
        yield from _check_scope(root, scope)


def _check_lanes(process: etree._Element) -> Iterator[Problem]:
    """Elements of a sub-process stand where it stands, or in a lane of their own."""
    outer = nodes_of(process)
    nodes = {name for scope in scopes_of(process) for name in nodes_of(scope).keys() | _refused_in(scope)}
    placed: set[str] = set()
    lanes = process.findall(f"{BPMN}laneSet/{BPMN}lane")
    codes = set()
    for lane in lanes:
        said = lane.findall(f"{BPMN}extensionElements/*")
        alone = len(said) == 1 and said[0].tag == f"{MC}lane" and set(said[0].attrib) == {"code"}
        code = said[0].get("code") if alone else ""
        if not VARIABLE.match(code) or code in codes:
            yield problem("lane_code", lane, "Làn phải có đúng một mc:lane với mã riêng (code).")
        codes.add(code)
        for ref in lane.iterfind(f"{BPMN}flowNodeRef"):
            name = (ref.text or "").strip()
            if name not in nodes:
                yield problem("lane_reference", ref, f"Làn nhắc tới phần tử “{name}” không có trong sơ đồ.")
            elif name in placed:
                yield problem("lane_twice", ref, f"Phần tử “{name}” nằm trong hai làn.")
            placed.add(name)
    for name in outer if lanes else ():
        if name not in placed:
            yield problem("no_lane", outer[name], f"Phần tử “{name}” không nằm trong làn nào.")


def _check_named(root: etree._Element) -> Iterator[Problem]:
    """Messages and signals are known by name in the whole house, errors and escalations by code."""
    seen = set()
    for event in REFERENCES:
        for node in root.iterfind(f"{BPMN}{event}"):
            name = named(node)
            if event == "message" and not VARIABLE.match(name):
                yield problem("message_name", node, "Thông điệp phải có tên dạng snake_case.")
            elif event == "signal" and not VARIABLE.match(name):
                yield problem("signal_name", node, "Tín hiệu phải có tên dạng snake_case.")
            elif event in ("error", "escalation") and not CODE.match(name):
                yield problem("code", node, f"{_SAID[event]} phải có mã ({event}Code).")
            elif (event, name) in seen:
                yield problem("double_name", node, f"{_SAID[event]} “{name}” được khai báo hai lần.")
            seen.add((event, name))


_SAID = {"message": "Thông điệp", "signal": "Tín hiệu", "error": "Lỗi", "escalation": "Mức leo thang"}


def _check_scope(root: etree._Element, scope: etree._Element) -> Iterator[Problem]:
    nodes = nodes_of(scope)
    drawn = nodes.keys() | _refused_in(scope)
    flows = {flow.get("id"): flow for flow in scope.iterfind(f"{BPMN}sequenceFlow")}
    for flow in flows.values():
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in drawn:
                yield problem(
                    "dangling", flow, f"Luồng không nối tới phần tử nào ({end} = “{flow.get(end)}”)."
                )
    at: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, flow in flows.items():
        for end in ("sourceRef", "targetRef"):
            at[end, flow.get(end, "")].add(key)
    for node in nodes.values():
        yield from _check_drawn_flows(node, at)
        if (default := node.get("default")) and flows.get(default, {}).get("sourceRef") != node.get("id"):
            yield problem("dangling", node, f"Luồng mặc định “{default}” không đi ra từ cổng này.")
        if node.tag == f"{BPMN}boundaryEvent" and node.get("attachedToRef") not in drawn:
            yield problem(
                "dangling", node, f"Sự kiện biên gắn vào “{node.get('attachedToRef')}” không tồn tại."
            )
        yield from _check_event(root, node)
    yield from _check_links(nodes)


def _check_event(root: etree._Element, node: etree._Element) -> Iterator[Problem]:
    event = event_of(node)
    if event == "timer":
        yield from _check_timer(node)
    if event not in REFERENCES:
        return
    reference = reference_of(node)
    there = {one.get("id") for one in root.iterfind(f"{BPMN}{event}")}
    catches_all = reference is None and event in ("error", "escalation") and _catches(node)
    if reference not in there and not catches_all:
        yield problem("dangling", node, f"Sự kiện không nêu {_SAID[event].lower()} có trong tệp.")


def _catches(node: etree._Element) -> bool:
    return node.tag in (f"{BPMN}boundaryEvent", f"{BPMN}startEvent")


def _check_timer(node: etree._Element) -> Iterator[Problem]:
    """A length of time, or the name of the variable that holds the instant."""
    definition = node.find(f"{BPMN}timerEventDefinition")
    instant = definition.find(f"{BPMN}timeDate")
    length = definition.find(f"{BPMN}timeDuration")
    if instant is not None and length is not None:
        yield problem("duration", node, "Hẹn giờ chỉ nêu một trong hai: thời lượng hoặc mốc thời gian.")
    elif instant is not None:
        if not VARIABLE.match((instant.text or "").strip()):
            yield problem("duration", node, "Mốc thời gian (timeDate) phải là tên biến giữ thời điểm đó.")
    else:
        text = (length.text or "").strip() if length is not None else ""
        if not is_duration(text):
            yield problem("duration", node, f"Thời lượng “{text[:40]}” không phải ISO 8601 từ 1 giây đến 50 năm.")


def _check_links(nodes: Mapping[str, etree._Element]) -> Iterator[Problem]:
    """A link leads from each throw to the one catch of its name, inside one process or sub-process."""
    links = [node for node in nodes.values() if event_of(node) == "link"]
    names = {link_name(node) for node in links}
    for name in sorted(names):
        same = [node for node in links if link_name(node) == name]
        into = [node for node in same if node.tag == f"{BPMN}intermediateCatchEvent"]
        if not name or len(into) != 1 or len(into) == len(same):
            yield problem(
                "link", same[0], f"Liên kết “{name}” phải có một điểm đến và ít nhất một điểm đi cùng tên."
            )


def link_name(node: etree._Element) -> str:
    """What pairs the two ends of a link."""
    definition = node.find(f"{BPMN}linkEventDefinition")
    return (definition.get("name") or "").strip() if definition is not None else ""


def _check_drawn_flows(node: etree._Element, at: Mapping[tuple[str, str], set[str]]) -> Iterator[Problem]:
    """`incoming` and `outgoing` repeat the flows; where a file has them they must say the same."""
    own = node.get("id", "")
    for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        drawn = {(ref.text or "").strip() for ref in node.iterfind(f"{BPMN}{tag}")}
        real = at.get((end, own), set())
        if drawn and drawn != real:
            odd = ", ".join(sorted(drawn ^ real))
            yield problem("flow_mismatch", node, f"Luồng {odd} và phần tử không khớp nhau ({tag}).")
    if is_handler(node) and (("sourceRef", own) in at or ("targetRef", own) in at):
        yield problem("handler_flow", node, "Quy trình con sự kiện không có luồng đi vào hay đi ra.")
