"""The process breaks in the middle of an act, or is killed: all of the act is there, or nothing of it.

What was acknowledged is never lost. What was not is done again under its old key, with one effect.
"""

import io
import os
import re
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import Engine, NullPool, event, func, select, text

from connectors.http import OutsideSilent
from connectors.relay import Relay
from connectors.storage.folder import FolderStore
from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.documents import files
from engine.documents.models import Component, DocumentFile, Slip
from engine.dossiers import invariants, tasks
from engine.dossiers.act import Act
from engine.dossiers.models import AnswerSet, Deadline, Dossier, Task, Wait
from engine.dossiers.service_steps import Question
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.notices.models import Notice
from engine.payments.models import CashEntry, Charge, Payment, Receipt
from tests.conftest import NOW
from tests.factories.desk import Ward
from tests.factories.faults import BIRTH, FAULTS, FOUND, PAPER
from tests.journeys.clerk import PDF

#: After the commit, when the answer is not yet out.
ANSWER = "commit.after_before_reply"


@pytest.fixture(scope="module")
def url(databases: Any) -> Iterator[str]:
    with databases.copy_of_province() as url:
        yield url


@pytest.fixture
def ward(url: str, clock: FrozenClock) -> Iterator[Ward]:
    """The ward in a database where transactions really commit."""
    engine = connect(url, poolclass=NullPool)
    yield ward_on(engine, clock)
    engine.dispose()


def ward_on(engine: Engine, clock: FrozenClock) -> Ward:
    sessions = session_factory(engine)
    return Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock)


def do(ward: Ward, name: str, key: uuid.UUID) -> None:
    with ward.act(ward.officer(FAULTS[name].by)) as uow:
        FAULTS[name].do(ward, uow, key)


class Broke(Exception):
    """The process came to its end here."""


def broke() -> None:
    raise Broke


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def listen(engine: Engine, heard: Callable[[str], None]) -> None:
    """Call `heard` behind every statement, and before the COMMIT."""

    class Heard(psycopg.Cursor[Any]):
        def execute(self, query: Any, *told: Any, **options: Any) -> Self:
            done = super().execute(query, *told, **options)
            heard(query)
            return done

        def executemany(self, query: Any, rows: Any, **options: Any) -> None:
            """It can break between any two rows of a batch too."""

            def told() -> Iterator[Any]:
                for number, row in enumerate(rows):
                    if number:
                        heard(query)
                    yield row

            super().executemany(query, told(), **options)
            heard(query)

    event.listen(engine, "connect", lambda driver, _: setattr(driver, "cursor_factory", Heard))
    event.listen(engine, "begin", lambda _: heard("BEGIN"))
    event.listen(engine, "commit", lambda _: heard("COMMIT"))


WRITES = re.compile("BEGIN|FOR UPDATE|INSERT|UPDATE|DELETE|pg_advisory|procrastinate|COMMIT")


class Victim:
    """A process that loads everything once, and forks one of itself for each act that it is to be killed in."""

    def __init__(self, url: str, clock: FrozenClock):
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._here, there = context.Pipe()
        self._process = context.Process(target=_obey, args=(url, clock.at, there))
        self._process.start()
        there.close()

    def was_killed(self, name: str, key: uuid.UUID, point: str) -> bool:
        """Do an act there; whether the process was killed at the point, before the act came to its end."""
        self._here.send((name, key, point))
        killed: bool = self._here.recv()
        return killed

    def end(self) -> None:
        self._here.close()
        self._process.join(60)


@pytest.fixture(scope="module")
def victim(url: str) -> Iterator[Victim]:
    from tests.conftest import NOW

    victim = Victim(url, FrozenClock(NOW))
    yield victim
    victim.end()


def _obey(url: str, at: Any, orders: Connection) -> None:
    warm = set()
    while True:
        try:
            name, key, point = orders.recv()
        except EOFError:
            return
        if name not in warm:  # what is loaded and compiled here, no child has to
            warm.add(name)
            with suppress(Broke):
                _act(url, FrozenClock(at), name, key, "COMMIT", broke)
        if (child := os.fork()) == 0:
            _act(url, FrozenClock(at), name, key, FAULTS[name].points.get(point, "^$"), die)
            if point == ANSWER:
                die()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        orders.send(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)


def _act(url: str, clock: FrozenClock, name: str, key: uuid.UUID, fatal: str, end: Callable[[], None]) -> None:
    """Do an act, and come to an end behind the first statement that is like this."""
    engine = connect(url, poolclass=NullPool)
    listen(engine, lambda statement: end() if re.search(fatal, statement, re.DOTALL) else None)
    try:
        do(ward_on(engine, clock), name, key)
    finally:
        engine.dispose()


