"""An error in an issued result: one limit from the request to the new result in the applicant's hands.

Decree 118/2025, art. 23(1): three working days. However many steps it takes, each of them is due when the whole is.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.ids import digest_of, uuid7
from engine.dossiers import limits, papers, steps
from engine.dossiers.act import Act
from engine.dossiers.correction_models import Correction
from engine.dossiers.models import Dossier
from engine.ledger.events import (
    CorrectionAsked,
    CorrectionEnded,
    ErrorAcknowledged,
    ErrorAnswered,
    ErrorReported,
)
from engine.org import permissions
from engine.org.models import Office


def begin(act: Act, what: str, part: Dossier | None = None) -> None:
    """From now on the limit runs. `part` is the one of the same group whose office found the error, where one did."""
    now = act.uow.clock.now()
    counted = steps.counted(act, rule=limits.CORRECTION, start=now)
    row = Correction(
        id=uuid7(),
        dossier_id=act.dossier.id,
        what=what,
        asked_at=now,
        asked_by=act.uow.actor.officer_id,
        part_id=part.id if part else None,
        reported_by=act.uow.session.get_one(Office, part.competent_office_id).name if part else None,
        due_at=counted.at,
        lines=[line.as_json() for line in counted.lines],
        old_number=act.dossier.result_number,
    )
    act.uow.session.add(row)
    digest = digest_of(what.encode())
    due_at = row.due_at.isoformat()
    act.tell(CorrectionAsked(correction_id=str(row.id), due_at=due_at, what_digest=digest))
    if part:
        _of_part(act, part.id).tell(ErrorReported(correction_id=str(row.id), due_at=due_at, what_digest=digest))
    papers.tell_applicant(act, "correction_asked", due_at=due_at)


def replace(act: Act, number: str) -> None:
    """The new result takes the place of the old one, which stays to be read of."""
    if row := steps.under_correction(act):
        row.new_number = number


def end(act: Act) -> None:
    """Its diagram has ended: the new result is handed over, or it was explained why there is none."""
    row = steps.under_correction(act)
    if row is None:
        return
    row.ended_at = act.uow.clock.now()
    row.outcome = "replaced" if row.new_number else "no_error"
    act.tell(CorrectionEnded(correction_id=str(row.id), outcome=row.outcome))
    if row.outcome == "no_error":
        row.explanation = act.answers("explain_no_error").get("explanation") or ""
        papers.tell_applicant(act, "no_error", explanation=row.explanation)
    if row.part_id:
        _of_part(act, row.part_id).tell(ErrorAnswered(correction_id=str(row.id), outcome=row.outcome))


def _of_part(act: Act, part_id: uuid.UUID) -> Act:
    """The part whose office reported the error, locked behind the one that is corrected, as where a group is withdrawn."""
    return act.other(part_id)


def of_part(session: Session, part_id: uuid.UUID) -> Sequence[Correction]:
    """QUERY: what the office of this part reported of the result on which it rests, the newest first."""
    return _newest(session, part_id=part_id)


def of_dossier(session: Session, dossier_id: uuid.UUID) -> Sequence[Correction]:
    """QUERY: every request, the newest first."""
    return _newest(session, dossier_id=dossier_id)


def unread(session: Session, actor: Actor) -> Sequence[tuple[Correction, Dossier]]:
    """QUERY: answers to errors that offices of the actor reported and have not read, with the part; the oldest first."""
    asked = select(Correction, Dossier).join(Dossier, Dossier.id == Correction.part_id)
    mine = asked.where(Correction.ended_at.is_not(None), Correction.read_at.is_(None), Dossier.competent_office_id.in_(actor.offices))
    found = session.execute(mine.order_by(Correction.ended_at, Correction.id))
    return [(row, part) for row, part in found if permissions.may(actor, "error.report", part)]


def read(act: Act) -> None:
    """The office of a part has read what became of the errors that it reported; said twice it is once."""
    for row in act.uow.session.scalars(select(Correction).filter_by(part_id=act.dossier.id, read_at=None).where(Correction.ended_at.is_not(None))):
        row.read_at = act.uow.clock.now()
        act.tell(ErrorAcknowledged(correction_id=str(row.id)))


def _newest(session: Session, **whose: uuid.UUID) -> Sequence[Correction]:
    asked = select(Correction).filter_by(**whose).order_by(Correction.asked_at.desc(), Correction.id.desc())
    return session.scalars(asked).all()
