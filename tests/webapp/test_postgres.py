"""The embedded PostgreSQL: who starts it, who stops it, what a crash leaves."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.waiting import eventually
from webapp.postgres import NAME, ROOT, PostgresFailed, Server, database_url, made_once

#: Another process that uses the server until it is killed.
USER = """
import sys
from pathlib import Path
from webapp.postgres import Server
Server("postgres", root=Path(sys.argv[1])).start()
print("holds", flush=True)
sys.stdin.read()
"""


def used(root: Path) -> Iterator[Server]:
    server = Server("postgres", "fsync=off", root=root)
    yield server
    server.release()
    server.wait_until_stopped()


def remove(root: Path) -> None:
    shutil.rmtree(Server("postgres", root=root)._folder.parent)  # as root it lies not below tmp_path


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Path]:
    """One cluster for the tests that may share it: to make one takes a second."""
    root = tmp_path_factory.mktemp("place")
    yield root
    remove(root)


@pytest.fixture
def server(place: Path) -> Iterator[Server]:
    yield from used(place)


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Server]:
    yield from used(tmp_path)
    remove(tmp_path)


class TestPlace:
    def test_a_checkout_made_anew_in_an_old_ones_place_begins_anew(self, tmp_path: Path):
        before = Server("postgres", root=tmp_path)
        assert Server("postgres", root=tmp_path)._data == before._data

        shutil.rmtree(tmp_path / "var", ignore_errors=True)

        assert (Server("postgres", root=tmp_path)._data == before._data) == (os.geteuid() != 0)

    def test_what_is_made_once_is_the_same_for_all_who_ask_and_for_its_owner_alone(self, tmp_path: Path):
        file = tmp_path / "var" / "salt"
        with ThreadPoolExecutor(8) as many:
            assert len({*many.map(lambda _: made_once(file), range(8))}) == 1
        assert file.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in file.parent.iterdir()] == ["salt"]


class TestDatabaseUrl:
    def test_a_configured_server_is_taken_as_it_is(self):
        assert database_url({"DATABASE_URL": "postgresql://db/motcua"}) == "postgresql://db/motcua"


class TestServer:
    def test_it_starts_once_and_keeps_its_rows_over_a_restart(self, server: Server):
        url = server.start()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        server.release()
        assert server.wait_until_stopped()

        assert server.start() == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)

    def test_it_lives_as_long_as_somebody_uses_it_and_survives_nobody(self, server: Server, place: Path):
        server.start()
        command = [sys.executable, "-c", USER, str(place)]
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        assert other.stdout
        assert other.stdout.readline() == b"holds\n"
        server.release()
        assert not server.wait_until_stopped(0.3)
        assert server.runs()

        other.send_signal(signal.SIGKILL)
        other.communicate()

        assert eventually(lambda: not server.runs())

    def test_a_killed_server_starts_again(self, server: Server):
        url = server.start()
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT pg_backend_pid(), current_setting('data_directory')").fetchone()
        assert row
        postmaster = int((Path(row[1]) / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert eventually(lambda: not server.runs())

        assert server.start() == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (NAME,)

    def test_a_half_made_cluster_is_made_anew(self, new_server: Server):
        new_server._data.parent.mkdir(parents=True)
        half = new_server._data.with_name("data.new")
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")

        with psycopg.connect(new_server.start()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_a_refusal_to_start_tells_the_end_of_the_log(self, new_server: Server):
        new_server._settings = ("shared_buffers=nonsense",)
        with pytest.raises(PostgresFailed, match="shared_buffers"):
            new_server.start()

    def test_a_deep_checkout_still_gets_a_socket(self, new_server: Server):
        new_server._folder = new_server._folder.with_name("p" * 120)
        new_server._data = new_server._folder / "data"
        with psycopg.connect(new_server.start()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
