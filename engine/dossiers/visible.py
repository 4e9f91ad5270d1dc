"""Which dossiers an actor may know of: the filter that stands inside every query."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, any_, func, or_, select, true
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.dossiers.models import Consultation, Dossier
from engine.org import directory


def visible(session: Session, actor: Actor, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Offices that receive, decide or were asked see a dossier, and those above them; auditors see all.

    `which`: of the questions that these offices were ever asked, those that matter here.
    """
    if actor.stands_in("auditor"):
        return true()
    offices = directory.reach(session, actor)
    return or_(handles(offices), consulted(offices, *which))


def handles(offices: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """One of these offices receives or decides it."""
    return or_(Dossier.receiving_office_id.in_(offices), Dossier.competent_office_id.in_(offices))


def consulted(offices: Collection[uuid.UUID], *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody was asked for an opinion in one of these offices."""
    asked = select(Consultation.dossier_id).where(Consultation.office_id.in_(offices), *which)
    # an array: an index serves this beside the other ways to see a dossier
    return Dossier.id == any_(func.array(asked.scalar_subquery()))


def sees(session: Session, actor: Actor, dossier: Dossier) -> bool:
    """The same of a dossier that is at hand. Mostly the lanes in which the actor stands say so."""
    offices = {dossier.receiving_office_id, dossier.competent_office_id}
    return not offices.isdisjoint(directory.serves(actor)) or may_see(session, actor, dossier.id)


def may_see(session: Session, actor: Actor, dossier_id: uuid.UUID) -> bool:
    """Whether this one dossier is among them."""
    found = select(Dossier.id).where(Dossier.id == dossier_id, visible(session, actor, Consultation.dossier_id == dossier_id))
    return session.scalar(found) is not None
