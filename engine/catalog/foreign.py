"""Diagrams of other makers in our words: Camunda Modeler 7 and 8, spiff-arena.

Only what means the same there and here is translated; what merely serves another engine is dropped; all else is left,
and a diagram with something left is not to be deployed. Every change is told with its element and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.catalog import foreign_conditions, foreign_texts
from engine.catalog.branches import WRITING, Reading, readings
from engine.catalog.foreign_drawing import clear
from engine.catalog.foreign_lanes import place
from engine.catalog.foreign_makers import CAMUNDA, MAKERS, SPIFF, ZEEBE, leave_platform, maker_of
from engine.catalog.foreign_notes import Change, Notes
from engine.catalog.lint.variables import FACTS
from engine.runtime.allowed import BPMN, MC
from engine.runtime.checks import check_model
from engine.runtime.errors import DiagramRefused, Problem
from engine.runtime.grammar import VARIABLE, event_of, is_duration, local, problem, reference_of
from engine.runtime.model import document, read_model

#: Elsewhere: the newest version at that moment, the one deployed together.
_BINDINGS = ("latest", "deployment")
_FORM_KEY = re.compile(r"[\w-]+(/[\w.-]+)*\Z")
_CALLED = re.compile(r"[A-Za-z]\w*\Z")
_NAME = re.compile(r"[^\W\d]\w*\Z")

#: Attributes that tell another engine how to store, retry or start; here nothing corresponds to them.
_DROPPED = frozenset(
    """historyTimeToLive versionTag asyncBefore asyncAfter exclusive jobPriority taskPriority isStartableInTasklist
    candidateStarterGroups candidateStarterUsers initiator diagramRelationId modelerTemplate modelerTemplateVersion modelerTemplateIcon
    failedJobRetryTimeCycle priority""".split()
)
#: Extensions that are the same: nothing here corresponds to them.
_DROPPED_ELEMENTS = frozenset(
    {"userTask", "versionTag", "properties", "failedJobRetryTimeCycle", "priorityDefinition"}
)


@dataclass(frozen=True)
class Translated:
    """The diagram in our words, what was changed, and what was not understood."""

    data: bytes
    maker: str
    changes: tuple[Change, ...]
    left: tuple[Problem, ...]


def translate(data: bytes) -> Translated:
    """Say a foreign diagram in our words; one of ours comes back as it is. Raises DiagramRefused when it is no diagram."""
    root = document(data)
    maker = maker_of(root)
    if not maker:
        return Translated(data, "", (), ())
    leave_platform(root)
    lines = {node.get("id", ""): node.sourceline for node in root.iter()}
    work = _Work(root, maker)
    work.run()
    left, foreign = work.left, {node.get("id", "") for node in root.iter(*(f"{space}*" for space in MAKERS))}
    etree.cleanup_namespaces(root, keep_ns_prefixes=["bpmn", "xsi"])
    said = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    refused, shared = _judged(said, maker)
    for reading in shared:
        work.shares(reading, lines.get(reading.at))
    return Translated(said, maker, tuple(work.changes), (*left, *_also(left, foreign, refused, lines)))


def _judged(data: bytes, maker: str) -> tuple[Iterable[Problem], Iterable[Reading]]:
    """What the machine would not run even so, words of BPMN itself that are not proved; what branches share elsewhere."""
    try:
        model = read_model(data)
    except DiagramRefused as refused:
        return refused.problems, ()
    problems = check_model(model)
    return problems, () if problems or maker == "spiff-arena" else readings(model)


def _also(
    left: list[Problem], foreign: set[str], refused: Iterable[Problem], lines: Mapping[str, int | None]
) -> Iterator[Problem]:
    """What the machine refuses besides, at its line in the file; not what only follows from what is left.

    `foreign`: ids of what stays in the words of the other engine.
    """
    owners = {*foreign, *(one.element for one in left)}
    for one in refused:
        if one.element not in owners and not (left and one.rule == "dangling"):
            yield replace(one, line=lines.get(one.element or "", one.line))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in sorted(names))


@dataclass
class _Work(Notes):
    #: id of a step -> who may do it
    groups: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        clear(self)
        for node in list(self.root.iter(f"{BPMN}*")):
            if node.tag == f"{BPMN}manualTask" and self.maker != "spiff-arena":
                self.told(
                    node,
                    "Ở đây bước làm tay chờ người xác nhận đã làm xong; ở bộ máy kia nó được bỏ qua.",
                    heed=True,
                )
            sends = local(node.tag) in ("sendTask", "intermediateThrowEvent", "endEvent")
            if sends and event_of(node) == "message" and reference_of(node) and self.maker != "spiff-arena":
                self.told(
                    node,
                    "Ở đây bước này gửi thông điệp tới hồ sơ nào đang chờ; ở bộ máy kia nó chỉ chạy mã đi kèm.",
                    heed=True,
                )
            if node.tag == f"{BPMN}standardLoopCharacteristics" and self.maker != "spiff-arena":
                self.unclear(node, "Bộ máy kia bỏ qua dấu lặp này và chỉ làm một lần; ở đây bước được lặp.")
            if node.tag == f"{BPMN}callActivity":
                self._call(node)
            self._attributes(node)
            self._extensions(node)
            self._texts(node)
        self._names()
        for process in self.root.iterfind(f"{BPMN}process"):
            place(self, process, self.groups)
        self.left += self._rest()

    def shares(self, reading: Reading, line: int | None) -> None:
        """Elsewhere all branches share one scope of variables; here each token bears its own."""
        beside, own = ({one.variable for one in of} - {""} for of in (reading.beside, reading.own))
        if given := reading.names & (beside - own):
            said = f"Đọc {_listed(given)} mà nhánh chạy song song ghi: ở đây chỉ thấy được sau chỗ các nhánh gặp lại nhau."
            self.left.append(Problem("foreign", said, reading.at, line))
        elif reading.late and any(one.kind in WRITING for one in reading.beside):
            said = (
                f"Đọc {_listed(reading.names)} trong nhánh chạy song song: ở đây chỉ thấy giá trị có trước chỗ tách hoặc do "
                "chính nhánh này ghi, ở bộ máy kia thấy cả giá trị mà nhánh kia ghi. Nhánh kia không được ghi biến này."
            )
            if (change := Change(reading.at, line, said, heed=True)) not in self.changes:
                self.changes.append(change)

    # -- attributes

    def _attributes(self, node: etree._Element) -> None:
        for key, value in list(node.attrib.items()):
            name = local(key)
            if not key.startswith((CAMUNDA, ZEEBE, SPIFF)) or node.tag == f"{BPMN}definitions":
                continue
            if name in _DROPPED:
                del node.attrib[key]
                self.told(node, f"Bỏ “{name}”: chỉ có nghĩa với bộ máy khác.")
            elif (take := _ATTRIBUTES.get(name)) and take(self, node, value):
                node.attrib.pop(key, None)

    def form(self, node: etree._Element, value: str) -> bool:
        if node.tag == f"{BPMN}startEvent":
            self.told(node, f"Bỏ biểu mẫu “{value}” ở điểm bắt đầu: tờ khai ghi trong procedure.json.")
            return True
        key = foreign_texts.form(value)
        if not _FORM_KEY.match(key) or node.tag != f"{BPMN}userTask":
            return False
        return self.say(node, "form", key)

    def binding(self, node: etree._Element, value: str) -> bool:
        """Which version of what is named: none of its own number or tag, which nothing here corresponds to."""
        if value in _BINDINGS:
            self.told(node, f"Bỏ “{value}”: ở đây là bản ghim khi phát hành sơ đồ.")
        return value in _BINDINGS

    def group(self, node: etree._Element, value: str) -> bool:
        group = foreign_texts.group(value)
        if group is None:
            return False
        self.groups[node.get("id")] = group
        self.told(node, f"Nhóm “{group}” thành làn.")
        return True

    def external(self, node: etree._Element, value: str) -> bool:
        return value == "external" and node.get(f"{CAMUNDA}topic") is not None

    def topic(self, node: etree._Element, value: str) -> bool:
        """What a worker of the other engine does; a send task that one does waits for it like a service task."""
        if node.tag == f"{BPMN}sendTask" and node.get("messageRef") is None:
            node.tag = f"{BPMN}serviceTask"
            self.told(node, "Bước gửi do hệ thống ngoài làm thành bước dịch vụ.")
        if node.tag != f"{BPMN}serviceTask":
            return False
        self.step(node).set("kind", "service")
        return self.say(node, "topic", value)

    def decision(self, node: etree._Element, value: str) -> bool:
        """A table by its id; its value as a variable only where the other engine gives no list of values either."""
        kept = node.get(f"{CAMUNDA}resultVariable")
        one = node.get(f"{CAMUNDA}mapDecisionResult") in ("singleEntry", "singleResult")
        if node.get(f"{CAMUNDA}decisionRefBinding", "latest") not in _BINDINGS or (kept and not one):
            return False
        if not self._asks(node, value, kept):
            return False
        for name in ("resultVariable", "mapDecisionResult", "decisionRefBinding"):
            node.attrib.pop(f"{CAMUNDA}{name}", None)
        return True

    def called_decision(self, node: etree._Element, said: etree._Element) -> bool:
        plain = self._only(said, "decisionId", "resultVariable")
        return plain and self._asks(node, said.get("decisionId", ""), said.get("resultVariable"))

    @staticmethod
    def _only(said: etree._Element, *names: str) -> bool:
        """Whether it says no more than these, and binds to no version of its own."""
        more = set(said.attrib) - {*names, "bindingType"}
        return not more and said.get("bindingType", "latest") in _BINDINGS

    def spiff_decision(self, node: etree._Element, said: etree._Element) -> bool:
        return self._asks(node, (said.text or "").strip(), None)

    def _asks(self, node: etree._Element, decision: str, variable: str | None) -> bool:
        names = [decision, variable] if variable else [decision]
        if node.tag != f"{BPMN}businessRuleTask" or not all(_NAME.match(name) for name in names):
            return False
        if spelt := [foreign_texts.no_variable(name) for name in names if not VARIABLE.match(name)]:
            for reason in spelt:
                self.unclear(node, reason)
            return True
        return self.say(node, "decision", decision) and (
            not variable or self.say(node, "variable", variable)
        )

    def items(self, node: etree._Element, value: str) -> bool:
        return self._loop_word(node, "loopDataInputRef", value)

    def item(self, node: etree._Element, value: str) -> bool:
        return self._loop_word(node, "inputDataItem", value)

    def _loop_word(self, node: etree._Element, tag: str, value: str) -> bool:
        name = self.variable(node, value)
        if name is None:
            return True
        made = etree.Element(f"{BPMN}{tag}")
        if tag.endswith("Item"):
            made.set("id", f"{name}_of_{node.getparent().get('id')}")
            made.set("name", name)
        else:
            made.text = name
        order = (
            "loopDataInputRef",
            "loopDataOutputRef",
            "inputDataItem",
            "outputDataItem",
            "completionCondition",
        )
        later = order[order.index(tag) + 1 :]
        at = next((place for place, child in enumerate(node) if local(child.tag) in later), len(node))
        node.insert(at, made)
        self.told(node, f"“{value}” thành {tag}.")
        return True

    # -- extension elements

    def _extensions(self, node: etree._Element) -> None:
        holder = node.find(f"{BPMN}extensionElements")
        if holder is None:
            return
        for said in list(holder):
            name = local(said.tag)
            if said.tag.startswith(MC):
                continue
            if name in _DROPPED_ELEMENTS and not said.tag.startswith(SPIFF):
                holder.remove(said)
                self.told(node, f"Bỏ “{name}”: chỉ có nghĩa với bộ máy khác.")
            elif (take := _ELEMENTS.get(said.tag)) and take(self, node, said):
                holder.remove(said)
        if len(holder) == 0:
            node.remove(holder)

    def correlation(self, node: etree._Element, said: etree._Element) -> bool:
        """The variable under which a message comes is our key; what the house itself brings needs none."""
        name = node.get("name") or ""
        if name in FACTS or foreign_texts.snake(name) in FACTS:
            self.told(node, f"Bỏ khóa của thông điệp “{name}”: hệ thống tự báo cho đúng hồ sơ.")
            return True
        key = self.variable(said, said.get("correlationKey", ""))
        if key is None:
            return True
        waiting = [one for one in self.root.iter(f"{BPMN}*") if reference_of(one) == node.get("id")]
        return all(self.say(one, "key", key) for one in waiting)

    def form_definition(self, node: etree._Element, said: etree._Element) -> bool:
        value = said.get("formKey") or said.get("formId") or said.get("externalReference") or ""
        return self._only(said, "formKey", "formId", "externalReference") and self.form(node, value)

    def assignment(self, node: etree._Element, said: etree._Element) -> bool:
        groups = said.get("candidateGroups", "")
        only = set(said.attrib) == {"candidateGroups"}
        return only and self.group(node, groups)

    def due(self, node: etree._Element, value: str) -> bool:
        limit = foreign_texts.due(value)
        return limit is not None and self._limit(node, limit)

    def schedule(self, node: etree._Element, said: etree._Element) -> bool:
        return set(said.attrib) == {"dueDate"} and self.due(node, said.get("dueDate", ""))

    def task_definition(self, node: etree._Element, said: etree._Element) -> bool:
        value = said.get("type", "")
        if said.get("retries"):
            self.told(node, "Bỏ “retries”: chỉ có nghĩa với bộ máy khác.")
        return not value.startswith("=") and bool(value) and self.topic(node, value)

    def called(self, node: etree._Element, said: etree._Element) -> bool:
        value = said.get("processId", "")
        shared = ("propagateAllChildVariables", "propagateAllParentVariables")
        narrow = "false" in map(said.get, shared) or not self._only(said, "processId", *shared)
        if not _CALLED.match(value) or narrow:
            return False
        node.set("calledElement", value)
        self.told(node, f"Gọi phần “{value}”.")
        return True

    def zeebe_loop(self, node: etree._Element, said: etree._Element) -> bool:
        words = {"inputCollection": "loopDataInputRef", "outputCollection": "loopDataOutputRef",
                 "inputElement": "inputDataItem", "outputElement": "outputDataItem"}  # fmt: skip
        if not set(said.attrib) <= words.keys():
            return False
        return all(self._loop_word(node, words[key], value) for key, value in said.attrib.items())

    def _call(self, node: etree._Element) -> None:
        """Which part it is must be written down, and all variables shared: Camunda 7 passes what is listed, each way."""
        called = node.get("calledElement", "")
        eighth = node.find(f"{BPMN}extensionElements/{ZEEBE}calledElement")
        bound = node.get(f"{CAMUNDA}calledElementBinding") if eighth is None else eighth.get("bindingType")
        if bound in (None, "latest"):
            self.told(
                node,
                "Ở đây phần được gọi là bản ghim khi phát hành sơ đồ; ở bộ máy kia là bản mới nhất lúc gọi.",
                heed=True,
            )
        if "{" in called or called.startswith("="):
            self.unclear(node, f"Phần được gọi phải ghi tên cố định, không phải “{called}”.")
        if self.maker != "camunda 7":
            return
        held = node.iterfind(f"{BPMN}extensionElements/*")
        listed = {local(one.tag) for one in held if one.get("businessKey") is None}
        if "in" not in listed:
            self.unclear(node, "Ở bộ máy kia phần được gọi không nhận biến nào; ở đây nó dùng chung mọi biến.")
        if "out" not in listed:
            self.unclear(node, "Ở bộ máy kia phần được gọi không trả biến nào về; ở đây nó dùng chung mọi biến.")

    def mapping(self, node: etree._Element, said: etree._Element) -> bool:
        """All variables in and out, or the business key: what happens here anyway when a part is called."""
        if node.tag != f"{BPMN}callActivity" or said.get("local") == "true":
            return False
        if said.get("variables") == "all" or said.get("businessKey"):
            self.told(node, "Bỏ chuyển biến: phần được gọi dùng chung biến của hồ sơ.")
            return True
        return False

    def instructions(self, node: etree._Element, said: etree._Element) -> bool:
        made = etree.Element(f"{BPMN}documentation")
        made.text = said.text
        node.insert(0, made)
        self.told(node, "Hướng dẫn cho người làm thành ghi chú của bước.")
        return True

    def spiff_properties(self, node: etree._Element, said: etree._Element) -> bool:
        """The form of a user task; its fields have to be drawn anew, a JSON schema is no form of ours."""
        given = {one.get("name"): one.get("value", "") for one in said}
        schema = given.pop("formJsonSchemaFilename", "")
        given.pop("formUiSchemaFilename", None)
        key = schema.removesuffix(".json").removesuffix("-schema")
        return not given and bool(key) and self.form(node, key)

    # -- texts

    def _texts(self, node: etree._Element) -> None:
        name = local(node.tag)
        if name in (
            "conditionExpression",
            "condition",
            "completionCondition",
            "loopCardinality",
            "loopCondition",
        ):
            language = node.attrib.pop("language", "juel")
            if self.maker == "camunda 7" and language != "juel":
                self.unclear(node, f"Biểu thức “{(node.text or '').strip()}” viết bằng ngôn ngữ khác: “{language}”.")
            else:
                self._expression(node)
        elif name == "timeDuration":
            self._duration(node)
        elif name == "timeDate":
            self._text(node, lambda text: self.variable(node, text) or text)

    def _expression(self, node: etree._Element) -> None:
        read = foreign_conditions.count if local(node.tag) == "loopCardinality" else foreign_conditions.condition
        said = read((node.text or "").strip(), self.maker)
        self._text(node, lambda _: said.feel if said else None)
        if said and said.heed:
            self.told(node, said.heed, heed=True)

    def _duration(self, node: etree._Element) -> None:
        """A length as a limit; without one a timer has no time here."""
        plain = foreign_texts.unquoted(node.text or "")
        self._text(node, lambda _: plain if is_duration(plain) else None)
        owner = node.getparent().getparent()
        said = owner.find(f"{BPMN}extensionElements/{MC}step")
        if not is_duration(plain) or (said is not None and {"limit", "rule", "at"} & set(said.attrib)):
            return
        limit = foreign_texts.limit(plain)
        if limit is None:
            self.unclear(node, f"Thời hạn ở đây là số ngày hoặc giờ tròn, nhiều nhất 9.999 giờ: “{plain}” không viết được như thế.")
        else:
            self._limit(owner, limit)

    def _limit(self, node: etree._Element, limit: str) -> bool:
        self.told(
            node,
            f"limit là “{limit}”: giờ đồng hồ, tính cả đêm và ngày nghỉ như ở bộ máy kia. "
            "Nếu là thời hạn của luật, hãy sửa thành ngày (d), ngày làm việc (wd) hoặc giờ làm việc (wh).",
            heed=True,
        )
        self.step(node).set("limit", limit)
        return True

    def _text(self, node: etree._Element, said: Callable[[str], str | None]) -> None:
        before = (node.text or "").strip()
        after = said(before)
        if after is None:
            self.unclear(node, f"Không chuyển được “{before}” sang FEEL mà chắc chắn giữ nguyên nghĩa.")
        elif after != before:
            node.text = after
            self.told(node, f"“{before}” thành “{after}”.")

    # -- the document

    def _names(self) -> None:
        for kind in ("message", "signal"):
            for node in self.root.iterfind(f"{BPMN}{kind}"):
                name = node.get("name") or ""
                said = foreign_texts.constant(name, self.maker)
                if said is None:
                    self.unclear(node, f"Tên ở đây là cố định, không phải biểu thức “{name}”.")
                elif not VARIABLE.match(name) and (plain := foreign_texts.snake(said)):
                    node.set("name", plain)
                    self.told(node, f"Tên “{name}” thành “{plain}”.")

    def _rest(self) -> Iterator[Problem]:
        for node in self.root.iter(f"{BPMN}*"):
            if node.tag == f"{BPMN}definitions":
                continue
            for key, value in node.attrib.items():
                if key.startswith((CAMUNDA, ZEEBE, SPIFF)):
                    yield problem("foreign", node, f"Không có gì ở đây tương ứng với {local(key)}=“{value}”.")
            for said in node.iterfind(f"{BPMN}extensionElements/*"):
                if not said.tag.startswith(MC):
                    sentence = f"Không có gì ở đây tương ứng với “{local(said.tag)}”."
                    yield replace(problem("foreign", node, sentence), line=said.sourceline)


_ATTRIBUTES: dict[str, Callable[[_Work, etree._Element, str], bool]] = {
    "formKey": _Work.form,
    "formRef": _Work.form,
    "candidateGroups": _Work.group,
    "dueDate": _Work.due,
    "calledElementBinding": _Work.binding,
    "formRefBinding": _Work.binding,
    "type": _Work.external,
    "topic": _Work.topic,
    "decisionRef": _Work.decision,
    "collection": _Work.items,
    "elementVariable": _Work.item,
}
_ELEMENTS: dict[str, Callable[[_Work, etree._Element, etree._Element], bool]] = {
    f"{ZEEBE}subscription": _Work.correlation,
    f"{ZEEBE}formDefinition": _Work.form_definition,
    f"{ZEEBE}assignmentDefinition": _Work.assignment,
    f"{ZEEBE}taskSchedule": _Work.schedule,
    f"{ZEEBE}taskDefinition": _Work.task_definition,
    f"{ZEEBE}calledElement": _Work.called,
    f"{ZEEBE}calledDecision": _Work.called_decision,
    f"{ZEEBE}loopCharacteristics": _Work.zeebe_loop,
    f"{CAMUNDA}in": _Work.mapping,
    f"{CAMUNDA}out": _Work.mapping,
    f"{SPIFF}instructionsForEndUser": _Work.instructions,
    f"{SPIFF}properties": _Work.spiff_properties,
    f"{SPIFF}calledDecisionId": _Work.spiff_decision,
}
