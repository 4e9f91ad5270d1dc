"""The date of a group while one of its parts waits for the applicant, counts anew, is verified, or is late and apologised for.

What the applicant takes to complete a part is not the offices' time, and the part then counts from zero (Decree 118/2025,
art. 19(5)); an apology names another day (art. 19(6)). The part says so by letter, and the group follows in an act of its
own: neither ever holds the other's lock.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from engine.base.db import ONE
from engine.base.uow import UnitOfWork
from engine.dossiers import children, facts, limits, papers, post, steps
from engine.dossiers.act import Act
from engine.dossiers.models import Deadline, Dossier, Incident, Letter

_DATED = "child_dated"
#: By which the group's clock stands still: the applicant completes a part.
_ASKED = "T07"
#: After a letter broke: nothing that a person does mends it sooner.
_REST = timedelta(minutes=5)


class Told(NamedTuple):
    """A letter about a part's date, its place in the order of all, and whose group it is for."""

    sent_at: datetime
    letter_id: uuid.UUID
    group_id: uuid.UUID


def tell(act: Act) -> None:
    """Of a part whose applicant was asked or has answered, that must be verified, or that has another appointment; any other tells nobody."""
    if act.dossier.parent_id and act.dossier.child_kind:
        post.write(act, "message", _DATED, children.key(act.dossier.parent_id, act.dossier.child_kind), act.step or "")


def promised_with(act: Act, until: datetime) -> tuple[str, datetime] | None:
    """QUERY: the code of the part's group and the date that it will have with this one of the part; None where it keeps its own."""
    if act.dossier.parent_id is None:
        return None
    group = act.other(act.dossier.parent_id, lock=False)
    run = steps.running(group)
    if run is None or run.paused_at or not _follows(group, run) or (longer := limits.longer(group, run, until)) is None:
        return None
    return group.dossier.code or "", longer[1]


_GROUP = aliased(Dossier)
_LETTER = (
    select(Letter.sent_at, Letter.id, _GROUP.id)
    .join(Dossier, Dossier.id == Letter.sender_id)
    .join(_GROUP, _GROUP.id == Dossier.parent_id)
    .outerjoin(Incident, (Incident.dossier_id == _GROUP.id) & (Incident.key == literal_column(f"'{_DATED}'")))
    .where(Letter.name == literal_column(f"'{_DATED}'"), Letter.taken_at.is_(None))
)


def next_told(uow: UnitOfWork, last: Told | None) -> Told | None:
    """The oldest letter about a part's date behind `last`, itself and its group locked; where it broke, only after a rest."""
    query = _LETTER.where(or_(Incident.last_at.is_(None), Incident.last_at <= uow.clock.now() - _REST))
    if last:
        query = query.where(tuple_(Letter.sent_at, Letter.id) > last[:2])
    row = uow.session.execute(
        query.order_by(Letter.sent_at, Letter.id).limit(ONE).with_for_update(of=(Letter, _GROUP), skip_locked=True)
    ).first()
    return Told._make(row) if row else None


def follow(uow: UnitOfWork, told: Told) -> bool:
    """Let the group's date follow its part's; whether it stands still or moved."""
    act, letter = Act.on(uow, told.group_id), uow.session.get_one(Letter, told.letter_id)
    act.step = _DATED
    post.read(act, letter)
    return keep_up(act, uow.session.get_one(Dossier, letter.sender_id))


def keep_up(act: Act, part: Dossier) -> bool:
    """The group's clock stands still while the applicant is asked for something of a part; then it reaches the part's date.

    A group that is late already stays so, and what it named itself in an apology stays.
    """
    run = steps.running(act)
    if run is None or not _follows(act, run):
        return False
    if _asked(act):
        return limits.pause(act, _ASKED)
    before = run.due_at
    resumed = limits.resume(act, _ASKED)
    # letters of other parts were read while the applicant was still asked for this one
    part = max(_anew(act), key=lambda one: one.due_at or before, default=part)
    why = _why(act, part)
    if part.ended_at is None and part.due_at:
        limits.reach(act, part.due_at, part.id, why)
    if run.due_at == before:
        return resumed
    if run.paused_at is None:
        name = next(one.name for one in act.terms.children if one.kind == part.child_kind)
        old, new = before.isoformat(), run.due_at.isoformat()
        papers.tell_applicant(act, "date_moved", old_due_at=old, due_at=new, why=why, name=name, child=part.child_kind)
    return True


def _follows(act: Act, run: Deadline) -> bool:
    """Whether its version says what its limit is of, and its date had not passed before."""
    limit = act.terms.limit(facts.for_rules(act))
    return bool(limit and limit.whole is not None and (run.paused_at or run.due_at >= act.uow.clock.now()))


def _asked(act: Act) -> bool:
    """Whether the applicant is asked to complete a part of the group."""
    return any(one.status == "awaiting_supplement" for one in children.of(act.uow.session, act.dossier.id))


def _anew(act: Act) -> Sequence[Dossier]:
    """Parts that go on and have another date than that with which they were opened."""
    moved = or_(Deadline.stopped_why.in_(("supplement", "extended", limits.VERIFICATION)), Deadline.named_at.is_not(None))
    dated = exists().where(Deadline.dossier_id == Dossier.id, moved)
    parts = select(Dossier).filter_by(parent_id=act.dossier.id, ended_at=None).where(Dossier.due_at.is_not(None), dated)
    return act.uow.session.scalars(parts.order_by(Dossier.id)).all()


def _why(act: Act, part: Dossier) -> str:
    if part.ended_at:
        return "closed"
    closed = select(Deadline.stopped_why).filter_by(dossier_id=part.id).where(Deadline.stopped_at.is_not(None))
    last = act.uow.session.scalar(closed.order_by(Deadline.stopped_at.desc(), Deadline.id.desc()).limit(ONE))
    if said := {"extended": "apology", limits.VERIFICATION: "verification"}.get(last or ""):
        return said
    named = select(Deadline.id).filter_by(dossier_id=part.id, stopped_at=None).where(Deadline.named_at.is_not(None))
    return "ministry" if act.uow.session.scalar(named) else "supplement"
