from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from engine.base.clock import FrozenClock
from tests.journeys.clerk import Town, cookie


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
