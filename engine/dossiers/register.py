"""QUERY: the time limits of the decree on one dossier, each with its date, what met it, and its article (T01 to T13)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import zip_longest

from engine.base.uow import UnitOfWork
from engine.calendar import working_time
from engine.calendar.due import latest_before
from engine.calendar.opening import ONE_DAY, Calendar, instant, local
from engine.calendar.rules import Rule
from engine.dossiers import citing, clock, limits, steps
from engine.dossiers.act import Act
from engine.dossiers.channels import is_electronic
from engine.dossiers.models import Deadline
from engine.dossiers.overview import Overview

#: Lanes that have the papers once reception has passed them on.
_BEHIND_THE_COUNTER = ("division_head", "specialist")
#: Why a run was closed that another took the place of, before its own date told anything.
_REPLACED = frozenset({"received_elsewhere", "supplement", "anew", "verification"})
#: "giờ đầu ngày làm việc tiếp theo"
_FIRST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Watch:
    """One rule at work in one dossier."""

    rule: Rule
    #: Until when; None: as often as the rule allows.
    due: datetime | None
    #: When it was met; of T06, T08 and T09: when the one chance was used.
    met: datetime | None
    #: met | late | open | over (the chance has passed unused, which is no fault)
    state: str
    used: int = 0


def register(uow: UnitOfWork, view: Overview) -> list[Watch]:
    """Every rule that has begun to count in this dossier, in the order of their numbers."""
    return sorted(_Register(uow, view).all(), key=lambda one: one.rule.code)


def papers_by(calendar: Calendar, rule: Rule, accepted: datetime) -> datetime:
    """T04, art. 18(2): the same day; after the cut-off in the first hour of the next working day."""
    day = local(accepted).date()
    in_time = calendar.is_open_on(day) and accepted < calendar.closing(day)
    if in_time and local(accepted).time() <= (rule.cut_off or time.max):
        return calendar.closing(day)
    return working_time.add(calendar, instant(day + ONE_DAY, time.min), _FIRST_HOUR)


class _Register:
    def __init__(self, uow: UnitOfWork, view: Overview):
        self.act = Act.on(uow, view.dossier.id, lock=False)
        self.view, self.now = view, uow.clock.now()
        self.rules, self.calendar = self.act.rules, self.act.calendar()
        self.dossier = view.dossier

    def all(self) -> Iterator[Watch]:
        yield from self._reception()
        yield from self._transfer()
        yield from self._supplement()
        yield from self._result()
        yield from self._money()

    def _watch(self, code: str, until: datetime, met: datetime | None) -> Watch:
        late = (met or self.now) > until
        return Watch(citing.of_rule(self.act, code), until, met, "late" if late else "met" if met else "open")

    def _chance(self, code: str, until: datetime, used: datetime | None, *, over: bool) -> Watch:
        """Something that may be done until then, and need not be; `over`: the clock that it is about runs no more."""
        state = "met" if used else "over" if over or self.now > until or self.dossier.decided_at else "open"
        return Watch(citing.of_rule(self.act, code), until, used, state)

    def _from(self, code: str, start: datetime) -> datetime:
        return steps.counted(self.act, rule=code, start=start).at

    def _reception(self) -> Iterator[Watch]:
        checks = [one for one in self.view.tasks if one.lane == "reception"]
        if checks and is_electronic(self.dossier.channel):
            yield self._watch("T01", self._from("T01", self.dossier.lodged_at), checks[0].opened_at)
        check = next((one for one in checks if one.step_id == "check_dossier" and one.due_at), None)
        if check and check.due_at:
            yield self._watch("T02", check.due_at, check.done_at)

    def _transfer(self) -> Iterator[Watch]:
        accepted, legs = self.dossier.accepted_at, self.view.transfers
        if accepted is None:
            return
        if legs:
            yield self._watch("T03", legs[0].sent_at, legs[0].sent_at)
            yield self._watch("L03", self._from("L03", self._handed(accepted)), legs[0].closed_at)
            if self.dossier.dossier_form == "paper":
                handed = next((one for one in self.view.tasks if one.step_id == "hand_over_papers"), None)
                yield self._watch("T05", self._from("T05", accepted), handed.done_at if handed else None)
        elif self.dossier.dossier_form == "paper":
            there = (one.claimed_at or one.done_at for one in self.view.tasks if one.lane in _BEHIND_THE_COUNTER)
            claimed = min((one for one in there if one), default=None)
            hours = self.act.calendar(clock.doing("T04", self.dossier))
            yield self._watch("T04", papers_by(hours, self.rules["T04"], accepted), claimed or self.dossier.decided_at)

    def _handed(self, accepted: datetime) -> datetime:
        """When the last moment is at which the deciding office has what it acknowledges."""
        return accepted if self.dossier.dossier_form == "electronic" else self._from("T05", accepted)

    def _supplement(self) -> Iterator[Watch]:
        """T06 each time that the clock began, while something may still be asked; each request by the rule it counts by."""
        asked = [one for one in self.view.supplements if one.rule == "T07"]
        left = self.act.terms.settings.get("supplement_max", 1)
        for first, begins_again in self._begun():
            mine = [one.asked_at for one in asked if first.started_at <= one.asked_at < (begins_again or datetime.max.replace(tzinfo=UTC))]
            if mine or (left > 0 and first in self._stages()[0]):
                over = begins_again is not None or self.view.deadlines[-1].stopped_at is not None
                yield self._chance("T06", limits.ask_until(self.act, first), mine[0] if mine else None, over=over)
            left -= len(mine)
        for one in self.view.supplements:
            if one.after_acceptance and one.rule:
                watch = self._watch(one.rule, one.due_at, one.received_at)
                # under the law by which it was asked, whatever another version of the procedure says
                kept = one.article or self.rules.article(one.rule) if one.limit else None
                yield replace(watch, rule=replace(watch.rule, article=kept or watch.rule.article))

    def _begun(self) -> Iterator[tuple[Deadline, datetime | None]]:
        """The runs that began from zero, each with when the next one did."""
        runs = [one for one in self.view.deadlines if one.stopped_why != "received_elsewhere"]
        begun = list({one.started_at: one for one in reversed(runs)}.values())[::-1]
        yield from zip_longest(begun, (one.started_at for one in begun[1:]))

    def _stages(self) -> list[list[Deadline]]:
        """The runs of each stage of the procedure; a stage is over when the file is to be handed in a second time."""
        stages: list[list[Deadline]] = [[]]
        for run in self.view.deadlines:
            stages[-1].append(run)
            if run.stopped_why == "revision":
                stages.append([])
        return stages

    def _result(self) -> Iterator[Watch]:
        most, used = self.rules["T09"].count, 0
        for stage in self._stages():
            # a new appointment is used up also where the applicant completed the file behind it
            apologies = [one for one in stage if one.rule == "T09"]
            if runs := [one for one in stage if one.stopped_why not in _REPLACED]:
                yield from self._dates(runs, apologies, may=used < most)
            used += len(apologies)
        if self.view.deadlines:
            yield Watch(self.rules["T09"], None, None, "met" if used >= most else "open", used=used)
        yield from self._corrections()

    def _dates(self, runs: list[Deadline], apologies: list[Deadline], *, may: bool) -> Iterator[Watch]:
        """Of one stage: its date, and until when it could be moved, where an apology was left (`may`)."""
        first, last = runs[0], runs[-1]
        ended = last.stopped_at if last.stopped_why == "revision" else self.dossier.decided_at or last.stopped_at
        if may:
            until = latest_before(self.calendar, first.due_at, self.rules["T08"].limit)
            used = apologies[0].runs_from if apologies else None
            yield self._chance("T08", until, used, over=ended is not None)
        if last.paused_at is None:
            refused = self.dossier.result_kind == "refused" and last.stopped_why != "revision"
            yield self._watch("T12" if refused else "T13", last.due_at, ended)

    def _corrections(self) -> Iterator[Watch]:
        corrections = [one.at for one in self.view.events if _began(one.type, one.payload)]
        # of before a correction had an end of its own, the new result was it
        ended = self._when("correction.ended") or self._when("result.replaced")
        for number, began in enumerate(corrections):
            yield self._watch("T10", self._from("T10", began), ended[number] if number < len(ended) else None)

    def _when(self, kind: str) -> list[datetime]:
        return [one.at for one in self.view.events if one.type == kind]

    def _money(self) -> Iterator[Watch]:
        for row in self.view.charges:
            if row.way in ("online", "transfer") and row.settled_at:
                yield self._watch("T11", self._from("T11", row.settled_at), row.deposited_at)


def _began(kind: str, payload: dict[str, object]) -> bool:
    return kind == "side.started" and payload.get("process") == "correct_result"
