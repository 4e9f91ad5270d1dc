"""Real workers that are killed, and a database that is restarted: jobs are done all the same, with one effect."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import NullPool

from connectors import standin
from engine.base.actor import SYSTEM
from engine.base.clock import Clock, FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.ledger.read import history
from tests.factories.desk import Ward
from tests.waiting import eventually
from webapp.demo.walk import Policy
from webapp.postgres import ROOT


class Population:
    """The stand-in of the population database, which can be made to think for ever."""

    def __init__(self, clock: FrozenClock):
        self.asked, self.thinks, self.goes_on = 0, threading.Event(), threading.Event()
        self._server = standin.server(port=0, today=clock.today())
        population, handler = self, self._server.RequestHandlerClass

        class Slow(handler):  # type: ignore[valid-type,misc]
            def do_POST(self) -> None:  # noqa: N802  the library calls it so
                population.asked += 1
                population.thinks.set()
                population.goes_on.wait(60)
                super().do_POST()

        self._server.RequestHandlerClass = Slow
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/population"

    def close(self) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def population(clock: FrozenClock) -> Iterator[Population]:
    population = Population(clock)
    yield population
    population.close()


@pytest.fixture
def url(databases: Any) -> Iterator[str]:
    with databases.copy_of_province() as url:
        yield url


@pytest.fixture
def ward(url: str, clock: FrozenClock) -> Iterator[Ward]:
    engine = connect(url, poolclass=NullPool)
    sessions = session_factory(engine)
    # Real workers read the wall clock: what is lodged long before it has run out of time when they look.
    today = FrozenClock(max(clock.now(), Clock().now()))
    yield Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, today), sessions, today)
    engine.dispose()


@pytest.fixture
def worker(url: str, population: Population) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts one more worker; all are ended behind the test."""
    environment = {**os.environ, "DATABASE_URL": url, "MOTCUA_POPULATION_URL": population.address}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "webapp.cli", "worker"]
        started.append(subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_a_job_whose_worker_was_killed_is_done_by_another_with_one_effect(ward, population, worker):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_population",)))
    first = worker()
    assert population.thinks.wait(60)
    first.kill()
    first.wait()
    killed_at = time.monotonic()
    population.goes_on.set()
    worker()

    assert eventually(lambda: "check_population" not in ward.waits(lodged), 60)
    assert time.monotonic() - killed_at < 30
    assert population.asked == 2, "at least once"
    with ward.sessions() as session:
        told = [one.type for one in history(session, lodged.dossier_id)]
    assert told.count("service.answered") == 1, "one effect"
    assert ward.task(lodged).step_id == "verify_documents"
