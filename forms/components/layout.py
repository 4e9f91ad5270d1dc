"""Groups and lists, which hold other components; texts and lines, which hold nothing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from forms.component import Component
from forms.errors import Finding, Problem, finding, problem
from forms.registry import component
from forms.schema import Node


@component("group")
class Group(Component):
    """Nests the answers of its components under its path; without a path it only frames them."""

    holds = "group"


class Parts(Group):
    """A group that is one answer in several controls, with keys that are fixed."""

    keys: tuple[str, ...] = ()

    def findings(self, node: Node) -> Iterator[Finding]:
        if not node.path or not {child.key for child in node.children}.issuperset(self.keys):
            yield finding(node.where, "parts", kind=node.kind, keys=", ".join(self.keys))


@component("group", "pdate")
class PartialDate(Parts):
    """A date as old papers have it: day, month and year, or only month and year, or only the year."""

    keys = ("y",)

    def together(self, node: Node, answers: Mapping[str, Any]) -> Mapping[str, Problem]:
        day, month, year = (answers.get(part) for part in "dmy")
        if year is None:
            return {"y": problem("pdate_year")} if day or month else {}
        if day is not None and month is None:
            return {"m": problem("pdate_month")}
        try:
            date(year, month or 1, day or 1)
        except (TypeError, ValueError, OverflowError):
            return {"d": problem("pdate_day", day=day, month=month, year=year)}
        return {}


@component("dynamiclist")
class Rows(Component):
    """Rows of the same components; `validate` min and max count them."""

    holds = "rows"
    untouched = ()
    needs_label = True

    def normalise(self, node: Node, value: Any) -> Any:
        return [] if value is None else value

    def missing(self, node: Node) -> Problem:
        return problem("rows_minimum", limit=1)

    def bounds(self, node: Node) -> tuple[int, int]:
        """How many rows. 100 is more than any declaration of the country prints."""
        low = node.rule("min") or 0
        return int(max(low, 1 if node.required else 0)), int(node.rule("max") or 100)

    def findings(self, node: Node) -> Iterator[Finding]:
        for name in ("min", "max"):
            value = node.rule(name)
            if node.rules.get(name) is not None and (value is None or value < 0 or value != int(value)):
                yield finding(f"{node.where}.validate.{name}", "limit", name=name)
        low, high = self.bounds(node)
        if low > high:
            yield finding(f"{node.where}.validate", "bounds", low="min", high="max")


@component("text")
@component("separator")
class Words(Component):
    """Words or a line between the fields."""

    needs_label = False
