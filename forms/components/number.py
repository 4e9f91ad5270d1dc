"""Numbers and money. Vietnamese typing: dots group thousands, a comma begins the decimals."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from forms.component import MISSING, Component, refuse
from forms.errors import Finding, finding
from forms.registry import component
from forms.schema import Node

#: Beyond this, FEEL and JSON readers in browsers begin to round.
LARGEST = 2**53


def shown(value: float) -> str:
    """`1250000.5` -> `1.250.000,5`."""
    whole, _, decimals = f"{value:,}".partition(".")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


@component("number")
class Number(Component):
    """A number; whole when `decimalDigits` is 0."""

    holds = "value"
    may_route = True

    def decimals(self, node: Node) -> int | None:
        digits = node.spec.get("decimalDigits")
        return digits if type(digits) is int else None

    def normalise(self, node: Node, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST:
            return int(value)
        return MISSING if value is None or value == "" else value

    def take(self, node: Node, value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise refuse("number")
        decimals = self.decimals(node)
        if decimals == 0 and not isinstance(value, int):
            raise refuse("integer")
        if decimals is not None and round(value, decimals) != value:
            raise refuse("decimals", limit=decimals)
        low, high = self.bounds(node)
        if low is not None and value < low:
            raise refuse("minimum", limit=self.limit(low))
        if value > high:
            raise refuse("maximum", limit=self.limit(high))
        if value < -LARGEST:
            raise refuse("minimum", limit=shown(-LARGEST))
        return value

    def limit(self, value: float) -> str:
        """A bound in a sentence."""
        return shown(value)

    def bounds(self, node: Node) -> tuple[float | None, float]:
        high = node.rule("max")
        return node.rule("min"), LARGEST if high is None else min(high, LARGEST)

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        text = re.sub(r"[\s\u00a0]", "", texts[-1]) if texts else ""
        if not text:
            return MISSING
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d{1,15})?", text):
            text = text.replace(".", "")
        if not re.fullmatch(r"[+-]?\d{1,18}([.,]\d{1,15})?", text):
            return texts[-1]
        text = text.replace(",", ".")
        return float(text) if "." in text else int(text)

    def show(self, node: Node, value: Any) -> str:
        """Without grouping (1.250 could be read as 1,25), with a decimal comma."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return super().show(node, value)
        return f"{value}".replace(".", ",")

    def findings(self, node: Node) -> Iterator[Finding]:
        for name in ("min", "max"):
            if node.rules.get(name) is not None and node.rule(name) is None:
                yield finding(f"{node.where}.validate.{name}", "limit", name=name)
        low, high = self.bounds(node)
        if low is not None and low > high:
            yield finding(f"{node.where}.validate", "bounds", low="min", high="max")
        decimals = node.spec.get("decimalDigits")
        if decimals is not None and not (type(decimals) is int and 0 <= decimals <= 10):
            yield finding(f"{node.where}.decimalDigits", "limit", name="decimalDigits")


@component("number", "year")
class Year(Number):
    """A year of the calendar: a name, not an amount, so nothing groups its digits."""

    def decimals(self, node: Node) -> int:
        return 0

    def limit(self, value: float) -> str:
        return str(int(value))


@component("number", "money")
class Money(Number):
    """Whole dong, never below zero."""

    def decimals(self, node: Node) -> int:
        return 0

    def bounds(self, node: Node) -> tuple[float, float]:
        low, high = super().bounds(node)
        return low or 0, high

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        return super().parse(node, [re.sub(r"(?i)\s*(đ|đồng|vnd)\.?$", "", text.strip()) for text in texts])

    def show(self, node: Node, value: Any) -> str:
        return shown(value) if type(value) is int else super().show(node, value)
