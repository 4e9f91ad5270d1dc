"""An officer lodges online for a citizen: who and why, counted apart (Decree 118/2025, art. 13, 16)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.dossiers.act import Act
from engine.dossiers.models import AnswerSet, Dossier
from engine.ledger.events import DossierAssisted


@dataclass(frozen=True)
class Assistance:
    """Why somebody cannot lodge online alone, and what the officer says of it."""

    #: One of `ASSISTED_FOR`.
    ground: str
    reason: str


class AssistanceUnclear(DomainError):
    """Whoever lodges online for a citizen says on which ground, and why."""

    kind = "invalid"


#: No account, no device, old age or disability, does not read the forms, asked to be helped.
ASSISTED_FOR = ("no_account", "no_device", "elderly_disabled", "cannot_fill", "asked")


#: Under which the reason is kept.
_ASSISTED = "assist"


def reason(session: Session, dossier: Dossier) -> str:
    """QUERY: what the officer said; nothing of a dossier that nobody helped with."""
    if dossier.assisted_by is None:
        return ""
    kept = session.scalars(select(AnswerSet.answers).filter_by(dossier_id=dossier.id, step_id=_ASSISTED)).first()
    return str(kept["reason"]) if kept else ""


def assist(act: Act, assistance: Assistance) -> None:
    """An officer types what a citizen lodges online: who and why, apart from what citizens lodge themselves."""
    if assistance.ground not in ASSISTED_FOR or not assistance.reason.strip():
        raise AssistanceUnclear
    act.dossier.assisted_by = act.uow.actor.officer_id
    digest = act.keep(_ASSISTED, "", {"ground": assistance.ground, "reason": assistance.reason.strip()})
    act.tell(
        DossierAssisted(
            officer=str(act.uow.actor.officer_id),
            office=str(act.dossier.helping_office_id or ""),
            ground=assistance.ground,
            reason_digest=digest,
        )
    )
