"""The calendar of an office, read from its rows as they were known at an instant."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from engine.base.kept import Kept
from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import Calendar, Change, Week, local, spans

#: Calendars by the ids of the rows that make them: a row is never changed, so neither is what it says.
_kept: Kept[tuple[str | None, str | None], Calendar] = Kept()


def load(
    session: Session, office_id: uuid.UUID, at: datetime, *, years_back: int = 1, years_ahead: int = 2
) -> Calendar:
    """The office's own rows before the province-wide ones, as known at `at`, for the years around it."""
    year = local(at).year
    within = DayException.day.between(date(year - years_back, 1, 1), date(year + years_ahead, 12, 31))
    hours = _known(OfficeHours, office_id, at)
    exceptions = (*_known(DayException, office_id, at), within)
    # Nothing that an act has yet to write is about hours: its rows need not go to the database before this.
    with session.no_autoflush:
        rows = session.execute(select(_ids(OfficeHours, hours), _ids(DayException, exceptions))).one()
    return _kept.get(rows, lambda: _read(session, hours, exceptions))


def _ids(model: type[Any], where: tuple[ColumnElement[bool], ...]) -> Any:
    ids = func.string_agg(cast(model.id, Text), aggregate_order_by(literal_column("','"), model.id))
    return select(func.md5(ids)).where(*where).scalar_subquery()


def _read(
    session: Session, these_hours: tuple[ColumnElement[bool], ...], these_days: tuple[ColumnElement[bool], ...]
) -> Calendar:
    hours = session.scalars(
        select(OfficeHours)
        .where(*these_hours)
        .order_by(OfficeHours.office_id.is_(None), OfficeHours.valid_from.desc())
    )
    weeks = tuple(
        Week(tuple(spans(day) for day in row.week), row.valid_from, row.valid_to or date.max) for row in hours
    )
    exceptions = session.scalars(
        select(DayException)
        .where(*these_days)
        # the office's own row is written last, over the province's
        .order_by(DayException.office_id.is_not(None), DayException.entered_at)
    )
    week = Calendar(weeks)
    return Calendar(weeks, {row.day: _change(week, row) for row in exceptions})


def _known(model: type[Any], office_id: uuid.UUID, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(model.office_id == office_id, model.office_id.is_(None)),
        model.entered_at <= at,
        or_(model.withdrawn_at.is_(None), model.withdrawn_at > at),
    )


def _change(week: Calendar, row: DayException) -> Change:
    if row.kind == DayKind.HOLIDAY:
        return Change((), row.name, row.name_en, row.source)
    hours = spans(row.spans) if row.spans is not None else week.usual(row.day)[0]
    return Change(hours, row.name, row.name_en, row.source)
