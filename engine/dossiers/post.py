"""What one dossier tells others: messages to whoever waits under the same key, signals to all who wait.

A letter is written in the sender's transaction and delivered in one of the receiver's, so no two dossiers are ever
locked together. A message that comes early lies here for a week and is taken once; whoever waited by then gets it
whenever a worker brings it, the first to wait first, and one that nobody waited for is told of. A signal is for those who waited when it was sent.
Clocks of machines differ: what opened behind a letter in the story of the same dossier came after it, whatever they say.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from engine.base.db import ONE, UtcDateTime
from engine.base.ids import digest_of, uuid7
from engine.base.questions import Question, ask
from engine.base.uow import UnitOfWork
from engine.dossiers.act import Act
from engine.dossiers.incidents import may_be_tried
from engine.dossiers.models import Dossier, Incident, Letter, Wait
from engine.ledger.events import LetterExpired, LetterHeard, LetterReceived, LetterSent, WaitOpened
from engine.ledger.models import LedgerEvent
from engine.runtime.machine import Moved

_KEPT = timedelta(days=7)
#: Longer than any act: who opened a wait before a signal was sent, or a message's time was over, has committed by then.
_SETTLED = timedelta(minutes=2)

_BEGINNING = (datetime.min.replace(tzinfo=UTC), uuid.UUID(int=0))
# What never changes is written out: PostgreSQL then plans the statement once.
_MESSAGE, _ONE = literal_column("'message'", String), literal_column("1", Integer)
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime)


def _first(wait: Wait | type[Wait]) -> ColumnElement[bool]:
    """Nobody who still waits under the same key came before: whose turn it is keeps it, also while it is broken or in hand."""
    earlier = aliased(Wait)
    place = tuple_(wait.opened_at, wait.id, types=(UtcDateTime(), Uuid()))
    return ~(
        exists(earlier.id)
        .where(earlier.kind == _MESSAGE, earlier.subject == wait.subject, earlier.key == wait.key)
        .where(earlier.closed_at.is_(None), tuple_(earlier.opened_at, earlier.id) < place)
        .correlate(Wait)
    )


_NEXT_MESSAGE = (
    select(Letter.sent_at, Letter.id, Wait.id)
    .join(Wait, (Wait.subject == Letter.name) & (Wait.key == Letter.key))
    .join(Dossier, Dossier.id == Wait.dossier_id)
    .outerjoin(Incident, Incident.wait_id == Wait.id)
    .where(Letter.kind == _MESSAGE, Letter.taken_at.is_(None), may_be_tried(_NOW))
    # Who came in time gets it, however late a worker comes.
    .where(Wait.kind == _MESSAGE, Wait.closed_at.is_(None), Wait.opened_at < Letter.keep_until, _first(Wait))
    .where(
        tuple_(Letter.sent_at, Letter.id)
        > tuple_(bindparam("sent_at", type_=UtcDateTime), bindparam("letter_id", type_=Uuid))
    )
    .order_by(Letter.sent_at, Letter.id)
    .limit(_ONE)
    .with_for_update(of=(Letter, Dossier), skip_locked=True)
)


def send(act: Act, moved: Moved) -> None:
    """Write down what this act of the diagram told to others."""
    for name, step, key in moved.thrown:
        if key is not None:
            write(act, "message", name, key, step)
    for name, step in moved.signals:
        write(act, "signal", name, "", step)


def write(act: Act, kind: str, name: str, key: str, step: str) -> None:
    """One letter."""
    now = act.uow.clock.now()
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
        .where(*_for(wait), Letter.keep_until > act.uow.clock.now(), _first(wait))
        .order_by(Letter.sent_at, Letter.id)
        .limit(ONE)
        .with_for_update(skip_locked=True)
    ).first()
    if letter is not None:
        read(act, letter)
    return letter is not None


def take(act: Act, wait: Wait, letter_id: uuid.UUID) -> bool:
    """Take one message, or hear a signal, for a wait of the dossier in hand; False when somebody was faster."""
    if wait.kind == "signal":
        act.tell(LetterHeard(letter_id=str(letter_id), name=wait.subject))
        return True
    letter = act.uow.session.scalars(
        select(Letter).where(Letter.id == letter_id, *_for(wait)).with_for_update()
    ).first()
    if letter is not None:
        read(act, letter)
    return letter is not None


class Delivery(NamedTuple):
    """A message, its place in the order of all, and who gets it."""

    sent_at: datetime
    letter_id: uuid.UUID
    wait_id: uuid.UUID


def next_message(uow: UnitOfWork, last: Delivery | None) -> Delivery | None:
    """The oldest message behind `last` whose receiver waits by now, with its letter and its receiver's dossier locked.

    What somebody else has in hand is passed over.
    """
    now, place = uow.clock.now(), last[:2] if last else _BEGINNING
    row = uow.session.execute(_NEXT_MESSAGE, {"now": now, "sent_at": place[0], "letter_id": place[1]}).first()
    return Delivery._make(row) if row else None


def told_before(uow: UnitOfWork, timer_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID] | None:
    """What the dossier of a timer was told before that was due, and no worker brought yet: the wait that hears it, and the letter.

    The oldest first. A receiver that is broken holds up no timer.
    """
    (rows,) = ask(uow.session, {"now": uow.clock.now(), "timer_id": timer_id}, _TOLD_BEFORE)
    return (rows[0][0], rows[0][1]) if rows else None


def next_expired(uow: UnitOfWork, last: uuid.UUID | None) -> uuid.UUID | None:
    """The next message behind `last` that nobody waited for in time, with its letter and its sender's dossier locked."""
    expected = exists(Wait.id).where(
        Wait.kind == "message",
        Wait.subject == Letter.name,
        Wait.key == Letter.key,
        Wait.closed_at.is_(None),
        Wait.opened_at < Letter.keep_until,
    )
    return uow.session.scalars(
        select(Letter.id)
        .join(Dossier, Dossier.id == Letter.sender_id)
        .where(Letter.kind == "message", Letter.taken_at.is_(None), Letter.id > (last or uuid.UUID(int=0)))
        .where(Letter.keep_until < uow.clock.now() - _SETTLED, ~expected)
        .order_by(Letter.id)
        .limit(ONE)
        .with_for_update(of=(Letter, Dossier), skip_locked=True)
    ).first()


