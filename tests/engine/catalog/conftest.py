"""The catalogue of the tests: the names of all 2,642 published procedures, loaded once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.uow import UnitOfWork, unit_of_work
from engine.catalog.national import import_file
from engine.catalog.publish import Deployed, deploy_all, publish

ROOT = Path(__file__).parents[3]
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


@pytest.fixture
def deployed(unit: Callable[..., AbstractContextManager[UnitOfWork]]) -> dict[str, Deployed]:
    """Every bundle of bpmn/, published since September 2026."""
    with unit() as uow:
        versions = deploy_all(uow, ROOT / "bpmn")
        for version in versions:
            publish(uow, version.version_id, effective_from=date(2026, 9, 1))
    return {version.code: version for version in versions}
