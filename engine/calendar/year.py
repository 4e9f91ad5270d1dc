"""QUERY: the calendar of a year as a page shows it: every day, its exceptions, the hours, who entered what."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.calendar import days
from engine.calendar.change_models import ClockChange, Recount
from engine.calendar.fault_models import Fault
from engine.calendar.models import DayException, OfficeHours
from engine.calendar.opening import ONE_DAY, Calendar, local


@dataclass(frozen=True)
class Cell:
    """One day: open | weekend | holiday | make_up | half_day."""

    day: date
    css: str
    words: str


@dataclass(frozen=True)
class Batch:
    """A confirmed change, and how far the counting anew has come."""

    change: ClockChange
    dossiers: int
    done: int


@dataclass(frozen=True)
class Year:
    """Twelve months of cells from Monday on; rows that stand, and all that were withdrawn."""

    months: list[tuple[int, list[Cell | None]]]
    days: Sequence[DayException]
    hours: Sequence[OfficeHours]
    faults: Sequence[Fault]
    batches: list[Batch]


def year_of(session: Session, year: int, office_id: uuid.UUID | None, now: datetime) -> Year:
    """What is known now; of an office with the province's days in it."""
    at_office = or_(DayException.office_id.is_(None), DayException.office_id == office_id)
    exceptions = session.scalars(
        select(DayException)
        .where(DayException.day.between(date(year, 1, 1), date(year, 12, 31)), at_office)
        .order_by(DayException.day, DayException.entered_at)
    ).all()
    hours = session.scalars(
        select(OfficeHours)
        .where(or_(OfficeHours.office_id.is_(None), OfficeHours.office_id == office_id))
        .where(OfficeHours.withdrawn_at.is_(None))
        .order_by(OfficeHours.office_id.is_not(None), OfficeHours.valid_from)
    ).all()
    distance = year - local(now).year
    calendar = days.load(
        session, office_id or uuid.UUID(int=0), now, years_back=max(0, -distance), years_ahead=max(0, distance)
    )
    kinds = {one.day: str(one.kind) for one in exceptions if one.withdrawn_at is None}
    return Year(
        months=[(month, _month(calendar, kinds, year, month)) for month in range(1, 13)],
        days=exceptions,
        hours=hours,
        faults=session.scalars(select(Fault).order_by(Fault.started_at.desc()).limit(20)).all(),
        batches=_batches(session),
    )


def _month(calendar: Calendar, kinds: dict[date, str], year: int, month: int) -> list[Cell | None]:
    day = date(year, month, 1)
    cells: list[Cell | None] = [None] * day.weekday()
    while day.month == month:
        change = calendar.changes.get(day)
        usual = "open" if calendar.is_open_on(day) else "weekend"
        css = str(kinds.get(day, usual)) if change else usual
        cells.append(Cell(day, css, f"{change.name}. {change.source}" if change else ""))
        day += ONE_DAY
    return cells


def _batches(session: Session) -> list[Batch]:
    counted = (
        select(Recount.change_id, func.count().label("all"), func.count(Recount.done_at).label("done"))
        .group_by(Recount.change_id)
        .subquery()
    )
    rows = session.execute(
        select(ClockChange, func.coalesce(counted.c.all, 0), func.coalesce(counted.c.done, 0))
        .outerjoin(counted, counted.c.change_id == ClockChange.id)
        .order_by(ClockChange.entered_at.desc())
        .limit(10)
    )
    return [Batch(change, dossiers, done) for change, dossiers, done in rows]
