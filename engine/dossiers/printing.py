"""Slips on paper: the first print is kept, every later one is the same bytes; slips that officers ask for."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.errors import DomainError, Missing
from engine.base.questions import Question, ask
from engine.base.uow import UnitOfWork
from engine.documents import templates
from engine.documents.models import Slip
from engine.documents.paper_models import PaperTemplate, SlipPrint
from engine.dossiers import papers
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Task, Transfer
from engine.ledger.append import append
from engine.ledger.events import SlipPrinted
from engine.org import permissions
from engine.org.models import Lane, Office, Officer

#: Who a print is for: with the secret that opens the applicant's page, or for the file.
APPLICANT, OFFICE = "applicant", "office"
#: Slips that are for the applicant; the others stay between offices.
FOR_APPLICANT = frozenset(
    {
        "receipt",
        "supplement",
        "refusal",
        "extension",
        "stop",
        "site_minutes",
        "result_receipt",
        "fee_receipt_phi",
        "fee_receipt_le_phi",
        "fee_refund",
    }
)
#: Slips that an officer asks for, as often as they are needed.
ON_DEMAND = ("receipt", "control", "handover", "result_receipt", "history")


#: Step under which the key of a page that asked for a slip is kept.
_ISSUED = "paper.issue"


class NoResultYet(DomainError):
    """There is no result to hand over."""


class NotAccepted(DomainError):
    """The receipt says when the result is due: that is known from the acceptance on."""


class ReceiptThere(DomainError):
    """The receipt was made before: print that one again."""


class PaperUnknown(DomainError):
    """No such paper is made on demand."""

    kind = "invalid"


@dataclass(frozen=True)
class Printable:
    """A slip, its template, and what was printed of it before."""

    slip: Slip
    template: PaperTemplate
    #: SHA-256 of the bytes; None: never printed.
    sha256: str | None


def printable(session: Session, dossier_id: uuid.UUID, slip_id: uuid.UUID, copy: str) -> Printable:
    """QUERY: what is needed to print a slip of this dossier."""
    slip = session.scalars(select(Slip).filter_by(id=slip_id, dossier_id=dossier_id)).first()
    if slip is None:
        raise Missing
    kept = session.get(SlipPrint, (slip.id, copy))
    template = session.get_one(PaperTemplate, kept.template_id) if kept else templates.chosen(session, slip)
    return Printable(slip, template, kept.sha256 if kept else None)


def printed(session: Session, dossier_id: uuid.UUID, copy: str) -> set[uuid.UUID]:
    """QUERY: which slips of a dossier were printed in this copy before."""
    (rows,) = ask(session, {"dossier_id": dossier_id, "copy": copy}, _PRINTED)
    return {slip_id for (slip_id,) in rows}


_PRINTED = Question(
    select(SlipPrint.slip_id)
    .join(Slip, Slip.id == SlipPrint.slip_id)
    .where(Slip.dossier_id == bindparam("dossier_id"), SlipPrint.copy == bindparam("copy"))
)


def copy_for(actor: Actor, dossier: Dossier) -> str:
    """The office that hands slips out prints the applicant's copy; all others print for the file."""
    return APPLICANT if dossier.receiving_office_id in actor.offices else OFFICE


def keep(uow: UnitOfWork, what: Printable, copy: str, sha256: str) -> str:
    """Remember the bytes of a first print, which lie in the blob store; of two at once, those of one count.

    Returns the digest of the bytes that count from now on.
    """
    slip = what.slip
    uow.session.execute(select(Dossier.id).filter_by(id=slip.dossier_id).with_for_update())
    known = uow.session.scalars(
        select(SlipPrint).filter_by(slip_id=slip.id, copy=copy), execution_options={"populate_existing": True}
    ).first()
    if known:
        return known.sha256
    uow.session.add(
        SlipPrint(
            slip_id=slip.id,
            copy=copy,
            template_id=what.template.id,
            sha256=sha256,
            printed_at=uow.clock.now(),
            printed_by=uow.actor.officer_id,
        )
    )
    append(
        uow,
        slip.dossier_id,
        SlipPrinted(slip_id=str(slip.id), copy=copy, sha256=sha256, template_id=str(what.template.id)),
    )
    return sha256


