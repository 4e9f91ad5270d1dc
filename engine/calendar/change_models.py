"""What was changed about time, and which dossiers are counted anew because of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class ClockChange(Base):
    """One confirmed change: a day, hours, a system that was down. Its id is the key of the page that sent it."""

    __tablename__ = "clock_change"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: day | day_withdrawn | hours | fault | fault_closed
    kind: Mapped[str]
    #: as it was sent; the same key with other contents is refused
    what: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: what an applicant is told: why the date moved
    reason: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(index=True)
    entered_by: Mapped[uuid.UUID]


class Recount(Base):
    """One dossier of the batch of a change; the worker counts its dates anew, once."""

    __tablename__ = "recount"
    __table_args__ = (
        Index("ix__recount__open", "change_id", "dossier_id", postgresql_where=text("done_at IS NULL")),
    )

    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clock_change.id"), primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    #: as the reviewer of the batch saw them
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
