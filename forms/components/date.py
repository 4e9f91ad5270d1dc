"""Days and hours. Stored as ISO text, in Vietnam's time; typed and shown as dd/MM/yyyy."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from forms.component import MISSING, Component, neat, refuse
from forms.components.text import clean
from forms.errors import Finding, finding
from forms.registry import component
from forms.schema import Node

VIETNAM = timezone(timedelta(hours=7))
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)

#: 2/11/2026, 02-11-2026, 2.11.2026, 02112026
_DAY = r"(?P<d>\d{1,2})(?P<mark>[/.\- ]?)(?P<m>\d{1,2})(?P=mark)(?P<y>\d{4})"
#: 6:25, 06h25, 0625, 6h
_HOUR = r"(?P<h>\d{1,2})(?:[:hHg.]?(?P<min>\d{2})|[hHg])"


def _too_far(read: date | time | datetime) -> bool:
    day = read.date() if isinstance(read, datetime) else read
    return isinstance(day, date) and not FIRST <= day <= LAST


@component("datetime")
class Moment(Component):
    """`subtype` date: 2026-11-02. time: 06:25. datetime: 2026-11-02T06:25:00+07:00."""

    holds = "value"

    # A property of the node, not of the class: only whole days steer a diagram.
    may_route = True

    def subtype(self, node: Node) -> str:
        subtype = node.spec.get("subtype", "date")
        return subtype if isinstance(subtype, str) else ""

    def normalise(self, node: Node, value: Any) -> Any:
        value = neat(value) if isinstance(value, str) else value
        return MISSING if value is None or value == "" else value

    def take(self, node: Node, value: Any) -> str:
        subtype, text = self.subtype(node), clean(value)
        try:
            read = self.read(subtype, text)
        except (ValueError, OverflowError):
            raise refuse(subtype) from None
        if _too_far(read):
            raise refuse("date_range")
        return read.isoformat("minutes") if isinstance(read, time) else read.isoformat()

    def read(self, subtype: str, text: str) -> date | time | datetime:
        if subtype == "date":
            return date.fromisoformat(text)
        if subtype == "time":
            hour = time.fromisoformat(text)
            if hour.tzinfo:
                raise ValueError
            return hour.replace(second=0, microsecond=0)
        moment = datetime.fromisoformat(text).replace(microsecond=0)
        return moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)

    def fact(self, node: Node, value: Any) -> Any:
        try:
            read = self.read(self.subtype(node), value)
        except (TypeError, ValueError, OverflowError):
            return value
        # an instant of the year 1 or 9999 has no other zone's day
        return value if isinstance(read, datetime) and _too_far(read) else read

    def parse(self, node: Node, texts: Sequence[str]) -> Any:
        text = neat(texts[-1]) if texts else ""
        if not text:
            return MISSING
        shape = {"date": _DAY, "time": _HOUR}.get(self.subtype(node), rf"{_DAY}[ ,T]+{_HOUR}")
        if not (found := re.fullmatch(shape, text)):
            return text
        part = {name: int(digits) for name, digits in found.groupdict().items() if name != "mark" and digits}
        day = f"{part['y']:04}-{part['m']:02}-{part['d']:02}" if "y" in part else ""
        hour = f"{part['h']:02}:{part.get('min', 0):02}" if "h" in part else ""
        return "T".join(filter(None, (day, hour)))

    def show(self, node: Node, value: Any) -> str:
        read = self.fact(node, value)
        match read:
            case datetime():
                return read.strftime("%d/%m/%Y %H:%M")
            case date():
                return read.strftime("%d/%m/%Y")
            case time():
                return read.strftime("%H:%M")
        return super().show(node, value)

    def findings(self, node: Node) -> Iterator[Finding]:
        if self.subtype(node) not in {"date", "time", "datetime"}:
            yield finding(f"{node.where}.subtype", "subtype")
