"""What an officer does with a task: take it, put it back, keep a draft, finish it."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Integer, String, Uuid, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

import forms
from engine.base.db import ONE
from engine.base.errors import DomainError, Forbidden, Missing, SentOtherwise, Stale
from engine.base.ids import digest_of
from engine.base.questions import Question, ask
from engine.base.uow import UnitOfWork
from engine.calendar.rules import Rule
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.documents import checklist
from engine.documents.checklist import Judgement
from engine.dossiers import (
    citing,
    clock,
    delegating,
    facts,
    limits,
    named,
    offices,
    papers,
    people,
    prefill,
    reuse,
)
from engine.dossiers.act import Act
from engine.dossiers.facts import PAPERS_ASKED, REASSIGNED
from engine.dossiers.models import AnswerSet, Task
from engine.dossiers.named import NotInLane
from engine.dossiers.settle import settle
from engine.dossiers.visible import may_see
from engine.ledger.events import PaperJudged, TaskClaimed, TaskCompleted, TaskReassigned, TaskReleased
from engine.org import directory, permissions
from engine.org.models import Lane, LaneSide, Office, Officer
from engine.runtime.errors import StateUnreadable, just_entered
from engine.runtime.state import RuntimeState

log = structlog.get_logger()


class TaskAlreadyDone(Stale):
    """The task was finished before."""


class TaskOvertaken(Stale):
    """The dossier went on without this task: withdrawn, stopped, or a time limit was over."""


class TaskTakenBack(Stale):
    """Whoever did the step before took it back: this task is none any more."""


class TaskHeld(Stale):
    """Another officer holds this task."""


class TaskChanged(Stale):
    """Somebody changed this task after the page was opened."""


class TaskNotYours(Missing):
    """No such task among yours."""


class DossierSuspended(DomainError):
    """Nobody goes on with a suspended dossier; drafts are kept, and it may be withdrawn, stopped, or let go on."""


class SameHands(DomainError):
    """Who examined a dossier may not sign it."""


class ReasonMissing(DomainError):
    """Whoever decides this says why."""

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
    #: Where the step may ask the applicant for more: until when without a reason (T06).
    asks: limits.Asking | None
    #: The rules that its words cite.
    cited: Mapping[str, Rule]
    #: The delegation has ended and this version has no way to the office: the one in force may have.
    lapsed: bool
    #: The stored state cannot be read: the step can be seen, with what was typed, and not be finished.
    broken: StateUnreadable | None = None


def claim(uow: UnitOfWork, task_id: uuid.UUID, *, seen: int) -> TaskDone:
    """Take an open task into one's own hands; of two who try at once, one gets it.

    A task whose holder has left the lane is open again for whoever stands there.
    """
    act, task = _locked(uow, task_id)
    if task.done_at is None and task.assignee_id == uow.actor.officer_id:
        return _done(task)
    if task.done_at is None and task.assignee_id and _still_there(uow, task):
        raise TaskHeld(**_who(uow.session, task.assignee_id), at=task.claimed_at)
    _fresh(act, task, seen)
    _not_suspended(act, task)
    _give(act, task, uow.actor.officer_id)
    act.tell(TaskClaimed(task_id=str(task.id), officer_id=str(uow.actor.officer_id)))
    return _done(task)


def _still_there(uow: UnitOfWork, task: Task) -> bool:
    staff = directory.officers_in(uow.session, task.office_id, task.lane, on=uow.clock.today())
    return any(one.id == task.assignee_id for one in staff)


def release(uow: UnitOfWork, task_id: uuid.UUID, *, seen: int) -> TaskDone:
    """Put a task back for the others of the lane; the draft stays with it. One that lies open already stays so."""
    act, task = _locked(uow, task_id)
    if task.assignee_id is None and task.done_at is None:
        return _done(task)
    if task.assignee_id != uow.actor.officer_id:
        raise TaskNotYours
    _fresh(act, task, seen)
    _give(act, task, None)
    act.tell(TaskReleased(task_id=str(task.id)))
    return _done(task)


def reassign(
    uow: UnitOfWork,
    task_id: uuid.UUID,
    officer_id: uuid.UUID,
    *,
    reason: str,
    seen: int,
    key: uuid.UUID | None = None,
) -> TaskDone:
    """A head gives a task to somebody who stands in its lane today, whoever holds it now (art. 19(1)).

    The draft stays with the task; a specialist who is named here also gets what comes next in the dossier.
    Refusals: NotInLane, SameHands, ReasonMissing, TaskAlreadyDone, TaskChanged.
    """
    act, task = _to_reassign(uow, task_id)
    step = REASSIGNED + task.lane
    said = {"assignee": str(officer_id), "reason": reason, "key": str(key) if key else None}
    if act.did(step, said):
        return _done(task)
    _fresh(act, task, seen)
    if not reason.strip():
        raise ReasonMissing
    if officer_id == task.assignee_id:
        return _done(task)
    staff = directory.officers_in(uow.session, task.office_id, task.lane, on=uow.clock.today())
    if officer_id not in {one.id for one in staff}:
        raise NotInLane
    _separate_hands(act, task, officer_id)
    _give(act, task, officer_id)
    digest = act.keep(step, "", said, task_id=task.id)
    act.tell(TaskReassigned(task_id=str(task.id), officer_id=str(officer_id), reason_digest=digest))
    return _done(task)


def candidates(uow: UnitOfWork, task_id: uuid.UUID) -> list[directory.Colleague]:
    """QUERY: to whom the actor could give a task; nobody where it is not theirs to give."""
    task = uow.session.get(Task, task_id)
    if task is None or task.done_at or not permissions.may(uow.actor, "task.reassign", task):
        return []
    staff = directory.officers_in(uow.session, task.office_id, task.lane, on=uow.clock.today())
    return [one for one in staff if one.id != task.assignee_id]


def _to_reassign(uow: UnitOfWork, task_id: uuid.UUID) -> tuple[Act, Task]:
    act, task = _located(uow, task_id)
    if not permissions.may(uow.actor, "task.reassign", task):
        if not may_see(uow.session, uow.actor, task.dossier_id):
            raise TaskNotYours
        permissions.require(uow.actor, "task.reassign", task)
    return act, task


def _give(act: Act, task: Task, officer_id: uuid.UUID | None) -> None:
    """Into these hands, or (None) back to all of the lane."""
    now = act.uow.clock.now()
    task.assignee_id, task.claimed_at = officer_id, now if officer_id else None
    task.revision += 1
    act.dossier.moved_by, act.dossier.moved_at = act.uow.actor.officer_id, now


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
    Refusals: FormInvalid, BadAnswer, ComponentsMissing, SameHands, TaskHeld, TaskAlreadyDone, TaskOvertaken, TaskChanged,
    DossierSuspended, SentOtherwise, and those of the engine steps that the diagram comes to (a date that is too late, a supplement that was asked for before).
    """
    act, task = _locked(uow, task_id)
    sent = digest_of([dict(answers), dict(judgements or {})]) if key else None
    if task.done_at and key and task.done_key == key:
        if sent != task.sent_digest:
            raise SentOtherwise
        return _done(task)
    _fresh(act, task, seen)
    _not_suspended(act, task)
    _held_by_actor(uow, task)
    _separate_hands(act, task, uow.actor.officer_id)
    if judgements and task.lane != "reception":
        raise Forbidden(action="paper.judge")
    document = publish.form(uow.session, act.runtime.process_version_id, task.form_key)
    clean = forms.load(document, answers, context_of(act, task, document))
    routing = forms.routing(document, clean)
    named.check(
        uow.session, document, clean, on=uow.clock.today(), assigning=act.dossier.competent_office_id
    )
    if check := CHECKS.get(task.step_id):
        check(act, clean)
    judgements = reuse.check(act, judgements or {})
    checklist.judge(uow, act.dossier.id, judgements, must_be_complete=routing.get("reception_outcome") == "accept")
    # From here on only the diagram's own steps may refuse; then all of this is rolled back.
    _tell_judgements(act, judgements)
    digest = act.keep(task.step_id, task.form_key, clean, task_id=task.id)
    task.done_at, task.done_by, task.done_how = uow.clock.now(), uow.actor.officer_id, "completed"
    task.done_key, task.sent_digest, task.draft, task.draft_at = key, sent, None, None
    task.assignee_id = task.assignee_id or uow.actor.officer_id
    task.revision += 1
    act.step = task.step_id
    act.tell(TaskCompleted(task_id=str(task.id), step_id=task.step_id, answers_digest=digest))
    if made := _MADE.get(task.step_id):
        made(act, clean)
    before = act.runtime.state
    with just_entered(routing):
        moved = act.machine.complete(before, task.token, routing)
        settle(act, moved, done=task.token)
    if moved.is_quiet:
        act.runtime.before, act.runtime.before_task_id = before, task.id
    return _done(task)


