"""The clocks of the steps: until when each is to be done, and that a step stands still while its dossier does.

That is one rule and stands in one place, `time_steps`: whenever the dossier's clock stops, goes on or begins anew, and
when the calendar changes, every open step is counted anew from what lies in the rows. What waits for somebody outside (a
timer) does not stand still with it: that is not the office's time, and they were told of its date. Only a changed calendar,
or a system that was down, counts it anew (`retime`); a date that somebody named stays even then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Uuid, bindparam, select

from engine.base.questions import Question, those
from engine.calendar import rules, working_time
from engine.calendar.due import Due, Limit, due
from engine.calendar.intervals import Halt, Kind
from engine.calendar.opening import Calendar
from engine.calendar.rules import Rules
from engine.catalog.terms import StepLimit, Terms
from engine.dossiers import clock
from engine.dossiers.act import Act
from engine.dossiers.clock_models import Pause
from engine.dossiers.correction_models import Correction
from engine.dossiers.models import NO_DUE, Deadline, Task, Wait
from engine.ledger.events import StepsTimed
from engine.runtime.errors import BadVariable, StateUnreadable, at
from engine.runtime.machine import Position
from engine.runtime.model import Element
from engine.runtime.parser import Program


def due_of_step(act: Act, element: Element, variables: Mapping[str, Any]) -> datetime | None:
    """When a step is due: at the instant a variable holds, else by the limit of the record or the diagram.

    A step of a correction is due when the whole is. A timer that is never due would hold the dossier for ever: the act
    is refused.
    """
    if element.form and (correction := under_correction(act)):
        return correction.due_at
    if element.at and (said := variables.get(element.at)):
        try:
            instant = datetime.fromisoformat(said)
        except (TypeError, ValueError) as odd:
            raise BadVariable(**at(element, variable=element.at)) from odd
        if instant.tzinfo:
            return instant
        # An officer typed a day: it ends when the office closes.
        calendar = _hours(act, _lane(element))
        return calendar.closing(calendar.open_day_from(instant.date()))
    limit = limit_of_step(act, element)
    if limit is None:
        if element.event == "timer":
            raise BadVariable(**at(element, variable=element.at))
        return None
    return by_rule(_hours(act, _lane(element)), act.rules, element.rule, act.uow.clock.now(), limit).at


def _lane(element: Element) -> str:
    """In which lane a person does it; a timer is in nobody's."""
    return element.lane if element.kind == "user" else ""


def _hours(act: Act, lane: str) -> Calendar:
    """What a person does counts in the hours of the office where it is done: of the counter that received it, or where it is decided.

    So does a timer, in those of the office that decides: a result on its way back (T05) is sent by it.
    """
    return act.calendar(act.office_of(lane) if lane else None)


def under_correction(act: Act) -> Correction | None:
    """The correction of the result that this act is about; in the main diagram, and before there is a result, none is."""
    if act.runtime.role != "side" or act.dossier.decided_at is None:
        return None
    return act.uow.session.scalars(OPEN_CORRECTION, {"dossier_id": act.dossier.id}).first()


OPEN_CORRECTION = select(Correction).where(
    Correction.dossier_id == bindparam("dossier_id", type_=Uuid), Correction.ended_at.is_(None)
)


class UnderLaw(Protocol):
    """Whatever numbers of the law hold for: an act on a dossier, or what is only being declared."""

    @property
    def rules(self) -> Rules: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def program(self) -> Program: ...
    @property
    def group(self) -> Mapping[str, Any]: ...


#: By the rule of the time that the applicant has, the step at which it is over, in whichever part of the diagram it lies.
OVER = {"L01": "completion_expired", "T07": "supplement_expired"}


def own_limit(terms: Terms, group: Mapping[str, Any], step: str) -> StepLimit | None:
    """What the law of the group that opened a dossier says of a step, else the record of its procedure."""
    if said := (group.get("steps") or {}).get(step):
        own = StepLimit.of(said)
        # of before each row bore its article it is the law of the group's limit
        return own if own.article else replace(own, article=group["limit"]["article"])
    return terms.step_limits.get(step)


def limit_of_step(whose: UnderLaw, element: Element) -> StepLimit | None:
    """What the record says, else the diagram, else the rule that the diagram names; None where the law sets none."""
    if own := own_limit(whose.terms, whose.group, element.id):
        return own
    rule = whose.rules.by_code.get(element.rule)
    said = element.limit or (str(rule.limit) if rule and rule.is_time else "")
    return StepLimit(said) if said else None


