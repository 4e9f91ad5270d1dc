"""The sum behind a due date, as a person reads it: sentences, and one strip of days instead of a line for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from engine.calendar.due import What
from webapp.labels import english

#: Lines about one day, drawn beside one another.
_OF_A_DAY = {What.DAY, What.MINUTES, What.CLOSED}


@dataclass(frozen=True)
class Day:
    """One box of the strip; closed days that follow one another share one."""

    name: str
    words: str
    closed: bool = False
    #: the day on which the limit ends
    last: bool = False


@dataclass(frozen=True)
class Part:
    """A sentence with its article, or (without words) a strip of days with the sources of their closures."""

    on: date | None
    words: str
    article: str = ""
    days: tuple[Day, ...] = ()


@dataclass(frozen=True)
class Sum:
    """All parts but the last line; that one is the due date, of which only the article is told here."""

    parts: tuple[Part, ...]
    article: str


def due_sum(lines: Iterable[Mapping[str, Any]]) -> Sum:
    """`lines` as a deadline stores them."""
    lines = list(lines)
    due = next((one for one in lines if one["what"] == What.DUE), None)
    article = (due and due["article"]) or ""
    parts: list[Part] = []
    for of_a_day, group in groupby(
        (one for one in lines if one["what"] != What.DUE), key=lambda one: one["what"] in _OF_A_DAY
    ):
        if of_a_day:
            parts.append(_strip(list(group)))
        else:
            parts += [Part(_on(one), _words(one), one["article"] or "") for one in group]
    if due and parts and parts[-1].days and parts[-1].days[-1].closed:
        # What ends after days off ends on a day that no line of its own counts.
        ends = Day(_day(_on(due)), _("Hẹn trả"), last=True)
        parts[-1] = replace(parts[-1], days=(*parts[-1].days, ends))
    return Sum(tuple(parts), article)


def _strip(lines: list[Mapping[str, Any]]) -> Part:
    days = []
    for what, group in groupby(lines, key=lambda one: (one["what"] == What.CLOSED, _words(one))):
        closed, words = what
        first, *more = group
        name = _day(_on(first))
        if more and closed:
            name = f"{name}–{_day(_on(more[-1]))}"
        days.append(Day(name, words, closed=closed))
        days += [Day(_day(_on(one)), words) for one in more if not closed]
    if days and not days[-1].closed:
        days[-1] = replace(days[-1], last=True)
    sources = dict.fromkeys(source for one in lines if one["article"] for source in one["article"].split("; "))
    return Part(None, "", "; ".join(sources), tuple(days))


def _on(line: Mapping[str, Any]) -> date:
    return date.fromisoformat(line["on"])


def _words(line: Mapping[str, Any]) -> str:
    return str(line["en"] if english() else line["vi"])


def _day(day: date) -> str:
    names = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
    return f"{names[day.weekday()]} {day:%d/%m}"
