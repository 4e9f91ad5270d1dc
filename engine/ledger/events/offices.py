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


class TransferMissed(Event):
    """Nobody acknowledged a leg in time: its sender chases it, the heads of both sides are told."""

    type = "transfer.missed"
    leg: int
    due_at: str


class AuthorityEntered(Event):
    """A row says who decides a procedure, or a field, for a place from a day on."""

    type = "authority.entered"
    #: procedure code, or field
    subject: str
    place: str | None
    office: str
    basis: str
    effective_from: str


class AuthorityClosed(Event):
    """A row of authority holds no longer from a day on."""

    type = "authority.closed"
    effective_to: str


class AuthorityResolved(Event):
    """Nobody was named: a row, or (None) the place of the applicant, said who decides."""

    type = "authority.resolved"
    office: str
    row: str | None


class AuthorityMissed(Event):
    """Nobody was named and no row says who decides: an officer will."""

    type = "authority.missed"


class AuthorityDecided(Event):
    """An officer said who decides, and where the dossier is received; why lies beside the ledger."""

    type = "authority.decided"
    office: str
    receiving_office: str
    reason_digest: str


class OfficeChanged(Event):
    """An office was renamed, or offices became part of another; the batch of dossiers that move was reviewed."""

    type = "office.changed"
    #: rename | merge
    kind: str
    what_digest: str
    dossiers: int


class OfficeAssigned(Event):
    """An office holds the parts of interconnected groups that go to a branch of administration; None: no longer."""

    type = "office.assigned"
    version = 2
    branch: str | None
    #: Of the page that said so; None: the seed did, or it was said before pages had one.
    key: str | None = None


class DossierRerouted(Event):
    """An office of the dossier became part of another: what is open goes on there; the code stays."""

    type = "dossier.rerouted"
    change_id: str
    #: number of the decision
    decision: str
    #: office -> the one that answers for it now
    offices: dict[str, str]


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


class HandoverSent(Event):
    """The papers, or the result, were given to another door on a list."""

    type = "handover.sent"
    list_id: str
    #: papers | result
    kind: str
    to_office: str
    #: of what the list says
    data_digest: str


class HandoverAcknowledged(Event):
    """The other door said what it has: received, short or missing."""

    type = "handover.acknowledged"
    list_id: str
    state: str
    #: of what was short
    note_digest: str | None = None


class DelegationGranted(Event):
    """An officer of a counter may decide a procedure in an office's stead (Decree 118/2025, art. 17(5))."""

    type = "delegation.granted"
    office: str
    officer: str
    procedure: str
    valid_from: str
    #: The first day on which it no longer holds; None: until it is ended.
    valid_to: str | None
    decision: str
    may_sign: bool


class DelegationEnded(Event):
    """From this day on the office decides itself again."""

    type = "delegation.ended"
    valid_to: str
