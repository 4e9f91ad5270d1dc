"""Who acts for the applicant, and who helps."""

from engine.ledger.events.base import Event


class RepresentativeNamed(Event):
    """Somebody may act for the applicant (Decree 118/2025, art. 6); who it is lies beside the ledger."""

    type = "representative.named"
    representative_id: str
    #: submitter | proxy
    role: str
    #: power | contract | introduction | none
    kind: str
    scope: list[str]
    valid_until: str | None
    person_digest: str


class DossierAssisted(Event):
    """An officer typed what a citizen lodges online; the reason lies beside the ledger."""

    type = "dossier.assisted"
    officer: str
    office: str
    ground: str
    reason_digest: str
