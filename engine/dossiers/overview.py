"""QUERY: one dossier as an officer sees it: what next and whose turn, papers, dates, story, place on the diagram."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.errors import Missing
from engine.catalog.models import Procedure, ProcedureVersion
from engine.documents.models import Component, DocumentFile, Slip
from engine.dossiers.models import (
    AnswerSet,
    Consultation,
    Deadline,
    Dossier,
    Supplement,
    Task,
    Transfer,
    Wait,
)
from engine.dossiers.visible import visible
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.org.models import Office, Officer
from engine.payments.models import Charge

R = TypeVar("R")


@dataclass(frozen=True)
class Overview:
    """Rows of one dossier; detached, to be read by a page."""

    dossier: Dossier
    procedure: Procedure
    version: ProcedureVersion
    receiving: Office
    competent: Office
    tasks: Sequence[Task]
    waits: Sequence[Wait]
    deadlines: Sequence[Deadline]
    components: Sequence[Component]
    files: Sequence[DocumentFile]
    slips: Sequence[Slip]
    charges: Sequence[Charge]
    supplements: Sequence[Supplement]
    consultations: Sequence[Consultation]
    transfers: Sequence[Transfer]
    declaration: AnswerSet | None
    events: Sequence[LedgerEvent]
    #: Officers named anywhere on the page, by id.
    people: dict[uuid.UUID, Officer]
    #: Offices named anywhere on the page, by id.
    offices: dict[uuid.UUID, Office]


def _of_dossier(model: Any, *order: Any) -> Select[Any]:
    return select(model).where(model.dossier_id == bindparam("dossier_id")).order_by(*order)


#: All rows of a dossier, by table. Made once: SQLAlchemy then knows each by itself.
_ROWS: Mapping[Any, Select[Any]] = {
    Task: _of_dossier(Task, Task.opened_at),
    Wait: _of_dossier(Wait, Wait.opened_at).where(Wait.closed_at.is_(None)),
    Deadline: _of_dossier(Deadline, Deadline.started_at, Deadline.id),
    Component: _of_dossier(Component, Component.position),
    DocumentFile: _of_dossier(DocumentFile, DocumentFile.stored_at),
    Slip: _of_dossier(Slip, Slip.made_at),
    Charge: _of_dossier(Charge, Charge.opened_at),
    Supplement: _of_dossier(Supplement, Supplement.round),
    Consultation: _of_dossier(Consultation, Consultation.sent_at),
    Transfer: _of_dossier(Transfer, Transfer.leg),
}


def by_code(session: Session, actor: Actor, code: str) -> uuid.UUID:
    """The dossier with this code or reference, if the actor may know of it."""
    dossier_id = session.scalar(
        select(Dossier.id).where((Dossier.code == code) | (Dossier.reference == code), visible(session, actor))
    )
    if dossier_id is None:
        raise Missing
    return dossier_id


def overview(session: Session, actor: Actor, dossier_id: uuid.UUID) -> Overview:
    """Everything of one dossier, or Missing for whoever may not know of it."""
    dossier = session.scalars(select(Dossier).where(Dossier.id == dossier_id, visible(session, actor))).first()
    if dossier is None:
        raise Missing

    def rows(model: type[R]) -> Sequence[R]:
        return session.scalars(_ROWS[model], {"dossier_id": dossier_id}).all()

    events = history(session, dossier_id)
    consultations = rows(Consultation)
    transfers = rows(Transfer)
    office_ids = (
        {dossier.receiving_office_id, dossier.competent_office_id}
        | {row.office_id for row in consultations}
        | {leg for row in transfers for leg in (row.from_office_id, row.to_office_id)}
    )
    offices = {one.id: one for one in session.scalars(select(Office).where(Office.id.in_(office_ids)))}
    tasks = rows(Task)
    people_ids = {event.actor_id for event in events} | {
        one for task in tasks for one in (task.assignee_id, task.done_by) if one
    }
    return Overview(
        dossier=dossier,
        procedure=session.get_one(Procedure, dossier.procedure_code),
        version=session.get_one(ProcedureVersion, dossier.version_id),
        receiving=offices[dossier.receiving_office_id],
        competent=offices[dossier.competent_office_id],
        tasks=tasks,
        waits=rows(Wait),
        deadlines=rows(Deadline),
        components=rows(Component),
        files=rows(DocumentFile),
        slips=rows(Slip),
        charges=rows(Charge),
        supplements=rows(Supplement),
        consultations=consultations,
        transfers=transfers,
        declaration=session.scalars(
            select(AnswerSet).filter_by(dossier_id=dossier_id, step_id="lodge").limit(1)
        ).first(),
        events=events,
        people={one.id: one for one in session.scalars(select(Officer).where(Officer.id.in_(people_ids)))},
        offices=offices,
    )


def place_on_diagram(view: Overview, drawn: Sequence[str], calls: Sequence[str]) -> tuple[list[str], list[str]]:
    """(passed, current) element ids of the main diagram.

    `drawn` are the ids on the sheet, `calls` those that call a part. While a part runs, the call that
    was entered last is where the dossier is: the main diagram has one token (no parallel parts).
    """
    on_sheet = set(drawn)
    passed = [
        step
        for event in view.events
        for step in _steps(event)
        if step in on_sheet
    ]
    open_steps = {task.step_id for task in view.tasks if task.done_at is None}
    open_steps |= {wait.step_id for wait in view.waits}
    current = sorted(open_steps & on_sheet)
    if open_steps and not current:
        current = [step for step in passed if step in set(calls)][-1:]
    return [step for step in dict.fromkeys(passed) if step not in current], current


def _steps(event: LedgerEvent) -> list[str]:
    if event.type == "step.passed":
        return list(event.payload["steps"])
    return [event.payload["step_id"]] if event.type == "task.completed" else []
