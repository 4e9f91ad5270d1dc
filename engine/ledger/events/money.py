"""Fees."""

from engine.ledger.events.base import Event


class ChargeOpened(Event):
    """A fee is owed; 0 with its legal basis where the applicant is exempt."""

    type = "charge.opened"
    charge_id: str
    fee: str
    amount: int


class ExemptionProved(Event):
    """A fee is waived or reduced for a class of person; what proves it lies beside the ledger."""

    type = "exemption.proved"
    charge_id: str
    exempt_class: str
    basis: str
    proof_digest: str


class ChargeCounted(Event):
    """How an obligation ended: paid, waived, debt_recorded, unpaid."""

    type = "charge.counted"
    state: str
    amount: int


class ChargeClosed(Event):
    """The dossier ended early: what was owed is cancelled, what was paid may have to be refunded (refund_due)."""

    type = "charge.closed"
    charge_id: str
    state: str


class ChargeRefunded(Event):
    """Money went back to the applicant; to which account lies beside the ledger."""

    type = "charge.refunded"
    amount: int


class ReceiptIssued(Event):
    """Money was taken, and a receipt of this number given for it."""

    type = "receipt.issued"
    receipt_id: str
    #: phi | le_phi
    kind: str
    number: str
    amount: int
    way: str


class ReceiptVoided(Event):
    """A receipt was written wrongly: its number counts no more, another took its place; why lies beside the ledger."""

    type = "receipt.voided"
    receipt_id: str
    number: str
    reason_digest: str


class CashdayOpened(Event):
    """A cashier began the day with so much in the drawer."""

    type = "cashday.opened"
    office: str
    opening: int


class CashdayClosed(Event):
    """The drawer was counted, and what was collected sent to the budget."""

    type = "cashday.closed"
    expected: int
    counted: int
    deposit_no: str | None
