"""The database goes away under load and comes back: pages say so and recover, nobody restarts anything."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from sqlalchemy import NullPool, select

from engine import migrations
from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.dossiers.models import Dossier
from engine.ledger.models import LedgerEvent
from tests.factories import province
from tests.factories.desk import example
from tests.journeys.clerk import cookie
from tests.waiting import eventually
from tests.webapp.test_bad_input import forms_flat
from tests.webapp.test_supervisor import free_port
from webapp import create_app
from webapp.config import Settings
from webapp.postgres import ROOT, PostgresFailed, Server
from webapp.wiring import build

CODE = "2.000908"
#: Seconds after the database is back.
PROMISED, WORKERS_PROMISE = 10, 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A database server of the test's own."""
    server = Server("postgres", root=tmp_path)
    yield server
    server.release()
    server.wait_until_stopped()
    shutil.rmtree(server._folder.parent, ignore_errors=True)


def test_a_crash_of_the_database_is_a_503_with_retry_after_and_is_over_when_it_is_back(
    server: Server, settings: Any, clock: FrozenClock
) -> None:
    url = server.start()
    migrations.upgrade(url)
    engine = connect(url, pool_size=4, max_overflow=4)
    app = create_app(build(settings, sessions=session_factory(engine), clock=clock))
    answers: list[tuple[float, int, str | None]] = []
    over = threading.Event()

    def citizen() -> None:
        client = app.test_client()
        while not over.is_set():
            answer = client.get("/procedures?q=khai+sinh")
            answers.append((time.monotonic(), answer.status_code, answer.headers.get("Retry-After")))
            time.sleep(0.02)

    people = [threading.Thread(target=citizen) for _ in range(4)]
    for one in people:
        one.start()

    def all_are_told(status: int, since: float) -> bool:
        """More than once each, whoever asks."""
        return sum(told == status for at, told, _ in [*answers] if at > since) > 4 * len(people)

    assert eventually(lambda: all_are_told(200, 0))
    server._run("pg_ctl", "stop", "-m", "immediate", "-D", str(server._data))
    down = time.monotonic()
    assert eventually(lambda: all_are_told(503, down))
    server.start()
    back = time.monotonic()
    assert eventually(lambda: all_are_told(200, back), PROMISED)
    settled = time.monotonic()
    assert eventually(lambda: all_are_told(200, settled + 1))
    over.set()
    for one in people:
        one.join()
    engine.dispose()

    statuses = Counter(status for _, status, _ in answers)
    assert set(statuses) == {200, 503}, "never a 500"
    assert all(retry == "5" for _, status, retry in answers if status == 503)
    assert any(status == 503 for at, status, _ in answers if down <= at <= back)
    recovered = min(at for at, status, _ in answers if status == 200 and at > back)
    assert recovered - back < PROMISED
    assert all(status == 200 for at, status, _ in answers if at > recovered + 1)


#: Officers at the counter, each of whom lodges and decides one dossier after the other.
CLERKS = 4
KEY = "made for this test"


@pytest.fixture
def web(server: Server, tmp_path: Path, clock: FrozenClock) -> Iterator[tuple[str, str]]:
    """Gunicorn on a province in the test's own database: its address, and the session of an officer."""
    url, port = server.start(), free_port()
    migrations.upgrade(url)
    engine = connect(url, poolclass=NullPool)
    sessions = session_factory(engine)
    with unit_of_work(sessions, SYSTEM, clock) as uow:
        province.build(uow)
    app = create_app(build(Settings(secret_key=KEY, password_salt=KEY, testing=True), sessions=sessions, clock=clock))
    session = cookie(app, "tiepnhan.hacthanh").get_cookie("session")
    engine.dispose()
    assert session
    settings = {"MOTCUA_SECRET_KEY": KEY, "MOTCUA_PASSWORD_SALT": KEY, "MOTCUA_BLOB_FOLDER": str(tmp_path / "blobs")}
    command = [sys.executable, "-m", "webapp.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **settings, "DATABASE_URL": url}, cwd=ROOT)
    yield f"http://127.0.0.1:{port}", session.value
    assert process.poll() is None, "nobody restarted the web, and it did not end"
    process.terminate()
    process.wait(60)


class Clerk(threading.Thread):
    """Sends each page until it is acknowledged, under its one key, as a browser does whose user presses again."""

    def __init__(self, web: tuple[str, str], page: dict[str, Any], over: threading.Event):
        super().__init__(daemon=True)
        self._address, self._session = web
        self._page, self._over = page, over
        #: When which status came.
        self.answers: list[tuple[float, int]] = []
        self.acknowledged: list[str] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._address, timeout=60, trust_env=False) as client:
            client.cookies.set("session", self._session, domain="127.0.0.1")
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(f"/counter/{CODE}").text)
            assert token
            while not self._over.is_set() and not self.wrong:
                self._lodge(client, {**self._page, "key": str(uuid.uuid4()), "csrf_token": token[1]})

    def _lodge(self, client: httpx.Client, page: dict[str, Any]) -> None:
        while True:
            answer = client.post(f"/counter/{CODE}", data=page)
            self.answers.append((time.monotonic(), answer.status_code))
            if answer.status_code == 303:
                self.acknowledged.append(page["key"])
                return
            if answer.status_code != 503 or answer.headers.get("Retry-After") != "5" or "Máy chủ đang bận" not in answer.text:
                self.wrong.append(f"{answer.status_code} {answer.text[:500]}")
                return
            time.sleep(0.2)


