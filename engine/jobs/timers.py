"""Wake dossiers whose BPMN timer is due: never early, each once, late after a downtime but never missed.

And bring what dossiers told one another.
"""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

from sqlalchemy import select

from engine.base.uow import UnitOfWork
from engine.dossiers import course, post
from engine.dossiers.incidents import may_be_tried
from engine.dossiers.models import Incident, Wait


def fire_due(unit: Callable[[], AbstractContextManager[UnitOfWork]], *, batch: int = 500) -> int:
    """Fire everything that is due, one transaction each; returns how many fired.

    One that breaks is an incident, holds up no other, and is tried again later and later.
    """
    fired, tried = 0, set[uuid.UUID]()
    while due := [one for one in _due(unit, batch) if one not in tried]:
        tried.update(due)
        for wait_id in due:
            # What breaks is told as an incident by the unit itself (`incidents.guarded`).
            with suppress(Exception), unit() as uow:
                fired += course.fire_timer(uow, wait_id)
    return fired


def _due(unit: Callable[[], AbstractContextManager[UnitOfWork]], batch: int) -> Sequence[uuid.UUID]:
    with unit() as uow:
        now = uow.clock.now()
        return uow.session.scalars(
            select(Wait.id)
            .outerjoin(Incident, Incident.wait_id == Wait.id)
            .where(Wait.kind == "timer", Wait.closed_at.is_(None), Wait.due_at <= now)
            .where(may_be_tried(now))
            .order_by(Wait.due_at)
            .limit(batch)
        ).all()


def deliver_post(unit: Callable[[], AbstractContextManager[UnitOfWork]], *, batch: int = 500) -> int:
    """Bring what dossiers told one another to those who wait for it, one transaction each; how many arrived."""
    with unit() as uow:
        waiting: list[tuple[uuid.UUID, uuid.UUID | None]] = [
            *post.deliverable(uow.session, uow.clock, limit=batch)
        ]
        waiting += [(wait_id, None) for wait_id in post.hearers(uow.session, uow.clock, limit=batch)]
    arrived = 0
    for wait_id, letter_id in waiting:
        with suppress(Exception), unit() as uow:
            arrived += course.hear(uow, wait_id, letter_id)
    with unit() as uow:
        post.end_signals(uow)
    return arrived
