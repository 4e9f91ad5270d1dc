"""What every component of a form can do. The subclasses say how, one file per family."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any, ClassVar, Literal

from marshmallow import ValidationError, fields

from forms.errors import Finding, Problem, problem
from forms.schema import Node, Option

#: No answer. (None cannot stand in an answer: a field without an answer is left out.)
MISSING: Any = object()


class Component:
    """The base holds no answer."""

    #: What lies at the node's path: a value, the answers of a group, rows, or nothing.
    holds: ClassVar[Literal["value", "group", "rows", "nothing"]] = "nothing"
    #: The answer of a visible field that nobody touched.
    untouched: ClassVar[Any] = MISSING
    #: Code of the sentence when an answer is needed.
    required: ClassVar[str] = "required"
    #: Whether the answer may steer a diagram.
    may_route: ClassVar[bool] = False
    #: Whether a label must be there for a person to know what is asked.
    needs_label: ClassVar[bool] = True

    def normalise(self, node: Node, value: Any) -> Any:
        """The same answer in its one spelling; MISSING when it says nothing. Never refuses."""
        return MISSING if value is None else value

    def take(self, node: Node, value: Any) -> Any:
        """Check a normalised answer, and return what is stored. Refuses with `refuse`."""
        return value

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        """The answer that the controls of an HTML form stand for; what cannot be read stays text."""
        return texts[-1] if texts else MISSING

    def show(self, node: Node, value: Any) -> str:
        """The text in the control, from which `parse` reads the same answer again."""
        return "" if value is None or value is MISSING else str(value)

    def fact(self, node: Node, value: Any) -> Any:
        """The answer as FEEL reads it: dates are dates."""
        return value

    def together(self, node: Node, answers: Mapping[str, Any]) -> Mapping[str, Problem]:
        """What is wrong between the answers of a group, by their keys."""
        return {}

    def options(self, node: Node) -> tuple[Option, ...]:
        """The choices that the document or a public list gives; empty when the caller must give them."""
        return ()

    def findings(self, node: Node) -> Iterator[Finding]:
        """Defects of the settings of this component."""
        return iter(())

    def bounds(self, node: Node) -> tuple[float | None, float]:
        """The least and the most: of a number, of the count of rows."""
        return None, inf

    def missing(self, node: Node) -> Problem:
        return named(self.required, node)


class Answer(fields.Field[Any]):
    """A marshmallow field that asks its component."""

    def __init__(self, component: Component, node: Node, *, required: bool) -> None:
        said: Any = {"required": component.missing(node), "null": component.missing(node)}
        super().__init__(required=required, error_messages=said)
        self.component = component
        self.node = node

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self.component.take(self.node, value)


def named(code: str, node: Node) -> Problem:
    """The problem whose sentence names the field, in both languages."""
    vietnamese, english = (label.rstrip(".:; ") for label in (node.label, node.label_en or node.label))
    return problem(code, label=vietnamese, label_en=english)


def refuse(code: str, **values: Any) -> ValidationError:
    """The error to raise in `take`."""
    return ValidationError([problem(code, **values)])


def neat(value: str) -> str:
    """NFC, without spaces around, with one kind of line end, and without what nobody sees.

    Zero-width signs come along when text is copied from a chat; signs that turn the direction of writing around
    would make a paper read differently than it was checked.
    """
    seen = "".join(sign for sign in value if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", seen.replace("\r\n", "\n").replace("\r", "\n")).strip()
