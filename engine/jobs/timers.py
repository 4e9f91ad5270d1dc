"""Wake dossiers whose BPMN timer is due: never early, each once, late after a downtime but never missed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog
from sqlalchemy import select

from engine.base.uow import UnitOfWork
from engine.dossiers import course
from engine.dossiers.models import Wait

log = structlog.get_logger()


def fire_due(unit: Callable[[], AbstractContextManager[UnitOfWork]], *, batch: int = 500) -> int:
    """Fire everything that is due, one transaction each; returns how many fired.

    One that breaks is logged, holds up no other, and is tried again in the next round.
    """
    with unit() as uow:
        due = uow.session.scalars(
            select(Wait.id)
            .where(Wait.kind == "timer", Wait.closed_at.is_(None), Wait.due_at <= uow.clock.now())
            .order_by(Wait.due_at)
            .limit(batch)
        ).all()
    fired = 0
    for wait_id in due:
        try:
            with unit() as uow:
                fired += course.fire_timer(uow, wait_id)
        except Exception:
            log.exception("timer broke", wait_id=str(wait_id))
    return fired
