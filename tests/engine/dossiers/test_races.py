"""Two hands on one thing: exactly one wins, nothing is doubled, numbers have no gaps."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import session_factory
from engine.base.errors import Stale
from engine.base.uow import unit_of_work
from engine.dossiers import tasks
from engine.dossiers.models import Dossier
from engine.dossiers.numbering import next_code
from engine.ledger.chain import first_break
from engine.ledger.read import history
from tests.factories import province
from tests.factories.desk import Ward
from webapp.demo.walk import Policy


@pytest.fixture
def crowd(fresh_engine: Engine, clock: FrozenClock) -> Ward:
    """The province in a database where transactions really commit."""
    sessions = session_factory(fresh_engine)
    with unit_of_work(sessions, SYSTEM, clock) as uow:
        province.build(uow)
    return Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)


def together(count: int, do: Callable[[int], object]) -> list[object]:
    """Run `do` in so many threads that start at the same moment; results or exceptions."""
    gate = threading.Barrier(count)

    def one(number: int) -> object:
        gate.wait()
        try:
            return do(number)
        except Exception as error:  # noqa: BLE001  what a thread met is what the test looks at
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def broken_line() -> str:
    raise ConnectionError("the counter's line broke")


class TestNumbering:
    def test_codes_of_an_office_have_no_gap_though_some_acceptances_are_rolled_back(
        self, fresh_engine: Engine, clock: FrozenClock
    ):
        sessions = sessionmaker(fresh_engine)

        def accept(number: int) -> str | None:
            try:
                with unit_of_work(sessions, SYSTEM, clock) as uow:
                    return next_code(uow, "H56.101") if number % 5 else broken_line()
            except ConnectionError:
                return None

        codes = [code for code in together(20, accept) + together(20, accept) if isinstance(code, str)]

        assert sorted(codes) == [f"H56.101-261123-{n:04d}" for n in range(1, 33)]

    def test_serials_begin_anew_each_day_and_widen_past_9999(self, fresh_engine: Engine, clock: FrozenClock):
        from engine.dossiers.models import CodeCounter

        sessions = sessionmaker(fresh_engine)
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            uow.session.add(CodeCounter(office_code="H56.07", day=clock.today(), last=9_999))
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            assert next_code(uow, "H56.07") == "H56.07-261123-10000"
        clock.at = datetime(2026, 11, 24, 0, 0, 1, tzinfo=VIETNAM)
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            assert next_code(uow, "H56.07") == "H56.07-261124-0001"


class TestOneDossier:
    def test_of_two_who_claim_one_task_one_gets_it_and_the_other_hears_who(self, crowd: Ward):
        lodged = crowd.lodge("2.000908")
        crowd.walk(lodged, Policy(rest_at=("search_book",)))
        task = crowd.task(lodged)
        officers = [crowd.officer("chuyenvien.hacthanh"), crowd.officer("chuyenvien2.hacthanh")]

        def claim(number: int) -> object:
            with crowd.act(officers[number]) as uow:
                return tasks.claim(uow, task.id, seen=task.revision)

        results = together(2, claim)

        refused = [one for one in results if isinstance(one, tasks.TaskHeld)]
        assert len(refused) == 1
        assert refused[0].facts["who"] in {one.name for one in officers}

    def test_a_double_click_lodges_one_dossier(self, crowd: Ward):
        key = uuid.uuid4()
        lodged = together(4, lambda _: crowd.lodge("2.000908", key=key))

        assert len({one.dossier_id for one in lodged}) == 1
        with crowd.sessions() as session:
            assert len(session.scalars(select(Dossier)).all()) == 1

    def test_completing_twice_moves_the_dossier_once(self, crowd: Ward):
        lodged = crowd.lodge("2.000908")
        task = crowd.task(lodged)
        officer = crowd.officer("tiepnhan.hacthanh")
        answers = {
            "reception_outcome": "refuse",
            "refusal_ground": "wrong_subject",
            "refusal_text": "Không thuộc phạm vi.",
        }

        def complete(_: int) -> object:
            with crowd.act(officer) as uow:
                return tasks.complete(uow, task.id, answers, seen=task.revision, key=None)

        results = together(6, complete)

        assert sum(isinstance(one, tasks.TaskDone) for one in results) == 1
        assert all(isinstance(one, tasks.TaskDone | Stale) for one in results)
        with crowd.sessions() as session:
            events = history(session, lodged.dossier_id)
        assert [one.type for one in events].count("task.completed") == 1
        assert first_break(events) is None
