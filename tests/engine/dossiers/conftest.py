import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.base.clock import FrozenClock
from tests.factories.desk import Unit, Ward


@pytest.fixture
def ward(act: Unit, province_sessions: sessionmaker[Session], clock: FrozenClock) -> Ward:
    return Ward(act, province_sessions, clock)
