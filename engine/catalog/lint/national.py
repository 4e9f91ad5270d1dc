"""F20, second half: what a record says beside what the ministry published about the same procedure.

The publication's words are flattened and its numbers sometimes wrong, so nearly all of this only warns, with both
values. A longer limit than the published one is an error: no office may give itself more time (118/2025 Đ17(3)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.base.money import dong
from engine.base.text import fold
from engine.catalog.findings import Finding
from engine.catalog.lint.people import in_working_hours
from engine.catalog.lint.registry import in_record, rule
from engine.catalog.lint.subject import Subject
from engine.catalog.models import Procedure
from engine.catalog.terms import DAYS

#: A paper is the same when this much of the shorter description stands in the longer one.
_ALIKE = 0.6
_SMALL = frozenset("va hoac cua cho theo ve cac mot trong truong hop co khong duoc phai la giay to".split())


@rule("F20", "W", "Cơ sở dữ liệu quốc gia về thủ tục hành chính")
def words_are_those_of_the_publication(subject: Subject) -> Iterator[Finding]:
    row, record = subject.published, subject.bundle.record
    if row is None:
        return
    told = {
        "name": ("Tên", record["name"]["vi"], row.name_vi),
        "field": ("Lĩnh vực", record["field"]["vi"], row.field),
        "decision": ("Quyết định công bố", record.get("decision") or "", row.decision or ""),
        "levels": ("Cấp giải quyết", ", ".join(sorted(record["levels"])), ", ".join(sorted(row.levels))),
    }
    for key, (words, ours, theirs) in told.items():
        if theirs and _plain(ours) != _plain(theirs):
            yield in_record(subject, f"{words}: bản ghi là “{ours}”, bản công bố là “{theirs}”.", key)
    codes = {one["code"] for one in row.results if one.get("code")}
    for code in sorted(codes - {one.get("code") for one in record["results"]}):
        yield in_record(subject, f"Bản công bố có kết quả mã {code}, bản ghi không có.", "results")


def _plain(text: str) -> str:
    return fold(text).removeprefix("thu tuc ").strip(" .;")


@rule("F20", "E", "118/2025 Đ17(3)")
def no_limit_is_longer_than_published(subject: Subject) -> Iterator[Finding]:
    published = _published_limits(subject.published)
    for row in subject.bundle.record.get("limits") or () if published else ():
        hours = in_working_hours(row["value"], row["unit"])
        if hours > max(published) and not subject.articles.get("limit"):
            yield in_record(
                subject,
                f"Thời hạn {row['value']} {row['unit']} dài hơn bản công bố ({published[max(published)]}); "
                "phải nêu căn cứ (articles.limit).",
                "limits",
            )


@rule("F20", "W", "Cơ sở dữ liệu quốc gia về thủ tục hành chính")
def limits_are_those_of_the_publication(subject: Subject) -> Iterator[Finding]:
    published = _published_limits(subject.published)
    ours = {
        in_working_hours(row["value"], row["unit"]): row for row in subject.bundle.record.get("limits") or ()
    }
    if not published or not ours:
        return
    shown = "; ".join(published.values())
    for hours, row in ours.items():
        if hours not in published and hours < max(published):
            yield in_record(
                subject, f"Thời hạn: bản ghi {row['value']} {row['unit']}, bản công bố {shown}.", "limits"
            )
    for hours, text in published.items():
        if hours not in ours:
            yield in_record(subject, f"Bản công bố có thời hạn “{text}”, bản ghi không có.", "limits")


def _published_limits(row: Procedure | None) -> dict[float, str]:
    """Working hours -> the published words, of the channels whose words are clear."""
    found = {}
    for channel in row.channels if row else ():
        value, unit = channel.get("limit_value"), channel.get("limit_unit")
        if value and unit:
            hours = in_working_hours(value * DAYS.get(unit, 1), "d" if unit in DAYS else unit)
            found[hours] = channel["limit_text"]
    return found


@rule("F20", "W", "Cơ sở dữ liệu quốc gia về thủ tục hành chính")
def fees_are_those_of_the_publication(subject: Subject) -> Iterator[Finding]:
    row = subject.published
    clear = (
        {channel["fee_amount"] for channel in row.channels if channel["fee_amount"] is not None}
        if row
        else set()
    )
    ours = (
        {int(n) for fee in subject.bundle.record["fees"] for n in re.findall(r"\d+", fee.get("amount", ""))}
        if row
        else set()
    )
    for amount in sorted(clear - ours - {0}):
        yield in_record(subject, f"Bản công bố thu {dong(amount)}, bản ghi không có mức này.", "fees")
    for amount in sorted(ours - clear - {0}) if clear else ():
        shown = ", ".join(dong(one) for one in sorted(clear))
        yield in_record(subject, f"Bản ghi thu {dong(amount)}, bản công bố chỉ có {shown}.", "fees")


@rule("F20", "W", "118/2025 Đ5")
def papers_are_those_of_the_publication(subject: Subject) -> Iterator[Finding]:
    """Papers that are asked without being published, and published ones that are not asked."""
    row = subject.published
    if row is None or not row.components:
        return
    asked = [one for one in subject.bundle.record["components"] if _is_asked(one)]
    for one in asked:
        if not any(_alike(one["vi"], other["name"]) for other in row.components):
            yield in_record(
                subject, f"Bản ghi đòi “{one['vi']}”, bản công bố không có.", "components", one["key"]
            )
    every = [one["vi"] for one in subject.bundle.record["components"]]
    for name in _papers(row.components):
        if not any(_alike(name, other) for other in every):
            yield in_record(subject, f"Bản công bố có “{name[:160]}”, bản ghi không có.", "components")


def _is_asked(component: Mapping[str, Any]) -> bool:
    return component["kind"] in {"submit", "show"} and component.get("required_when") != "false"


def _papers(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """Names, each once; rows without originals and copies are remarks."""
    return list(dict.fromkeys(one["name"] for one in components if one["originals"] or one["copies"]))


def _alike(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    shorter = min(len(first), len(second))
    return shorter > 0 and len(first & second) >= _ALIKE * shorter


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", fold(text))) - _SMALL
