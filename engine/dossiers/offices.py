"""Which office does what for a dossier."""

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.catalog.models import Procedure
from engine.org import directory
from engine.org.models import Office, OfficeKind


class OfficeUnclear(DomainError):
    """Several offices could decide this dossier: say which."""


def deciding_offices(session: Session, procedure: Procedure, *, on: date) -> list[Office]:
    """Who could decide on a day, by the levels of the procedure: communes, departments of the province, or both."""
    kinds = _kinds(procedure)
    offices = session.scalars(
        select(Office).where(Office.kind.in_(kinds), directory.holds(Office, on)).order_by(Office.code)
    ).all()
    return sorted(offices, key=lambda one: kinds.index(one.kind))


def _kinds(procedure: Procedure) -> list[OfficeKind]:
    return [
        kind
        for level, kind in (("commune", OfficeKind.COMMUNE), ("province", OfficeKind.DEPARTMENT))
        if level in procedure.levels
    ] or [OfficeKind.DEPARTMENT, OfficeKind.COMMUNE]


def competent_offices(session: Session, procedure: Procedure, receiving: Office, *, on: date) -> list[Office]:
    """The same, the commune whose counter this is first."""
    offices = deciding_offices(session, procedure, on=on)
    return sorted(offices, key=lambda one: one.id != receiving.parent_id)


def counter_of(session: Session, competent: Office, *, on: date) -> Office:
    """Where dossiers for this office are received: its own centre, a department's is the province's."""
    above = competent.id if competent.kind == OfficeKind.COMMUNE else competent.parent_id
    return session.scalars(
        select(Office).where(
            Office.kind == OfficeKind.CENTRE, Office.parent_id == above, directory.holds(Office, on)
        )
    ).one()


def competent_office(
    session: Session, procedure: Procedure, receiving: Office, named: uuid.UUID | None = None, *, on: date
) -> Office:
    """The office that decides: who was named, if it could; else the commune whose counter this is."""
    could = directory.holds(Office, on) & Office.kind.in_(_kinds(procedure))
    found = session.scalars(select(Office).where(Office.id == (named or receiving.parent_id), could)).first()
    if found is None and named:
        # It became part of another after it was named.
        found = session.scalars(select(Office).where(Office.id == successor(session, named), could)).first()
    if found is None:
        raise OfficeUnclear(procedure=procedure.code)
    return found


def successor(session: Session, office_id: uuid.UUID) -> uuid.UUID:
    """Who answers for what was this office's; itself, while it is there."""
    return session.scalar(select(Office.replaced_by_id).filter_by(id=office_id)) or office_id


def is_elsewhere(receiving: Office, competent: Office) -> bool:
    """Whether the papers must travel: the counter is not the deciding office's own.

    Departments have no counter of their own but the provincial centre's, so between the two nothing
    is acknowledged: the centre stands for them (Decree 118/2025, art. 7).
    """
    if competent.id in (receiving.id, receiving.parent_id):
        return False
    return not (competent.kind == OfficeKind.DEPARTMENT and receiving.parent_id == competent.parent_id)
