"""Options of a form that only the server knows: offices, counters, and colleagues who may be named."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.dossiers.overview import Overview
from engine.org import directory
from engine.org.models import OfficeKind
from forms.compiler import compiled
from forms.schema import walk

#: Kind of select -> value -> words.
Choices = dict[str, dict[str, str]]


def for_applicants(session: Session, document: Mapping[str, Any], on: date) -> Choices:
    """Of a declaration: the counters at which a result can be fetched."""
    if "office" not in _kinds(document):
        return {}
    return {"office": {str(one.id): one.name for one in directory.offices(session, on=on, kind=OfficeKind.CENTRE)}}


def for_officers(session: Session, document: Mapping[str, Any], on: date, view: Overview) -> Choices:
    """Of a task: offices that may be asked or sent to, and specialists of the deciding one."""
    kinds, found = _kinds(document), Choices()
    if "officer" in kinds:
        staff = directory.officers_in(session, view.competent.id, "specialist", on=on)
        found["officer"] = {str(one.id): f"{one.name}, {one.title}" if one.title else one.name for one in staff}
    if "office" in kinds:
        known = directory.offices(session, on=on)
        found["office"] = {str(one.id): one.name for one in known if one.kind != OfficeKind.CENTRE}
    return found


def _kinds(document: Mapping[str, Any]) -> set[str | None]:
    """What the document asks for; only that is looked up."""
    return {node.kind for node in walk(compiled(document).form.nodes)}
