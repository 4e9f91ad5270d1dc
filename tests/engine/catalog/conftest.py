"""The catalogue of the tests: the names of all 2,642 published procedures, loaded once."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.uow import unit_of_work
from engine.catalog.national import import_file
from engine.catalog.publish import Deployed, deploy_all, publish

ROOT = Path(__file__).parents[3]
#: Of the frozen clock.
NOW = datetime(2026, 11, 23, 9, 40, tzinfo=VIETNAM)
#: Code, name, field, levels, applicants and results of every procedure of the national publication, July 2026.
NAMES = Path(__file__).parent / "data" / "procedures.jsonl.gz"


@pytest.fixture(scope="module")
def catalogue(databases: Any) -> Iterator[Session]:
    """A session on a database of its own that holds the whole catalogue."""
    with databases.copy() as url:
        engine = connect(url)
        factory = sessionmaker(engine, expire_on_commit=False)
        with unit_of_work(factory, SYSTEM, FrozenClock(None)) as uow:
            report = import_file(uow, NAMES)
        assert (report.created, report.refused) == (2642, [])
        with factory() as session:
            yield session
        engine.dispose()


@pytest.fixture(scope="session")
def stocked(databases: Any) -> Iterator[tuple[Engine, dict[str, Deployed]]]:
    """A database with every bundle of bpmn/, and what deploying them said."""
    with databases.copy() as url:
        engine = connect(url)
        with unit_of_work(sessionmaker(engine), SYSTEM, FrozenClock(NOW)) as uow:
            versions = deploy_all(uow, ROOT / "bpmn")
            for version in versions:
                publish(uow, version.version_id, effective_from=date(2026, 9, 1))
        yield engine, {version.code: version for version in versions}
        engine.dispose()


@pytest.fixture
def deployed(stocked: tuple[Engine, dict[str, Deployed]]) -> dict[str, Deployed]:
    """Every bundle of bpmn/, published since September 2026."""
    return stocked[1]


@pytest.fixture
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """As everywhere, but for a test that has all bundles: around it is their database."""
    stocked = "deployed" in request.fixturenames
    engine = request.getfixturevalue("stocked")[0] if stocked else request.getfixturevalue("engine")
    with engine.connect() as connection, connection.begin() as around:
        yield connection
        around.rollback()
