"""QUERY: what happened, in order."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ledger.models import LedgerEvent


def history(session: Session, stream_id: uuid.UUID) -> Sequence[LedgerEvent]:
    """Every event of a stream, oldest first."""
    return session.scalars(
        select(LedgerEvent).filter_by(stream_id=stream_id).order_by(LedgerEvent.seq)
    ).all()
