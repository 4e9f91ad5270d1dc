"""The papers of a procedure as a decision table: `decisions/checklist.dmn`, a row for each case that needs one.

A table of law ("of a rented dwelling the lease") is read and checked as a table. When a bundle is read each row becomes the
condition of the component that it names, so that whoever asks what a dossier needs asks in one way.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.runtime.decisions import Decision, Place, Rule, Table, Text, read_with_problems
from engine.runtime.errors import DiagramRefused

#: The name of the decision, and of its file.
CHECKLIST = "checklist"
FILE = f"decisions/{CHECKLIST}.dmn"

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_STRING = re.compile(r'"([^"\\]*)"')
_VALUES = re.compile(r'"[^"\\]*"(?:\s*,\s*"[^"\\]*")*')
_ONE = re.compile(r'"[^"\\]*"|true|false|-?\d+(?:\.\d+)?')
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)


class PaperTableWrong(ValueError):
    """What is wrong with the table, in Vietnamese, and where."""

    def __init__(self, sentence: str, at: Place):
        super().__init__(sentence)
        self.sentence, self.at = sentence, at


def with_conditions(record: Mapping[str, Any], document: str) -> dict[str, Any]:
    """The record with the table's conditions at its components. Raises PaperTableWrong.

    What is no DMN, or no record, stays as it is: the lint says what is wrong with it.
    """
    table = _table(document)
    if table is None:
        return {**record}
    rows = record.get("components")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return {**record}
    own = {row.get("key"): row.get("required_when") for row in rows}
    found: dict[str, list[str]] = {}
    for rule in table.rules:
        key = _component(rule)
        if key not in own:
            raise PaperTableWrong(f"Bảng giấy tờ nêu “{key}”, danh mục thành phần hồ sơ không có.", rule.at)
        if own[key]:
            raise PaperTableWrong(f"“{key}” đã có điều kiện riêng (required_when), không đặt thêm trong bảng.", rule.at)
        found.setdefault(key, []).append(_condition(table, rule))
    needed = {key: {"required_when": _any(conditions)} for key, conditions in found.items()}
    return {**record, "components": [{**row, **needed.get(row.get("key"), {})} for row in rows]}


def _table(document: str) -> Table | None:
    try:
        model, problems = read_with_problems(document.encode())
    except DiagramRefused:
        return None
    decision = model.elements.get(f"#{CHECKLIST}")
    if problems or not isinstance(decision, Decision):
        return None
    table = decision.logic
    if not isinstance(table, Table) or (table.policy, table.aggregation, len(table.outputs)) != ("C", None, 1):
        raise PaperTableWrong("Bảng giấy tờ phải là bảng quyết định COLLECT có một cột kết quả: mã của giấy tờ.", decision.at)
    return table


def _component(rule: Rule) -> str:
    (result,) = rule.results
    named = _STRING.fullmatch(result.text.strip()) if isinstance(result, Text) else None
    if named is None:
        raise PaperTableWrong("Kết quả của mỗi dòng là mã của một giấy tờ, trong dấu nháy kép.", rule.at)
    return named[1]


def _condition(table: Table, rule: Rule) -> str:
    tests = zip((one.logic for one in table.inputs), rule.tests, strict=True)
    said = [_test(logic.text.strip(), cell.text.strip()) for logic, cell in tests if isinstance(logic, Text) and cell.text != "-"]
    return " and ".join(said) or "true"


def _test(asked: str, cell: str) -> str:
    """A cell as a condition, in the words in which conditions of records are written."""
    asked = asked if _PATH.fullmatch(asked) else f"({asked})"
    if negated := _NOT.fullmatch(cell):
        inner = negated[1].strip()
        return f"{asked} != {inner}" if _ONE.fullmatch(inner) else f"not({_test(asked, inner)})"
    if _ONE.fullmatch(cell):
        return f"{asked} = {cell}"
    return f"list contains([{cell}], {asked})" if _VALUES.fullmatch(cell) else f"{asked} in ({cell})"


def _any(conditions: Iterable[str]) -> str:
    """That one of these rows holds."""
    rows = list(dict.fromkeys(conditions))
    return rows[0] if len(rows) == 1 else " or ".join(f"({row})" for row in rows)