def issue(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    kind: str,
    story: Sequence[Mapping[str, str]] = (),
    *,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Make a slip that shows the dossier as it stands now; `story` is told by whoever has the words (history).

    Refusals: PaperUnknown, NoResultYet, ReceiptThere, NotAccepted, Forbidden.
    """
    if kind not in ON_DEMAND:
        raise PaperUnknown
    act = Act.on(uow, dossier_id)
    permissions.require(uow.actor, "paper.issue", act.dossier)
    said = {"kind": kind, "key": str(key) if key else None}
    if act.did(_ISSUED, said):
        return uow.session.scalars(
            select(Slip.id).filter_by(dossier_id=dossier_id, kind=kind).order_by(Slip.made_at.desc()).limit(1)
        ).one()
    if kind == "result_receipt" and act.dossier.decided_at is None:
        raise NoResultYet
    if kind == "receipt":
        _check_receipt(act)
    act.keep(_ISSUED, "", said)
    match kind:
        case "receipt":
            return papers.receipt(act).id
        case "control":
            more = _course(act) | {"components": papers.handed_in(act), "statutory": papers.statutory(act)}
        case "handover":
            more = _leg(act) | {"components": papers.handed_in(act)}
        case "result_receipt":
            more = _result(act)
        case _:
            more = {"lines": [dict(one) for one in story]}
    return papers.slip(act, kind, due_at=_iso(act.dossier.due_at), **more).id


def _check_receipt(act: Act) -> None:
    """Made when the dossier is accepted; later only for whoever got none and asks for it (art. 17(4))."""
    if act.dossier.accepted_at is None:
        raise NotAccepted
    there = select(Slip.id).filter_by(dossier_id=act.dossier.id, kind="receipt").limit(1)
    if act.uow.session.scalar(there):
        raise ReceiptThere


def _course(act: Act) -> dict[str, Any]:
    """Every hop of Mẫu 06: from whose hands into whose, given, taken, done, and whether in time."""
    session, dossier = act.uow.session, act.dossier
    rows = session.execute(
        select(Task, Lane.name, Office.name, Officer.name, Officer.title)
        .join(Lane, Lane.code == Task.lane)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Officer, Officer.id == Task.assignee_id)
        .where(Task.dossier_id == dossier.id, Task.done_how.is_distinct_from("recalled"))
        .order_by(Task.opened_at, Task.id)
    ).all()
    hops: list[dict[str, Any]] = []
    before: str | dict[str, str] = "Người nộp hồ sơ"
    for task, lane, office, officer, title in rows:
        unit = {"lane": lane, "office": office, "officer": officer or "", "title": title or ""}
        hops.append(
            {
                "step": task.name,
                "from": before,
                "to": unit,
                "given_at": _iso(task.opened_at),
                "taken_at": _iso(task.claimed_at or task.done_at),
                "done_at": _iso(task.done_at),
                "due_at": _iso(task.due_at),
                "timing": _timing(task),
                "how": task.done_how,
            }
        )
        before = unit
    return {"hops": hops, "decided_at": _iso(dossier.decided_at), "result_number": dossier.result_number}


def _timing(task: Task) -> str | None:
    """By the limit of the step, early or late; None where it has none or is not done."""
    if not task.done_at or not task.due_at:
        return None
    return "late" if task.done_at > task.due_at else "early"


def _leg(act: Act) -> dict[str, Any]:
    """Between which offices the papers pass: the last leg, else from the counter to whoever decides."""
    session, dossier = act.uow.session, act.dossier
    leg = session.scalars(
        select(Transfer).filter_by(dossier_id=dossier.id).order_by(Transfer.leg.desc()).limit(1)
    ).first()
    pair = (leg.from_office_id, leg.to_office_id) if leg else (dossier.receiving_office_id, dossier.competent_office_id)
    giver, taker = (session.get_one(Office, one).name for one in pair)
    return {
        "from_office": giver,
        "to_office": taker,
        "given_at": _iso(leg.sent_at) if leg else None,
        "taken_at": _iso(leg.closed_at) if leg and leg.state == "received" else None,
        "result_number": dossier.result_number,
    }


def _result(act: Act) -> dict[str, Any]:
    """What is handed over, and to whom once that is known (art. 22)."""
    dossier, given = act.dossier, act.answers("hand_over_result")
    return {
        "results": [one.name for one in act.terms.results if one.kind == "granted"] if dossier.result_kind == "granted" else [],
        "result_kind": dossier.result_kind,
        "result_number": dossier.result_number,
        "decided_at": _iso(dossier.decided_at),
        "receiver": {
            "role": given.get("receiver_role"),
            "name": given.get("receiver_name") or "",
            "personal_id": given.get("receiver_personal_id") or given.get("receiver_paper_no") or "",
            "authorisation_no": given.get("authorisation_no") or "",
        },
        "returned": papers.handed_in(act, originals=True),
    }


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None
