"""From a start, a limit and the time that does not count to a due date, with a line and an article for each step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import rules, working_time
from engine.calendar.due import Due, Limit, Line, Unit, What, due, due_line, moment, span
from engine.calendar.fault_models import Fault
from engine.calendar.intervals import Halt, Interval, Kind, Run, ledger, pushed
from engine.calendar.opening import ONE_DAY, Calendar, instant, local
from engine.calendar.rules import Rule, Rules
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import Deadline, Dossier, Task

#: Legs of what is received elsewhere; what is electronic is there at once (T03).
PAPER_LEGS, ELECTRONIC_LEGS = ("T05", "L03"), ("L03",)
#: Before the limit of a group nothing travels, but its day may be the next one.
GROUP_LEGS = ("T14",)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Term:
    """What a run counts, and by which article."""

    limit: Limit
    article: str
    #: rules of the legs between offices that come before it
    legs: tuple[str, ...] = ()

    @property
    def elapsed(self) -> bool:
        """Counted in the time of the calendar, not in that of the office."""
        return self.limit.unit in (Unit.DAY, Unit.HOUR)


def legs_of(dossier_form: str) -> tuple[str, ...]:
    """The legs on the way to the deciding office."""
    return PAPER_LEGS if dossier_form == "paper" else ELECTRONIC_LEGS


def after_legs(
    calendar: Calendar, law: Rules, start: datetime, legs: Iterable[str]
) -> tuple[datetime, list[Line]]:
    """When the last leg must be over, and a line for each."""
    lines = []
    for code in legs:
        rule = law[code]
        if not rule.is_time:
            start, late = _from_the_next_day(calendar, start, rule)
            lines += late
            continue
        start = due(calendar, start, rule.limit, by=law.counting, ends=rule.ends).at
        vi, en = moment(start)
        words = f"{rule.vi}: chậm nhất {vi}", f"{rule.en}: by {en}"
        lines.append(Line(local(start).date(), What.LEG, *words, rule.article))
    return start, lines


def _from_the_next_day(calendar: Calendar, start: datetime, rule: Rule) -> tuple[datetime, list[Line]]:
    """A limit of a group that is accepted after the cut-off counts from the next working day (T14)."""
    if rule.cut_off is None or local(start).time() <= rule.cut_off:
        return start, []
    day = calendar.open_day_from(local(start).date() + ONE_DAY)
    words = (
        f"Tiếp nhận sau {rule.cut_off:%H:%M}: tính từ ngày làm việc tiếp theo",
        f"Accepted after {rule.cut_off:%H:%M}: counted from the next working day",
    )
    line = Line(local(start).date(), What.CUT_OFF, *words, rule.article)
    return working_time.add(calendar, instant(day, time.min), timedelta()), [line]


def sum_of(calendar: Calendar, law: Rules, start: datetime, term: Term, halts: Iterable[Halt] = ()) -> Due:
    """The due date of a procedure's limit (T13): its legs, its days, what does not count."""
    begin, legs = after_legs(calendar, law, start, term.legs)
    counted = due(calendar, begin, term.limit, by=law.counting, ends=law.ends("T13"), article=term.article)
    at, stood = _behind(calendar, counted.at, since(halts, begin), elapsed=term.elapsed)
    *days, last = counted.lines
    if stood:
        first = replace(last, what=What.FIRST_DUE, vi=f"Nếu không tạm dừng: {moment(counted.at)[0]}")
        days = [*days, replace(first, en=f"Had it not stood still: {moment(counted.at)[1]}"), *stood]
    return Due(at, (*legs, *days, due_line(at, term.article)))


def anew(calendar: Calendar, law: Rules, run: Deadline, stood: Iterable[Halt]) -> Due | None:
    """The due date of a run by this calendar; None where the run does not say what it counts."""
    stood = since(stood, run.runs_from)
    if run.rule == "T09":
        at, moved = moved_appointment(calendar, run.named_at or run.due_at, stood)
        return Due(at, tuple(moved))
    if run.limit is None:
        return None
    term = Term(Limit.parse(run.limit), run.article or "", tuple(run.legs))
    return sum_of(calendar, law, run.started_at, term, stood)


