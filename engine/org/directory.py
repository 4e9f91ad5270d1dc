"""QUERY: which offices exist on a day, and who stands in which lane of them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Date,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from engine.base.actor import Actor
from engine.base.errors import Missing
from engine.base.questions import Question, ask
from engine.org.models import Account, Lane, LaneSide, Office, OfficeKind, Officer, Posting
from engine.org.permissions import OVERSEERS, SUPPORT


class OfficerUnknown(Missing):
    """No such officer."""


@dataclass(frozen=True)
class OfficeRow:
    id: uuid.UUID
    code: str
    kind: OfficeKind
    name: str
    name_en: str
    parent_id: uuid.UUID | None
    place_code: str | None
    phone: str | None
    address: str | None
    branch: str | None


_OFFICE = [getattr(Office, one.name) for one in fields(OfficeRow)]


@dataclass(frozen=True)
class Colleague:
    """An officer as shown where work is handed to a person, or was."""

    id: uuid.UUID
    name: str
    title: str | None


@dataclass(frozen=True)
class Standing:
    """One lane in which an officer stands today, in words."""

    office_id: uuid.UUID
    office_code: str
    office_name: str
    lane: str
    lane_name: str
    lane_name_en: str
    side: LaneSide
    #: offices that became part of this one: whoever stands here stands in what they left
    before: Sequence[uuid.UUID] = ()


def offices(
    session: Session, *, on: date, kind: OfficeKind | None = None, parent_id: uuid.UUID | None = None
) -> list[OfficeRow]:
    """The offices that exist on a day, by code; of one kind or under one office if asked."""
    # as values: a list to choose from has some hundred rows, and nobody changes one
    query = select(*_OFFICE).where(holds(Office, on)).order_by(Office.code)
    if kind is not None:
        query = query.where(Office.kind == kind)
    if parent_id is not None:
        query = query.where(Office.parent_id == parent_id)
    return [OfficeRow(*row) for row in session.execute(query)]


def colleagues(session: Session, ids: Collection[uuid.UUID]) -> list[Colleague]:
    """Officers, wherever they stand now, or nowhere any more."""
    return [Colleague(*row) for row in session.execute(select(Officer.id, Officer.name, Officer.title).where(Officer.id.in_(ids)))]


def path(session: Session, office_id: uuid.UUID) -> list[OfficeRow]:
    """The office and everything above it, the province first; dates do not matter to a tree of the past."""
    tree = select(Office.id, Office.parent_id).where(Office.id == office_id).cte(recursive=True)
    above = aliased(Office)
    tree = tree.union(select(above.id, above.parent_id).where(above.id == tree.c.parent_id))
    rows = {row.id: OfficeRow(*row) for row in session.execute(select(*_OFFICE).join(tree, tree.c.id == Office.id))}
    line: list[OfficeRow] = []
    step: uuid.UUID | None = office_id
    while step is not None and step in rows:
        line.insert(0, office := rows.pop(step))
        step = office.parent_id
    return line


def reach(session: Session, actor: Actor) -> frozenset[uuid.UUID]:
    """Every office whose dossiers the actor may read: their own, and below those that they oversee.

    The same rule as `permissions` has for "dossier.read", for use inside a query.
    """
    own, overseen = serves(actor), [office for office, lane in actor.lanes if lane in OVERSEERS]
    if not overseen:
        return own
    (below,) = ask(session, {"overseen": overseen}, _BELOW)
    return own | {office for (office,) in below}


def serves(actor: Actor) -> frozenset[uuid.UUID]:
    """Of these the offices in which they stand themselves."""
    return frozenset(office for office, lane in actor.lanes if lane not in SUPPORT)


def officers_in(session: Session, office_id: uuid.UUID, lane: str, *, on: date) -> list[Colleague]:
    """Who stands in a lane of an office on a day, and can log in."""
    # Nothing that an act has yet to write is about postings.
    with session.no_autoflush:
        (rows,) = ask(session, {"office_id": office_id, "lane": lane, "on": on}, _IN_LANE)
    return [Colleague(*row) for row in rows]


def manned(session: Session, *, on: date) -> frozenset[tuple[uuid.UUID, str]]:
    """Every (office, lane) in which somebody who can log in stands on a day."""
    query = (
        select(Posting.office_id, Posting.lane)
        .join(Account, and_(Account.officer_id == Posting.officer_id, Account.active))
        .where(holds(Posting, on))
    )
    return frozenset((office_id, lane) for office_id, lane in session.execute(query.distinct()))


def standings(session: Session, officer_id: uuid.UUID, *, on: date) -> list[Standing]:
    """Every lane in which an officer stands on a day, home first."""
    _, found = who_stands(session, officer_id, on=on)
    return found


def who_stands(session: Session, officer_id: uuid.UUID, *, on: date) -> tuple[Officer, list[Standing]]:
    """The officer, and every lane in which they stand on a day, home first. Refusals: OfficerUnknown."""
    officers, rows = ask(session, {"officer_id": officer_id, "on": on}, _OFFICER, _STANDINGS)
    for (officer,) in officers:
        return officer, [Standing(*row) for row in rows]
    raise OfficerUnknown


def actor_of(session: Session, officer_id: uuid.UUID, *, on: date) -> Actor:
    """The officer as they act on a day."""
    return actor_standing(*who_stands(session, officer_id, on=on))


def actor_standing(officer: Officer, standing: Sequence[Standing]) -> Actor:
    """The same, for a page that shows where they stand and has looked it up."""
    return Actor(
        officer.id,
        officer.name,
        frozenset((office, one.lane) for one in standing for office in (one.office_id, *one.before)),
        tuple(dict.fromkeys(one.office_id for one in standing)),
    )


def holds(dated: type[Office | Posting], on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether an office exists, or a posting is held, on a day."""
    return and_(dated.valid_from <= on, or_(dated.valid_to.is_(None), dated.valid_to > on))


_ON = bindparam("on", type_=Date)
_IN_LANE = Question(
    select(Officer.id, Officer.name, Officer.title)
    .join(Posting, Posting.officer_id == Officer.id)
    .join(Account, and_(Account.officer_id == Officer.id, Account.active))
    .where(
        Posting.office_id == bindparam("office_id"),
        Posting.lane == bindparam("lane"),
        holds(Posting, _ON),
    )
    .order_by(Officer.name, Officer.id)
    .distinct()
)


def _below() -> Question:
    tree = select(Office.id).where(Office.id == any_(bindparam("overseen", type_=ARRAY(Uuid)))).cte(recursive=True)
    below = aliased(Office)
    return Question(select(tree.union(select(below.id).where(below.parent_id == tree.c.id)).c.id))


_BELOW = _below()
_PART = aliased(Office)
_OFFICER = Question(select(Officer).where(Officer.id == bindparam("officer_id")))
_STANDINGS = Question(
    select(
        Office.id,
        Office.code,
        Office.name,
        Lane.code,
        Lane.name,
        Lane.name_en,
        Lane.side,
        func.array(select(_PART.id).where(_PART.replaced_by_id == Office.id).scalar_subquery()),
    )
    .join(Posting, Posting.office_id == Office.id)
    .join(Lane, Lane.code == Posting.lane)
    .where(Posting.officer_id == bindparam("officer_id"), holds(Posting, _ON), holds(Office, _ON))
    .order_by(Posting.position, Lane.position, Office.code)
)
