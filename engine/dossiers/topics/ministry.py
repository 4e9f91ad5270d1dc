"""A dossier that a ministry decides in its own software: ours follows it, and says no more than it was told.

The ministry's words are ours already (`connectors.ministries.shadow` maps them). It may jump forward, because
messages get lost; what goes back, or on after the end, is an incident and never a guess.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.base.errors import DomainError
from engine.base.ids import digest_of
from engine.dossiers import children, fees, limits, papers
from engine.dossiers.act import Act, topic
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import Deadline
from engine.dossiers.numbering import next_code
from engine.dossiers.search_text import search_text
from engine.ledger.events import (
    DossierAccepted,
    DossierDecided,
    DossierRefused,
    DossierReturned,
    DossierStopped,
    DossierWithdrawn,
    StatusChanged,
)
from engine.org.models import Office
from engine.runtime.machine import EngineCall

#: How far along a status is. An early end takes the place of all that would follow.
_FAR = {
    "registered": 0,
    "accepted": 1,
    "in_process": 2,
    "awaiting_supplement": 2,
    "awaiting_payment": 2,
    "decided": 3,
    "handed_over": 4,
}
_EARLY = ("not_accepted", "withdrawn", "stopped")
#: What a ministry may ask for before it has accepted the dossier, and after.
_WAITING = ("awaiting_supplement", "awaiting_payment")


class MinistryContradicts(DomainError):
    """The ministry's system says what cannot follow from what it said before."""


@topic("ministry.pass_on")
def pass_on(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """What the ministry asks for is there. Code, receipt and clock come when its system has received the dossier."""
    return {"intake_state": "accepted"}


@topic("dossier.mirror")
def mirror(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The ministry's status is ours; `remote_end` says whether it was its last."""
    said = act.last_with("remote_status")
    old, new = act.dossier.status, said["remote_status"]
    if receipt_no := said.get("fee_receipt_no"):
        _paid(act, receipt_no)
    if new != old:
        if old not in _FAR or (_FAR[old] >= 3 if new in _EARLY else _far(act, new) < _far(act, old)):
            raise MinistryContradicts(old=old, new=new)
        act.dossier.status = new
        act.tell(StatusChanged(status=new, step_id=call.step))
        _end_early(act, new, said) if new in _EARLY else _go_on(act, old, new, said)
    if due_at := _instant(said, "due_at"):
        limits.promise(act, due_at)
    return {"remote_end": new if new == "handed_over" or new in _EARLY else None}


def _far(act: Act, status: str) -> int:
    """What it asks for before it accepted is no step further than having been sent there."""
    return 0 if status in _WAITING and act.dossier.accepted_at is None else _FAR[status]


def _paid(act: Act, receipt_no: str) -> None:
    """What it took itself, by its own receipt; said again it is nothing more."""
    if rows := fees.unpaid(act):
        fees.settle(act, rows, "paid", way="online")
        for row in rows:
            row.receipt_no = receipt_no


def _end_early(act: Act, new: str, said: Mapping[str, Any]) -> None:
    reason = said.get("reason") or ""
    match new:
        case "not_accepted":
            act.tell(DossierRefused(ground=said.get("ground")))
            papers.refusal(act, reason)
        case "withdrawn":
            act.tell(DossierWithdrawn(reason_digest=digest_of(reason.encode()) if reason else None))
        case "stopped":
            act.tell(DossierStopped(ground=said.get("ground")))
            papers.stop(act, reason, ground=said.get("ground") or "other")
    papers.tell_applicant(act, "refused" if new == "not_accepted" else new)


def _go_on(act: Act, old: str, new: str, said: Mapping[str, Any]) -> None:
    accepted = act.dossier.accepted_at is not None
    if accepted and old in _WAITING:
        _restarted(act, old, said)
    elif not accepted and new not in ("registered", *_WAITING):
        _accepted(act, said)
        accepted = True
    if new == "awaiting_supplement":
        limits.stop_clock(act, "supplement")
        papers.supplement(act, said.get("items") or [], said.get("answer_by"), after_acceptance=accepted)
        papers.tell_applicant(act, "ministry_asks")
    if new == "awaiting_payment":
        limits.pause(act, "P01")
    if _FAR[new] >= 3 and act.dossier.decided_at is None:
        _decided(act, said)
    if new == "handed_over":
        act.tell(DossierReturned(way=act.dossier.return_way))
        papers.tell_applicant(act, "returned")


def _instant(said: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(said[name]) if said.get(name) else None


def _done_at(act: Act, said: Mapping[str, Any]) -> datetime:
    """When the ministry did it, as its system says, else now: not in the future, nor before what our clock has done."""
    now = act.uow.clock.now()
    of = act.dossier_id
    clocks = (
        select(func.greatest(func.max(Deadline.started_at), func.max(Deadline.stopped_at))).filter_by(dossier_id=of),
        select(func.greatest(func.max(Pause.started_at), func.max(Pause.ended_at))).filter_by(dossier_id=of),
    )
    known = (act.dossier.lodged_at, *(act.uow.session.scalar(one) for one in clocks))
    told = min(_instant(said, "changed_at") or now, now)
    return max(told, *(one for one in known if one))


def _restarted(act: Act, old: str, said: Mapping[str, Any]) -> None:
    """It has what it asked for: from zero after a supplement (art. 19(5)), on from where it stood after a payment."""
    at = _done_at(act, said)
    if old == "awaiting_supplement":
        limits.start_clock(act, at, named=_instant(said, "due_at"))
        papers.tell_applicant(act, "restarted")
    elif limits.resume(act, "P01", at) and act.dossier.due_at:
        papers.tell_applicant(act, "clock_resumed", due_at=act.dossier.due_at.isoformat())


def _accepted(act: Act, said: Mapping[str, Any]) -> None:
    """Under the ministry's code, ours only where it gives none (art. 28). Our limit runs beside as a check."""
    dossier, at = act.dossier, _done_at(act, said)
    competent = act.uow.session.get_one(Office, dossier.competent_office_id)
    dossier.code = said.get("remote_code") or next_code(act.uow, competent.code)
    dossier.accepted_at = at
    dossier.search_text = search_text(dossier)
    limits.start_clock(act, at, first=True, named=_instant(said, "due_at"))
    due_at = dossier.due_at.isoformat() if dossier.due_at else None
    act.tell(DossierAccepted(code=dossier.code, due_at=due_at, done_at=at.isoformat()))
    papers.receipt(act)
    papers.tell_applicant(act, "accepted", code=dossier.code)
    children.tell_parent(act, "child_acknowledged")


def _decided(act: Act, said: Mapping[str, Any]) -> None:
    dossier = act.dossier
    dossier.decided_at = at = _done_at(act, said)
    dossier.result_kind = said.get("result_kind") or "granted"
    dossier.result_number = said.get("result_number")
    limits.stop_clock(act, "decided", at)
    act.tell(
        DossierDecided(result_kind=dossier.result_kind, result_number=dossier.result_number, done_at=at.isoformat())
    )
    papers.tell_applicant(act, "ready")
