"""The only INSERT into the ledger."""

import uuid

from sqlalchemy import select

from engine.base.db import Base
from engine.base.uow import UnitOfWork
from engine.ledger.chain import digest
from engine.ledger.events import Event
from engine.ledger.models import LedgerEvent

_TABLE = Base.metadata.tables[LedgerEvent.__tablename__]


def recall(uow: UnitOfWork, stream_id: uuid.UUID, seq: int | None, digest: str | None) -> None:
    """Say what the last event of a stream is, read under the owner's lock; spares `append` the question."""
    uow.session.info.setdefault("ledger_heads", {}).setdefault(stream_id, (seq or 0, digest or ""))


def append(uow: UnitOfWork, stream_id: uuid.UUID, *events: Event) -> None:
    """Add events to the end of a stream's story.

    The caller holds the row lock of the stream's owner, so no two writers can take one `seq`;
    the primary key would refuse the second.
    """
    known = uow.session.info.setdefault("ledger_heads", {})
    if stream_id not in known:
        head = uow.session.execute(
            select(LedgerEvent.seq, LedgerEvent.digest)
            .filter_by(stream_id=stream_id)
            .order_by(LedgerEvent.seq.desc())
            .limit(1),
            # nothing of this stream can lie unwritten before its head is known
            execution_options={"autoflush": False},
        ).first()
        known[stream_id] = (head.seq, head.digest) if head else (0, "")
    seq, prev = known[stream_id]
    for event in events:
        seq += 1
        row = {
            "stream_id": stream_id,
            "seq": seq,
            "type": event.type,
            "version": event.version,
            "at": uow.clock.now(),
            "actor_id": uow.actor.officer_id,
            "payload": event.payload(),
            "prev": prev,
        }
        prev = digest(row)
        uow.add(_TABLE, {**row, "digest": prev})
    known[stream_id] = (seq, prev)
