"""The ledger of a clock keeps its laws whatever happened: it parts the time, and what does not count moves the date."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import working_time
from engine.calendar.intervals import Halt, Kind, Run, apart, ledger, pushed
from engine.calendar.opening import Calendar
from tests.engine.calendar.test_working_time import calendars

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
    due = working_time.add(calendar, START, timedelta(hours=300))

    def pause(after: int) -> Halt:
        begin = working_time.add(calendar, START, timedelta(hours=20 * after))
        return Halt(begin, working_time.add(calendar, begin, k), "P01", "", "", "Điều 24")

    assert pushed(calendar, due, [pause(one)])[0] == pushed(calendar, due, [pause(other)])[0]


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

    def test_a_limit_in_calendar_days_moves_by_the_days_that_went_by(self, calendar):
        halt = Halt(self.at("20/11/2026 17:00"), self.at("23/11/2026 17:00"), "P01", "", "", "Điều 24")
        due = pushed(calendar, self.at("27/11/2026 17:00"), [halt], elapsed=True)[0]
        assert due == self.at("30/11/2026 17:00")

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