def counted(act: Act, limit: StepLimit | None = None, *, rule: str | None = None, start: datetime | None = None) -> Due:
    """A limit, by default that of its rule, from now on in the calendar of who does what it asks for."""
    return by_rule(act.calendar(clock.doing(rule, act.dossier)), act.rules, rule, start or act.uow.clock.now(), limit)


def by_rule(calendar: Calendar, law: Rules, rule: str | None, start: datetime, limit: StepLimit | None = None) -> Due:
    """The same of a dossier that is not at hand."""
    length = Limit.parse(limit.limit) if limit else law[rule or ""].limit
    article = limit.article if limit and limit.article else law.article(rule)
    return due(calendar, start, length, by=law.counting, ends=law.ends(rule), article=article)


def running(act: Act) -> Deadline | None:
    """The run of the dossier's clock that has not stopped."""
    return act.runs[0] if act.runs else None


def open_pauses(act: Act) -> Sequence[Pause]:
    """Why the dossier's clock stands still, while it does: each reason apart."""
    return act.uow.session.scalars(select(Pause).filter_by(dossier_id=act.dossier.id, ended_at=None)).all()


def begin_step(act: Act, task: Task) -> list[StepsTimed]:
    """The clock of a step that opens now. While the dossier is suspended it stands still from the beginning; then that is told."""
    run, told = running(act), []
    stopped = clock.STOPS_ALL.intersection(map(clock.why_of, open_pauses(act))) if run and run.paused_at else ()
    for why in stopped:
        task.due_at, task.still_by = None, why
        told = [StepsTimed(why=why, dues={str(task.id): None}, still=[str(task.id)])]
    time_task(act, task)
    return told


def time_steps(act: Act, why: str, waits: dict[str, str] | None = None) -> None:
    """A step stands still while its dossier does, and its limit moves by as much (art. 19): count every open one anew.

    `waits`: timers that moved with it -> when they ring now.
    """
    tasks = act.uow.session.scalars(select(Task).filter_by(dossier_id=act.dossier.id, done_at=None)).all()
    stood = _stood(act) if tasks else []
    dues: dict[str, str | None] = {}
    still = []
    for task in tasks:
        side, before = act.beside(task.runtime_id), (task.due_at, task.still_by)
        _count(side, task, stood)
        time_task(side, task)
        if (task.due_at, task.still_by) != before:
            dues[str(task.id)] = task.due_at.isoformat() if task.due_at else None
            still += [str(task.id)] if task.still_by else []
    if dues or waits:
        act.tell(StepsTimed(why=why, dues=dues, still=still, waits=waits or {}))


def _count(act: Act, task: Task, stood: Iterable[Halt]) -> None:
    if correction := under_correction(act):
        task.due_at = correction.due_at
        return
    stops = clock.stops(task.opened_at, stood)
    # that a system is down is entered afterwards: it moves the date when it works again
    task.still_by = next((one.why for one in stops if one.end is None and one.kind != Kind.FAULT), None)
    if (found := _sum(act, task, stops)) is None:
        return
    took = clock.taken(found.lines)
    task.due_at = None if task.still_by else found.at
    elapsed = found.later is not None
    task.counts_from = clock.behind_start(_hours(act, task.lane), task.opened_at, took, elapsed=elapsed) if took else None


def _sum(act: Act, task: Task, stops: Iterable[Halt]) -> Due | None:
    """The due date of a step, behind what stopped it; None without a limit, and where somebody named the date: that stays."""
    positions = act.machine.positions(act.runtime.state)
    found = next((one for one in positions if one.token == task.token), None)
    if found is None:
        return None
    limit, rule = _length(act, task, found)
    if limit is None:
        return None
    calendar = _hours(act, task.lane)
    base = by_rule(calendar, act.rules, rule, task.opened_at, limit)
    return clock.behind(calendar, base, stops, base.lines[-1].article)


def _length(act: Act, row: Task | Wait, found: Position) -> tuple[StepLimit | None, str]:
    """The limit of what is open and its rule; no limit where none is set, and where somebody named the date."""
    if row.runs_by:
        said, rule, *article = row.runs_by
        return StepLimit(said, *article) if said else None, rule
    element = found.element
    is_named = element.at and found.data.get(element.at)
    return None if is_named else limit_of_step(act, element), element.rule


