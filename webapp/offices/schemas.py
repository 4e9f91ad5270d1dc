"""What the page of offices sends."""

import uuid
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.base.errors import Invalid, Stale
from webapp.typed import line

_LONGEST = 300


class OfficeChangeMalformed(Invalid):
    """The page sent something that it does not offer."""


class OfficeBatchChanged(Stale):
    """Other dossiers would move than those that were reviewed."""


def read_branch(form: MultiDict[str, str]) -> tuple[uuid.UUID, str | None]:
    """Office and branch. Refusal: OfficeChangeMalformed."""
    try:
        return uuid.UUID(form.get("office", "")), form.get("branch") or None
    except ValueError as error:
        raise OfficeChangeMalformed from error


def read_draft(form: MultiDict[str, str]) -> dict[str, Any]:
    """What `changes.draft` asks for. Refusal: OfficeChangeMalformed."""
    try:
        offices = [uuid.UUID(one) for one in form.getlist("office") if one]
        to = uuid.UUID(form["to"]) if form.get("to") else None
        day = date.fromisoformat(form.get("effective_from", ""))
    except ValueError as error:
        raise OfficeChangeMalformed from error
    return {
        "kind": form.get("kind", ""),
        "offices": offices,
        "to": to,
        "effective_from": day,
        **{name: line(form, name, _LONGEST) for name in ("name", "name_en", "decision")},
    }
