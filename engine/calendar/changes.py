"""Changes of the calendar and of what stands beside it: entered with their law, never overwritten.

Refusals: SourceMissing, DayOutOfRange, HoursUnclear, DayUnknown, FaultUnclear, AnnouncedTooLate.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from engine.base.errors import DomainError, Invalid, Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days, rules, working_time
from engine.calendar.fault_models import Fault
from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import Calendar, instant, local, spans

#: A day that nobody can have meant.
_BACK, _AHEAD = timedelta(days=60), timedelta(days=800)


class SourceMissing(Invalid):
    """A change of the calendar names the law or the notice behind it, and says what it is."""


class DayOutOfRange(Invalid):
    """The day lies too far from today."""


class HoursUnclear(Invalid):
    """Hours are written as 07:00-11:30, 13:30-17:00; a week is open on at least one day."""


class FaultUnclear(Invalid):
    """A time in which a system is down ends after it began; only a planned one lies ahead."""


class AnnouncedTooLate(DomainError):
    """A planned downtime is announced working days ahead (Decree 224/2026)."""


@dataclass(frozen=True)
class Day:
    """A day on which one office, or (None) every office of the province, keeps other hours."""

    kind: ClassVar[str] = "day"
    why: ClassVar[str] = "calendar"
    day: date
    is_a: str
    name: str
    name_en: str
    source: str
    #: `07:00-11:30`, in order; a half day has them
    hours: tuple[str, ...] = ()
    office_id: uuid.UUID | None = None

    @property
    def since(self) -> datetime:
        """Only dates from here on can move."""
        return instant(self.day, datetime.min.time())

    @property
    def reason(self) -> str:
        return f"{self.name} ({self.source})"

    def enter(self, uow: UnitOfWork) -> None:
        """An earlier entry of the same day and office is withdrawn: what was known then can still be read."""
        if not (self.name.strip() and self.source.strip()):
            raise SourceMissing
        _near(uow, self.day)
        if self.is_a not in set(DayKind) or (self.is_a == DayKind.HALF_DAY and not self.hours):
            raise HoursUnclear
        _parsed(self.hours)
        for row in _standing(uow, self.day, self.office_id):
            row.withdrawn_at = uow.clock.now()
        uow.session.add(
            DayException(
                office_id=self.office_id,
                day=self.day,
                kind=DayKind(self.is_a),
                name=self.name,
                name_en=self.name_en or self.name,
                spans=list(self.hours) if self.hours and self.is_a != DayKind.HOLIDAY else None,
                source=self.source,
                entered_at=uow.clock.now(),
            )
        )


@dataclass(frozen=True)
class DayWithdrawn:
    """A day is as its week has it after all."""

    kind: ClassVar[str] = "day_withdrawn"
    why: ClassVar[str] = "calendar"
    day: date
    source: str
    office_id: uuid.UUID | None = None

    @property
    def since(self) -> datetime:
        return instant(self.day, datetime.min.time())

    @property
    def reason(self) -> str:
        return self.source

    def enter(self, uow: UnitOfWork) -> None:
        if not self.source.strip():
            raise SourceMissing
        _near(uow, self.day)
        if not (found := _standing(uow, self.day, self.office_id)):
            raise Missing
        for row in found:
            row.withdrawn_at = uow.clock.now()


@dataclass(frozen=True)
class Hours:
    """The usual week of one office, or of the province, from a day on."""

    kind: ClassVar[str] = "hours"
    why: ClassVar[str] = "calendar"
    valid_from: date
    #: seven days, Monday first
    week: tuple[tuple[str, ...], ...]
    source: str
    office_id: uuid.UUID | None = None

    @property
    def since(self) -> datetime:
        return instant(self.valid_from, datetime.min.time())

    @property
    def reason(self) -> str:
        return self.source

    def enter(self, uow: UnitOfWork) -> None:
        if not self.source.strip():
            raise SourceMissing
        _near(uow, self.valid_from)
        if len(self.week) != 7 or not any(self.week):
            raise HoursUnclear
        for day in self.week:
            _parsed(day)
        uow.session.add(
            OfficeHours(
                office_id=self.office_id,
                week=[list(day) for day in self.week],
                source=self.source,
                valid_from=self.valid_from,
                entered_at=uow.clock.now(),
            )
        )


@dataclass(frozen=True)
class Down:
    """A system is or was down, or will be as planned; with an end it is one closed stretch."""

    kind: ClassVar[str] = "fault"
    why: ClassVar[str] = "fault"
    system: str
    what: str
    article: str
    started_at: datetime
    ended_at: datetime | None = None
    planned: bool = False
    procedures: tuple[str, ...] = ()
    office_id: ClassVar[None] = None

    @property
    def since(self) -> datetime:
        return self.started_at

    @property
    def reason(self) -> str:
        return f"{self.system}: {self.what}"

    def enter(self, uow: UnitOfWork) -> None:
        now = uow.clock.now()
        if not (self.system.strip() and self.what.strip() and self.article.strip()):
            raise SourceMissing
        if self.ended_at and self.ended_at <= self.started_at:
            raise FaultUnclear
        if self.planned:
            self._in_time(uow)
        elif max(self.started_at, self.ended_at or self.started_at) > now or self.started_at < now - _BACK:
            raise FaultUnclear
        uow.session.add(
            Fault(
                system=self.system,
                reason=self.what,
                planned=self.planned,
                procedures=list(self.procedures),
                article=self.article,
                started_at=self.started_at,
                ended_at=self.ended_at,
                entered_at=now,
                entered_by=uow.actor.officer_id,
            )
        )

    def _in_time(self, uow: UnitOfWork) -> None:
        """T15: so many working days before it begins, and it says when it ends."""
        rule = rules.in_force(rules.newest(), uow.clock.today())["T15"]
        calendar = province(uow)
        first = working_time.nth_working_day(calendar, uow.clock.today(), rule.count)
        if self.ended_at is None:
            raise FaultUnclear
        if local(self.started_at).date() < first:
            raise AnnouncedTooLate(days=rule.count, first=f"{first:%d/%m/%Y}")


@dataclass(frozen=True)
class Up:
    """A system that was down works again."""

    kind: ClassVar[str] = "fault_closed"
    why: ClassVar[str] = "fault"
    fault_id: uuid.UUID
    ended_at: datetime
    #: of the fault
    started_at: datetime
    reason: str
    procedures: tuple[str, ...] = ()
    office_id: ClassVar[None] = None

    @property
    def since(self) -> datetime:
        return self.started_at

    def enter(self, uow: UnitOfWork) -> None:
        row = uow.session.get(Fault, self.fault_id, with_for_update=True)
        if row is None or row.ended_at:
            raise Missing
        if self.ended_at <= row.started_at or self.ended_at > uow.clock.now():
            raise FaultUnclear
        row.ended_at = self.ended_at


Change = Day | DayWithdrawn | Hours | Down | Up


def as_json(change: Change) -> dict[str, Any]:
    """What was sent, to be kept and compared."""
    return {key: _plain(value) for key, value in asdict(change).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, uuid.UUID) else value


def province(uow: UnitOfWork) -> Calendar:
    """The calendar of every office that has none of its own."""
    return days.load(uow.session, uuid.UUID(int=0), uow.clock.now())


def _near(uow: UnitOfWork, day: date) -> None:
    today = uow.clock.today()
    if not today - _BACK <= day <= today + _AHEAD:
        raise DayOutOfRange(day=f"{day:%d/%m/%Y}")


def _parsed(hours: tuple[str, ...]) -> None:
    try:
        spans(list(hours))
    except ValueError as error:
        raise HoursUnclear from error


def _standing(uow: UnitOfWork, day: date, office_id: uuid.UUID | None) -> list[DayException]:
    query = select(DayException).where(DayException.day == day, DayException.withdrawn_at.is_(None))
    which = DayException.office_id == office_id if office_id else DayException.office_id.is_(None)
    return list(uow.session.scalars(query.where(which)))
