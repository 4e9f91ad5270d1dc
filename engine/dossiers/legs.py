"""QUERY: legs between offices that nobody acknowledged in time, for both sides and those above them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.base.actor import Actor
from engine.base.pages import Page, paged
from engine.dossiers.models import Dossier, Transfer
from engine.org import directory
from engine.org.models import Office

_FROM, _TO = aliased(Office), aliased(Office)


@dataclass(frozen=True)
class Missed:
    """One of them."""

    leg: Transfer
    code: str
    owner: str
    giver: str
    taker: str


def missed(session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None) -> Page[Missed]:
    """The longest waited for first."""
    query = (
        select(Transfer, Dossier, _FROM.name, _TO.name)
        .join(Dossier, Dossier.id == Transfer.dossier_id)
        .join(_FROM, _FROM.id == Transfer.from_office_id)
        .join(_TO, _TO.id == Transfer.to_office_id)
        .where(*_of(directory.reach(session, actor)))
    )

    def line(leg: Transfer, dossier: Dossier, giver: str, taker: str) -> Missed:
        return Missed(leg, dossier.code or dossier.reference, dossier.owner_name, giver, taker)

    return paged(session, query, line, at=Transfer.due_at, id=Transfer.id, after=after, limit=limit)


def missed_count(session: Session, actor: Actor) -> int:
    """How many they are."""
    query = select(func.count()).select_from(Transfer).where(*_of(directory.reach(session, actor)))
    return session.scalar(query) or 0


def _of(offices: Collection[uuid.UUID]) -> list[ColumnElement[Any]]:
    mine = or_(Transfer.from_office_id.in_(offices), Transfer.to_office_id.in_(offices))
    return [Transfer.closed_at.is_(None), Transfer.alarms > 0, mine]
