"""Options of a form that only the server knows: offices, counters, and colleagues who may be named."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.dossiers.named import named
from engine.dossiers.overview import Overview
from engine.org import changes, directory
from engine.org.directory import Colleague, OfficeRow
from engine.org.models import Office, OfficeKind
from forms.compiler import compiled
from forms.schema import walk
from webapp import formview
from webapp.formview import FormView

#: Kind of select -> value -> words.
Choices = dict[str, dict[str, str]]


def for_applicants(session: Session, document: Mapping[str, Any], on: date) -> Choices:
    """Of a declaration: the counters at which a result can be fetched."""
    if "office" not in _kinds(document):
        return {}
    called = known_as(session)
    return {"office": {str(one.id): called(one) for one in directory.offices(session, on=on, kind=OfficeKind.CENTRE)}}


def for_officers(session: Session, document: Mapping[str, Any], on: date, view: Overview) -> Choices:
    """Of a task: offices that may be asked or sent to, and specialists of the deciding one."""
    kinds, found = _kinds(document), Choices()
    if "officer" in kinds:
        staff = directory.officers_in(session, view.competent.id, "specialist", on=on)
        found["officer"] = _people(staff)
    if "office" in kinds:
        known = directory.offices(session, on=on)
        called = known_as(session)
        found["office"] = {str(one.id): called(one) for one in known if one.kind != OfficeKind.CENTRE}
    return found


def told(session: Session, document: Mapping[str, Any], answers: dict[str, Any]) -> FormView:
    """Answers of before, to be read: whom and what they name is named, also where nobody could choose it any more."""
    ids = {kind: [uuid.UUID(one) for one in found] for kind, found in named(document, answers).items() if found}
    found = Choices()
    if "office" in ids:
        found["office"] = {str(one): name for one, name in directory.names(session, ids["office"]).items()}
    if "officer" in ids:
        found["officer"] = _people(directory.colleagues(session, ids["officer"]))
    return formview.view(document, answers, {}, {}, choices=found, told=True)


def _people(staff: Iterable[Colleague]) -> dict[str, str]:
    return {str(one.id): f"{one.name}, {one.title}" if one.title else one.name for one in staff}


def known_as(session: Session) -> Callable[[Office | OfficeRow], str]:
    """The name of an office in a list to choose from, with what it was called before: so people look for it."""
    former = changes.former_names(session)

    def called(one: Office | OfficeRow) -> str:
        before = ", ".join(dict.fromkeys(was.name for was in former.get(one.id, ()) if was.name != one.name))
        return _("%(name)s (trước đây: %(before)s)", name=one.name, before=before) if before else one.name

    return called


def _kinds(document: Mapping[str, Any]) -> set[str | None]:
    """What the document asks for; only that is looked up."""
    return {node.kind for node in walk(compiled(document).form.nodes)}
