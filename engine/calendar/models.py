"""When offices are open. A row is never changed: a correction withdraws it and adds another.

So the calendar can be read as it was known at any instant, and a replay counts as the officers did.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class DayKind(StrEnum):
    """Why a day differs from its weekday."""

    #: closed: a public holiday, a day off in lieu of one, a day swapped away
    HOLIDAY = "holiday"
    #: open although its weekday is not: làm bù for a swapped day
    MAKE_UP = "make_up"
    #: open for other hours than usual
    HALF_DAY = "half_day"


class OfficeHours(Base):
    """The usual week of one office, or (office null) of every office without hours of its own."""

    __tablename__ = "office_hours"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid_range"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"), index=True)
    #: seven lists, Monday first: [["07:00-11:30", "13:30-17:00"], ..., []]
    week: Mapped[list[list[str]]] = mapped_column(JSONB)
    #: the decision that set them
    source: Mapped[str]
    valid_from: Mapped[date]
    #: the first day they no longer hold
    valid_to: Mapped[date | None]
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DayException(Base):
    """One day on which one office, or (office null) every office, keeps other hours than its week."""

    __tablename__ = "day_exception"
    __table_args__ = (
        CheckConstraint("kind <> 'half_day' OR spans IS NOT NULL", name="half_day_has_spans"),
        Index("ix__day_exception__day", "day"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(Text)
    name: Mapped[str]
    name_en: Mapped[str]
    #: when it is open: ["07:00-11:30"]; null on a make-up day means the hours of a Monday
    spans: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    #: the law or notice that says so; shown where a due date is explained
    source: Mapped[str]
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
