"""The clock stands still where an authority demands it or the law of a sector says that this time does not count."""

import uuid
from collections.abc import Mapping
from typing import Any

from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.dossiers import clock, limits, papers
from engine.dossiers.act import Act
from engine.dossiers.course import allowed, said_with
from engine.dossiers.tasks import ReasonMissing

_SUSPENDED, _RESUMED = "suspend", "unsuspend"


class NoClockRuns(DomainError):
    """No due date is running: there is nothing to let stand still."""


class NotPaused(DomainError):
    """The clock of this dossier is running."""


def suspend(uow: UnitOfWork, dossier_id: uuid.UUID, article: str, *, key: uuid.UUID | None = None) -> None:
    """A head of the deciding office names the law by which the time from now on does not count.

    Nobody goes on with its steps until then (`tasks.DossierSuspended`). What is not the office's to hold up goes on: a
    withdrawal, a change of the declaration, a stop, money, answers of others; and a task may be given to somebody else.
    """
    act, said = allowed(uow, dossier_id, "dossier.suspend"), said_with(key, article=article)
    if act.did(_SUSPENDED, said):
        return
    if not article.strip():
        raise ReasonMissing
    if not limits.pause(act, clock.SUSPENDED, article.strip()):
        raise NoClockRuns
    _keep(act, _SUSPENDED, said)
    papers.tell_applicant(act, "clock_paused", article=article.strip())


def _keep(act: Act, step: str, said: Mapping[str, Any]) -> None:
    act.keep(step, "", said)
    dossier = act.dossier
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by = act.uow.clock.now(), act.uow.actor.officer_id
    dossier.moved_step = step


def unsuspend(uow: UnitOfWork, dossier_id: uuid.UUID, *, key: uuid.UUID | None = None) -> None:
    """The reason is gone: the clock goes on where no other stands, and the applicant is told the new date."""
    act, said = allowed(uow, dossier_id, "dossier.suspend"), said_with(key)
    if act.did(_RESUMED, said):
        return
    if (pause := clock.suspended(uow.session, act.dossier)) is None:
        raise NotPaused
    runs = limits.resume(act, clock.SUSPENDED)
    _keep(act, _RESUMED, said)
    due = act.dossier.due_at
    if runs and due:
        papers.tell_applicant(act, "clock_resumed", due_at=due.isoformat())
    else:
        papers.tell_applicant(act, "pause_lifted", article=pause.article)