def test_killed_while_officers_work_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    server: Server, web: tuple[str, str]
) -> None:
    over = threading.Event()
    page = {**forms_flat(example(CODE)["answers"]), "decision": "refuse", "refusal_ground": "wrong_subject", "reason": "Không thuộc phạm vi"}
    clerks = [Clerk(web, page, over) for _ in range(CLERKS)]
    assert eventually(lambda: answers(web[0]), 120)
    for one in clerks:
        one.start()
    assert eventually(lambda: all(one.acknowledged or one.wrong for one in clerks), 120)
    assert not [one.wrong for one in clerks if one.wrong]
    postmaster = int((server._data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    killed = time.monotonic()
    assert eventually(lambda: all(one.answers[-1][1] == 503 for one in clerks), 60)
    assert eventually(lambda: psutil.pid_exists(postmaster) is False and started(server), 60)
    back = time.monotonic()
    assert eventually(lambda: all(one.answers[-1] > (back, 303) for one in clerks), 60)
    over.set()
    for one in clerks:
        one.join()

    assert [one.wrong for one in clerks if one.wrong] == []
    recovered = [min(at for at, status in one.answers if status == 303 and at > back) for one in clerks]
    assert max(recovered) - back < PROMISED
    assert killed < back
    engine = connect(server.url(), poolclass=NullPool)
    with session_factory(engine)() as session:
        lodged = dict(session.execute(select(Dossier.lodging_key, Dossier.status)).all())
        stories = Counter(session.scalars(select(LedgerEvent.type).where(LedgerEvent.type.in_(("dossier.lodged", "task.completed")))))
    engine.dispose()
    acknowledged = [uuid.UUID(key) for one in clerks for key in one.acknowledged]
    assert lodged == dict.fromkeys(acknowledged, "not_accepted")
    assert stories == {"dossier.lodged": len(acknowledged), "task.completed": len(acknowledged)}


def answers(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    return False


def started(server: Server) -> bool:
    """A killed server's memory is in use until the last of its processes has noticed."""
    with suppress(PostgresFailed):
        server.start()
        return True
    return False


def test_a_worker_outlives_a_crash_of_the_database_and_goes_on_where_it_stood(server: Server, tmp_path: Path) -> None:
    url = server.start()
    migrations.upgrade(url)
    settings = {"MOTCUA_SECRET_KEY": KEY, "MOTCUA_PASSWORD_SALT": KEY, "MOTCUA_BLOB_FOLDER": str(tmp_path / "blobs")}
    command = [sys.executable, "-m", "webapp.cli", "worker"]
    log = tmp_path / "worker.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **settings, "DATABASE_URL": url}, cwd=ROOT, stdout=out, stderr=out)

    def heartbeats() -> list[Any]:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            return connection.execute("SELECT id, last_heartbeat FROM procrastinate_workers").fetchall()
        return []

    try:
        assert eventually(heartbeats)
        before = set(heartbeats())
        server._run("pg_ctl", "stop", "-m", "immediate", "-D", str(server._data))
        assert eventually(lambda: "worker waits for the database" in log.read_text(encoding="utf-8"))
        server.start()

        assert eventually(lambda: set(heartbeats()) - before, WORKERS_PROMISE)
        assert process.poll() is None, "nobody restarted the worker, and it did not end"
    finally:
        process.terminate()
        process.wait(60)
