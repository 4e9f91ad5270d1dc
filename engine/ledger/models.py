"""The ledger's one table. The application's database role may INSERT and SELECT, nothing else."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class LedgerEvent(Base):
    """A fact that happened (sự kiện). Never changed; bound to the one before by its digest."""

    __tablename__ = "ledger_event"
    __table_args__ = (
        Index("ix__ledger_event__at", "at"),
        Index("ix__ledger_event__reused", "at", postgresql_where=text("type = 'paper.reused'")),
    )

    #: The dossier, or the procedure version, whose story this is.
    stream_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: 1, 2, 3… within the stream, without gaps.
    seq: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID]
    payload: Mapped[dict[str, Any]]
    #: Digest of the event before this one; empty for the first.
    prev: Mapped[str]
    digest: Mapped[str]