def expire(uow: UnitOfWork, letter_id: uuid.UUID) -> bool:
    """Nobody will take this message any more: the sender's story says so."""
    letter = uow.session.get_one(Letter, letter_id)
    letter.taken_at = uow.clock.now()
    Act.on(uow, letter.sender_id).tell(LetterExpired(letter_id=str(letter.id), name=letter.name))
    return True


def unheard(session: Session, before: datetime) -> frozenset[uuid.UUID]:
    """QUERY: waits open since before an instant for which a message or signal was sent by then that no worker brings.

    A message whose time was over when the wait opened is none for it: its sender's story says so.
    """
    told = and_(Letter.kind == Wait.kind, Letter.name == Wait.subject, Letter.key == func.coalesce(Wait.key, ""))
    in_time = and_(Wait.kind == "message", Letter.keep_until > Wait.opened_at, _first(Wait))
    return frozenset(
        session.scalars(
            select(Wait.id)
            .join(Letter, told)
            .where(Wait.closed_at.is_(None), Wait.opened_at < before)
            .where(Letter.taken_by.is_(None), Letter.sent_at < before, or_(in_time, and_(Letter.taken_at.is_(None), _hears(Letter))))
        )
    )


def signals(session: Session) -> Sequence[Letter]:
    """QUERY: signals that some may still have to hear, the oldest first."""
    untaken = select(Letter).filter_by(kind="signal", taken_at=None)
    return session.scalars(untaken.order_by(Letter.sent_at, Letter.id)).all()


