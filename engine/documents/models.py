"""Rows of papers: what a dossier must hold, what it holds, and the statutory slips made of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Component(Base):
    """One line of the checklist of one dossier (thành phần hồ sơ)."""

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("dossier_id", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    key: Mapped[str]
    position: Mapped[int]
    name: Mapped[str]
    #: declaration | submit | show | upload
    kind: Mapped[str]
    originals: Mapped[int] = mapped_column(default=0)
    certified: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    #: Whether the record's condition asked for it when the dossier was lodged or last changed.
    required: Mapped[bool]
    #: Sources that may stand in for the paper: population, warehouse, ...
    satisfied_by: Mapped[list[Any]] = mapped_column(default=list)
    #: ok | missing | invalid; None until reception looked.
    verdict: Mapped[str | None]
    #: lookup | warehouse | vneid | e_original | e_certified | scan | paper
    obtained_by: Mapped[str | None]
    note: Mapped[str | None]


class DocumentFile(Base):
    """Bytes attached to a component; they lie in the blob store under their digest."""

    __tablename__ = "document_file"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    component_key: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    #: Bytes.
    size: Mapped[int]
    stored_at: Mapped[datetime]
    stored_by: Mapped[uuid.UUID]
    #: What `checks` saw in it; None where it did not look, or there was nothing to count.
    pages: Mapped[int | None]
    dpi: Mapped[int | None]
    blank_pages: Mapped[list[Any] | None]
    #: The same as PDF/A with the text behind the picture, once it was read; of the same bytes it is made once.
    searchable_sha256: Mapped[str | None]
    #: The paper of the owner's warehouse that it is; None: somebody handed it in.
    warehouse_paper_id: Mapped[uuid.UUID | None]


class Slip(Base):
    """A statutory paper (mẫu 01-07) as data; printed from here, byte for byte, at any time."""

    __tablename__ = "slip"
    __table_args__ = (
        # all numbers of a register without looking at a paper, and the papers of before it was kept whose it is
        Index(
            "ix__slip__numbered", "office_id", "kind", "made_at",
            postgresql_include=["number"], postgresql_where=text("office_id IS NOT NULL"),
        ),
        Index("ix__slip__of_before", "kind", postgresql_where=text("office_id IS NULL")),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: In whose register it is numbered; None on a paper of before this was kept.
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    #: receipt | supplement | refusal | extension | stop
    kind: Mapped[str]
    number: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID]
    data: Mapped[dict[str, Any]]
    digest: Mapped[str]
