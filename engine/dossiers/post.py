"""What one dossier tells others: messages to whoever waits under the same key, signals to all who wait.

A letter is written in the sender's transaction and delivered in one of the receiver's, so no two dossiers are ever
locked together. A message that comes early lies here for a week (reliability J4) and is taken once; a signal is for
those who waited when it was sent.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine.base.clock import Clock
from engine.base.ids import digest_of, uuid7
from engine.base.uow import UnitOfWork
from engine.dossiers.act import Act
from engine.dossiers.incidents import may_be_tried
from engine.dossiers.models import Incident, Letter, Wait
from engine.ledger.events import LetterReceived, LetterSent
from engine.runtime.machine import Moved

_KEPT = timedelta(days=7)
#: Longer than any act: who opened a wait before a signal was sent has committed by then.
_SETTLED = timedelta(minutes=2)


def send(act: Act, moved: Moved) -> None:
    """Write down what this act of the diagram told to others."""
    letters = [("message", name, key, step) for name, step, key in moved.thrown if key is not None]
    letters += [("signal", name, "", step) for name, step in moved.signals]
    now = act.uow.clock.now()
    for kind, name, key, step in letters:
        letter = Letter(
            id=uuid7(), kind=kind, name=name, key=key, sender_id=act.dossier.id, step_id=step,
            sent_at=now, keep_until=now + _KEPT,
        )  # fmt: skip
        act.uow.session.add(letter)
        act.tell(LetterSent(letter_id=str(letter.id), kind=kind, name=name, key_digest=digest_of(key.encode())))


def early(act: Act, wait: Wait) -> bool:
    """Take the oldest message that lies here for a wait that just opened; whether there was one."""
    if wait.kind != "message" or wait.key is None:
        return False
    letter = act.uow.session.scalars(
        select(Letter)
        .where(*_for(wait), Letter.keep_until > act.uow.clock.now())
        .order_by(Letter.sent_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if letter is not None:
        _take(act, letter)
    return letter is not None


def take(act: Act, wait: Wait, letter_id: uuid.UUID) -> bool:
    """Take one message for a wait of the dossier in hand; False when somebody was faster."""
    letter = act.uow.session.scalars(
        select(Letter).where(Letter.id == letter_id, *_for(wait)).with_for_update()
    ).first()
    if letter is not None:
        _take(act, letter)
    return letter is not None


def deliverable(session: Session, clock: Clock, *, limit: int) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """QUERY: (wait, letter) of messages whose receiver waits by now, the oldest of each first."""
    rows = session.execute(
        select(Wait.id, Letter.id)
        .join(Letter, (Letter.name == Wait.subject) & (Letter.key == Wait.key))
        .outerjoin(Incident, Incident.wait_id == Wait.id)
        .where(Wait.closed_at.is_(None), Wait.kind == "message")
        .where(Letter.kind == "message", Letter.taken_at.is_(None), Letter.keep_until > clock.now())
        .where(may_be_tried(clock.now()))
        .order_by(Letter.sent_at, Letter.id, Wait.opened_at, Wait.id)
        .limit(limit)
    )
    return [(wait_id, letter_id) for wait_id, letter_id in rows]


def hearers(session: Session, clock: Clock, *, limit: int) -> Sequence[uuid.UUID]:
    """QUERY: one wait of each instance that waited for a signal when it was sent, and has not heard it."""
    return session.scalars(
        select(Wait.id)
        .ext(distinct_on(Wait.runtime_id, Wait.subject))
        .join(Letter, _hears())
        .outerjoin(Incident, Incident.wait_id == Wait.id)
        .where(Letter.kind == "signal", Letter.taken_at.is_(None), may_be_tried(clock.now()))
        .order_by(Wait.runtime_id, Wait.subject, Wait.opened_at, Wait.id)
        .limit(limit)
    ).all()


def end_signals(uow: UnitOfWork) -> None:
    """A signal is over when nobody is left who has to hear it, and whoever began to wait meanwhile has committed."""
    unheard = exists(Wait.id).where(_hears()).correlate(Letter)
    over = update(Letter).where(Letter.kind == "signal", Letter.taken_at.is_(None), ~unheard)
    now = uow.clock.now()
    uow.session.execute(over.where(Letter.sent_at < now - _SETTLED).values(taken_at=now))


def _hears() -> ColumnElement[bool]:
    """Inside the sender all have heard it at once (the machine)."""
    return and_(
        Wait.kind == "signal",
        Wait.subject == Letter.name,
        Wait.closed_at.is_(None),
        Wait.opened_at <= Letter.sent_at,
        Wait.dossier_id != Letter.sender_id,
    )


def _for(wait: Wait) -> tuple[ColumnElement[bool], ...]:
    return (Letter.kind == "message", Letter.name == wait.subject, Letter.key == wait.key, Letter.taken_at.is_(None))


def _take(act: Act, letter: Letter) -> None:
    letter.taken_at, letter.taken_by = act.uow.clock.now(), act.dossier.id
    act.tell(LetterReceived(letter_id=str(letter.id), name=letter.name, sender=str(letter.sender_id)))
