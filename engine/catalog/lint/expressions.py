"""X: conditions, variables, timers, messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

import feel
import forms
from engine.calendar import rules
from engine.catalog.findings import Finding
from engine.catalog.lint.people import limit_of
from engine.catalog.lint.registry import in_form, on, rule
from engine.catalog.lint.structure import parallel_blocks
from engine.catalog.lint.subject import Subject
from engine.catalog.lint.variables import BOOLEAN, INSTANT, INTEGER, OUTSIDE, VARIABLES
from engine.catalog.models import VersionKind
from engine.runtime.loops import DONE, INDEX, TOTAL
from engine.runtime.model import Element, Flow, Loop
from forms.lint import CONTEXT
from forms.schema import CITED

#: More combinations of values than this are not tried out.
_MOST = 4_000
_ENDED = {"not_accepted", "stopped", "withdrawn"}
_ENDING_TOPICS = {"dossier.refuse", "dossier.stop"}
#: Answers of parts that decide the dossier's course, so that the caller must look at them.
_DECISIVE = {"intake_state", "supplement_state", "signing_state", "payment_state", "transfer_state"}

Domain = tuple[Any, ...]


@rule("X01", "E", "OMG DMN 1.5, FEEL: tên lạ có giá trị null")
def every_name_is_declared(subject: Subject) -> Iterator[Finding]:
    elements = subject.drawn.elements
    for flow in subject.drawn.flows.values():
        if flow.condition:
            around = elements.get(elements[flow.source].scope)
            for name in sorted(feel.unknown(flow.condition, _known(subject, around))):
                yield on(flow, f"Điều kiện “{flow.condition}” đọc biến “{name}” mà không bước nào đặt.")
    for one in elements.values():
        loop, known = one.loop or Loop(kind=""), _known(subject, one)
        for text in filter(None, (one.condition, loop.count, loop.condition, loop.until)):
            for name in sorted(feel.unknown(text, known | {DONE})):
                yield on(one, f"Điều kiện “{text}” đọc biến “{name}” mà không bước nào đặt.")
        for name in filter(None, (one.at, one.key, loop.items)):
            if name not in known | OUTSIDE:
                yield on(one, f"“{one.name}” cần biến “{name}” mà không bước nào đặt.")


def _known(subject: Subject, place: Element | None) -> set[str]:
    """The variables that may be known at an element, its own rounds included; None = in the process itself.

    What belongs to a round is forgotten behind it, also what a form gives that is filled in only there.
    """
    elements = subject.drawn.elements.values()
    known = {*VARIABLES, *subject.settings, *(one.variable for one in elements), *(one.loop.outputs for one in elements if one.loop)}
    for name, fields in subject.routes.items():
        # a form that no step here asks for is a declaration, or of a part
        asked = [[one for one in elements if one.form == field.form] for field in fields]
        if any(not steps or any(name not in _of_rounds(subject, one) for one in steps) for steps in asked):
            known.add(name)
    return known | _of_rounds(subject, place)


def _of_rounds(subject: Subject, place: Element | None) -> set[str]:
    """What each of the rounds around an element has for itself."""
    names: set[str] = set()
    while place is not None:
        if place.loop:
            names |= {INDEX, TOTAL, place.loop.item, place.loop.output}
        place = subject.drawn.elements.get(place.scope)
    return names


@rule("X01", "E", "OMG DMN 1.5, FEEL: tên lạ có giá trị null")
def forms_read_what_is_there(subject: Subject) -> Iterator[Finding]:
    """A form's conditions read its own answers, the context of a declaration, and routing variables."""
    around = {*CONTEXT, *VARIABLES, *subject.settings, *subject.routes}
    for key, document in subject.forms.items():
        outline = forms.outline(document)
        own = {part for path in outline.keys for part in path.split(".")}  # a row reads its own keys
        for name in sorted(outline.reads - own - around):
            yield in_form(subject, key, f"Điều kiện trong biểu mẫu đọc “{name}” mà không có ở đâu.")


