"""What happens to a dossier as a whole, and to the versions that it runs on."""

from engine.ledger.events.base import Event


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


class DossierLodged(Event):
    """An applicant handed in a dossier; nobody has looked at it yet."""

    type = "dossier.lodged"
    version = 2
    procedure: str
    version_id: str
    channel: str
    receiving_office: str
    competent_office: str
    answers_digest: str
    #: The edition of the rules of the clock by which it is counted from now on.
    rules_edition: str


class DossierJoined(Event):
    """The dossier was opened by that of a group, as one of its children (Decree 118/2025, art. 20(2))."""

    type = "dossier.joined"
    parent: str
    kind: str


class ChildOpened(Event):
    """The group opened a dossier for another office."""

    type = "child.opened"
    kind: str
    dossier: str


class ChildClosed(Event):
    """One of the group's dossiers has ended, and how."""

    type = "child.closed"
    kind: str
    status: str
    result_kind: str | None


class ChildSkipped(Event):
    """One of the group's dossiers is not opened: a confirmation that it needs was refused."""

    type = "child.skipped"
    kind: str


class DossierAmended(Event):
    """The applicant changed what they had declared (Decree 118/2025, art. 21); `changed` are the paths of the answers."""

    type = "dossier.amended"
    answers_digest: str
    remark_digest: str | None
    changed: list[str]
    representative_id: str | None


class DossierAccepted(Event):
    """The dossier got its code and its due date (Decree 118/2025, art. 17(3), 28)."""

    type = "dossier.accepted"
    version = 3
    code: str
    due_at: str | None
    #: A result of the same day, waited for at the counter: no receipt but for whoever asks (art. 17(4)).
    without_slip: bool = False
    #: When the system of the ministry that decides it says it was, ISO; None: now.
    done_at: str | None = None


class DossierRefused(Event):
    """Reception did not accept the dossier (Decree 118/2025, art. 17; Mẫu 03)."""

    type = "dossier.refused"
    ground: str | None


class DossierDecided(Event):
    """A result, also a refusal after assessment, lies ready to be returned."""

    type = "dossier.decided"
    version = 3
    result_kind: str
    #: Of a ministry's register, where its system decides; None: `document.issued` tells it.
    result_number: str | None = None
    #: When the system of the ministry that decides it says it was, ISO; None: now.
    done_at: str | None = None


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
    version = 2
    reason_digest: str | None
    #: Who asked for it in the applicant's place.
    representative_id: str | None = None


class DossierMoved(Event):
    """It goes on in another version of its diagram; `names` maps old element ids to new ones."""

    type = "dossier.moved"
    from_version: str
    to_version: str
    names: dict[str, str]


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
    version = 2
    end: str
    #: main: with it the dossier; side: a part beside it
    role: str


class SideStarted(Event):
    """A side process began beside the diagram, or after its end: papers back, extension, correction."""

    type = "side.started"
    process: str


class ResultReplaced(Event):
    """A result with an error of the agency's was revoked and replaced (Decree 118/2025, art. 23(1))."""

    type = "result.replaced"
    old_number: str | None
    number: str


class PostingOpened(Event):
    """The dossier is posted for everybody to see, as long as this wait lasts."""

    type = "posting.opened"
    posting_id: str
    wait_id: str


class ObjectionRecorded(Event):
    """Somebody said something to a posting."""

    type = "objection.recorded"
    objection_id: str
    posting_id: str
    said_digest: str


class VisitAnnounced(Event):
    """The applicant was told when and where somebody comes to look, and who (Decree 118/2025, art. 19(4)(a))."""

    type = "visit.announced"
    at: str
    said_digest: str