def moved_appointment(calendar: Calendar, named: datetime, halts: Iterable[Halt]) -> tuple[datetime, list[Line]]:
    """The date of an apology: on a day that is open, behind what did not count since."""
    day = calendar.open_day_from(local(named).date())
    return _behind(calendar, calendar.closing(day), halts, elapsed=False)


def _behind(
    calendar: Calendar, at: datetime, halts: Iterable[Halt], *, elapsed: bool
) -> tuple[datetime, list[Line]]:
    later, moved = pushed(calendar, at, halts, elapsed=elapsed)
    return later, [_stood(halt, amount) for halt, amount in moved]


def _stood(halt: Halt, amount: timedelta) -> Line:
    minutes = int(amount / _MINUTE)
    began, ended = moment(halt.start), moment(halt.end or halt.start)
    return Line(
        local(halt.start).date(),
        What.PAUSED,
        f"Không tính {span(minutes, 'giờ', 'phút')}: {halt.vi}, từ {began[0]} đến {ended[0]}",
        f"{span(minutes, 'h', 'min')} not counted: {halt.en}, {began[1]} to {ended[1]}",
        halt.article,
        minutes,
    )


def since(halts: Iterable[Halt], at: datetime) -> list[Halt]:
    """What is left of halts from a moment on."""
    return [
        replace(one, start=max(one.start, at)) for one in halts if one.end is None or one.end > at
    ]


def rules_of(dossier: Dossier) -> Rules:
    """The numbers of the law under which a dossier was received."""
    return rules.in_force(dossier.rules_edition, local(dossier.lodged_at).date())


def halts(session: Session, dossier: Dossier, law: Rules) -> list[Halt]:
    """All that stopped the clock of a dossier: its own pauses, and faults of what it needed."""
    with session.no_autoflush:
        pauses = session.scalars(select(Pause).filter_by(dossier_id=dossier.id)).all()
        faults = session.scalars(select(Fault)).all()
    return as_halts([*pauses, *(one for one in faults if concerns(one, dossier))], law)


def concerns(fault: Fault, dossier: Dossier) -> bool:
    """Whether what was down stops the clocks of this procedure."""
    return not fault.procedures or dossier.procedure_code in fault.procedures


def as_halts(rows: Iterable[Pause | Fault], law: Rules) -> list[Halt]:
    """Rows as stretches that do not count, with their words."""
    return [of_fault(one) if isinstance(one, Fault) else _of_pause(one, law) for one in rows]


def _of_pause(row: Pause, law: Rules) -> Halt:
    rule = law[row.rule]
    return Halt(row.started_at, row.ended_at, row.rule, rule.vi, rule.en, row.article)


def of_fault(row: Fault) -> Halt:
    words = f"{row.system}: {row.reason}"
    return Halt(row.started_at, row.ended_at, "P02", words, words, row.article, Kind.FAULT)


#: How a run of the dossier's clock began, by why the one before it stopped.
_BEGAN = {"supplement": "restarted", "extended": "extended", "received_elsewhere": "acknowledged", "revision": "stage", "anew": "restarted"}


def intervals(runs: Sequence[Deadline], stood: Iterable[Halt]) -> list[Interval]:
    """What the dossier's clock did until now, or until it stopped."""
    found: list[Run] = []
    for row in runs:
        before = found[-1] if found else None
        start = row.runs_from
        if before and before.end and row.rule != "T09" and before.stopped != "received_elsewhere":
            start = max(start, before.end)
        began = _BEGAN.get(before.stopped or "", "accepted") if before else "accepted"
        found.append(Run(start, row.stopped_at, began, row.article, row.stopped_why))
    return ledger(found, since(stood, found[0].start)) if found else []


def of_step(task: Task, stood: Iterable[Halt]) -> list[Interval]:
    """What the clock of one step did."""
    return ledger([Run(task.opened_at, task.done_at, "opened")], since(stood, task.opened_at))


def counts_from(calendar: Calendar, run: Deadline) -> datetime:
    """From when to count how much of a run is used: what did not count is as if it had been before the start."""
    stood = timedelta(minutes=sum(one["number"] for one in run.lines if one["what"] == What.PAUSED))
    if run.limit and Term(Limit.parse(run.limit), "").elapsed:
        return run.started_at + stood
    return working_time.add(calendar, run.started_at, stood) if stood else run.started_at
