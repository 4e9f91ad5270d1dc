"""The numbers of the law as dated rows, each with its article; a dossier keeps the edition it was received under.

An edition is one JSON file beside this module, named by its day and not changed once a dossier was received under it:
what the law changes comes in the next one. Inside it each row holds from one day to another (half open), so an edition knows the past too.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.base.errors import DomainError
from engine.calendar.due import Counting, Ends, Limit, Unit

#: Where the editions lie.
SHELF = Path(__file__).parent
#: Units that a limit is counted in, and what else a row may be: so many times, at once, as the procedure's own
#: record says, a way of counting, a part of a limit, a reason to stand still, so long as only machines need.
UNITS = frozenset({*Unit, "times", "at_once", "catalogue", "calculation", "percent", "pause", "minutes"})
#: What the house counts by; an edition that lacks one of them is refused.
NEEDED = frozenset(
    {*(f"T{n:02}" for n in range(1, 16)), *(f"L{n:02}" for n in range(1, 9)), *(f"C{n:02}" for n in range(1, 7)), "L15", "L16", "L17", "P01", "P02", "P03"}
)
#: Units in which the house reads a rule; another T or L may be any stretch of time.
_READ: Mapping[str, frozenset[str]] = {
    "T03": frozenset({"at_once"}),
    "T04": frozenset({"same_day"}),
    "T08": frozenset({"h", "wh", "wd", "d"}),
    "T09": frozenset({"times"}),
    **dict.fromkeys(("T12", "T13", "T14"), frozenset({"catalogue"})),
    "T15": frozenset({"wd"}),
    "L15": frozenset({"minutes"}),
    "L16": frozenset({"h"}),
    **dict.fromkeys(("C05", "C06"), frozenset({"percent"})),
}
_READ_BY_LETTER = {
    "T": frozenset(Unit), "L": frozenset(Unit), "C": frozenset({"calculation"}), "P": frozenset({"pause"})
}  # fmt: skip
#: What of a day counts from the next one: these say from what hour on, and no other does.
_CUT_OFF = frozenset({"T04", "T13", "T14"})
#: No limit of the law comes near: what is longer is a mistake, and no date.
_MOST = 9999
_KEYS = frozenset({"code", "unit", "value", "ends", "cut_off", "overridable", "vi", "en", "article"})
_DATES = frozenset({"effective_from", "effective_to"})
_MUST = frozenset({"code", "unit", "vi", "en", "article", "effective_from"})


class RulesRefused(DomainError):
    """The rows contradict one another or leave time without a rule: none of them is taken."""

    kind = "invalid"


@dataclass(frozen=True)
class Rule:
    """One rule of the register (docs/clock.md) for as long as it holds."""

    code: str
    unit: str
    #: None where there is nothing to count: at once, as the procedure says.
    value: float | None
    #: At which instant of its last day it ends.
    ends: Ends
    #: What came after this time of day counts from the next working day.
    cut_off: time | None
    #: Whether the law of a sector may set another number.
    overridable: bool
    vi: str
    en: str
    article: str
    effective_from: date
    #: The first day it no longer holds.
    effective_to: date | None

    @property
    def limit(self) -> Limit:
        """The number and its unit, of a rule that counts time."""
        return Limit(self.value or 0, Unit(self.unit))

    @property
    def is_time(self) -> bool:
        return self.unit in set(Unit)

    @property
    def count(self) -> int:
        """The number, of a rule that counts something else."""
        return int(self.value or 0)

    def holds(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def __str__(self) -> str:
        until = f"{self.effective_to:%d/%m/%Y}" if self.effective_to else "…"
        return f"{self.code} [{self.effective_from:%d/%m/%Y}–{until})"


@dataclass(frozen=True)
class Rules:
    """All rules in force on one day, by code."""

    edition: str
    by_code: Mapping[str, Rule]

    def __getitem__(self, code: str) -> Rule:
        return self.by_code[code]

    def article(self, code: str | None) -> str | None:
        rule = self.by_code.get(code or "")
        return rule.article if rule else None

    def ends(self, code: str | None) -> Ends:
        """When the last day ends; what an office has to do ends with its hours where no rule says more."""
        rule = self.by_code.get(code or "")
        return rule.ends if rule else Ends.CLOSE

    @property
    def counting(self) -> Counting:
        """How due dates are counted, with the article of each line of the sum."""
        return Counting(
            cut_off=self["T13"].cut_off or time.max,
            cut_off_article=self["T13"].article,
            first_day=self["C01"].article,
            last_day=self["C02"].article,
            weekly=self["C03"].article,
            working_day=self["C04"].article,
        )


@dataclass(frozen=True)
class Edition:
    """One file: everything that was known of the rules when it was issued."""

    name: str
    rows: tuple[Rule, ...]

    def on(self, day: date) -> Rules:
        """What holds on a day; before the first rows begin, they hold."""
        first: dict[str, Rule] = {}
        for row in self.rows:
            first.setdefault(row.code, row)
        return Rules(self.name, first | {row.code: row for row in self.rows if row.holds(day)})


@cache
def edition(name: str) -> Edition:
    """The edition of this name, for ever the same."""
    return read(name, json.loads((SHELF / f"{name}.json").read_text("utf-8")))


@cache
def editions() -> tuple[str, ...]:
    """All of them, the newest last."""
    return tuple(sorted(path.stem for path in SHELF.glob("*.json")))


def newest() -> str:
    """What a dossier is received under now."""
    return editions()[-1]


@lru_cache(maxsize=1024)
def in_force(name: str, day: date) -> Rules:
    """The rules of an edition on a day."""
    return edition(name).on(day)


def warnings(day: date) -> tuple[int, int]:
    """From which part of a limit on, in percent, it is told that it ends soon, and that it is urgent.

    That is a service of the house, not a limit of the dossier: what is known now counts, whatever it was received under.
    """
    held = in_force(newest(), day)
    return held["C05"].count, held["C06"].count


def read(name: str, rows: Any) -> Edition:
    """Check the rows of a file, a list of objects, and take them all, or refuse them and say what is wrong with which.

    Refusals: RulesRefused.
    """
    if not isinstance(rows, list):
        raise RulesRefused(sentence="tệp phải là danh sách các dòng quy tắc")
    rules: list[Rule] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            wrong.append(f"dòng {number}: không phải một quy tắc")
            continue
        try:
            rules.append(_rule(row))
        except (KeyError, TypeError, ValueError) as error:
            wrong.append(f"dòng {number} ({row.get('code', '?')}): {error}")
    rules.sort(key=lambda rule: (rule.code, rule.effective_from))
    wrong += _contradictions(rules)
    wrong += [f"{code}: thiếu quy tắc" for code in sorted(NEEDED - {rule.code for rule in rules})]
    if wrong:
        raise RulesRefused(sentence="; ".join(wrong))
    return Edition(name, tuple(rules))


def _rule(row: Mapping[str, Any]) -> Rule:
    if odd := row.keys() - _KEYS - _DATES:
        raise ValueError(f"không biết {', '.join(sorted(odd))}")
    if missing := [key for key in sorted(_MUST) if not row.get(key)]:
        raise ValueError(f"thiếu {', '.join(missing)}")
    if not re.fullmatch(r"[TLCP]\d{2}", row["code"]):
        raise ValueError("mã quy tắc không hợp lệ")
    if row["unit"] not in UNITS:
        raise ValueError(f"đơn vị lạ «{row['unit']}»")
    _kind(row)
    until = row.get("effective_to")
    rule = Rule(
        code=row["code"],
        unit=row["unit"],
        value=row.get("value"),
        ends=Ends(row.get("ends", "close")),
        cut_off=time.fromisoformat(row["cut_off"]) if row.get("cut_off") else None,
        overridable=row.get("overridable", False),
        vi=row["vi"],
        en=row["en"],
        article=row["article"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(until) if until else None,
    )
    if rule.effective_to and rule.effective_to <= rule.effective_from:
        raise ValueError("hết hiệu lực trước khi có hiệu lực")
    return rule


def _kind(row: Mapping[str, Any]) -> None:
    """The unit and the number are of the kind that the house reads under this code."""
    code, unit, value = row["code"], row["unit"], row.get("value")
    known = _READ.get(code) or _READ_BY_LETTER[code[0]]
    if unit not in known:
        raise ValueError(f"đơn vị phải là {', '.join(sorted(known))}, không phải «{unit}»")
    if isinstance(value, bool) or not isinstance(row.get("overridable", False), bool):
        raise ValueError("value là một số; overridable là true hoặc false")  # noqa: TRY004  said with the row, as all that is wrong with it
    if unit == "times" and (not isinstance(value, int) or value < 0):
        raise ValueError("số lần phải là số nguyên không âm")
    if unit == "minutes" and (not isinstance(value, int) or value < 1):
        raise ValueError("số phút phải là số nguyên dương")
    if unit == "percent" and (not isinstance(value, int) or not 0 < value < 100):
        raise ValueError("phần trăm phải là số nguyên từ 1 đến 99")
    if unit in set(Unit):
        Limit(value if isinstance(value, int | float) and value <= _MOST else -1, Unit(unit))
    elif unit not in ("times", "minutes", "percent") and value is not None:
        raise ValueError(f"«{unit}» không có số")
    if (code in _CUT_OFF) != bool(row.get("cut_off")):
        raise ValueError("thiếu giờ chốt cut_off" if code in _CUT_OFF else "quy tắc này không có giờ chốt cut_off")


def _contradictions(rules: Iterable[Rule]) -> Iterator[str]:
    """Two rows of one rule that hold on the same day, or a day between them on which none does."""
    by_code: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_code[rule.code].append(rule)
    for same in by_code.values():
        for earlier, later in pairwise(same):
            if earlier.effective_to is None or earlier.effective_to > later.effective_from:
                yield f"{earlier} và {later} chồng nhau"
            elif earlier.effective_to < later.effective_from:
                yield f"giữa {earlier} và {later} không có quy tắc nào"
        if same[-1].effective_to:
            yield f"sau {same[-1]} không có quy tắc nào"
