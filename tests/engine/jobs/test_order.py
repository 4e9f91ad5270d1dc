"""Jobs of one dossier run one after another, in the order in which they were sent; dossiers do not wait for one another."""

import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, text

from connectors.http import OutsideSilent
from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.queue import send
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.jobs.app import create_app

ONE, OTHER = uuid.uuid4(), uuid.uuid4()
JOBS = 3


class Outside:
    """Notes who is asked when, and is silent to some."""

    def __init__(self, *silent_to: tuple[str, int]):
        self.ran: dict[str, list[int]] = defaultdict(list)
        self.at_once: Counter[str] = Counter()
        self.overlaps = 0
        self._silent_to, self._lock = silent_to, threading.Lock()

    def said_all(self) -> bool:
        return bool(self._silent_to) or len(self.ran[str(ONE)]) == JOBS

    def relay(self, topic: str, payload: Mapping[str, Any], *, last: bool) -> None:
        dossier = payload["dossier"]
        with self._lock:
            self.at_once[dossier] += 1
            self.overlaps += self.at_once[dossier] > 1
            self.ran[dossier].append(payload["number"])
        time.sleep(0.05)
        with self._lock:
            self.at_once[dossier] -= 1
        if (dossier, payload["number"]) in self._silent_to:
            raise OutsideSilent


@pytest.fixture
def work(fresh_database: str, fresh_engine: Engine, clock: FrozenClock):
    """Send jobs of two dossiers in turn, and let two workers of four hands each do what can be done."""

    def work(outside: Outside) -> dict[str, list[int]]:
        with unit_of_work(session_factory(fresh_engine), SYSTEM, clock) as uow:
            for number in range(JOBS):
                for dossier in (ONE, OTHER):
                    send(uow, "test.ask", {"dossier": str(dossier), "number": number}, dossier_id=dossier)
        # A worker that is told not to wait goes home when the one job that is left is held up by another's.
        for _ in range(2 * JOBS):
            if len(outside.ran[str(OTHER)]) == JOBS and outside.said_all():
                break
            workers = [threading.Thread(target=_run, args=(fresh_database, outside)) for _ in range(2)]
            for one in workers:
                one.start()
            for one in workers:
                one.join()
        return outside.ran

    return work


def _run(url: str, outside: Outside) -> None:
    app = create_app(url, relay=outside.relay, read_scan=outside.relay)
    with app.open():
        app.run_worker(wait=False, concurrency=4, install_signal_handlers=False, listen_notify=False)


def test_they_run_in_order_and_never_two_at_once(work):
    outside = Outside()

    assert work(outside) == {str(dossier): [0, 1, 2] for dossier in (ONE, OTHER)}
    assert outside.overlaps == 0


def test_one_that_is_to_be_tried_again_holds_up_those_behind_it_and_no_other_dossier(work):
    ran = work(Outside((str(ONE), 0)))

    assert ran[str(OTHER)] == [0, 1, 2]
    assert set(ran[str(ONE)]) == {0}, "tried once more at once, then later"


def test_a_round_whose_worker_was_killed_is_not_done_again(fresh_database: str, fresh_engine: Engine):
    app = create_app(fresh_database, relay=Outside().relay, read_scan=Outside().relay)
    with app.open():
        app.tasks["retry_stalled"].defer(timestamp=0)
        with fresh_engine.begin() as connection:
            dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
            worker = connection.scalar(text(dead))
            connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id"), {"id": worker})
        app.tasks["retry_stalled"].defer(timestamp=1)
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")

    with fresh_engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_a_scan_whose_worker_was_killed_is_read_again(fresh_database: str, fresh_engine: Engine):
    read: list[str] = []
    app = create_app(fresh_database, relay=Outside().relay, read_scan=lambda one, last: read.append(one))
    with app.open():
        app.tasks["read_scan"].configure(lock="read_scan").defer(file_id="one")
        with fresh_engine.begin() as connection:
            dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
            worker = connection.scalar(text(dead))
            connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id"), {"id": worker})
        app.tasks["retry_stalled"].defer(timestamp=1)
        for _ in range(2):
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")

    assert read == ["one"]


def test_a_scan_that_cannot_be_read_is_read_four_times_as_the_docs_say(fresh_database: str, fresh_engine: Engine):
    tries: list[bool] = []

    def read(one: str, *, last: bool) -> None:
        tries.append(last)
        if not last:
            raise OutsideSilent

    app = create_app(fresh_database, relay=Outside().relay, read_scan=read)
    with app.open():
        app.tasks["read_scan"].configure(queue="scans").defer(file_id="one")
        for _ in range(6):
            with fresh_engine.begin() as connection:
                connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    assert tries == [False, False, False, True]
