"""Which office does what for a dossier."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Date, String, any_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from engine.base.errors import DomainError
from engine.base.questions import Question, those
from engine.catalog.models import Procedure
from engine.org import authority, directory
from engine.org.models import Office, OfficeKind


class AuthorityOpen(DomainError):
    """Nobody has said yet which office decides this dossier."""


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
    could = {"kinds": [*_kinds(procedure)], "on": on}
    found = those(session, _DECIDING, office_id=named or receiving.parent_id, **could)
    if not found and named:
        # It became part of another after it was named.
        found = those(session, _DECIDING, office_id=successor(session, named), **could)
    if not found:
        raise OfficeUnclear(procedure=procedure.code)
    office: Office = found[0]
    return office


_DECIDING = Question(
    select(Office)
    .where(Office.id == bindparam("office_id"), Office.kind == any_(bindparam("kinds", type_=ARRAY(String))))
    .where(directory.holds(Office, bindparam("on", type_=Date)))
)


def of_branch(session: Session, branch: str, group: Office, *, on: date) -> Office | None:
    """The office of a branch of administration that holds a part of a group: of the same place, else of the province."""
    near = or_(Office.place_code == group.place_code, Office.place_code.is_(None))
    asked = select(Office).where(Office.branch == branch, Office.parent_id == group.parent_id, near, directory.holds(Office, on))
    found = session.scalars(asked.order_by(Office.code)).all()
    return min(found, key=lambda one: one.place_code is None, default=None)


def successor(session: Session, office_id: uuid.UUID) -> uuid.UUID:
    """Who answers for what was this office's; itself, while it is there."""
    return session.scalar(select(Office.replaced_by_id).filter_by(id=office_id)) or office_id


@dataclass(frozen=True)
class Ruled:
    """Who decides a dossier for which nobody was named, and where it is received then."""

    receiving: Office
    competent: Office
    #: Row of authority that says so; None: the commune of the place does, or nobody knows.
    authority_id: uuid.UUID | None
    known: bool = True


def by_authority(
    session: Session, procedure: Procedure, places: Sequence[str], receiving: Office, *, electronic: bool, on: date
) -> Ruled:
    """By rows of authority, else the commune of the place where communes decide; what came in online goes to its counter.

    Where neither says, the office above the counter stands for whoever it will be (`coordination`).
    """
    row = authority.resolve(session, procedure_code=procedure.code, field=procedure.field, places=places, on=on)
    holds = directory.holds(Office, on)
    if row:
        found = session.scalar(select(Office).where(Office.id == row[0], holds))
    elif OfficeKind.COMMUNE in _kinds(procedure) and places:
        found = session.scalar(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_code == places[0], holds))
    else:
        found = None
    if found is None:
        above = session.get_one(Office, receiving.parent_id or receiving.id)
        return Ruled(receiving, above, None, known=False)
    counter = counter_of(session, found, on=on) if electronic else receiving
    return Ruled(counter, found, row[1] if row else None)


def provincial_counter(session: Session, *, on: date) -> Office:
    """Where that lies of which nobody knows who decides."""
    province = aliased(Office)
    return session.scalars(
        select(Office)
        .join(province, province.id == Office.parent_id)
        .where(Office.kind == OfficeKind.CENTRE, province.kind == OfficeKind.PROVINCE, directory.holds(Office, on))
        .order_by(Office.code)
    ).one()


def is_elsewhere(receiving: Office, competent: Office) -> bool:
    """Whether the papers must travel: the counter is not the deciding office's own.

    Departments have no counter of their own but the provincial centre's, so between the two nothing
    is acknowledged: the centre stands for them (Decree 118/2025, art. 7).
    """
    if competent.id in (receiving.id, receiving.parent_id):
        return False
    return not (competent.kind == OfficeKind.DEPARTMENT and receiving.parent_id == competent.parent_id)
