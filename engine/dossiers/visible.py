"""Which dossiers an actor may know of: the filter that stands inside every query."""

from sqlalchemy import ColumnElement, or_, select, true

from engine.base.actor import Actor
from engine.dossiers.models import Consultation, Dossier

#: Lanes that look across all offices of the province.
_EVERYWHERE = ("administrator", "auditor")


def visible(actor: Actor) -> ColumnElement[bool]:
    """Offices that receive, decide or were asked see a dossier; auditors see all; nobody else knows of it."""
    if any(actor.stands_in(lane) for lane in _EVERYWHERE):
        return true()
    asked = select(Consultation.dossier_id).where(Consultation.office_id.in_(actor.offices))
    return or_(
        Dossier.receiving_office_id.in_(actor.offices),
        Dossier.competent_office_id.in_(actor.offices),
        Dossier.id.in_(asked),
    )
