"""Money over a counter: a receipt for each kind of it, in the book of who takes it (Decree 118/2025, art. 24).

The diagram asks for money with a step of the cashier; what the step counts as paid gets its receipts in the same
transaction, on whichever page it was done.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from engine.base.actor import APPLICANT, SYSTEM
from engine.documents.models import Slip
from engine.dossiers import papers, steps
from engine.dossiers.act import Act
from engine.dossiers.fees import Part
from engine.ledger.events import ReceiptIssued
from engine.payments import days
from engine.payments.days import PaidOut
from engine.payments.models import Charge, Receipt

#: Kinds of money that we give receipts for; land money goes to the treasury by the tax office's notice.
KINDS = ("le_phi", "phi")
#: Ways of paying that a cashier may enter.
WAYS = ("cash", "card", "qr", "transfer")


def issue(act: Act, rows: Iterable[Charge], *, way: str, payer: str | None = None) -> None:
    """A receipt for each kind among these charges, which were just paid."""
    ours = sorted((row for row in rows if row.kind in KINDS and row.amount), key=lambda row: row.kind)
    for kind, of_kind in groupby(ours, key=lambda row: row.kind):
        write(act, kind, list(of_kind), way=way, payer=payer)


def give_back(act: Act, parts: Sequence[Part], *, way: str, why: str, receiver: str | None = None) -> Slip:
    """Money that goes back leaves a paper that its receiver signs, and stands in the book of who gives it."""
    amount = sum(one.amount for one in parts)
    paper = papers.fee_refund(act, amount, way=way, why=why, parts=parts, receiver=receiver)
    act.uow.session.flush()
    out = PaidOut(paper.id, paper.number, paper.data["receiver"])
    enter(act, "refund", way, -amount, None, paper=out)
    return paper


def write(act: Act, kind: str, rows: list[Charge], *, way: str, payer: str | None) -> None:
    """One receipt: its paper, its number, its line in a book."""
    lines = [{"name": row.name, "amount": row.amount, "basis": row.basis} for row in rows]
    slip = papers.fee_receipt(act, kind, lines=lines, payer=payer, way=way)
    receipt = Receipt(
        dossier_id=act.dossier.id,
        office_id=act.dossier.receiving_office_id,
        slip_id=slip.id,
        kind=kind,
        number=slip.number,
        amount=sum(row.amount for row in rows),
        payer=payer or act.dossier.submitter_name,
        way=way,
        taken_at=act.uow.clock.now(),
        taken_by=act.uow.actor.officer_id,
    )
    act.uow.session.add(receipt)
    act.uow.session.flush()
    for row in rows:
        row.receipt_no = receipt.number
    act.tell(ReceiptIssued(receipt_id=str(receipt.id), kind=kind, number=receipt.number, amount=receipt.amount, way=way))
    enter(act, "receipt", way, receipt.amount, receipt.id)


def enter(
    act: Act, kind: str, way: str, amount: int, receipt_id: uuid.UUID | None, *, paper: PaidOut | None = None
) -> None:
    """A line: in the book of the cashier who acts, or in none, where nobody stood at a till."""
    office_id = act.dossier.receiving_office_id
    standing = (office_id, "cashier") in act.uow.actor.lanes and act.uow.actor not in (SYSTEM, APPLICANT)
    days.enter(
        act.uow,
        act.dossier.id,
        office_id,
        kind,
        way,
        amount,
        receipt_id=receipt_id,
        paper=paper,
        budget_due_at=_budget_due(act),
        drawer=standing,
    )


def _budget_due(act: Act) -> datetime:
    """T11: money goes to the budget within eight working hours (art. 24(3))."""
    return steps.counted(act, rule="T11").at
