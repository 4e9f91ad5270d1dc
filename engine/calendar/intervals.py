"""The ledger of a clock: what it did from its beginning to its end, and how far what does not count moves a due date.

Pure. Intervals follow one another without gap and without overlap; instants are aware UTC.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from engine.calendar import working_time
from engine.calendar.opening import Calendar

NOTHING = timedelta()


class Kind(StrEnum):
    """What the clock does in an interval."""

    RUNNING = "running"
    #: stands still, and goes on from where it stood
    PAUSED = "paused"
    #: the system was down
    FAULT = "fault"
    #: closed; if it runs again, it begins from zero (a supplement)
    WAITING = "waiting"


@dataclass(frozen=True)
class Halt:
    """A stretch of time that does not count, and by what law; without an end it still lasts."""

    start: datetime
    end: datetime | None
    #: code of the rule
    why: str
    vi: str
    en: str
    article: str
    kind: Kind = Kind.PAUSED


@dataclass(frozen=True)
class Run:
    """One stretch in which a due date ran; without an end it still runs."""

    start: datetime
    end: datetime | None
    #: how it began: accepted, acknowledged, restarted, extended, opened
    began: str
    article: str | None = None
    #: why it stopped
    stopped: str | None = None


@dataclass(frozen=True)
class Interval:
    """What the clock did, from when to when. The last one of a clock that goes on has no end."""

    kind: Kind
    start: datetime
    end: datetime | None
    #: how it began
    why: str
    vi: str = ""
    en: str = ""
    article: str | None = None


def apart(halts: Iterable[Halt]) -> list[Halt]:
    """The same time, each moment under the halt that began first."""
    found: list[Halt] = []
    for one in sorted(halts, key=lambda halt: (halt.start, halt.end is not None, halt.end or halt.start, halt.why)):
        last = found[-1] if found else None
        if last and last.end is None:
            break
        start = max(one.start, last.end) if last and last.end else one.start
        if one.end is None or one.end > start:
            found.append(replace(one, start=start))
    return found


def pushed(
    calendar: Calendar,
    due: datetime,
    halts: Iterable[Halt],
    *,
    later: Callable[[timedelta], datetime] | None = None,
) -> tuple[datetime, list[tuple[Halt, timedelta]]]:
    """The due date behind all that does not count, and how much of each halt did not.

    A limit in working time moves by the working time of the halt. Of one in days or hours of the calendar, `later` says
    when it ends behind so much time that went by. What began when the date was over moves nothing, what still lasts
    nothing yet: but a pause that is over counts, though the system is down since before it began.
    """
    moved: list[tuple[Halt, timedelta]] = []
    for halt in apart(one for one in halts if one.end):
        if halt.end is None or halt.start >= due:
            break
        amount = halt.end - halt.start if later else working_time.between(calendar, halt.start, halt.end)
        if amount > NOTHING:
            moved.append((halt, amount))
            due = later(took(moved)) if later else working_time.add(calendar, due, amount)
    return due, moved


def took(moved: Iterable[tuple[Halt, timedelta]]) -> timedelta:
    """How much did not count in all."""
    return sum((amount for _, amount in moved), NOTHING)


def ledger(runs: Sequence[Run], halts: Iterable[Halt]) -> list[Interval]:
    """What the clock did from the beginning of its first run to the end of the last."""
    stops = apart(halts)
    found: list[Interval] = []
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else None
        end = run.end
        if following and (end is None or end > following.start):
            end = following.start
        found += _of_run(run, end, stops)
        if following and end and end < following.start:
            found.append(Interval(Kind.WAITING, end, following.start, run.stopped or ""))
    return found


def _of_run(run: Run, end: datetime | None, halts: Iterable[Halt]) -> Iterator[Interval]:
    """A run, cut where it stood still."""
    at, why, article = run.start, run.began, run.article
    for halt in halts:
        start = max(halt.start, at)
        until = halt.end if end is None else end if halt.end is None else min(halt.end, end)
        if (end is not None and start >= end) or (until is not None and until <= start):
            continue
        if at < start:
            yield Interval(Kind.RUNNING, at, start, why, article=article)
        yield Interval(halt.kind, start, until, halt.why, halt.vi, halt.en, halt.article)
        if until is None:
            return
        at, why, article = until, "resumed", halt.article
    if end is None or at < end:
        yield Interval(Kind.RUNNING, at, end, why, article=article)
