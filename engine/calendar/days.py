"""The calendar of an office, read from its rows as they were known at an instant."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from engine.base.db import UtcDateTime
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
    asked = {
        "office_id": office_id,
        "at": at,
        "first": date(year - years_back, 1, 1),
        "last": date(year + years_ahead, 12, 31),
    }
    # Nothing that an act has yet to write is about hours: its rows need not go to the database before this.
    with session.no_autoflush:
        rows = session.execute(_IDS, asked).one()
    return _kept.get(rows, lambda: _read(session, asked))


def _known(model: type[Any]) -> tuple[ColumnElement[bool], ...]:
    at = bindparam("at", type_=UtcDateTime)
    return (
        or_(model.office_id == bindparam("office_id"), model.office_id.is_(None)),
        model.entered_at <= at,
        or_(model.withdrawn_at.is_(None), model.withdrawn_at > at),
    )


def _ids(model: type[Any], where: tuple[ColumnElement[bool], ...]) -> Any:
    ids = func.string_agg(cast(model.id, Text), aggregate_order_by(literal_column("','"), model.id))
    return select(func.md5(ids)).where(*where).scalar_subquery()


# Every act asks this at least once. Each is made once: SQLAlchemy then knows it again by itself.
_HOURS = _known(OfficeHours)
_DAYS = (*_known(DayException), DayException.day.between(bindparam("first"), bindparam("last")))
_IDS = select(_ids(OfficeHours, _HOURS), _ids(DayException, _DAYS))


def _read(session: Session, asked: Mapping[str, Any]) -> Calendar:
    hours = session.scalars(
        select(OfficeHours)
        .where(*_HOURS)
        .order_by(OfficeHours.office_id.is_(None), OfficeHours.valid_from.desc()),
        asked,
    )
    weeks = tuple(
        Week(tuple(spans(day) for day in row.week), row.valid_from, row.valid_to or date.max) for row in hours
    )
    exceptions = session.scalars(
        select(DayException)
        .where(*_DAYS)
        # the office's own row is written last, over the province's
        .order_by(DayException.office_id.is_not(None), DayException.entered_at),
        asked,
    )
    week = Calendar(weeks)
    return Calendar(weeks, {row.day: _change(week, row) for row in exceptions})


def _change(week: Calendar, row: DayException) -> Change:
    if row.kind == DayKind.HOLIDAY:
        return Change((), row.name, row.name_en, row.source)
    hours = spans(row.spans) if row.spans is not None else week.usual(row.day)[0]
    return Change(hours, row.name, row.name_en, row.source)
