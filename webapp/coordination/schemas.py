"""What the page of authority sends."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.base.errors import Invalid
from webapp.typed import line

_LONGEST = 300


class AuthorityMalformed(Invalid):
    """The page sent something that it does not offer."""


class AuthorityNamesNothing(Invalid):
    """A row about a field or a place that nobody knows would decide nothing, in silence."""


def read_row(form: Mapping[str, str]) -> dict[str, Any]:
    """A row as typed. Refusal: AuthorityMalformed."""
    try:
        return {
            "procedure_code": text(form, "procedure") or None,
            "field": text(form, "field") or None,
            "place_code": text(form, "place") or None,
            "office_id": uuid.UUID(form["office"]) if form.get("office") else None,
            "basis": text(form, "basis"),
            "effective_from": date.fromisoformat(form.get("effective_from", "")),
            "effective_to": date.fromisoformat(form["effective_to"]) if form.get("effective_to") else None,
        }
    except ValueError as error:
        raise AuthorityMalformed from error


def read_day(form: Mapping[str, str]) -> date:
    """Refusal: AuthorityMalformed."""
    try:
        return date.fromisoformat(form.get("effective_to", ""))
    except ValueError as error:
        raise AuthorityMalformed from error


def read_office(form: Mapping[str, str]) -> uuid.UUID:
    """Refusal: AuthorityMalformed."""
    try:
        return uuid.UUID(form.get("office", ""))
    except ValueError as error:
        raise AuthorityMalformed from error


def text(form: Mapping[str, str], name: str) -> str:
    """Refusal: TextTooLong."""
    return line(form, name, _LONGEST)
