"""The dossier's clock: which limit runs, from when, until when, and by which article.

A limit is a property of a step, a deadline is one run of the dossier's own clock (T13). A supplement
closes the run; a complete resubmission starts a new one from zero (Decree 118/2025, art. 19(5)).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from engine.base.errors import DomainError
from engine.calendar.due import Due, Limit, Unit, What, latest_before
from engine.calendar.intervals import Halt
from engine.calendar.opening import Calendar
from engine.calendar.rules import Rules
from engine.catalog.terms import StepLimit, Terms
from engine.dossiers import children, citing, clock, facts, steps
from engine.dossiers.act import Act
from engine.dossiers.clock import Term
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import Deadline, Dossier, Supplement
from engine.ledger.events import (
    ClockLifted,
    ClockPaused,
    ClockResumed,
    DeadlineClosed,
    DeadlineExtended,
    DeadlineMoved,
    DeadlineSet,
)

#: What a record asks in the limit of a dossier that must be verified, and why the run before it was closed.
VERIFICATION = "verification"
#: The rule of the one limit over a whole correction.
CORRECTION = "T10"


class ExtensionTooLate(DomainError):
    """The apology must be issued at least one day before the due date (Decree 118/2025, art. 19(6))."""


class ExtensionUsed(DomainError):
    """The date was moved once before; there is no second time (Decree 118/2025, art. 19(6))."""


class NothingToExtend(DomainError):
    """No due date runs: there is none to move."""


class ExtensionTooFar(DomainError):
    """The law gives the procedure no more time than that, whatever was to be verified (law of the sector)."""

    kind = "invalid"


class AppointmentTooFar(DomainError):
    """No apology names a day so far away: somebody mistyped the year (L17)."""

    kind = "invalid"


class SupplementUsed(DomainError):
    """The applicant was asked as often as the law allows (Decree 118/2025, art. 19(5); sector law)."""


class SupplementLate(DomainError):
    """What is missing is asked for within the days of the rule, later only with a reason (art. 19(5))."""

    kind = "invalid"


class ExtensionNotLater(DomainError):
    """The new date must lie after the present one."""

    kind = "invalid"


def completion(act: Act, start: datetime | None = None) -> datetime:
    """Until when an applicant may complete the dossier before acceptance: as the law of the sector has it, else L01."""
    return steps.counted(act, to_answer(act.rules, "L01", act.terms, act.group), rule="L01", start=start).at


def supplement(act: Act) -> datetime:
    """Until when an applicant who is asked now may complete an accepted dossier: as the group or the sector has it, else T07."""
    return steps.counted(act, to_answer(act.rules, "T07", act.terms, act.group), rule="T07").at


def to_answer(law: Rules, rule: str, terms: Terms, group: Mapping[str, Any]) -> StepLimit:
    """How long an applicant has who is asked by a rule: as the law of the group or of the sector has it, else the rule."""
    return steps.own_limit(terms, group, steps.OVER.get(rule, "")) or StepLimit(str(law[rule].limit))


def start_clock(
    act: Act,
    start: datetime,
    *,
    first: bool = False,
    legs: Sequence[str] = (),
    stage: int = 1,
    named: datetime | None = None,
) -> None:
    """Begin a run of T13 at acceptance, at acknowledgement, or from zero after a supplement.

    `first`: it never ran before; behind another, what that stood still by stands. `legs`: received elsewhere, it begins
    when the last of them is over (Decree 309/2026); until then the latest date is the one to promise. `stage`: of a
    procedure whose record gives each stage a limit of its own. `named`: the date that a ministry's system promises; our
    count stands beside it. Where no limit is published and none was agreed (a dossier lodged online), there is no date to promise.
    """
    if (statutory := _statutory(act, stage)) is None:
        return
    term = Term(*statutory, tuple(legs))
    found = clock.promised(_sum(act, start, term, _halts(act)), named)
    stood = () if first else steps.open_pauses(act)
    deadline = Deadline(
        dossier_id=act.dossier.id,
        rule="T13",
        started_at=start,
        runs_from=start,
        limit=str(term.limit),
        article=term.article,
        legs=list(term.legs),
        named_at=named,
        paused_at=min((one.started_at for one in stood), default=None),
        due_at=found.at,
        lines=[line.as_json() for line in found.lines],
    )
    act.uow.session.add(deadline)
    act.runs[:] = [deadline]
    act.tell(
        DeadlineSet(
            due_at=found.at.isoformat(),
            rule="T13",
            rules_edition=act.rules.edition,
            calendar_edition=act.calendar_edition(),
        )
    )
    steps.tell_tasks(act, None if stood else found.at)
    if not first:
        children.tell_date(act)


def begin_elsewhere(act: Act, acknowledged: datetime) -> None:
    """The deciding office has it: the clock begins, no later than was promised (Decree 309/2026; art. 20(1)).

    An office that is slow to say so gains no time by it.
    """
    promised = steps.running(act)
    start = acknowledged
    if promised and promised.legs:
        latest, _ = clock.after_legs(act.calendar(), act.rules, promised.started_at, promised.legs, counter=_counter(act, promised.legs))
        start = min(acknowledged, latest)
    stop_clock(act, "received_elsewhere")
    start_clock(act, start)


def lengthen(act: Act) -> bool:
    """The dossier must be verified: the limit that the record gives for that, from the same beginning. Whether it is later.

    What was named in an apology stays.
    """
    run = steps.running(act)
    if run is None or run.rule == "T09" or (last := _by_verification(act, run)) is None or last.at <= run.due_at:
        return False
    stop_clock(act, VERIFICATION)
    start_clock(act, run.started_at, legs=run.legs)
    return True


def _verified_by(act: Act, run: Deadline) -> Due | None:
    """When a run ends whose dossier must be verified; None where the law gives no more time for that, or it has it already.

    Of a group, whose parts are verified, neither.
    """
    return None if act.terms.children or clock.closed_by(act.uow.session, act.dossier.id, VERIFICATION) else _by_verification(act, run)


def _by_verification(act: Act, run: Deadline) -> Due | None:
    known = facts.for_rules(act) | {"stage": stage(act)}
    rule = act.terms.limit(known | {VERIFICATION: True})
    if rule is None or rule == act.terms.limit(known):
        return None
    term = Term(Limit(rule.value, Unit(rule.unit)), rule.article, tuple(run.legs))
    return _sum(act, run.started_at, term, _halts(act))


def _sum(act: Act, start: datetime, term: Term, halts: Sequence[Halt]) -> Due:
    return clock.sum_of(act.calendar(), act.rules, start, term, halts, counter=_counter(act, term.legs))


def _counter(act: Act, legs: Sequence[str]) -> Calendar | None:
    """Of what travels: the days and hours of who sends it."""
    return act.calendar(act.dossier.receiving_office_id) if legs else None


def _halts(act: Act) -> list[Halt]:
    return clock.halts(act.uow.session, act.dossier, act.rules)


def stage(act: Act) -> int:
    """Which stage of its procedure runs: the second, once the file was to be handed in a second time."""
    return 2 if clock.closed_by(act.uow.session, act.dossier.id, "revision") else 1


def _statutory(act: Act, stage: int = 1) -> tuple[Limit, str] | None:
    verified = clock.closed_by(act.uow.session, act.dossier.id, VERIFICATION) > 0
    if not verified and (own := of_group(act)):
        return Limit(own["value"], Unit(own["unit"])), own["article"]
    rule = act.terms.limit(facts.for_rules(act) | {"stage": stage, VERIFICATION: verified})
    if rule:
        return Limit(rule.value, Unit(rule.unit)), rule.article
    if act.dossier.agreed_days:
        return Limit(act.dossier.agreed_days, Unit.WORKING_DAY), "Thỏa thuận với người nộp hồ sơ"
    return None


def of_group(act: Act) -> dict[str, Any] | None:
    """The limit that the law of a group sets one of its dossiers, with its words and its article."""
    return act.group.get("limit")


def pause(act: Act, rule: str, article: str | None = None) -> bool:
    """Let the clock stand still: what the dossier waits for is not the office's time. Whether it did not yet by this."""
    return hold(act, rule, article or act.rules[rule].article, act.uow.clock.now())


