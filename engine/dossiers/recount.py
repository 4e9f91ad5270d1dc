"""A changed calendar, a system that was down: which promised dates move, seen before and done as one batch.

A date that has passed under the old count stays as it was told; what is still to come is counted anew from its own
start, so that the same batch run twice moves nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.base.errors import SentOtherwise
from engine.base.ids import digest_of
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.calendar import changes, days
from engine.calendar.change_models import ClockChange, Recount
from engine.calendar.changes import Change
from engine.calendar.fault_models import Fault
from engine.calendar.opening import Calendar
from engine.catalog.terms import Terms
from engine.dossiers import clock, limits, papers, steps, warehouse
from engine.dossiers.act import Act
from engine.dossiers.clock_models import Pause
from engine.dossiers.correction_models import Correction
from engine.dossiers.models import Deadline, Dossier, Supplement, Task, Wait
from engine.ledger.append import append
from engine.ledger.events import CalendarChanged, DeadlineMoved, Event, FaultRecorded
from engine.org import permissions

_PART = aliased(Dossier)


@dataclass(frozen=True)
class Move:
    """One date that moves."""

    dossier_id: uuid.UUID
    #: code, or the reference while there is none
    code: str
    owner: str
    procedure: str
    #: result | supplement | correction
    of: str
    old: datetime
    new: datetime


def preview(uow: UnitOfWork, change: Change) -> list[Move]:
    """QUERY: what would move. The change is made and taken back: what is shown is what would be done."""
    permissions.require(uow.actor, "calendar.manage")
    trial = uow.session.begin_nested()
    change.enter(uow)
    uow.session.flush()
    moves = _moves(uow, change)
    trial.rollback()
    return moves


def confirm(uow: UnitOfWork, change: Change, key: uuid.UUID) -> tuple[ClockChange, list[Move] | None]:
    """Enter the change and list the dossiers to count anew; workers take them one by one.

    What moves comes along, for the caller to compare with what was reviewed. `key` is the page's: sent twice it is
    one change, and the second time nothing moves (None). Refusals: those of `changes`, SentOtherwise.
    """
    permissions.require(uow.actor, "calendar.manage")
    session, what = uow.session, changes.as_json(change)
    wait_turn(session, key)
    if known := session.get(ClockChange, key):
        if (known.kind, known.what) != (change.kind, what):
            raise SentOtherwise
        return known, None
    change.enter(uow)
    row = ClockChange(
        id=key,
        kind=change.kind,
        what=what,
        reason=change.reason,
        entered_at=uow.clock.now(),
        entered_by=uow.actor.officer_id,
    )
    session.add(row)
    session.flush()
    moves = _moves(uow, change)
    batch = {one.dossier_id: one for one in reversed(moves)}
    session.add_all(
        Recount(change_id=key, dossier_id=one.dossier_id, old_due_at=one.old, new_due_at=one.new)
        for one in batch.values()
    )
    session.add_all(
        Recount(change_id=key, dossier_id=dossier_id, old_due_at=due_at, new_due_at=due_at)
        for dossier_id, due_at in _of_steps_only(session, change, batch)
    )
    append(uow, key, _told(change, digest_of(what), len(batch)))
    return row, moves


def _of_steps_only(session: Session, change: Change, batch: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, datetime]]:
    """Dossiers that promised nobody a date which moves, but of which a step has one: before acceptance, T02."""
    query = (
        select(Task.dossier_id, func.min(Task.due_at))
        .join(Dossier, Dossier.id == Task.dossier_id)
        .where(Task.done_at.is_(None), Task.due_at >= change.since, *_concerned(change, counter=true()))
        .group_by(Task.dossier_id)
    )
    return [(dossier_id, due_at) for dossier_id, due_at in session.execute(query) if due_at and dossier_id not in batch]


def _told(change: Change, what: str, dossiers: int) -> Event:
    if change.why == "fault":
        return FaultRecorded(kind=change.kind, what_digest=what, dossiers=dossiers)
    return CalendarChanged(kind=change.kind, what_digest=what, dossiers=dossiers)


def count_anew(uow: UnitOfWork, item: Recount) -> bool:
    """One dossier of a batch, in the worker's transaction; whether a date moved."""
    act = Act.on(uow, item.dossier_id)
    change = uow.session.get_one(ClockChange, item.change_id)
    why = "fault" if change.kind.startswith("fault") else "calendar"
    item.done_at = uow.clock.now()
    act.step = "recount"
    _move_correction(act, why, change.id)
    if act.dossier.ended_at:
        steps.retime(act, why)
        return False
    moved = limits.move(act, why, change.id)
    if moved:
        _tell(act, "date_moved", moved, change)
    answered = _move_supplement(act, why, change.id)
    if answered:
        _tell(act, "answer_moved", answered, change)
    steps.retime(act, why)
    return bool(moved or answered)


