"""QUERY: what an applicant may see of a dossier with its code and the secret from the slip."""

import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing, Stale
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import EDITION, FeeRule, terms_for
from engine.documents.models import Slip
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import children, correcting, facts, fees, submitting, warehouse
from engine.dossiers.children import Relative
from engine.dossiers.correction_models import Correction
from engine.dossiers.models import AnswerSet, Deadline, Dossier, Supplement, Task, Wait
from engine.dossiers.printing import FOR_APPLICANT
from engine.ledger.events import WaitClosed
from engine.ledger.models import LedgerEvent
from engine.notices.models import Notice
from engine.org.models import Office, Officer
from engine.payments.models import Charge

#: Which of the five phases a status is in; ended early has none.
PHASES = {
    "registered": 1,
    "accepted": 2,
    "in_process": 3,
    "awaiting_supplement": 3,
    "awaiting_payment": 3,
    "decided": 4,
    "handed_over": 5,
}


class TrackingUnknown(Missing):
    """No dossier has this code together with this secret."""


@dataclass(frozen=True)
class Parcel:
    """A result on its way by post."""

    at: datetime
    carrier: str
    number: str
    #: The post said that it did not deliver it: it lies at the counter. Where it says nothing (L06) nobody knows.
    came_back: bool


@dataclass(frozen=True)
class Track:
    """The public face of a dossier. Names of people are shortened: whoever has the code can read this."""

    dossier: Dossier
    procedure_name: str
    #: As `public_owner` has it.
    owner: str
    phase: int | None
    office: Office
    competent: Office
    holder: str | None
    deadlines: Sequence[Deadline]
    #: resubmit | pay | confirm: what the applicant is asked to do now.
    your_turn: str | None
    supplement: Supplement | None
    #: It is handed in with a form of its own.
    in_form: bool
    #: personal_id | phone: what opens the draft; None: nothing does, or there is none.
    draft_opens_with: str | None
    #: Papers that are for the applicant, the newest first, and what opens them.
    slips: Sequence[Slip]
    slips_open_with: str | None
    #: Electronic results that are in force.
    results: Sequence[WarehousePaper]
    #: Errors that somebody found in the result, the newest first.
    corrections: Sequence[Correction]
    amount_owed: int
    charges: Sequence[Charge]
    #: Where nothing is to be paid: the rules that say so.
    free: Sequence[FeeRule]
    answer_by: datetime | None
    notices: Sequence[Notice]
    #: A ministry decides it in its own system.
    elsewhere: bool
    #: How the result was posted.
    parcel: Parcel | None
    #: Of a group: the dossiers that it opened.
    members: Sequence[Relative]
    #: The code of the group that opened this one.
    group: str | None


def parcel(session: Session, dossier: Dossier) -> Parcel | None:
    """QUERY: how the result was posted last; None where it was not, or does not go by post."""
    if dossier.return_way != "post" or not dossier.decided_at:
        return None
    posted = select(AnswerSet).filter_by(dossier_id=dossier.id, step_id="post_result")
    row = session.scalars(posted.order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc()).limit(1)).first()
    if row is None:
        return None
    told = {"step_id": "delivery_failed", "how": "arrived"}
    # by the ledger: waits that are closed have no index of their dossiers
    back = session.scalar(
        select(LedgerEvent.seq)
        .where(LedgerEvent.stream_id == dossier.id, LedgerEvent.type == WaitClosed.type, LedgerEvent.payload.contains(told))
        .limit(1)
    )
    return Parcel(row.given_at, row.answers["carrier"], row.answers["delivery_tracking_no"], came_back=back is not None)


class DraftUnknown(Stale):
    """No draft waits for the applicant's word any more."""


class NotTheApplicant(DomainError):
    """This is not the applicant's number."""

    kind = "invalid"


@dataclass(frozen=True)
class Draft:
    """What will stand on the result: the form it was declared in, and the answers."""

    document: dict[str, Any]
    answers: Mapping[str, Any]


#: Compared with where there is no dossier, so that it takes as long: no secret has these letters.
_NOBODYS = b"00000000"


def find(session: Session, code: str, secret: str) -> Dossier:
    """Refuses an unknown code and a wrong secret in the same words, after the same work."""
    code = code.strip().upper()
    dossier = session.scalars(
        select(Dossier).where((Dossier.code == code) | (Dossier.reference == code))
    ).first()
    given = secret.strip().upper().encode()
    if not hmac.compare_digest(dossier.secret.encode() if dossier else _NOBODYS, given) or dossier is None:
        raise TrackingUnknown
    return dossier


def draft(session: Session, code: str, secret: str, number: str) -> Draft:
    """The draft that waits for a word, in full: for whoever also knows the applicant's personal id.

    A slip passes through many hands; names and dates of birth are not for all of them (Decree 13/2023).
    """
    dossier = find(session, code, secret)
    waiting = select(Wait.id).filter_by(dossier_id=dossier.id, closed_at=None, subject="applicant_confirmed")
    if session.scalar(waiting.limit(1)) is None:
        raise DraftUnknown
    _prove(dossier, number)
    lodged = session.scalars(_declarations(dossier)).one()
    return Draft(publish.form(session, dossier.version_id, lodged.form_key), lodged.answers)


def _declarations(dossier: Dossier) -> Select[AnswerSet]:
    """What was declared, as it stands."""
    which = select(AnswerSet).filter_by(dossier_id=dossier.id, step_id="lodge")
    return which.order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc()).limit(1)


