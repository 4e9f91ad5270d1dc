"""QUERY: nothing is ever stuck silently. Of every open dossier: who has it, or what does it wait for?

A dossier for which nobody can act and nothing will happen is an alarm, and so is one whose rows and diagram disagree.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.base.clock import Clock
from engine.catalog import publish
from engine.dossiers import post
from engine.dossiers.incidents import SCAN, still
from engine.dossiers.models import Dossier, Incident, Task, Wait
from engine.org import directory
from engine.payments.models import Charge
from engine.runtime.machine import EngineCall, Machine
from engine.runtime.state import UNREADABLE, RuntimeState

#: Dossiers looked at in one go.
_BATCH = 500
#: A timer so long past its time has no worker, and so has a message; the worker looks for both every few seconds.
_LATE = timedelta(minutes=5)

_JOBS = text(
    "SELECT args->'payload'->>'wait_id' FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND lock = ANY(:dossiers)"
)


@dataclass
class Standing:
    """How one open dossier stands."""

    dossier_id: uuid.UUID
    #: Code, or the reference while there is none.
    code: str
    tasks: list[Task] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    #: What is wrong: (idle | unmanned | unarmed | late_timer | unasked | unheard | unreadable | out_of_step | incident, the step).
    alarms: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Seen:
    """What decides whether a task or a wait will move."""

    manned: frozenset[tuple[uuid.UUID, str]]
    #: Waits with a standing incident.
    broken: frozenset[uuid.UUID]
    #: Waits that a job of the queue asks for.
    asked: frozenset[str]
    #: Waits for which a message was sent that did not reach them.
    unheard: frozenset[uuid.UUID]
    now: datetime


def standings(session: Session, clock: Clock) -> Iterator[Standing]:
    """Every open dossier, the oldest first, in batches; reads only."""
    manned, last = directory.manned(session, on=clock.today()), uuid.UUID(int=0)
    unheard = post.unheard(session, clock.now() - _LATE)
    while batch := session.scalars(
        select(Dossier)
        .where(Dossier.ended_at.is_(None), Dossier.id > last)
        .order_by(Dossier.id)
        .limit(_BATCH)
    ).all():
        last = batch[-1].id
        yield from _judged(session, batch, manned, unheard, clock.now())
        session.expunge_all()


def _judged(
    session: Session,
    dossiers: Sequence[Dossier],
    manned: frozenset[tuple[uuid.UUID, str]],
    unheard: frozenset[uuid.UUID],
    now: datetime,
) -> Iterator[Standing]:
    ids = [one.id for one in dossiers]
    tasks = _by_dossier(session, select(Task).where(Task.dossier_id.in_(ids), Task.done_at.is_(None)))
    waits = _by_dossier(session, select(Wait).where(Wait.dossier_id.in_(ids), Wait.closed_at.is_(None)))
    states = _by_dossier(session, select(RuntimeState).where(RuntimeState.dossier_id.in_(ids)))
    incidents = _by_dossier(
        session,
        select(Incident)
        .join(Dossier, Dossier.id == Incident.dossier_id)
        .outerjoin(Wait, Wait.id == Incident.wait_id)
        .where(Incident.dossier_id.in_(ids), still()),
    )
    broken = frozenset(one.wait_id for of_one in incidents.values() for one in of_one if one.wait_id)
    asked = frozenset(session.scalars(_JOBS, {"dossiers": [str(one) for one in ids]}))
    seen = _Seen(manned, broken, asked, unheard, now)
    for dossier in dossiers:
        standing = Standing(
            dossier.id, dossier.code or dossier.reference, tasks[dossier.id], waits[dossier.id]
        )
        standing.alarms = [
            *_of_rows(standing, seen),
            # a scan of which no text could be made holds nobody up
            *(("incident", one.step_id) for one in incidents[dossier.id] if one.step_id != SCAN),
            *_of_diagrams(session, standing, states[dossier.id]),
        ]
        yield standing


def owed_after_the_end(session: Session) -> Sequence[str]:
    """Codes of dossiers that have ended and of which a charge is still owed: nobody will ever ask for it. In their order."""
    named = func.coalesce(Dossier.code, Dossier.reference)
    of_ended = select(named).join(Charge, Charge.dossier_id == Dossier.id).where(Dossier.ended_at.is_not(None))
    return session.scalars(of_ended.where(Charge.state == "owed").distinct().order_by(named)).all()


def _by_dossier(session: Session, query: Any) -> Mapping[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.dossier_id].append(row)
    return found


def _of_rows(standing: Standing, seen: _Seen) -> Iterator[tuple[str, str]]:
    if not standing.tasks and not standing.waits:
        yield "idle", ""
    for task in standing.tasks:
        if (task.office_id, task.lane) not in seen.manned:
            yield "unmanned", task.step_id
    for wait in standing.waits:
        if wait.id in seen.broken:
            continue
        if wait.kind == "timer" and not wait.due_at:
            yield "unarmed", wait.step_id
        elif wait.kind == "timer" and wait.due_at and wait.due_at < seen.now - _LATE:
            yield "late_timer", wait.step_id
        if wait.kind == "service" and str(wait.id) not in seen.asked:
            yield "unasked", wait.step_id
        if wait.id in seen.unheard:
            yield "unheard", wait.step_id


def _of_diagrams(
    session: Session, standing: Standing, states: Sequence[RuntimeState]
) -> Iterator[tuple[str, str]]:
    """The rows of each diagram against what its stored state says that it waits for."""
    rows: dict[uuid.UUID, set[str]] = defaultdict(set)
    for task in standing.tasks:
        rows[task.runtime_id].add(task.token)
    for wait in standing.waits:
        rows[wait.runtime_id].add(wait.token)
    for runtime in states:
        try:
            machine = Machine(publish.program_for(session, runtime.process_version_id), _nothing_moves)
            waiting = {one.token: one.step for one in machine.positions(runtime.state)}
        except UNREADABLE:
            yield "unreadable", ""
            continue
        for token in waiting.keys() ^ rows[runtime.id]:
            yield "out_of_step", waiting.get(token, token)


def _nothing_moves(call: EngineCall) -> NoReturn:
    raise AssertionError(call.topic)
