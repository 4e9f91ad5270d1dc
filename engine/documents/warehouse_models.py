"""The warehouse of a person or organisation: electronic results, kept so that nobody asks for them again."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class WarehousePaper(Base):
    """One paper of one owner (Decree 118/2025 art. 22(4)); its code is the owner's number, its type, and which of them it is."""

    __tablename__ = "warehouse_paper"
    __table_args__ = (UniqueConstraint("owner_id", "type_code", "seq"), UniqueConstraint("dossier_id", "sha256"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Personal id or organisation code; None: known only by its dossier.
    owner_id: Mapped[str | None]
    type_code: Mapped[str]
    seq: Mapped[int]
    name: Mapped[str]
    number: Mapped[str]
    issuer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    #: Where it comes from.
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    sha256: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    valid_from: Mapped[date]
    #: Its last day; None: without end.
    valid_to: Mapped[date | None]
    #: valid | replaced | revoked; that it has run out is seen from its last day.
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
    stored_at: Mapped[datetime]
    stored_by: Mapped[uuid.UUID]
