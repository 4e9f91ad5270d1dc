"""Rows of money. Every amount is whole dong."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Charge(Base):
    """What a dossier owes for one fee of its version (khoản thu)."""

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND full_amount >= amount", name="amounts"),
        Index("ix__charge__excess", "dossier_id", postgresql_where=text("excess > refunded")),
        Index("ix__charge__anew", "dossier_id", postgresql_where=text("cause IS NOT NULL AND state = 'owed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: Id of the fee row in the record, e.g. F-EXTRACT.
    fee: Mapped[str]
    #: phi | le_phi
    kind: Mapped[str]
    name: Mapped[str]
    #: What is to be paid; 0 when waived.
    amount: Mapped[int] = mapped_column(BigInteger)
    #: What it would be without the exemption.
    full_amount: Mapped[int] = mapped_column(BigInteger)
    #: The article that sets or waives it: the applicant sees why.
    basis: Mapped[str]
    #: Class of person for whom it is waived or reduced; the proof lies in the facts of the dossier.
    exempt_class: Mapped[str | None]
    #: at_reception | before_result | at_return
    moment: Mapped[str]
    #: Why no step asks for it: it was assessed after the lodging, amended | exempted | decided; or an older version left it
    #: owed when the dossier ended, left. None: of the lodging, or of when it was counted.
    cause: Mapped[str | None]
    #: owed | paid | waived | debt_recorded; of a dossier that ended early: cancelled | refund_due | refunded
    state: Mapped[str]
    #: Of one that was cancelled at the till: why nobody is asked for it any more.
    forgone: Mapped[str | None]
    #: counter | online
    way: Mapped[str | None]
    receipt_no: Mapped[str | None]
    #: When it went to the budget.
    deposited_at: Mapped[datetime | None]
    #: What of it went back.
    refunded: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    #: What of it was paid and is not owed any more, since it was assessed anew: it goes back.
    excess: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Receipt(Base):
    """A receipt (biên lai): for one kind of money, numbered in the series of its office, never taken back, only voided."""

    __tablename__ = "receipt"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    slip_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slip.id"))
    #: phi | le_phi
    kind: Mapped[str]
    number: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    payer: Mapped[str]
    #: cash | card | qr | transfer | online
    way: Mapped[str]
    taken_at: Mapped[datetime]
    taken_by: Mapped[uuid.UUID]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class CashDay(Base):
    """The day book of a cashier (sổ thu trong ngày): opened with what lies in the drawer, closed when it is counted."""

    __tablename__ = "cash_day"
    __table_args__ = (UniqueConstraint("office_id", "cashier_id", "day", "number", name="uq__cash_day__book"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    cashier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officer.id"))
    day: Mapped[date]
    #: 1, 2, ... of this day: who closed one and is paid again opens the next.
    number: Mapped[int]
    opened_at: Mapped[datetime]
    opening: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    #: Cash by the book, and as counted; a difference has its reason.
    expected: Mapped[int | None] = mapped_column(BigInteger)
    counted: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None]
    #: Of the slip with which the money went to the budget.
    deposit_no: Mapped[str | None]


class CashEntry(Base):
    """One line of a day book; money that nobody took over a counter lies in none until a day is closed."""

    __tablename__ = "cash_entry"
    __table_args__ = (Index("ix__cash_entry__to_deposit", "office_id", postgresql_where=text("deposited_at IS NULL")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    day_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cash_day.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    receipt_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("receipt.id"))
    #: Of money that went back: the paper that its receiver signs.
    slip_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("slip.id"))
    paper_no: Mapped[str | None]
    paid_to: Mapped[str | None]
    #: receipt | void | refund
    kind: Mapped[str]
    way: Mapped[str]
    #: What came in; less than 0: what went out.
    amount: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    #: T11 (Decree 118/2025, art. 24(3)).
    budget_due_at: Mapped[datetime]
    deposited_at: Mapped[datetime | None]


class PaymentRequest(Base):
    """Somebody was sent to the gateway to pay what a dossier owes."""

    __tablename__ = "payment_request"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    #: What the gateway calls it.
    reference: Mapped[str] = mapped_column(unique=True)
    gateway: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime]
    #: When the gateway is asked next what became of it; None: there is nothing to ask.
    look_at: Mapped[datetime | None] = mapped_column(index=True)


class Payment(Base):
    """Money that came through a gateway: counted as what was owed, or a surplus that goes back."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("gateway", "transaction_id", name="uq__payment__transaction"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix__payment__surplus", "dossier_id", postgresql_where=text("state = 'surplus' OR state = 'returning'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_request.id"))
    gateway: Mapped[str]
    transaction_id: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime]
    told_at: Mapped[datetime]
    #: counted | surplus | returning | returned
    state: Mapped[str]
    #: Of a surplus: amount (not what is owed) | not_owed (paid before, or no longer owed).
    why: Mapped[str | None]
    #: Of what was sent back: the gateway's number; of what could not be: what it said.
    return_number: Mapped[str | None]
    return_trouble: Mapped[str | None]
    returned_at: Mapped[datetime | None]
