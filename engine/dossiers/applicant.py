"""Who asks, and whom it is about: read from the declaration by the paths of the record."""

from collections.abc import Mapping
from typing import Any

from engine.base.text import nfc
from engine.catalog.terms import Terms, holds
from engine.dossiers.channels import return_way
from engine.dossiers.paths import at_path


def columns(terms: Terms, declared: Mapping[str, Any], *, is_proxy: bool = False) -> dict[str, Any]:
    """The columns of a dossier that say so."""

    def said(key: str) -> str:
        value = at_path(declared, terms.applicant.get(key, ""))
        return nfc(str(value)) if value not in (None, "") else ""

    name = said("name")
    return {
        "applicant_name": name,
        "applicant_personal_id": said("personal_id") or None,
        "applicant_phone": said("phone") or None,
        "applicant_email": said("email") or None,
        "owner_name": said("owner_name") or name,
        "owner_is_organisation": terms.organisation_when is not None and holds(terms.organisation_when, declared),
        "submitter_name": str(at_path(declared, "proxy.full_name") or name) if is_proxy else name,
        "return_way": return_way(said("return_way")),
    }
