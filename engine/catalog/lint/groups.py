"""P10: a group never promises less time than one of its parts has by law (Decree 118/2025, art. 20(2))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import Any

import feel
from engine.catalog.findings import Finding
from engine.catalog.lint.decisions import readable
from engine.catalog.lint.people import in_working_hours
from engine.catalog.lint.registry import in_record, rule
from engine.catalog.lint.subject import Subject, components
from engine.catalog.terms import holds
from engine.runtime.decisions import DecisionFailed

#: More combinations of answers than this nobody tells apart when drawing up limits.
_MOST = 2000
_CHANNELS = ("in_person", "online", "post")

Row = Mapping[str, Any]


@rule("P10", "E", "118/2025 Đ20(2)")
def no_group_is_promised_before_its_parts(subject: Subject) -> Iterator[Finding]:
    """Each case that the declaration can say is looked at: the limit of the group, and those of the parts it opens."""
    parts: Sequence[Row] = subject.bundle.record.get("children") or ()
    told: set[str] = set()
    for case in _cases(subject) if parts else ():
        known = case | _decided(subject, case)
        whole = _limit(subject.bundle.record.get("limits") or (), known)
        for part in parts:
            own = _limit(part["limits"], known) if holds(part.get("when"), known) else None
            if whole and own and _length(own) > _length(whole) and part["kind"] not in told:
                told.add(part["kind"])
                said = ", ".join(f"{name} = {value}" for name, value in case.items())
                yield in_record(
                    subject,
                    f"Thời hạn của nhóm ({whole['text']['vi']}) ngắn hơn của “{part['vi']}” ({own['text']['vi']}) khi {said}.",
                    "children",
                    part["kind"],
                )


@rule("P10", "W", "118/2025 Đ20(2)")
def all_cases_of_a_group_are_looked_at(subject: Subject) -> Iterator[Finding]:
    count = prod(map(len, _answers(subject).values())) if subject.bundle.record.get("children") else 0
    if count > _MOST:
        yield in_record(
            subject,
            f"Thời hạn và các phần việc hỏi tới {count} trường hợp của tờ khai, mới so thời hạn ở {_MOST} trường hợp đầu: "
            "người duyệt tự xem phần còn lại.",
            "children",
        )


def _limit(rows: Sequence[Row], known: Mapping[str, Any]) -> Row | None:
    return next((row for row in rows if holds(row.get("when"), known)), None)


def _length(limit: Row) -> float:
    return in_working_hours(limit["value"], limit["unit"])


def _cases(subject: Subject) -> Iterator[dict[str, Any]]:
    """The combinations of the answers that the limits and the parts ask about, no more than `_MOST`."""
    may_be = _answers(subject)
    for values in islice(product(*may_be.values()), _MOST):
        yield dict(zip(may_be, values, strict=True))


def _answers(subject: Subject) -> dict[str, Sequence[Any]]:
    """What may be said to each question that they ask about."""
    record = subject.bundle.record
    asked = [record.get("limits") or (), *(part["limits"] for part in record["children"]), record["children"]]
    names = {name for rows in asked for row in rows if row.get("when") for name in _reads(row["when"])}
    for one in subject.bundle.decisions:
        if (model := readable(subject, one)) and model.has(one):
            names.update(model.inputs_of(one))
    declaration = subject.forms.get(str(record.get("declaration"))) or {}
    may_be: dict[str, Sequence[Any]] = {one["key"]: values for one in components(declaration) if one.get("key") in names and (values := _values(one))}
    if "channel" in names:
        may_be["channel"] = _CHANNELS
    return may_be


def _values(field: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a field may say; of a list to tick each entry alone, none, and all."""
    options = tuple(one["value"] for one in field.get("values") or ())
    if field["type"] == "checklist":
        return ([], *([one] for one in options), [*options])
    return (True, False) if field["type"] == "checkbox" else options


def _reads(condition: str) -> frozenset[str]:
    try:
        return feel.reads(condition)
    except feel.FeelError:
        return frozenset()  # X01 says so


def _decided(subject: Subject, case: Mapping[str, Any]) -> dict[str, Any]:
    """What the group's decisions propose in such a case: officers confirm it before parts are opened."""
    found: dict[str, Any] = {}
    for name in subject.bundle.decisions:
        model = readable(subject, name)
        try:
            value = model.decide(name, case).value if model and model.has(name) else None
        except DecisionFailed:
            continue
        found |= value if isinstance(value, dict) else {name: value}
    return found