def _tell_judgements(act: Act, judgements: Mapping[str, Judgement]) -> None:
    """The verdicts; the words about papers that are asked for lie beside the ledger."""
    for key, one in judgements.items():
        act.tell(PaperJudged(component=key, verdict=one.verdict, obtained_by=one.obtained_by))
    if asked := {key: {"why": one.why, "how": one.how} for key, one in judgements.items() if one.why or one.how}:
        act.keep(PAPERS_ASKED, "", asked)


def form_of(uow: UnitOfWork, task_id: uuid.UUID) -> TaskForm:
    """The form of a task with what was typed so far."""
    act, task = _located(uow, task_id, lock=False)
    if not permissions.may(uow.actor, "task.work", task):
        raise TaskNotYours
    document = publish.form(uow.session, act.runtime.process_version_id, task.form_key)
    cited = citing.cited(act, document)
    try:
        variables = _variables(act, task)
        answers = task.draft or prefill.resume(act, document, act.answers(task.step_id))
        context = context_of(act, task, document)
    except StateUnreadable as broken:
        # not its words: they may hold what was declared, which a log may not
        log.error("state unreadable", dossier_id=str(act.dossier_id), step=task.step_id)  # noqa: TRY400
        typed = task.draft or act.answers(task.step_id)
        return TaskForm(task.id, task.dossier_id, document, typed, facts.for_rules(act), task.draft_at, None, cited, lapsed=False, broken=broken)
    asks = limits.asking(act, variables) if _may_ask(task, document) else None
    return TaskForm(task.id, task.dossier_id, document, answers, context, task.draft_at, asks, cited, delegating.lapsed(act, task, document))


