"""What the machine said becomes rows: tasks, waits, status, end. The narrow waist of the house.

Waits are level-triggered (a message that came before its wait is not lost): the fact is a row of ours
first, and when a wait opens we look whether the fact is already there (`facts.already`).
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import ARRAY, String, Uuid, any_, bindparam, select

from engine.base.ids import uuid7
from engine.base.questions import Question, ask
from engine.base.queue import send
from engine.catalog import publish
from engine.dossiers import (
    children,
    closing,
    correcting,
    facts,
    fees,
    limits,
    post,
    publicity,
    steps,
    topics,  # noqa: F401  what the machine will ask for
)
from engine.dossiers.act import Act
from engine.dossiers.models import Task, Wait
from engine.ledger.events import (
    InstanceEnded,
    ServiceAsked,
    SideStarted,
    StatusChanged,
    StepPassed,
    TaskClosed,
    TaskOpened,
    WaitClosed,
    WaitOpened,
)
from engine.runtime.machine import Moved, Passed, Position
from engine.runtime.state import RuntimeState

#: The relation of flows of the national status (Decree 118/2025; the ten of the national portal).
TRANSITIONS = {
    "registered": {"accepted", "not_accepted", "awaiting_supplement", "awaiting_payment", "withdrawn"},
    "accepted": {
        "in_process",
        "awaiting_supplement",
        "awaiting_payment",
        "withdrawn",
        "stopped",
        "decided",
    },
    "in_process": {"awaiting_supplement", "awaiting_payment", "withdrawn", "stopped", "decided"},
    "awaiting_supplement": {"registered", "in_process", "withdrawn", "stopped"},
    "awaiting_payment": {"registered", "accepted", "in_process", "withdrawn", "stopped"},
    "stopped": {"accepted", "in_process"},
    "decided": {"handed_over"},
    "not_accepted": set(),
    "withdrawn": set(),
    "handed_over": set(),
}


class StatusBroken(AssertionError):
    """A diagram led a dossier along a transition that the law does not know: a bug, never a guess."""


def settle(act: Act, moved: Moved, *, done: str | None = None, end: str | None = None) -> None:
    """Store what the machine did; deliver facts that were there before their wait.

    `done` is the token whose row the caller has closed; `end` names the end of an instance that a command cancelled.
    """
    act.runtime.state = moved.state
    act.runtime.before = act.runtime.before_task_id = None
    act.runtime.revision += 1
    _close(act, set(moved.closed) - {done})
    _status(act, moved.passed)
    post.send(act, moved)
    waits = [_open(act, position) for position in moved.opened]
    if reached := end or moved.ended:
        _end(act, reached)
    dossier = act.dossier
    dossier.revision += 1
    dossier.moved_at = act.uow.clock.now()
    dossier.moved_by = act.uow.actor.officer_id
    dossier.moved_step = act.step
    for wait in waits:
        if wait is None or wait.kind != "message" or wait.closed_at:
            continue
        payload = {} if post.early(act, wait) else facts.already(act, wait)
        if payload is not None:
            deliver(act, wait, payload, how="arrived")


def deliver(act: Act, wait: Wait, variables: dict[str, Any], *, how: str) -> None:
    """Give the machine the one event that a wait was for, and settle."""
    wait.closed_at, wait.how = act.uow.clock.now(), how
    act.tell(WaitClosed(wait_id=str(wait.id), step_id=wait.step_id, how=how))
    act.step = wait.step_id
    if wait.kind == "signal":
        moved = act.machine.signal(act.runtime.state, wait.subject, variables)
    else:
        turn = {"message": act.machine.receive, "timer": act.machine.wake, "service": act.machine.complete}
        moved = turn[wait.kind](act.runtime.state, wait.token, variables)
    settle(act, moved, done=wait.token)


def _close(act: Act, tokens: AbstractSet[str]) -> None:
    """Close the rows of what does not wait any more though nobody dealt with it."""
    if not tokens:
        return
    session, now = act.uow.session, act.uow.clock.now()
    which = {"dossier_id": act.dossier.id, "runtime_id": act.runtime.id, "tokens": [*tokens]}
    # What this act has changed is at hand, and what it has opened itself; neither need go to the database first.
    with session.no_autoflush:
        tasks, waits = ([row for (row,) in rows] for rows in ask(session, which, _TASKS, _WAITS))
    ours = [one for one in session.new if isinstance(one, Task | Wait) and one.runtime_id == act.runtime.id]
    tasks += [one for one in ours if isinstance(one, Task) and one.token in tokens]
    waits += [one for one in ours if isinstance(one, Wait) and one.token in tokens]
    for task in tasks:
        if task.done_at:
            continue
        task.done_at, task.done_how, task.done_by = now, "overtaken", act.uow.actor.officer_id
        task.revision += 1
        act.tell(TaskClosed(task_id=str(task.id), step_id=task.step_id))
    for wait in waits:
        if wait.closed_at:
            continue
        wait.closed_at, wait.how = now, "overtaken"
        act.tell(WaitClosed(wait_id=str(wait.id), step_id=wait.step_id, how="overtaken"))


_OF_TOKENS = any_(bindparam("tokens", type_=ARRAY(String)))
_DOSSIER, _RUNTIME = bindparam("dossier_id", type_=Uuid), bindparam("runtime_id", type_=Uuid)
_TASKS = Question(
    select(Task)
    .where(Task.dossier_id == _DOSSIER, Task.runtime_id == _RUNTIME)  # the dossier is for the index
    .where(Task.done_at.is_(None), Task.token == _OF_TOKENS)
)
_WAITS = Question(
    select(Wait)
    .where(Wait.dossier_id == _DOSSIER, Wait.runtime_id == _RUNTIME)
    .where(Wait.closed_at.is_(None), Wait.token == _OF_TOKENS)
)


def _status(act: Act, passed: Iterable[Passed]) -> None:
    """The national status is that of the last status-bearing element entered."""
    silent: list[str] = []
    dossier = act.dossier
    for one in passed:
        silent.append(one.step)
        status = one.element.status
        if act.runtime.role != "main" or not status or status == dossier.status:
            continue
        move = f"{dossier.status}>{status}"
        if status not in TRANSITIONS[dossier.status] and move not in act.terms.allow_transitions:
            raise StatusBroken(f"{dossier.id}: {move} at {one.step}")
        dossier.status = status
        act.tell(StatusChanged(status=status, step_id=one.step))
        if status == "decided":
            _cancel_sides(act)
    if silent:
        act.tell(StepPassed(steps=silent))


def _open(act: Act, position: Position) -> Wait | None:
    """A row for what waits now: a task for a person, a wait for anything else."""
    if position.kind == "user":
        _open_task(act, position)
        return None
    element = position.element
    due = steps.due_of_step(act, element, position.data)
    wait = Wait(
        id=uuid7(),
        dossier_id=act.dossier.id,
        runtime_id=act.runtime.id,
        token=position.token,
        step_id=position.step,
        name=element.name,
        lane=element.lane,
        beside=act.runtime.role == "side",
        kind=position.kind,
        subject=element.topic if position.kind == "service" else element.message or element.code,
        key=element.key_among(position.data) if position.kind == "message" else None,
        due_at=due,
        opened_at=act.uow.clock.now(),
    )
    act.uow.session.add(wait)
    act.tell(
        WaitOpened(
            wait_id=str(wait.id),
            step_id=wait.step_id,
            kind=wait.kind,
            due_at=due.isoformat() if due else None,
        )
    )
    if wait.kind == "timer" and element.rule == publicity.RULE:
        publicity.begin(act, wait)
    if wait.kind == "service":
        act.tell(ServiceAsked(topic=wait.subject, step_id=wait.step_id))
        send(act.uow, wait.subject, {"wait_id": str(wait.id)}, dossier_id=act.dossier.id)
    return wait


def _open_task(act: Act, position: Position) -> None:
    element, dossier, now = position.element, act.dossier, act.uow.clock.now()
    office_id = act.office_of(element.lane)
    due = steps.due_of_step(act, element, position.data)
    task = Task(
        id=uuid7(),
        dossier_id=dossier.id,
        runtime_id=act.runtime.id,
        token=position.token,
        step_id=position.step,
        name=element.name,
        form_key=element.form,
        lane=element.lane,
        office_id=office_id,
        opened_at=now,
        due_at=due,
        assignee_id=facts.keeper(act, element.lane, office_id),
        revision=1,
    )
    if task.assignee_id:
        task.claimed_at = now
    still = steps.begin_step(act, task)
    act.uow.session.add(task)
    act.tell(
        TaskOpened(
            task_id=str(task.id),
            step_id=task.step_id,
            lane=task.lane,
            office=str(office_id),
            assignee=str(task.assignee_id) if task.assignee_id else None,
            due_at=due.isoformat() if due else None,
        ),
        *still,
    )


def _end(act: Act, end: str) -> None:
    act.tell(InstanceEnded(end=end, role=act.runtime.role))
    if act.runtime.role != "main":
        correcting.end(act)
        return
    dossier = act.dossier
    dossier.ended_at, dossier.end_step = act.uow.clock.now(), end
    limits.stop_clock(act, "ended")
    closing.close_open(act)
    fees.drop(act, dossier.status)
    children.tell_parent(act, "child_finished")
    if dossier.status not in closing.ENDED_EARLY:
        return
    _cancel_sides(act)
    refund = fees.close(act, dossier.status)
    if refund or dossier.dossier_form == "paper":
        known = {"end_reason": dossier.status, "dossier_form": dossier.dossier_form}
        start_side(act, "return_papers", known | {"refund_owed": refund, "refund_due": False})


def _cancel_sides(act: Act) -> None:
    """An apology that is being written has lost its object: the result is there, or the dossier has ended."""
    for runtime in closing.sides_at_work(act):
        side = act.of(runtime)
        settle(side, side.machine.cancel(runtime.state), end="cancelled")


def start_side(act: Act, process: str, variables: dict[str, Any]) -> None:
    """Run a part beside the main diagram, with a state of its own. It never bears a national status."""
    session = act.uow.session
    version = publish.in_force(session, process, act.uow.clock.today())
    if version is None:
        raise LookupError(process)
    runtime = RuntimeState(
        id=uuid7(), dossier_id=act.dossier.id, role="side", process_version_id=version.id, state=b""
    )
    session.add(runtime)
    session.flush()
    act.sides.append(runtime.id)
    side = act.of(runtime)
    side.tell(SideStarted(process=process))
    settle(side, side.machine.start(variables))
