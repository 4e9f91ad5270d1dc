"""The applicant names somebody who withdraws or fetches for them, after the dossier was lodged."""

import uuid

from sqlalchemy import select

from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.dossiers import people
from engine.dossiers.course import allowed, said_with
from engine.dossiers.models import Task
from engine.dossiers.people import Authority, MandateUnclear

_AUTHORISED = "authorise"


class NothingLeftToDo(DomainError):
    """The dossier has ended: nobody is named for it any more."""


def authorise(uow: UnitOfWork, dossier_id: uuid.UUID, authority: Authority, *, key: uuid.UUID | None = None) -> None:
    """Record a paper that the counter has seen; of a dossier that has ended only while its result is being corrected.

    Refusals: NothingLeftToDo, MandateUnclear, MandateDated, MandateExpired.
    """
    act, said = allowed(uow, dossier_id, "dossier.authorise"), said_with(key, **authority.as_kept())
    if act.did(_AUTHORISED, said):
        return
    if not (authority.name.strip() and authority.number.strip() and authority.scope):
        raise MandateUnclear
    open_tasks = select(Task.id).filter_by(dossier_id=dossier_id, done_at=None)
    if act.dossier.ended_at and uow.session.scalar(open_tasks.limit(1)) is None:
        raise NothingLeftToDo
    act.keep(_AUTHORISED, "", said)
    people.name_representative(act, "proxy", authority)
    dossier = act.dossier
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by, dossier.moved_step = uow.clock.now(), uow.actor.officer_id, _AUTHORISED