def hold(act: Act, rule: str, article: str, since: datetime, about: uuid.UUID | None = None) -> bool:
    """The same, since a moment that is told later; `about`: the part for which a group stands still."""
    run = steps.running(act)
    if run is None or (run.paused_at and _found(steps.open_pauses(act), rule, about)):
        return False
    row = Pause(dossier_id=act.dossier.id, rule=rule, article=article, about=about, started_at=since)
    act.uow.session.add(row)
    act.uow.session.flush()
    run.paused_at = min(run.paused_at or since, since)
    act.dossier.due_at = None
    act.tell(ClockPaused(rule=clock.why_of(row)))
    steps.time_steps(act, clock.why_of(row))
    children.tell_date(act)
    return True


def _found(rows: Sequence[Pause], rule: str, about: uuid.UUID | None) -> Pause | None:
    return next((one for one in rows if (one.rule, one.about) == (rule, about)), None)


def resume(act: Act, rule: str, at: datetime | None = None, *, about: uuid.UUID | None = None) -> bool:
    """One reason is over; with the last of them the clock goes on, and the date moves by the working time in which it stood.

    Whether it goes on. `at`: since when the reason is over, where that is told later.
    """
    run = steps.running(act)
    stands = run.paused_at is not None if run else act.dossier.accepted_at and not act.dossier.decided_at
    rows = steps.open_pauses(act) if stands else ()
    if (row := _found(rows, rule, about)) is None:
        return False
    row.ended_at = at or act.uow.clock.now()
    children.tell_date(act)
    if run and len(rows) == 1:
        _go_on(act, run, row)
        return True
    act.tell(ClockLifted(rule=clock.why_of(row)))
    steps.time_steps(act, clock.why_of(row))
    return False


