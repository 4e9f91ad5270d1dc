"""What else belongs to a dossier when it ends: questions, legs between offices, side processes."""

from collections.abc import Sequence

from sqlalchemy import Uuid, bindparam, select, union

from engine.base.questions import Question, ask
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
        questions, legs = ([one for (one,) in rows if one.closed_at is None] for rows in ask(session, which, _QUESTIONS, _LEGS))
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


_ITS = bindparam("dossier_id", type_=Uuid)
_QUESTIONS = Question(select(Consultation).where(Consultation.dossier_id == _ITS, Consultation.closed_at.is_(None)))
_LEGS = Question(select(Transfer).where(Transfer.dossier_id == _ITS, Transfer.closed_at.is_(None)))
_OPEN_TASKS = select(Task.runtime_id).where(Task.dossier_id == _ITS, Task.done_at.is_(None))
_OPEN_WAITS = select(Wait.runtime_id).where(Wait.dossier_id == _ITS, Wait.closed_at.is_(None))
_SIDES_AT_WORK = select(RuntimeState).where(
    RuntimeState.id.in_(union(_OPEN_TASKS, _OPEN_WAITS)), RuntimeState.role == "side"
)
