"""The till: who owes, who gets money back, what was taken today; take it, write a receipt anew."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.clock import VIETNAM
from engine.base.errors import Invalid, Missing, Stale
from engine.base.pages import Page, paged
from engine.base.uow import UnitOfWork
from engine.catalog.models import Procedure
from engine.documents.models import Slip
from engine.dossiers import facts, fees, receipts, tasks
from engine.dossiers.act import Act
from engine.dossiers.fees import Part
from engine.dossiers.models import Dossier, Task, Wait
from engine.dossiers.tasks import ReasonMissing, TaskAlreadyDone, TaskChanged, TaskDone, TaskOvertaken
from engine.ledger.events import ChargeClosed, ChargeForgone, ExcessReturned, ReceiptVoided
from engine.org import permissions
from engine.org.models import Officer
from engine.payments.days import CASH
from engine.payments.models import Charge, Receipt

#: Under which the page of a void is kept.
_VOIDED = "receipt.void"
#: Under which is kept what was taken, forgone or given back beside the steps.
_COLLECTED, _FORGONE, _RETURNED, _REST = "fee.collect", "fee.forgo", "excess.return", "rest.return"
#: Steps of the parts `pay` and `return_papers`.
TAKE, GIVE_BACK = "take_payment", "refund_fee"

#: Where the diagram waits for money, it is taken at its step or comes online, not beside it.
_AT_A_STEP = (
    select(Wait.id)
    .where(Wait.dossier_id == Charge.dossier_id, Wait.subject == "payment_settled", Wait.closed_at.is_(None))
    .exists()
)
#: What no step asks for: worked out anew, or left over by an older version when its dossier ended.
_ASKED_HERE = and_(Charge.state == literal_column("'owed'"), Charge.cause.is_not(None), ~_AT_A_STEP)
_TOO_MUCH = and_(Charge.excess > Charge.refunded, Charge.state == "paid")

#: While `return_papers` runs, it leads to the step that gives money back.
_ON_ITS_WAY = (
    select(Task.id)
    .where(Task.dossier_id == Charge.dossier_id, Task.step_id.in_(("hand_back_papers", GIVE_BACK)), Task.done_at.is_(None))
    .exists()
)
#: An older diagram went on after a part of it was given back.
_LEFT = and_(Charge.state == "refund_due", Charge.amount > Charge.refunded, ~_ON_ITS_WAY)


class NothingOwed(Stale):
    """Nothing of this dossier is to be taken or given back any more: somebody did it before."""


class AccountMissing(Invalid):
    """Money that is transferred back needs an account."""


class TakenBefore(Stale):
    """Another cashier took this money before: there are receipts for it."""


class ReceiptVoid(Stale):
    """This receipt was voided before."""


@dataclass(frozen=True)
class _AtTheTill:
    dossier: Dossier
    charges: Sequence[Charge]

    @property
    def owed(self) -> int:
        return sum(one.amount for one in self.charges if one.state == "owed")


@dataclass(frozen=True)
class Due(_AtTheTill):
    """One dossier at the till."""

    task: Task
    procedure_name: str
    #: Who has taken the step into their hands.
    holder: str | None

    @property
    def to_give_back(self) -> int:
        back = [one for one in self.charges if one.state == "refund_due"]
        return sum(one.amount - one.refunded for one in back or self.charges if one.state in ("refund_due", "paid"))


@dataclass(frozen=True)
class Anew(_AtTheTill):
    """A dossier of which no step asks for the money: charges to be paid, and charges of which something goes back."""

    @property
    def to_give_back(self) -> int:
        return sum(one.excess - one.refunded for one in self.charges if one.state == "paid")


@dataclass(frozen=True)
class Left(_AtTheTill):
    """A dossier that ended early and had only a part of its money given back: no step asks for the rest."""

    @property
    def to_give_back(self) -> int:
        return sum(one.amount - one.refunded for one in self.charges)


_Row = TypeVar("_Row", bound=_AtTheTill)


@dataclass(frozen=True)
class Taken:
    """A receipt of today."""

    receipt: Receipt
    code: str
    #: None: money that came online, which nobody took
    cashier: str | None


def tills(actor: Actor) -> list[uuid.UUID]:
    """The offices in which the actor takes money."""
    return [office for office, lane in sorted(actor.lanes, key=str) if lane == "cashier"]


def due(session: Session, actor: Actor, step: str, *, after: str | None = None, limit: int | None = None) -> Page[Due]:
    """Whose money is to be taken or given back, the longest waiting first."""
    query = (
        select(Task, Dossier, Procedure.name_vi, Officer.name)
        .join(Dossier, Dossier.id == Task.dossier_id)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .outerjoin(Officer, Officer.id == Task.assignee_id)
        .where(Task.office_id.in_(tills(actor)), Task.lane == "cashier", Task.step_id == step, Task.done_at.is_(None))
    )
    page = paged(session, query, _due, at=Task.opened_at, id=Task.id, after=after, limit=limit)
    charges = _charges(session, [one.dossier for one in page.rows])
    return replace(page, rows=[replace(one, charges=_by_now(one.dossier, charges.get(one.dossier.id, []))) for one in page.rows])


def _by_now(dossier: Dossier, charges: Sequence[Charge]) -> list[Charge]:
    """Without what is owed at a later moment: this step does not ask for it."""
    return [one for one in charges if one.state != "owed" or one.moment in facts.moments(dossier)]


def _due(task: Task, dossier: Dossier, name: str, holder: str | None) -> Due:
    return Due(dossier, (), task, name, holder)


def _charges(session: Session, of: Sequence[Dossier], *where: ColumnElement[bool]) -> dict[uuid.UUID, list[Charge]]:
    """The charges of each of these dossiers."""
    found: dict[uuid.UUID, list[Charge]] = {}
    asked = select(Charge).where(Charge.dossier_id.in_([one.id for one in of]), *where)
    for one in session.scalars(asked.order_by(Charge.kind, Charge.name, Charge.id)) if of else ():
        found.setdefault(one.dossier_id, []).append(one)
    return found


def taken(session: Session, actor: Actor, now: datetime, *, after: str | None = None, limit: int | None = None) -> Page[Taken]:
    """Receipts of these offices of today, the newest first."""
    midnight = datetime.combine(now.astimezone(VIETNAM).date(), time(), VIETNAM)
    query = (
        select(Receipt, Dossier.code, Dossier.reference, Officer.name)
        .join(Dossier, Dossier.id == Receipt.dossier_id)
        .outerjoin(Officer, Officer.id == Receipt.taken_by)
        .where(Receipt.office_id.in_(tills(actor)), Receipt.taken_at >= midnight)
    )

    def line(receipt: Receipt, code: str | None, reference: str, name: str | None) -> Taken:
        return Taken(receipt, code or reference, name)

    return paged(session, query, line, at=Receipt.taken_at, id=Receipt.id, after=after, down=True, limit=limit)


def take(
    uow: UnitOfWork, task_id: uuid.UUID, *, way: str, payer: str = "", seen: int, key: uuid.UUID | None = None
) -> TaskDone:
    """Take all that is owed: the cashier's step is done, receipts are made; of two who try, one does.

    Refusals: TakenBefore, and those of a task.
    """
    answers = {"payment_answer": "paid", "payment_method": way} | ({"payer_name": payer} if payer.strip() else {})
    try:
        return tasks.complete(uow, task_id, answers, seen=seen, key=key)
    except (TaskAlreadyDone, TaskOvertaken, TaskChanged) as late:
        task = uow.session.get_one(Task, task_id)
        made = _standing(uow.session, task.dossier_id)
        if not made:
            raise
        first = made[0]
        who = uow.session.get(Officer, first.taken_by)
        numbers = ", ".join(one.number for one in made)
        raise TakenBefore(who=who.name if who else "Hệ thống", at=first.taken_at, numbers=numbers) from late


def more(session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None) -> Page[Anew]:
    """QUERY: dossiers whose fees were worked out anew, or that ended and owe: what is to be paid or goes back, and waits for no step."""
    anew = select(Charge.dossier_id).where(or_(_ASKED_HERE, _TOO_MUCH))
    query = select(Dossier).where(Dossier.receiving_office_id.in_(tills(actor)), Dossier.id.in_(anew))
    page = paged(session, query, lambda one: Anew(one, ()), at=Dossier.lodged_at, id=Dossier.id, after=after, limit=limit)
    return _with_charges(session, page, or_(_ASKED_HERE, _TOO_MUCH))


def left(session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None) -> Page[Left]:
    """QUERY: dossiers of which money must still go back, and no step of a diagram waits for it."""
    query = select(Dossier).where(Dossier.receiving_office_id.in_(tills(actor)), Dossier.id.in_(select(Charge.dossier_id).where(_LEFT)))
    page = paged(session, query, lambda one: Left(one, ()), at=Dossier.lodged_at, id=Dossier.id, after=after, limit=limit)
    return _with_charges(session, page, _LEFT)


def _with_charges(session: Session, page: Page[_Row], where: ColumnElement[bool]) -> Page[_Row]:
    """Of a dossier that a colleague settled between the two questions there is nothing left to show."""
    charges = _charges(session, [one.dossier for one in page.rows], where)
    standing = [replace(one, charges=charges[one.dossier.id]) for one in page.rows if one.dossier.id in charges]
    return replace(page, rows=standing)


def collect(
    uow: UnitOfWork, dossier_id: uuid.UUID, *, way: str, payer: str = "", key: uuid.UUID | None = None
) -> None:
    """Take what is owed and no step asks for; receipts are made. Refusals: NothingOwed, Forbidden."""
    act = _at_the_till(uow, dossier_id)
    said = {"way": way, "payer": payer, "key": str(key) if key else None}
    if act.did(_COLLECTED, said):
        return
    rows = _asked_here(act)
    if not rows:
        raise NothingOwed
    act.keep(_COLLECTED, "", said)
    for row in rows:
        row.state, row.way, row.settled_at = "paid", "counter", uow.clock.now()
        act.tell(ChargeClosed(charge_id=str(row.id), state=row.state))
    receipts.issue(act, rows, way=way, payer=payer.strip() or None)


def forgo(uow: UnitOfWork, dossier_id: uuid.UUID, reason: str, *, key: uuid.UUID | None = None) -> None:
    """What a dossier that has ended still owes is asked for no more; why stands with each charge.

    Refusals: NothingOwed, ReasonMissing, Forbidden.
    """
    act = _at_the_till(uow, dossier_id)
    said = {"reason": reason, "key": str(key) if key else None}
    if act.did(_FORGONE, said):
        return
    rows = _asked_here(act)
    if act.dossier.ended_at is None or not rows:
        raise NothingOwed
    if not reason.strip():
        raise ReasonMissing
    digest = act.keep(_FORGONE, "", said)
    for row in rows:
        row.state, row.forgone = "cancelled", reason.strip()
        act.tell(ChargeForgone(charge_id=str(row.id), amount=row.amount, reason_digest=digest))


def _asked_here(act: Act) -> Sequence[Charge]:
    asked = select(Charge).filter_by(dossier_id=act.dossier.id).where(_ASKED_HERE).order_by(Charge.id)
    return act.uow.session.scalars(asked).all()


def return_excess(
    uow: UnitOfWork, dossier_id: uuid.UUID, *, way: str, receiver: str = "", account: str = "", key: uuid.UUID | None = None
) -> uuid.UUID:
    """Give back what was paid too much; the paper that its receiver signs. Refusals: NothingOwed, AccountMissing, Forbidden."""

    def parts(act: Act, rows: Sequence[Charge]) -> list[Part]:
        found = [Part(row, row.excess - row.refunded) for row in rows]
        for one in found:
            one.charge.refunded = one.charge.excess
            act.tell(ExcessReturned(charge_id=str(one.charge.id), amount=one.amount))
        return found

    to = _To(way, receiver.strip(), account.strip(), key)
    return _give_back(uow, dossier_id, _RETURNED, _TOO_MUCH, parts, to, "Tính lại phí, lệ phí")


def return_rest(
    uow: UnitOfWork, dossier_id: uuid.UUID, *, way: str, receiver: str = "", account: str = "", key: uuid.UUID | None = None
) -> uuid.UUID:
    """Give back what is left of what must go back (art. 21), as `return_excess` does and with its refusals."""

    def parts(act: Act, rows: Sequence[Charge]) -> list[Part]:
        return fees.refund(act, Left(act.dossier, rows).to_give_back)

    to = _To(way, receiver.strip(), account.strip(), key)
    return _give_back(uow, dossier_id, _REST, _LEFT, parts, to, "Hoàn phần còn lại của phí, lệ phí")


@dataclass(frozen=True)
class _To:
    """How money goes back, and to whom; the key of the page."""

    way: str
    receiver: str
    account: str
    key: uuid.UUID | None


def _give_back(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    name: str,
    of: ColumnElement[bool],
    parts: Callable[[Act, Sequence[Charge]], list[Part]],
    to: _To,
    why: str,
) -> uuid.UUID:
    """The paper of what goes back of these charges; `name` is what the page is kept under."""
    act = _at_the_till(uow, dossier_id)
    said = {"way": to.way, "receiver": to.receiver, "account": to.account, "key": str(to.key) if to.key else None}
    if act.did(name, said):
        made = select(Slip.id).filter_by(dossier_id=dossier_id, kind="fee_refund").order_by(Slip.made_at.desc())
        return uow.session.scalars(made.limit(1)).one()
    rows = uow.session.scalars(select(Charge).filter_by(dossier_id=dossier_id).where(of).order_by(Charge.id)).all()
    if not rows:
        raise NothingOwed
    if to.way != CASH and not to.account:
        raise AccountMissing
    act.keep(name, "", said)
    why += f"; chuyển vào tài khoản {to.account}" if to.way != CASH else ""
    return receipts.give_back(act, parts(act, rows), way=to.way, why=why, receiver=to.receiver or None).id


def _at_the_till(uow: UnitOfWork, dossier_id: uuid.UUID) -> Act:
    act = Act.on(uow, dossier_id)
    permissions.require(uow.actor, "fee.collect", act.dossier)
    return act


def void(
    uow: UnitOfWork, receipt_id: uuid.UUID, reason: str, *, payer: str = "", way: str = "", key: uuid.UUID | None = None
) -> uuid.UUID:
    """A receipt that was written wrongly is voided, with its number, and another takes its place; the money stays.

    Refusals: ReceiptVoid, ReasonMissing, Forbidden.
    """
    wrong = uow.session.get(Receipt, receipt_id)
    if wrong is None:
        raise Missing
    act = Act.on(uow, wrong.dossier_id)
    permissions.require(uow.actor, "cash.keep", wrong)
    said = {"receipt": str(receipt_id), "reason": reason, "payer": payer, "way": way, "key": str(key) if key else None}
    if act.did(_VOIDED, said):
        return wrong.dossier_id
    uow.session.refresh(wrong)
    if wrong.voided_at:
        raise ReceiptVoid(number=wrong.number, at=wrong.voided_at)
    if not reason.strip():
        raise ReasonMissing
    digest = act.keep(_VOIDED, "", said)
    wrong.voided_at, wrong.void_reason = uow.clock.now(), reason.strip()
    act.tell(ReceiptVoided(receipt_id=str(wrong.id), number=wrong.number, reason_digest=digest))
    receipts.enter(act, "void", wrong.way, -wrong.amount, wrong.id)
    charges = select(Charge).filter_by(dossier_id=wrong.dossier_id, receipt_no=wrong.number, kind=wrong.kind)
    rows = list(uow.session.scalars(charges))
    receipts.write(act, wrong.kind, rows, way=way or wrong.way, payer=payer.strip() or wrong.payer)
    return wrong.dossier_id


def _standing(session: Session, dossier_id: uuid.UUID) -> list[Receipt]:
    asked = select(Receipt).filter_by(dossier_id=dossier_id, voided_at=None).order_by(Receipt.taken_at, Receipt.id)
    return list(session.scalars(asked))