def _go_on(act: Act, run: Deadline, last: Pause) -> None:
    run.paused_at = None
    run.due_at, run.lines = recounted(act, run)
    act.dossier.due_at = run.due_at
    act.tell(ClockResumed(rule=clock.why_of(last), due_at=run.due_at.isoformat()))
    steps.time_steps(act, "resumed")


def recounted(act: Act, run: Deadline) -> tuple[datetime, list[Any]]:
    """The due date of a run by the calendar as it is known now, and the sum."""
    if run.rule != "T09" and run.limit is None and (statutory := _statutory(act)):
        run.limit, run.article = str(statutory[0]), statutory[1]
    found = clock.anew(act.calendar(), act.rules, run, _halts(act), counter=_counter(act, run.legs))
    if found is None:
        return run.due_at, run.lines
    lines = [line.as_json() for line in found.lines]
    return found.at, clock.up_to_letter(run) + lines


def move(act: Act, why: str, about: uuid.UUID) -> tuple[datetime, datetime] | None:
    """Count a running date anew after the calendar changed or the system was down: (old, new) if it moved."""
    run = steps.running(act)
    if run is None:
        return None
    old = run.due_at
    new, lines = recounted(act, run)
    if new == old:
        return None
    run.due_at, run.lines = new, lines
    act.tell(DeadlineMoved(of="result", old_due_at=old.isoformat(), due_at=new.isoformat(), why=why, about=str(about)))
    if run.paused_at is None:
        steps.tell_tasks(act, new)
    children.tell_date(act)
    return old, new


def reach(act: Act, until: datetime | None, why: str, about: uuid.UUID) -> bool:
    """No part of a group is promised later than the group itself, whose own limit stays what it is; whether it is lengthened by this.

    What was named in an apology stays.
    """
    [run] = act.runs
    run.reach_at = None
    if until and run.rule != "T09" and recounted(act, run)[0] < until:
        run.reach_at = until
    move(act, why, about)
    return run.reach_at is not None


def promise(act: Act, named: datetime) -> None:
    """A ministry's system names another date for the run that is open: it counts, whatever we count."""
    run = steps.running(act)
    if run and run.named_at != named:
        run.named_at = named
        move(act, "ministry", act.dossier_id)


def stop_clock(act: Act, why: str, at: datetime | None = None) -> None:
    """Close the run, if one is open: decided, supplement, ended; `at`: since when, where that is told later.

    What it stands still by goes with it where it is over; a run that begins behind it stands still by that too.
    """
    deadline = steps.running(act)
    if why in _FOR_GOOD:
        _end_pauses(act, deadline, why)
    if deadline is None:
        return
    deadline.paused_at = None
    deadline.stopped_at, deadline.stopped_why = at or act.uow.clock.now(), why
    act.runs.clear()
    act.tell(DeadlineClosed(why=why))
    if why in clock.WAITS:
        act.dossier.due_at = None
        steps.time_steps(act, why)
        children.tell_date(act)


#: Why a run is closed behind which none will begin.
_FOR_GOOD = ("decided", "ended")


def _end_pauses(act: Act, run: Deadline | None, why: str) -> None:
    stands = run.paused_at is not None if run else act.dossier.accepted_at and not act.dossier.decided_at
    rows = steps.open_pauses(act) if stands else ()
    for row in rows:
        row.ended_at = act.uow.clock.now()
    if run and rows and why == "decided":
        _go_on(act, run, rows[-1])
    elif run is None:
        for row in rows:
            act.tell(ClockLifted(rule=clock.why_of(row)))


def answer_by(act: Act, row: Supplement) -> datetime:
    """Until when the applicant may answer a request, by the calendar as it is known now."""
    return answered_by(act.calendar(), act.rules, row, act.terms, act.dossier)


def answered_by(calendar: Calendar, law: Rules, row: Supplement, terms: Terms, dossier: Dossier) -> datetime:
    """The same of a dossier that is not at hand. It counts by the rule under which it was asked; a day that a notice named stays."""
    if row.rule is None:
        return row.due_at
    # A request of before its limit was kept with it asks the version of its dossier.
    kept = StepLimit(row.limit, row.article) if row.limit else to_answer(law, row.rule, terms, dossier.group)
    return steps.by_rule(calendar, law, row.rule, row.asked_at, kept).at


