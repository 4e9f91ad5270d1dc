"""What the page of a dossier shows of its group: the others, how soon data pass on, errors in the result they rest on."""

from typing import Any

from sqlalchemy.orm import Session

from engine.base.uow import UnitOfWork
from engine.dossiers import children, correcting, promptness
from engine.dossiers.models import Dossier
from engine.dossiers.overview import Overview
from webapp import rulewords


def group(uow: UnitOfWork, view: Overview) -> dict[str, Any]:
    """The group that the dossier is, or is one of; of which parts the data lay longer than L15 lets them."""
    if not (view.dossier.parent_id or view.version.record.get("children")):
        return {"family": None}
    now = uow.clock.now()
    family, within = children.family(uow.session, view.dossier), promptness.passing(now)
    slow = [one.dossier.id for one in family.children if one.lay(now) > within.long] if family else []
    return {"family": family, "slow": slow, "passing": within.rule, "passing_words": rulewords.number(within.rule)}


def doubted(session: Session, dossier: Dossier) -> dict[str, Any]:
    """Errors in the result, and those that this part of a group reported in the result on which it rests."""
    first = children.first_of(session, dossier)
    doubts = correcting.of_part(session, dossier.id) if first else []
    return {
        "corrections": correcting.of_dossier(session, dossier.id) if dossier.decided_at else [],
        "first": first,
        "doubts": doubts,
        "answered": any(one.ended_at and not one.read_at for one in doubts),
        "asked_of": first if all(one.ended_at for one in doubts) else None,
    }
