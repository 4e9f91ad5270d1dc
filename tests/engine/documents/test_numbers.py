"""Numbers of papers: one series for each office, register and year, and no number left out."""

import threading
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.uow import unit_of_work
from engine.documents import numbers
from engine.documents.numbers import NumberSkipped, NumberTaken, PatternMissing
from engine.documents.paper_models import NumberPattern, NumberSeries
from engine.org.models import Office, OfficeKind

#: So many at once.
HANDS, EACH = 8, 5


def lay_out(session):
    offices = [
        Office(code=f"H56.{number}", kind=OfficeKind.COMMUNE, name=f"Xã {number}", name_en="", valid_from=date(2025, 7, 1))
        for number in (101, 102)
    ]
    session.add_all(offices)
    session.flush()
    for register, pattern, office_id, since in (
        ("result", "{number}/KQ", None, "2025-07-01"),
        ("result.1.013225", "{number:02}/GPXD", None, "2025-07-01"),
        ("result", "{number}/UBND-{year}", offices[1].id, "2025-07-01"),
        ("result", "{number}/KQ-M", None, "2027-01-01"),
        ("receipt", "{number:07}", None, "2025-07-01"),
    ):
        day = date.fromisoformat(since)
        session.add(NumberPattern(register=register, pattern=pattern, office_id=office_id, effective_from=day))
    session.flush()
    return [one.id for one in offices]


@pytest.fixture
def offices(session):
    found = lay_out(session)
    session.commit()
    return found


class TestAllocate:
    def test_each_office_register_and_year_counts_for_itself_decree_30_2020_art_15(self, unit, offices, clock):
        here, there = offices
        with unit() as uow:
            assert [numbers.allocate(uow, here, "result") for _ in range(3)] == ["1/KQ", "2/KQ", "3/KQ"]
            assert numbers.allocate(uow, here, "receipt") == "0000001"
            assert numbers.allocate(uow, there, "result") == "1/UBND-2026"
        clock.at = datetime(2027, 1, 4, 8, tzinfo=VIETNAM)
        with unit() as uow:
            assert numbers.allocate(uow, here, "result") == "1/KQ-M"

    def test_a_procedure_may_have_a_register_of_its_own(self, unit, offices):
        with unit() as uow:
            assert numbers.allocate(uow, offices[0], "result.1.013225", "result") == "01/GPXD"
            assert numbers.allocate(uow, offices[0], "result.1.001193", "result") == "1/KQ"

    def test_what_is_rolled_back_gives_its_number_back(self, unit, offices):
        with pytest.raises(PatternMissing), unit() as uow:
            numbers.allocate(uow, offices[0], numbers.allocate(uow, offices[0], "result"))
        with unit() as uow:
            assert numbers.allocate(uow, offices[0], "result") == "1/KQ"

    def test_a_register_without_a_pattern_is_refused(self, unit, offices):
        with pytest.raises(PatternMissing), unit() as uow:
            numbers.allocate(uow, offices[0], "minutes")


class TestKeep:
    def test_the_proposed_number_is_the_next(self, unit, offices):
        with unit() as uow:
            assert numbers.proposed(uow, offices[0], "result") == "1/KQ"
            numbers.keep(uow, offices[0], "1/KQ", "result")
            assert numbers.proposed(uow, offices[0], "result") == "2/KQ"

    def test_a_number_is_neither_given_twice_nor_left_out(self, unit, offices):
        with unit() as uow:
            numbers.keep(uow, offices[0], "1/KQ", "result")
            with pytest.raises(NumberTaken) as taken:
                numbers.keep(uow, offices[0], "01/kq", "result")
            assert taken.value.facts["next"] == "2/KQ"
            with pytest.raises(NumberSkipped):
                numbers.keep(uow, offices[0], "3/KQ", "result")

    def test_a_register_that_was_kept_on_paper_goes_on_where_it_stood(self, unit, offices):
        with unit() as uow:
            numbers.keep(uow, offices[0], "418/KQ", "result")
            assert numbers.proposed(uow, offices[0], "result") == "419/KQ"

    def test_a_number_of_another_register_stands_as_it_was_written(self, unit, offices):
        with unit() as uow:
            assert numbers.keep(uow, offices[0], "77/SG-2026", "result") == "77/SG-2026"
            assert numbers.proposed(uow, offices[0], "result") == "1/KQ"


def test_of_many_who_number_at_once_each_gets_one_and_none_is_left_out(fresh_database):
    engine = connect(fresh_database, pool_size=HANDS)
    sessions, clock = sessionmaker(engine), FrozenClock(datetime(2026, 11, 23, 9, 40, tzinfo=VIETNAM))
    with unit_of_work(sessions, SYSTEM, clock) as uow:
        office_id = lay_out(uow.session)[0]
    def gives_up(hand, turn):
        if (hand + turn) % 4 == 0:
            raise InterruptedError

    given, lock, start = [], threading.Lock(), threading.Barrier(HANDS)

    def number(hand):
        start.wait()
        for turn in range(EACH):
            try:
                with unit_of_work(sessions, SYSTEM, clock) as uow:
                    mine = numbers.allocate(uow, office_id, "result")
                    gives_up(hand, turn)
            except InterruptedError:
                continue
            with lock:
                given.append(int(mine.partition("/")[0]))

    hands = [threading.Thread(target=number, args=(one,)) for one in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    with sessions() as session:
        last = session.scalars(select(NumberSeries.last)).one()
    engine.dispose()
    assert sorted(given) == list(range(1, last + 1))
    assert len(given) == HANDS * EACH - sum((hand + turn) % 4 == 0 for hand in range(HANDS) for turn in range(EACH))
