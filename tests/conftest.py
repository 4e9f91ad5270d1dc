"""Every test runs on a real PostgreSQL: the embedded one, or the server that DATABASE_URL names.

The schema is built from the migrations once, into a template that stays until a migration changes.
A test process works in a copy of it; a test's transaction is rolled back at its end. Tests that need
commits of their own (races, browsers, jobs) ask for a `fresh_database`.
"""

import hashlib
import os
import re
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from limits.storage import memory
from psycopg import sql
from sqlalchemy import Connection, Engine, NullPool
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from engine import migrations
from engine.base.actor import SYSTEM, Actor
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.sessions import WritingSession
from engine.base.uow import UnitOfWork, unit_of_work
from tests.factories.standing import keep_prepared
from webapp.limits import limiter
from webapp.postgres import Server

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories.desk import Ward
    from webapp.config import Settings

#: A Monday morning in working hours.
NOW = datetime(2026, 11, 23, 9, 40, tzinfo=VIETNAM)
#: Test runs of one server agree on this lock before they make or drop what they share; on the other one while they
#: build the province, so that whoever needs none goes on.
_SHARED, _PROVINCE = 20261123, 20261124
#: A crash may lose a test's rows: speed is worth more here.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="keep the papers as they are printed now")


def pytest_collection_finish() -> None:
    """As the processes of the web do: nobody looks for garbage among what was imported and collected."""
    from webapp.wiring import settle_in

    settle_in()


class Databases:
    """Makes databases on the server of the tests, and takes away what killed runs left behind."""

    def __init__(self) -> None:
        self.server = os.environ.get("DATABASE_URL") or Server("postgres-test", *_FAST).start()
        #: All databases of this process begin so; the main one is held open as a sign of life.
        self.prefix = f"test_{uuid.uuid4().hex[:12]}"
        with self.alone() as connection:
            self._sweep(connection)
            self.template = self._template(connection)
            self.main = self._copy(connection, self.prefix)
            self._alive = psycopg.connect(self.url(self.main))

    def url(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def alone(self, at: int = _SHARED) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [at])
            yield connection

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a new database with the schema and nothing else, gone afterwards."""
        with self.alone() as connection:
            name = self._copy(connection, f"{self.prefix}_{uuid.uuid4().hex[:6]}")
        yield self.url(name)
        with self.alone() as connection:
            self._drop(connection, name)

    @contextmanager
    def copy_of_province(self) -> Iterator[str]:
        """As `copy`, with the province of the tests in it; built once for all processes, and kept."""
        with self.alone(_PROVINCE) as connection:
            source = self._province(connection)
            name = self._copy(connection, f"{self.prefix}_{uuid.uuid4().hex[:6]}", source)
        yield self.url(name)
        with self.alone() as connection:
            self._drop(connection, name)

    def close(self) -> None:
        self._alive.close()
        with self.alone() as connection:
            self._drop(connection, self.main)

    def _template(self, connection: psycopg.Connection[Any]) -> str:
        name = f"template_{_digest(Path(migrations.__file__).parent)}"
        return self._kept(connection, name, "template0", migrations.upgrade)

    def _province(self, connection: psycopg.Connection[Any]) -> str:
        """The template with offices, officers and our bundles in force; new when any of what makes it is."""
        from tests.factories import province

        def build(url: str) -> None:
            engine = connect(url, poolclass=NullPool)
            with unit_of_work(sessionmaker(engine), SYSTEM, FrozenClock(NOW)) as uow:
                province.build(uow)

        rooms = (province.ROOT / room for room in ("bpmn", "forms", "engine", "feel"))
        return self._kept(connection, f"province_{_digest(*rooms, Path(province.__file__))}", self.template, build)

    def _kept(
        self, connection: psycopg.Connection[Any], name: str, source: str, build: Callable[[str], None]
    ) -> str:
        """Built under another name and renamed when whole, so that nobody copies half of it."""
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            half = self._copy(connection, f"{self.prefix}_half", source)
            build(self.url(half))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(half), sql.Identifier(name)))
            # The last few stay, for a run that began before the newest one was made.
            alike = f"^{name.partition('_')[0]}_[0-9a-f]{{16}}$"
            old = "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC OFFSET 3"
            for (template,) in connection.execute(old, [alike]).fetchall():
                self._drop(connection, template)
        return name

    def _copy(self, connection: psycopg.Connection[Any], name: str, source: str | None = None) -> str:
        # FILE_COPY is the faster way on a server that need not survive a crash.
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(source or self.template)))
        return name

    def _drop(self, connection: psycopg.Connection[Any], name: str) -> None:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _sweep(self, connection: psycopg.Connection[Any]) -> None:
        rows = connection.execute("SELECT datname FROM pg_stat_activity WHERE datname LIKE 'test\\_%'")
        alive = {name[:17] for (name,) in rows}
        there = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'").fetchall()
        for (name,) in there:
            if name[:17] not in alive and re.fullmatch(r"test_[0-9a-f]{12}(_\w+)?", name):
                self._drop(connection, name)


def _digest(*places: Path) -> str:
    """Changes with any file below these folders that somebody wrote."""
    kinds = {".py", ".js", ".json", ".bpmn", ".dmn", ".html"}
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
    content = (path.read_bytes() for path in sorted(files) if path.suffix in kinds)
    return hashlib.sha256(b"".join(content)).hexdigest()[:16]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    databases = Databases()
    yield databases
    databases.close()


@pytest.fixture(scope="session", autouse=True)
def _rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Our diagrams are walked at random once in a run, not once in each of its processes."""
    from engine.catalog.lint import proof
    from tests.factories.rehearsed import Rehearsed

    of_process = tmp_path_factory.getbasetemp()
    folder = (of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process) / "rehearsed"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "_walked", Rehearsed(folder))
        yield


