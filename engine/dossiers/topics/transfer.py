"""Legs between offices, each acknowledged (Decree 118/2025, art. 18, 20)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.dossiers import limits, offices, papers, steps
from engine.dossiers.act import Act, topic
from engine.dossiers.models import Transfer
from engine.ledger.events import OfficeRedirected, TransferMissed, TransferSent
from engine.runtime.machine import EngineCall


def _send(act: Act, from_office: uuid.UUID, to_office: uuid.UUID, *, due_at: datetime) -> None:
    leg = act.uow.session.scalar(select(func.max(Transfer.leg)).filter_by(dossier_id=act.dossier.id))
    row = Transfer(
        dossier_id=act.dossier.id,
        leg=(leg or 0) + 1,
        from_office_id=from_office,
        to_office_id=to_office,
        sent_at=act.uow.clock.now(),
        due_at=due_at,
    )
    act.uow.session.add(row)
    act.uow.session.flush()
    act.tell(TransferSent(leg=row.leg, to_office=str(to_office)))


def _on_the_way(act: Act, giver: uuid.UUID) -> datetime:
    """T05 of what goes out now, in the days of the office that sends it."""
    return steps.by_rule(act.calendar(giver), act.rules, "T05", act.uow.clock.now()).at


@topic("transfer.send")
def send(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Data and files are there at once; a redirection names the new office first."""
    if named := act.answers("redirect_dossier").get("to_office"):
        redirected = offices.successor(act.uow.session, uuid.UUID(named))
        if redirected != act.dossier.competent_office_id:
            act.dossier.competent_office_id = redirected
            act.tell(OfficeRedirected(to_office=str(redirected)))
    there = steps.counted(act, rule="T05").at if act.dossier.dossier_form == "paper" else None
    until = steps.counted(act, rule="L03", start=there).at
    _send(act, act.dossier.receiving_office_id, act.dossier.competent_office_id, due_at=until)
    return {"transfer_state": None, "transfer_answer": None, "receipt_due_at": until.isoformat()}


@topic("transfer.alarm")
def alarm(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Nobody has said in time that it is there: the sender chases it, and the heads see it (art. 9).

    What is chased has as long again as papers have to travel.
    """
    legs = select(Transfer).filter_by(dossier_id=act.dossier.id).order_by(Transfer.leg.desc()).limit(1)
    row = act.uow.session.scalars(legs).one()
    row.alarms += 1
    act.tell(TransferMissed(leg=row.leg, due_at=(row.due_at or act.uow.clock.now()).isoformat()))
    return {"receipt_due_at": _on_the_way(act, row.from_office_id).isoformat()}


@topic("transfer.close")
def close(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Received elsewhere, the clock starts at the acknowledgement, with a new receipt (Decree 309/2026).

    The other office may have said so before the papers were on their way.
    """
    state = call.variables["transfer_answer"]
    if state == "received":
        acknowledged = act.uow.session.scalar(
            select(func.max(Transfer.closed_at)).filter_by(dossier_id=act.dossier.id)
        )
        limits.begin_elsewhere(act, acknowledged or act.uow.clock.now())
        papers.receipt(act)
        due = act.dossier.due_at
        papers.tell_applicant(act, "begun_elsewhere", due_at=due.isoformat() if due else None)
    return {"transfer_state": state}


@topic("transfer.send_back")
def send_back(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The paper result travels to where the applicant comes for it (art. 20(1)(b))."""
    due_at = _on_the_way(act, act.dossier.competent_office_id)
    _send(act, act.dossier.competent_office_id, act.dossier.receiving_office_id, due_at=due_at)
    papers.tell_applicant(act, "result_on_its_way")
    return {"transfer_answer": None}
