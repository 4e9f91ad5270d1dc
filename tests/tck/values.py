"""Values as the test cases write them."""

import re
from typing import Any

from lxml import etree

from feel.decisions import Temporal

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
#: Numbers agree when they are this close: the suite's own tolerance.
CLOSE = 1e-8
DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z"
)


def local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def given_of(node: etree._Element) -> Any:
    """The value of an input: what the model gets."""
    return _read(node)


def expected_of(node: etree._Element) -> Any:
    return _read(node)


def _read(node: etree._Element) -> Any:
    if node.get(f"{XSI}nil") == "true":
        return None
    children = [child for child in node if local(child) in ("value", "component", "list")]
    if not children:
        return None
    if local(children[0]) == "component":
        return {child.get("name"): _read(child) for child in children}
    if local(children[0]) == "list":
        if children[0].get(f"{XSI}nil") == "true":
            return None
        return [_read(item) for item in children[0] if local(item) == "item"]
    return _value(children[0])


def _value(node: etree._Element) -> Any:
    if node.get(f"{XSI}nil") == "true":
        return None
    text = node.text or ""
    match (node.get(f"{XSI}type") or "xsd:string").rpartition(":")[2]:
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "float" | "long":
            number = float(text)
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        case "date" | "time" as kind:
            return Temporal(kind, text.strip())
        case "dateTime":
            return Temporal("datetime", text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return Temporal("duration", text.strip())
    return text


def agrees(
    wanted: Any,
    value: Any,
    temporals: dict[tuple[str | int, ...], tuple[str, str]],
    path: tuple[str | int, ...] = (),
) -> bool:
    """Whether a value is what was expected; `temporals` says which of its parts are no plain JSON."""
    if isinstance(wanted, Temporal):
        own = temporals.get(path)
        return own is not None and _plain(own[1]) == _plain(wanted.text)
    if isinstance(wanted, dict):
        same = isinstance(value, dict) and set(value) == set(wanted)
        return same and all(agrees(one, value[key], temporals, (*path, key)) for key, one in wanted.items())
    if isinstance(wanted, list):
        same = isinstance(value, list) and len(value) == len(wanted)
        return same and all(agrees(one, value[at], temporals, (*path, at)) for at, one in enumerate(wanted))
    if isinstance(wanted, bool) or isinstance(value, bool) or wanted is None or value is None:
        return wanted is value
    if isinstance(wanted, int | float) and isinstance(value, int | float):
        return abs(wanted - value) <= CLOSE * max(1, abs(wanted))
    return type(wanted) is type(value) and wanted == value


def _plain(text: str) -> str | tuple[int, float]:
    """One spelling for one moment: P1D is PT24H, Z is +00:00, a fraction has no zeros at its end."""
    if found := DURATION.match(text):
        sign = -1 if found[1] else 1
        years, months, days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
        return sign * int(years * 12 + months), sign * (days * 86400 + hours * 3600 + minutes * 60 + seconds)
    text = re.sub(r"(\.\d*?)0+(?=\D|\Z)", r"\1", text)
    return re.sub(r"\.(?=\D|\Z)", "", text).replace("+00:00", "Z")
