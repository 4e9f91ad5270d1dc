"""Open dossiers of offices that become part of others: seen before, moved at once, each with an event.

The code of a dossier stays (Decree 118/2025, art. 28), and so does every date that was promised.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union, update
from sqlalchemy.orm import Session

from engine.base.errors import Missing
from engine.base.ids import digest_of
from engine.base.uow import UnitOfWork
from engine.dossiers import delegating
from engine.dossiers.delegating import Granted
from engine.dossiers.handover_models import HandoverList
from engine.dossiers.models import Consultation, Dossier, Task, Transfer, Wait
from engine.ledger.append import append, recall
from engine.ledger.events import DossierRerouted, OfficeChanged
from engine.ledger.models import LedgerEvent
from engine.org import changes, permissions
from engine.org.change_models import OfficeChange, Reroute

#: What names an office and is moved while it is open: column, and whether it is.
_OPEN: tuple[tuple[Any, ColumnElement[bool]], ...] = (
    (Dossier.receiving_office_id, Dossier.ended_at.is_(None)),
    (Dossier.competent_office_id, Dossier.ended_at.is_(None)),
    (Task.office_id, Task.done_at.is_(None)),
    (Transfer.from_office_id, Transfer.closed_at.is_(None)),
    (Transfer.to_office_id, Transfer.closed_at.is_(None)),
    (Consultation.office_id, Consultation.closed_at.is_(None)),
    (HandoverList.from_office_id, HandoverList.closed_at.is_(None)),
    (HandoverList.to_office_id, HandoverList.closed_at.is_(None)),
)


@dataclass(frozen=True)
class Moving:
    """One dossier that a change moves, and what of it is open."""

    dossier_id: uuid.UUID
    code: str
    owner: str
    procedure: str
    receiving_office_id: uuid.UUID
    competent_office_id: uuid.UUID
    tasks: int
    waits: int
    legs: int
    questions: int


def preview(uow: UnitOfWork, change_id: uuid.UUID) -> tuple[OfficeChange, list[Moving]]:
    """QUERY: a change and every dossier that it would move, by code."""
    permissions.require(uow.actor, "office.manage")
    row = uow.session.get(OfficeChange, change_id)
    if row is None or row.state == changes.DROPPED:
        raise Missing
    if row.state == changes.DONE:
        return row, _moving(uow.session, uow.session.scalars(select(Reroute.dossier_id).filter_by(change_id=row.id)).all(), ())
    moved = changes.successors(uow.session, row)
    return row, _moving(uow.session, _concerned(uow.session, moved), moved)


def delegations(uow: UnitOfWork, change_id: uuid.UUID) -> list[Granted]:
    """QUERY: who decides at the counter for an office that a draft makes part of another: its successor takes that over."""
    row = uow.session.get(OfficeChange, change_id)
    if row is None or row.state != changes.DRAFTED:
        return []
    return delegating.carried(uow.session, changes.successors(uow.session, row), row.effective_from)


def batch_of(moving: Iterable[Moving], granted: Iterable[Granted]) -> str:
    """A reviewed list in short: what is done is what was shown."""
    return digest_of([str(one.dossier_id) for one in moving] + [str(one.delegation.id) for one in granted])


def apply(uow: UnitOfWork, change_id: uuid.UUID) -> list[Moving] | None:
    """Do a change: offices, people and all their open dossiers at once. None: it was done before.

    What moved comes along, for the caller to compare with what was reviewed. Refusals: Missing, Forbidden, ChangeNotYet.
    """
    permissions.require(uow.actor, "office.manage")
    session = uow.session
    row = session.get(OfficeChange, change_id, with_for_update=True)
    if row is None or row.state == changes.DROPPED:
        raise Missing
    if row.state == changes.DONE:
        return None
    moved = changes.successors(session, row)
    ids = _concerned(session, moved)
    session.execute(select(Dossier.id).where(Dossier.id.in_(ids)).order_by(Dossier.id).with_for_update())
    moving = _moving(session, ids, moved)
    changes.apply(uow, row, moved)
    _move(uow, ids, moved)
    _tell(uow, row, ids, moved)
    delegating.carry_over(uow, moved, row.effective_from, row.decision)
    session.add_all(
        Reroute(
            change_id=row.id,
            dossier_id=one.dossier_id,
            receiving_office_id=one.receiving_office_id,
            competent_office_id=one.competent_office_id,
        )
        for one in moving
    )
    told = OfficeChanged(kind=row.kind, what_digest=digest_of(row.what), dossiers=len(ids))
    append(uow, row.id, told)
    session.flush()
    return moving


def _concerned(session: Session, moved: Mapping[uuid.UUID, uuid.UUID]) -> list[uuid.UUID]:
    """Dossiers that are open, or of which something still is, in one of these offices."""
    if not moved:
        return []
    old = list(moved)
    parts = [
        select(Dossier.id if column.class_ is Dossier else column.class_.dossier_id).where(column.in_(old), is_open)
        for column, is_open in _OPEN
        if column.class_ is not HandoverList
    ]
    return sorted(session.scalars(union(*parts)))


def _moving(session: Session, ids: Collection[uuid.UUID], moved: Collection[uuid.UUID]) -> list[Moving]:
    if not ids:
        return []

    def count(model: Any, *only: ColumnElement[bool]) -> dict[uuid.UUID, int]:
        query = select(model.dossier_id, func.count()).where(model.dossier_id.in_(ids), *only).group_by(model.dossier_id)
        return {row[0]: row[1] for row in session.execute(query)}

    old = list(moved)
    tasks = count(Task, Task.done_at.is_(None), Task.office_id.in_(old))
    waits = count(Wait, Wait.closed_at.is_(None))
    legs = count(Transfer, Transfer.closed_at.is_(None), or_(Transfer.from_office_id.in_(old), Transfer.to_office_id.in_(old)))
    questions = count(Consultation, Consultation.closed_at.is_(None), Consultation.office_id.in_(old))
    rows = session.scalars(select(Dossier).where(Dossier.id.in_(ids)))
    found = [
        Moving(
            one.id,
            one.code or one.reference,
            one.owner_name,
            one.procedure_code,
            one.receiving_office_id,
            one.competent_office_id,
            tasks.get(one.id, 0),
            waits.get(one.id, 0),
            legs.get(one.id, 0),
            questions.get(one.id, 0),
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: one.code)


def _move(uow: UnitOfWork, ids: Collection[uuid.UUID], moved: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Whoever holds a task keeps it, and a page that is open over it may still be sent: nothing typed is lost."""
    session = uow.session
    session.flush()
    for old, new in moved.items():
        for column, is_open in _OPEN:
            which = Dossier.id.in_(ids) if column.class_ is Dossier else is_open
            change = update(column.class_).where(column == old, which).values({column.key: new})
            session.execute(change, execution_options={"synchronize_session": False})
    session.execute(
        update(Dossier)
        .where(Dossier.id.in_(ids))
        .values(
            revision=Dossier.revision + 1,
            moved_at=uow.clock.now(),
            moved_by=uow.actor.officer_id,
            moved_step="reroute",
        ),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def _tell(uow: UnitOfWork, row: OfficeChange, ids: Collection[uuid.UUID], moved: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """One event in each story; the heads of all stories are read at once."""
    last = (
        select(LedgerEvent.stream_id, func.max(LedgerEvent.seq).label("seq"))
        .where(LedgerEvent.stream_id.in_(ids))
        .group_by(LedgerEvent.stream_id)
        .subquery()
    )
    heads = select(LedgerEvent.stream_id, LedgerEvent.seq, LedgerEvent.digest).join(
        last, and_(last.c.stream_id == LedgerEvent.stream_id, last.c.seq == LedgerEvent.seq)
    )
    for stream_id, seq, digest in uow.session.execute(heads).all():
        recall(uow, stream_id, seq, digest)
    names = {str(old): str(new) for old, new in moved.items()}
    for one in ids:
        append(uow, one, DossierRerouted(change_id=str(row.id), decision=row.decision, offices=names))
