"""What the calendar page sends, as a change of the calendar."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime

from engine.base.clock import VIETNAM
from engine.base.errors import Invalid, Stale
from engine.calendar.changes import Change, Day, DayWithdrawn, Down, Hours, Up
from webapp.typed import line

#: Enough for the name of a day or of a decision.
_LONGEST = 300
#: A procedure of the national catalogue.
_CODE = re.compile(r"\d\.\d{6}(?:\.\d{2})?")


class ChangeMalformed(Invalid):
    """The page sent something that it does not offer."""


class BatchChanged(Stale):
    """Other dates would move than those that were reviewed."""


class DateMissing(Invalid):
    """A day or a time that the calendar has."""


def read_change(form: Mapping[str, str]) -> Change:
    """The change that a form asks for, unchecked but for its shape. Refusals: ChangeMalformed, DateMissing."""
    make = _KINDS.get(form.get("kind", ""))
    if make is None or any(len(value) > _LONGEST * 4 for value in form.values()):
        raise ChangeMalformed
    return make(form)


def _day(form: Mapping[str, str]) -> Day:
    return Day(
        day=_date(form, "day"),
        is_a=form.get("is_a", ""),
        name=_text(form, "name"),
        name_en=_text(form, "name_en"),
        source=_text(form, "source"),
        hours=_hours(form.get("hours", "")),
        office_id=_office(form),
    )


def _withdrawn(form: Mapping[str, str]) -> DayWithdrawn:
    return DayWithdrawn(day=_date(form, "day"), source=_text(form, "source"), office_id=_office(form))


def _hours_of(form: Mapping[str, str]) -> Hours:
    return Hours(
        valid_from=_date(form, "valid_from"),
        week=tuple(_hours(form.get(f"week_{number}", "")) for number in range(7)),
        source=_text(form, "source"),
        office_id=_office(form),
    )


def _down(form: Mapping[str, str]) -> Down:
    return Down(
        system=_text(form, "system"),
        what=_text(form, "what"),
        article=_text(form, "article"),
        started_at=_moment(form, "started_at"),
        ended_at=_moment(form, "ended_at") if form.get("ended_at") else None,
        planned="planned" in form,
        procedures=_procedures(form),
    )


def _up(form: Mapping[str, str]) -> Up:
    return Up(
        fault_id=_id(form.get("fault_id", "")),
        ended_at=_moment(form, "ended_at"),
        started_at=_moment(form, "started_at"),
        reason=_text(form, "reason"),
        procedures=tuple(re.findall(r"[^\s,]+", form.get("procedures", ""))),
    )


_KINDS: dict[str, Callable[[Mapping[str, str]], Change]] = {
    "day": _day,
    "day_withdrawn": _withdrawn,
    "hours": _hours_of,
    "fault": _down,
    "fault_closed": _up,
}


def _procedures(form: Mapping[str, str]) -> tuple[str, ...]:
    """Codes, or names apart by semicolons, as typed: a name has blanks and commas of its own."""
    found: list[str] = []
    for one in form.get("procedures", "").split(";"):
        words = re.findall(r"[^\s,]+", one)
        found += words if all(_CODE.fullmatch(word) for word in words) else [one.strip()]
    return tuple(found)


def _text(form: Mapping[str, str], name: str) -> str:
    """Refusal: TextTooLong."""
    return line(form, name, _LONGEST)


def _hours(text: str) -> tuple[str, ...]:
    """`07:00-11:30, 13:30-17:00`"""
    return tuple(one.replace(" ", "").replace("–", "-") for one in text.split(",") if one.strip())


def _date(form: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError as error:
        raise DateMissing from error


def _moment(form: Mapping[str, str], name: str) -> datetime:
    """As a browser's field has it, in Vietnam."""
    try:
        at = datetime.fromisoformat(form.get(name, ""))
    except ValueError as error:
        raise DateMissing from error
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def _office(form: Mapping[str, str]) -> uuid.UUID | None:
    return _id(form["office_id"]) if form.get("office_id") else None


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ChangeMalformed from error
