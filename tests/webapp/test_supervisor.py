"""All parts under one roof: they come up together and go down together, however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.waiting import eventually
from webapp.postgres import ROOT

RUN = """
import sys
from webapp import supervisor
sys.exit(supervisor.run_all("127.0.0.1", int(sys.argv[1]), prepare=lambda url: None, welcome=lambda: "  chu/mat-khau"))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running(fresh_database: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The supervisor with its parts up; what is left of it is ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(port)],
        env={**os.environ, "DATABASE_URL": fresh_database, "PYTHONUNBUFFERED": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("".join(said))
    process.said = "".join(said)  # type: ignore[attr-defined]
    parts = psutil.Process(process.pid).children(recursive=True)
    yield process
    process.kill()
    for part in parts:
        if part.is_running():
            part.kill()
    process.communicate()


def parts_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(parts: list[psutil.Process]) -> bool:
    return all(not part.is_running() or part.status() == psutil.STATUS_ZOMBIE for part in parts)


def test_it_says_where_it_is_and_ctrl_c_ends_it_all(running, port):
    assert f"http://127.0.0.1:{port}" in running.said
    assert "chu/mat-khau" in running.said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=30) as page:
        assert page.status == 200
    parts = parts_of(running)
    assert len(parts) >= 4, "gunicorn with its workers, the jobs, the stand-in"

    running.send_signal(signal.SIGINT)

    assert running.wait(40) == 0
    assert gone(parts)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_killed_it_takes_its_parts_with_it(running):
    parts = parts_of(running)

    running.kill()

    assert eventually(lambda: gone(parts)), [part for part in parts if part.is_running()]


def test_a_part_that_dies_ends_the_others_and_is_named(running):
    parts = parts_of(running)
    worker = next(part for part in parts if part.cmdline()[-1] == "worker")

    worker.kill()

    assert eventually(lambda: gone(parts))
    rest, _ = running.communicate(timeout=40)
    assert re.search(r"worker \d ended with", rest)
    assert running.returncode == 1


def test_a_taken_port_is_refused_before_anything_starts(fresh_database):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(port)],
            env={**os.environ, "DATABASE_URL": fresh_database},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert f"127.0.0.1:{port}" in done.stderr