@pytest.fixture(scope="session")
def engine(databases: Databases) -> Iterator[Engine]:
    """Connects to this process's database, under the application's role."""
    engine = keep_prepared(connect(databases.url(databases.main)))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction around the whole test; nothing of it remains."""
    with engine.connect() as connection, connection.begin() as around:
        yield connection
        around.rollback()


@pytest.fixture
def session_factory(connection: Connection) -> sessionmaker[Session]:
    """Its commits end a savepoint only, so that commands run as they are and the test leaves no trace."""
    return sessionmaker(
        connection, class_=WritingSession, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """For a test's own rows and queries; flush before a command is to see them."""
    with session_factory() as session:
        yield session


@pytest.fixture
def clock() -> FrozenClock:
    """Mon 23 Nov 2026, 09:40 in Vietnam, until a test sets `clock.at`."""
    return FrozenClock(NOW)


@pytest.fixture
def unit(
    session_factory: sessionmaker[Session], clock: FrozenClock
) -> Callable[[Actor], AbstractContextManager[UnitOfWork]]:
    """One command in one transaction, as the web opens it; SYSTEM acts unless somebody is named."""

    def begin(actor: Actor = SYSTEM) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(session_factory, actor, clock)

    return begin


@pytest.fixture
def fresh_database(databases: Databases) -> Iterator[str]:
    """The URL of an empty database with the schema, for tests that really commit."""
    with databases.copy() as url:
        yield url


@pytest.fixture
def fresh_engine(fresh_database: str) -> Iterator[Engine]:
    """As `engine`, on the fresh database; each use is a connection of its own."""
    engine = connect(fresh_database, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails, also by mail."""
    real = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        at_home = self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        assert at_home, f"a test may not talk to {address}: answer it with a fake at the port"
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(scope="session")
def province_engine(databases: Databases) -> Iterator[Engine]:
    """A database that holds the province of the tests: offices, officers, our bundles in force."""
    with databases.copy_of_province() as url:
        engine = keep_prepared(connect(url))
        yield engine
        engine.dispose()


@pytest.fixture
def province_sessions(province_engine: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions on the province; nothing of the test remains."""
    with province_engine.connect() as connection, connection.begin() as around:
        yield sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        around.rollback()


@pytest.fixture
def act(
    province_sessions: sessionmaker[Session], clock: FrozenClock
) -> Callable[[Actor], AbstractContextManager[UnitOfWork]]:
    """As `unit`, on the database of the province."""

    def begin(actor: Actor = SYSTEM) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(province_sessions, actor, clock)

    return begin


@pytest.fixture
def ward(
    act: Callable[[Actor], AbstractContextManager[UnitOfWork]], province_sessions: sessionmaker[Session], clock: FrozenClock
) -> "Ward":
    """Hạc Thành ward at work: lodges dossiers, walks them, tells what became of them."""
    from tests.factories.desk import Ward

    return Ward(act, province_sessions, clock)


@pytest.fixture(scope="session")
def stand_in() -> Iterator[str]:
    """The address of the outside systems: the product's own stand-in, a real HTTP server."""
    from connectors import standin

    server = standin.server(port=0, today=NOW.date())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def settings(stand_in: str, tmp_path_factory: pytest.TempPathFactory) -> "Settings":
    """An installation of the tests: everything outside is the stand-in, an upload has 1 MB at most."""
    from webapp.config import Settings

    return Settings(
        secret_key="not a secret",
        password_salt="nor this",
        blob_folder=tmp_path_factory.mktemp("blobs"),
        scan_folder=tmp_path_factory.mktemp("scans"),
        upload_mb=1,
        population_url=f"{stand_in}/population",
        civil_status_url=f"{stand_in}/civil-status",
        portal_url=f"{stand_in}/portal",
        social_url=f"{stand_in}/social",
        land_url=f"{stand_in}/land",
        business_url=f"{stand_in}/business",
        residence_url=f"{stand_in}/residence",
        driving_url=f"{stand_in}/driving",
        food_url=f"{stand_in}/food",
        insurance_url=f"{stand_in}/insurance",
        home_affairs_url=f"{stand_in}/home-affairs",
        testing=True,
    )


@pytest.fixture(scope="session")
def app_of_process(settings: "Settings") -> "tuple[Flask, sessionmaker[Session]]":
    """Made once; with the sessions in which it looks up who is logged in. A test points both at its transaction."""
    from webapp import create_app
    from webapp.wiring import build

    sessions: sessionmaker[Session] = sessionmaker()
    return create_app(build(settings, sessions=sessions)), sessions


@pytest.fixture
def app(
    app_of_process: "tuple[Flask, sessionmaker[Session]]",
    province_sessions: sessionmaker[Session],
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> "Flask":
    """The application on the province of the tests, under the frozen clock; nothing of the test remains."""
    app, logins = app_of_process
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: clock.now().timestamp()))
    limiter.reset()
    # This session outlives the command of its request: with a savepoint of its own it would undo the command.
    logins.configure(**province_sessions.kw | {"join_transaction_mode": "rollback_only"})
    app.extensions["house"] = replace(app.extensions["house"], sessions=province_sessions, clock=clock)
    return app
