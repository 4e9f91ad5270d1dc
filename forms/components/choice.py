"""Choices: one of a list, several of a list, yes or no. The answer is a code, never the words."""

from collections.abc import Iterator, Sequence
from typing import Any

from forms.component import MISSING, Component, neat, refuse
from forms.components.text import clean
from forms.errors import Finding, finding
from forms.registry import component
from forms.schema import Node, Option, listed


class FromList(Component):
    """Options written out in the document."""

    def options(self, node: Node) -> tuple[Option, ...]:
        return node.choices

    def findings(self, node: Node) -> Iterator[Finding]:
        codes = list(node.options)
        whole = len(codes) == len(listed(node.spec.get("values")))
        if not codes or not whole or len(set(codes)) < len(codes) or not all(codes):
            yield finding(f"{node.where}.values", "values")


@component("select")
@component("radio")
class One(FromList):
    """One of the options."""

    holds = "value"
    required = "required_choice"
    may_route = True

    def normalise(self, node: Node, value: Any) -> Any:
        value = neat(value) if isinstance(value, str) else value
        return MISSING if value is None or value == "" else value

    def take(self, node: Node, value: Any) -> str:
        code = clean(value)
        if all(option.value != code for option in self.options(node)):
            raise refuse("option")
        return code

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        return texts[-1] if texts and texts[-1] else MISSING


@component("checklist")
class Several(FromList):
    """Any of the options, in the order of the list; none is an answer too."""

    holds = "value"
    untouched = ()
    required = "required_choice"

    def normalise(self, node: Node, value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            return [] if value is None else value
        order = {option.value: place for place, option in enumerate(self.options(node))}
        return sorted(dict.fromkeys(map(neat, value)), key=lambda code: order.get(code, len(order)))

    def take(self, node: Node, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise refuse("type")
        codes = [clean(code) for code in value]
        if not {option.value for option in self.options(node)}.issuperset(codes):
            raise refuse("option")
        return codes

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        return [text for text in texts if text]


@component("checkbox")
class Tick(Component):
    """Yes or no. One that is required must be yes: a pledge."""

    holds = "value"
    untouched = False
    required = "required_tick"
    may_route = True

    def take(self, node: Node, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("type")
        return value

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        return bool(texts) and texts[-1].lower() not in {"", "false", "0", "off"}