def keep_lengths(act: Act) -> None:
    """What is open goes on by the limits that it was opened with, whatever another version of the diagram says."""
    at_work = {one.token: one for one in act.machine.positions(act.runtime.state)}
    which = {"dossier_id": act.dossier.id, "runtime_id": act.runtime.id}
    open_: Iterable[Task | Wait] = [
        *act.uow.session.scalars(select(Task).filter_by(**which, done_at=None)),
        *act.uow.session.scalars(select(Wait).filter_by(**which, closed_at=None)),
    ]
    for row in open_:
        limit, rule = _length(act, row, at_work[row.token])
        row.runs_by = [limit.limit, rule, limit.article] if limit else ["", rule]


def _stood(act: Act) -> list[Halt]:
    """All that stops steps: what stops the dossier's clock, and the time between two of its runs."""
    runs = act.uow.session.scalars(select(Deadline).filter_by(dossier_id=act.dossier.id).order_by(*IN_TURN)).all()
    return [*clock.halts(act.uow.session, act.dossier, act.rules), *clock.between(runs, act.rules)]


#: Runs in the order in which they ran.
IN_TURN = (Deadline.runs_from, Deadline.id)


def sums_of_steps(act: Act, tasks: Iterable[Task]) -> Iterator[tuple[Task, list[dict[str, Any]]]]:
    """QUERY: the sum behind the due date of each open step that has a limit of its own.

    Where the state cannot be read the date stands, and how it was counted is left out.
    """
    stood = _stood(act)
    for task in tasks:
        if task.done_at or task.due_at is None:
            continue
        side = act.beside(task.runtime_id)
        if correction := under_correction(side):
            yield task, correction.lines
            continue
        with suppress(StateUnreadable):
            found = _sum(side, task, clock.stops(task.opened_at, stood))
            if found and found.at == task.due_at:
                yield task, [line.as_json() for line in found.lines]


def tell_tasks(act: Act, due_at: datetime | None) -> None:
    """The dossier's date is another: its open steps are urgent by it. Steps that stood still go on."""
    act.dossier.due_at = due_at
    tasks = those(act.uow.session, _OPEN, dossier_id=act.dossier.id)
    if any(task.still_by for task in tasks):
        time_steps(act, "resumed")
        return
    for task in tasks:
        time_task(act, task)


_OPEN = Question(select(Task).where(Task.dossier_id == bindparam("dossier_id"), Task.done_at.is_(None)))


def time_task(act: Act, task: Task) -> None:
    """A task is urgent by the earlier of its own and the dossier's due date; warnings as C05 and C06 say."""
    dossier = act.dossier
    # Once decided, or withdrawn, the office is on time or late for good: what is left to do is not urgent by T13.
    due_at = None if dossier.decided_at or dossier.ended_at else dossier.due_at
    task.sort_at = min(task.due_at or NO_DUE, due_at or NO_DUE)
    correction = under_correction(act)
    task.clock_from = correction.asked_at if correction else task.counts_from or task.opened_at
    if task.sort_at == NO_DUE:
        task.warn_at = task.urge_at = NO_DUE
        return
    if task.sort_at == due_at and (run := running(act)):
        task.clock_from = clock.counts_from(act.calendar(), run)
    # by whatever date it is urgent: whoever has it works in the hours of their own office
    calendar = _hours(act, task.lane)
    whole = working_time.between(calendar, task.clock_from, task.sort_at)
    soon, urgent = rules.warnings(act.uow.clock.today())
    task.warn_at = working_time.add(calendar, task.clock_from, whole * soon / 100)
    task.urge_at = working_time.add(calendar, task.clock_from, whole * urgent / 100)


def retime(act: Act, why: str) -> None:
    """Count all that is open anew, each from when it was opened; a date that somebody named stays."""
    moved: dict[str, str] = {}
    for row in act.uow.session.scalars(select(Wait).filter_by(dossier_id=act.dossier.id, closed_at=None)):
        side = act.beside(row.runtime_id)
        found = next((one for one in side.machine.positions(side.runtime.state) if one.token == row.token), None)
        if row.due_at is None or found is None:
            continue
        limit, rule = _length(side, row, found)
        if limit:
            before, row.due_at = row.due_at, by_rule(_hours(side, ""), side.rules, rule, row.opened_at, limit).at
            moved |= {str(row.id): row.due_at.isoformat()} if row.due_at != before else {}
    time_steps(act, why, moved)
