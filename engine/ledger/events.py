"""Every event that a ledger may hold. Past tense. Never edited, only versioned.

Payloads hold codes, ids, instants (ISO text) and digests; what people typed lies beside the ledger
under its digest, so that erasing personal data does not break the proof.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
@dataclass(frozen=True, kw_only=True)
class Event:
    """Each kind is a frozen dataclass by being one of these."""

    type: ClassVar[str]
    version: ClassVar[int] = 1

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

    def payload(self) -> dict[str, Any]:
        return asdict(self)


# -- versions of diagrams ------------------------------------------------------------------------------


class VersionDrafted(Event):
    """A bundle was deployed and passed its checks."""

    type = "version.drafted"
    code: str
    number: int
    bundle_digest: str


class VersionPublished(Event):
    """A version binds new dossiers from a day on."""

    type = "version.published"
    code: str
    number: int
    effective_from: str


# -- the dossier's life --------------------------------------------------------------------------------


class DossierLodged(Event):
    """An applicant handed in a dossier; nobody has looked at it yet."""

    type = "dossier.lodged"
    procedure: str
    version_id: str
    channel: str
    receiving_office: str
    competent_office: str
    answers_digest: str


class DossierAccepted(Event):
    """The dossier got its code and its due date (Decree 118/2025, art. 17(3), 28)."""

    type = "dossier.accepted"
    code: str
    due_at: str | None


class DossierRefused(Event):
    """Reception did not accept the dossier (Decree 118/2025, art. 17; Mẫu 03)."""

    type = "dossier.refused"
    ground: str | None


class DossierDecided(Event):
    """A result, also a refusal after assessment, lies ready to be returned."""

    type = "dossier.decided"
    result_kind: str


class DossierReturned(Event):
    """The applicant got the result (Decree 118/2025, art. 22)."""

    type = "dossier.returned"
    way: str


class DossierStopped(Event):
    """The dossier was closed without a result (Mẫu 05): after a request in vain, or by a head's decision."""

    type = "dossier.stopped"
    version = 2
    ground: str | None
    #: of the head's reason; None where the answers of `confirm_closing` hold the words
    reason_digest: str | None = None


class DossierWithdrawn(Event):
    """The applicant took the dossier back (Decree 118/2025, art. 21)."""

    type = "dossier.withdrawn"
    reason_digest: str | None


class DossierMoved(Event):
    """It goes on in another version of its diagram; `names` maps old element ids to new ones."""

    type = "dossier.moved"
    from_version: str
    to_version: str
    names: dict[str, str]


class LetterSent(Event):
    """The diagram told others something: a message under a key, or a signal."""

    type = "letter.sent"
    letter_id: str
    kind: str
    name: str
    key_digest: str


class LetterReceived(Event):
    """A message of another dossier came to its wait."""

    type = "letter.received"
    letter_id: str
    name: str
    sender: str


class StatusChanged(Event):
    """The national status followed from the diagram's status map."""

    type = "status.changed"
    status: str
    step_id: str


class StepPassed(Event):
    """The machine went through an element that decides or acts by itself."""

    type = "step.passed"
    steps: list[str]


class InstanceEnded(Event):
    """The diagram reached an end, or was cancelled by a command."""

    type = "instance.ended"
    end: str


class SideStarted(Event):
    """A side process began beside the diagram, or after its end: papers back, extension, correction."""

    type = "side.started"
    process: str


class ResultReplaced(Event):
    """A result with an error of the agency's was revoked and replaced (Decree 118/2025, art. 23(1))."""

    type = "result.replaced"
    old_number: str | None
    number: str


# -- work ----------------------------------------------------------------------------------------------


class TaskOpened(Event):
    """A step of the diagram now waits for a lane."""

    type = "task.opened"
    version = 2
    task_id: str
    step_id: str
    lane: str
    office: str
    #: who holds it from the beginning; None: open to the lane
    assignee: str | None = None


class TaskClaimed(Event):
    """An officer took a task into their own hands."""

    type = "task.claimed"
    task_id: str
    officer_id: str


class TaskReleased(Event):
    """An officer put a task back for the others of the lane."""

    type = "task.released"
    task_id: str


class TaskReassigned(Event):
    """A head gave a task to another officer (Decree 118/2025, art. 19(1)); why lies beside the ledger."""

    type = "task.reassigned"
    task_id: str
    officer_id: str
    reason_digest: str


class TaskCompleted(Event):
    """An officer finished a task. The answers lie beside the ledger, under their digest."""

    type = "task.completed"
    task_id: str
    step_id: str
    answers_digest: str


class TaskClosed(Event):
    """A task was closed by something else than its own completion: a message, a timer, a withdrawal."""

    type = "task.closed"
    task_id: str
    step_id: str


class WaitOpened(Event):
    """The dossier waits for a message, an instant, or an outside service."""

    type = "wait.opened"
    wait_id: str
    step_id: str
    kind: str
    due_at: str | None


class WaitClosed(Event):
    """What was waited for came, or was overtaken."""

    type = "wait.closed"
    wait_id: str
    step_id: str
    #: arrived | fired | answered | overtaken
    how: str


# -- time, papers, money -------------------------------------------------------------------------------


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


class SlipIssued(Event):
    """A statutory paper was made; its data lies beside the ledger."""

    type = "slip.issued"
    slip_id: str
    kind: str
    number: str
    data_digest: str


class PaperStored(Event):
    """A file was attached to a component of the dossier."""

    type = "paper.stored"
    component: str
    sha256: str


class PaperJudged(Event):
    """Reception said whether a component is there and good, and where it was obtained."""

    type = "paper.judged"
    component: str
    verdict: str
    obtained_by: str | None


class ChargeOpened(Event):
    """A fee is owed; 0 with its legal basis where the applicant is exempt."""

    type = "charge.opened"
    charge_id: str
    fee: str
    amount: int


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


class PreviewSent(Event):
    """The applicant was asked to confirm the electronic draft; silence goes on."""

    type = "preview.sent"


class PreviewAnswered(Event):
    """The applicant said that the draft is right, or what is not; the words lie beside the ledger."""

    type = "preview.answered"
    ok: bool
    remark_digest: str | None


class PreviewClosed(Event):
    """confirmed, corrected or silent."""

    type = "preview.closed"
    state: str


class DocumentIssued(Event):
    """A document was signed, numbered and issued."""

    type = "document.issued"
    kind: str
    number: str


class DocumentSentBack(Event):
    """A draft went back to whoever wrote it; the reason lies beside the ledger."""

    type = "document.sent_back"
    kind: str


class ServiceAsked(Event):
    """An outside system was asked; the job left with this transaction."""

    type = "service.asked"
    topic: str
    step_id: str


class ServiceAnswered(Event):
    """An outside system answered; the words lie beside the ledger."""

    type = "service.answered"
    topic: str
    step_id: str
    answer_digest: str


class RulesApplied(Event):
    """A decision table of the bundle was asked; what went in and came out lies beside the ledger."""

    type = "rules.applied"
    step_id: str
    decision: str
    #: of the DMN documents
    model_digest: str
    inputs_digest: str
    result_digest: str
    #: ids of the rules that held, in the order of evaluation
    rules: list[str]
