"""The database goes away under load and comes back: pages say so and recover, nobody restarts anything."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import migrations
from engine.base.clock import FrozenClock
from engine.base.db import connect, session_factory
from webapp import create_app
from webapp.postgres import Server
from webapp.wiring import build

#: Seconds after the database is back.
PROMISED = 10


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
    time.sleep(1)
    server._run("pg_ctl", "stop", "-m", "immediate", "-D", str(server._data))
    down = time.monotonic()
    time.sleep(1)
    server.start()
    back = time.monotonic()
    time.sleep(3)
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
