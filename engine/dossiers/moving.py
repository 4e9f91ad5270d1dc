"""Running dossiers go on in another version of their diagram: named, tried first, told, with all times kept.

A dossier stays on the version it was received under, unless an administrator moves it.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.catalog.models import ProcedureVersion, VersionState
from engine.dossiers import delegating, steps
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Task, Wait
from engine.ledger.events import DossierMoved, TaskMoved, TaskReleased
from engine.org import permissions
from engine.runtime.errors import Problem
from engine.runtime.relocate import Relocation
from engine.runtime.state import UNREADABLE, RuntimeState


class CannotMove(DomainError):
    """The dossier cannot go on in that version."""

    def __init__(self, problems: tuple[Problem, ...]):
        super().__init__(problems[0].sentence, sentence=problems[0].sentence)
        self.problems = problems


class NothingToMove(DomainError):
    """The dossier has ended: nothing is left that could go on in another version."""


class NotItsVersion(DomainError):
    """That is no published version of the dossier's own diagram, or the one that it already runs on."""


@dataclass(frozen=True)
class Prospect:
    """What moving one dossier would do."""

    dossier_id: uuid.UUID
    #: Code, or the reference while there is none.
    code: str
    status: str
    #: The version it runs on.
    number: int
    #: Why it cannot move; () when it can.
    problems: tuple[Problem, ...]


def prospects(session: Session, target: ProcedureVersion, names: Mapping[str, str]) -> Iterator[Prospect]:
    """QUERY: every open dossier on another version of this diagram, and whether it can move. Changes nothing."""
    rows = session.execute(
        select(Dossier, ProcedureVersion.id, ProcedureVersion.number, RuntimeState.state)
        .join(ProcedureVersion, ProcedureVersion.id == Dossier.version_id)
        .join(RuntimeState, (RuntimeState.dossier_id == Dossier.id) & (RuntimeState.role == "main"))
        .where(
            ProcedureVersion.code == target.code, ProcedureVersion.id != target.id, Dossier.ended_at.is_(None)
        )
        .order_by(Dossier.id)
        .execution_options(yield_per=500)
    )
    for dossier, version_id, number, state in rows:
        try:
            problems = _relocation(session, version_id, target.id, names).problems(state)
        except UNREADABLE:
            said = "Không đọc được trạng thái hoặc sơ đồ của hồ sơ; xem “motcua check”."
            problems = (Problem("unreadable", said),)
        yield Prospect(dossier.id, dossier.code or dossier.reference, dossier.status, number, problems)


def move(uow: UnitOfWork, dossier_id: uuid.UUID, version_id: uuid.UUID, names: Mapping[str, str]) -> None:
    """Let one dossier go on in another version; who has it, since when and until when stays as it is.

    Refusals: Forbidden, NothingToMove, NotItsVersion, CannotMove.
    """
    permissions.require(uow.actor, "dossier.move")
    _go_on(Act.on(uow, dossier_id), uow.session.get(ProcedureVersion, version_id), names)


def renew(uow: UnitOfWork, task_id: uuid.UUID) -> None:
    """Whoever has a dossier at the counter, and may decide it there no more, brings it to the version in force: there it can
    be passed on to the office (art. 17(5)). Once it is there, nothing more happens.

    Refusals: Missing, NothingToMove, NotItsVersion, CannotMove.
    """
    act, task = Act.of_task(uow, task_id)
    if not permissions.may(uow.actor, "task.work", task):
        raise Missing
    here = uow.session.get_one(ProcedureVersion, act.dossier.version_id)
    there = publish.in_force(uow.session, here.code, uow.clock.today())
    if there and there.id == here.id:
        return
    if task.done_at or not delegating.lapsed(act, task, publish.form(uow.session, here.id, task.form_key)):
        raise NotItsVersion
    _go_on(act, there, {})


def _go_on(act: Act, there: ProcedureVersion | None, names: Mapping[str, str]) -> None:
    uow, session, dossier = act.uow, act.uow.session, act.dossier
    if dossier.ended_at:
        raise NothingToMove
    here = session.get_one(ProcedureVersion, dossier.version_id)
    if (
        there is None
        or there.code != here.code
        or there.id == here.id
        or there.state != VersionState.PUBLISHED
    ):
        raise NotItsVersion
    relocation = _relocation(session, here.id, there.id, names)
    if problems := relocation.problems(act.runtime.state):
        raise CannotMove(problems)
    steps.keep_lengths(act)
    act.runtime.state = relocation.move(act.runtime.state)
    act.runtime.process_version_id = dossier.version_id = there.id
    act.runtime.revision += 1
    act.tell(DossierMoved(from_version=str(here.id), to_version=str(there.id), names=dict(names)))
    _rename(act, relocation)
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by, dossier.moved_step = uow.clock.now(), uow.actor.officer_id, "move"


def _rename(act: Act, relocation: Relocation) -> None:
    """The rows of what is open, in the words of the new version. A draft stays with its form."""
    session = act.uow.session
    now_at = {one.token: one.element for one in act.machine.positions(act.runtime.state)}
    for task in session.scalars(select(Task).filter_by(dossier_id=act.dossier.id, runtime_id=act.runtime.id, done_at=None)):
        element = now_at[task.token]
        if element.form != task.form_key:
            task.draft = task.draft_at = None
        if element.lane != task.lane:
            if task.assignee_id:
                act.tell(TaskReleased(task_id=str(task.id)))
            task.lane, task.assignee_id, task.claimed_at = element.lane, None, None
            task.office_id = act.office_of(element.lane)
            act.tell(TaskMoved(task_id=str(task.id), lane=element.lane, office=str(task.office_id)))
        task.step_id, task.name, task.form_key = element.id, element.name, element.form
        task.revision += 1
    for wait in session.scalars(select(Wait).filter_by(dossier_id=act.dossier.id, runtime_id=act.runtime.id, closed_at=None)):
        gateway, colon, event = wait.token.partition(":")
        wait.token = gateway + colon + relocation.name(event)
        element = now_at[wait.token]
        wait.step_id, wait.name, wait.lane = element.id, element.name, element.lane


def _relocation(session: Session, old: uuid.UUID, new: uuid.UUID, names: Mapping[str, str]) -> Relocation:
    return Relocation(publish.program_for(session, old), publish.program_for(session, new), names)
