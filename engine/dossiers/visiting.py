"""A site visit: whoever applied is told when, where and who comes, before it takes place (Decree 118/2025, art. 19(4)(a)).

Its minutes are a paper of the dossier, made when the step is done (`papers.site_minutes`).
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Stale
from engine.base.uow import UnitOfWork
from engine.dossiers import papers
from engine.dossiers.course import allowed, said_with
from engine.dossiers.models import AnswerSet, Task
from engine.ledger.events import VisitAnnounced

#: Steps in which somebody goes there.
STEPS = ("visit_site",)


class NoVisit(Stale):
    """No step of this dossier waits for a visit."""


class VisitPast(DomainError):
    """Whoever should be there is told before."""

    kind = "invalid"


class VisitUnclear(DomainError):
    """Time, place and who comes are all told."""

    kind = "invalid"


def announce(
    uow: UnitOfWork, dossier_id: uuid.UUID, at: datetime | None, place: str, people: str, *, key: uuid.UUID | None = None
) -> None:
    """Tell the applicant. Told again, the last word counts. Refusals: NoVisit, VisitUnclear, VisitPast."""
    act, now = allowed(uow, dossier_id, "visit.announce"), uow.clock.now()
    said = said_with(key, at=at.isoformat() if at else None, place=place, people=people, told_at=now.isoformat())
    if key and act.last_with("told_at").get("key") == str(key):
        return
    open_ = select(Task.id).filter(Task.dossier_id == dossier_id, Task.done_at.is_(None), Task.step_id.in_(STEPS))
    if uow.session.scalar(open_.limit(1)) is None:
        raise NoVisit
    if at is None or not (place and people):
        raise VisitUnclear
    if at <= now:
        raise VisitPast
    digest = act.keep(papers.VISIT, "", said)
    act.tell(VisitAnnounced(at=at.isoformat(), said_digest=digest))
    papers.tell_applicant(act, "visit_announced", due_at=at.isoformat(), place=place, people=people)


def announced(session: Session, dossier_id: uuid.UUID) -> AnswerSet | None:
    """QUERY: what was told last."""
    said = select(AnswerSet).filter_by(dossier_id=dossier_id, step_id=papers.VISIT)
    return session.scalars(said.order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc()).limit(1)).first()
