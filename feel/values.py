"""Python values on their way into V8: only what the expression reads, dates told apart from strings."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

VIETNAM = timezone(timedelta(hours=7))

#: (path in the context, FEEL type, ISO text)
Mark = tuple[list[str | int], str, str]
#: Names as a tree: `child.birth_date` and `lodged_on` are {"child": {"birth_date": {}}, "lodged_on": {}}.
Names = dict[str, "Names"]


@dataclass(frozen=True)
class Temporal:
    """A date, time or duration that Python's own classes cannot hold: the year 999999, three months."""

    #: date | time | datetime | duration
    kind: str
    text: str


def tree(names: Iterable[str]) -> Names:
    """A name that is read as a whole wins over its parts."""
    root: Names = {}
    for name in sorted(names, key=lambda name: name.count("."), reverse=True):
        *owners, last = name.split(".")
        node = root
        for owner in owners:
            node = node.setdefault(owner, {})
        node[last] = {}
    return root


class Payload:
    """The part of a context that an expression reads, as JSON and its dates."""

    def __init__(self, context: Mapping[str, Any], names: Names) -> None:
        self.temporals: list[Mark] = []
        self.context = {name: self._read(context.get(name), parts, [name]) for name, parts in names.items()}

    def _read(self, value: Any, names: Names, path: list[str | int]) -> Any:
        match value:
            case None | bool() | int() | str():
                return value
            case float():
                return value if math.isfinite(value) else None
            case Decimal():
                return int(value) if value == value.to_integral_value() else float(value)
            case Mapping():
                keys = names or value
                return {key: self._read(value.get(key), names.get(key, {}), [*path, key]) for key in keys}
            case list() | tuple():
                return [self._read(item, names, [*path, index]) for index, item in enumerate(value)]
            case set() | frozenset():
                return [self._read(item, names, [*path, index]) for index, item in enumerate(sorted(value))]
        return self._temporal(value, path)

    def _temporal(self, value: Any, path: list[str | int]) -> None:
        match value:
            case datetime():
                kind, text = "datetime", _local(value).isoformat()
            case date():
                kind, text = "date", value.isoformat()
            case time():
                kind, text = "time", value.isoformat()
            case Temporal():
                kind, text = value.kind, value.text
            case timedelta():
                seconds = value.total_seconds()
                kind, text = "duration", f"{'-' * (seconds < 0)}PT{abs(seconds):f}S"
            case _:
                raise TypeError(f"{'.'.join(map(str, path))}: FEEL has no {type(value).__name__}")
        self.temporals.append((path, kind, text))


def _local(instant: datetime) -> datetime:
    """In Vietnam's zone: the day of an instant is the day people there lived it. A naive one is local already."""
    return instant.replace(tzinfo=VIETNAM) if instant.tzinfo is None else instant.astimezone(VIETNAM)
