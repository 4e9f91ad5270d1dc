"""What an officer does with a task: take it, put it back, keep a draft, finish it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine.base.errors import DomainError, Missing, Stale
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.documents import checklist
from engine.documents.checklist import Judgement
from engine.dossiers import facts, offices, prefill
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Task
from engine.dossiers.settle import settle
from engine.ledger.events import PaperJudged, TaskClaimed, TaskCompleted, TaskReleased
from engine.org import directory, permissions
from engine.org.models import Officer


class TaskAlreadyDone(Stale):
    """The task was finished before."""


class TaskHeld(Stale):
    """Another officer holds this task."""


class TaskChanged(Stale):
    """Somebody changed this task after the page was opened."""


class TaskNotYours(Missing):
    """No such task among yours."""


class SameHands(DomainError):
    """Who examined a dossier may not sign it."""


class OfficeNotOffered(DomainError):
    """No such office exists today."""

    kind = "invalid"


class NotInLane(DomainError):
    """This officer does not stand in the lane of the task today."""

    kind = "invalid"


@dataclass(frozen=True)
class TaskDone:
    """What a screen may say afterwards."""

    task_id: uuid.UUID
    dossier_id: uuid.UUID
    step_id: str
    name: str
    lane: str


@dataclass(frozen=True)
class TaskForm:
    """All that the task page needs to draw the form."""

    task_id: uuid.UUID
    dossier_id: uuid.UUID
    document: dict[str, Any]
    #: The draft, or what is known before anybody typed.
    answers: Mapping[str, Any]
    #: What the form's conditions may read besides its own keys.
    context: Mapping[str, Any]
    draft_at: Any


def claim(uow: UnitOfWork, task_id: uuid.UUID, *, seen: int) -> TaskDone:
    """Take an open task into one's own hands; of two who try at once, one gets it.

    A task whose holder has left the lane is open again for whoever stands there.
    """
    act, task = _locked(uow, task_id)
    if task.assignee_id == uow.actor.officer_id:
        return _done(task)
    if task.assignee_id and _still_there(uow, task):
        raise TaskHeld(**_who(uow.session, task.assignee_id), at=task.claimed_at)
    _fresh(act, task, seen)
    task.assignee_id, task.claimed_at = uow.actor.officer_id, uow.clock.now()
    task.revision += 1
    act.tell(TaskClaimed(task_id=str(task.id), officer_id=str(uow.actor.officer_id)))
    return _done(task)


def _still_there(uow: UnitOfWork, task: Task) -> bool:
    staff = directory.officers_in(uow.session, task.office_id, task.lane, on=uow.clock.today())
    return any(one.id == task.assignee_id for one in staff)


def release(uow: UnitOfWork, task_id: uuid.UUID, *, seen: int) -> TaskDone:
    """Put a task back for the others of the lane; the draft stays with it."""
    act, task = _locked(uow, task_id)
    if task.assignee_id != uow.actor.officer_id:
        raise TaskNotYours
    _fresh(act, task, seen)
    task.assignee_id = task.claimed_at = None
    task.revision += 1
    act.dossier.moved_by, act.dossier.moved_at = uow.actor.officer_id, uow.clock.now()
    act.tell(TaskReleased(task_id=str(task.id)))
    return _done(task)


def save_draft(uow: UnitOfWork, task_id: uuid.UUID, answers: Mapping[str, Any], *, seen: int) -> int:
    """Keep what is typed so far, unchecked; returns the revision, which does not move."""
    act, task = _locked(uow, task_id)
    _held_by_actor(uow, task)
    _fresh(act, task, seen)
    task.draft, task.draft_at = dict(answers), uow.clock.now()
    return task.revision


def complete(
    uow: UnitOfWork,
    task_id: uuid.UUID,
    answers: Mapping[str, Any],
    *,
    seen: int,
    key: uuid.UUID | None = None,
    judgements: Mapping[str, Judgement] | None = None,
) -> TaskDone:
    """Finish a task: its answers are checked against the form of the pinned version, then the diagram moves.

    `key` makes a double click one act; `judgements` are reception's verdicts on the checklist.
    Refusals: FormInvalid, ComponentsMissing, SameHands, TaskHeld, TaskAlreadyDone, TaskChanged.
    """
    act, task = _locked(uow, task_id)
    if task.done_at and key and task.done_key == key:
        return _done(task)
    _fresh(act, task, seen)
    _held_by_actor(uow, task)
    _separate_hands(act, task)
    document = publish.form(uow.session, act.runtime.process_version_id, task.form_key)
    clean = forms.load(document, answers, context_of(act, task))
    routing = forms.routing(document, clean)
    _named_officer(act, clean)
    _named_offices(act, clean)
    checklist.judge(uow, act.dossier.id, judgements or {}, must_be_complete=routing.get("reception_outcome") == "accept")
    # From here on nothing may be refused.
    for component_key, judgement in (judgements or {}).items():
        act.tell(
            PaperJudged(
                component=component_key, verdict=judgement.verdict, obtained_by=judgement.obtained_by
            )
        )
    digest = act.keep(task.step_id, task.form_key, clean, task_id=task.id)
    task.done_at, task.done_by, task.done_how = uow.clock.now(), uow.actor.officer_id, "completed"
    task.done_key, task.draft, task.draft_at = key, None, None
    task.assignee_id = task.assignee_id or uow.actor.officer_id
    task.revision += 1
    act.step = task.step_id
    act.tell(TaskCompleted(task_id=str(task.id), step_id=task.step_id, answers_digest=digest))
    settle(act, act.machine.complete(act.runtime.state, task.token, routing), done=task.token)
    return _done(task)


def form_of(uow: UnitOfWork, task_id: uuid.UUID) -> TaskForm:
    """The form of a task with what was typed so far."""
    task = uow.session.get(Task, task_id)
    if task is None or not permissions.may(uow.actor, "task.work", task):
        raise TaskNotYours
    act = Act.on(uow, task.dossier_id, task.runtime_id, lock=False)
    document = publish.form(uow.session, act.runtime.process_version_id, task.form_key)
    answers = task.draft or act.answers(task.step_id) or prefill.begin(act, document)
    return TaskForm(task.id, task.dossier_id, document, answers, context_of(act, task), task.draft_at)


def declared_form(uow: UnitOfWork, dossier_id: uuid.UUID) -> dict[str, Any]:
    """The declaration's form, as it was when the dossier was lodged."""
    act = Act.on(uow, dossier_id, lock=False)
    return publish.form(uow.session, act.dossier.version_id, act.terms.declaration)


