"""F20 and the record's own rules: what procedure.json says is whole, and its FEEL can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import feel
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import in_record, rule
from engine.catalog.lint.subject import Subject, answer_paths
from engine.catalog.lint.variables import VARIABLES
from engine.catalog.models import VersionKind
from engine.runtime.grammar import LIMIT
from forms.lint import CONTEXT

_NEEDED: Mapping[str, tuple[type, str]] = {
    "name": (dict, "tên"),
    "field": (dict, "lĩnh vực"),
    "levels": (list, "cấp giải quyết"),
    "applicants": (list, "đối tượng thực hiện"),
    "legal_basis": (list, "căn cứ pháp lý"),
    "results": (list, "kết quả"),
    "limits": (list, "thời hạn"),
    "components": (list, "thành phần hồ sơ"),
    "fees": (list, "phí, lệ phí"),
    "declaration": (str, "tờ khai"),
    "applicant": (dict, "chủ hồ sơ trong tờ khai"),
}
#: Lists that may be empty: free of charge, or nothing to hand in but the declaration.
_MAY_BE_EMPTY = {"components", "fees"}
_UNITS = {"same_day", "wh", "wd", "d", "h"}


def _rows(subject: Subject, name: str) -> list[Mapping[str, Any]]:
    rows = subject.bundle.record.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


@rule("F20", "E", "domain 2.3")
def the_record_is_whole(subject: Subject) -> Iterator[Finding]:
    if subject.bundle.kind != VersionKind.PROCEDURE:
        return
    record = subject.bundle.record
    for name, (kind, words) in _NEEDED.items():
        value = record.get(name)
        if not isinstance(value, kind) or not (value or name in _MAY_BE_EMPTY):
            yield in_record(subject, f"Bản ghi thủ tục thiếu {words} (“{name}”).", name)
    for name in ("name", "field"):
        if isinstance(record.get(name), dict) and not record[name].get("vi"):
            yield in_record(subject, f"“{name}” thiếu chữ tiếng Việt.", name)


@rule("F20", "E", "domain 2.3")
def entries_of_the_record_are_well_formed(subject: Subject) -> Iterator[Finding]:
    if subject.bundle.kind != VersionKind.PROCEDURE:
        return
    for name, key in (("components", "key"), ("fees", "id"), ("variants", "key")):
        seen: set[Any] = set()
        for row in _rows(subject, name):
            if not row.get(key) or not row.get("vi"):
                yield in_record(subject, f"Một mục của “{name}” thiếu “{key}” hoặc tên tiếng Việt.", name)
            elif row[key] in seen:
                yield in_record(subject, f"“{name}” có hai mục “{row[key]}”.", name, str(row[key]))
            seen.add(row.get(key))
    for row in _rows(subject, "limits"):
        value = row.get("value")
        good = (
            row.get("unit") in _UNITS and isinstance(value, int) and not isinstance(value, bool) and value > 0
        )
        if not good or not isinstance(row.get("text"), dict) or not row["text"].get("vi"):
            yield in_record(
                subject, "Một thời hạn thiếu số, đơn vị (same_day, wh, wd, d, h) hoặc lời văn.", "limits"
            )


@rule("F20", "E", "domain 2.3")
def the_last_limit_has_no_condition(subject: Subject) -> Iterator[Finding]:
    limits = _rows(subject, "limits")
    if limits and all(row.get("when") for row in limits):
        yield in_record(
            subject, "Thời hạn cuối cùng phải không có điều kiện, để hồ sơ nào cũng có hạn.", "limits"
        )


@rule("X01", "E", "engine 0.4")
def conditions_of_the_record_can_be_evaluated(subject: Subject) -> Iterator[Finding]:
    declaration = subject.bundle.forms.get(str(subject.bundle.record.get("declaration")))
    known = {*CONTEXT, *VARIABLES, *subject.settings}
    known.update(answer_paths(declaration) if declaration else ())
    for name, keys in {
        "limits": ("when",),
        "variants": ("when",),
        "components": ("required_when",),
        "fees": ("amount", "when"),
    }.items():
        for row in _rows(subject, name):
            for key in keys:
                text = row.get(key)
                if isinstance(text, str) and text:
                    yield from _judged(
                        subject, name, str(row.get("key") or row.get("id") or key), text, known
                    )


def _judged(subject: Subject, name: str, entry: str, text: str, known: set[str]) -> Iterator[Finding]:
    try:
        strange = feel.unknown(text, known)
    except feel.FeelError as wrong:
        yield in_record(subject, f"Biểu thức “{text}” không phải FEEL hợp lệ: {wrong}", name, entry)
        return
    for unknown in sorted(strange):
        yield in_record(subject, f"Biểu thức “{text}” đọc “{unknown}” không có trong tờ khai.", name, entry)


@rule("F20", "E", "domain 2.3")
def applicant_paths_lead_into_the_declaration(subject: Subject) -> Iterator[Finding]:
    declaration = subject.bundle.forms.get(str(subject.bundle.record.get("declaration")))
    paths = subject.bundle.record.get("applicant")
    if declaration is None or not isinstance(paths, dict):
        return
    known = set(answer_paths(declaration))
    for name, path in paths.items():
        if path and path not in known:
            yield in_record(
                subject, f"Tờ khai không có trường “{path}” cho “{name}” của chủ hồ sơ.", "applicant", name
            )


@rule("P03", "E", "features 4 no. 2")
def the_declaration_is_there(subject: Subject) -> Iterator[Finding]:
    key = subject.bundle.record.get("declaration")
    if isinstance(key, str) and key not in subject.bundle.forms:
        yield in_record(subject, f"Không có biểu mẫu tờ khai “{key}”.", "declaration")


@rule("P05", "E", "118/2025 Đ17-20")
def step_limits_name_steps_and_are_limits(subject: Subject) -> Iterator[Finding]:
    limits = subject.bundle.record.get("step_limits")
    if not isinstance(limits, dict):
        return
    steps = {node.id for node in subject.walk.graph.ways}
    for step, limit in limits.items():
        if step not in steps:
            yield in_record(subject, f"Thời hạn nêu bước “{step}” không có trong sơ đồ.", "step_limits", step)
        elif not isinstance(limit, str) or not LIMIT.match(limit):
            yield in_record(subject, f"Thời hạn của “{step}” phải viết như “1 wd”.", "step_limits", step)
