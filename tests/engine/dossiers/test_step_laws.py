"""The clock of a step keeps the laws of the dossier's: it parts the time, and what does not count moves the date."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import working_time
from engine.calendar.intervals import Halt, Kind, pushed
from engine.dossiers import clock
from engine.dossiers.models import Task
from tests.engine.calendar.test_intervals import MINUTES, START, halts
from tests.engine.calendar.test_working_time import calendars


@st.composite
def open_steps(draw) -> Task:
    opened, done = sorted([draw(MINUTES), draw(MINUTES)])
    return Task(opened_at=opened, done_at=done + timedelta(minutes=1) if draw(st.booleans()) else None)


@given(open_steps(), st.lists(halts(), max_size=6))
def test_the_intervals_part_the_time_from_opened_to_done(task, stood):
    found = clock.of_step(task, stood)
    assert found[0].start == task.opened_at
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert all(one.end is None or one.start < one.end for one in found)
    assert found[-1].end == task.done_at


@given(open_steps(), st.lists(halts(), max_size=6), st.integers(0, 50_000))
def test_of_every_moment_it_says_whether_it_counted(task, stood, minute):
    moment = START + timedelta(minutes=minute)
    at = [one for one in clock.of_step(task, stood) if one.start <= moment and (one.end is None or moment < one.end)]
    ran = task.opened_at <= moment and (task.done_at is None or moment < task.done_at)
    stopped = any(
        one.start <= moment and (one.end is None or moment < one.end)
        for one in stood
        if one.start > task.opened_at or one.why in clock.STOPS_ALL
    )
    assert {one.kind for one in at} <= ({Kind.PAUSED, Kind.FAULT} if stopped else {Kind.RUNNING})
    assert bool(at) == ran


@given(calendars(), MINUTES, MINUTES, halts(open_ended=False))
def test_a_pause_of_k_working_hours_moves_the_due_date_of_a_step_by_k(calendar, opened, base, halt):
    due = working_time.add(calendar, max(opened, base), timedelta())
    stops = clock.stops(opened, [halt])
    k = sum((working_time.between(calendar, one.start, one.end) for one in stops if one.start < due), timedelta())
    later = pushed(calendar, due, stops)[0]
    assert working_time.between(calendar, due, later) == k


@given(calendars(), MINUTES, MINUTES, st.lists(halts(open_ended=False), max_size=5), st.randoms())
def test_the_order_in_which_pauses_are_told_does_not_matter_to_a_step(calendar, opened, due, stood, chance):
    shuffled = list(stood)
    chance.shuffle(shuffled)
    first, second = (pushed(calendar, due, clock.stops(opened, told))[0] for told in (stood, shuffled))
    assert first == second


@pytest.mark.parametrize(("why", "stands"), [("P01", False), ("P04", False), ("P02", True), ("P03", True)])
def test_a_step_that_opens_within_a_pause_is_what_is_waited_for_unless_nobody_may_go_on(why, stands):
    halt = Halt(START, START + timedelta(hours=9), why, "", "", "Điều 24")
    assert bool(clock.stops(START + timedelta(hours=1), [halt])) is stands
    assert bool(clock.stops(START, [halt])) is stands, "opened by the act that began the pause"