def context_of(act: Act, task: Task) -> dict[str, Any]:
    """What an officer's form may read: routing variables and the facts of the rules.

    Of a task that somebody finished meanwhile the variables are gone; its page says so and shows what was typed.
    """
    positions = act.machine.positions(act.runtime.state)
    variables = next((dict(one.data) for one in positions if one.token == task.token), {})
    return variables | facts.for_rules(act, act.answers("lodge"))


def _locked(uow: UnitOfWork, task_id: uuid.UUID) -> tuple[Act, Task]:
    """The task and its locked dossier, for somebody who may see it; for all others there is no task."""
    found = uow.session.execute(select(Task.dossier_id, Task.runtime_id).filter_by(id=task_id)).first()
    if found is None:
        raise TaskNotYours
    act = Act.on(uow, found.dossier_id, found.runtime_id)
    task = uow.session.get_one(Task, task_id, populate_existing=True)
    if not permissions.may(uow.actor, "task.work", task):
        raise TaskNotYours
    return act, task


def _fresh(act: Act, task: Task, seen: int) -> None:
    dossier: Dossier = act.dossier
    if task.done_at:
        raise TaskAlreadyDone(**_who(act.uow.session, task.done_by), at=task.done_at)
    if task.revision != seen:
        _held_by_actor(act.uow, task)
        raise TaskChanged(**_who(act.uow.session, dossier.moved_by), at=dossier.moved_at)


def _held_by_actor(uow: UnitOfWork, task: Task) -> None:
    """An unclaimed task may be finished at once; one in other hands may not."""
    if task.assignee_id and task.assignee_id != uow.actor.officer_id:
        raise TaskHeld(**_who(uow.session, task.assignee_id), at=task.claimed_at)


def _separate_hands(act: Act, task: Task) -> None:
    """Examine and sign are two persons, except where the counter itself decides (art. 17(5))."""
    if task.lane != "leader":
        return
    examined = act.uow.session.scalars(
        select(Task.done_by).filter_by(dossier_id=act.dossier.id, lane="specialist", done_how="completed")
    )
    if act.uow.actor.officer_id in set(examined):
        raise SameHands


def _named_officer(act: Act, clean: Mapping[str, Any]) -> None:
    """A specialist who was named must stand in that lane of the deciding office today."""
    if not (named := clean.get("assignee")):
        return
    office_id = offices.office_of(act.uow.session, act.dossier, "specialist")
    staff = directory.officers_in(act.uow.session, office_id, "specialist", on=act.uow.clock.today())
    if str(named) not in {str(one.id) for one in staff}:
        raise NotInLane


def _named_offices(act: Act, clean: Mapping[str, Any]) -> None:
    """Offices to which a dossier or a question shall go must exist today."""
    named = {clean.get("to_office"), *(row.get("office") for row in clean.get("offices") or [])} - {None}
    known = {str(one.id) for one in directory.offices(act.uow.session, on=act.uow.clock.today())} if named else set()
    if named - known:
        raise OfficeNotOffered


def _who(session: Session, officer_id: uuid.UUID | None) -> dict[str, str]:
    officer = session.get(Officer, officer_id) if officer_id else None
    return {"who": officer.name if officer else "Hệ thống"}


def _done(task: Task) -> TaskDone:
    return TaskDone(task.id, task.dossier_id, task.step_id, task.name, task.lane)
