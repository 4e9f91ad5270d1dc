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
    only = {"dossier_id": act.dossier.id, "closed_at": None}
    if questions := session.scalars(select(Consultation).filter_by(**only)).all():
        for question in questions:
            question.closed_at = now
        silent = [str(one.office_id) for one in questions if one.answered_at is None]
        act.tell(ConsultationClosed(state="cancelled", silent=silent))
    for leg in session.scalars(select(Transfer).filter_by(**only)):
        leg.state, leg.closed_at = "cancelled", now
        act.tell(TransferClosed(leg=leg.leg, state="cancelled"))


def sides_at_work(act: Act) -> Sequence[RuntimeState]:
    """Side processes in which something still waits."""
    return act.uow.session.scalars(_SIDES_AT_WORK, {"dossier_id": act.dossier.id}).all()


_OPEN_TASKS = select(Task.runtime_id).where(Task.dossier_id == bindparam("dossier_id"), Task.done_at.is_(None))
_OPEN_WAITS = select(Wait.runtime_id).where(Wait.dossier_id == bindparam("dossier_id"), Wait.closed_at.is_(None))
_SIDES_AT_WORK = select(RuntimeState).where(
    RuntimeState.id.in_(union(_OPEN_TASKS, _OPEN_WAITS)), RuntimeState.role == "side"
)
