"""Two officers press at the same moment, each in a browser of their own: one goes on, the other reads who was first.

Never a server error. The engine's own races are in `tests/engine/dossiers/test_races.py`; `make races` runs more of both.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.dossiers import invariants
from engine.dossiers.models import Dossier
from tests.conftest import NOW
from tests.factories import races
from tests.factories.desk import Ward
from tests.factories.races import ANSWER, FIRST, RACES, SECOND, Pair, task_at
from tests.journeys.clerk import cookie
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


def pressing(client: Client, address: str, **fields: Any) -> Callable[[], TestResponse]:
    return lambda: client.post(address, data={"key": uuid.uuid4(), **fields})


@pytest.mark.parametrize(("step", "act", "fields"), [("claimed", "claim", {}), ("twice", "complete", ANSWER)])
def test_of_two_who_press_the_same_button_one_goes_on_and_the_other_reads_who_was_first(
    ward, both, browsers, names, dossiers, step, act, fields
):
    for one in dossiers:
        address = f"/tasks/{task_at(ward, one, step).id}/{act}"

        answers = both(*[pressing(client, address, seen=1, **fields) for client in browsers])

        assert sorted(one.status_code for one in answers) == [303, 409], [one.text for one in answers]
        winner = [one.status_code for one in answers].index(303)
        said = answers[1 - winner].text
        assert names[winner] in said
        assert "09:40" in said


def test_two_who_finish_branches_that_meet_both_go_on_and_the_join_is_there(ward, both, browsers, dossiers):
    for one in dossiers:
        steps = [task_at(ward, one, step).id for step in ("left", "right")]

        answers = both(
            *[
                pressing(client, f"/tasks/{task}/complete", seen=1, **ANSWER)
                for client, task in zip(browsers, steps, strict=True)
            ]
        )

        assert [one.status_code for one in answers] == [303, 303]
        assert task_at(ward, one, "met").done_at is None


def test_who_completes_while_the_dossier_is_withdrawn_is_first_or_reads_who_was(ward, both, browsers, names, dossiers):
    """After all other races: nothing is left of these dossiers."""
    for one in dossiers:
        task = task_at(ward, one, "timed").id
        with ward.sessions() as session:
            reference = session.get_one(Dossier, one).reference
        withdraw = pressing(browsers[1], f"/dossiers/{reference}/withdraw", text="Nộp nhầm")

        done, withdrawn = both(pressing(browsers[0], f"/tasks/{task}/complete", seen=1, **ANSWER), withdraw)

        assert withdrawn.status_code == 303
        if done.status_code != 303:
            assert done.status_code == 409
            assert names[1] in done.text
    with ward.sessions() as session:
        ended = session.scalars(select(Dossier.status).where(Dossier.id.in_(dossiers)))
        assert set(ended) == {"withdrawn"}
        assert [one.alarms for one in invariants.standings(session, ward.clock) if one.alarms] == []
