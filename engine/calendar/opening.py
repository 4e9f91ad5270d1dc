"""When an office is open: a pure value, loaded once and then asked without a database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from engine.base.clock import VIETNAM

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A stretch of one day in which the doors are open; both ends belong to it."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"a span must end after it begins: {self.opens:%H:%M}-{self.closes:%H:%M}")

    @classmethod
    def parse(cls, text: str) -> "Span":
        """`07:00-11:30`"""
        opens, closes = text.split("-")
        return cls(time.fromisoformat(opens), time.fromisoformat(closes))


def spans(texts: list[str]) -> tuple[Span, ...]:
    """Spans of one day, in order and apart."""
    parsed = tuple(sorted(map(Span.parse, texts), key=lambda span: span.opens))
    if any(a.closes >= b.opens for a, b in pairwise(parsed)):
        raise ValueError(f"spans overlap or touch: {texts}")
    return parsed


@dataclass(frozen=True)
class Week:
    """The usual hours, Monday first, from one day to another (half open)."""

    days: tuple[tuple[Span, ...], ...]
    valid_from: date = date.min
    valid_to: date = date.max

    def __post_init__(self) -> None:
        if len(self.days) != 7 or not any(self.days):
            raise ValueError("a week has seven days and is open on at least one")

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_to


#: What most provinces keep, eight hours a day (Labour Code 2019, art. 105).
USUAL_DAY = ["07:00-11:30", "13:30-17:00"]
USUAL_WEEK = Week((spans(USUAL_DAY),) * 5 + ((),) * 2)


@dataclass(frozen=True)
class Change:
    """A day with other hours than its weekday, and by which law or notice."""

    spans: tuple[Span, ...]
    name: str
    name_en: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """The opening hours of one office. The first week that holds on a day counts."""

    weeks: tuple[Week, ...] = (USUAL_WEEK,)
    changes: Mapping[date, Change] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        if change := self.changes.get(day):
            return change.spans
        return self.usual(day)[day.weekday()]

    def usual(self, day: date) -> tuple[tuple[Span, ...], ...]:
        """The week in force on a day, without the changes."""
        return next((week.days for week in self.weeks if week.holds(day)), USUAL_WEEK.days)

    def is_open_on(self, day: date) -> bool:
        return bool(self.spans(day))

    def closing(self, day: date) -> datetime:
        """The end of the working day; the day must be an open one."""
        return instant(day, self.spans(day)[-1].closes)

    def open_day_from(self, day: date) -> date:
        """This day if it is open, else the next one that is."""
        while not self.is_open_on(day):
            day += ONE_DAY
        return day

    def open_day_to(self, day: date) -> date:
        """This day if it is open, else the last one before it that was."""
        while not self.is_open_on(day):
            day -= ONE_DAY
        return day

    def openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Every opening and closing from the start of this day on, without end."""
        while True:
            for span in self.spans(day):
                yield instant(day, span.opens), instant(day, span.closes)
            day += ONE_DAY

    def openings_back(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The same, backwards from the end of this day."""
        while True:
            for span in reversed(self.spans(day)):
                yield instant(day, span.opens), instant(day, span.closes)
            day -= ONE_DAY


@lru_cache(maxsize=8192)  # a list asks for the same openings for each of its rows
def instant(day: date, clock: time) -> datetime:
    """A wall-clock time in Vietnam as an instant in UTC."""
    return datetime.combine(day, clock, VIETNAM).astimezone(UTC)


def local(at: datetime) -> datetime:
    """An instant as the clock on the wall shows it. A naive one is a bug."""
    if at.tzinfo is None:
        raise ValueError(f"naive instant: {at!r}")
    return at.astimezone(VIETNAM)
