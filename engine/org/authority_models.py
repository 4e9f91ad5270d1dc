"""Rows that say which office decides: procedure or field, place, from one day to another, by which law."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base


class AuthorityRow(Base):
    """One row of authority (thẩm quyền giải quyết). Of several that fit the most special counts."""

    __tablename__ = "authority_row"
    __table_args__ = (
        CheckConstraint("(procedure_code IS NULL) <> (field IS NULL)", name="one_subject"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="valid_range"),
        Index("ix__authority_row__procedure_code", "procedure_code"),
        Index("ix__authority_row__field", "field"),
    )

    #: Made by the page: sent twice it is one row.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: One procedure, or else all of a field.
    procedure_code: Mapped[str | None]
    field: Mapped[str | None]
    #: The applicant's commune or province in the national list; None: wherever they live.
    place_code: Mapped[str | None]
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    #: The law or the decision that says so.
    basis: Mapped[str]
    effective_from: Mapped[date]
    #: The first day on which it no longer holds.
    effective_to: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[uuid.UUID]
