"""Facts that a condition, a wait or a new task asks for: all read from rows."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.base.clock import VIETNAM
from engine.dossiers.act import Act
from engine.dossiers.models import Consultation, Supplement, Task, Transfer, Wait
from engine.org import directory
from engine.payments.models import Charge


def for_rules(act: Act, declaration: Mapping[str, Any]) -> dict[str, Any]:
    """What the FEEL of a record may read: the declaration's answers and the facts of the lodging."""
    dossier = act.dossier
    accepted = dossier.accepted_at or act.uow.clock.now()
    return rule_facts(
        declaration,
        dossier.facts,
        channel=dossier.channel,
        variant=dossier.variant,
        lodged_on=dossier.lodged_at.astimezone(VIETNAM).date(),
        accepted_on=accepted.astimezone(VIETNAM).date(),
        is_proxy=dossier.is_proxy,
    )


def rule_facts(
    declaration: Mapping[str, Any], known: Mapping[str, Any], **lodging: Any
) -> dict[str, Any]:
    """The same before there is a dossier: channel, variant, lodged_on, accepted_on, is_proxy by name."""
    return _dated(declaration) | {"lookup": {}, "fee_classes": []} | dict(known) | lodging


def _dated(value: Any) -> Any:
    """Answers hold days as ISO text; a rule that counts from a birth date needs a date."""
    if isinstance(value, Mapping):
        return {key: _dated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_dated(one) for one in value]
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def already(act: Act, wait: Wait) -> dict[str, Any] | None:
    """What a message wait that just opened was waiting for, if it is there; else None."""
    look = _LOOK.get(wait.subject)
    return look(act) if look else None


def _resubmitted(act: Act) -> dict[str, Any] | None:
    session = act.uow.session
    last = session.scalars(
        select(Supplement).filter_by(dossier_id=act.dossier.id).order_by(Supplement.round.desc()).limit(1)
    ).first()
    if last is None or last.received_at is None or last.taken_at is not None:
        return None
    last.taken_at = act.uow.clock.now()
    return {}


def _paid(act: Act) -> dict[str, Any] | None:
    states = set(act.uow.session.scalars(select(Charge.state).filter_by(dossier_id=act.dossier.id)))
    return {"payment_answer": "paid"} if states and "owed" not in states else None


def _leg(act: Act, state: str) -> dict[str, Any] | None:
    last = act.uow.session.scalars(
        select(Transfer).filter_by(dossier_id=act.dossier.id).order_by(Transfer.leg.desc()).limit(1)
    ).first()
    return {"transfer_answer": state} if last and last.state == state else None


def _answered(act: Act) -> dict[str, Any] | None:
    rows = act.uow.session.scalars(
        select(Consultation).filter_by(dossier_id=act.dossier.id, closed_at=None)
    ).all()
    return {} if rows and all(row.answered_at for row in rows) else None


_LOOK = {
    "applicant_resubmitted": _resubmitted,
    "payment_settled": _paid,
    "transfer_acknowledged": lambda act: _leg(act, "received"),
    "transfer_rejected": lambda act: _leg(act, "rejected"),
    "result_acknowledged": lambda act: _leg(act, "received"),
    "consultation_completed": _answered,
}


def keeper(act: Act, lane: str, office_id: uuid.UUID) -> uuid.UUID | None:
    """Who holds a new task without being asked: who was named, else who worked in this lane before.

    Specialists keep their dossiers; other lanes share the work, so that a leader's absence stops nothing.
    """
    if lane != "specialist":
        return None
    named = act.answers("assign_specialist").get("assignee")
    last = named or act.uow.session.scalar(
        select(Task.done_by)
        .filter_by(dossier_id=act.dossier.id, lane=lane, office_id=office_id, done_how="completed")
        .order_by(Task.done_at.desc())
        .limit(1)
    )
    if last is None:
        return None
    officer_id = uuid.UUID(str(last))
    staff = directory.officers_in(act.uow.session, office_id, lane, on=act.uow.clock.today())
    return officer_id if any(one.id == officer_id for one in staff) else None
