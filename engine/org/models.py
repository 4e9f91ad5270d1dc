"""Offices, the people in them, and how they log in. Nothing is overwritten: what changes gets dates.

Every pair of dates is half open: `valid_from` is the first day, `valid_to` the first day no longer.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7
from engine.org import authority_models  # noqa: F401  a table that dossiers name


class OfficeKind(StrEnum):
    """What an office is in the two-level organisation since 1 July 2025 (no districts)."""

    #: Ủy ban nhân dân tỉnh: the root of the tree
    PROVINCE = "province"
    #: sở, ban, ngành: decides at province level
    DEPARTMENT = "department"
    #: Ủy ban nhân dân xã, phường: decides at commune level
    COMMUNE = "commune"
    #: Trung tâm Phục vụ hành chính công (Bộ phận Một cửa): receives and returns, Decree 118/2025 art. 7
    CENTRE = "centre"
    #: ngành dọc: police, social insurance; decides in the system of its ministry, ours follows
    VERTICAL = "vertical"


#: Branches of administration to which a part of a group may go.
BRANCHES = ("police", "social_insurance", "home_affairs")


class LaneSide(StrEnum):
    """In which office of a dossier a lane is looked up."""

    RECEIVING = "receiving"
    COMPETENT = "competent"
    #: no lane of a diagram: administrators, analysts, auditors
    SUPPORT = "support"


class Office(Base):
    """An agency or a centre, for as long as it exists under this code; what it was called before lies in `former_name`."""

    __tablename__ = "office"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        Index("ix__office__replaced_by_id", "replaced_by_id", postgresql_where=text("replaced_by_id IS NOT NULL")),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid_range"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: mã định danh điện tử (Decision 20/2020/QĐ-TTg), `H56.31`: the head of every dossier code
    code: Mapped[str]
    kind: Mapped[OfficeKind] = mapped_column(Text)
    name: Mapped[str]
    name_en: Mapped[str]
    #: of a centre: the agency whose doors it is
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"), index=True)
    #: the province's or commune's code in the national list of places, to find who decides for an address
    place_code: Mapped[str | None] = mapped_column(index=True)
    #: the branch of administration to which parts of interconnected groups go: one of `BRANCHES`
    branch: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: after a merger: who answers for its dossiers now, however many mergers later
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))


class Lane(Base):
    """A role in which people stand. Data, so that a sector may add its own (inspection, council)."""

    __tablename__ = "lane"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    side: Mapped[LaneSide] = mapped_column(Text)
    #: top to bottom in a diagram and in lists
    position: Mapped[int]


class Officer(Base):
    """A person at work: a civil servant, or an employee of a contracted post office at the counter."""

    __tablename__ = "officer"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    #: chức vụ as printed under a signature: "Phó Chủ tịch"
    title: Mapped[str | None]
    phone: Mapped[str | None]


class Account(Base):
    """How an officer logs in. The columns are those that Flask-Security reads and writes."""

    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officer.id"), unique=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    #: argon2id; null until somebody sets one, and then nobody can log in with it
    password: Mapped[str | None]
    active: Mapped[bool]
    #: a new one ends every open session
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    current_login_at: Mapped[datetime | None]
    last_login_ip: Mapped[str | None]
    current_login_ip: Mapped[str | None]
    login_count: Mapped[int] = mapped_column(default=0)


class Posting(Base):
    """An officer stands in a lane of an office from one day to another. One person may have several."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid_range"),
        Index("ix__posting__office_id_lane", "office_id", "lane"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    lane: Mapped[str] = mapped_column(ForeignKey("lane.code"))
    #: the first is home: which office a page opens on
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Delegation(Base):
    """An officer of a counter decides one procedure in an office's stead (Decree 118/2025, art. 17(5))."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_range"),
        Index("ix__delegation__officer_id", "officer_id", "procedure_code"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Whose decision it is.
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officer.id"))
    procedure_code: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: Number of the decision by which it was given.
    decision: Mapped[str]
    #: Whether they may also sign what they decided, where they stand among those who sign.
    may_sign: Mapped[bool]
    #: Made by the page: sent twice, it is one.
    key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    entered_at: Mapped[datetime]
    entered_by: Mapped[uuid.UUID]
