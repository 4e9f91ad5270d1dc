from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.engine.dossiers.fold import agree


@pytest.fixture
def ledger_and_rows_agree(province_sessions: sessionmaker[Session]) -> Iterator[None]:
    """Whatever a test did, every ledger tells the same as the rows."""
    yield
    with province_sessions() as session:
        agree(session)