def _move_supplement(act: Act, why: str, about: uuid.UUID) -> tuple[datetime, datetime] | None:
    """The time that the applicant has, by the calendar as it is known now: (old, new) if it moved; the timer behind it moves along."""
    session, waiting = act.uow.session, {"dossier_id": act.dossier.id, "received_at": None}
    row = session.scalars(select(Supplement).filter_by(**waiting).order_by(Supplement.round.desc()).limit(1)).first()
    if row is None or (new := limits.answer_by(act, row)) == row.due_at:
        return None
    old, row.due_at = row.due_at, new
    for wait in session.scalars(select(Wait).filter_by(dossier_id=act.dossier.id, closed_at=None, due_at=old)):
        wait.due_at = new
    moved = {"old_due_at": old.isoformat(), "due_at": new.isoformat()}
    act.tell(DeadlineMoved(of="supplement", why=why, about=str(about), **moved))
    return old, new


def _move_correction(act: Act, why: str, about: uuid.UUID) -> None:
    """The same for the limit of a correction that is under way."""
    row = act.uow.session.scalars(steps.OPEN_CORRECTION, {"dossier_id": act.dossier.id}).first()
    if row is None or (counted := steps.counted(act, rule=limits.CORRECTION, start=row.asked_at)).at == row.due_at:
        return
    moved = {"old_due_at": row.due_at.isoformat(), "due_at": counted.at.isoformat()}
    row.due_at, row.lines = counted.at, [line.as_json() for line in counted.lines]
    act.tell(DeadlineMoved(of="correction", why=why, about=str(about), **moved))


def _tell(act: Act, template: str, moved: tuple[datetime, datetime], change: ClockChange) -> None:
    old, new = (one.isoformat() for one in moved)
    name = change.what.get("name_en")
    english = {"reason_en": f"{name} ({change.what['source']})"} if name else {}
    papers.tell_applicant(act, template, old_due_at=old, due_at=new, reason=change.reason, **english)


def _moves(uow: UnitOfWork, change: Change) -> list[Move]:
    """The dates that are not what they would be if they were counted now, the soonest first."""
    uow.session.info.pop("trial_calendars", None)
    found = [*_results(uow, change), *_supplements(uow, change), *_corrections(uow, change)]
    return sorted(found, key=lambda one: (one.old, one.code))


