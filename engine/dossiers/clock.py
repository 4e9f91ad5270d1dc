"""From a start, a limit and the time that does not count to a due date, with a line and an article for each step."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import ScalarSelect, Uuid, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from engine.base.questions import Question, ask, those
from engine.calendar import rules, working_time
from engine.calendar.due import Due, Limit, Line, What, due, due_line, moment, span
from engine.calendar.fault_models import Fault
from engine.calendar.intervals import Halt, Interval, Kind, Run, ledger, pushed, took
from engine.calendar.opening import ONE_DAY, Calendar, instant, local
from engine.calendar.rules import Rule, Rules
from engine.dossiers.clock_models import Pause
from engine.dossiers.models import Deadline, Dossier, Task

#: Legs of what is received elsewhere; what is electronic is there at once (T03).
PAPER_LEGS, ELECTRONIC_LEGS = ("T05", "L03"), ("L03",)
#: Of a dossier on its way to a result, what the counter does that received it; all else is done where it is decided.
_AT_THE_COUNTER = frozenset({"T01", "T02", "T04", "T05", "T11"})
#: The limit of a group may begin on the next day.
_GROUP_LEGS = ("T14",)
#: The dossier is suspended: nobody goes on with it.
SUSPENDED = "P03"
#: A group's clock stands still because that of a part does.
PART = "part_still"
#: What stops every step, also one that is opened meanwhile.
STOPS_ALL = frozenset({"P02", SUSPENDED})
#: Why a run is closed after which another will begin from zero, nothing being due meanwhile, and the rule of that time.
WAITS = {"supplement": "T07", "revision": "L12"}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Term:
    """What a run counts, and by which article."""

    limit: Limit
    article: str
    #: rules of the legs between offices that come before it
    legs: tuple[str, ...] = ()


def legs_of(dossier_form: str) -> tuple[str, ...]:
    """The legs on the way to the deciding office."""
    return PAPER_LEGS if dossier_form == "paper" else ELECTRONIC_LEGS


def legs_of_group(dossier_form: str, *, whole: bool | None) -> tuple[str, ...]:
    """What comes before the limit of a group: of papers, their way, where the law does not limit the whole."""
    return _GROUP_LEGS + (PAPER_LEGS if dossier_form == "paper" and whole is False else ())


def doing(rule: str | None, dossier: Dossier) -> uuid.UUID:
    """The office in whose days and hours a rule counts on the way to a result: of those who do what it asks for.

    T05 is of the way there; whoever sends papers otherwise counts it in their own days (`transfer`, `handover`).
    """
    return dossier.receiving_office_id if rule in _AT_THE_COUNTER else dossier.competent_office_id


def after_legs(
    calendar: Calendar, law: Rules, start: datetime, legs: Iterable[str], *, counter: Calendar | None = None
) -> tuple[datetime, list[Line]]:
    """When the last leg must be over, and a line for each; `counter`: the days of who sends, where they are others."""
    lines = []
    for code in legs:
        rule = law[code]
        if not rule.is_time:
            start, late = _from_the_next_day(calendar, start, rule)
            lines += late
            continue
        hours = counter if counter and code in _AT_THE_COUNTER else calendar
        start = due(hours, start, rule.limit, by=law.counting, ends=rule.ends).at
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


def sum_of(
    calendar: Calendar, law: Rules, start: datetime, term: Term, halts: Iterable[Halt] = (), *, counter: Calendar | None = None
) -> Due:
    """The due date of a procedure's limit (T13): its legs, its days, what does not count; `counter` as of `after_legs`."""
    begin, legs = after_legs(calendar, law, start, term.legs, counter=counter)
    counted = due(calendar, begin, term.limit, by=law.counting, ends=law.ends("T13"), article=term.article)
    found = behind(calendar, counted, since(halts, begin), term.article)
    return Due(found.at, (*legs, *found.lines))


def behind(calendar: Calendar, counted: Due, halts: Iterable[Halt], article: str | None) -> Due:
    """A due date behind what did not count, with a line for each."""
    again = counted.later
    at, moved = pushed(calendar, counted.at, halts, later=(lambda took: again(took).at) if again else None)
    if not moved:
        return counted
    first = _otherwise(counted, "Nếu không tạm dừng", "Had it not stood still")
    # where a limit in calendar days ends now, and over which days off: all but that it begins and that it is due
    ends = again(took(moved)).lines[1:-1] if again else ()
    return Due(at, (*first, *_stood(moved), *ends, due_line(at, article)), again)


