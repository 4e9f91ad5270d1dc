"""When the information system was down."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Fault(Base):
    """A stretch in which a system failed, or was taken down as announced; what it stops does not count meanwhile."""

    __tablename__ = "fault"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at > started_at", name="valid_range"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: which system, in words
    system: Mapped[str]
    #: what happened, as officers and applicants read it
    reason: Mapped[str]
    #: taken down on purpose, and so announced before (T15)
    planned: Mapped[bool]
    #: codes of the procedures whose clocks stand still; empty: all
    procedures: Mapped[list[str]] = mapped_column(JSONB)
    #: the law by which this time does not count
    article: Mapped[str]
    started_at: Mapped[datetime]
    #: null while it lasts
    ended_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[uuid.UUID]
