"""Two officers press at the same moment, each in a browser of their own: one goes on, the other reads who was first.

Never a server error. The engine's own races are in `tests/engine/dossiers/test_races.py`; `make races` runs more of both.
"""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import Client

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.dossiers import course, invariants
from engine.dossiers.models import Dossier, Task, Wait
from engine.ledger.read import history
from tests.conftest import NOW
from tests.factories import races
from tests.factories.desk import Ward
from tests.factories.races import ANSWER, FIRST, RACES, SECOND, Pair, task_at
from tests.journeys.clerk import cookie
from tests.journeys.pages import Page
from tests.waiting import eventually
from webapp import create_app
from webapp.wiring import build

#: A page costs more than a command.
COUNT = -(-RACES // 4)


@pytest.fixture(scope="module")
def ward(databases: Any) -> Iterator[Ward]:
    clock = FrozenClock(NOW)
    with databases.copy_of_province() as url:
        engine = connect(url)
        sessions = session_factory(engine)
        ward = Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)
        with ward.act() as uow:
            races.draw_up(uow)
        yield ward
        engine.dispose()


@pytest.fixture(scope="module")
def app(ward: Ward, settings: Any) -> Flask:
    return create_app(build(settings, sessions=ward.sessions, clock=ward.clock))


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    pair = Pair.of_hands()
    yield pair
    pair.close()


@pytest.fixture(scope="module")
def browsers(app: Flask) -> tuple[Client, Client]:
    return cookie(app, FIRST), cookie(app, SECOND)


@pytest.fixture(scope="module")
def names(ward: Ward) -> tuple[str, str]:
    return ward.officer(FIRST).name, ward.officer(SECOND).name


@pytest.fixture(scope="module")
def dossiers(ward: Ward) -> list[uuid.UUID]:
    return races.lodge(ward, COUNT)


def pressing(client: Client, address: str, **fields: Any) -> Callable[[], Page]:
    return lambda: Page(client, client.post(address, data={"key": uuid.uuid4(), **fields}))


def only_one_went_on(answers: tuple[Page, Page], names: tuple[str, str]) -> int:
    """Which of both; the other reads who was first, and when."""
    assert sorted(one.status for one in answers) == [303, 409], [one.said for one in answers]
    winner = [one.status for one in answers].index(303)
    heard(answers[1 - winner], names[winner])
    return winner


def heard(answer: Page, who: str) -> None:
    """It says who was first, and when: above what was typed, or on a page of its own."""
    said = answer.said or answer.words
    assert who in said
    assert "09:40" in said


def reference_of(ward: Ward, dossier_id: uuid.UUID) -> str:
    with ward.sessions() as session:
        return session.get_one(Dossier, dossier_id).reference


@pytest.mark.parametrize(("step", "act", "fields"), [("claimed", "claim", {}), ("twice", "complete", ANSWER)])
def test_of_two_who_press_the_same_button_one_goes_on_and_the_other_reads_who_was_first(
    ward, both, browsers, names, dossiers, step, act, fields
):
    for one in dossiers:
        address = f"/tasks/{task_at(ward, one, step).id}/{act}"

        winner = only_one_went_on(both(*[pressing(client, address, seen=1, **fields) for client in browsers]), names)

        task = task_at(ward, one, step)
        assert (task.assignee_id if act == "claim" else task.done_by) == ward.officer((FIRST, SECOND)[winner]).officer_id


def test_of_who_takes_a_step_back_and_who_completes_the_next_one_goes_on(ward, both, browsers, names, dossiers):
    for one in dossiers:
        passed = task_at(ward, one, "passed").id
        assert pressing(browsers[0], f"/tasks/{passed}/complete", seen=1, **ANSWER)().status == 303
        following = f"/tasks/{task_at(ward, one, 'taken').id}/complete"
        recall = pressing(browsers[0], f"/dossiers/{reference_of(ward, one)}/recall", about=passed, text="Chuyển nhầm")

        winner = only_one_went_on(both(recall, pressing(browsers[1], following, seen=1, **ANSWER)), names)

        assert (task_at(ward, one, "passed").done_at is None) == (winner == 0)


def test_of_two_who_wait_for_each_other_one_gives_way_and_is_done_again(ward, browsers):
    (one,) = races.lodge(ward, 1)
    task = task_at(ward, one, "twice").id
    press = pressing(browsers[0], f"/tasks/{task}/complete", seen=1, **ANSWER)
    with ward.sessions() as other, ThreadPoolExecutor(1) as hand:
        other.execute(select(Task.id).where(Task.id == task).with_for_update())
        page = hand.submit(press)  # has the dossier, and waits for its task
        assert eventually(lambda: waits_for_a_lock(ward))
        other.execute(select(Dossier.id).where(Dossier.id == one).with_for_update())
        other.rollback()

        assert page.result().status == 303

    assert task_at(ward, one, "twice").done_by == ward.officer(FIRST).officer_id
    with ward.sessions() as session:
        assert [event.type for event in history(session, one)].count("task.completed") == 1


def waits_for_a_lock(ward: Ward) -> bool:
    with ward.sessions() as session:
        return session.scalar(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))


def test_of_who_completes_and_a_timer_that_runs_out_one_is_first(ward, both, browsers):
    for one in races.lodge(ward, COUNT):
        task, timer = task_at(ward, one, "timed").id, run_out(ward, one)

        done, fired = both(pressing(browsers[0], f"/tasks/{task}/complete", seen=1, **ANSWER), partial(fire, ward, timer))

        assert (done.status, fired) in ((303, False), (409, True)), done.said
        if fired:
            heard(done, "Hệ thống")


def run_out(ward: Ward, dossier_id: uuid.UUID) -> uuid.UUID:
    """The timer beside a task, whose time has come."""
    with ward.act() as uow:
        wait = uow.session.scalars(select(Wait).filter_by(dossier_id=dossier_id, step_id="late")).one()
        wait.due_at = uow.clock.now()
        return wait.id


def fire(ward: Ward, timer: uuid.UUID) -> bool:
    with ward.act() as uow:
        return course.fire_timer(uow, timer)


def test_two_who_finish_branches_that_meet_both_go_on_and_the_join_is_there(ward, both, browsers, dossiers):
    for one in dossiers:
        steps = [task_at(ward, one, step).id for step in ("left", "right")]

        answers = both(
            *[
                pressing(client, f"/tasks/{task}/complete", seen=1, **ANSWER)
                for client, task in zip(browsers, steps, strict=True)
            ]
        )

        assert [one.status for one in answers] == [303, 303]
        assert task_at(ward, one, "met").done_at is None


def test_who_completes_while_the_dossier_is_withdrawn_is_first_or_reads_who_was(ward, both, browsers, names, dossiers):
    """After all other races: nothing is left of these dossiers."""
    for one in dossiers:
        task = task_at(ward, one, "timed").id
        withdraw = pressing(browsers[1], f"/dossiers/{reference_of(ward, one)}/withdraw", text="Nộp nhầm")

        done, withdrawn = both(pressing(browsers[0], f"/tasks/{task}/complete", seen=1, **ANSWER), withdraw)

        assert withdrawn.status == 303
        if done.status != 303:
            assert done.status == 409
            heard(done, names[1])
    with ward.sessions() as session:
        ended = session.scalars(select(Dossier.status).where(Dossier.id.in_(dossiers)))
        assert set(ended) == {"withdrawn"}
        assert [one.alarms for one in invariants.standings(session, ward.clock) if one.alarms] == []
