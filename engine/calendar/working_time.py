"""Arithmetic in working time: pure, in aware UTC instants."""

from datetime import date, datetime, timedelta

from engine.calendar.opening import ONE_DAY, Calendar, local

NOTHING = timedelta()


def add(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The instant at which this much working time has passed since `start`.

    A stretch that fills a day ends when the office closes, not when it opens again.
    """
    if amount < NOTHING:
        return subtract(calendar, start, -amount)
    for opens, closes in calendar.openings(local(start).date()):
        begin = max(opens, start)
        if begin <= closes:
            if amount <= closes - begin:
                return begin + amount
            amount -= closes - begin
    raise AssertionError("openings never end")


def subtract(calendar: Calendar, end: datetime, amount: timedelta) -> datetime:
    """The latest open instant from which this much working time passes until `end`."""
    if amount < NOTHING:
        return add(calendar, end, -amount)
    for opens, closes in calendar.openings_back(local(end).date()):
        last = min(closes, end)
        if opens <= last:
            if amount <= last - opens:
                return last - amount
            amount -= last - opens
    raise AssertionError("openings never end")


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from one instant to another; negative if `end` comes first."""
    if end < start:
        return -between(calendar, end, start)
    total = NOTHING
    for opens, closes in calendar.openings(local(start).date()):
        if opens >= end:
            return total
        total += max(NOTHING, min(closes, end) - max(opens, start))
    raise AssertionError("openings never end")


def percent_used(calendar: Calendar, start: datetime, due: datetime, now: datetime) -> int:
    """How much of a limit has run, 0 to 100 in working time; 100 only once it has run out."""
    if now >= due:
        return 100
    whole = between(calendar, start, due)
    if whole <= NOTHING:
        return 0
    return max(0, min(99, 100 * between(calendar, start, now) // whole))


def nth_working_day(calendar: Calendar, start: date, count: int) -> date:
    """The working day `count` after (or, negative, before) a day that is not counted itself."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    day = start
    for _ in range(abs(count)):
        day += step
        day = calendar.open_day_from(day) if count > 0 else calendar.open_day_to(day)
    return day
