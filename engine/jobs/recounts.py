"""Dossiers whose dates a changed calendar moves: any number of workers share a batch, as they share timers."""

import uuid
from typing import NamedTuple

from sqlalchemy import select, tuple_

from engine.base.uow import UnitOfWork
from engine.calendar.change_models import Recount
from engine.dossiers import recount
from engine.jobs.timers import Stopped, Unit, one_by_one


class _Place(NamedTuple):
    """A dossier's place in the order of all batches."""

    change_id: uuid.UUID
    dossier_id: uuid.UUID


_BEGINNING = _Place(uuid.UUID(int=0), uuid.UUID(int=0))


def count_batches(unit: Unit, stopped: Stopped = lambda: False) -> int:
    """Count every dossier anew that waits for it, each once; how many dates moved."""
    return one_by_one(unit, _next, _count, stopped)


def _next(uow: UnitOfWork, last: _Place | None) -> _Place | None:
    row = uow.session.execute(
        select(Recount.change_id, Recount.dossier_id)
        .where(Recount.done_at.is_(None))
        .where(tuple_(Recount.change_id, Recount.dossier_id) > tuple_(*(last or _BEGINNING)))
        .order_by(Recount.change_id, Recount.dossier_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return _Place._make(row) if row else None


def _count(uow: UnitOfWork, place: _Place) -> bool:
    return recount.count_anew(uow, uow.session.get_one(Recount, place))
