"""Lines that somebody typed. What is too long for its place is refused in words: nothing is cut in silence."""

from collections.abc import Mapping

from engine.base.errors import Invalid
from engine.base.text import nfc


class TextTooLong(Invalid):
    """A line is longer than its place."""


def line(form: Mapping[str, str], name: str, most: int = 500) -> str:
    """As it is stored; a line break counts once, as in the browser. Refusal: TextTooLong."""
    text = raw(form, name)
    if len(text) > most:
        raise TextTooLong(long=len(text), most=most)
    return text


def raw(form: Mapping[str, str], name: str) -> str:
    """All that was typed, for a page that shows it again."""
    return nfc(form.get(name, "").replace("\r\n", "\n").strip())
