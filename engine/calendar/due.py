"""From a statutory limit to a due date, and line by line how it came about."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from engine.calendar import working_time
from engine.calendar.opening import ONE_DAY, Calendar, instant, local


class Unit(StrEnum):
    """In what a limit is counted; the texts are those of diagrams and records."""

    SAME_DAY = "same_day"
    WORKING_HOUR = "wh"
    WORKING_DAY = "wd"
    #: "ngày" alone is a calendar day
    DAY = "d"
    HOUR = "h"


class Ends(StrEnum):
    """At which instant of its last day a limit of days ends."""

    #: when the office closes: what an office must do
    CLOSE = "close"
    #: at the time of day at which it began, as limits stored in hours behave
    CLOCK = "clock"
    #: with the day itself: what an applicant must do
    MIDNIGHT = "midnight"


@dataclass(frozen=True)
class Limit:
    """A statutory limit: `8 wh`, `3 wd`, `15 d`, `2 h`, `same_day`."""

    #: whole, except that a step may have half a working hour (`0.5 wh`)
    value: float
    unit: Unit

    def __post_init__(self) -> None:
        if (
            self.value <= 0
            or (self.value % 0.5 or (self.value % 1 and self.unit is not Unit.WORKING_HOUR))
            or (self.unit is Unit.SAME_DAY and self.value != 1)
        ):
            raise ValueError(f"not a limit: {self.value} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Limit":
        if text.strip() == Unit.SAME_DAY:
            return cls(1, Unit.SAME_DAY)
        if not (match := re.fullmatch(r"\s*(\d{1,4}(?:\.5)?) ?(wh|wd|d|h)\s*", text)):
            raise ValueError(f"not a limit: {text!r}")
        return cls(float(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return self.unit if self.unit is Unit.SAME_DAY else f"{self.value:g} {self.unit}"

    @property
    def count(self) -> int:
        """The value, of any unit but working hours."""
        return int(self.value)

    @property
    def elapsed(self) -> bool:
        """Counted in the time of the calendar, not in that of the office."""
        return self.unit in (Unit.DAY, Unit.HOUR)


@dataclass(frozen=True)
class Counting:
    """How due dates are counted, and the article behind each kind of line (`engine.calendar.rules`)."""

    #: Same-day procedures received after this time (it is still in time itself) are answered on the next working day.
    cut_off: time
    cut_off_article: str
    #: "ngày đầu tiên của thời hạn không được tính"
    first_day: str
    #: "ngày cuối cùng … là ngày nghỉ … thì thời hạn kết thúc tại thời điểm kết thúc ngày làm việc tiếp theo"
    last_day: str
    #: weekly days off
    weekly: str
    #: whose days and hours count
    working_day: str


class What(StrEnum):
    """What a line of the sum is about."""

    START = "start"
    #: a counted working day; `number` is which
    DAY = "day"
    #: counted working time of a day; `number` is its minutes
    MINUTES = "minutes"
    CLOSED = "closed"
    #: received too late for the same day
    CUT_OFF = "cut_off"
    #: the last calendar day, before it is moved off a day on which the office is closed
    LAST_DAY = "last_day"
    #: a leg between offices before the limit begins
    LEG = "leg"
    #: the date as it would be, had every moment counted
    FIRST_DUE = "first_due"
    #: time that does not count; `number` is its minutes
    PAUSED = "paused"
    #: the one new appointment
    EXTENDED = "extended"
    DUE = "due"


@dataclass(frozen=True)
class Line:
    """One line of the sum, with its words."""

    on: date
    what: What
    vi: str
    en: str
    article: str | None = None
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"on": self.on.isoformat(), "what": str(self.what)}


@dataclass(frozen=True)
class Due:
    """A due date and the sum that gave it."""

    at: datetime
    lines: tuple[Line, ...]
    #: of a limit in days or hours of the calendar: the same behind so much time that does not count; None: it counts working time
    later: "Callable[[timedelta], Due] | None" = field(default=None, repr=False, compare=False)


def due(
    calendar: Calendar,
    start: datetime,
    limit: Limit,
    *,
    by: Counting,
    ends: Ends = Ends.CLOSE,
    article: str | None = None,
    stood: timedelta = working_time.NOTHING,
) -> Due:
    """When a limit that begins at `start` ends. `article` is the source of the limit, for the last line.

    `stood`: time that does not count. It lengthens a limit of the calendar before its last day is moved off a day off; a
    limit in days has no part of a day, a begun one is whole (Civil Code 2015, art. 148). No other limit knows it.
    """
    middle: Iterable[Line] = ()
    match limit.unit:
        case Unit.HOUR:
            at = (start + timedelta(hours=limit.value) + stood).astimezone(UTC)
        case Unit.WORKING_HOUR:
            at = working_time.add(calendar, start, timedelta(hours=limit.value))
            middle = _hours(calendar, start, at, by)
        case Unit.WORKING_DAY:
            last = working_time.nth_working_day(calendar, local(start).date(), limit.count)
            at, middle = _end(calendar, last, start, ends), _days(calendar, start, last, by)
        case Unit.DAY:
            more = -(-stood // ONE_DAY)
            last = calendar.open_day_from(local(start).date() + (limit.count + more) * ONE_DAY)
            at, middle = _end(calendar, last, start, ends), _rolled(calendar, start, limit.count, more, last, by)
        case Unit.SAME_DAY:
            day = _answer_day(calendar, start, by.cut_off)
            at, middle = calendar.closing(day), _same_day(calendar, start, day, by)
    again = partial(due, calendar, start, limit, by=by, ends=ends, article=article)
    later = (lambda took: again(stood=took)) if limit.elapsed else None
    return Due(at, (_start(start, limit, by), *middle, due_line(at, article)), later)


def latest_before(calendar: Calendar, due_at: datetime, limit: Limit) -> datetime:
    """The last instant at which something may be done that must be done so long before a due date.

    Decree 118/2025 art. 19(6): an apology at least one day before. A last day on which the office is closed
    moves to the working day before it.
    """
    end = local(due_at)
    match limit.unit:
        case Unit.HOUR:
            return (due_at - timedelta(hours=limit.value)).astimezone(UTC)
        case Unit.WORKING_HOUR:
            return working_time.subtract(calendar, due_at, timedelta(hours=limit.value))
        case Unit.WORKING_DAY:
            day = working_time.nth_working_day(calendar, end.date(), -limit.count)
        case Unit.DAY:
            day = end.date() - limit.count * ONE_DAY
        case Unit.SAME_DAY:
            raise ValueError("nothing is a same day before")
    return working_time.subtract(calendar, instant(day, end.time()), timedelta())


def _end(calendar: Calendar, day: date, start: datetime, ends: Ends) -> datetime:
    match ends:
        case Ends.CLOSE:
            return calendar.closing(day)
        case Ends.MIDNIGHT:
            return instant(day, time(23, 59, 59))
        case Ends.CLOCK:
            # Begun before the doors opened or during lunch: at the next opening; after closing: at closing.
            same = instant(day, local(start).time())
            return min(working_time.add(calendar, same, timedelta()), calendar.closing(day))


def _answer_day(calendar: Calendar, start: datetime, cut_off: time) -> date:
    """The day on which a same-day procedure answers: today, if there is still time today."""
    day = local(start).date()
    in_time = local(start).time() <= cut_off
    if in_time and calendar.is_open_on(day) and start < calendar.closing(day):
        return day
    return calendar.open_day_from(day + ONE_DAY)


def _hours(calendar: Calendar, start: datetime, end: datetime, by: Counting) -> Iterator[Line]:
    """The working time that each day gives."""
    day, last = local(start).date(), local(end).date()
    while day <= last:
        begin, stop = max(start, instant(day, time.min)), min(end, instant(day + ONE_DAY, time.min))
        minutes = int(working_time.between(calendar, begin, stop) / timedelta(minutes=1))
        if minutes:
            vi, en = f"{span(minutes, 'giờ', 'phút')}", f"{span(minutes, 'h', 'min')}"
            yield Line(day, What.MINUTES, vi, en, by.working_day, number=minutes)
        elif not calendar.is_open_on(day):
            yield closed_line(calendar, day, by)
        day += ONE_DAY


def _days(calendar: Calendar, start: datetime, last: date, by: Counting) -> Iterator[Line]:
    """Every day after the first: counted, or closed and why."""
    day, number = local(start).date(), 0
    while day < last:
        day += ONE_DAY
        if calendar.is_open_on(day):
            number += 1
            yield Line(day, What.DAY, f"Ngày {number}", f"Day {number}", by.working_day, number)
        else:
            yield closed_line(calendar, day, by)


def _rolled(
    calendar: Calendar, start: datetime, count: int, more: int, last: date, by: Counting
) -> Iterator[Line]:
    """The last calendar day, `more` days later for what does not count, and how it moved."""
    day = local(start).date() + (count + more) * ONE_DAY
    words = f"Ngày thứ {count}", f"Calendar day {count}"
    if more:
        words = (
            f"{words[0]}, cộng {more} ngày không tính (phần lẻ của một ngày là một ngày)",
            f"{words[1]}, and {more} not counted (a part of a day is a day)",
        )
    yield Line(day, What.LAST_DAY, *words, by.last_day if more else None, number=count)
    while day < last:
        closed = closed_line(calendar, day, by)
        yield Line(day, What.CLOSED, closed.vi, closed.en, f"{closed.article}; {by.last_day}")
        day += ONE_DAY


def _same_day(calendar: Calendar, start: datetime, answer: date, by: Counting) -> Iterator[Line]:
    """Why not today, where it is not today."""
    day = local(start).date()
    if answer == day:
        return
    if calendar.is_open_on(day):
        clock = by.cut_off if local(start).time() > by.cut_off else local(calendar.closing(day)).time()
        yield Line(
            day,
            What.CUT_OFF,
            f"Nhận sau {clock:%H:%M}: trả kết quả vào ngày làm việc tiếp theo",
            f"Received after {clock:%H:%M}: answered on the next working day",
            by.cut_off_article,
        )
    else:
        yield closed_line(calendar, day, by)
    while (day := day + ONE_DAY) < answer:
        yield closed_line(calendar, day, by)


def _start(start: datetime, limit: Limit, by: Counting) -> Line:
    counted = limit.unit in (Unit.WORKING_DAY, Unit.DAY)
    vi, en = moment(start)
    if counted:
        vi, en = f"Bắt đầu {vi}; ngày đầu không tính", f"Begins {en}; the first day is not counted"
    else:
        vi, en = f"Bắt đầu {vi}", f"Begins {en}"
    return Line(local(start).date(), What.START, vi, en, by.first_day if counted else None)


def due_line(at: datetime, article: str | None) -> Line:
    """The last line."""
    vi, en = moment(at)
    return Line(local(at).date(), What.DUE, f"Hạn: {vi}", f"Due: {en}", article)


def closed_line(calendar: Calendar, day: date, by: Counting) -> Line:
    """Why a day does not count."""
    if change := calendar.changes.get(day):
        return Line(day, What.CLOSED, f"Nghỉ: {change.name}", f"Closed: {change.name_en}", change.source)
    return Line(day, What.CLOSED, "Nghỉ hằng tuần", "Weekly day off", by.weekly)


def moment(at: datetime) -> tuple[str, str]:
    """`17:00 thứ Sáu 27/11/2026`"""
    here = local(at)
    vi = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")[here.weekday()]
    en = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[here.weekday()]
    return f"{here:%H:%M} {vi} {here:%d/%m/%Y}", f"{here:%H:%M} {en} {here:%d/%m/%Y}"


def span(minutes: int, hour: str, minute: str) -> str:
    """`7 giờ 30 phút`, without the part that is zero."""
    parts = ((minutes // 60, hour), (minutes % 60, minute))
    return " ".join(f"{count} {word}" for count, word in parts if count)
