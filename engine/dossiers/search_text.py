"""What the search box of officers looks through."""

from engine.base.text import fold
from engine.dossiers.models import Dossier


def search_text(dossier: Dossier) -> str:
    """Code, reference and names without diacritics; the serial of the code also alone, as people say it."""
    code = dossier.code or ""
    parts = [
        code,
        code.rsplit("-", 1)[-1],
        dossier.reference,
        dossier.owner_name,
        dossier.applicant_name,
        dossier.submitter_name,
        dossier.applicant_personal_id or "",
        # whoever looks for a group finds its dossiers
        (dossier.facts.get("group") or {}).get("code") or "",
    ]
    return fold(" ".join(dict.fromkeys(part for part in parts if part)))
