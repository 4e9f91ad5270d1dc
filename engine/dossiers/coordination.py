"""Dossiers of which no row says who decides: an officer does, with the reason, and nothing is lost meanwhile.

Until then such a dossier lies at the counter where it came in and cannot be accepted: its code would name the wrong
office (Decree 118/2025, art. 28).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.errors import DomainError
from engine.base.pages import Page, paged
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.dossiers import fees, intake, offices, steps
from engine.dossiers.act import Act
from engine.dossiers.course import allowed, said_with
from engine.dossiers.models import Dossier, Task
from engine.dossiers.settle import settle
from engine.dossiers.tasks import ReasonMissing
from engine.ledger.events import AuthorityDecided, StepsTimed
from engine.ledger.models import LedgerEvent
from engine.org import delegations, directory
from engine.org.models import Office

_DECIDED = "authority.decide"


class AuthorityKnown(DomainError):
    """Which office decides this dossier is known already."""

    kind = "stale"


class AuthorityLater(DomainError):
    """The applicant has yet to complete this dossier, or it is no longer being checked: who decides is said then."""


@dataclass(frozen=True)
class Unresolved:
    """One dossier that waits for somebody to say who decides."""

    dossier: Dossier
    procedure: Procedure
    receiving: str


def waiting(
    session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None
) -> Page[Unresolved]:
    """QUERY: those of the actor's counters and of the counters below them, the oldest first."""
    query = (
        select(Dossier, Procedure, Office.name)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .join(Office, Office.id == Dossier.receiving_office_id)
        .where(Dossier.unresolved_at.is_not(None), Dossier.ended_at.is_(None))
        .where(Dossier.receiving_office_id.in_(directory.reach(session, actor)))
    )
    return paged(session, query, Unresolved, at=Dossier.unresolved_at, id=Dossier.id, after=after, limit=limit)


def choices(session: Session, rows: Sequence[Unresolved], uow: UnitOfWork) -> dict[str, list[Office]]:
    """QUERY: procedure -> the offices that could decide it today."""
    procedures = {one.procedure.code: one.procedure for one in rows}
    of_levels: dict[tuple[str, ...], list[Office]] = {}
    for one in procedures.values():
        if (levels := tuple(one.levels)) not in of_levels:
            of_levels[levels] = offices.deciding_offices(session, one, on=uow.clock.today())
    return {code: of_levels[tuple(one.levels)] for code, one in procedures.items()}


def decide(
    uow: UnitOfWork, dossier_id: uuid.UUID, office_id: uuid.UUID, reason: str, *, key: uuid.UUID | None = None
) -> None:
    """Say who decides. What came in online goes to that office's own counter; papers stay where they are, and travel.

    Refusals: Missing, Forbidden, AuthorityKnown, AuthorityLater, ReasonMissing, OfficeUnclear.
    """
    act, said = allowed(uow, dossier_id, "authority.decide"), said_with(key, office=str(office_id), reason=reason)
    if act.did(_DECIDED, said):
        return
    dossier, session, today = act.dossier, uow.session, uow.clock.today()
    if dossier.unresolved_at is None:
        raise AuthorityKnown
    if not reason.strip():
        raise ReasonMissing
    tasks = session.scalars(select(Task).filter_by(dossier_id=dossier_id, done_at=None)).all()
    if dossier.ended_at or [one.step_id for one in tasks] != ["check_dossier"]:
        raise AuthorityLater
    procedure = session.get_one(Procedure, dossier.procedure_code)
    receiving = session.get_one(Office, dossier.receiving_office_id)
    competent = offices.competent_office(session, procedure, receiving, office_id, on=today)
    if dossier.dossier_form == "electronic":
        receiving = offices.counter_of(session, competent, on=today)
    dossier.competent_office_id, dossier.receiving_office_id = competent.id, receiving.id
    dossier.unresolved_at = None
    digest = act.keep(_DECIDED, "", said)
    act.tell(AuthorityDecided(office=str(competent.id), receiving_office=str(receiving.id), reason_digest=digest))
    _again(act, tasks[0], receiving, competent)


def _again(act: Act, check: Task, receiving: Office, competent: Office) -> None:
    """The diagram begins anew, knowing where the dossier goes; the check keeps its time (T02) and what was typed."""
    session, dossier = act.uow.session, act.dossier
    document = publish.form(session, dossier.version_id, act.terms.declaration)
    owed = fees.assess(act.terms, fees.known_of(act))
    fees.open_charges(act, owed)
    variables = intake.start_variables(act, owed, act.answers("lodge"), document, receiving, competent)
    lodged_by = session.get_one(LedgerEvent, (dossier.id, 1)).actor_id
    held = delegations.held(session, lodged_by, dossier.procedure_code, competent.id, on=act.uow.clock.today())
    variables |= intake.handling(variables, is_delegated=held is not None)
    tokens = {one.token for one in act.machine.positions(act.runtime.state)}
    act.step = _DECIDED
    settle(act, replace(act.machine.start(variables), closed=tuple(sorted(tokens))))
    session.flush()
    for task in session.scalars(select(Task).filter_by(dossier_id=dossier.id, done_at=None, step_id=check.step_id)):
        task.due_at, task.draft, task.draft_at = check.due_at, check.draft, check.draft_at
        steps.time_task(act, task)
        act.tell(StepsTimed(why="kept", dues={str(task.id): task.due_at.isoformat() if task.due_at else None}, still=[]))
