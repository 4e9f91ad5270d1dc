"""What goes on by itself: dossiers whose BPMN timer is due are woken, and get what other dossiers told them.

Any number of workers share this. Each takes the next one by the lock of its dossier, and lets go of it with the commit
of the act: nothing is done twice, and what a killed worker had in hand is the others' again. Where somebody else has
the dossier in hand, it is passed over until the next round.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from engine.base.db import UtcDateTime
from engine.base.questions import Question, ask
from engine.base.uow import UnitOfWork
from engine.dossiers import course, group_dates, post
from engine.dossiers.incidents import may_be_tried
from engine.dossiers.models import Dossier, Incident, Wait

T = TypeVar("T")
Unit = Callable[[], AbstractContextManager[UnitOfWork]]
#: Asked between two acts: whether to leave the rest to others, or to the next start.
Stopped = Callable[[], bool]

# What never changes is written out: PostgreSQL then plans the statement once, and sees that the partial index will do.
_TIMER, _ONE = literal_column("'timer'", String), literal_column("1", Integer)
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime)


def _is_due(wait: type[Wait], its: type[Incident]) -> ColumnElement[bool]:
    return and_(wait.kind == _TIMER, wait.closed_at.is_(None), wait.due_at <= _NOW, may_be_tried(_NOW, its))


_EARLIER, _ITS = aliased(Wait), aliased(Incident)
_NEXT = Question(
    select(Wait.due_at, Wait.id)
    .join(Dossier, Dossier.id == Wait.dossier_id)
    .outerjoin(Incident, Incident.wait_id == Wait.id)
    .where(_is_due(Wait, Incident))
    .where(
        tuple_(Wait.due_at, Wait.id)
        > tuple_(bindparam("due_at", type_=UtcDateTime), bindparam("wait_id", type_=Uuid))
    )
    # One that was passed over holds up those of its dossier that are due later.
    .where(
        ~select(_EARLIER.id)
        .outerjoin(_ITS, _ITS.wait_id == _EARLIER.id)
        .where(_EARLIER.dossier_id == Wait.dossier_id, _EARLIER.due_at < Wait.due_at, _is_due(_EARLIER, _ITS))
        .exists()
    )
    .order_by(Wait.due_at, Wait.id)
    .limit(_ONE)
    .with_for_update(of=Dossier, skip_locked=True)
)


class Due(NamedTuple):
    """A timer and its place in the order of all."""

    due_at: datetime
    wait_id: uuid.UUID


_BEGINNING = Due(datetime.min.replace(tzinfo=UTC), uuid.UUID(int=0))


def fire_due(unit: Unit, stopped: Stopped = lambda: False) -> int:
    """Fire every timer that is due, the earliest first; how many.

    Never early, each once, late after a downtime but never missed. One that breaks is tried again later and later. What the
    dossier was told before that time comes first, however late a worker is: it may have ended what the timer watches.
    """
    return one_by_one(unit, _next, _fire, stopped)


def _fire(uow: UnitOfWork, due: Due) -> bool:
    if told := post.told_before(uow, due.wait_id):
        return course.hear(uow, *told, locked=True)  # a timer that stands all the same comes in the next round
    return course.fire_timer(uow, due.wait_id, locked=True)


def _next(uow: UnitOfWork, last: Due | None) -> Due | None:
    place = (last or _BEGINNING)._asdict()
    (rows,) = ask(uow.session, {"now": uow.clock.now(), **place}, _NEXT)
    return Due._make(rows[0]) if rows else None


def deliver_post(unit: Unit, stopped: Stopped = lambda: False) -> int:
    """Bring what dossiers told one another to those who wait for it, and to groups the dates of their parts; how many were woken or moved.

    Of a message that nobody waited for in time the sender's story is told.
    """

    def hand_over(uow: UnitOfWork, one: post.Delivery) -> bool:
        return course.hear(uow, one.wait_id, one.letter_id, locked=True)

    woken = one_by_one(unit, post.next_message, hand_over, stopped)
    with unit() as uow:
        signals = post.signals(uow.session)
    for signal in signals:
        tell = partial(course.hear, letter_id=signal.id, locked=True)
        woken += one_by_one(unit, partial(post.next_hearer, signal=signal), tell, stopped)
    woken += one_by_one(unit, group_dates.next_told, group_dates.follow, stopped)
    with unit() as uow:
        post.end_signals(uow)
    one_by_one(unit, post.next_expired, post.expire, stopped)
    return woken


def one_by_one(
    unit: Unit,
    take: Callable[[UnitOfWork, T | None], T | None],
    do: Callable[[UnitOfWork, T], bool],
    stopped: Stopped,
) -> int:
    """Take one, do it, commit; until none is left behind the last that was taken, so a round comes to its end.

    One that breaks holds up no other. That it broke is told as an incident by the unit itself (`incidents.guarded`).
    """
    count, last = 0, None
    while not stopped():
        taken, done = None, False
        try:
            with unit() as uow:
                taken = take(uow, last)
                done = taken is not None and do(uow, taken)
        except Exception:
            if taken is None:
                raise
            done = False
        if taken is None:
            break
        count, last = count + done, taken
    return count
