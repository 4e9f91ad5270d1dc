"""What became of an error in an issued result."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Correction(Base):
    """One request to correct a result (đề nghị sửa sai sót), under one limit from its first moment to its last (T10)."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("uq__correction__open", "dossier_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix__correction__unread", "part_id", postgresql_where=text("part_id IS NOT NULL AND ended_at IS NOT NULL AND read_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: What is wrong, as whoever found it says.
    what: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID]
    due_at: Mapped[datetime]
    #: [{on, what, vi, en, article, number}]: the due date, line by line.
    lines: Mapped[list[Any]]
    #: The part of its group whose office found the error, where one did, and that office as it was called then.
    part_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    reported_by: Mapped[str | None]
    old_number: Mapped[str | None]
    #: Of the result that took its place.
    new_number: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    #: replaced | no_error
    outcome: Mapped[str | None]
    #: Why the result stands, as whoever asked is told.
    explanation: Mapped[str | None]
    #: When the office that found the error said that it has read the answer.
    read_at: Mapped[datetime | None]
