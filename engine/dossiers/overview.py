"""QUERY: one dossier as an officer sees it: what next and whose turn, papers, dates, story, place on the diagram."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, String, Uuid, bindparam, literal_column, select, union
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.db import ONE
from engine.base.errors import Missing
from engine.base.questions import Question, ask
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
from engine.dossiers.people_models import Representative
from engine.dossiers.visible import sees
from engine.ledger.models import LedgerEvent
from engine.org.models import Office, Officer
from engine.payments.models import Charge


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
    #: Who acts for the applicant.
    representatives: Sequence[Representative]
    declaration: AnswerSet | None
    events: Sequence[LedgerEvent]
    #: Officers named anywhere on the page, by id.
    people: dict[uuid.UUID, Officer]
    #: Offices named anywhere on the page, by id.
    offices: dict[uuid.UUID, Office]


_ITS = bindparam("dossier_id", type_=Uuid)
_WORD = bindparam("word", type_=String)
_BY_ID = Question(select(Dossier).where(Dossier.id == _ITS))
_BY_WORD = Question(select(Dossier).where((Dossier.code == _WORD) | (Dossier.reference == _WORD)))


def _of_dossier(model: Any, *order: Any) -> Select[Any]:
    return select(model).where(model.dossier_id == _ITS).order_by(*order)


def _named(model: type[Office] | type[Officer], *where: Select[Any]) -> Question:
    """Whoever one of the queries names."""
    ids = union(*where).subquery()
    return Question(select(model).join(ids, ids.c[0] == model.id))


_ROWS = (
    Question(
        select(Procedure, ProcedureVersion)
        .join(Dossier, Dossier.procedure_code == Procedure.code)
        .join(ProcedureVersion, ProcedureVersion.id == Dossier.version_id)
        .where(Dossier.id == _ITS)
    ),
    _named(
        Office,
        select(Dossier.receiving_office_id).where(Dossier.id == _ITS),
        select(Dossier.competent_office_id).where(Dossier.id == _ITS),
        select(Dossier.helping_office_id).where(Dossier.id == _ITS),
        select(Consultation.office_id).where(Consultation.dossier_id == _ITS),
        select(Transfer.from_office_id).where(Transfer.dossier_id == _ITS),
        select(Transfer.to_office_id).where(Transfer.dossier_id == _ITS),
    ),
    _named(
        Officer,
        select(LedgerEvent.actor_id).where(LedgerEvent.stream_id == _ITS),
        select(Task.assignee_id).where(Task.dossier_id == _ITS),
        select(Task.done_by).where(Task.dossier_id == _ITS),
    ),
    Question(_of_dossier(Task, Task.opened_at)),
    Question(_of_dossier(Wait, Wait.opened_at).where(Wait.closed_at.is_(None))),
    Question(_of_dossier(Deadline, Deadline.started_at, Deadline.id)),
    Question(_of_dossier(Component, Component.position)),
    Question(_of_dossier(DocumentFile, DocumentFile.stored_at)),
    Question(_of_dossier(Slip, Slip.made_at)),
    Question(_of_dossier(Charge, Charge.opened_at)),
    Question(_of_dossier(Supplement, Supplement.round)),
    Question(_of_dossier(Consultation, Consultation.sent_at)),
    Question(_of_dossier(Transfer, Transfer.leg)),
    Question(_of_dossier(Representative, Representative.recorded_at, Representative.id)),
    Question(
        _of_dossier(AnswerSet, AnswerSet.given_at.desc(), AnswerSet.id.desc())
        .where(AnswerSet.step_id == literal_column("'lodge'"))
        .limit(ONE)
    ),
    Question(select(LedgerEvent).where(LedgerEvent.stream_id == _ITS).order_by(LedgerEvent.seq)),
)


def found(session: Session, actor: Actor, ref: str | uuid.UUID) -> Dossier:
    """The dossier with this code, reference or id; Missing for whoever may not know of it."""
    which = _BY_ID if isinstance(ref, uuid.UUID) else _BY_WORD
    (rows,) = ask(session, {"dossier_id": ref, "word": ref}, which)
    for (dossier,) in rows:
        if sees(session, actor, dossier):
            return cast(Dossier, dossier)
    raise Missing


def overview(session: Session, actor: Actor, ref: str | uuid.UUID) -> Overview:
    """Everything of one dossier, or Missing for whoever may not know of it."""
    dossier = found(session, actor, ref)
    ((procedure, version),), *rows = ask(session, {"dossier_id": dossier.id}, *_ROWS)
    each: list[list[Any]] = [[one for (one,) in its] for its in rows]
    offices, people, tasks, waits, deadlines, components, files, slips, charges, *others = each
    supplements, consultations, transfers, representatives, declared, events = others
    by_id = {one.id: one for one in offices}
    return Overview(
        dossier=dossier,
        procedure=procedure,
        version=version,
        receiving=by_id[dossier.receiving_office_id],
        competent=by_id[dossier.competent_office_id],
        tasks=tasks,
        waits=waits,
        deadlines=deadlines,
        components=components,
        files=files,
        slips=slips,
        charges=charges,
        supplements=supplements,
        consultations=consultations,
        transfers=transfers,
        representatives=representatives,
        declaration=next(iter(declared), None),
        events=events,
        people={one.id: one for one in people},
        offices=by_id,
    )


def place_on_diagram(view: Overview, drawn: Sequence[str], calls: Sequence[str]) -> tuple[list[str], list[str]]:
    """(passed, current) element ids of the main diagram.

    `drawn` are the ids on the sheet, `calls` those that call a part. While a part runs, the call that
    was entered last is where the dossier is: the main diagram has one token (no parallel parts).
    """
    on_sheet = set(drawn)
    passed: list[str] = []
    began: dict[str, int] = {}
    for event in view.events:
        if event.type == "task.completed":
            began[event.payload["task_id"]] = len(passed)
        if event.type == "task.recalled":
            del passed[began[event.payload["task_id"]] :]
        passed += [step for step in _steps(event) if step in on_sheet]
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
