"""The allow-list of a diagram: which element, with which event, attribute and child, is proved to run right.

What is not named here is refused, because SpiffWorkflow and other engines silently ignore much of BPMN: a signal end
that sends nothing, a condition on a flow that leaves a task, an island that is never parsed. Every row has a
conformance test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
MC = "{urn:motcua:bpmn:1}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

STATUSES = frozenset(
    """registered accepted not_accepted in_process awaiting_supplement awaiting_payment
    withdrawn stopped decided handed_over""".split()
)

FALSE, TRUE = frozenset({"false"}), frozenset({"true"})
#: The standard also writes 1 and 0, which engines read as they like.
EITHER = FALSE | TRUE
FEEL = frozenset({"https://www.omg.org/spec/DMN/20191111/FEEL/", "feel"})
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

#: Element -> the events that it may bear; "none" is a start or end without one. `start of an event sub-process` is a
#: startEvent in a sub-process with triggeredByEvent.
EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none"}),
    "start of an event sub-process": frozenset({"message", "timer", "signal", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "link"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "conditional"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate"}),
}
#: Event -> the element of `definitions` that it names, and the attribute by which.
REFERENCES: Mapping[str, tuple[str, str]] = {
    event: (event, f"{event}Ref") for event in ("message", "signal", "error", "escalation")
}
#: What an engine ignores in the drawing of a process, and we with it.
NOTES = frozenset(
    """documentation textAnnotation association group dataObject dataObjectReference dataStoreReference""".split()
)


@dataclass(frozen=True)
class Allowed:
    """What an XML element may hold."""

    attributes: Mapping[str, frozenset[str] | None]
    children: frozenset[str] = frozenset()
    #: attributes of its `mc:step`; None = it is no flow node and bears none
    step: frozenset[str] | None = None


def _node(attributes: Mapping[str, frozenset[str] | None], *more: str, step: frozenset[str]) -> Allowed:
    children = {"documentation", "extensionElements", "incoming", "outgoing", *more}
    return Allowed(attributes, frozenset(children), step)


def _events(element: str) -> list[str]:
    return [f"{event}EventDefinition" for event in sorted(EVENTS[element] - {"none"})]


#: How an activity may be done several times.
LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")

NODES: Mapping[str, Allowed] = {
    "startEvent": _node(
        {**ANY, "isInterrupting": TRUE, "parallelMultiple": FALSE},
        *_events("start of an event sub-process"),
        step=SAID | {"at", "key"},
    ),
    "endEvent": _node(ANY, *_events("endEvent"), step=SAID | {"key"}),
    "userTask": _node(ACTIVITY, *LOOPS, step=SAID | {"form"}),
    "manualTask": _node(ACTIVITY, *LOOPS, step=SAID | {"form"}),
    "serviceTask": _node(ACTIVITY, *LOOPS, step=SAID | {"topic", "kind"}),
    "businessRuleTask": _node(ACTIVITY, step=SAID | {"decision", "variable"}),
    "sendTask": _node({**ACTIVITY, "messageRef": None}, step=SAID | {"key"}),
    "receiveTask": _node({**ACTIVITY, "messageRef": None, "instantiate": FALSE}, step=SAID | {"at", "key"}),
    "callActivity": _node({**ACTIVITY, "calledElement": None}, *LOOPS, step=SAID),
    "subProcess": _node(
        {**ACTIVITY, "triggeredByEvent": EITHER}, *LOOPS, "sequenceFlow", *NOTES, "flow node", step=SAID
    ),
    "exclusiveGateway": _node({**GATEWAY, "default": None}, step=SAID),
    "inclusiveGateway": _node({**GATEWAY, "default": None}, step=SAID),
    "parallelGateway": _node(GATEWAY, step=SAID),
    "eventBasedGateway": _node(
        {**GATEWAY, "instantiate": FALSE, "eventGatewayType": frozenset({"Exclusive"})}, step=SAID
    ),
    "intermediateCatchEvent": _node(
        {**ANY, "parallelMultiple": FALSE}, *_events("intermediateCatchEvent"), step=SAID | {"at", "key", "form"}
    ),
    "intermediateThrowEvent": _node(ANY, *_events("intermediateThrowEvent"), step=SAID | {"key"}),
    "boundaryEvent": _node(
        {**ANY, "attachedToRef": None, "cancelActivity": TRUE, "parallelMultiple": FALSE},
        *_events("boundaryEvent"),
        step=SAID | {"at", "key"},
    ),
}
_FORMAL = Allowed({"id": None, XSI_TYPE: None, "language": FEEL})

OTHERS: Mapping[str, Allowed] = {
    "definitions": Allowed(
        {
            **ANY,
            "targetNamespace": None,
            "exporter": None,
            "exporterVersion": None,
            "typeLanguage": None,
            "expressionLanguage": FEEL,
        },
        frozenset({"message", "signal", "error", "escalation", "collaboration", "process", "documentation"}),
    ),
    "message": Allowed(ANY, frozenset({"documentation"})),
    "signal": Allowed(ANY, frozenset({"documentation"})),
    "error": Allowed({**ANY, "errorCode": None}, frozenset({"documentation"})),
    "escalation": Allowed({**ANY, "escalationCode": None}, frozenset({"documentation"})),
    "collaboration": Allowed(
        {**ANY, "isClosed": FALSE},
        frozenset({"participant", "documentation", "textAnnotation", "association", "group"}),
    ),
    "participant": Allowed({**ANY, "processRef": None}, frozenset({"documentation"})),
    "process": Allowed(
        {**ANY, "isExecutable": EITHER, "isClosed": FALSE, "processType": frozenset({"None", "Private"})},
        NOTES | {"laneSet", "sequenceFlow", "flow node"},
    ),
    "laneSet": Allowed(ANY, frozenset({"lane", "documentation"})),
    "lane": Allowed(ANY, frozenset({"extensionElements", "flowNodeRef", "documentation"})),
    "sequenceFlow": Allowed(
        {**ANY, "sourceRef": None, "targetRef": None, "isImmediate": TRUE},
        frozenset({"conditionExpression", "documentation"}),
    ),
    "conditionExpression": _FORMAL,
    **{f"{event}EventDefinition": Allowed({"id": None, by: None}) for event, (_, by) in REFERENCES.items()},
    "conditionalEventDefinition": Allowed({"id": None}, frozenset({"condition"})),
    "condition": _FORMAL,
    "linkEventDefinition": Allowed(ANY),
    "terminateEventDefinition": Allowed({"id": None}),
    "timerEventDefinition": Allowed({"id": None}, frozenset({"timeDuration", "timeDate"})),
    "timeDuration": Allowed({"id": None, XSI_TYPE: None}),
    "timeDate": Allowed({"id": None, XSI_TYPE: None}),
    "multiInstanceLoopCharacteristics": Allowed(
        {"id": None, "isSequential": EITHER, "behavior": frozenset({"All"})},
        frozenset(
            """loopCardinality loopDataInputRef loopDataOutputRef inputDataItem outputDataItem
            completionCondition documentation""".split()
        ),
    ),
    "standardLoopCharacteristics": Allowed(
        {"id": None, "testBefore": EITHER, "loopMaximum": None}, frozenset({"loopCondition", "documentation"})
    ),
    "loopCardinality": _FORMAL,
    "completionCondition": _FORMAL,
    "loopCondition": _FORMAL,
    "loopDataInputRef": Allowed({}),
    "loopDataOutputRef": Allowed({}),
    "inputDataItem": Allowed({**ANY, "isCollection": FALSE}),
    "outputDataItem": Allowed({**ANY, "isCollection": FALSE}),
    "extensionElements": Allowed({}),
    "documentation": Allowed({"id": None, "textFormat": None}),
    "incoming": Allowed({}),
    "outgoing": Allowed({}),
    "flowNodeRef": Allowed({}),
    "textAnnotation": Allowed({"id": None, "textFormat": None}, frozenset({"text", "documentation"})),
    "text": Allowed({}),
    "association": Allowed(
        {"id": None, "sourceRef": None, "targetRef": None, "associationDirection": None},
        frozenset({"documentation"}),
    ),
    "group": Allowed({"id": None, "categoryValueRef": None}, frozenset({"documentation"})),
    "dataObject": Allowed({**ANY, "isCollection": None}, frozenset({"documentation"})),
    "dataObjectReference": Allowed({**ANY, "dataObjectRef": None}, frozenset({"documentation"})),
    "dataStoreReference": Allowed({**ANY, "dataStoreRef": None}, frozenset({"documentation"})),
}

ALLOWED: Mapping[str, Allowed] = {**NODES, **OTHERS}
WITH_ID = frozenset(NODES) | {"process", "sequenceFlow", "message", "signal", "error", "escalation"}
#: Children of which engines read the first or the last and forget the others.
ONCE = frozenset(
    """extensionElements conditionExpression condition timeDuration timeDate laneSet collaboration loopCardinality
    completionCondition loopCondition loopDataInputRef loopDataOutputRef inputDataItem outputDataItem""".split()
) | frozenset(LOOPS)

#: Why some things that people do draw are refused. The rest gets the general sentence.
REASONS = {
    "task": "Bước chưa nêu loại: hãy chọn bước của người (userTask), bước ngoài hệ thống (manualTask) hoặc dịch vụ.",
    "scriptTask": "Không chạy mã lệnh trong sơ đồ; dùng serviceTask có chủ đề (topic).",
    "compensateEventDefinition": "Sự kiện bù trừ chưa được hỗ trợ; bộ máy sẽ âm thầm bỏ qua.",
    "conditionalEventDefinition": (
        "Sự kiện điều kiện chỉ được gắn vào quy trình con hoặc phần được gọi: nơi khác, khi hồ sơ đứng chờ, "
        "không gì đổi được biến mà nó xét; hãy chờ thông điệp rồi xét bằng cổng."
    ),
    "cancelEventDefinition": "Sự kiện hủy giao dịch chưa được hỗ trợ; dùng lệnh rút hoặc dừng hồ sơ.",
    "complexGateway": "Cổng phức hợp không được hỗ trợ.",
    "transaction": "Quy trình con kiểu giao dịch chưa được hỗ trợ: việc bù trừ không được bảo đảm.",
    "adHocSubProcess": "Quy trình con tùy ý (ad hoc) chưa được hỗ trợ: thứ tự các bước không được bảo đảm.",
    "timeCycle": "Hẹn giờ lặp lại chưa được hỗ trợ.",
    "cancelActivity": (
        "Sự kiện biên không ngắt chưa được hỗ trợ: nhánh phụ sẽ chạy song song; nhắc việc ghi bằng thời hạn (limit)."
    ),
    "isInterrupting": "Quy trình con sự kiện không ngắt chưa được hỗ trợ: nó sẽ chạy song song với nhánh chính.",
    "behavior": "Chỉ hỗ trợ bước nhiều bản chờ đủ các bản hoặc điều kiện dừng.",
    **dict.fromkeys(
        ("dataInputAssociation", "dataOutputAssociation", "ioSpecification", "property"),
        "Liên kết dữ liệu chưa được hỗ trợ: biến định tuyến đi theo luồng, đối tượng dữ liệu chỉ là ghi chú.",
    ),
    "childLaneSet": "Làn lồng nhau chưa được hỗ trợ.",
}
