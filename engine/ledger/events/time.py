"""Due dates, and what moves them."""

from dataclasses import field

from engine.ledger.events.base import Event


class SupplementRequested(Event):
    """The applicant was told, once and in full, what is missing (Mẫu 02)."""

    type = "supplement.requested"
    round: int
    items_digest: str
    due_at: str | None


class SupplementReceived(Event):
    """The applicant handed in what was asked for; the words and the files lie beside the ledger."""

    type = "supplement.received"
    version = 2
    round: int
    remark_digest: str | None = None
    #: SHA-256 of each file.
    files: list[str] = field(default_factory=list)


class DeadlineSet(Event):
    """A due date began to run: at acceptance, or from zero after a complete supplement."""

    type = "deadline.set"
    due_at: str
    rule: str


class DeadlineClosed(Event):
    """A due date stopped running: decided, or waiting for a supplement."""

    type = "deadline.closed"
    why: str


class DeadlineExtended(Event):
    """The one new appointment, with apology (Decree 118/2025, art. 19(6); Mẫu 04)."""

    type = "deadline.extended"
    due_at: str


class ExtensionDenied(Event):
    """The leader did not agree to a new appointment."""

    type = "extension.denied"
