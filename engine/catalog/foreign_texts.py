"""Names, constants and lengths of other engines in our words."""

import re

from engine.base.text import fold
from engine.runtime.grammar import VARIABLE

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?\Z")
#: More a limit cannot say.
_LONGEST = 9_999


def variable(text: str) -> str | None:
    """The one variable that a text names: `=x`, `${x}` or `x`."""
    found = re.fullmatch(r"(?:=\s*|[$#]\{\s*)?([a-z][a-z0-9_]*)\s*\}?", text.strip())
    return found[1] if found else None


def unquoted(text: str) -> str:
    """A constant without the signs that make it an expression elsewhere: `="P3D"`, `"P3D"`."""
    found = re.fullmatch(r"=?\s*(?:duration\(\s*)?([\"'])([^\"']*)\1\s*\)?", text.strip())
    return found[2] if found else text.strip()


def constant(text: str, maker: str) -> str | None:
    """A name as it stands, without its signs; None when the other engine works it out."""
    if maker == "camunda 8" and text.startswith("="):
        said = unquoted(text)
        return said if said != text.strip() else None
    return None if maker == "camunda 7" and re.search(r"[$#]\{", text) else text


def limit(duration: str) -> str | None:
    """An ISO length as a limit in hours of the clock; None for months and parts of an hour.

    A day elsewhere is 24 hours; `1 d` here is a day of the law, which ends with an office's hours and never on a day off.
    """
    found = _DURATION.match(unquoted(duration))
    if not found:
        return None
    weeks, days, hours, minutes = (int(one or 0) for one in found.groups())
    value = (weeks * 7 + days) * 24 + hours + minutes // 60
    return f"{value} h" if 0 < value <= _LONGEST and not minutes % 60 else None


def snake(name: str) -> str:
    """A name without marks, blanks and capitals."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    plain = re.sub(r"[^a-z0-9]+", "_", fold(plain)).strip("_")
    return plain if VARIABLE.match(plain) else ""