def anew(
    calendar: Calendar, law: Rules, run: Deadline, stood: Iterable[Halt], *, counter: Calendar | None = None
) -> Due | None:
    """The due date of a run by this calendar; None where the run does not say what it counts."""
    stood = since(stood, run.runs_from)
    if run.rule == "T09":
        at, moved = moved_appointment(calendar, run.named_at or run.due_at, stood)
        return Due(at, tuple(moved))
    if run.limit is None:
        return None
    term = Term(Limit.parse(run.limit), run.article or "", tuple(run.legs))
    return reached(promised(sum_of(calendar, law, run.started_at, term, stood, counter=counter), run.named_at), run.reach_at)


def _otherwise(counted: Due, vi: str, en: str) -> tuple[Line, ...]:
    """The sum of a date that is not the one that counts; why its last line stands there is said."""
    *days, last = counted.lines
    said, in_english = moment(counted.at)
    return (*days, replace(last, what=What.FIRST_DUE, vi=f"{vi}: {said}", en=f"{en}: {in_english}"))


def promised(counted: Due, named: datetime | None) -> Due:
    """The date that the system of a ministry names for a dossier which it decides; what we count stands before it."""
    if named is None:
        return counted
    ours = _otherwise(counted, "Theo thời hạn của thủ tục", "By the limit of the procedure")
    return Due(named, (*ours, due_line(named, "Ngày hẹn do hệ thống của bộ báo")))


def reached(counted: Due, until: datetime | None) -> Due:
    """The date of a group that a part of it has; what the group's own limit gives stands before it."""
    if until is None or until <= counted.at:
        return counted
    ours = _otherwise(counted, "Theo thời hạn của nhóm", "By the limit of the group")
    return Due(until, (*ours, due_line(until, "Ngày hẹn của một phần trong nhóm")))


def moved_appointment(calendar: Calendar, named: datetime, halts: Iterable[Halt]) -> tuple[datetime, list[Line]]:
    """The date of an apology: on a day that is open, behind what did not count since."""
    day = calendar.open_day_from(local(named).date())
    at, moved = pushed(calendar, calendar.closing(day), halts)
    return at, [*_stood(moved)]


