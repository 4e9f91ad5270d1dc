"""Rows of what applicants are told."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Notice(Base):
    """One message to the applicant of one dossier, in the words of a template."""

    __tablename__ = "notice"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: Key of the sentence: accepted, supplement_asked, preview, ready, ...
    template: Mapped[str]
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
