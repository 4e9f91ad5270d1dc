"""Whoever passed a dossier on by mistake takes it back, as long as nobody has looked at it and nothing left the house.

The ledger is never rewritten: the state of before the act is put back, one step and no more, and an event says so.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.base.rows import Statement
from engine.base.uow import UnitOfWork
from engine.dossiers.act import Act
from engine.dossiers.course import said_with
from engine.dossiers.models import Task
from engine.dossiers.tasks import ReasonMissing, TaskNotYours
from engine.ledger.events import TaskClosed, TaskRecalled
from engine.ledger.models import LedgerEvent
from engine.org import permissions
from engine.org.models import Officer

#: Under which is kept why a task was taken back.
_RECALLED = "recall."
#: What an act tells that touches nobody outside of the house, and that the next officer need not know of.
_QUIET = {"step.passed", "task.opened", "rules.applied"}
#: What may have been noted about the dossier since, whoever has it in hand.
_NOTED = {
    "dossier.amended",
    "metadata.entered",
    "paper.judged",
    "paper.recognised",
    "paper.stored",
    "representative.named",
    "slip.printed",
}

#: A page that opens waits for no disk. In a crash of the server a look of its last second may be lost: as if nobody had looked.
_SOON = Statement("SELECT set_config('synchronous_commit', 'off', true)", {})
_LOOK = Statement(
    "UPDATE task SET looked_at = %(at)s, looked_by = %(by)s WHERE id = %(id)s AND looked_at IS NULL AND done_at IS NULL", {}
)


class TaskSeen(DomainError):
    """The next officer has opened or claimed it: ask them to send it back."""


class TaskTold(DomainError):
    """The act did more than pass the dossier on: a paper, money, a message, a date, another dossier. `did` says what kind of event."""


class NothingToRecall(DomainError):
    """Only the last step is taken back, by whoever did it."""


@dataclass(frozen=True)
class Recallable:
    """A task that its officer could take back; `refusal` says why not."""

    task: Task
    refusal: DomainError | None


def look(uow: UnitOfWork, task_id: uuid.UUID) -> None:
    """The page of an open task was opened by somebody who may do it: from now on nobody takes it back.

    A transaction of its own: it is committed without waiting for the disk.
    """
    task = uow.session.get(Task, task_id)
    if task is None or task.looked_at or task.done_at or not permissions.may(uow.actor, "task.work", task):
        return
    uow.say(_SOON, {})
    uow.say(_LOOK, {"id": task_id, "at": uow.clock.now(), "by": uow.actor.officer_id})


def recall(uow: UnitOfWork, task_id: uuid.UUID, reason: str, *, key: uuid.UUID | None = None) -> None:
    """Take back a task that the actor finished. Refusals: NothingToRecall, TaskSeen, TaskTold, ReasonMissing."""
    act, task = Act.of_task(uow, task_id)
    if not permissions.may(uow.actor, "task.work", task):
        raise TaskNotYours
    said = said_with(key, reason=reason)
    if act.did(_RECALLED + task.step_id, said):
        return
    if not reason.strip():
        raise ReasonMissing
    runtime = act.runtime
    events = uow.session.scalars(select(LedgerEvent).filter_by(stream_id=act.dossier.id).order_by(LedgerEvent.seq)).all()
    tasks = uow.session.scalars(select(Task).filter_by(dossier_id=act.dossier.id)).all()
    if task.done_by != uow.actor.officer_id or task.done_how != "completed":
        raise NothingToRecall
    if refusal := hindrance(uow.session, events, tasks, task):
        raise refusal
    if runtime.before is None or runtime.before_task_id != task.id:
        raise NothingToRecall
    now = uow.clock.now()
    for one in _followers(events, tasks, task):
        one.done_at, one.done_by, one.done_how = now, uow.actor.officer_id, "recalled"
        one.revision += 1
        act.tell(TaskClosed(task_id=str(one.id), step_id=one.step_id))
    digest = act.keep(_RECALLED + task.step_id, "", said, task_id=task.id)
    _reopen(task, now)
    runtime.state, runtime.before, runtime.before_task_id = runtime.before, None, None
    runtime.revision += 1
    dossier = act.dossier
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by, dossier.moved_step = now, uow.actor.officer_id, task.step_id
    act.tell(
        TaskRecalled(
            task_id=str(task.id), step_id=task.step_id, assignee=str(uow.actor.officer_id), reason_digest=digest
        )
    )


def _reopen(task: Task, now: datetime) -> None:
    """In the hands of whoever did it; what was answered is still there."""
    task.assignee_id, task.claimed_at = task.done_by, now
    task.done_at = task.done_by = task.done_how = task.done_key = task.sent_digest = None
    task.looked_at, task.looked_by = now, task.assignee_id
    task.revision += 1


def candidate(session: Session, events: Sequence[LedgerEvent], tasks: Sequence[Task], officer_id: uuid.UUID) -> Recallable | None:
    """QUERY: the last step of a dossier, if this officer did it and it passed the dossier on to somebody."""
    done = [one for one in tasks if one.done_how == "completed"]
    last = max(done, key=lambda one: _completed(events, one), default=None)
    if last is None or last.done_by != officer_id or not _followers(events, tasks, last):
        return None
    refusal = hindrance(session, events, tasks, last)
    return None if isinstance(refusal, NothingToRecall) else Recallable(last, refusal)


def hindrance(
    session: Session, events: Sequence[LedgerEvent], tasks: Iterable[Task], task: Task
) -> DomainError | None:
    """Why this task cannot be taken back, by what came after it."""
    since = [one for one in events if one.seq > _completed(events, task)]
    if any(one.type == "task.recalled" for one in since):
        return NothingToRecall()
    followers = _followers(events, tasks, task)
    for one in followers:
        by, at = _met(since, task, one)
        if by:
            officer = session.get(Officer, by)
            return TaskSeen(who=officer.name if officer else "Hệ thống", step=one.name, at=at)
    if told := next((one.type for one in since if one.type not in _QUIET | _NOTED), None):
        return TaskTold(did=told.partition(".")[0])
    return None if followers else NothingToRecall()


def _completed(events: Iterable[LedgerEvent], task: Task) -> int:
    """Where in the story the task was finished, the last time."""
    found = (one.seq for one in events if one.type == "task.completed" and one.payload["task_id"] == str(task.id))
    return max(found, default=0)


def _followers(events: Iterable[LedgerEvent], tasks: Iterable[Task], task: Task) -> list[Task]:
    """The tasks that it opened."""
    seq = _completed(events, task)
    opened = {one.payload["task_id"] for one in events if one.type == "task.opened" and one.seq > seq}
    return [one for one in tasks if str(one.id) in opened and one.runtime_id == task.runtime_id]


def _met(since: Iterable[LedgerEvent], task: Task, follower: Task) -> tuple[uuid.UUID | None, datetime | None]:
    """Who has opened, claimed or finished what a task opened, and when."""
    if follower.looked_by and follower.looked_by != task.done_by:
        return follower.looked_by, follower.looked_at
    if follower.assignee_id and _claimed(since, follower):
        return follower.assignee_id, follower.claimed_at
    return follower.done_by, follower.done_at


def _claimed(since: Iterable[LedgerEvent], task: Task) -> bool:
    return any(one.type == "task.claimed" and one.payload["task_id"] == str(task.id) for one in since)
