"""QUERY: what an applicant may see of a dossier with its code and the secret from the slip."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import Missing
from engine.catalog.models import Procedure
from engine.dossiers.models import Deadline, Dossier, Supplement, Task, Wait
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
class Track:
    """The public face of a dossier. Names are shortened: whoever has the code can read this."""

    dossier: Dossier
    procedure_name: str
    short_owner: str
    phase: int | None
    office: Office
    competent: Office
    holder: str | None
    deadlines: Sequence[Deadline]
    #: resubmit | pay | confirm: what the applicant is asked to do now.
    your_turn: str | None
    supplement: Supplement | None
    amount_owed: int
    answer_by: datetime | None
    notices: Sequence[Notice]


def track(session: Session, code: str, secret: str) -> Track:
    """Refuses an unknown code and a wrong secret in the same words."""
    code = code.strip().upper()
    dossier = session.scalars(
        select(Dossier).where((Dossier.code == code) | (Dossier.reference == code))
    ).first()
    given = secret.strip().upper().encode()
    if not hmac.compare_digest(dossier.secret.encode() if dossier else b"-", given) or dossier is None:
        raise TrackingUnknown

    def rows(model: type[Any], *order: Any, **where: Any) -> Sequence[Any]:
        return session.scalars(
            select(model).filter_by(dossier_id=dossier.id, **where).order_by(*order)
        ).all()

    waits = {one.subject: one for one in rows(Wait, closed_at=None) if one.kind == "message"}
    timers = [one for one in rows(Wait, closed_at=None) if one.kind == "timer"]
    task = next(iter(rows(Task, Task.opened_at, done_at=None)), None)
    holder = session.get(Officer, task.assignee_id) if task and task.assignee_id else None
    supplements = rows(Supplement, Supplement.round.desc())
    turn = next((turn for subject, turn in _TURNS.items() if subject in waits), None)
    return Track(
        dossier=dossier,
        procedure_name=session.get_one(Procedure, dossier.procedure_code).name_vi,
        short_owner=shortened(dossier.owner_name),
        phase=_phase(dossier),
        office=session.get_one(Office, dossier.receiving_office_id),
        competent=session.get_one(Office, dossier.competent_office_id),
        holder=holder.name if holder else None,
        deadlines=rows(Deadline, Deadline.started_at, Deadline.id),
        your_turn=turn,
        supplement=supplements[0] if supplements and turn == "resubmit" else None,
        amount_owed=sum(one.amount for one in rows(Charge, state="owed")),
        answer_by=timers[0].due_at if timers and turn else None,
        notices=rows(Notice, Notice.made_at.desc()),
    )


_TURNS = {
    "applicant_resubmitted": "resubmit",
    "payment_settled": "pay",
    "applicant_confirmed": "confirm",
}


def _phase(dossier: Dossier) -> int | None:
    if dossier.status in ("awaiting_supplement", "awaiting_payment") and dossier.code is None:
        return 1
    return PHASES.get(dossier.status)


def shortened(name: str) -> str:
    """`Nguyễn Trần Bảo Châu` -> `N. T. B. Châu`."""
    *others, last = name.split() or [""]
    return " ".join([*(f"{part[0]}." for part in others), last])
