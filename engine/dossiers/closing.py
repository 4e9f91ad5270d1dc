"""What else belongs to a dossier when it ends: questions, legs between offices, side processes."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, union

from engine.dossiers.act import Act
from engine.dossiers.models import Consultation, Task, Transfer, Wait
from engine.ledger.events import ConsultationClosed, TransferClosed
from engine.runtime.state import RuntimeState

#: Ends without a result: the applicant's papers and money may still be in the house.
ENDED_EARLY = {"not_accepted", "withdrawn", "stopped"}


def close_open(act: Act) -> None:
    """Nobody has to answer or to acknowledge anything any more."""
    session, now = act.uow.session, act.uow.clock.now()
    which = {"dossier_id": act.dossier.id}
    # What this act has closed itself is at hand, closed; it need not go to the database first.
    with session.no_autoflush:
        questions = [one for one in session.scalars(_QUESTIONS, which) if one.closed_at is None]
        legs = [one for one in session.scalars(_LEGS, which) if one.closed_at is None]
    if questions:
        for question in questions:
            question.closed_at = now
        silent = [str(one.office_id) for one in questions if one.answered_at is None]
        act.tell(ConsultationClosed(state="cancelled", silent=silent))
    for leg in legs:
        leg.state, leg.closed_at = "cancelled", now
        act.tell(TransferClosed(leg=leg.leg, state="cancelled"))


def sides_at_work(act: Act) -> Sequence[RuntimeState]:
    """Side processes in which something still waits."""
    if not act.sides:
        return []
    return act.uow.session.scalars(_SIDES_AT_WORK, {"dossier_id": act.dossier.id}).all()


_QUESTIONS = select(Consultation).where(
    Consultation.dossier_id == bindparam("dossier_id"), Consultation.closed_at.is_(None)
)
_LEGS = select(Transfer).where(Transfer.dossier_id == bindparam("dossier_id"), Transfer.closed_at.is_(None))
_OPEN_TASKS = select(Task.runtime_id).where(Task.dossier_id == bindparam("dossier_id"), Task.done_at.is_(None))
_OPEN_WAITS = select(Wait.runtime_id).where(Wait.dossier_id == bindparam("dossier_id"), Wait.closed_at.is_(None))
_SIDES_AT_WORK = select(RuntimeState).where(
    RuntimeState.id.in_(union(_OPEN_TASKS, _OPEN_WAITS)), RuntimeState.role == "side"
)