def _stood(moved: Iterable[tuple[Halt, timedelta]]) -> Iterator[Line]:
    for halt, amount in moved:
        minutes = int(amount / _MINUTE)
        began, ended = moment(halt.start), moment(halt.end or halt.start)
        yield Line(
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


_PAUSES = Question(select(Pause).where(Pause.dossier_id == bindparam("dossier_id", type_=Uuid)))
_PART = aliased(Dossier)


def held_up(dossier_id: Any) -> ScalarSelect[Any]:
    """In SQL: what a group waits for, [procedure, since, until] of each part, until it is decided; null outside groups."""
    until = func.coalesce(_PART.decided_at, _PART.ended_at)
    parts = select(func.jsonb_agg(func.jsonb_build_array(_PART.procedure_code, _PART.lodged_at, until)))
    return parts.where(_PART.parent_id == dossier_id).scalar_subquery()


_FAULTS = Question(select(Fault, held_up(bindparam("dossier_id", type_=Uuid))))


def halts(session: Session, dossier: Dossier, law: Rules) -> list[Halt]:
    """All that stopped the clock of a dossier: its own pauses, and faults of what it needed."""
    with session.no_autoflush:
        pauses, faults = ask(session, {"dossier_id": dossier.id}, _PAUSES, _FAULTS)
    return [*as_halts((one for one, in pauses), law), *(one for fault, parts in faults for one in of_fault(fault, dossier, parts))]


def closed_by(session: Session, dossier_id: uuid.UUID, why: str) -> int:
    """How many runs of a dossier's clock were closed so."""
    (count,) = those(session, _CLOSED, dossier_id=dossier_id, why=why)
    return int(count)


_CLOSED = Question(
    select(func.count())
    .select_from(Deadline)
    .where(Deadline.dossier_id == bindparam("dossier_id"), Deadline.stopped_why == bindparam("why"))
)


def suspended(session: Session, dossier: Dossier) -> Pause | None:
    """QUERY: since when a dossier is suspended, and by which law."""
    return session.scalars(select(Pause).filter_by(dossier_id=dossier.id, ended_at=None, rule=SUSPENDED, about=None)).first()


def of_fault(fault: Fault, dossier: Dossier, parts: Iterable[Sequence[str | None]] | None) -> Iterator[Halt]:
    """Of a system that was down, what stops the clock of this dossier: of its procedure, or of the open parts of a group."""
    words = f"{fault.system}: {fault.reason}"
    halt = Halt(fault.started_at, fault.ended_at, "P02", words, words, fault.article, Kind.FAULT)
    if not fault.procedures or dossier.procedure_code in fault.procedures:
        yield halt
        return
    for procedure, opened, ended in parts or ():
        start, end = (datetime.fromisoformat(one) if one else None for one in (opened, ended))
        if procedure in fault.procedures and start:
            yield from until([*since([halt], start)], end)


def until(halts: Iterable[Halt], at: datetime | None) -> Iterator[Halt]:
    """What is left of halts until a moment, if one is said."""
    for one in halts:
        if at is None:
            yield one
        elif one.start < at:
            yield replace(one, end=min(one.end or at, at))


def as_halts(rows: Iterable[Pause], law: Rules) -> list[Halt]:
    """Rows as stretches that do not count, with their words."""
    return [_of_pause(one, law) for one in rows]


def _of_pause(row: Pause, law: Rules) -> Halt:
    rule = law[row.rule]
    vi, en = (rule.vi, rule.en) if row.about is None else (f"Một phần của nhóm: {rule.vi}", f"A part of the group: {rule.en}")
    return Halt(row.started_at, row.ended_at, why_of(row), vi, en, row.article)


def why_of(row: Pause) -> str:
    """The rule by which a dossier itself stands still; a part that does stops nobody's step in the group."""
    return row.rule if row.about is None or row.rule == WAITS["supplement"] else PART


#: How a run of the dossier's clock began, by why the one before it stopped.
_BEGAN = {"supplement": "restarted", "extended": "extended", "received_elsewhere": "acknowledged", "revision": "stage", "anew": "restarted", "verification": "verified"}


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


def between(runs: Iterable[Deadline], law: Rules) -> list[Halt]:
    """The time between two runs, in which the applicant completes or mends the file; it stops the steps that are open."""
    found = [*runs]
    return [
        Halt(one.stopped_at, after.started_at if after else None, one.stopped_why or "", *_WAITED, rule.article, Kind.WAITING)
        for one, after in zip_longest(found, found[1:])
        if one.stopped_at and (rule := law.by_code.get(WAITS.get(one.stopped_why or "", "")))
    ]


_WAITED = "chờ người nộp bổ sung, hoàn thiện hồ sơ", "waiting for the applicant to complete the dossier"


def stops(opened_at: datetime, stood: Iterable[Halt]) -> list[Halt]:
    """What of this stops a step.

    A step that is opened within a pause is what the dossier waits for, the cashier's or the surveyor's, and runs: but
    nobody goes on with a dossier that is suspended, nor with a system that is down.
    """
    return since((one for one in stood if one.start > opened_at or one.why in STOPS_ALL), opened_at)


def of_step(task: Task, stood: Iterable[Halt]) -> list[Interval]:
    """What the clock of one step did."""
    return ledger([Run(task.opened_at, task.done_at, "opened")], stops(task.opened_at, stood))


def counts_from(calendar: Calendar, run: Deadline) -> datetime:
    """From when to count how much of a run is used: what did not count is as if it had been before the start."""
    letter, elapsed = up_to_letter(run), run.limit is not None and Limit.parse(run.limit).elapsed
    begun = behind_start(calendar, run.started_at, _not_counted(letter), elapsed=elapsed)
    # the date of a letter is moved by working time, whatever the limit before it counted
    return behind_start(calendar, begun, _not_counted(run.lines[len(letter) :]), elapsed=elapsed and run.rule != "T09")


def up_to_letter(run: Deadline) -> list[Any]:
    """The sum of an extension up to its letter: of the limit before, which it does not bear itself. Of another run nothing."""
    said = [one["what"] for one in run.lines]
    return run.lines[: said.index(What.EXTENDED) + 1] if run.rule == "T09" else []


def _not_counted(lines: Iterable[Mapping[str, Any]]) -> timedelta:
    return timedelta(minutes=sum(one["number"] for one in lines if one["what"] == What.PAUSED))


def taken(lines: Iterable[Line]) -> timedelta:
    """How much of a sum did not count."""
    return timedelta(minutes=sum(one.number or 0 for one in lines if one.what == What.PAUSED))


def behind_start(calendar: Calendar, start: datetime, stood: timedelta, *, elapsed: bool) -> datetime:
    """The start of a limit, as if what did not count had been before it."""
    if elapsed:
        return start + stood
    return working_time.add(calendar, start, stood) if stood else start
