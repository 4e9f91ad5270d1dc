"""The process is killed in the middle of an act, at each of its statements: all of the act is there, or nothing of it.

What was acknowledged is never lost. What was not is done again under its old key, with one effect.
"""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, event, func, select

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect, session_factory
from engine.base.uow import UnitOfWork, unit_of_work
from engine.dossiers import intake, invariants, tasks
from engine.dossiers.models import AnswerSet, Dossier, Task
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from tests.factories.desk import Ward
from webapp.demo.walk import Policy

CODE = "2.000908"
REFUSE = {"reception_outcome": "refuse", "refusal_ground": "wrong_subject", "refusal_text": "Không thuộc phạm vi."}
#: Where a process is killed: when all is written, and after the commit, when the answer is not yet out.
COMMIT, ANSWER = "commit", "answer"


@pytest.fixture(scope="module")
def url(databases: Any) -> Iterator[str]:
    with databases.copy_of_province() as url:
        yield url


@pytest.fixture
def ward(url: str, clock: FrozenClock) -> Iterator[Ward]:
    """The ward in a database where transactions really commit."""
    engine = connect(url, poolclass=NullPool, pool_pre_ping=False)
    yield ward_on(engine, clock)
    engine.dispose()


def ward_on(engine: Engine, clock: FrozenClock) -> Ward:
    sessions = session_factory(engine)
    return Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)


def lodge(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    intake.lodge(uow, ward.lodging(CODE, key=key))


def complete(ward: Ward, uow: UnitOfWork, key: uuid.UUID) -> None:
    task = uow.session.scalars(select(Task).filter_by(step_id="check_dossier").order_by(Task.id.desc())).first()
    assert task is not None
    tasks.complete(uow, task.id, REFUSE, seen=1, key=key)


ACTS: dict[str, Callable[[Ward, UnitOfWork, uuid.UUID], None]] = {"lodge": lodge, "complete": complete}


def do(ward: Ward, act: str, key: uuid.UUID) -> None:
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        ACTS[act](ward, uow, key)


class Broke(Exception):
    """The process came to its end here."""


def child(url: str, clock: FrozenClock, act: str, key: uuid.UUID, fatal: str) -> None:
    """A process of its own: does the act and is killed where it is told to."""
    engine = connect(url, poolclass=NullPool, pool_pre_ping=False)

    def die(at: str) -> None:
        if at == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "commit", lambda _: die(COMMIT))
    do(ward_on(engine, clock), act, key)
    die(ANSWER)


def killed(url: str, clock: FrozenClock, act: str, key: uuid.UUID, fatal: str) -> bool:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=child, args=(url, FrozenClock(clock.at), act, key, fatal))
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def breaks(url: str, clock: FrozenClock, act: str, key: uuid.UUID, fatal: int) -> bool:
    """Do the act here and break at one of its statements; False when it has fewer and was done."""
    engine, heard = connect(url, poolclass=NullPool, pool_pre_ping=False), 0

    @event.listens_for(engine, "before_cursor_execute")
    def statement(*_: Any) -> None:
        nonlocal heard
        heard += 1
        if heard > fatal:
            raise Broke

    try:
        do(ward_on(engine, clock), act, key)
    except Broke:
        return True
    finally:
        engine.dispose()
    return False


def everything(ward: Ward) -> tuple[Any, ...]:
    """What an act leaves behind."""
    with ward.sessions() as session:
        assert [one.alarms for one in invariants.standings(session, ward.clock) if one.alarms] == []
        for dossier_id in session.scalars(select(Dossier.id)):
            assert first_break(history(session, dossier_id)) is None
        rows = [session.scalar(select(func.count()).select_from(one)) for one in (Dossier, Task, AnswerSet, LedgerEvent)]
        return (*rows, tuple(session.scalars(select(Dossier.revision).order_by(Dossier.id))))


@pytest.mark.parametrize("act", ACTS)
def test_broken_anywhere_nothing_is_half_done_and_the_same_key_does_it_once(ward, url, act):
    if act == "complete":
        ward.walk(ward.lodge(CODE), Policy(rest_at=("check_dossier",)))
    key, before, statement = uuid.uuid4(), everything(ward), 0
    while breaks(url, ward.clock, act, key, statement):
        assert everything(ward) == before, f"broken at statement {statement}"
        statement += 1
    assert statement > 8
    done = everything(ward)
    assert done != before

    assert not killed(url, ward.clock, act, key, "never")
    assert everything(ward) == done, "once more under the same key: nothing more"


@pytest.mark.parametrize("act", ACTS)
def test_killed_before_the_commit_it_never_was_and_after_it_it_is_done(ward, url, act):
    if act == "complete":
        ward.walk(ward.lodge(CODE), Policy(rest_at=("check_dossier",)))
    key, before = uuid.uuid4(), everything(ward)
    assert killed(url, ward.clock, act, key, COMMIT)
    assert everything(ward) == before

    assert killed(url, ward.clock, act, key, ANSWER)
    done = everything(ward)
    assert done != before, "committed; the answer was lost on the way"
    assert not killed(url, ward.clock, act, key, "never")
    assert everything(ward) == done, "so it is asked again, and told the same"
