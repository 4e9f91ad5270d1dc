"""Options of a form that only the server knows: offices, counters, and colleagues who may be named."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.dossiers.named import named as named_in
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


def named(session: Session, document: Mapping[str, Any], *answers: Mapping[str, Any]) -> Choices:
    """Of answers that are only read: whom and what they name, also where nobody could choose it any more.

    What is no id stays the text that it is: the form in which it was typed had no list to choose from.
    """
    found: dict[str, set[str]] = {"office": set(), "officer": set()}
    for one in answers:
        for kind, values in named_in(document, one).items():
            found[kind] |= values
    choices = {kind: {value: value for value in values} for kind, values in found.items()}
    if ids := [*_ids(found["office"])]:
        called = known_as(session)
        choices["office"] |= {str(one.id): called(one) for one in changes.names(session, ids).values()}
    if ids := [*_ids(found["officer"])]:
        choices["officer"] |= _people(directory.colleagues(session, ids))
    return choices


def _ids(values: Iterable[str]) -> Iterator[uuid.UUID]:
    for value in values:
        with suppress(ValueError):
            yield uuid.UUID(value)


def told(session: Session, document: Mapping[str, Any], answers: Mapping[str, Any]) -> FormView:
    """Answers of before, to be read by officers: all of them, whatever the conditions of now would hide."""
    return formview.view(document, answers, {}, None, choices=named(session, document, answers))


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
