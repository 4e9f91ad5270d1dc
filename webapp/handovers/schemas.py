"""The shape of what the pages of hand-overs send."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from engine.base.errors import Invalid
from engine.dossiers.handover import PAPERS, RESULT, STATES
from webapp.typed import line

_CARRIER, _NOTE = 200, 500


class HandoverMalformed(Invalid):
    """The page sent something that it does not offer."""


class NothingSaid(Invalid):
    """Of no dossier on the list was said what is there."""


class RemarkUnclear(Invalid):
    """Something was written of a dossier of which nothing was said, or that it is there whole."""


@dataclass(frozen=True)
class Asked:
    """A list that somebody wants to send."""

    kind: str
    to_office_id: uuid.UUID
    dossier_ids: list[uuid.UUID]
    carrier: str


def read_list(form: MultiDict[str, str]) -> Asked:
    """What was ticked, and who carries it. Refusal: HandoverMalformed."""
    if form.get("kind") not in (PAPERS, RESULT):
        raise HandoverMalformed
    return Asked(form["kind"], _id(form.get("to", "")), [_id(one) for one in form.getlist("dossier")], line(form, "carrier", _CARRIER))


def read_answers(form: Mapping[str, str]) -> dict[uuid.UUID, tuple[str, str]]:
    """What was said of each dossier; the rest, where nothing was, is signed for as a whole or left out.

    Refusals: HandoverMalformed, RemarkUnclear, NothingSaid.
    """
    said = {}
    for name, given in form.items():
        if not name.startswith("state:"):
            continue
        one, state = name.removeprefix("state:"), given or form.get("rest", "")
        note = line(form, f"note:{one}", _NOTE)
        if state not in {"", *STATES}:
            raise HandoverMalformed
        if note and state in {"", "received"}:
            raise RemarkUnclear
        if state:
            said[_id(one)] = (state, note)
    if not said:
        raise NothingSaid
    return said


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise HandoverMalformed from error
