"""Options of a form that only the server knows: offices, and colleagues who may be named."""

from typing import Any

from engine.base.uow import UnitOfWork
from engine.dossiers.overview import Overview
from engine.org import directory
from engine.org.models import OfficeKind


def choices_for(uow: UnitOfWork, document: dict[str, Any], view: Overview) -> dict[str, dict[str, str]]:
    """Kind of select -> value -> words; only what the document asks for is looked up."""
    text = str(document)
    today, session = uow.clock.today(), uow.session
    found: dict[str, dict[str, str]] = {}
    if "'kind': 'officer'" in text:
        staff = directory.officers_in(session, view.competent.id, "specialist", on=today)
        found["officer"] = {str(one.id): f"{one.name}, {one.title}" if one.title else one.name for one in staff}
    if "'kind': 'office'" in text:
        known = directory.offices(session, on=today)
        found["office"] = {str(one.id): one.name for one in known if one.kind != OfficeKind.CENTRE}
    return found
