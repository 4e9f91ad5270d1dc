"""Texts: any, names, e-mail addresses, telephone numbers."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, ClassVar

from marshmallow import ValidationError

import feel
from forms.component import MISSING, Component, named, neat, refuse
from forms.errors import Finding, finding
from forms.registry import component
from forms.schema import Node

_ALLOWED_CONTROLS = "\n\t"
#: What telephone numbers began with before 2017 and 2018, when they were numbered anew.
_GIVEN_UP = ("01", "04")


def clean(value: Any) -> str:
    """The text itself, when a person could have typed it."""
    if not isinstance(value, str):
        raise refuse("type")
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in _ALLOWED_CONTROLS for c in value):
        raise refuse("characters")
    return value


def matches(value: str, pattern: str) -> bool:
    """Whether a whole text fits the pattern, as a browser reads it, and within a time limit."""
    try:
        return feel.holds("matches(value, pattern)", {"value": value, "pattern": f"^(?:{pattern})$"})
    except feel.FeelError:
        return False


@component("textfield")
class Text(Component):
    """One line of text."""

    holds = "value"
    longest: ClassVar[int] = 250
    one_line: ClassVar[bool] = True

    def normalise(self, node: Node, value: Any) -> Any:
        if isinstance(value, str):
            text = neat(value)
            value = " ".join(text.split()) if self.one_line and "\0" not in text else text
            return value or MISSING
        return super().normalise(node, value)

    def take(self, node: Node, value: Any) -> str:
        text = clean(value)
        longest = int(node.rule("maxLength") or self.longest)
        if len(text) > longest:
            raise refuse("too_long", length=len(text), limit=longest)
        if (shortest := int(node.rule("minLength") or 0)) > len(text):
            raise refuse("too_short", limit=shortest)
        self.fit(node, text)
        return text

    def fit(self, node: Node, text: str) -> None:
        """Check what is special to the kind."""
        pattern = node.rules.get("pattern")
        if isinstance(pattern, str) and pattern and not matches(text, pattern):
            raise ValidationError([named("pattern", node)])

    def findings(self, node: Node) -> Iterator[Finding]:
        for name in ("minLength", "maxLength"):
            value = node.rule(name)
            if node.rules.get(name) is not None and (value is None or value < 0 or value != int(value)):
                yield finding(f"{node.where}.validate.{name}", "limit", name=name)
        if (node.rule("minLength") or 0) > (node.rule("maxLength") or self.longest):
            yield finding(f"{node.where}.validate", "bounds", low="minLength", high="maxLength")
        pattern = node.rules.get("pattern")
        if pattern is not None and not (isinstance(pattern, str) and _compiles(pattern)):
            yield finding(f"{node.where}.validate.pattern", "pattern")


def _compiles(pattern: str) -> bool:
    """matches() is null, neither true nor false, for a pattern that cannot be read."""
    try:
        return feel.evaluate('matches("", pattern)', {"pattern": f"^(?:{pattern})$"}) is not None
    except feel.FeelError:
        return False


@component("textarea")
class LongText(Text):
    """Text with lines."""

    longest = 2_000
    one_line = False


@component("textfield", "name")
class Name(Text):
    """A person's name, shown as typed; printed in capitals where the paper does."""

    longest = 100

    def fit(self, node: Node, text: str) -> None:
        if any(c.isdigit() for c in text):
            raise refuse("name_digits")
        spelt = all(unicodedata.category(c)[0] in "LM" or c in "' ’.-" for c in text)
        if not spelt or not any(c.isalpha() for c in text):
            raise refuse("name")
        if len(text) < 2:
            raise refuse("too_short", limit=2)


@component("textfield", "email")
class Email(Text):
    """An address that mail could be sent to. Whether it exists, only a letter can tell."""

    _ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z]{2,63}")

    def fit(self, node: Node, text: str) -> None:
        user = text.partition("@")[0]
        if not self._ADDRESS.fullmatch(text) or user.startswith(".") or user.endswith(".") or ".." in text:
            raise refuse("email")


class Digits(Text):
    """A number that is read aloud in groups: spaces, dots and hyphens between its digits are dropped."""

    name: ClassVar[str]
    length: ClassVar[int]

    def normalise(self, node: Node, value: Any) -> Any:
        value = super().normalise(node, value)
        return re.sub(r"(?<=\d)[ .-]+(?=\d)", "", value) if isinstance(value, str) else value

    def fit(self, node: Node, text: str) -> None:
        if not (text.isascii() and text.isdigit()):
            raise refuse(f"{self.name}_characters")
        if len(text) < self.length:
            raise refuse(f"{self.name}_short", count=len(text))
        if len(text) > self.length:
            raise refuse(f"{self.name}_long", count=len(text), over=len(text) - self.length)


@component("textfield", "phone")
class Phone(Digits):
    """A telephone number of Vietnam: 10 digits, or 11 for one with an area code (02). A typed +84 is a 0."""

    name = "phone"
    length = 10

    def normalise(self, node: Node, value: Any) -> Any:
        value = super().normalise(node, value)
        return re.sub(r"^\+84[ .-]*0?(?=\d)", "0", value) if isinstance(value, str) else value

    def fit(self, node: Node, text: str) -> None:
        if not (text.isascii() and text.isdigit()):
            raise refuse("phone_characters")
        if not text.startswith("0"):
            raise refuse("phone_zero")
        if text.startswith(_GIVEN_UP):
            raise refuse("phone_prefix", prefix=text[:2])
        if not text.startswith("02"):
            super().fit(node, text)
        elif len(text) != self.length + 1:
            raise refuse("phone_area", count=len(text))
