"""The calendar of an office, read from its rows as they were known at an instant."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import Calendar, Change, Week, local, spans


def load(
    session: Session, office_id: uuid.UUID, at: datetime, *, years_back: int = 1, years_ahead: int = 2
) -> Calendar:
    """The office's own rows before the province-wide ones, as known at `at`, for the years around it."""
    year = local(at).year
    hours = session.scalars(
        select(OfficeHours)
        .where(*_known(OfficeHours, office_id, at))
        .order_by(OfficeHours.office_id.is_(None), OfficeHours.valid_from.desc())
    )
    weeks = tuple(
        Week(tuple(spans(day) for day in row.week), row.valid_from, row.valid_to or date.max) for row in hours
    )
    exceptions = session.scalars(
        select(DayException)
        .where(*_known(DayException, office_id, at))
        .where(DayException.day.between(date(year - years_back, 1, 1), date(year + years_ahead, 12, 31)))
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
