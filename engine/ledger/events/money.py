"""Fees."""

from dataclasses import field

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
    version = 2
    state: str
    amount: int
    #: Which; None, in stories of before: all that were owed then.
    charges: list[str] | None = None


class ChargeClosed(Event):
    """What was owed is not any more (cancelled); what was paid may have to be refunded (refund_due), and was (refunded)."""

    type = "charge.closed"
    version = 2
    charge_id: str
    state: str
    #: The status with which the dossier ended; None: it runs, or the money went back.
    reason: str | None = None


class ChargeForgone(Event):
    """What a dossier that has ended still owed is asked for no more; why lies beside the ledger."""

    type = "charge.forgone"
    charge_id: str
    amount: int
    reason_digest: str


class ChargeRefunded(Event):
    """Money went back to the applicant; to which account lies beside the ledger."""

    type = "charge.refunded"
    amount: int
    #: Charge -> how much of it.
    parts: dict[str, int] = field(default_factory=dict)


class FeeReassessed(Event):
    """What is owed was worked out anew after the lodging, and is another sum than before."""

    type = "fee.reassessed"
    #: amended | exempted | decided
    cause: str
    before: int
    after: int


class ChargeExceeded(Event):
    """So much of a charge was paid and is not owed any more."""

    type = "charge.exceeded"
    charge_id: str
    excess: int


class ExcessReturned(Event):
    """What was paid too much went back; to whom stands on its paper."""

    type = "excess.returned"
    charge_id: str
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


class PaymentRequested(Event):
    """Somebody was sent to a gateway to pay so much, under a reference of ours."""

    type = "payment.requested"
    request_id: str
    reference: str
    amount: int


class PaymentReceived(Event):
    """A gateway says that money came: it was counted, or is a surplus, and why."""

    type = "payment.received"
    payment_id: str
    request_id: str
    #: The gateway's own number.
    transaction_id: str
    amount: int
    #: counted | surplus
    state: str
    #: amount | not_owed
    why: str | None


class SurplusReleased(Event):
    """A cashier had the gateway asked to send a surplus back."""

    type = "surplus.released"
    payment_id: str
    amount: int


class SurplusReturned(Event):
    """The gateway sent it back, under this number."""

    type = "surplus.returned"
    payment_id: str
    number: str


class SurplusRetained(Event):
    """The gateway could not send it back: it is kept until somebody tries again."""

    type = "surplus.retained"
    payment_id: str
    amount: int


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
