"""What is posted for everybody to see, and what people say to it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class PublicPosting(Base):
    """A dossier that is posted (niêm yết công khai), as long as the wait behind it is open."""

    __tablename__ = "public_posting"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: Its period: the timer of the diagram.
    wait_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wait.id"), unique=True)
    #: Where the full list hangs: in words, or office | hamlet | portal.
    places: Mapped[list[Any]]
    opened_at: Mapped[datetime]


class Objection(Base):
    """What somebody said to a posting (ý kiến, khiếu nại)."""

    __tablename__ = "objection"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("public_posting.id"))
    #: Who says it.
    said_by: Mapped[str]
    what: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID]
