"""The warehouse of a person or organisation: electronic results and compared copies, kept so that nobody asks for them again."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class WarehousePaper(Base):
    """One paper of one owner (Decree 118/2025 art. 22(4)); its code is the owner's number, its type, and which of them it is."""

    __tablename__ = "warehouse_paper"
    __table_args__ = (UniqueConstraint("owner_id", "type_code", "seq"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Personal id or organisation code; None: known only by its dossier.
    owner_id: Mapped[str | None]
    type_code: Mapped[str]
    #: granted | refused | notice: only what was granted takes the place of a paper.
    kind: Mapped[str] = mapped_column(default="granted", server_default="granted")
    #: result: issued here; copy: scanned from an original that an officer compared it with.
    origin: Mapped[str] = mapped_column(default="result", server_default="result")
    #: Of a copy: the file that it was, and who issued the original.
    file_id: Mapped[uuid.UUID | None]
    issuer: Mapped[str | None]
    seq: Mapped[int]
    name: Mapped[str]
    number: Mapped[str]
    #: The office that issued it, or compared the copy.
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


class WarehouseLookup(Base):
    """Somebody looked what is held of an owner, or opened a paper: for a dossier in hand, or for a reason (Decree 13/2023)."""

    __tablename__ = "warehouse_lookup"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[uuid.UUID]
    owner_id: Mapped[str | None]
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: The paper of the dossier that was wanted.
    component_key: Mapped[str | None]
    #: The paper of the warehouse that was opened or taken.
    paper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("warehouse_paper.id"))
    #: found | none | opened | reused
    outcome: Mapped[str]
    #: Why without a dossier; or why a paper is asked for although it is held.
    reason: Mapped[str | None]