def _may_ask(task: Task, document: Mapping[str, Any]) -> bool:
    """Whether an outcome of this form is to ask the applicant for more, or the step sends the request."""
    if task.done_at or task.step_id == "send_request":
        return task.done_at is None
    return any(one["value"] == "supplement" for field in _fields(document) for one in field.get("values") or ())


def _fields(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in document.get("components") or ():
        yield one
        yield from _fields(one)


@dataclass(frozen=True)
class Entered:
    """What somebody entered at a step before."""

    name: str
    who: str
    at: datetime
    document: dict[str, Any]
    answers: Mapping[str, Any]


#: So many steps back: what was drafted, on what examination, and who gave it to whom.
_BACK = literal_column("3", Integer)


def _entered() -> Question:
    again = aliased(AnswerSet)
    last = (
        select(again.id)
        .where(again.dossier_id == Task.dossier_id, again.step_id == Task.step_id, again.task_id == Task.id)
        .order_by(again.given_at.desc(), again.id.desc())
        .limit(ONE)
        .scalar_subquery()
    )
    deciding = select(Lane.code).where(Lane.side == LaneSide.COMPETENT)
    return Question(
        select(Task.name, Officer.name, Task.done_at, RuntimeState.process_version_id, AnswerSet.form_key, AnswerSet.answers)
        .select_from(Task)
        .join(AnswerSet, AnswerSet.id == last)
        .join(RuntimeState, RuntimeState.id == Task.runtime_id)
        .join(Officer, Officer.id == Task.done_by)
        .where(
            Task.dossier_id == bindparam("dossier_id"),
            Task.done_how == "completed",
            Task.id != bindparam("task_id"),
            AnswerSet.answers != {},
            bindparam("lane", type_=String).in_(deciding),
        )
        .order_by(Task.done_at.desc(), Task.id.desc())
        .limit(_BACK)
    )


_ENTERED = _entered()


def entered(session: Session, task: Task) -> list[Entered]:
    """QUERY: what was entered at the last steps, the newest first: whoever reviews, signs or seals reads what. For the side that decides.

    What was taken back stands as it was entered again. What was entered in a form that the version to which the dossier was
    moved no longer has is left out.
    """
    (rows,) = ask(session, {"dossier_id": task.dossier_id, "task_id": task.id, "lane": task.lane}, _ENTERED)
    found = []
    for name, who, at, version_id, form_key, answers in rows:
        with suppress(Missing):
            found.append(Entered(name, who, at, publish.form(session, version_id, form_key), answers))
    return found


def declared_form(uow: UnitOfWork, dossier_id: uuid.UUID) -> dict[str, Any]:
    """The declaration's form, as it was when the dossier was lodged."""
    act = Act.on(uow, dossier_id, lock=False)
    return publish.form(uow.session, act.dossier.version_id, act.terms.declaration)


def context_of(act: Act, task: Task, document: Mapping[str, Any]) -> dict[str, Any]:
    """What an officer's form reads besides its own answers: routing variables and the facts of the rules.

    Of a task that somebody finished meanwhile the variables are gone; its page says so and shows what was typed.
    """
    known = facts.of_lodging(act.dossier, act.uow.clock.now())
    if forms.reads(document) <= known.keys():
        return known  # most forms: nothing, or the day of the lodging
    variables = _variables(act, task)
    if task.step_id == "check_dossier":
        variables["same_day"] = facts.may_wait(act, travels=variables.get("transfer_needed") is True)
    return variables | facts.for_rules(act)


def _variables(act: Act, task: Task) -> dict[str, Any]:
    positions = act.machine.positions(act.runtime.state)
    return next((dict(one.data) for one in positions if one.token == task.token), {})


def _locked(uow: UnitOfWork, task_id: uuid.UUID) -> tuple[Act, Task]:
    """The task and its locked dossier, for somebody who may see it; for all others there is no task."""
    act, task = _located(uow, task_id)
    if not permissions.may(uow.actor, "task.work", task):
        raise TaskNotYours
    return act, task


def _located(uow: UnitOfWork, task_id: uuid.UUID, *, lock: bool = True) -> tuple[Act, Task]:
    try:
        return Act.of_task(uow, task_id, lock=lock)
    except Missing:
        raise TaskNotYours from None


def _fresh(act: Act, task: Task, seen: int) -> None:
    if task.done_at:
        refusal = {"overtaken": TaskOvertaken, "recalled": TaskTakenBack}.get(task.done_how or "", TaskAlreadyDone)
        raise refusal(**_who(act.uow.session, task.done_by), at=task.done_at)
    if task.revision != seen:
        if permissions.may(act.uow.actor, "task.work", task):
            _held_by_actor(act.uow, task)
        raise TaskChanged(**act.last_move())


def _not_suspended(act: Act, task: Task) -> None:
    if task.still_by == clock.SUSPENDED and (pause := clock.suspended(act.uow.session, act.dossier)):
        raise DossierSuspended(article=pause.article, at=pause.started_at)


def _held_by_actor(uow: UnitOfWork, task: Task) -> None:
    """An unclaimed task may be finished at once; one in other hands may not."""
    if task.assignee_id and task.assignee_id != uow.actor.officer_id:
        raise TaskHeld(**_who(uow.session, task.assignee_id), at=task.claimed_at)


def _separate_hands(act: Act, task: Task, officer_id: uuid.UUID) -> None:
    """Examine and sign are two persons, except where the counter decides and a delegation says so (art. 17(5))."""
    if task.lane != "leader":
        return
    (rows,) = ask(act.uow.session, {"dossier_id": act.dossier.id}, _EXAMINED)
    steps = {step for step, done_by in rows if done_by == officer_id}
    if steps - {delegating.STEP} or (steps and not delegating.may_sign(act, officer_id)):
        raise SameHands


_EXAMINED = Question(
    select(Task.step_id, Task.done_by)
    .where(Task.dossier_id == bindparam("dossier_id", type_=Uuid))
    .where(or_(Task.lane == literal_column("'specialist'"), Task.step_id == literal_column(f"'{delegating.STEP}'")))
    .where(Task.done_how == literal_column("'completed'"))
)


def _check_redirect(act: Act, clean: Mapping[str, Any]) -> None:
    """A dossier is sent on only to an office that could decide it."""
    session, dossier = act.uow.session, act.dossier
    procedure = session.get_one(Procedure, dossier.procedure_code)
    receiving = session.get_one(Office, dossier.receiving_office_id)
    named_office, today = uuid.UUID(clean["to_office"]), act.uow.clock.today()
    offices.competent_office(session, procedure, receiving, named_office, on=today)


#: What the rows must allow, beyond what a form can know, by step.
CHECKS: Mapping[str, Callable[[Act, Mapping[str, Any]], None]] = {
    "redirect_dossier": _check_redirect,
    "write_apology": limits.check_apology,
    "hand_over_result": people.check_receiver,
    "hand_over_correction": people.check_receiver,
    delegating.STEP: delegating.check_decider,
}


#: Papers that are made of what was answered, by step.
_MADE: Mapping[str, Callable[[Act, Mapping[str, Any]], None]] = {
    "visit_site": papers.site_minutes,
    "hold_council": papers.council_minutes,
}


def _who(session: Session, officer_id: uuid.UUID | None) -> dict[str, str]:
    officer = session.get(Officer, officer_id) if officer_id else None
    return {"who": officer.name if officer else "Hệ thống"}


def _done(task: Task) -> TaskDone:
    return TaskDone(task.id, task.dossier_id, task.step_id, task.name, task.lane)
