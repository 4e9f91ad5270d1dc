from collections.abc import Iterator

import pytest
from flask import Flask

from engine.base.clock import FrozenClock
from tests.journeys.clerk import Town


@pytest.fixture
def town(app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Hạc Thành ward on Monday 23 November 2026, 09:40; its browsers send CSRF tokens as everywhere."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)
    return Town(app, clock)
