from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import Client

from engine.base.actor import Actor
from engine.base.clock import FrozenClock
from engine.base.uow import UnitOfWork
from tests.journeys.clerk import Town, cookie
from webapp import filters
from webapp.wiring import House


@pytest.fixture
def session(province_sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Pages are tried on the province of the tests."""
    with province_sessions() as session:
        yield session


@pytest.fixture
def unit(
    act: Callable[[Actor], AbstractContextManager[UnitOfWork]],
) -> Callable[[Actor], AbstractContextManager[UnitOfWork]]:
    return act


@pytest.fixture
def house(app: Flask) -> House:
    """What the application of the tests was wired with."""
    wired: House = app.extensions["house"]
    return wired


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser of somebody who is not logged in."""
    return app.test_client()


@pytest.fixture
def login(app: Flask) -> Callable[[str], Client]:
    """A browser of an officer: `login("chuyenvien.hacthanh")`."""
    return lambda username: cookie(app, username)


@pytest.fixture
def town(app: Flask, clock: FrozenClock) -> Town:
    """Offices at work, for tests that need a dossier somewhere on its way."""
    return Town(app, clock)


@pytest.fixture
def on_an_english_page() -> Iterator[None]:
    """Somebody reads English while a paper is printed."""
    app = Flask("webapp")
    Babel(app, default_locale="en")
    filters.init_app(app)
    with app.test_request_context():
        yield
