"""QUERY: what an outside system is asked for a dossier; its answer comes back through `course.answer_service`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.dossiers.models import AnswerSet, Dossier, Wait
from engine.org.models import Office


@dataclass(frozen=True)
class Question:
    """One question to the outside, with what its mapping may need."""

    #: Also the idempotency key: the same question asked again must have one effect there.
    wait_id: uuid.UUID
    topic: str
    code: str
    procedure: str
    office_code: str
    #: What the applicant declared.
    declaration: Mapping[str, Any]
    #: Dossier facts: reference, owner, return_way, result_number.
    facts: Mapping[str, Any]


def question(session: Session, wait_id: uuid.UUID) -> Question | None:
    """The question of a service wait, or None when it is closed: somebody did it by hand meanwhile."""
    wait = session.get(Wait, wait_id)
    if wait is None or wait.closed_at is not None:
        return None
    dossier = session.get_one(Dossier, wait.dossier_id)
    lodged = select(AnswerSet.answers).filter_by(dossier_id=dossier.id, step_id="lodge")
    declared = session.scalar(lodged.order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc()).limit(1))
    office = session.get_one(Office, dossier.competent_office_id)
    return Question(
        wait_id=wait.id,
        topic=wait.subject,
        code=dossier.code or dossier.reference,
        procedure=dossier.procedure_code,
        office_code=office.code,
        declaration=declared or {},
        facts={
            "reference": dossier.reference,
            "owner": dossier.owner_name,
            "return_way": dossier.return_way,
            "result_number": dossier.result_number,
        },
    )
