"""Two hands on one thing: exactly one wins, the other hears who did and when, nothing is doubled, no number is lost.

Sixty races of each pair; `make races` runs a thousand (`MOTCUA_RACES`).
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from engine.base.actor import SYSTEM, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.errors import Stale
from engine.base.sessions import session_factory
from engine.base.uow import UnitOfWork, unit_of_work
from engine.dossiers import course, invariants, tasks
from engine.dossiers.models import CodeCounter, Dossier, Task, Wait
from engine.dossiers.numbering import next_code
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.org import authority, changes
from tests.conftest import NOW
from tests.factories import races
from tests.factories.desk import Ward
from tests.factories.races import ANSWER, FIRST, OVERDUE, RACES, SECOND, Pair, task_at
from webapp.demo.walk import Policy


@pytest.fixture(scope="module")
def crowd(databases: Any) -> Iterator[Ward]:
    """The ward in a database where transactions really commit."""
    clock = FrozenClock(NOW)
    with databases.copy_of_province() as url:
        engine = connect(url)
        sessions = session_factory(engine)
        yield Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)
        engine.dispose()


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    pair = Pair.of_hands()
    yield pair
    pair.close()


@pytest.fixture(scope="module")
def officers(crowd: Ward) -> tuple[Actor, Actor]:
    return crowd.officer(FIRST), crowd.officer(SECOND)


@pytest.fixture(scope="module")
def dossiers(crowd: Ward) -> list[uuid.UUID]:
    """Each pair has a branch of its own, so that all race on the same dossiers."""
    with crowd.act() as uow:
        races.draw_up(uow)
    return races.lodge(crowd)


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


class TestPages:
    """A double click of somebody who runs the house is one entry, and neither click meets an error."""

    def test_a_row_of_authority_and_a_draft_of_offices_are_entered_once(self, crowd: Ward, both: Pair):
        admin, day = crowd.officer("quantri"), crowd.clock.today()
        old, new = (crowd.office(f"Ủy ban nhân dân phường {name}") for name in ("Sầm Sơn", "Hạc Thành"))

        def enter(key: uuid.UUID, place: str) -> uuid.UUID:
            said = {"procedure_code": "2.000908", "field": None, "place_code": place, "office_id": old}
            with crowd.act(admin) as uow:
                return authority.enter(uow, key, **said, basis="QĐ 1", effective_from=day, effective_to=None).id

        def draft(key: uuid.UUID) -> uuid.UUID:
            said = {"offices": [old], "to": new, "name": "", "name_en": "", "decision": "NQ 1", "effective_from": day}
            with crowd.act(admin) as uow:
                return changes.draft(uow, key, kind=changes.MERGE, **said).id

        for number in range(RACES // 10 + 1):
            key = uuid.uuid4()
            once = partial(enter, key, f"{number:05}")
            assert both(once, once) == (key, key)
        key = uuid.uuid4()
        assert both(lambda: draft(key), lambda: draft(key)) == (key, key)
        with crowd.act(admin) as uow:
            changes.drop(uow, key)


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
        sessions = sessionmaker(fresh_engine)
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            uow.session.add(CodeCounter(office_code="H56.07", day=clock.today(), last=9_999))
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            assert next_code(uow, "H56.07") == "H56.07-261123-10000"
        clock.at = datetime(2026, 11, 24, 0, 0, 1, tzinfo=VIETNAM)
        with unit_of_work(sessions, SYSTEM, clock) as uow:
            assert next_code(uow, "H56.07") == "H56.07-261124-0001"


def test_a_double_click_lodges_one_dossier(crowd: Ward):
    key = uuid.uuid4()
    lodged = together(4, lambda _: crowd.lodge("2.000908", key=key))

    assert len({one.dossier_id for one in lodged}) == 1
    with crowd.sessions() as session:
        assert len(session.scalars(select(Dossier).filter_by(lodging_key=key)).all()) == 1


class TestTwoHands:
    """Every race is one of real transactions, which two threads begin at the same moment."""

    @pytest.fixture(autouse=True)
    def _all_is_well(self, crowd: Ward, dossiers: list[uuid.UUID]) -> Iterator[None]:
        """`motcua check` finds nothing, and no story is broken."""
        yield
        crowd.clock.at = NOW
        with crowd.sessions() as session:
            assert [one.alarms for one in invariants.standings(session, crowd.clock) if one.alarms] == []
            assert not [one for one in dossiers if first_break(history(session, one))]

    def test_of_two_who_claim_a_task_one_gets_it_and_the_other_hears_who(self, crowd, both, officers, dossiers):
        for one in dossiers:
            task = task_at(crowd, one, "claimed")
            claim = [act(crowd, officer, lambda uow, task=task: tasks.claim(uow, task.id, seen=1)) for officer in officers]

            winner = only_one_won(both(*claim), officers, crowd, tasks.TaskHeld)

            assert task_at(crowd, one, "claimed").assignee_id == winner.officer_id
            assert told(crowd, one, "task.claimed", task) == 1

    def test_of_two_who_complete_a_task_one_does_and_the_other_hears_who(self, crowd, both, officers, dossiers):
        for one in dossiers:
            task = task_at(crowd, one, "twice")

            winner = only_one_won(both(*[completing(crowd, officer, task) for officer in officers]), officers, crowd, tasks.TaskAlreadyDone)

            assert task_at(crowd, one, "twice").done_by == winner.officer_id
            assert told(crowd, one, "task.completed", task) == 1

    def test_of_an_officer_and_a_timer_one_is_first_and_the_other_has_no_effect(self, crowd, both, officers, dossiers):
        crowd.clock.at += OVERDUE
        for one in dossiers:
            task, timer = task_at(crowd, one, "timed"), timer_of(crowd, one)
            fire = act(crowd, SYSTEM, lambda uow, timer=timer: course.fire_timer(uow, timer))

            done, fired = both(completing(crowd, officers[0], task), fire)

            if fired is True:
                assert isinstance(done, tasks.TaskOvertaken)
                assert done.facts == {"who": "Hệ thống", "at": crowd.clock.now()}
            else:
                assert (isinstance(done, tasks.TaskDone), fired) == (True, False)
            assert told(crowd, one, "task.completed", task) == (not fired)

    def test_branches_that_two_officers_complete_at_once_always_meet(self, crowd, both, officers, dossiers):
        for one in dossiers:
            sides = [
                completing(crowd, officer, task_at(crowd, one, step))
                for officer, step in zip(officers, ("left", "right"), strict=True)
            ]

            assert [type(result) for result in both(*sides)] == [tasks.TaskDone] * 2

            assert task_at(crowd, one, "met").done_at is None, "one task behind the join"

    def test_money_at_the_counter_and_money_from_the_bank_are_taken_once(self, crowd, both, dossiers):
        for _ in range(-(-RACES // 6)):
            lodged = crowd.lodge("2.000635", channel="in_person")
            crowd.walk(lodged, Policy(rest_at=("take_payment",)))
            one, task, cashier = lodged.dossier_id, task_at(crowd, lodged.dossier_id, "take_payment"), crowd.officer("thuphi.hacthanh")
            answers = {"payment_answer": "paid", "payment_method": "cash"}
            settle = act(crowd, SYSTEM, lambda uow, one=one: course.settle_payment(uow, one))

            results = both(completing(crowd, cashier, task, answers), settle)

            assert [isinstance(result, Stale) for result in results].count(True) == 1, results
            assert told(crowd, one, "charge.counted") == 1

    def test_an_officer_who_completes_and_an_applicant_who_withdraws_come_one_after_the_other(
        self, crowd, both, officers, dossiers
    ):
        """After all other races: nothing is left of these dossiers."""
        for one in dossiers:
            task = task_at(crowd, one, "claimed")
            officer, reception = officers if task.assignee_id in (None, officers[0].officer_id) else officers[::-1]
            withdraw = act(crowd, reception, lambda uow, one=one: course.withdraw(uow, one, "Nộp nhầm", key=uuid.uuid4()))

            done, withdrawn = both(completing(crowd, officer, task), withdraw)

            assert withdrawn is None, "whoever is first"
            if not isinstance(done, tasks.TaskDone):
                assert isinstance(done, tasks.TaskOvertaken)
                assert done.facts == {"who": reception.name, "at": crowd.clock.now()}
            with crowd.sessions() as session:
                story = [event.type for event in history(session, one)]
                assert session.get_one(Dossier, one).status == "withdrawn"
                assert session.scalars(select(Task).filter_by(dossier_id=one, done_at=None)).all() == []
            assert story.count("dossier.withdrawn") == 1
            assert "task.completed" not in story[story.index("dossier.withdrawn") :]


def act(ward: Ward, actor: Actor, do: Callable[[UnitOfWork], Any]) -> Callable[[], Any]:
    def acting() -> Any:
        with ward.act(actor) as uow:
            return do(uow)

    return acting


def completing(ward: Ward, officer: Actor, task: Task, answers: dict[str, Any] = ANSWER) -> Callable[[], Any]:
    """In a window of one's own: each has a key of its own."""
    return act(
        ward, officer, lambda uow: tasks.complete(uow, task.id, answers, seen=task.revision, key=uuid.uuid4())
    )


def only_one_won(results: tuple[Any, Any], officers: tuple[Actor, Actor], ward: Ward, refused: type[Stale]) -> Actor:
    """Who won; the other was told so."""
    won = [isinstance(one, tasks.TaskDone) for one in results]
    assert sorted(won) == [False, True], results
    winner, loser = won.index(True), results[won.index(False)]
    assert isinstance(loser, refused)
    assert loser.facts == {"who": officers[winner].name, "at": ward.clock.now()}
    return officers[winner]


def told(ward: Ward, dossier_id: uuid.UUID, kind: str, task: Task | None = None) -> int:
    """How often the dossier's story says so."""
    with ward.sessions() as session:
        rows = session.scalars(select(LedgerEvent).filter_by(stream_id=dossier_id, type=kind))
        return sum(task is None or one.payload["task_id"] == str(task.id) for one in rows)


def timer_of(ward: Ward, dossier_id: uuid.UUID) -> uuid.UUID:
    with ward.sessions() as session:
        return session.scalars(select(Wait.id).filter_by(dossier_id=dossier_id, kind="timer")).one()
