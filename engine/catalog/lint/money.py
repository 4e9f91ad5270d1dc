"""F20, fees: whole dong, not less than 0, and one row for each day of each fee at each place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import feel
from engine.catalog.findings import Finding
from engine.catalog.lint.registry import SHAPE, in_record, rule
from engine.catalog.lint.shape import Shape
from engine.catalog.lint.subject import Subject
from engine.catalog.terms import FEE_CLASSES
from forms import places

#: What every fee of a record looks like.
FEE: Mapping[str, Shape] = {
    "id": str,
    "kind": frozenset({"phi", "le_phi"}),
    "amount?": str,
    "when?": str,
    "moment": frozenset({"at_reception", "before_result", "at_return"}),
    "article": str,
    "priority?": int,
    "refund?": str,
    "counted_by?": str,
    "effective_from?": str,
    "effective_to?": str,
    "place?": str,
    "channels?": [frozenset({"in_person", "online", "post"})],
    "classes?": [frozenset(FEE_CLASSES)],
    "tariff?": {"pages": str, "times?": str, "steps": [{"from_page": int, "each": int}], "cap?": int},
    "share?": int,
    "vi": str,
}
#: As who writes a number by hand may write it, with a sign and a fraction.
_NUMBER = re.compile(r"\s*[+-]?[\d.,_ ]*\d\s*")
_WHOLE = re.compile(r"\d+")
#: What opens and closes something in a formula, and quoted text, which does neither.
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|\b(?:if|then|else)\b|[()\[\]{}]')
_OPENING, _CLOSING = frozenset({"if", "(", "[", "{"}), frozenset({"else", ")", "]", "}"})


def _fees(subject: Subject) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows that are rows, with their place in the list; what is not is told by the shape."""
    rows = subject.bundle.record.get("fees")
    return [(str(n), row) for n, row in enumerate(rows if isinstance(rows, list) else []) if isinstance(row, Mapping)]


@rule("F20", "E", "118/2025 Đ24", stage=SHAPE)
def a_fee_says_what_it_costs(subject: Subject) -> Iterator[Finding]:
    """An amount, a tariff, or the share that is left: one of the three, each in whole dong."""
    for number, row in _fees(subject):
        said = [name for name in ("amount", "tariff", "share") if row.get(name) is not None]
        if len(said) != 1:
            words = "Khoản thu phải nêu đúng một trong: mức thu, biểu theo trang, tỷ lệ còn phải nộp."
            yield in_record(subject, words, "fees", number, "amount")
        amount = row.get("amount")
        if isinstance(amount, str) and _NUMBER.fullmatch(amount) and not _WHOLE.fullmatch(amount.strip()):
            words = f"Mức thu “{amount}” phải là số đồng nguyên, không âm."
            yield in_record(subject, words, "fees", number, "amount")
        share = row.get("share")
        if isinstance(share, int) and not 0 <= share <= 100:
            yield in_record(subject, f"Tỷ lệ còn phải nộp {share} phải từ 0 đến 100.", "fees", number, "share")


@rule("F20", "E", "118/2025 Đ24", stage=SHAPE)
def a_fee_says_by_which_article_and_where(subject: Subject) -> Iterator[Finding]:
    """The applicant reads the article of what is owed; a place that is none would bind nobody, without a word."""
    for number, row in _fees(subject):
        if isinstance(row.get("article"), str) and not row["article"].strip():
            yield in_record(subject, f"Khoản thu {row.get('id')} phải nêu căn cứ (điều, văn bản).", "fees", number, "article")
        place = row.get("place")
        if isinstance(place, str) and place not in places.provinces() and place not in places.all_communes():
            yield in_record(subject, f"“{place}” không phải là mã tỉnh hoặc mã xã nào.", "fees", number, "place")


@rule("F20", "E", "118/2025 Đ24")
def what_an_amount_comes_to_is_whole(subject: Subject) -> Iterator[Finding]:
    """As far as it does not hang on what is declared, and in each of its cases: else such a lodging would be refused."""
    for number, row in _fees(subject):
        amount = row.get("amount") or "null"
        try:
            values = feel.evaluate_all((case, {}) for case in _cases(amount))
        except feel.FeelError:
            continue  # X01 says so
        for value in values:
            if isinstance(value, int | float) and (value < 0 or value != int(value)):
                words = f"Mức thu “{amount}” của {row.get('id')} tính ra {value}: phải là số đồng nguyên, không âm."
                yield in_record(subject, words, "fees", number, "amount")
                break


