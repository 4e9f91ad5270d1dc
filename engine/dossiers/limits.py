"""The dossier's clock: which limit runs, from when, until when, and by which article.

A limit is a property of a step, a deadline is one run of the dossier's own clock (T13). A supplement
closes the run; a complete resubmission starts a new one from zero (Decree 118/2025, art. 19(5)).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from engine.base.clock import VIETNAM
from engine.base.errors import DomainError
from engine.calendar import working_time
from engine.calendar.due import Due, Limit, Unit, What, due, latest_before
from engine.dossiers import facts
from engine.dossiers.act import Act
from engine.dossiers.models import NO_DUE, Deadline, Task
from engine.ledger.events import DeadlineClosed, DeadlineExtended, DeadlineSet
from engine.runtime.errors import BadVariable, at
from engine.runtime.model import Element

#: Why a clock stops that will run again: nothing is due meanwhile.
_WAITS = {"supplement", "paused", "revision"}


class ExtensionTooLate(DomainError):
    """The apology must be issued at least one day before the due date (Decree 118/2025, art. 19(6))."""


class ExtensionUsed(DomainError):
    """The date was moved once before; there is no second time (Decree 118/2025, art. 19(6))."""


class NothingToExtend(DomainError):
    """No due date runs: there is none to move."""


class SupplementUsed(DomainError):
    """The applicant was asked as often as the law allows (Decree 118/2025, art. 19(5); sector law)."""


class SupplementLate(DomainError):
    """What is missing is asked for within the days of the rule, later only with a reason (art. 19(5))."""

    kind = "invalid"


class ExtensionNotLater(DomainError):
    """The new date must lie after the present one."""

    kind = "invalid"


def due_of_step(act: Act, element: Element, variables: Mapping[str, Any]) -> datetime | None:
    """When a step is due: at the instant a variable holds, else by the limit of the record or the diagram.

    A timer that is never due would hold the dossier for ever: the act is refused.
    """
    if element.at and (said := variables.get(element.at)):
        try:
            instant = datetime.fromisoformat(said)
        except (TypeError, ValueError) as odd:
            raise BadVariable(**at(element, variable=element.at)) from odd
        if instant.tzinfo:
            return instant
        # An officer typed a day: it ends when the office closes.
        return act.calendar().closing(act.calendar().open_day_from(instant.date()))
    text = limit_of_step(act, element)
    if not text:
        if element.event == "timer":
            raise BadVariable(**at(element, variable=element.at))
        return None
    return counted(act, text, rule=element.rule).at


def limit_of_step(act: Act, element: Element) -> str:
    """What the record says, else the diagram, else the rule that the diagram names; empty where the law sets none."""
    said = act.terms.step_limits.get(element.id) or element.limit
    if said or not element.rule:
        return said
    rule = act.rules.by_code.get(element.rule)
    return str(rule.limit) if rule and rule.is_time else ""


def counted(act: Act, limit: str | None = None, *, rule: str | None = None, start: datetime | None = None) -> Due:
    """A limit, by default that of its rule, from now on in the calendar of the deciding office."""
    rules = act.rules
    length = Limit.parse(limit) if limit else rules[rule or ""].limit
    return due(
        act.calendar(),
        start or act.uow.clock.now(),
        length,
        by=rules.counting,
        ends=rules.ends(rule),
        article=rules.article(rule),
    )


def start_clock(act: Act, start: datetime, *, stage: int = 1) -> None:
    """Begin a run of T13 at acceptance, at acknowledgement, or from zero after a supplement.

    `stage`: of a procedure whose record gives each stage a limit of its own.

    Where no limit is published and none was agreed (a dossier lodged online), there is no date to promise.
    """
    if (statutory := _statutory(act, stage)) is None:
        return
    limit, article = statutory
    rules = act.rules
    result = due(act.calendar(), start, limit, by=rules.counting, ends=rules.ends("T13"), article=article)
    _run(act, "T13", start, result.at, [line.as_json() for line in result.lines])


def _statutory(act: Act, stage: int) -> tuple[Limit, str] | None:
    rule = act.terms.limit(facts.for_rules(act) | {"stage": stage})
    if rule:
        return Limit(rule.value, Unit(rule.unit)), rule.article
    if act.dossier.agreed_days:
        return Limit(act.dossier.agreed_days, Unit.WORKING_DAY), "Thỏa thuận với người nộp hồ sơ"
    return None


def _run(act: Act, rule: str, start: datetime, due_at: datetime, lines: list[Any]) -> Deadline:
    deadline = Deadline(
        dossier_id=act.dossier.id, rule=rule, started_at=start, due_at=due_at, lines=lines
    )
    act.uow.session.add(deadline)
    act.runs[:] = [deadline]
    act.tell(DeadlineSet(due_at=due_at.isoformat(), rule=rule))
    _tell_tasks(act, due_at)
    return deadline


def _tell_tasks(act: Act, due_at: datetime | None) -> None:
    act.dossier.due_at = due_at
    for task in act.uow.session.scalars(select(Task).filter_by(dossier_id=act.dossier.id, done_at=None)):
        time_task(act, task)


def time_task(act: Act, task: Task) -> None:
    """A task is urgent by the earlier of its own and the dossier's due date; warnings at 70 % and 90 %."""
    dossier = act.dossier
    # Once decided the office is on time or late for good: what is left to do is not urgent by T13.
    due_at = None if dossier.decided_at else dossier.due_at
    task.sort_at = min(task.due_at or NO_DUE, due_at or NO_DUE)
    task.clock_from = task.opened_at
    if task.sort_at == due_at and (run := running(act)):
        task.clock_from = run.started_at
    if task.sort_at == NO_DUE:
        task.warn_at = task.urge_at = NO_DUE
        return
    calendar = act.calendar()
    whole = working_time.between(calendar, task.clock_from, task.sort_at)
    task.warn_at = working_time.add(calendar, task.clock_from, whole * 0.7)
    task.urge_at = working_time.add(calendar, task.clock_from, whole * 0.9)