def _results(uow: UnitOfWork, change: Change) -> Iterator[Move]:
    query = (
        select(Deadline, Dossier, clock.held_up(Dossier.id))
        .join(Dossier, Dossier.id == Deadline.dossier_id)
        .where(Deadline.stopped_at.is_(None), Deadline.due_at >= change.since, *_concerned(change, counter=func.jsonb_array_length(Deadline.legs) > 0))
    )
    found = uow.session.execute(query).all()
    faults = uow.session.scalars(select(Fault)).all()
    pauses = _pauses(uow.session) if found else {}
    for run, dossier, parts in found:
        law = clock.rules_of(dossier)
        stood = clock.as_halts(pauses.get(dossier.id, ()), law)
        stood += [one for fault in faults for one in clock.of_fault(fault, dossier, parts)]
        calendar = _calendar(uow, dossier.competent_office_id)
        counter = _calendar(uow, dossier.receiving_office_id) if run.legs else None
        counted = clock.anew(calendar, law, run, stood, counter=counter)
        # A run of before limits were kept with it asks its version what it counts.
        new = counted.at if counted else limits.recounted(Act.on(uow, dossier.id, lock=False), run)[0]
        if new != run.due_at:
            yield _move(dossier, "result", run.due_at, new)


def _pauses(session: Session) -> dict[uuid.UUID, list[Pause]]:
    found: dict[uuid.UUID, list[Pause]] = defaultdict(list)
    running = select(Deadline.dossier_id).where(Deadline.stopped_at.is_(None))
    for row in session.scalars(select(Pause).where(Pause.dossier_id.in_(running))):
        found[row.dossier_id].append(row)
    return found


def _calendar(uow: UnitOfWork, office_id: uuid.UUID) -> Calendar:
    """Read once for each office and trial: a trial has rows that nobody will see again."""
    read: dict[uuid.UUID, Calendar] = uow.session.info.setdefault("trial_calendars", {})
    if office_id not in read:
        read[office_id] = days.load(uow.session, office_id, uow.clock.now())
    return read[office_id]


def _supplements(uow: UnitOfWork, change: Change) -> Iterator[Move]:
    query = (
        select(Supplement, Dossier)
        .join(Dossier, Dossier.id == Supplement.dossier_id)
        .where(Supplement.received_at.is_(None), Supplement.due_at >= change.since, *_concerned(change))
    )
    terms: dict[uuid.UUID, Terms] = {}
    for row, dossier in uow.session.execute(query).all():
        if dossier.version_id not in terms:
            terms[dossier.version_id] = warehouse.terms_of_dossier(uow.session, dossier)
        calendar, law = _calendar(uow, dossier.competent_office_id), clock.rules_of(dossier)
        new = limits.answered_by(calendar, law, row, terms[dossier.version_id], dossier)
        if new != row.due_at:
            yield _move(dossier, "supplement", row.due_at, new)


def _corrections(uow: UnitOfWork, change: Change) -> Iterator[Move]:
    query = (
        select(Correction, Dossier)
        .join(Dossier, Dossier.id == Correction.dossier_id)
        .where(Correction.ended_at.is_(None), Correction.due_at >= change.since, *_concerned(change, ended=True))
    )
    for row, dossier in uow.session.execute(query).all():
        calendar, law = _calendar(uow, dossier.competent_office_id), clock.rules_of(dossier)
        new = steps.by_rule(calendar, law, limits.CORRECTION, row.asked_at).at
        if new != row.due_at:
            yield _move(dossier, "correction", row.due_at, new)


def _concerned(change: Change, *, ended: bool = False, counter: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
    """Dossiers that a change may move; `ended`: those too whose way is over; `counter`: which also by the hours of who received them."""
    where: list[ColumnElement[bool]] = [] if ended else [Dossier.ended_at.is_(None)]
    if change.office_id:
        counts = Dossier.competent_office_id == change.office_id
        where.append(counts if counter is None else or_(counts, counter & (Dossier.receiving_office_id == change.office_id)))
    if procedures := getattr(change, "procedures", ()):
        part = select(_PART.id).where(_PART.parent_id == Dossier.id, _PART.procedure_code.in_(procedures))
        where.append(or_(Dossier.procedure_code.in_(procedures), part.exists()))
    return where


def _move(dossier: Dossier, of: str, old: datetime, new: datetime) -> Move:
    code = dossier.code or dossier.reference
    return Move(dossier.id, code, dossier.owner_name, dossier.procedure_code, of, old, new)
