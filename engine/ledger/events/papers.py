"""Papers of the applicant and of the house."""

from engine.ledger.events.base import Event


class SlipIssued(Event):
    """A statutory paper was made; its data lies beside the ledger."""

    type = "slip.issued"
    slip_id: str
    kind: str
    number: str
    data_digest: str


class SlipPrinted(Event):
    """A statutory paper was printed for the first time: from now on it is these bytes."""

    type = "slip.printed"
    slip_id: str
    #: applicant | office
    copy: str
    sha256: str
    template_id: str


class TemplatePublished(Event):
    """A paper got a new face; papers made before keep theirs."""

    type = "template.published"
    kind: str
    province: str
    procedure: str
    number: int
    sources_digest: str


class PatternEntered(Event):
    """The numbers of a register look so from a day on."""

    type = "pattern.entered"
    version = 2
    register: str
    #: None: in all offices.
    office: str | None
    pattern: str
    effective_from: str
    #: The law or decision that says so.
    basis: str | None = None


class PaperStored(Event):
    """A file was attached to a component of the dossier."""

    type = "paper.stored"
    component: str
    sha256: str


class PaperRecognised(Event):
    """The text of a scan was read, and lies behind its picture in a PDF/A of its own."""

    type = "paper.recognised"
    component: str
    sha256: str
    made: str


class WarehouseStored(Event):
    """The electronic result lies in the owner's warehouse."""

    type = "warehouse.stored"
    paper_id: str
    type_code: str
    number: str
    sha256: str


class WarehouseCopied(Event):
    """An officer compared a scan with its original; it lies in the owner's warehouse, to be used again."""

    type = "warehouse.copied"
    paper_id: str
    component: str
    type_code: str
    #: Of the original.
    number: str
    sha256: str


class WarehouseRevoked(Event):
    """An electronic result is no longer in force: replaced by another, or revoked."""

    type = "warehouse.revoked"
    paper_id: str
    number: str
    #: replaced | revoked
    state: str
    #: Of the words beside the ledger that say why; None in events of before.
    why_digest: str | None = None


class PaperReused(Event):
    """A paper of the owner's warehouse took the place of one that would have been asked for."""

    type = "paper.reused"
    component: str
    paper_id: str
    sha256: str


class DatabaseSearched(Event):
    """An officer looked somebody up in another system, by hand, and said what was there; no connection was used."""

    type = "database.searched"
    #: population
    system: str
    #: found | missing
    outcome: str


class PaperSearched(Event):
    """The owner's warehouse was asked for a paper before a person was; why it is asked for although held lies beside."""

    type = "paper.searched"
    component: str
    #: found | none
    outcome: str
    reason_digest: str | None


class MetadataEntered(Event):
    """Somebody said what a digitised paper is, whose, and for how long it holds; the words lie beside the ledger."""

    type = "metadata.entered"
    component: str
    sha256: str
    digest: str
    lacking: list[str]


class PaperJudged(Event):
    """Reception said whether a component is there and good, and where it was obtained."""

    type = "paper.judged"
    component: str
    verdict: str
    obtained_by: str | None


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
