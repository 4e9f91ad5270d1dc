from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.base.clock import FrozenClock
from tests.engine.dossiers.fold import agree
from tests.factories.desk import Unit, Ward


@pytest.fixture
def ward(act: Unit, province_sessions: sessionmaker[Session], clock: FrozenClock) -> Ward:
    return Ward(act, province_sessions, clock)


@pytest.fixture
def ledger_and_rows_agree(province_sessions: sessionmaker[Session]) -> Iterator[None]:
    """Whatever a test did, every ledger tells the same as the rows."""
    yield
    with province_sessions() as session:
        agree(session)