def check_extension(act: Act, new_due: datetime | None = None) -> None:
    """Refuse a second extension, one that comes too late, one that is not later, or too far away (T08, T09, L17)."""
    if _apologies_used(act):
        raise ExtensionUsed
    run = steps.running(act)
    if run is None or run.paused_at:
        raise NothingToExtend
    last = latest_before(act.calendar(), run.due_at, act.rules["T08"].limit)
    if act.uow.clock.now() > last:
        raise ExtensionTooLate(latest=last, due=run.due_at, article=act.rules["T08"].article)
    if new_due and new_due <= run.due_at:
        raise ExtensionNotLater(due=run.due_at)
    most = _verified_by(act, run)
    if most and (most.at <= run.due_at or (new_due and new_due > most.at)):
        raise ExtensionTooFar(latest=most.at, article=most.lines[-1].article)
    if new_due and new_due > (latest := steps.counted(act, rule="L17").at):
        raise AppointmentTooFar(latest=latest, article=act.rules["L17"].article)


def _apologies_used(act: Act) -> bool:
    """Whether the dossier had as many new appointments as the law allows (T09), also before it was completed or in another stage."""
    used = select(func.count()).select_from(Deadline).filter_by(dossier_id=act.dossier.id, rule="T09")
    return (act.uow.session.scalar(used) or 0) >= act.rules["T09"].count


def apology_by(act: Act) -> datetime | None:
    """QUERY: until when the date that runs may be moved with an apology (T08); None where no apology moves it any more."""
    run = steps.running(act)
    if run is None or run.paused_at or _apologies_used(act):
        return None
    most = _verified_by(act, run)
    return None if most and most.at <= run.due_at else latest_before(act.calendar(), run.due_at, act.rules["T08"].limit)


def appointment(act: Act, apology: Mapping[str, Any]) -> datetime:
    """The new due date of an apology: the end of office hours on the day that was typed, or the next open day."""
    calendar = act.calendar()
    return calendar.closing(calendar.open_day_from(date.fromisoformat(apology["new_due_on"])))


def check_apology(act: Act, apology: Mapping[str, Any]) -> None:
    """Refuse to whoever writes it what could not be granted: a letter that comes too late, a date that is not later or too far."""
    check_extension(act, appointment(act, apology))


def check_supplement(act: Act, *, count: int, most: int, late_reason: str | None) -> None:
    """Refuse to ask more often than allowed, or after the days of T06 without a reason (art. 19(5))."""
    if count >= most:
        raise SupplementUsed
    run = steps.running(act)
    if run is None or late_reason:
        return
    if act.uow.clock.now() > (latest := ask_until(act, run)):
        raise SupplementLate(latest=latest)


@dataclass(frozen=True)
class Asking:
    """Until when an applicant may be asked for more without a reason, and by which article."""

    until: datetime
    article: str
    late: bool


def asking(act: Act, variables: Mapping[str, Any]) -> Asking | None:
    """The last moment of T06, while a date runs and nothing was asked yet; None otherwise."""
    run = steps.running(act)
    if run is None or act.dossier.decided_at or (variables.get("supplement_count") or 0) >= variables.get("supplement_max", 1):
        return None
    until = ask_until(act, run)
    return Asking(until, citing.of_rule(act, "T06").article, late=act.uow.clock.now() > until)


def ask_until(act: Act, run: Deadline) -> datetime:
    """Until when the applicant may be asked for more without a reason (T06, or the law of the sector)."""
    own = citing.of_rule(act, "T06")
    asked = steps.counted(act, StepLimit(str(own.limit), own.article), rule="T06", start=run.started_at)
    stood = clock.since(_halts(act), run.started_at)
    return clock.behind(act.calendar(), asked, stood, asked.lines[-1].article).at


def extend_clock(act: Act, new_due: datetime, reason: str) -> None:
    """The one new appointment: the old run is closed, both dates stay. Only while a date runs."""
    [old] = act.runs
    old.stopped_at, old.stopped_why = act.uow.clock.now(), "extended"
    line = {
        "on": act.uow.clock.today().isoformat(),
        "what": What.EXTENDED,
        "vi": f"Xin lỗi và hẹn lại (Mẫu 04). Lý do: {reason}",
        "en": f"Apology and new appointment (form 04). Reason: {reason}",
        "article": act.rules.article("T08"),
        "number": None,
    }
    new = Deadline(
        dossier_id=act.dossier.id,
        rule="T09",
        started_at=old.started_at,
        runs_from=act.uow.clock.now(),
        named_at=new_due,
        limit=old.limit,
        article=act.rules.article("T08"),
        legs=[],
        due_at=new_due,
        lines=[*old.lines, line],
    )
    act.uow.session.add(new)
    act.runs[:] = [new]
    act.tell(DeadlineExtended(due_at=new_due.isoformat()))
    steps.tell_tasks(act, new_due)
    children.tell_date(act)
