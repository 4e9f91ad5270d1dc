"""What the rows say of a dossier."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.documents.metadata_models import PaperMetadata
from engine.documents.models import Component, DocumentFile, Slip
from engine.documents.paper_models import SlipPrint
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import describing
from engine.dossiers.clock import why_of
from engine.dossiers.clock_models import Pause
from engine.dossiers.correction_models import Correction
from engine.dossiers.handover_models import HandoverItem
from engine.dossiers.models import (
    AnswerSet,
    Consultation,
    Deadline,
    Dossier,
    Letter,
    Supplement,
    Task,
    Transfer,
    Wait,
)
from engine.dossiers.people_models import Representative
from engine.dossiers.posting_models import Objection, PublicPosting
from engine.payments.models import CashEntry, Charge, Payment, PaymentRequest, Receipt
from engine.runtime.state import RuntimeState
from tests.engine.dossiers.state import State

#: Where nothing was said.
_NOTHING = AnswerSet(digest=None)


#: All rows of a kind that belong to the dossier.
Of = Callable[..., Iterable[Any]]


def _given(one: AnswerSet) -> Any:
    return one.given_at, one.id


def _asked(one: Correction) -> Any:
    return one.asked_at, one.id


def rows(session: Session, dossier: Dossier) -> State:
    """As `fold` tells it, from the tables."""

    def of(model: type[Any], **only: Any) -> Iterable[Any]:
        return session.scalars(select(model).filter_by(dossier_id=dossier.id, **only))

    deadline = next(iter(of(Deadline, stopped_at=None)), None)
    return State(
        **_life(session, dossier),
        **_work(of),
        **_money(of),
        **_papers(session, dossier, of),
        due_at=_iso(dossier.due_at),
        runs=deadline.rule if deadline else None,
        paused=sorted(why_of(one) for one in of(Pause, ended_at=None)),
        sent={
            str(one.id): (one.kind, one.name)
            for one in session.scalars(select(Letter).filter_by(sender_id=dossier.id))
        },
        taken={str(one.id) for one in session.scalars(select(Letter).filter_by(taken_by=dossier.id))},
        expired={
            str(one.id)
            for one in session.scalars(select(Letter).filter_by(sender_id=dossier.id, kind="message", taken_by=None))
            if one.taken_at
        },
        legs={one.leg: (str(one.to_office_id), one.state) for one in of(Transfer)},
        missed={one.leg: one.alarms for one in of(Transfer) if one.alarms},
        handed={str(one.list_id): one.state for one in of(HandoverItem)},
        asked=sorted((str(one.office_id), one.answered_at is not None) for one in of(Consultation, closed_at=None)),
        supplements={one.round: (one.due_at, one.received_at) for one in of(Supplement)},
        declared=max(of(AnswerSet, step_id="lodge"), key=_given).digest,
        corrections={str(one.id): (one.due_at.isoformat(), one.outcome) for one in of(Correction)},
        visit=max(of(AnswerSet, step_id="visit"), key=_given, default=_NOTHING).digest,
        posted={str(one.id) for one in of(PublicPosting)},
        objections={str(one.id) for one in of(Objection)},
        replaced_by=next((one.new_number for one in sorted(of(Correction), key=_asked)[::-1] if one.new_number), None),
        acting={
            str(one.id): (tuple(one.scope), one.valid_until.isoformat() if one.valid_until else None)
            for one in of(Representative)
        },
    )


def _iso(at: datetime | date | None) -> str | None:
    return at.isoformat() if at else None


def _life(session: Session, dossier: Dossier) -> dict[str, Any]:
    children = session.execute(select(Dossier.child_kind, Dossier.id).filter_by(parent_id=dossier.id))
    return {
        "status": dossier.status,
        "code": dossier.code,
        "receiving": str(dossier.receiving_office_id),
        "competent": str(dossier.competent_office_id),
        "unresolved": dossier.unresolved_at is not None,
        "accepted_at": dossier.accepted_at,
        "decided_at": dossier.decided_at,
        "amended_at": dossier.amended_at,
        "ended": (dossier.ended_at, dossier.end_step) if dossier.ended_at else None,
        "result_kind": dossier.result_kind,
        "result_number": dossier.result_number,
        "version": str(dossier.version_id),
        "parent": (str(dossier.parent_id), dossier.child_kind or "") if dossier.parent_id else None,
        "children": {kind: str(one) for kind, one in children},
        "assisted_by": str(dossier.assisted_by) if dossier.assisted_by else None,
    }


def _work(of: Of) -> dict[str, Any]:
    tasks = {str(one.id): one for one in of(Task)}
    given = sorted(of(AnswerSet), key=_given)
    return {
        "sides": len([*of(RuntimeState, role="side")]),
        "tasks": {
            key: (one.step_id, one.lane, str(one.office_id), str(one.assignee_id) if one.assignee_id else None)
            for key, one in tasks.items()
            if one.done_at is None
        },
        "clocks": {key: (one.due_at, one.still_by is not None) for key, one in tasks.items() if one.done_at is None},
        "done": {key: (one.step_id, one.lane, str(one.office_id), str(one.done_by)) for key, one in tasks.items() if one.done_at},
        "answers": {
            str(one.task_id): one.digest
            for one in given
            if one.task_id and one.step_id == tasks[str(one.task_id)].step_id and tasks[str(one.task_id)].done_at
        },
        "waits": {str(one.id): (one.step_id, one.kind, one.due_at) for one in of(Wait, closed_at=None)},
        "over": {str(one.id): one.how for one in of(Wait) if one.closed_at},
    }


def _money(of: Of) -> dict[str, Any]:
    charges = [*of(Charge)]
    cash: Counter[str] = Counter()
    for one in of(CashEntry):
        cash[one.kind] += one.amount
    return {
        "assessed": {str(one.id): (one.fee, one.amount) for one in charges},
        "charges": {str(one.id): one.state for one in charges},
        "excess": {str(one.id): (one.excess, one.refunded) for one in charges if one.excess or one.refunded},
        "exempt": {str(one.id): one.exempt_class for one in charges if one.exempt_class},
        "receipts": {str(one.id): (one.kind, one.number, one.amount, one.way, one.voided_at is None) for one in of(Receipt)},
        "cash": cash,
        "requests": {str(one.id): (one.reference, one.amount) for one in of(PaymentRequest)},
        "payments": {str(one.id): one.state for one in of(Payment)},
    }


def _papers(session: Session, dossier: Dossier, of: Of) -> dict[str, Any]:
    files = {one.id: one for one in of(DocumentFile)}
    slips = {one.id: one for one in of(Slip)}
    prints = session.scalars(select(SlipPrint).where(SlipPrint.slip_id.in_(slips)))
    described = {files[one.file_id]: describing.lacking(one) for one in of(PaperMetadata)}
    return {
        "judged": {one.key: (one.verdict, one.obtained_by) for one in of(Component) if one.verdict or one.obtained_by},
        "files": {(one.component_key, one.sha256): one.searchable_sha256 for one in files.values()},
        "described": {(one.component_key, one.sha256): lacking for one, lacking in described.items()},
        "slips": {str(one.id): (one.kind, one.number, one.digest) for one in slips.values()},
        "prints": {(str(one.slip_id), one.copy): one.sha256 for one in prints},
        "stored": {str(one.id): (one.number, one.state) for one in of(WarehousePaper)},
    }
