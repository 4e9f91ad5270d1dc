"""Rows of hand-over lists: papers and results that pass from one door to another, each acknowledged."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class HandoverList(Base):
    """Papers of several dossiers that one office gives to another at once (danh sách bàn giao)."""

    __tablename__ = "handover_list"
    __table_args__ = (
        Index("ix__handover_list__from", "from_office_id", "sent_at"),
        Index("ix__handover_list__to", "to_office_id", "sent_at"),
        Index("ix__handover_list__open_from", "from_office_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix__handover_list__open_to", "to_office_id", postgresql_where=text("closed_at IS NULL")),
    )

    #: Made by the page: sent twice it is one list.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Of the sender's register.
    number: Mapped[str]
    #: papers | result
    kind: Mapped[str]
    from_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    to_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    #: Who carries them.
    carrier: Mapped[str]
    #: Whoever signed it on the giving side, and when.
    sent_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("officer.id"))
    sent_at: Mapped[datetime]
    #: Until when the other side says what it has.
    due_at: Mapped[datetime]
    #: What the paper shows, and its digest as the ledger has it.
    data: Mapped[dict[str, Any]]
    digest: Mapped[str]
    #: When the last of it was acknowledged.
    closed_at: Mapped[datetime | None]
    #: The bytes of the first print; every later one is the same.
    printed_sha256: Mapped[str | None]


class HandoverItem(Base):
    """One dossier of a list, and what the other side said of it."""

    __tablename__ = "handover_item"
    __table_args__ = (Index("ix__handover_item__dossier_id", "dossier_id"),)

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("handover_list.id"), primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    position: Mapped[int]
    #: received | short (something of it was not there) | missing (nothing was); None: nobody has said yet.
    state: Mapped[str | None]
    #: What was short.
    note: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("officer.id"))
