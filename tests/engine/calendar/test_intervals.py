"""The ledger of a clock keeps its laws whatever happened: it parts the time, and what does not count moves the date."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import working_time
from engine.calendar.due import Ends, Limit, Unit, due
from engine.calendar.intervals import Halt, Kind, Run, apart, ledger, pushed, took
from engine.calendar.opening import ONE_DAY, Calendar, local
from tests.engine.calendar.test_working_time import COUNTING, calendars

START = datetime(2026, 11, 23, 3, tzinfo=UTC)
MINUTES = st.integers(0, 40_000).map(lambda minutes: START + timedelta(minutes=minutes))


@st.composite
def halts(draw, *, open_ended=True) -> Halt:
    start = draw(MINUTES)
    length = draw(st.integers(0, 9_000) | st.none()) if open_ended else draw(st.integers(0, 9_000))
    end = None if length is None else start + timedelta(minutes=length)
    kind = draw(st.sampled_from([Kind.PAUSED, Kind.FAULT]))
    return Halt(start, end, draw(st.sampled_from(["P01", "P02", "P03"])), "", "", "Điều 24", kind)


@st.composite
def runs(draw) -> list[Run]:
    """One after the other; the next may begin before the last was closed, as with a late acknowledgement."""
    moments = sorted(draw(st.lists(MINUTES, min_size=2, max_size=8, unique=True)))
    found = [Run(a, b, "accepted", stopped="supplement") for a, b in zip(moments[::2], moments[1::2], strict=False)]
    if draw(st.booleans()):
        found[-1] = Run(found[-1].start, None, "restarted")
    return found


@given(runs(), st.lists(halts(), max_size=6))
def test_the_intervals_part_the_time_from_the_first_start_to_the_last_end(ran, stood):
    found = ledger(ran, stood)
    assert found[0].start == ran[0].start
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert all(one.end is None or one.start < one.end for one in found)
    assert found[-1].end == ran[-1].end


@given(runs(), st.lists(halts(), max_size=6), st.integers(0, 50_000))
def test_of_every_moment_it_says_whether_it_counted(ran, stood, minute):
    moment = START + timedelta(minutes=minute)
    at = [one for one in ledger(ran, stood) if one.start <= moment and (one.end is None or moment < one.end)]
    runs_ = any(one.start <= moment and (one.end is None or moment < one.end) for one in ran)
    stands = any(one.start <= moment and (one.end is None or moment < one.end) for one in stood)
    kinds = {one.kind for one in at}
    if not runs_:
        assert kinds <= {Kind.WAITING}
    elif stands:
        assert kinds <= {Kind.PAUSED, Kind.FAULT}
        assert kinds
    else:
        assert kinds == {Kind.RUNNING}


@given(calendars(), MINUTES, halts(open_ended=False))
def test_a_pause_of_k_working_hours_moves_the_due_date_by_k(calendar, base, halt):
    due = working_time.add(calendar, base, timedelta())
    later, moved = pushed(calendar, due, [halt])
    k = working_time.between(calendar, halt.start, halt.end) if halt.start < due else timedelta()
    assert working_time.between(calendar, due, later) == k
    assert sum((amount for _, amount in moved), timedelta()) == k


@given(calendars(), MINUTES, st.lists(halts(open_ended=False), max_size=5), st.randoms())
def test_the_order_in_which_pauses_are_told_does_not_matter(calendar, due, stood, chance):
    shuffled = list(stood)
    chance.shuffle(shuffled)
    assert pushed(calendar, due, stood)[0] == pushed(calendar, due, shuffled)[0]


@given(calendars(), st.timedeltas(timedelta(minutes=1), timedelta(hours=30)), st.integers(0, 10), st.integers(0, 10))
def test_of_equal_pauses_it_does_not_matter_which_came_first(calendar, k, one, other):
    """The same working time, taken early or late, as long as the date was not over."""
    end = working_time.add(calendar, START, timedelta(hours=300))

    def pause(after: int) -> Halt:
        begin = working_time.add(calendar, START, timedelta(hours=20 * after))
        return Halt(begin, working_time.add(calendar, begin, k), "P01", "", "", "Điều 24")

    assert pushed(calendar, end, [pause(one)])[0] == pushed(calendar, end, [pause(other)])[0]


@given(calendars(), MINUTES, st.integers(1, 60), halts(open_ended=False), st.sampled_from(Ends))
def test_a_pause_of_k_moves_a_limit_in_calendar_days_by_k_and_no_further_than_to_the_end_of_a_working_day(
    calendar, start, count, halt, ends
):
    """A begun day is whole, and only the last day is moved off days off (Civil Code 2015, art. 148(5))."""
    ran = due(calendar, start, Limit(count, Unit.DAY), by=COUNTING, ends=ends)
    later, moved = pushed(calendar, ran.at, [halt], later=lambda took: ran.later(took).at)
    k = halt.end - halt.start if halt.start < ran.at else timedelta()
    assert took(moved) == k
    unmoved = local(start).date() + timedelta(days=count)
    days = (local(later).date() - unmoved) // ONE_DAY
    assert days * ONE_DAY >= k, "never less than what did not count"
    closed = [unmoved + one * ONE_DAY for one in range(-(-k // ONE_DAY), days)]
    assert not any(map(calendar.is_open_on, closed)), "and over no day but days off"
    last = local(later).date()
    assert calendar.is_open_on(last)
    if ends is Ends.CLOSE:
        assert later == calendar.closing(last)


@given(calendars(), MINUTES, st.integers(1, 60), st.lists(halts(open_ended=False), max_size=5), halts(open_ended=False))
def test_one_more_pause_never_makes_a_date_in_calendar_days_come_earlier(calendar, start, count, stood, more):
    ran = due(calendar, start, Limit(count, Unit.DAY), by=COUNTING)

    def end(told):
        return pushed(calendar, ran.at, told, later=lambda took: ran.later(took).at)[0]

    assert ran.at <= end(stood) <= end([*stood, more])


@given(st.lists(halts(), max_size=8))
def test_time_that_two_pauses_share_is_taken_off_once(stood):
    found = apart(stood)
    assert all(a.end is not None and a.end <= b.start for a, b in pairwise(found))


class TestExamples:
    def at(self, text):
        return datetime.strptime(f"{text} +0700", "%d/%m/%Y %H:%M %z").astimezone(UTC)

    def test_three_hours_of_payment_move_a_date_at_closing_to_the_next_morning(self, calendar):
        halt = Halt(self.at("25/11/2026 08:00"), self.at("25/11/2026 11:00"), "P01", "", "", "Điều 24")
        assert pushed(calendar, self.at("27/11/2026 17:00"), [halt])[0] == self.at("30/11/2026 10:00")

    def test_a_pause_over_a_holiday_takes_no_working_time(self, calendar):
        halt = Halt(self.at("23/11/2026 17:00"), self.at("25/11/2026 07:00"), "P01", "", "", "Điều 24")
        assert pushed(calendar, self.at("27/11/2026 17:00"), [halt]) == (self.at("27/11/2026 17:00"), [])

    def ends(self, calendar, start, limit, *stood):
        """When it ends after halts of P03, each (from, to)."""
        ran = due(calendar, self.at(start), Limit.parse(limit), by=COUNTING)
        told = [Halt(self.at(a), self.at(b), "P03", "", "", "Điều 19") for a, b in stood]
        found = pushed(calendar, ran.at, told, later=lambda took: ran.later(took).at)[0]
        return f"{local(found):%d/%m/%Y %H:%M}"

    @pytest.mark.parametrize(
        ("start", "stood", "expected"),
        [
            pytest.param("05/11/2026 09:00", (), "20/11/2026 17:00", id="day 15 is a Friday"),
            pytest.param("06/11/2026 09:00", (), "23/11/2026 17:00", id="day 15 is a Saturday"),
            pytest.param(
                "06/11/2026 09:00",
                [("09/11/2026 09:00", "09/11/2026 09:01")],
                "23/11/2026 17:00",
                id="a minute behind a Saturday is a Sunday, and still ends on Monday",
            ),
            pytest.param(
                "05/11/2026 09:00",
                [("09/11/2026 09:00", "09/11/2026 09:01")],
                "23/11/2026 17:00",
                id="a minute behind a Friday is a Saturday, which ends on Monday at closing",
            ),
            pytest.param(
                "02/11/2026 09:00",
                [("09/11/2026 09:00", "09/11/2026 11:00"), ("10/11/2026 09:00", "10/11/2026 11:00")],
                "18/11/2026 17:00",
                id="twice two hours are a part of one day, not two days",
            ),
            pytest.param(
                "02/11/2026 09:00",
                [("09/11/2026 09:00", "12/11/2026 09:00")],
                "20/11/2026 17:00",
                id="three days",
            ),
            pytest.param(
                "06/11/2026 09:00",
                [("09/11/2026 09:00", "12/11/2026 09:00")],
                "25/11/2026 17:00",
                id="three days behind Saturday are the holiday",
            ),
        ],
    )
    def test_a_limit_of_fifteen_calendar_days_moves_before_it_is_rolled(self, calendar, start, stood, expected):
        assert self.ends(calendar, start, "15 d", *stood) == expected

    def test_a_limit_in_hours_of_the_clock_moves_by_the_time_that_went_by_and_waits_for_no_office(self, calendar):
        stood = ("20/11/2026 17:00", "20/11/2026 18:30")
        assert self.ends(calendar, "20/11/2026 16:30", "2 h", stood) == "20/11/2026 20:00"

    @pytest.mark.parametrize("begins", ["27/11/2026 17:00", "30/11/2026 08:00"])
    def test_what_begins_when_the_date_is_over_makes_nobody_be_in_time(self, calendar, begins):
        late = Halt(self.at(begins), self.at("01/12/2026 17:00"), "P02", "", "", "Điều 24", Kind.FAULT)
        assert pushed(calendar, self.at("27/11/2026 17:00"), [late])[0] == self.at("27/11/2026 17:00")

    def test_a_pause_that_is_over_counts_though_the_system_is_down_since_before_it_began(self, calendar):
        down = Halt(self.at("25/11/2026 07:00"), None, "P02", "", "", "Điều 24", Kind.FAULT)
        paid = Halt(self.at("25/11/2026 08:00"), self.at("25/11/2026 11:00"), "P01", "", "", "Điều 24")
        due = self.at("27/11/2026 17:00")
        assert pushed(calendar, due, [down, paid])[0] == self.at("30/11/2026 10:00")
        assert pushed(calendar, due, [down])[0] == due, "that it is down moves the date when it works again"

    def test_an_open_calendar(self):
        assert pushed(Calendar(), START, [])[0] == START
