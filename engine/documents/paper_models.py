"""Rows of papers as an office makes them: templates, what was printed, and the numbers that they bear."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7

#: In place of a province's code: for all of them.
COUNTRY = "00"


class PaperTemplate(Base):
    """One version of one paper's face (mẫu), whole: nothing that it needs lies outside this row."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("kind", "province", "procedure", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: As of a slip, or `register`.
    kind: Mapped[str]
    #: Code in the national list of places; `00`: where the province has none of its own.
    province: Mapped[str]
    #: A procedure whose sector has a paper of its own (CT04 for residence); empty: all others.
    procedure: Mapped[str]
    #: 1, 2, ... of this kind, province and procedure.
    number: Mapped[int]
    #: {file name: Jinja source}: the paper under `main`, and what it extends and includes.
    sources: Mapped[dict[str, Any]]
    digest: Mapped[str]
    effective_from: Mapped[date]
    published_at: Mapped[datetime]


class SlipPrint(Base):
    """The bytes of a slip as first printed; they lie in the blob store, and every reprint is these."""

    __tablename__ = "slip_print"

    slip_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slip.id"), primary_key=True)
    #: applicant: with the secret that opens their page; office: for the file, without.
    copy: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_template.id"))
    sha256: Mapped[str]
    printed_at: Mapped[datetime]
    printed_by: Mapped[uuid.UUID]


class NumberPattern(Base):
    """How the numbers of a register look (số, ký hiệu), from a day on, in one office or in all."""

    __tablename__ = "number_pattern"
    __table_args__ = (Index("ix__number_pattern__register", "register"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Kind of the paper; `result`, or `result.<procedure>` where a procedure has a register of its own; `dossier_code`.
    register: Mapped[str]
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    #: `{number}/TNHS`; may name {number}, {number:04}, {year}. Of codes `{office}-{yymmdd}-{number:04}`.
    pattern: Mapped[str]
    effective_from: Mapped[date]
    #: The law or decision that says so; of codes always.
    basis: Mapped[str | None]


class NumberSeries(Base):
    """The last number of a register of an office in a year; its row lock makes the numbers gap-free."""

    __tablename__ = "number_series"

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), primary_key=True)
    register: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    pattern: Mapped[str]
    last: Mapped[int]
