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


def no_variable(text: str) -> str:
    """Why a text names no variable here: how a name is written, or that nothing is worked out."""
    found = re.fullmatch(r"(?:=\s*|[$#]\{\s*)?([^\W\d]\w*)\s*\}?", text.strip())
    if not found:
        return f"Ở đây phải là tên của một biến, không phải “{text}”."
    name = found[1]
    other = f", ví dụ thành “{snake(name)}”" if snake(name) else ""
    return (
        f"“{name}” không làm tên ở đây được: tên chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới, bắt đầu bằng chữ. "
        f"Hãy đổi ở mọi chỗ dùng tên này{other}."
    )


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


def due(text: str) -> str | None:
    """A length from now as a limit: `P2D`, `=now() + duration("P2D")`, `${dateTime().plusDays(2).toDate()}`."""
    if found := re.fullmatch(r"[$#]\{dateTime\(\)\.plus(Weeks|Days|Hours)\((\d+)\)(?:\.toDate\(\))?\}", text):
        return limit(f"PT{found[2]}H" if found[1] == "Hours" else f"P{found[2]}{found[1][0]}")
    return limit(re.sub(r"\A=\s*now\(\)\s*\+\s*", "=", text))


def group(text: str) -> str | None:
    """The one group that a text names: `leader`, `="leader"`, `=["leader"]`; None for several, or one that is worked out."""
    said = unquoted(re.sub(r"\A=\s*\[(.*)\]\Z", r"=\1", text.strip()))
    return None if not said or "," in said or said.startswith(("$", "#", "=")) else said


def form(text: str) -> str:
    """A form by its key; one that is deployed as a file, by the name of the file."""
    return re.sub(r"\Acamunda-forms:(?:deployment|app):(?:forms/)?(.+)\.form\Z", r"\1", text)


def snake(name: str) -> str:
    """A name without marks, blanks and capitals."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    plain = re.sub(r"[^a-z0-9]+", "_", fold(plain)).strip("_")
    return plain if VARIABLE.match(plain) else ""
