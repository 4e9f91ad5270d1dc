"""The book of a dossier's clock: what it did, every limit of the decree, every step; as a page draws them."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from engine.base.uow import UnitOfWork
from engine.calendar import rules, working_time
from engine.calendar.intervals import Halt, Interval, Kind
from engine.calendar.opening import Calendar, local
from engine.dossiers import clock, limits, register, steps
from engine.dossiers.act import Act
from engine.dossiers.models import Task
from engine.dossiers.overview import Overview
from engine.dossiers.register import Watch
from engine.org import permissions
from webapp.clockview import spoken
from webapp.duesum import Sum, due_sum
from webapp.filters import vnday


@dataclass(frozen=True)
class Row:
    """One interval, with the working time in it."""

    one: Interval
    worked: str


@dataclass(frozen=True)
class Step:
    """One step with a limit of its own, or that stood still: its sum while it is open, how it ended when it is done."""

    task: Task
    worked: str
    sum: Sum | None
    #: What its clock did, where that is more than to run.
    rows: list[Row]


@dataclass(frozen=True)
class Book:
    edition: str
    #: Of the days and hours by which the date was counted last, and when; as the ledger has it.
    calendar: tuple[str, datetime] | None
    rows: list[Row]
    #: Working time that counted, of all runs since the last restart.
    counted: str
    watches: list[Watch]
    steps: list[Step]


def clock_book(uow: UnitOfWork, view: Overview) -> Book:
    """Everything that the page of the clock shows, read in one unit."""
    act = Act.on(uow, view.dossier.id, lock=False)
    calendar, now = act.calendar(), uow.clock.now()
    stood = clock.halts(uow.session, view.dossier, act.rules)
    stops = [*stood, *clock.between(view.deadlines, act.rules)]
    found = clock.intervals(view.deadlines, stood)
    sums = {task.id: due_sum(lines) for task, lines in steps.sums_of_steps(act, view.tasks)}
    told = [one for one in reversed(view.events) if one.type == "deadline.set"]
    return Book(
        edition=act.rules.edition,
        calendar=next(((one.payload["calendar_edition"], one.at) for one in told if "calendar_edition" in one.payload), None),
        rows=_rows(calendar, found, now),
        counted=spoken(_counted(calendar, found, now)),
        watches=register.register(uow, view),
        steps=[one for task in view.tasks if (one := _step(act.calendar(task.office_id), task, stops, sums, now))],
    )


def _counted(calendar: Calendar, found: list[Interval], now: datetime) -> timedelta:
    restarts = [number for number, one in enumerate(found) if one.kind == Kind.WAITING or one.why == "acknowledged"]
    current = found[restarts[-1] :] if restarts else found
    ran = (one for one in current if one.kind == Kind.RUNNING)
    return sum((working_time.between(calendar, one.start, min(one.end or now, now)) for one in ran), timedelta())


def _rows(calendar: Calendar, found: list[Interval], now: datetime) -> list[Row]:
    return [Row(one, spoken(working_time.between(calendar, one.start, min(one.end or now, now)))) for one in found]


def _step(
    calendar: Calendar, task: Task, stops: list[Halt], sums: dict[uuid.UUID, Sum], now: datetime
) -> Step | None:
    found = clock.of_step(task, stops)
    if task.due_at is None and len(found) < 2 and not task.still_by:
        return None
    ran = (one for one in found if one.kind == Kind.RUNNING)
    worked = sum((working_time.between(calendar, one.start, min(one.end or now, now)) for one in ran), timedelta())
    stood = any(one.kind != Kind.RUNNING for one in found)
    return Step(task, spoken(worked), sums.get(task.id), _rows(calendar, found, now) if stood else [])


def apologise_by(uow: UnitOfWork, view: Overview, calendar: Calendar) -> str:
    """From when the limit ends soon (C05), whoever may extend is told until when (art. 19(6)).

    When it is urgent (C06), the day before the due date may be over: then it is too late.
    """
    now = uow.clock.now()
    run = next((one for one in view.deadlines if one.stopped_at is None), None)
    if run is None or not permissions.may(uow.actor, "dossier.extend", view.dossier):
        return ""
    if working_time.percent_used(calendar, clock.counts_from(calendar, run), run.due_at, now) < rules.warnings(local(now).date())[0]:
        return ""
    if (last := limits.apology_by(Act.on(uow, view.dossier.id, lock=False))) is None:
        return ""
    if now > last:
        return _("Không còn xin lỗi, hẹn lại được nữa (muộn nhất %(time)s).", time=vnday(last))
    return _("Nếu không kịp, phải xin lỗi và hẹn lại trước %(time)s.", time=vnday(last))
