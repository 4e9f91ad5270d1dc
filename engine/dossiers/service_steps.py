"""QUERY: what an outside system is asked for a dossier; its answer comes back through `course.answer_service`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.base import questions
from engine.base.questions import ask
from engine.dossiers.act import DECLARED
from engine.dossiers.models import Dossier, Wait
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
    (found,) = ask(session, {"wait_id": wait_id}, _ASKED)
    if not found:
        return None
    wait, dossier, office_code, declared = found[0]
    return Question(
        wait_id=wait.id,
        topic=wait.subject,
        code=dossier.code or dossier.reference,
        procedure=dossier.procedure_code,
        office_code=office_code,
        declaration=declared or {},
        facts={
            "reference": dossier.reference,
            "owner": dossier.owner_name,
            "return_way": dossier.return_way,
            "result_number": dossier.result_number,
        },
    )


_ASKED = questions.Question(
    select(Wait, Dossier, Office.code, DECLARED)
    .join(Dossier, Dossier.id == Wait.dossier_id)
    .join(Office, Office.id == Dossier.competent_office_id)
    .where(Wait.id == bindparam("wait_id"), Wait.closed_at.is_(None))
)
