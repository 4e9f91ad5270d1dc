"""The applicant names somebody who withdraws or fetches for them, after the dossier was lodged."""

import uuid

from engine.base.uow import UnitOfWork
from engine.dossiers import people
from engine.dossiers.course import allowed, said_with
from engine.dossiers.people import Authority, MandateUnclear

_AUTHORISED = "authorise"


def authorise(uow: UnitOfWork, dossier_id: uuid.UUID, authority: Authority, *, key: uuid.UUID | None = None) -> None:
    """Record a paper that the counter has seen. Refusals: MandateUnclear, MandateExpired."""
    act, said = allowed(uow, dossier_id, "dossier.authorise"), said_with(key, **authority.as_kept())
    if act.did(_AUTHORISED, said):
        return
    if not (authority.name.strip() and authority.number.strip() and authority.scope):
        raise MandateUnclear
    act.keep(_AUTHORISED, "", said)
    people.name_representative(act, "proxy", authority)
    dossier = act.dossier
    dossier.revision += 1
    dossier.moved_at, dossier.moved_by, dossier.moved_step = uow.clock.now(), uow.actor.officer_id, _AUTHORISED
