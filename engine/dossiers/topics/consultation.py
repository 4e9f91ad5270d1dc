"""Asking other offices, with a date and a rule for silence (Decree 118/2025, art. 19(4))."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Uuid, bindparam, select

from engine.base.questions import Question, ask
from engine.catalog.terms import StepLimit
from engine.dossiers import citing, steps
from engine.dossiers.act import Act, topic
from engine.dossiers.models import Consultation
from engine.ledger.events import ConsultationClosed, ConsultationSent
from engine.runtime.machine import EngineCall


@topic("consultation.send")
def send(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """One row for each office that the letter names; the law of the sector may set its own number of days (L04)."""
    letter = act.answers("write_consultation", "plan_consultation")
    due = _due(act, letter)
    asked = letter.get("offices") or []
    for row in asked:
        act.uow.session.add(
            Consultation(
                dossier_id=act.dossier.id,
                office_id=uuid.UUID(row["office"]),
                question=row.get("question") or letter.get("question") or "",
                sent_at=act.uow.clock.now(),
                due_at=due,
            )
        )
    offices = [row["office"] for row in asked]
    act.tell(ConsultationSent(offices=offices, due_at=due.isoformat()))
    return {"consultation_state": None, "consultation_due_at": due.isoformat()}


def _due(act: Act, letter: Mapping[str, Any]) -> datetime:
    if answer_by := letter.get("answer_by"):
        day = datetime.fromisoformat(answer_by).date()
        calendar = act.calendar()
        return calendar.closing(calendar.open_day_from(day))
    own = citing.of_rule(act, "L04")
    return steps.counted(act, StepLimit(str(own.limit), own.article), rule="L04").at


_OPEN = Question(
    select(Consultation).where(
        Consultation.dossier_id == bindparam("dossier_id", type_=Uuid), Consultation.closed_at.is_(None)
    )
)


@topic("consultation.close")
def close(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Sum up: all answered, silence counted as agreement where the record says so, or incomplete."""
    with act.uow.session.no_autoflush:  # what this act has changed of them is at hand
        (found,) = ask(act.uow.session, {"dossier_id": act.dossier.id}, _OPEN)
    rows: list[Consultation] = [one for (one,) in found if one.closed_at is None]
    silent = [str(row.office_id) for row in rows if row.answered_at is None]
    for row in rows:
        row.closed_at = act.uow.clock.now()
    agreed = call.variables.get("silence_is_agreement") is True
    state = "answered" if not silent else "silence_agreed" if agreed else "incomplete"
    act.tell(ConsultationClosed(state=state, silent=silent))
    return {"consultation_state": state}
