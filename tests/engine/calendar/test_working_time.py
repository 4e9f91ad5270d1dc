"""Working time keeps its laws on every calendar, not only on the one of the examples."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import rules, working_time
from engine.calendar.due import Ends, Limit, Unit, due
from engine.calendar.opening import USUAL_WEEK, Calendar, Change, Span, Week, local, spans

SPANS = st.sampled_from([spans(["07:00-11:30", "13:30-17:00"]), spans(["07:30-12:00"]), ()])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))
COUNTING = rules.in_force("2026-09-01", date(2026, 11, 23)).counting
AMOUNTS = st.timedeltas(timedelta(), timedelta(hours=400))


@st.composite
def calendars(draw) -> Calendar:
    week = draw(st.tuples(*[SPANS] * 7).filter(any))
    changes = draw(st.dictionaries(DAYS, SPANS, max_size=12))
    return Calendar(
        (Week(week), USUAL_WEEK), {day: Change(hours, "Nghỉ", "Off", "") for day, hours in changes.items()}
    )


def is_open(calendar: Calendar, moment: datetime) -> bool:
    here = local(moment)
    return any(span.opens <= here.time() <= span.closes for span in calendar.spans(here.date()))


@given(calendars(), INSTANTS, AMOUNTS)
def test_what_was_added_lies_between(calendar, start, amount):
    end = working_time.add(calendar, start, amount)
    assert working_time.between(calendar, start, end) == amount


@given(calendars(), INSTANTS, AMOUNTS)
def test_what_was_subtracted_lies_between(calendar, end, amount):
    start = working_time.subtract(calendar, end, amount)
    assert working_time.between(calendar, start, end) == amount


@given(calendars(), INSTANTS, AMOUNTS)
def test_nothing_ends_in_closed_time(calendar, start, amount):
    assert is_open(calendar, working_time.add(calendar, start, amount))
    assert is_open(calendar, working_time.subtract(calendar, start, amount))


@given(calendars(), INSTANTS, AMOUNTS, AMOUNTS)
def test_adding_twice_is_adding_once(calendar, start, first, second):
    middle = working_time.add(calendar, start, first)
    assert working_time.add(calendar, middle, second) == working_time.add(calendar, start, first + second)


@given(calendars(), INSTANTS, INSTANTS, AMOUNTS)
def test_who_begins_later_ends_no_earlier(calendar, one, other, amount):
    early, late = sorted((one, other))
    assert working_time.add(calendar, early, amount) <= working_time.add(calendar, late, amount)


@given(calendars(), INSTANTS, INSTANTS, st.sampled_from(Unit), st.integers(1, 40), st.sampled_from(Ends))
def test_a_later_start_never_has_an_earlier_due_date(calendar, one, other, unit, value, ends):
    limit = Limit(1 if unit is Unit.SAME_DAY else value, unit)
    early, late = (due(calendar, start, limit, by=COUNTING, ends=ends) for start in sorted((one, other)))
    assert early.at <= late.at
    assert early.at > min(one, other)


@given(calendars(), INSTANTS, st.integers(1, 60), st.sampled_from(Ends))
def test_a_limit_in_working_days_has_that_many_of_them(calendar, start, value, ends):
    end = due(calendar, start, Limit(value, Unit.WORKING_DAY), by=COUNTING, ends=ends).at
    first, last = local(start).date(), local(end).date()
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert sum(calendar.is_open_on(day) for day in days) == value


@given(calendars(), INSTANTS, INSTANTS)
def test_there_and_back_is_nothing(calendar, one, other):
    assert working_time.between(calendar, one, other) == -working_time.between(calendar, other, one)


@given(calendars(), INSTANTS, AMOUNTS.filter(bool))
def test_a_negative_amount_goes_the_other_way(calendar, start, amount):
    assert working_time.add(calendar, start, -amount) == working_time.subtract(calendar, start, amount)
    assert working_time.subtract(calendar, start, -amount) == working_time.add(calendar, start, amount)


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


class TestPercentUsed:
    @pytest.mark.parametrize(
        ("now", "percent"),
        [
            ("2026-11-22 12:00", 0),
            ("2026-11-23 07:00", 0),
            ("2026-11-23 11:30", 28),
            ("2026-11-23 13:30", 28),
            ("2026-11-23 17:00", 50),
            ("2026-11-24 12:00", 50),
            ("2026-11-25 16:59", 99),
            ("2026-11-25 17:00", 100),
            ("2026-12-25 17:00", 100),
        ],
    )
    def test_it_counts_working_time_and_says_100_only_when_it_is_over(self, calendar, now, percent):
        begun, due_at = vietnam("2026-11-23 07:00"), vietnam("2026-11-25 17:00")
        assert working_time.percent_used(calendar, begun, due_at, vietnam(now)) == percent

    def test_a_limit_without_working_time_is_untouched_until_it_ends(self, calendar):
        begun, due_at = vietnam("2026-11-21 09:00"), vietnam("2026-11-21 11:00")
        assert working_time.percent_used(calendar, begun, due_at, vietnam("2026-11-21 10:00")) == 0
        assert working_time.percent_used(calendar, begun, due_at, due_at) == 100


class TestHours:
    def test_new_hours_hold_from_their_day_on(self):
        winter = Week((spans(["08:00-12:00"]),) * 5 + ((),) * 2, date(2026, 11, 16), date(2026, 11, 23))
        calendar = Calendar((winter, USUAL_WEEK))
        assert working_time.add(calendar, vietnam("2026-11-13 16:00"), timedelta(hours=2)) == vietnam(
            "2026-11-16 09:00"
        )
        assert working_time.add(calendar, vietnam("2026-11-20 11:00"), timedelta(hours=2)) == vietnam(
            "2026-11-23 08:00"
        )

    @pytest.mark.parametrize("texts", [["11:30-07:00"], ["07:00-07:00"], ["07:00-12:00", "11:00-17:00"]])
    def test_hours_that_cannot_be_are_refused(self, texts):
        with pytest.raises(ValueError, match="span"):
            spans(texts)

    def test_a_week_that_never_opens_is_refused(self):
        with pytest.raises(ValueError, match="seven days"):
            Week(((),) * 7)

    def test_a_span_reads_its_text(self):
        assert Span.parse("07:00-11:30") == spans(["07:00-11:30"])[0]
