"""The date of a group: counted anew from its own limit, from what stood still, and from its parts, each time one of them moves.

Its limit is that of its law, the longer one where a part must be verified (Decree 63/2024). It stands still while a part
does: what the applicant takes to complete one is not the offices' time (Decree 118/2025, art. 19(5)). It is not before a
part that was opened in time or has another date since: counted from zero, verified, apologised for (art. 19(6)), or
named by a ministry. A part says by letter that its clock moved, and the group follows in an act of its own: neither ever
holds the other's lock.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from engine.base.db import ONE
from engine.base.uow import UnitOfWork
from engine.calendar.due import Limit, Unit
from engine.calendar.opening import Calendar
from engine.catalog.terms import LimitRule
from engine.dossiers import children, clock, facts, limits, papers, post, steps
from engine.dossiers.act import Act
from engine.dossiers.clock import Term
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import NO_DUE, Deadline, Dossier, Incident, Letter

_DATED = children.DATED
#: By which the applicant completes a part.
_ASKED = clock.WAITS["supplement"]
#: After a letter broke: nothing that a person does mends it sooner.
_REST = timedelta(minutes=5)


class Told(NamedTuple):
    """A letter about a part's date, its place in the order of all, and whose group it is for."""

    sent_at: datetime
    letter_id: uuid.UUID
    group_id: uuid.UUID


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
    return keep_up(act, letter.sent_at)


class Part(NamedTuple):
    """A dossier that a group opened, the runs of its clock in turn, and its pauses."""

    dossier: Dossier
    name: str
    runs: Sequence[Deadline]
    pauses: Sequence[Pause]

    @property
    def closed(self) -> list[str]:
        """Why the runs before the last were closed."""
        return [one.stopped_why or "" for one in self.runs[:-1]]


class Still(NamedTuple):
    """A stretch in which a part stood still."""

    part: Part
    rule: str
    article: str
    since: datetime
    until: datetime | None


class Need(NamedTuple):
    """The date that a part gives its group, and why."""

    due_at: datetime
    #: part | supplement | verification | apology | ministry
    why: str
    part: Part


def keep_up(act: Act, at: datetime | None = None, *, opened: LimitRule | None = None) -> bool:
    """Count the group's date anew; whether it stands still or moved.

    A group whose date had passed before stays late; what it named itself in an apology stays; one of a version that does
    not say what its limit is of has the date that it had. `at`: when what moved it was, where that is told later; `opened`:
    the limit of the part that is opened now.
    """
    run, at = steps.running(act), at or act.uow.clock.now()
    if run is None or whole(act) is None or _is_late(run, at):
        return False
    before, parts = run.due_at, _parts(act)
    over = _stand_still(act, parts, at)
    # what another system names may lie behind every date that can be counted
    need = max((one for one in _needs(act, parts) if one.due_at < NO_DUE), key=lambda one: one.due_at, default=None)
    reached = _reach(act, need)
    verified = next((one for one in parts if limits.VERIFICATION in one.closed), None)
    lengthened = verified is not None and limits.lengthen(act)
    reached = _reach(act, need) if lengthened else reached
    run = act.runs[0]
    if run.paused_at:
        return True
    if run.due_at == before:
        if over:
            papers.tell_applicant(act, "clock_resumed", due_at=before.isoformat())
        return bool(over)
    reason = _reason(need if reached else None, verified if lengthened else None, over, opened, parts)
    papers.tell_applicant(act, "date_moved", old_due_at=before.isoformat(), due_at=run.due_at.isoformat(), **reason)
    return True


def whole(act: Act) -> bool | None:
    """Whether the law limits the group as a whole; None: its version says nothing of that."""
    limit = act.terms.limit(facts.for_rules(act))
    return limit.whole if limit else None


def _is_late(run: Deadline, at: datetime) -> bool:
    return run.due_at < (run.paused_at or at)


def _parts(act: Act) -> list[Part]:
    rows = children.of(act.uow.session, act.dossier.id)
    names, ids = {one.kind: one.name for one in act.terms.children}, [one.id for one in rows]
    runs: dict[uuid.UUID, list[Deadline]] = defaultdict(list)
    for run in act.uow.session.scalars(select(Deadline).where(Deadline.dossier_id.in_(ids)).order_by(*steps.IN_TURN)):
        runs[run.dossier_id].append(run)
    pauses: dict[uuid.UUID, list[Pause]] = defaultdict(list)
    for row in act.uow.session.scalars(select(Pause).where(Pause.dossier_id.in_(ids)).order_by(Pause.started_at, Pause.id)):
        pauses[row.dossier_id].append(row)
    return [Part(one, names.get(one.child_kind or "", one.procedure_code), runs[one.id], pauses[one.id]) for one in rows]