def _cases(formula: str) -> Iterator[str]:
    """The cases of a formula that is one `if` from end to end; of any other the formula itself."""
    todo = [formula]
    while todo:
        text = todo.pop().strip()
        depth, then, mark = 0, 0, None
        for mark in _MARK.finditer(text):
            depth += (mark[0] in _OPENING) - (mark[0] in _CLOSING)
            if mark[0] == "then" and depth == 1:
                then = mark.end()
            if depth == 0:
                break
        if mark and mark[0] == "else" and text.startswith("if"):
            todo += [text[then : mark.start()], text[mark.end() :]]
        elif mark and mark[0] == ")" and text.startswith("(") and mark.end() == len(text):
            todo.append(text[1:-1])
        else:
            yield text


@rule("F20", "E", "226/2016/TT-BTC Đ4", stage=SHAPE)
def a_tariff_begins_at_the_first_page_and_rises_by_pages(subject: Subject) -> Iterator[Finding]:
    for number, row in _fees(subject):
        tariff = row.get("tariff")
        steps = tariff.get("steps") if isinstance(tariff, Mapping) else None
        if not isinstance(steps, list) or not all(isinstance(one, Mapping) for one in steps):
            continue
        firsts = [one.get("from_page") for one in steps]
        numbers = [*firsts, *(one.get("each") for one in steps), tariff.get("cap", 0)] if isinstance(tariff, Mapping) else []
        if not all(type(one) is int for one in numbers):
            continue
        rising = firsts[:1] == [1] and all(one < other for one, other in pairwise(firsts))
        if not rising or min(numbers) < 0:
            words = "Biểu theo trang phải bắt đầu từ trang 1, mỗi bậc sau ở trang lớn hơn, mức thu và mức trần không âm."
            yield in_record(subject, words, "fees", number, "tariff")


@rule("F20", "E", "118/2025 Đ24", stage=SHAPE)
def days_of_fees_are_days(subject: Subject) -> Iterator[Finding]:
    for number, row in _fees(subject):
        for name in ("effective_from", "effective_to"):
            if isinstance(row.get(name), str) and _day(row[name]) is None:
                yield in_record(subject, f"“{row[name]}” không phải là một ngày (năm-tháng-ngày).", "fees", number, name)
        since, until = _day(row.get("effective_from")), _day(row.get("effective_to"))
        if since and until and until <= since:
            yield in_record(subject, f"{_name(row)}: hết hiệu lực trước khi có hiệu lực.", "fees", number)


@rule("F20", "E", "118/2025 Đ24", stage=SHAPE)
def a_fee_has_one_row_for_each_day(subject: Subject) -> Iterator[Finding]:
    """Between the first row of a fee and its last lies neither a day without an amount nor one with two."""
    series: dict[tuple[Any, Any], list[Mapping[str, Any]]] = {}
    for _number, row in _fees(subject):
        if isinstance(row.get("id"), str):
            series.setdefault((row["id"], row.get("place")), []).append(row)
    for (fee, _place), rows in series.items():
        rows.sort(key=lambda row: _day(row.get("effective_from")) or date.min)
        for before, after in pairwise(rows):
            ends, begins = _day(before.get("effective_to")), _day(after.get("effective_from"))
            if ends is None or begins is None or begins < ends:
                words = f"Hai mức thu chồng nhau về thời gian: {_name(before)} và {_name(after)}."
                yield in_record(subject, words, "fees", fee)
            elif ends < begins:
                words = f"Từ {ends:%d/%m/%Y} đến trước {begins:%d/%m/%Y} không có mức thu, giữa {_name(before)} và {_name(after)}."
                yield in_record(subject, words, "fees", fee)


def _name(row: Mapping[str, Any]) -> str:
    """`F-CERT [01/01/2017–…)`, as an analyst finds it in the file."""
    since, until = _day(row.get("effective_from")), _day(row.get("effective_to"))
    span = f"{f'{since:%d/%m/%Y}' if since else '…'}–{f'{until:%d/%m/%Y}' if until else '…'}"
    return f"{row.get('id')}{' (' + str(row['place']) + ')' if row.get('place') else ''} [{span})"


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
