"""Who acts for the applicant of a dossier, and by which paper."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Representative(Base):
    """Somebody who acts for the applicant (người nộp thay, người được ủy quyền), with what allows it."""

    __tablename__ = "representative"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: submitter: lodged it; proxy: named later
    role: Mapped[str]
    name: Mapped[str]
    personal_id: Mapped[str | None]
    phone: Mapped[str | None]
    #: What they are to the applicant: kin, authorised, postal, officer_helping.
    relation: Mapped[str]
    #: power | contract | introduction | none: the paper, if there must be one
    kind: Mapped[str]
    number: Mapped[str]
    dated: Mapped[date | None]
    #: The last day on which it holds; None: until the dossier ends.
    valid_until: Mapped[date | None]
    #: lodge, change, withdraw, receive
    scope: Mapped[list[Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID]
