"""What the office that holds a part of a group says: of the part, which police and social insurance decide in their
ministry's system, and of an error in the result on which it rests.
"""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.dossiers import children, correcting
from engine.dossiers.act import Act
from engine.dossiers.course import (
    MovedOn,
    NothingToCorrect,
    allowed,
    begin_correction,
    said_with,
)
from engine.dossiers.facts import waiting_for
from engine.dossiers.models import Dossier, Wait
from engine.dossiers.settle import deliver
from engine.ledger.events import ServiceAnswered
from engine.org.models import Office

#: Under which the officer's words are kept.
_REPORTED, _DOUBTED = "report", "doubt"
#: What may be reported, in the words of `topics.ministry`.
RESULTS: Mapping[str, Mapping[str, str]] = {
    "received": {"remote_status": "in_process"},
    "granted": {"remote_status": "handed_over", "result_kind": "granted"},
    "refused": {"remote_status": "handed_over", "result_kind": "refused"},
}
#: Questions to the ministry's system, in whose place the officer answers.
_ASKED = ("ministry.query", "ministry.lodge")


class ResultUnknown(DomainError):
    """The office that holds a part of a group says that it has it, granted it or refused it, with a number or a reason."""

    kind = "invalid"


def report(uow: UnitOfWork, dossier_id: uuid.UUID, result: str, words: str, *, key: uuid.UUID | None = None) -> None:
    """Say how a part of a group stands, in the place of the ministry's system, which need not be asked then.

    `words` are the number of the result, or why it is refused. Refusals: ResultUnknown, MovedOn, and as of `allowed`.
    """
    act, said = allowed(uow, dossier_id, "ministry.report"), said_with(key, result=result, words=words)
    if act.did(_REPORTED, said):
        return
    holder = uow.session.get_one(Office, act.dossier.competent_office_id)
    if result not in RESULTS or holder.branch is None or not (words or result == "received"):
        raise ResultUnknown
    if wait := waiting_for(act, "remote_status_changed"):
        deliver(act.beside(wait.runtime_id), wait, {}, how="arrived")
    which = (Wait.dossier_id == dossier_id, Wait.closed_at.is_(None), Wait.subject.in_(_ASKED))
    asking = uow.session.scalars(select(Wait).where(*which)).first()
    if asking is None:
        raise MovedOn(**act.last_move())
    act.keep(_REPORTED, "", said)
    told = {"reason": words} if result == "refused" else {"result_number": words or None}
    here = act.beside(asking.runtime_id)
    digest = here.keep(asking.step_id, asking.subject, {"routing": {}, **RESULTS[result], **told})
    here.tell(ServiceAnswered(topic=asking.subject, step_id=asking.step_id, answer_digest=digest))
    deliver(here, asking, {}, how="answered")


def doubt(uow: UnitOfWork, dossier_id: uuid.UUID, what: str, *, key: uuid.UUID | None = None) -> None:
    """The office of a part found an error in the result on which the part rests: a birth certificate goes back to Justice.

    Whoever issued it corrects it within the limit of every wrong result (Decree 118/2025, art. 23(1)). `what` says what
    is wrong and why. Refusals: NothingToCorrect, CorrectionUnderWay, and as of `allowed`.
    """
    part = uow.session.get(Dossier, dossier_id)
    first = children.first_of(uow.session, part) if part else None
    # the lock of the first comes before that of the others, as where a group is withdrawn
    issued = Act.on(uow, first.id) if first else None
    act, said = allowed(uow, dossier_id, "error.report"), said_with(key, what=what)
    if act.did(_DOUBTED, said):
        return
    if issued is None:
        raise NothingToCorrect
    act.keep(_DOUBTED, "", said)
    begin_correction(issued, what, said, act.dossier)


def read(uow: UnitOfWork, dossier_id: uuid.UUID) -> None:
    """The office of a part has read what became of the errors that it reported. Refusals: as of `allowed`."""
    correcting.read(allowed(uow, dossier_id, "error.report"))
