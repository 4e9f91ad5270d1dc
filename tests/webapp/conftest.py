"""The application on the province of the tests: built once for a test process, rolled back after each test."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.uow import unit_of_work
from engine.org.models import Account
from tests.factories import province
from webapp import create_app
from webapp.config import Settings
from webapp.wiring import House, build

#: Before any dossier of a test.
FOUNDED = datetime(2026, 1, 2, 8, tzinfo=VIETNAM)


@pytest.fixture(scope="session")
def engine(databases: Any) -> Iterator[Engine]:
    """In place of the empty database: one with offices, officers and every bundle of ours in force."""
    with databases.copy() as url:
        engine = connect(url, pool_pre_ping=False)
        with unit_of_work(sessionmaker(engine), SYSTEM, FrozenClock(FOUNDED)) as uow:
            province.build(uow)
        yield engine
        engine.dispose()


@pytest.fixture
def house(session_factory: sessionmaker[Session], clock: FrozenClock, tmp_path: Path) -> House:
    settings = Settings(
        secret_key="of the tests", password_salt="of the tests", blob_folder=tmp_path, testing=True
    )
    return build(settings, sessions=session_factory, clock=clock)


@pytest.fixture
def app(house: House) -> Flask:
    app = create_app(house)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of somebody who is not logged in."""
    return app.test_client()


@pytest.fixture
def as_officer(app: Flask, session: Session) -> Callable[[str], FlaskClient]:
    """A browser in which this officer is logged in, without the detour of the login page."""

    def log_in(username: str) -> FlaskClient:
        account = session.scalars(select(Account).filter_by(username=username)).one()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = account.fs_uniquifier, True
        return client

    return log_in
