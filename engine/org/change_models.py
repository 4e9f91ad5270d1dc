"""Rows of changed offices: what is decided, under which names they were known, which dossiers it moved."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class OfficeChange(Base):
    """An office is renamed, or offices become part of another (sáp nhập): drafted, reviewed, then done at once."""

    __tablename__ = "office_change"

    #: Made by the page: sent twice it is one change.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: rename | merge
    kind: Mapped[str]
    #: {offices: [id], to: id, name, name_en}; no name: the successor keeps its own.
    what: Mapped[dict[str, Any]]
    #: Number of the decision or resolution that says so.
    decision: Mapped[str]
    effective_from: Mapped[date]
    #: drafted | done | dropped
    state: Mapped[str]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[uuid.UUID]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]


class FormerName(Base):
    """What an office, or one that is part of it now, was called before, so that it is still found."""

    __tablename__ = "former_name"
    __table_args__ = (Index("ix__former_name__office_id", "office_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Which was called so; of a rename it is what it was.
    was_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    #: The office that answers for it now.
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    #: The first day on which it was no longer called so.
    until: Mapped[date]
    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office_change.id"))


class Reroute(Base):
    """A dossier that a change of offices moved."""

    __tablename__ = "reroute"
    __table_args__ = (Index("ix__reroute__dossier_id", "dossier_id"),)

    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office_change.id"), primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    #: Where it was.
    receiving_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    competent_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