def breaks(url: str, clock: FrozenClock, name: str, key: uuid.UUID, fatal: int) -> bool:
    """Do the act here and break behind one of the statements that write or lock; False when it has fewer and was done."""
    engine, heard = connect(url, poolclass=NullPool), 0

    def heard_of(statement: str) -> None:
        nonlocal heard
        heard += bool(WRITES.search(statement))
        if heard > fatal:
            broke()

    listen(engine, heard_of)
    try:
        do(ward_on(engine, clock), name, key)
    except Broke:
        return True
    finally:
        engine.dispose()
    return False


#: Everything that an act may leave behind.
ROWS = (
    Dossier, Task, Wait, AnswerSet, Deadline, Component, DocumentFile, Slip, Notice, Charge, Payment, Receipt, CashEntry, LedgerEvent,
)  # fmt: skip
JOBS = text("SELECT count(*) FROM procrastinate_jobs")


def everything(ward: Ward) -> tuple[Any, ...]:
    """How much there is of each, and where each dossier stands."""
    with ward.sessions() as session:
        rows = session.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in ROWS))).one()
        revisions = session.scalars(select(Dossier.revision).order_by(Dossier.id))
        return (*rows, session.scalar(JOBS), tuple(revisions))


@pytest.fixture(autouse=True)
def _all_is_well(ward: Ward) -> Iterator[None]:
    """Whatever broke, `motcua check` finds nothing, and no story is broken."""
    yield
    with ward.sessions() as session:
        assert [one.alarms for one in invariants.standings(session, ward.clock) if one.alarms] == []
        for dossier_id in session.scalars(select(Dossier.id)):
            assert first_break(history(session, dossier_id)) is None


@pytest.mark.parametrize("name", FAULTS)
def test_broken_anywhere_nothing_is_half_done_and_the_same_key_does_it_once(ward, url, name):
    FAULTS[name].ready(ward)
    key, before, statement = uuid.uuid4(), everything(ward), 0
    while breaks(url, ward.clock, name, key, statement):
        assert everything(ward) == before, f"broken at statement {statement}"
        statement += 1
    assert statement >= len(FAULTS[name].points)
    done = everything(ward)
    assert done != before

    do(ward, name, key)
    assert everything(ward) == done, "once more under the same key: nothing more"


@pytest.mark.parametrize("name", FAULTS)
def test_killed_before_the_commit_it_never_was_and_after_it_it_is_done(ward, victim, name):
    fault = FAULTS[name]
    fault.ready(ward)
    key, before = uuid.uuid4(), everything(ward)
    for point in fault.points:
        assert victim.was_killed(name, key, point), f"never came to {point}"
        assert everything(ward) == before, f"killed at {point}"

    assert victim.was_killed(name, key, ANSWER)
    done = everything(ward)
    assert done != before, "committed; the answer was lost on the way"
    assert not victim.was_killed(name, key, "never")
    assert everything(ward) == done, "so it is asked again, and told the same"


