"""Two times that are the house's own: what one part of a group brought passes on within minutes (L15), and a system that is
down works again within hours (L16). Decree 63/2024 as amended by 301/2026.

Neither is a limit of a dossier: what is known now counts, whatever it was received under.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.calendar import rules
from engine.calendar.fault_models import Fault
from engine.calendar.opening import local
from engine.calendar.rules import Rule
from engine.dossiers.models import Dossier, Letter


@dataclass(frozen=True)
class Within:
    """A rule, and how long it gives."""

    rule: Rule
    long: timedelta


@dataclass(frozen=True)
class Held:
    """What a part of a group brought, and its group has not taken."""

    code: str
    kind: str
    #: Code of the group.
    group: str
    sent_at: datetime


def passing(now: datetime) -> Within:
    """How soon what a part brought passes on."""
    rule = _rule("L15", now)
    return Within(rule, timedelta(minutes=rule.count))


def mending(now: datetime) -> Within:
    """How soon a system that is down works again."""
    rule = _rule("L16", now)
    return Within(rule, timedelta(hours=rule.count))


def held(session: Session, now: datetime) -> Sequence[Held]:
    """QUERY: what should have passed on by now and has not, the oldest first; a group that ended takes nothing more."""
    group = aliased(Dossier)
    late = (
        select(Dossier.code, Dossier.reference, Dossier.child_kind, group.code, group.reference, Letter.sent_at)
        .select_from(Letter)
        .join(Dossier, Dossier.id == Letter.sender_id)
        .join(group, group.id == Dossier.parent_id)
        .where(Letter.name == "child_finished", Letter.taken_by.is_(None), group.ended_at.is_(None))
        .where(Letter.sent_at < now - passing(now).long)
        .order_by(Letter.sent_at, Letter.id)
    )
    return [
        Held(code or reference, kind or "", of or reference_of, sent_at)
        for code, reference, kind, of, reference_of, sent_at in session.execute(late)
    ]


def down(session: Session, now: datetime) -> Sequence[Fault]:
    """QUERY: systems that should work again by now and do not, the oldest first."""
    since = now - mending(now).long
    asked = select(Fault).where(Fault.ended_at.is_(None), Fault.started_at < since).order_by(Fault.started_at)
    return session.scalars(asked).all()


def _rule(code: str, now: datetime) -> Rule:
    return rules.in_force(rules.newest(), local(now).date())[code]
