"""Public posting: what hangs out is told to everybody with as little of a person as will do; what is said to it is recorded.

A diagram posts a dossier where it waits by the rule of postings; the posting ends with that wait.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.base.errors import DomainError, Stale
from engine.base.ids import uuid7
from engine.base.pages import Page, paged
from engine.base.uow import UnitOfWork
from engine.catalog.models import Procedure
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Wait
from engine.dossiers.posting_models import Objection, PublicPosting
from engine.ledger.events import ObjectionRecorded, PostingOpened
from engine.ledger.models import LedgerEvent
from engine.org.models import Office

#: Of a timer: the time in which everybody may object.
RULE = "L08"


class NotPosted(Stale):
    """Nothing of this dossier is posted now: objections are for the period of the posting."""


class ObjectionUnclear(DomainError):
    """An objection has somebody who says it, and what they say."""

    kind = "invalid"


@dataclass(frozen=True)
class Posted:
    """One line of the public page."""

    code: str
    procedure: str
    name: str
    office: Office
    counter: Office
    places: Sequence[str]
    opened_at: datetime
    until: datetime


def begin(act: Act, wait: Wait) -> None:
    """The period begins; the step before it said where the list hangs."""
    said = act.answers(act.step) if act.step else {}
    places = [said["place"]] if said.get("place") else list(said.get("places") or [])
    row = PublicPosting(
        id=uuid7(), dossier_id=act.dossier.id, wait_id=wait.id, places=places, opened_at=act.uow.clock.now()
    )
    act.uow.session.flush()  # the wait, which the row names
    act.uow.session.add(row)
    act.tell(PostingOpened(posting_id=str(row.id), wait_id=str(wait.id)))


def object_to(uow: UnitOfWork, dossier_id: uuid.UUID, said_by: str, what: str, *, key: uuid.UUID | None = None) -> None:
    """Record what somebody says to a posting, for whoever settles it. Refusals: NotPosted, ObjectionUnclear."""
    from engine.dossiers.course import allowed, said_with  # it settles, and settling posts

    act = allowed(uow, dossier_id, "objection.record")
    said = said_with(key, said_by=said_by, what=what)
    if act.did("objection", said):
        return
    posting = uow.session.scalars(_open().where(PublicPosting.dossier_id == dossier_id)).first()
    if posting is None:
        raise NotPosted
    if not (said_by.strip() and what.strip()):
        raise ObjectionUnclear
    digest = act.keep("objection", "", said)
    row = Objection(
        id=uuid7(),
        dossier_id=dossier_id,
        posting_id=posting.id,
        said_by=said_by.strip(),
        what=what.strip(),
        recorded_at=uow.clock.now(),
        recorded_by=uow.actor.officer_id,
    )
    uow.session.add(row)
    act.tell(ObjectionRecorded(objection_id=str(row.id), posting_id=str(posting.id), said_digest=digest))


def _open() -> Any:
    return select(PublicPosting).join(Wait, Wait.id == PublicPosting.wait_id).where(Wait.closed_at.is_(None))


def posted(session: Session, now: datetime, *, after: str | None = None, limit: int | None = None) -> Page[Posted]:
    """QUERY: what is posted now, what ends first on top. Names of people are shortened, as on the page of an applicant."""
    from engine.dossiers.tracking import public_owner  # reads all of a dossier, of which this is a part

    counter = aliased(Office)
    query = (
        select(PublicPosting, Wait.due_at, Dossier, Procedure.name_vi, Office, counter)
        .join(Wait, Wait.id == PublicPosting.wait_id)
        .join(Dossier, Dossier.id == PublicPosting.dossier_id)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .join(Office, Office.id == Dossier.competent_office_id)
        .join(counter, counter.id == Dossier.receiving_office_id)
        .where(Wait.closed_at.is_(None), Wait.due_at > now)
    )

    def line(row: PublicPosting, until: datetime, one: Dossier, name: str, office: Office, at: Office) -> Posted:
        return Posted(one.code or one.reference, name, public_owner(one), office, at, row.places, row.opened_at, until)

    return paged(session, query, line, at=Wait.due_at, id=PublicPosting.id, after=after, limit=limit)


def is_posted(events: Iterable[LedgerEvent], waits: Iterable[Wait]) -> bool:
    """Whether a dossier is posted now, by its story and the waits that are open."""
    open_ = {str(one.id) for one in waits}
    return any(one.type == PostingOpened.type and one.payload["wait_id"] in open_ for one in events)


def objections(session: Session, dossier_id: uuid.UUID) -> Sequence[Objection]:
    """QUERY: everything that was said to its last posting, the first first."""
    last = (
        select(PublicPosting.id).filter_by(dossier_id=dossier_id).order_by(PublicPosting.opened_at.desc()).limit(1)
    ).scalar_subquery()
    said = select(Objection).where(Objection.posting_id == last)
    return session.scalars(said.order_by(Objection.recorded_at, Objection.id)).all()
