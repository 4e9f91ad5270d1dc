"""Rows of money. Every amount is whole dong."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.base.db import Base
from engine.base.ids import uuid7


class Charge(Base):
    """What a dossier owes for one fee of its version (khoản thu)."""

    __tablename__ = "charge"
    __table_args__ = (CheckConstraint("amount >= 0 AND full_amount >= amount", name="amounts"),)

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
    #: owed | paid | waived | debt_recorded; of a dossier that ended early: cancelled | refund_due | refunded
    state: Mapped[str]
    #: counter | online
    way: Mapped[str | None]
    receipt_no: Mapped[str | None]
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
