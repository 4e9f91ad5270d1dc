"""Fill a form as an officer would: what is given, and something sensible where the form still asks.

Driven by the refusals of the form itself, so it needs no knowledge of any one form.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import forms
from forms.schema import Node, nodes_of, walk

#: Words for texts that a form asks for, by key; everything else gets `WORDS`.
TEXTS = {
    "number": "128/UBND",
    "delivery_tracking_no": "RT145236789VN",
    "minutes_no": "05/BB",
    "article": "Nghị định 118/2025/NĐ-CP, Điều 17",
    "refusal_reason": "Nội dung đề nghị không đủ điều kiện theo quy định đã nêu",
    "next_step": "Ông/bà nộp lại khi đủ điều kiện; cần hướng dẫn thì liên hệ bộ phận tiếp nhận",
    "role": "Thành viên",
    "edge": "A-B",
    "conclusion": "Hiện trạng phù hợp với hồ sơ đề nghị",
    "what": "Bản chụp giấy tờ kèm theo đơn",
    "lack": "Bản nộp bị mờ, không đọc được",
    "why": "Không đối chiếu được với hồ sơ",
    "how": "Nộp lại bản rõ, hoặc mang bản chính đến đối chiếu",
    "receiver_name": "Nguyễn Thị Hạnh",
    "receiver_personal_id": "099190000321",
    "entry_no": "31/2026",
    "book_no": "01/2026",
    "checked_by": "Lê Thị Minh",
    "serial_wife": "A 0012345",
    "serial_husband": "A 0012346",
    "start_month": "12/2026",
    "from_month": "12/2026",
    "first_month": "12/2026",
    "drawn_until": "11/2026",
    "licence_no": "990000000077",
}
#: Counts of which there are none when the work goes on.
NONE_LEFT = ("heavy_faults", "serious_faults")
WORDS = "Đã kiểm tra, nội dung phù hợp với hồ sơ và quy định."
_BY_KIND = {
    "personal_id": "099190000321",
    "name": "Nguyễn Thị Hạnh",
    "phone": "0990000321",
    "email": "nguoinop@example.vn",
    "tax_code": "2800000001",
    "entry_no": "31/2026",
    "province": "38",
    "commune": "14797",
    "ethnicity": "01",
    "nationality": "VN",
}


#: Boxes that are ticked when the work goes on.
TICKED = ("supplement_ok", "personal_id_known", "site_seen")


class CannotFill(AssertionError):
    """The form refuses everything we know."""


def fill(
    document: dict[str, Any],
    given: Mapping[str, Any],
    context: Mapping[str, Any],
    *,
    going_on: Sequence[str] = (),
    officers: Sequence[str] = (),
    offices: Sequence[str] = (),
    today: str = "2026-11-23",
) -> dict[str, Any]:
    """Answers that the form accepts, `given` kept as it is."""
    nodes = {node.dotted: node for node in walk(nodes_of(document)) if node.path}
    answers = copy.deepcopy(dict(given))
    for node in nodes.values():
        if node.properties.get("routes") != "true" or node.key in answers:
            continue
        if node.key in TICKED:
            answers[node.key] = True
        elif node.options:
            answers[node.key] = next((one for one in going_on if one in node.options), node.options[0])
    wrong: dict[str, list[str]] = {}
    for attempt in range(12):
        try:
            forms.load(document, answers, context)
        except forms.FormInvalid as refused:
            wrong = dict(refused.errors)
            for path in wrong:
                _answer(answers, path, nodes, officers, offices, today, attempt)
        else:
            return answers
    raise CannotFill(document.get("id"), wrong)


def _answer(
    answers: dict[str, Any],
    path: str,
    nodes: Mapping[str, Node],
    officers: Sequence[str],
    offices: Sequence[str],
    today: str,
    attempt: int,
) -> None:
    parts = path.split(".")
    node = nodes.get(".".join("*" if part.isdigit() else part for part in parts))
    if node is None:
        raise CannotFill(path)
    place: Any = answers
    for part in parts[:-1]:
        place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
    place[parts[-1]] = _value(node, officers, offices, today, attempt)


def _value(node: Node, officers: Sequence[str], offices: Sequence[str], today: str, attempt: int) -> Any:
    """Something sensible for one component; another attempt tries another choice."""
    if node.is_list:
        asked = [child for child in node.children if child.rules.get("required")]
        return [{one.key: _value(one, officers, offices, today, attempt) for one in asked}]
    known = {"officer": officers, "office": offices}.get(node.kind or "") or node.options
    if node.key in TEXTS and node.type in ("textfield", "textarea"):
        value: Any = TEXTS[node.key]
    elif node.kind in _BY_KIND:
        value = _BY_KIND[node.kind]
    elif node.key in NONE_LEFT:
        value = 0
    elif node.type in ("select", "radio"):
        value = known[attempt % len(known)]
    else:
        value = _plain(node, today, attempt)
    return value


def _plain(node: Node, today: str, attempt: int) -> Any:
    match node.type:
        case "group":
            return {}
        case "checkbox":
            return attempt % 2 == 0
        case "checklist":
            return list(node.options)
        case "number":
            return max(node.rules.get("min", 1), 1)
        case "datetime":
            return {"date": today, "time": "08:30"}.get(node.spec.get("subtype") or "date", f"{today}T08:30")
    return WORDS[: node.rules.get("maxLength") or 250]