def paper(session: Session, code: str, secret: str, number: str, slip_id: uuid.UUID) -> uuid.UUID:
    """The dossier of a paper that is for the applicant. It bears their data in full: see `draft`."""
    dossier = find(session, code, secret)
    mine = select(Slip.id).where(Slip.id == slip_id, Slip.dossier_id == dossier.id, Slip.kind.in_(FOR_APPLICANT))
    if session.scalar(mine) is None:
        raise Missing
    _prove(dossier, number)
    return dossier.id


def result(session: Session, code: str, secret: str, number: str, paper_id: uuid.UUID, on: date) -> str:
    """The digest of an electronic result that is in force; proved like a paper."""
    dossier = find(session, code, secret)
    mine = select(WarehousePaper).filter_by(id=paper_id, dossier_id=dossier.id).where(warehouse.in_force(on))
    row = session.scalars(mine).first()
    if row is None:
        raise Missing
    _prove(dossier, number)
    return row.sha256


def _prove(dossier: Dossier, number: str) -> None:
    known = dossier.applicant_personal_id or dossier.applicant_phone
    if not known or not hmac.compare_digest(_digits(known), _digits(number)):
        raise NotTheApplicant


def _digits(number: str) -> bytes:
    return "".join(one for one in number if one.isalnum()).upper().encode()


def track(session: Session, code: str, secret: str, on: date) -> Track:
    """All that the page shows. Refusal: TrackingUnknown."""
    dossier = find(session, code, secret)

    def rows(model: type[Any], *order: Any, **where: Any) -> Sequence[Any]:
        return session.scalars(
            select(model).filter_by(dossier_id=dossier.id, **where).order_by(*order)
        ).all()

    waits = {one.subject: one for one in rows(Wait, closed_at=None)}
    task = next(iter(rows(Task, Task.opened_at, done_at=None)), None)
    holder = session.get(Officer, task.assignee_id) if task and task.assignee_id else None
    supplements = rows(Supplement, Supplement.round.desc())
    charges = [one for one in rows(Charge, Charge.kind, Charge.name) if one.state != "cancelled"]
    asking, turn = next(((waits[one], turn) for one, turn in _TURNS.items() if one in waits), (None, None))
    return Track(
        dossier=dossier,
        procedure_name=session.get_one(Procedure, dossier.procedure_code).name_vi,
        owner=public_owner(dossier),
        phase=_phase(dossier),
        office=session.get_one(Office, dossier.receiving_office_id),
        competent=session.get_one(Office, dossier.competent_office_id),
        holder=holder.name if holder else None,
        deadlines=rows(Deadline, Deadline.started_at, Deadline.id),
        your_turn=turn,
        supplement=supplements[0] if supplements and turn == "resubmit" else None,
        in_form=turn == "resubmit" and asking is not None and bool(submitting.form_of(session, dossier.version_id, asking)),
        draft_opens_with=_opens_with(dossier) if turn == "confirm" else None,
        slips=[one for one in rows(Slip, Slip.made_at.desc()) if one.kind in FOR_APPLICANT],
        slips_open_with=_opens_with(dossier),
        results=warehouse.of_dossier(session, dossier.id, warehouse.in_force(on)) if dossier.result_number else [],
        corrections=correcting.of_dossier(session, dossier.id) if dossier.decided_at else [],
        amount_owed=sum(one.amount for one in charges if one.state == "owed" and one.moment in facts.moments(dossier)),
        charges=charges,
        free=() if charges else _free_by(session, dossier),
        answer_by=_until(rows(Wait, Wait.due_at, closed_at=None, kind="timer"), asking),
        notices=rows(Notice, Notice.made_at.desc()),
        elsewhere=not ELSEWHERE.isdisjoint(waits),
        parcel=parcel(session, dossier),
        members=found.children if (found := None if dossier.parent_id else children.family(session, dossier)) else (),
        group=dossier.facts["group"]["code"] if dossier.parent_id else None,
    )


def _free_by(session: Session, dossier: Dossier) -> Sequence[FeeRule]:
    edition = session.scalars(select(EDITION).where(Procedure.code == dossier.procedure_code)).one()
    terms = terms_for(session, dossier.version_id, dossier.procedure_code, edition)
    declared = session.scalars(_declarations(dossier)).one()
    known = facts.of_dossier(session, dossier, terms, declared.answers, dossier.lodged_at)
    return fees.free_by(terms, known | {"places": fees.places_of(session, terms, dossier.competent_office_id)})


def _until(timers: Sequence[Wait], asking: Wait | None) -> datetime | None:
    """When the diagram goes on without the applicant: its first timer, not that of a side process."""
    if asking is None:
        return None
    return next((one.due_at for one in timers if one.runtime_id == asking.runtime_id), None)


#: Waits of a dossier that a ministry decides, from the time when its system has spoken of it.
ELSEWHERE = {"remote_status_changed", "ministry.query"}
_TURNS = {
    "applicant_resubmitted": "resubmit",
    "payment_settled": "pay",
    "applicant_confirmed": "confirm",
}


def _opens_with(dossier: Dossier) -> str | None:
    if dossier.applicant_personal_id:
        return "personal_id"
    return "phone" if dossier.applicant_phone else None


def _phase(dossier: Dossier) -> int | None:
    if dossier.status in ("awaiting_supplement", "awaiting_payment") and dossier.code is None:
        return 1
    return PHASES.get(dossier.status)


def public_owner(dossier: Dossier) -> str:
    """The owner's name where anybody may read it: an organisation's in full, of a person `N. T. B. Châu` (Decree 13/2023)."""
    if dossier.owner_is_organisation:
        return dossier.owner_name
    *others, last = dossier.owner_name.split() or [""]
    return " ".join([*(f"{part[0]}." for part in others), last])