@rule("X10", "E", "Con số của luật là dữ liệu có ngày hiệu lực và điều khoản")
def forms_cite_rules_there_are(subject: Subject) -> Iterator[Finding]:
    """Only where a page says them: in words and descriptions, of rules that count something."""
    known = {row.code for row in rules.edition(rules.newest()).rows if row.is_time or row.unit == "times"}
    for key, document in subject.forms.items():
        cited = set(CITED.findall(json.dumps(document)))
        for code in sorted(cited - known):
            yield in_form(subject, key, f"Biểu mẫu dẫn quy tắc “{code}” không có trong bộ quy tắc.")
        for code in sorted(cited & known - forms.cites(document)):
            yield in_form(subject, key, f"Quy tắc “{code}” chỉ dẫn được trong lời và chú thích của biểu mẫu.")


@rule("X02", "E", "OMG BPMN 2.0: cổng loại trừ")
def exactly_one_way_is_open(subject: Subject) -> Iterator[Finding]:
    for gateway in _gateways(subject):
        flows = [subject.drawn.flows[flow] for flow in gateway.outgoing]
        asked = [flow for flow in flows if flow.condition and flow.id != gateway.default]
        domains = {name: _domain(subject, name, asked) for name in sorted(_names(asked))}
        if not asked or any(domain is None for domain in domains.values()):
            continue  # X01 says so
        values = [domain or () for domain in domains.values()]
        if prod(map(len, values)) > _MOST:
            yield on(gateway, f"Cổng “{gateway.name}” xét quá nhiều biến nên không kiểm chứng được.")
            continue
        cases = [dict(zip(domains, case, strict=True)) for case in product(*values)]
        yield from _wrong_cases(gateway, asked, cases)


def _gateways(subject: Subject) -> list[Element]:
    return [one for one in subject.drawn.elements.values() if one.kind == "xor" and len(one.outgoing) > 1]


def _names(flows: list[Flow]) -> frozenset[str]:
    return frozenset(name for flow in flows for name in feel.check(flow.condition or ""))


def _domain(subject: Subject, name: str, flows: list[Flow]) -> Domain | None:
    """The values to try for a variable: its codes, or whole numbers around those that the conditions name."""
    fields = subject.routes.get(name, ())
    options = tuple(dict.fromkeys(option for field in fields for option in field.options))
    told = options or VARIABLES.get(name) or _type_of(fields) or _type_of_setting(subject.settings.get(name))
    if told == INTEGER:
        text = " ".join(flow.condition or "" for flow in flows)
        numbers = {int(number) for number in re.findall(r"(?<![\w.])\d+(?![\w.])", text)} or {1}
        return tuple(sorted({near for number in numbers for near in (number - 1, number, number + 1)}))
    if told == BOOLEAN:
        return (True, False)
    if told == INSTANT or not isinstance(told, tuple):
        return None
    return told


def _type_of(fields: tuple[Any, ...]) -> tuple[str, ...] | str | None:
    kinds = {field.type for field in fields}
    return BOOLEAN if "checkbox" in kinds else INTEGER if "number" in kinds else None


def _type_of_setting(value: Any) -> tuple[str, ...] | str | None:
    if isinstance(value, bool):
        return BOOLEAN
    return INTEGER if isinstance(value, int) else (value,) if isinstance(value, str) else None


def _wrong_cases(gateway: Element, flows: list[Flow], cases: list[dict[str, Any]]) -> Iterator[Finding]:
    try:
        answers = iter(feel.evaluate_all((flow.condition or "", case) for case in cases for flow in flows))
    except feel.FeelError as wrong:
        yield on(gateway, f"Cổng “{gateway.name}”: không kiểm chứng được các điều kiện. {wrong}")
        return
    for case in cases:
        told = [(flow, next(answers)) for flow in flows]
        true = [flow for flow, answer in told if answer is True]
        said = ", ".join(f"{name} = {_shown(value)}" for name, value in case.items())
        if odd := next((flow for flow, answer in told if not isinstance(answer, bool)), None):
            yield on(odd, f"Điều kiện “{odd.condition}” không cho đúng hay sai khi {said}: hãy so sánh với đúng kiểu của biến.")
            return
        if len(true) > 1:
            both = " và ".join(f"“{flow.name or flow.id}”" for flow in true)
            yield on(gateway, f"Cổng “{gateway.name}”: khi {said} thì cả {both} cùng đúng.")
            return
        if not true and not gateway.default:
            yield on(gateway, f"Cổng “{gateway.name}”: khi {said} thì không có lối ra.")
            return