def _stand_still(act: Act, parts: Sequence[Part], at: datetime) -> list[Still]:
    """The group stands still when a part does, from then until then; what of that is over since it was counted last."""
    rows = act.uow.session.scalars(select(Pause).filter_by(dossier_id=act.dossier.id).where(Pause.about.is_not(None))).all()
    done = {(one.about, one.rule, one.started_at) for one in rows if one.ended_at}
    lasting = {(one.about, one.rule): one for one in rows if one.ended_at is None}
    over = []
    for still in sorted((one for part in parts for one in _stills(act, part, at)), key=lambda one: one.since):
        about = still.part.dossier.id
        if (about, still.rule, still.since) in done:
            continue
        if lasting.pop((about, still.rule), None) is None:
            limits.hold(act, still.rule, still.article, still.since, about)
        if still.until:
            limits.resume(act, still.rule, still.until, about=about)
            over.append(still)
    for row in lasting.values():
        limits.resume(act, row.rule, about=row.about)
        part = next(one for one in parts if one.dossier.id == row.about)
        over.append(Still(part, row.rule, row.article, row.started_at, row.ended_at))
    return over


def _stills(act: Act, part: Part, at: datetime) -> Iterator[Still]:
    for row in part.pauses:
        yield Still(part, row.rule, row.article, row.started_at, row.ended_at)
    for halt in clock.between(part.runs, act.rules):
        yield Still(part, clock.WAITS[halt.why], halt.article, halt.start, halt.end or part.dossier.ended_at)
    if not part.runs and part.dossier.status == "awaiting_supplement":
        # a ministry asks before it has accepted the part, which has no clock yet
        yield Still(part, _ASKED, act.rules.article(_ASKED) or "", at, None)


def _needs(act: Act, parts: Sequence[Part]) -> Iterator[Need]:
    """The dates of parts that the group must reach; of one that ended, or is asked now, that which it had."""
    for part in parts:
        last = part.runs[-1] if part.runs else None
        why = _why(part)
        if last and why != "part":
            yield Need(last.due_at, why, part)
        elif part.dossier.group.get("in_time"):
            limit = part.dossier.group["limit"]
            opened = opening_due(act, Limit(limit["value"], Unit(limit["unit"])), part.dossier.lodged_at)
            # an office that says early that it has it takes nothing back of what was promised
            yield Need(max(opened, last.due_at) if last else opened, why, part)


def _why(part: Part) -> str:
    """Why a part has another date than that with which it was opened; `part`: for no reason of its own."""
    if part.runs and part.runs[-1].rule == "T09":
        return "apology"
    if part.runs and part.runs[-1].named_at:
        return "ministry"
    return next((_ANEW[one] for one in reversed(part.closed) if one in _ANEW), "part")


_ANEW = {"supplement": "supplement", "anew": "supplement", limits.VERIFICATION: "verification"}


def _reach(act: Act, need: Need | None) -> bool:
    """Let the group's date be that of a part where it is later; whether it is."""
    return limits.reach(act, *need[:2], need.part.dossier.id) if need else limits.reach(act, None, "part", act.dossier.id)


def _reason(need: Need | None, verified: Part | None, over: Sequence[Still], opened: LimitRule | None, parts: Sequence[Part]) -> dict[str, Any]:
    """What moved the date, for the words of the notice: a part whose date it is, else what stood still."""
    more: dict[str, Any] = {}
    part, why = parts[-1], "part"
    if need and need.why == "part" and opened:
        part, why, more = need.part, "days", {"limit": [opened.value, opened.unit]}
    elif need and (need.why != "part" or not over):
        part, why = need.part, need.why
    elif verified:
        part, why = verified, "verification"
    elif over:
        part, why, more = over[-1].part, _STOOD.get(over[-1].rule, "suspended"), {"article": over[-1].article}
    return {"why": why, "name": part.name, "child": part.dossier.child_kind, **more}


#: Of what a part stood still by, the words that tell so; of all else that it was suspended.
_STOOD = {_ASKED: "closed", "P01": "paid"}


def promised_with(act: Act, until: datetime) -> tuple[str, datetime] | None:
    """QUERY: the code of the part's group and the date that it will have with this one of the part; None where it keeps its own."""
    if act.dossier.parent_id is None:
        return None
    group = act.other(act.dossier.parent_id, lock=False)
    run = steps.running(group)
    if run is None or run.paused_at or run.rule == "T09" or whole(group) is None:
        return None
    return None if _is_late(run, act.uow.clock.now()) or run.due_at >= until else (group.dossier.code or "", until)


def promise(act: Act) -> datetime | None:
    """QUERY: the group's date, as if it went on now; None where it is late, or a part was: what one lost the next does not make up."""
    run, now = steps.running(act), act.uow.clock.now()
    late = (one.decided_at and one.due_at and one.decided_at > one.due_at for one in children.of(act.uow.session, act.dossier.id))
    if run is None or _is_late(run, now) or any(late):
        return None
    if run.paused_at is None:
        return run.due_at
    stood = [replace(one, end=one.end or now) for one in clock.halts(act.uow.session, act.dossier, act.rules)]
    found = clock.anew(act.calendar(), act.rules, run, stood, counter=_counter(act))
    return found.at if found else run.due_at


def opening_due(act: Act, limit: Limit, start: datetime) -> datetime:
    """Until when the office of a part should be done that is opened then, behind the way of the papers."""
    term = Term(limit, "", clock.legs_of(act.dossier.dossier_form))
    return clock.sum_of(act.calendar(), act.rules, start, term, counter=_counter(act)).at


def _counter(act: Act) -> Calendar:
    """Of papers on their way: the days and hours of who sends them."""
    return act.calendar(act.dossier.receiving_office_id)
