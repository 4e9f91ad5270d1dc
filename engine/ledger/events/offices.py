"""What goes between offices."""

from engine.ledger.events.base import Event


class TransferSent(Event):
    """The dossier, or its result, is on its way to another office."""

    type = "transfer.sent"
    leg: int
    to_office: str


class TransferClosed(Event):
    """The other office acknowledged or rejected a leg, or the dossier ended before it could: cancelled."""

    type = "transfer.closed"
    version = 2
    leg: int
    state: str
    #: of what the other office wrote, if it did
    note_digest: str | None = None


class OfficeRedirected(Event):
    """Another office was found competent; the code stays."""

    type = "office.redirected"
    to_office: str


class ConsultationSent(Event):
    """Other offices were asked, with a date to answer by (Decree 118/2025, art. 19(4))."""

    type = "consultation.sent"
    offices: list[str]
    due_at: str


class ConsultationAnswered(Event):
    """One office answered; the words lie beside the ledger."""

    type = "consultation.answered"
    office: str
    answer_digest: str


class ConsultationClosed(Event):
    """Answers were summed up, or nobody needs them any more (cancelled); silent offices are named."""

    type = "consultation.closed"
    state: str
    silent: list[str]