def _shown(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


@rule("X03", "E", "118/2025 Đ5")
def no_default_leads_to_a_refusal(subject: Subject) -> Iterator[Finding]:
    model = subject.drawn
    for gateway in _gateways(subject):
        chosen = all(model.flows[flow].condition for flow in gateway.incoming)
        if gateway.default and not chosen:  # behind an explicit "refuse" the refusal is nobody's default
            target = model.elements[model.flows[gateway.default].target]
            last = target.kind == "end" and subject.bundle.kind != VersionKind.PART
            ended = last or target.status in _ENDED or target.topic in _ENDING_TOPICS
            if ended or target.called == "close_dossier":
                yield on(
                    gateway,
                    f"Lối mặc định của cổng “{gateway.name}” dẫn tới “{target.name}”: "
                    "không được từ chối, đóng hoặc kết thúc hồ sơ khi không nêu căn cứ.",
                )


@rule("X04", "E", "Lựa chọn không nhánh nào nhận sẽ đi nhầm nhánh mặc định")
def options_are_the_conditions(subject: Subject) -> Iterator[Finding]:
    """Every code that a condition names is an option of the forms that set the variable."""
    for flow in subject.drawn.flows.values():
        for name, code in re.findall(r'(\w+) *!?= *"([^"]*)"', flow.condition or ""):
            domain = _domain(subject, name, [flow])
            if domain is not None and code not in domain:
                yield on(
                    flow, f"Điều kiện xét {name} = “{code}”, nhưng không biểu mẫu nào cho chọn giá trị này."
                )


@rule("X05", "E", "91/2025/QH15")
def nothing_personal_is_a_routing_variable(subject: Subject) -> Iterator[Finding]:
    for name, fields in subject.routes.items():
        for field in fields:
            if field.type not in {"select", "radio", "checkbox", "number", "datetime"}:
                yield in_form(
                    subject,
                    field.form,
                    f"Trường “{name}” kiểu {field.type} không được là biến định tuyến: chỉ dùng lựa chọn, "
                    "đúng/sai, số nguyên hoặc ngày.",
                    name,
                )


@rule("X06", "E", "Phần dùng chung trả lời bằng biến; nơi gọi phải đặt đủ và xét mọi giá trị")
def calls_keep_the_contract_of_their_part(subject: Subject) -> Iterator[Finding]:
    known = {*VARIABLES, *OUTSIDE, *subject.settings, *subject.routes}
    for one in subject.drawn.elements.values():
        part = subject.parts.get(one.called)
        if one.kind != "call" or part is None:
            continue
        for name in part.record.get("in", ()):
            if name not in known:
                yield on(one, f"Phần “{one.called}” cần biến “{name}” mà không bước nào đặt.")
        decisive = _DECISIVE.intersection(part.record.get("out", ()))
        following = subject.drawn.after(one)[0]
        read = _names(
            [subject.drawn.flows[f] for f in following.outgoing if subject.drawn.flows[f].condition]
        )
        if decisive and not decisive & read:
            names = ", ".join(sorted(decisive))
            yield on(one, f"Sau phần “{one.called}” phải có cổng xét câu trả lời của nó ({names}).")


@rule("X07", "E", "118/2025 Đ17(3)")
def every_timer_names_its_rule(subject: Subject) -> Iterator[Finding]:
    for one in subject.drawn.elements.values():
        if one.event == "timer" and not (one.at or limit_of(subject, one)):
            yield on(one, f"Hẹn giờ “{one.name}” phải nêu thời hạn (limit), quy tắc (rule) hoặc biến giữ thời điểm (at).")


@rule("X08", "E", "Tin đến chỉ được có một chỗ chờ")
def a_message_has_one_wait_at_a_time(subject: Subject) -> Iterator[Finding]:
    for split, branches in parallel_blocks(subject.drawn):
        seen: Mapping[str, int] = {}
        for number, branch in enumerate(branches):
            for message in {one.message for one in branch if one.message}:
                if seen.get(message, number) != number:
                    yield on(split, f"Hai nhánh song song cùng chờ thông điệp “{message}”.")
                seen = {**seen, message: number}
