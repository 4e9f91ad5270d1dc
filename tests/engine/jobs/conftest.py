"""Many dossiers in a database where transactions really commit, and several workers on them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import NullPool, func, select

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.dossiers.incidents import guarded
from engine.ledger.models import LedgerEvent
from tests.factories.desk import Ward
from webapp.config import Settings
from webapp.demo import load
from webapp.wiring import build

WORKERS = 4


@dataclass
class Crowd:
    """A ward whose dossiers can be multiplied, and several workers at once."""

    url: str
    ward: Ward
    settings: Settings

    def multiply(self, dossiers: int) -> None:
        """As many dossiers as that, each as those that were lodged."""
        house = build(self.settings, sessions=self.ward.sessions, clock=self.ward.clock)
        load.fill(house, load.Size(dossiers, dossiers))

    def together(self, do: Callable[[Any], int]) -> list[int]:
        """Let four workers do the same at the same time; what each of them did."""
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda _: do(self.ward.act), range(WORKERS)))

    def closed(self, how: str) -> dict[str, int]:
        """Wait -> how often a ledger tells that it was closed in this way."""
        told = LedgerEvent.payload["wait_id"].astext
        with self.ward.sessions() as session:
            rows = session.execute(
                select(told, func.count())
                .where(LedgerEvent.type == "wait.closed", LedgerEvent.payload["how"].astext == how)
                .group_by(told)
            )
            return {row[0]: row[1] for row in rows}


@pytest.fixture
def crowd(databases: Any, clock: FrozenClock, settings: Settings) -> Iterator[Crowd]:
    with databases.copy_of_province() as url:
        engine = connect(url, poolclass=NullPool)
        sessions = session_factory(engine)
        yield Crowd(url, Ward(lambda actor=SYSTEM: guarded(sessions, actor, clock), sessions, clock), settings)
        engine.dispose()