class Dying(io.BytesIO):
    """An upload during which the process is killed: it is measured in one reading, and stored in a second."""

    dies = False

    def seek(self, *where: int) -> int:
        self.dies = True
        return super().seek(*where)

    def read(self, size: int | None = -1) -> bytes:
        if self.dies and self.tell():
            die()
        return super().read(len(PDF) // 2 if self.dies else size)


def _store_half(folder: Path) -> None:
    files.receive(FolderStore(folder), Dying(PDF), name="giay.pdf", max_bytes=1_000, on=NOW.date())


class TestFiles:
    """Bytes come first, then the row: what dies between leaves bytes that nobody names, never a row without bytes."""

    def test_killed_while_bytes_are_written_nothing_lies_under_their_name(self, tmp_path):
        store, storing = FolderStore(tmp_path), get_context("forkserver").Process(target=_store_half, args=(tmp_path,))
        storing.start()
        storing.join()
        assert storing.exitcode == -signal.SIGKILL
        assert not (tmp_path / PAPER.sha256[:2] / PAPER.sha256).exists(), "half a file would be taken for the whole"

        assert files.receive(store, io.BytesIO(PDF), name="giay.pdf", max_bytes=1_000, on=NOW.date()) == PAPER
        with store.open(PAPER.sha256) as stored:
            assert stored.read() == PDF

    def test_broken_between_bytes_and_row_the_same_upload_is_one_file(self, ward, url, tmp_path):
        store, key = FolderStore(tmp_path), uuid.uuid4()
        files.receive(store, io.BytesIO(PDF), name="giay.pdf", max_bytes=1_000, on=NOW.date())
        with suppress(Broke):
            _act(url, ward.clock, "lodge", key, "COMMIT", broke)
        files.receive(store, io.BytesIO(PDF), name="giay.pdf", max_bytes=1_000, on=NOW.date())
        do(ward, "lodge", key)

        with ward.sessions() as session:
            made = session.scalars(select(Dossier.id).filter_by(lodging_key=key)).one()
            rows = session.scalars(select(DocumentFile).filter_by(dossier_id=made)).all()
        assert [one.sha256 for one in rows] == [PAPER.sha256]
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [PAPER.sha256]


class Population:
    """An outside system that keeps what it did under the key of the question."""

    def __init__(self) -> None:
        self.asked, self.done = 0, dict[uuid.UUID, Mapping[str, Any]]()
        #: What happens when it has done its part, before anybody hears of it.
        self.then: Callable[[], None] = lambda: None

    def ask(self, question: Question) -> Mapping[str, Any]:
        self.asked += 1
        self.done.setdefault(question.wait_id, FOUND)
        self.then()
        return self.done[question.wait_id]


def silent() -> None:
    raise OutsideSilent("cut off")


class TestOutside:
    """What the outside did stands, whatever became of us: it is asked again under the same key."""

    @pytest.fixture
    def wait_id(self, ward):
        FAULTS["answer"].ready(ward)
        with ward.sessions() as session:
            return session.scalars(select(Wait.id).filter_by(step_id="check_population").order_by(Wait.id.desc())).first()

    @pytest.mark.parametrize(
        ("point", "then", "meets"),
        [("outbox.sent_no_reply", silent, OutsideSilent), ("job.effect_done_not_recorded", broke, Broke)],
    )
    def test_asked_again_it_does_nothing_twice(self, ward, wait_id, point, then, meets):
        population = Population()
        relay = Relay(ward.act, {"population.lookup": population})
        population.then, before = then, everything(ward)
        with pytest.raises(meets):
            relay.carry("population.lookup", {"wait_id": str(wait_id)})
        assert everything(ward) == before

        population.then = lambda: None
        relay.carry("population.lookup", {"wait_id": str(wait_id)})
        assert (population.asked, len(population.done)) == (2, 1)
        self.answered_once(ward, wait_id)

    def test_what_is_recorded_is_not_asked_again_though_the_queue_never_heard(self, ward, wait_id):
        population = Population()
        for _ in range(2):
            Relay(ward.act, {"population.lookup": population}).carry("population.lookup", {"wait_id": str(wait_id)})

        assert population.asked == 1, "job.recorded"
        self.answered_once(ward, wait_id)

    def answered_once(self, ward, wait_id):
        with ward.sessions() as session:
            told = [one.type for one in history(session, session.get_one(Wait, wait_id).dossier_id)]
        assert told.count("service.answered") == 1


#: Where a process may break, and the test that stands for it. Nothing is anchored outside of the house, so no anchor can break.
POINTS = {
    **{point: "test_killed_before_the_commit_it_never_was_and_after_it_it_is_done" for one in FAULTS.values()
       for points in one.points for point in points.split(", ")},
    ANSWER: "test_killed_before_the_commit_it_never_was_and_after_it_it_is_done",
    "job.claimed": "test_a_scan_whose_worker_was_killed_is_read_again",
    "job.effect_done_not_recorded": "test_asked_again_it_does_nothing_twice",
    "job.recorded": "test_what_is_recorded_is_not_asked_again_though_the_queue_never_heard",
    "outbox.sent_no_reply": "test_asked_again_it_does_nothing_twice",
    "file.bytes_written": "test_broken_between_bytes_and_row_the_same_upload_is_one_file",
}  # fmt: skip
NAMED = """uow.begun case.locked engine.before_step engine.after_step case.written task.written timer.written audit.written head.written
    outbox.written idem.written commit.before commit.after_before_reply job.claimed job.before_effect job.effect_done_not_recorded
    job.recorded outbox.sent_no_reply inbox.verified inbox.inserted file.bytes_written file.row_written scan.done"""


def test_every_point_has_its_test():
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert [point for point in NAMED.split() if f"def {POINTS.get(point)}(" not in tests] == []


def _hold(url: str, at: Any, dossier_id: uuid.UUID, there: Connection) -> None:
    ward = ward_on(connect(url, poolclass=NullPool), FrozenClock(at))
    with ward.act() as uow:
        Act.on(uow, dossier_id)
        there.send("held")
        time.sleep(600)


def test_a_process_that_is_killed_with_a_dossier_in_its_hands_keeps_nobody_from_it(ward, url):
    lodged = ward.lodge(BIRTH)
    here, there = get_context("forkserver").Pipe()
    holder = get_context("forkserver").Process(target=_hold, args=(url, ward.clock.at, lodged.dossier_id, there))
    holder.start()
    assert here.recv() == "held"
    task, officer = ward.task(lodged), ward.officer("tiepnhan.hacthanh")
    holder.kill()
    killed_at = time.monotonic()
    with ward.act(officer) as uow:
        tasks.claim(uow, task.id, seen=task.revision)

    assert time.monotonic() - killed_at < 5
    holder.join()
