"""The calendar of an office, read from its rows as they were known at an instant."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from engine.base.db import UtcDateTime
from engine.base.kept import Kept
from engine.base.questions import Question, ask
from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import Calendar, Change, Week, local, spans

#: Digests of the ids of the rows that make a calendar: its hours, its exceptions. Null where there are none.
Edition = tuple[str | None, str | None]

#: A row is never changed, so neither is what these rows say of these years.
_kept: Kept[tuple[Edition, date, date], Calendar] = Kept()


def edition(office_id: Any, at: Any) -> tuple[Any, Any]:
    """The edition of an office's calendar that was known at an instant, as two columns of a query."""
    return (_digest(OfficeHours, _known(OfficeHours, office_id, at)), _digest(DayException, _known(DayException, office_id, at)))


def _digest(model: type[Any], where: tuple[ColumnElement[bool], ...]) -> Any:
    ids = func.string_agg(cast(model.id, Text), aggregate_order_by(literal_column("','"), model.id))
    return select(func.md5(ids)).where(*where).scalar_subquery()


def _known(model: type[Any], office_id: Any, at: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(model.office_id == office_id, model.office_id.is_(None)),
        model.entered_at <= at,
        or_(model.withdrawn_at.is_(None), model.withdrawn_at > at),
    )


_EDITION = Question(select(*edition(bindparam("office_id", type_=Uuid), bindparam("at", type_=UtcDateTime))))


def edition_of(session: Session, office_id: uuid.UUID, at: datetime) -> Edition:
    """The edition itself."""
    [[(hours, exceptions)]] = ask(session, {"office_id": office_id, "at": at}, _EDITION)
    return hours, exceptions


def load(
    session: Session,
    office_id: uuid.UUID,
    at: datetime,
    *,
    years_back: int = 1,
    years_ahead: int = 2,
    known: Edition | None = None,
) -> Calendar:
    """The office's own rows before the province-wide ones, as known at `at`, for the years around it.

    `known` is its edition at that instant, where the caller has read it already.
    """
    year = local(at).year
    first, last = date(year - years_back, 1, 1), date(year + years_ahead, 12, 31)
    which = known or edition_of(session, office_id, at)
    return _kept.get((which, first, last), lambda: _read(session, office_id, at, first, last))


def _read(session: Session, office_id: uuid.UUID, at: datetime, first: date, last: date) -> Calendar:
    hours = session.scalars(
        select(OfficeHours)
        .where(*_known(OfficeHours, office_id, at))
        # of two that begin on one day the later word
        .order_by(OfficeHours.office_id.is_(None), OfficeHours.valid_from.desc(), OfficeHours.entered_at.desc())
    )
    weeks = tuple(
        Week(tuple(spans(day) for day in row.week), row.valid_from, row.valid_to or date.max) for row in hours
    )
    exceptions = session.scalars(
        select(DayException)
        .where(*_known(DayException, office_id, at), DayException.day.between(first, last))
        # the office's own row is written last, over the province's
        .order_by(DayException.office_id.is_not(None), DayException.entered_at)
    )
    week = Calendar(weeks)
    return Calendar(weeks, {row.day: _change(week, row) for row in exceptions})


def _change(week: Calendar, row: DayException) -> Change:
    if row.kind == DayKind.HOLIDAY:
        return Change((), row.name, row.name_en, row.source)
    hours = spans(row.spans) if row.spans is not None else week.usual(row.day)[0]
    return Change(hours, row.name, row.name_en, row.source)
