"""Money that comes online: what a gateway says becomes the same receipts and book as at the counter (Decree 118/2025, art. 24).

A gateway tells late, twice, or of money that nobody owes. What fits is counted, once; all else is kept as a surplus,
shown to the cashier, and goes back the way it came. Nothing here talks to it: its word is brought, its work is left as a job.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Invalid, Missing, Stale
from engine.base.ids import uuid7
from engine.base.pages import Page, paged
from engine.base.ports import Bill, PaymentWord
from engine.base.queue import send
from engine.base.text import shortened
from engine.base.uow import UnitOfWork
from engine.dossiers import cashier, fees, papers
from engine.dossiers.act import Act
from engine.dossiers.course import allowed
from engine.dossiers.facts import waiting_for
from engine.dossiers.models import Dossier
from engine.dossiers.settle import deliver
from engine.ledger.events import (
    PaymentReceived,
    PaymentRequested,
    SurplusReleased,
    SurplusRetained,
    SurplusReturned,
)
from engine.org import permissions
from engine.org.models import Office
from engine.payments.models import Payment, PaymentRequest

#: The job that sends a surplus back; `connectors.payments` is behind it.
RETURN = "payment.return"
#: What waits for money in the diagrams.
_WAIT = "payment_settled"
#: A request of which nobody said anything is asked about so long after, again and again, until it is so old.
_LOOK, _FORGET = timedelta(minutes=10), timedelta(days=3)
#: Rows of one list, of one round.
_MOST = 100


class NothingToPay(DomainError):
    """Nothing is owed now, or it is not paid yet."""


class PaymentUnknown(Missing):
    """The gateway tells of a payment that nobody was asked for."""


class ToldOtherwise(Stale):
    """The gateway told this transaction before, with another amount or for another dossier."""


class NotPositive(Invalid):
    """A payment is more than 0."""


class NoSurplus(Stale):
    """This money was counted, or went back before."""


@dataclass(frozen=True)
class Surplus:
    """Money that came and was not owed."""

    payment: Payment
    dossier: Dossier


def begin(uow: UnitOfWork, dossier_id: uuid.UUID, gateway: str) -> Bill:
    """What the gateway is to ask for; the same as long as nobody paid it and as much is owed. Refusal: NothingToPay."""
    act = allowed(uow, dossier_id, "payment.begin")
    session, dossier, now = uow.session, act.dossier, uow.clock.now()
    owed = sorted(fees.asked(act), key=lambda one: (one.kind, one.id))
    amount = sum(one.amount for one in owed)
    if not amount or waiting_for(act, _WAIT) is None:
        raise NothingToPay
    mine = select(PaymentRequest).filter_by(dossier_id=dossier_id)
    unpaid = mine.filter_by(gateway=gateway, amount=amount).where(
        ~select(Payment.id).where(Payment.request_id == PaymentRequest.id).exists()
    )
    row = session.scalars(unpaid.limit(1)).first()
    if row is None:
        number = 1 + (session.scalar(select(func.count()).select_from(mine.subquery())) or 0)
        reference = f"{dossier.reference}-{now.astimezone(VIETNAM):%Y%m%d%H%M%S}-{number}"
        row = PaymentRequest(
            id=uuid7(), dossier_id=dossier_id, reference=reference, gateway=gateway, amount=amount, begun_at=now, look_at=now + _LOOK
        )
        session.add(row)
        act.tell(PaymentRequested(request_id=str(row.id), reference=reference, amount=amount))
    office = session.get_one(Office, dossier.receiving_office_id)
    return Bill(
        reference=row.reference,
        dossier=dossier.code or dossier.reference,
        procedure=act.terms.code,
        procedure_name=act.terms.name,
        office=office.code,
        office_name=office.name,
        payer=dossier.submitter_name,
        amount=amount,
        lines=[(one.kind, one.fee, one.name, one.amount) for one in owed],
    )


def notified(uow: UnitOfWork, gateway: str, word: PaymentWord) -> str:
    """Count what came, or keep it as a surplus; told again it is the same: its state.

    Refusals: PaymentUnknown, ToldOtherwise, NotPositive, Forbidden.
    """
    session = uow.session
    request = session.scalars(select(PaymentRequest).filter_by(gateway=gateway, reference=word.reference)).first()
    if request is None:
        raise PaymentUnknown
    if word.amount <= 0:
        raise NotPositive
    act = Act.on(uow, request.dossier_id)
    permissions.require(uow.actor, "payment.settle", act.dossier)
    known = session.scalars(select(Payment).filter_by(gateway=gateway, transaction_id=word.transaction_id)).first()
    if known:
        if (known.request_id, known.amount) != (request.id, word.amount):
            raise ToldOtherwise
        return known.state
    wait, owed = waiting_for(act, _WAIT), fees.owed(act)
    why = None if wait and owed == word.amount else "amount" if wait and owed else "not_owed"
    row = Payment(
        id=uuid7(),
        dossier_id=request.dossier_id,
        request_id=request.id,
        gateway=gateway,
        transaction_id=word.transaction_id,
        amount=word.amount,
        paid_at=word.paid_at,
        told_at=uow.clock.now(),
        state="surplus" if why else "counted",
        why=why,
    )
    session.add(row)
    ids = {"payment_id": str(row.id), "request_id": str(request.id), "transaction_id": row.transaction_id}
    act.tell(PaymentReceived(**ids, amount=row.amount, state=row.state, why=why))
    if why:
        papers.tell_applicant(act, "overpaid", amount=row.amount)
    elif wait:
        request.look_at = None
        deliver(act.beside(wait.runtime_id), wait, {"payment_answer": "paid", "payment_way": "online"}, how="arrived")
    return row.state


def send_back(uow: UnitOfWork, payment_id: uuid.UUID) -> None:
    """A cashier has a surplus returned by the gateway. Refusals: Missing, NoSurplus, Forbidden."""
    row = uow.session.get(Payment, payment_id)
    if row is None:
        raise Missing
    act = allowed(uow, row.dossier_id, "payment.return")
    uow.session.refresh(row)
    if row.state == "returning":
        return
    if row.state != "surplus":
        raise NoSurplus
    row.state, row.return_trouble = "returning", None
    act.tell(SurplusReleased(payment_id=str(row.id), amount=row.amount))
    send(uow, RETURN, {"payment_id": str(row.id)}, dossier_id=row.dossier_id)


def to_return(session: Session, payment_id: uuid.UUID) -> Payment | None:
    """QUERY: what the gateway is still to send back."""
    return session.scalars(select(Payment).filter_by(id=payment_id, state="returning")).first()


def sent_back(uow: UnitOfWork, payment_id: uuid.UUID, number: str) -> None:
    """The gateway sent it back under this number; said again it is the same."""
    act, row = _returning(uow, payment_id)
    if row.state == "returning":
        row.state, row.return_number, row.returned_at = "returned", number, uow.clock.now()
        act.tell(SurplusReturned(payment_id=str(row.id), number=number))
        papers.tell_applicant(act, "overpaid_returned", amount=row.amount)


def retained(uow: UnitOfWork, payment_id: uuid.UUID, trouble: str) -> None:
    """The gateway could not send it back: it stands among the surpluses again, with what was said."""
    act, row = _returning(uow, payment_id)
    if row.state == "returning":
        row.state, row.return_trouble = "surplus", shortened(trouble, 500)
        act.tell(SurplusRetained(payment_id=str(row.id), amount=row.amount))


def _returning(uow: UnitOfWork, payment_id: uuid.UUID) -> tuple[Act, Payment]:
    row = uow.session.get_one(Payment, payment_id)
    act = Act.on(uow, row.dossier_id)
    uow.session.refresh(row)
    return act, row


def surpluses(
    session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None
) -> Page[Surplus]:
    """QUERY: what came to these tills and was not owed, the oldest first."""
    query = (
        select(Payment, Dossier)
        .join(Dossier, Dossier.id == Payment.dossier_id)
        .where(Payment.state.in_(("surplus", "returning")), Dossier.receiving_office_id.in_(cashier.tills(actor)))
    )
    return paged(session, query, Surplus, at=Payment.told_at, id=Payment.id, after=after, limit=limit)


def silent(uow: UnitOfWork, gateway: str) -> list[str]:
    """References of which nothing was heard and which are to be asked about now; each is asked again later."""
    now = uow.clock.now()
    rows: Sequence[PaymentRequest] = uow.session.scalars(
        select(PaymentRequest)
        .where(PaymentRequest.gateway == gateway, PaymentRequest.look_at <= now)
        .order_by(PaymentRequest.look_at)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.look_at = _next(row.begun_at, now)
    return [one.reference for one in rows]


def _next(begun: datetime, now: datetime) -> datetime | None:
    """Twice as long after the beginning as now, then no more."""
    later = now + max(_LOOK, now - begun)
    return later if later - begun < _FORGET else None