def running(act: Act) -> Deadline | None:
    """The run that has not stopped."""
    return act.runs[0] if act.runs else None


def stop_clock(act: Act, why: str) -> None:
    """Close the run, if one is open: decided, supplement, ended."""
    deadline = running(act)
    if deadline is None:
        return
    deadline.stopped_at, deadline.stopped_why = act.uow.clock.now(), why
    act.runs.clear()
    act.tell(DeadlineClosed(why=why))
    if why in _WAITS:
        _tell_tasks(act, None)


def pause(act: Act) -> None:
    """From here on nothing counts until `resume`."""
    stop_clock(act, "paused")


def resume(act: Act, rule: str) -> None:
    """Go on with the working time that was left at the pause; nothing when the clock was not paused."""
    last = act.uow.session.scalars(
        select(Deadline).filter_by(dossier_id=act.dossier.id).order_by(Deadline.stopped_at.desc()).limit(1)
    ).first()
    if running(act) or last is None or last.stopped_at is None or last.stopped_why != "paused":
        return
    calendar, now = act.calendar(), act.uow.clock.now()
    due_at = working_time.add(calendar, now, working_time.between(calendar, last.stopped_at, last.due_at))
    begun, ended = (f"{one.astimezone(VIETNAM):%H:%M %d/%m/%Y}" for one in (last.stopped_at, now))
    why, article = act.rules[rule], next((one["article"] or "" for one in last.lines if one["what"] == What.DUE), "")
    lines = [line for line in last.lines if line["what"] != What.DUE] + [
        _line(
            act,
            "paused",
            f"Không tính từ {begun} đến {ended}: {why.vi}",
            f"Not counted from {begun} to {ended}: {why.en}",
            why.article,
        ),
        _line(act, What.DUE, f"Hạn: {due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}", "Due", article),
    ]
    _run(act, last.rule, now, due_at, lines)


def _line(act: Act, what: str, vi: str, en: str, article: str | None) -> dict[str, Any]:
    return {"on": act.uow.clock.today().isoformat(), "what": what, "vi": vi, "en": en, "article": article, "number": None}


def check_extension(act: Act, new_due: datetime | None = None) -> None:
    """Refuse a second extension, one that comes too late, or one that is not later (T08, T09)."""
    used = select(func.count()).select_from(Deadline).filter_by(dossier_id=act.dossier.id, rule="T09")
    if (act.uow.session.scalar(used) or 0) >= act.rules["T09"].count:
        raise ExtensionUsed
    if (run := running(act)) is None:
        raise NothingToExtend
    last = latest_before(act.calendar(), run.due_at, act.rules["T08"].limit)
    if act.uow.clock.now() > last:
        raise ExtensionTooLate(latest=last, due=run.due_at)
    if new_due and new_due <= run.due_at:
        raise ExtensionNotLater(due=run.due_at)


def appointment(act: Act, apology: Mapping[str, Any]) -> datetime:
    """The new due date of an apology: the end of office hours on the day that was typed, or the next open day."""
    calendar = act.calendar()
    return calendar.closing(calendar.open_day_from(date.fromisoformat(apology["new_due_on"])))


def check_apology(act: Act, apology: Mapping[str, Any]) -> None:
    """Refuse a date that could not be granted. A letter that comes too late is written, and then denied."""
    run = running(act)
    if run and appointment(act, apology) <= run.due_at:
        raise ExtensionNotLater(due=run.due_at)


def check_supplement(act: Act, *, count: int, most: int, late_reason: str | None) -> None:
    """Refuse to ask more often than allowed, or after the days of T06 without a reason (art. 19(5))."""
    if count >= most:
        raise SupplementUsed
    run = running(act)
    if run is None or late_reason:
        return
    if act.uow.clock.now() > (latest := ask_until(act, run)):
        raise SupplementLate(latest=latest)


def ask_until(act: Act, run: Deadline) -> datetime:
    """Until when the applicant may be asked for more without a reason (T06, or the law of the sector)."""
    calls = act.machine.program.model.elements.values()
    limit = next((said for one in calls if one.rule == "T06" and (said := limit_of_step(act, one))), None)
    return counted(act, limit, rule="T06", start=run.started_at).at


def extend_clock(act: Act, new_due: datetime, reason: str) -> None:
    """The one new appointment: the old run is closed, both dates stay. Only while a date runs."""
    [old] = act.runs
    old.stopped_at, old.stopped_why = act.uow.clock.now(), "extended"
    line = _line(
        act,
        "extended",
        f"Xin lỗi và hẹn lại (Mẫu 04). Lý do: {reason}",
        f"Apology and new appointment (form 04). Reason: {reason}",
        act.rules.article("T08"),
    )
    new = Deadline(
        dossier_id=act.dossier.id,
        rule="T09",
        started_at=old.started_at,
        due_at=new_due,
        lines=[*old.lines, line],
    )
    act.uow.session.add(new)
    act.runs[:] = [new]
    act.tell(DeadlineExtended(due_at=new_due.isoformat()))
    _tell_tasks(act, new_due)