def next_hearer(uow: UnitOfWork, last: uuid.UUID | None, *, signal: Letter) -> uuid.UUID | None:
    """The next wait behind `last` that waited for a signal when it was sent and has not heard it, its dossier locked."""
    return uow.session.scalars(
        select(Wait.id)
        .join(Dossier, Dossier.id == Wait.dossier_id)
        .outerjoin(Incident, Incident.wait_id == Wait.id)
        .where(_hears(signal), Wait.key.is_(None), Wait.id > (last or uuid.UUID(int=0)))
        .where(may_be_tried(uow.clock.now()))
        .order_by(Wait.key, Wait.id)
        .limit(ONE)
        .with_for_update(of=Dossier, skip_locked=True)
    ).first()


def end_signals(uow: UnitOfWork) -> None:
    """A signal is over when nobody is left who has to hear it, and whoever began to wait meanwhile has committed."""
    unheard = exists(Wait.id).where(_hears(Letter)).correlate(Letter)
    over = update(Letter).where(Letter.kind == "signal", Letter.taken_at.is_(None), ~unheard)
    now = uow.clock.now()
    uow.session.execute(over.where(Letter.sent_at < now - _SETTLED).values(taken_at=now))


def _hears(signal: Letter | type[Letter]) -> ColumnElement[bool]:
    """Who waited when the signal was thrown, and waits still.

    BPMN 2.0.2, 10.5.1 (publication): a signal is for all who wait for it, in whatever process, when it is thrown; it is kept for nobody. In
    the instance that throws it the machine lets them hear it at once, in the order of the flow. Of others the row says when
    they began; what began in the very act that threw has the same instant, and then the order of writing decides: a part
    beside the main diagram that was armed before the throw hears it, what is armed behind it does not.
    """
    same = and_(Wait.opened_at == signal.sent_at, Wait.id < signal.id)
    return and_(
        Wait.kind == "signal",
        Wait.subject == signal.name,
        Wait.closed_at.is_(None),
        (Wait.opened_at < signal.sent_at) | same,
        ~_behind(signal),
    )


def _behind(signal: Letter | type[Letter]) -> ColumnElement[bool]:
    """Whether a wait opened behind a signal in the story of its dossier, which had sent it or heard it already."""
    told, opened = aliased(LedgerEvent), aliased(LedgerEvent)
    letter_id = str(signal.id) if isinstance(signal, Letter) else cast(signal.id, String)
    return (
        exists(told.seq)
        .where(told.stream_id == Wait.dossier_id, or_(told.type == LetterSent.type, told.type == LetterHeard.type))
        .where(told.payload["letter_id"].astext == letter_id)
        .where(opened.stream_id == told.stream_id, opened.seq > told.seq, opened.type == WaitOpened.type)
        .where(opened.payload["wait_id"].astext == cast(Wait.id, String))
        .correlate(Wait, Letter)
    )


_RINGS = aliased(Wait)
_TOLD_BEFORE = Question(
    select(Wait.id, Letter.id)
    .join(_RINGS, (_RINGS.dossier_id == Wait.dossier_id) & (_RINGS.id == bindparam("timer_id", type_=Uuid)))
    # A signal has no key; said so, an index finds the letter.
    .join(Letter, (Letter.name == Wait.subject) & (Letter.key == func.coalesce(Wait.key, "")) & (Letter.kind == Wait.kind))
    .outerjoin(Incident, Incident.wait_id == Wait.id)
    .where(Wait.closed_at.is_(None), Letter.taken_at.is_(None), Letter.sent_at <= _RINGS.due_at, may_be_tried(_NOW))
    .where(or_(and_(Wait.kind == _MESSAGE, Wait.opened_at < Letter.keep_until, _first(Wait)), _hears(Letter)))
    .order_by(Letter.sent_at, Letter.id)
    .limit(_ONE)
)


def _for(wait: Wait) -> tuple[ColumnElement[bool], ...]:
    return (Letter.kind == "message", Letter.name == wait.subject, Letter.key == wait.key, Letter.taken_at.is_(None))


def read(act: Act, letter: Letter) -> None:
    """It is taken by the dossier in hand, once and for all."""
    letter.taken_at, letter.taken_by = act.uow.clock.now(), act.dossier.id
    act.tell(LetterReceived(letter_id=str(letter.id), name=letter.name, sender=str(letter.sender_id)))
