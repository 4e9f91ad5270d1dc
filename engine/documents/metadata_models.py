"""What is said of a digitised paper, so that it can be found and used again (Decree 118/2025 art. 19(2))."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class PaperMetadata(Base):
    """The least that is entered of one file: its type, whose it is, its name, what it says, for how long and for what."""

    __tablename__ = "paper_metadata"

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_file.id"), primary_key=True)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    type_code: Mapped[str | None]
    #: Personal id or organisation code; without one, the four that follow.
    owner_id: Mapped[str | None] = mapped_column(index=True)
    owner_name: Mapped[str | None]
    owner_born: Mapped[int | None]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]
    name: Mapped[str | None]
    summary: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    #: It holds without an end.
    unlimited: Mapped[bool]
    scope: Mapped[str | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[uuid.UUID]
