"""The day book of a cashier: opened with what lies in the drawer, counted, closed, and the money sent to the budget.

A book balances: what it began with and its lines of cash are what must lie in the drawer. Whoever counts something
else says why. Closing sends on what the office collected until then, also what came without a counter (T11).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Invalid, Missing, Stale
from engine.base.ids import uuid7
from engine.base.money import dong
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.ledger.append import append
from engine.ledger.events import CashdayClosed, CashdayOpened
from engine.org import permissions
from engine.org.models import Office, Officer
from engine.payments.models import CashDay, CashEntry, Charge, Receipt

#: Money that lies in a drawer.
CASH = "cash"


class DayOpen(DomainError):
    """The cashier has an open book already."""


class DayClosed(Stale):
    """This book was closed before."""


class DifferenceUnexplained(Invalid):
    """What was counted is not what the book says, and no reason is given."""


class DepositMissing(Invalid):
    """Money was collected: closing needs the number of the slip with which it goes to the budget."""


class MoneyMalformed(Invalid):
    """An amount is whole dong, not less than 0."""


@dataclass(frozen=True)
class PaidOut:
    """The paper with which money went back, and who signs that they have it."""

    slip_id: uuid.UUID
    number: str
    receiver: str


@dataclass(frozen=True)
class Line:
    """One line of a book, with what it is about."""

    entry: CashEntry
    receipt: Receipt | None

    @property
    def number(self) -> str:
        """Of the receipt; of the paper with which money went back."""
        return self.receipt.number if self.receipt else self.entry.paper_no or ""

    @property
    def person(self) -> str:
        """Who paid, or to whom it went."""
        return self.receipt.payer if self.receipt else self.entry.paid_to or ""


@dataclass(frozen=True)
class Book:
    """A day book as it stands."""

    day: CashDay
    cashier: str
    office: str
    lines: Sequence[Line]

    def total(self, kind: str | None = None, way: str | None = None) -> int:
        return sum(
            one.entry.amount for one in self.lines if kind in (None, one.entry.kind) and way in (None, one.entry.way)
        )

    @property
    def expected(self) -> int:
        """Cash that must lie in the drawer."""
        return self.day.opening + self.total(way=CASH)

    @property
    def ways(self) -> dict[str, int]:
        return {way: self.total(way=way) for way in dict.fromkeys(one.entry.way for one in self.lines)}

    def by_kind(self, kind: str) -> int:
        """What was collected of phí or of lệ phí, by receipts that stand."""
        return sum(one.entry.amount for one in self.lines if one.receipt and one.receipt.kind == kind)


def open_day(uow: UnitOfWork, office_id: uuid.UUID, opening: int) -> uuid.UUID:
    """Begin a book with what lies in the drawer; the same again is one. Refusals: DayOpen, MoneyMalformed, Forbidden."""
    if opening < 0:
        raise MoneyMalformed
    known = _open(uow, office_id)
    if known and known.opening != opening:
        raise DayOpen(at=known.opened_at)
    return known.id if known else _begin(uow, office_id, opening).id


def current(uow: UnitOfWork, office_id: uuid.UUID) -> CashDay:
    """The open book of today of who acts, locked; begun with an empty drawer where nobody said more."""
    return _open(uow, office_id) or _begin(uow, office_id, 0)


def close(uow: UnitOfWork, day_id: uuid.UUID, counted: int, *, reason: str = "", deposit_no: str = "") -> None:
    """Count the drawer and send the money on. The same again is one.

    Refusals: DayClosed, DifferenceUnexplained, DepositMissing, MoneyMalformed.
    """
    day = uow.session.scalars(select(CashDay).filter_by(id=day_id, cashier_id=uow.actor.officer_id).with_for_update()).first()
    if day is None:
        raise Missing
    if day.closed_at:
        if day.counted == counted:
            return
        raise DayClosed(at=day.closed_at)
    if counted < 0:
        raise MoneyMalformed
    permissions.require(uow.actor, "cash.keep", day)
    now, expected = uow.clock.now(), day.opening + _cash(uow.session, day)
    if counted != expected and not reason.strip():
        raise DifferenceUnexplained(expected=dong(expected), counted=dong(counted))
    waiting = _waiting(day)
    if not deposit_no.strip() and uow.session.scalar(select(func.sum(CashEntry.amount)).where(*waiting)):
        raise DepositMissing
    day.closed_at, day.expected, day.counted = now, expected, counted
    day.reason, day.deposit_no = reason.strip() or None, deposit_no.strip() or None
    sent = uow.session.scalars(
        update(CashEntry).where(*waiting).values(deposited_at=now).returning(CashEntry.receipt_id)
    ).all()
    of_receipts = (Charge.dossier_id == Receipt.dossier_id, Charge.kind == Receipt.kind, Charge.receipt_no == Receipt.number)
    uow.session.execute(update(Charge).where(*of_receipts, Receipt.id.in_(sent)).values(deposited_at=now))
    append(uow, day.id, CashdayClosed(expected=expected, counted=counted, deposit_no=day.deposit_no))


def enter(
    uow: UnitOfWork, dossier_id: uuid.UUID, office_id: uuid.UUID, kind: str, way: str, amount: int, *,
    receipt_id: uuid.UUID | None, budget_due_at: datetime, drawer: bool, paper: PaidOut | None = None,
) -> None:  # fmt: skip
    """One line; into the book of who acts, where a person took or gave the money (`drawer`)."""
    day = current(uow, office_id) if drawer else None
    uow.session.add(
        CashEntry(
            id=uuid7(),
            day_id=day.id if day else None,
            office_id=office_id,
            dossier_id=dossier_id,
            receipt_id=receipt_id,
            slip_id=paper.slip_id if paper else None,
            paper_no=paper.number if paper else None,
            paid_to=paper.receiver if paper else None,
            kind=kind,
            way=way,
            amount=amount,
            at=uow.clock.now(),
            budget_due_at=budget_due_at,
        )
    )


def book(session: Session, day_id: uuid.UUID) -> Book:
    """QUERY: a book with its lines, in the order in which they were written."""
    found = session.execute(
        select(CashDay, Officer.name, Office.name)
        .join(Officer, Officer.id == CashDay.cashier_id)
        .join(Office, Office.id == CashDay.office_id)
        .where(CashDay.id == day_id)
    ).first()
    if found is None:
        raise Missing
    lines = session.execute(
        select(CashEntry, Receipt)
        .outerjoin(Receipt, Receipt.id == CashEntry.receipt_id)
        .where(CashEntry.day_id == day_id)
        .order_by(CashEntry.at, CashEntry.id)
    ).all()
    return Book(*found, [Line(entry, receipt) for entry, receipt in lines])


def books(session: Session, cashier_id: uuid.UUID, *, limit: int = 30) -> Sequence[CashDay]:
    """QUERY: the last books of a cashier, the newest first."""
    newest = (CashDay.day.desc(), CashDay.number.desc())
    return session.scalars(select(CashDay).filter_by(cashier_id=cashier_id).order_by(*newest).limit(limit)).all()


def to_deposit(session: Session, office_ids: Sequence[uuid.UUID]) -> tuple[int, datetime | None]:
    """QUERY: what these offices have collected and not sent to the budget, and by when the first of it must go."""
    asked = select(func.sum(CashEntry.amount), func.min(CashEntry.budget_due_at)).where(
        CashEntry.office_id.in_(office_ids), CashEntry.deposited_at.is_(None)
    )
    amount, until = session.execute(asked).one()
    return int(amount or 0), until


def _open(uow: UnitOfWork, office_id: uuid.UUID) -> CashDay | None:
    mine = select(CashDay).filter_by(
        office_id=office_id, cashier_id=uow.actor.officer_id, day=uow.clock.today(), closed_at=None
    )
    return uow.session.scalars(mine.with_for_update()).first()


def _begin(uow: UnitOfWork, office_id: uuid.UUID, opening: int) -> CashDay:
    """Two windows of one cashier wait here for each other; the second finds what the first began."""
    mine = (office_id, uow.actor.officer_id, uow.clock.today())
    wait_turn(uow.session, f"cash_day {mine}")
    known = _open(uow, office_id)
    if known:
        return known
    row = CashDay(
        id=uuid7(),
        office_id=office_id,
        cashier_id=uow.actor.officer_id,
        day=uow.clock.today(),
        number=1 + _last_number(uow.session, *mine),
        opened_at=uow.clock.now(),
        opening=opening,
    )
    permissions.require(uow.actor, "cash.keep", row)
    uow.session.add(row)
    uow.session.flush()
    append(uow, row.id, CashdayOpened(office=str(office_id), opening=opening))
    return row


def _last_number(session: Session, office_id: uuid.UUID, cashier_id: uuid.UUID, day: date) -> int:
    asked = select(func.max(CashDay.number)).filter_by(office_id=office_id, cashier_id=cashier_id, day=day)
    return session.scalar(asked) or 0


def _cash(session: Session, day: CashDay) -> int:
    return int(session.scalar(select(func.sum(CashEntry.amount)).filter_by(day_id=day.id, way=CASH)) or 0)


def _waiting(day: CashDay) -> tuple[ColumnElement[bool], ...]:
    """Lines of this book, and those of the office that lie in no book."""
    mine = or_(CashEntry.day_id == day.id, CashEntry.day_id.is_(None))
    return (CashEntry.office_id == day.office_id, CashEntry.deposited_at.is_(None), mine)
