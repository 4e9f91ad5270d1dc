"""What the engine asks of the outside. Connectors fulfil it; wiring joins the two."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from engine.base.errors import Invalid


class BlobStore(Protocol):
    """Keeps bytes under their SHA-256."""

    def put(self, stream: BinaryIO, digest: str) -> None:
        """Store the stream under its digest; storing the same bytes again does nothing."""

    def open(self, digest: str) -> BinaryIO:
        """The bytes, or `Missing`."""

    def sweep(self, before: float, taken: Callable[[Collection[str]], Collection[str]]) -> int:
        """Forget what nobody brought since then (seconds of the epoch) and is not `taken`; how many those were."""


class WordNotTheirs(Invalid):
    """What came in the name of the payment gateway was not signed by it."""


@dataclass(frozen=True)
class Bill:
    """What somebody is asked to pay online."""

    #: Ours, new for each request: whatever the gateway says of the money names it.
    reference: str
    dossier: str
    procedure: str
    procedure_name: str
    office: str
    office_name: str
    payer: str
    amount: int
    #: (phi | le_phi | other, id of the fee, name, dong)
    lines: Sequence[tuple[str, str, str, int]]


@dataclass(frozen=True)
class PaymentWord:
    """One payment that went through, as the gateway tells it: by itself, or when it is asked."""

    reference: str
    #: The gateway's own: one of these is one payment, however often it is told.
    transaction_id: str
    amount: int
    paid_at: datetime


class PaymentGateway(Protocol):
    """Takes money online (Decree 118/2025, art. 24). It may be silent, tell twice, tell late, or never."""

    @property
    def name(self) -> str:
        """Under which its transactions are known."""

    def begin(self, bill: Bill) -> str:
        """The address at which the applicant pays; the same reference again is the same request."""

    def notification(self, body: Mapping[str, str]) -> PaymentWord | None:
        """What it tells by itself; None: the payment did not go through. Refusal: WordNotTheirs."""

    def query(self, reference: str) -> Sequence[PaymentWord]:
        """Every payment for a reference that it knows of."""

    def refund(self, transaction_id: str, amount: int, *, key: str) -> str:
        """Send money of a payment back; the number of that refund. The same key again is the same refund."""
