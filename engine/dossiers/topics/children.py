"""A group opens a dossier for each office: the first alone, the others on paper one by one, electronic all at once.

Decree 118/2025 art. 20(2); Decree 63/2024 as amended by 301/2026. What the applicant declared once is what each child declares.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

import feel
import forms
from engine.base.errors import DomainError
from engine.calendar.due import Limit, Unit
from engine.calendar.opening import local
from engine.catalog.terms import ChildRule, LimitRule, holds
from engine.dossiers import children, clock, facts, group_dates
from engine.dossiers.act import Act, topic
from engine.dossiers.models import AnswerSet
from engine.ledger.events import ChildClosed, ChildOpened, ChildSkipped
from engine.runtime.machine import EngineCall

#: Of a child's answers: what its siblings need.
_PASSED_ON = "personal_id"


class ChildNotDeclared(DomainError):
    """The group's declaration says too little for one of its dossiers."""

    kind = "invalid"


@topic("child.first")
def first(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The one on which the others rest: of a newborn it brings the personal id."""
    return {"child_kind": act.terms.children[0].kind}


@topic("child.plan")
def plan(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Which others belong to this dossier, in the order in which paper goes from office to office."""
    known = _known(act, call)
    return {"children_due": [one.kind for one in act.terms.children[1:] if holds(one.when, known)]}


@topic("child.prepare")
def prepare(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Whether others must confirm first; that time does not count."""
    rule = _rule(act, call)
    needed = rule.consents_when is not None and holds(rule.consents_when, _known(act, call))
    return {
        "child_key": children.key(act.dossier.id, rule.kind),
        "child_state": None,
        "consents_needed": needed,
        "consent_state": None,
    }


@topic("child.open")
def open_child(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """A dossier of its own, checked with the group's, under the limit that the law of the group sets its office."""
    from engine.dossiers import intake  # lodging settles, and settling knows the topics

    rule, known = _rule(act, call), _known(act, call)
    promised = group_dates.promise(act)
    limit = _in_time(act, next(one for one in rule.limits if holds(one.when, known)), promised)
    due = _due(act, limit)
    in_time = promised is not None and (due <= promised or group_dates.whole(act) is False)
    try:
        child = intake.lodge_child(act, rule, _answers(rule, known), limit, in_time=in_time)
    except forms.FormInvalid as invalid:
        missing = ", ".join(sorted(invalid.problems))
        raise ChildNotDeclared(child=rule.name, fields=missing) from invalid
    act.tell(ChildOpened(kind=rule.kind, dossier=str(child.id)))
    group_dates.keep_up(act, opened=limit)
    # What goes from office to office is watched on its way (`transfer_dossier`), what goes to a ministry is watched here.
    leg = child.accepted_at is not None
    return {"acknowledged_by_leg": leg, "acknowledge_by": _acknowledge_by(act), "child_due_at": due.isoformat()}


@topic("child.skip")
def skip(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Who had to confirm did not: the dossier is not opened, and the others go on."""
    act.tell(ChildSkipped(kind=_rule(act, call).kind))
    return {"child_state": "failed"}


@topic("child.close")
def close(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """How it ended; the applicant has its result already."""
    rule = _rule(act, call)
    child = children.named(act, rule.kind)
    if child is None:
        raise LookupError(rule.kind)
    act.tell(ChildClosed(kind=rule.kind, status=child.status, result_kind=child.result_kind))
    group_dates.keep_up(act)
    return {"child_state": "done" if children.is_done(child) else "failed"}


def _rule(act: Act, call: EngineCall) -> ChildRule:
    kind = call.variables["child_kind"]
    return next(one for one in act.terms.children if one.kind == kind)


def _known(act: Act, call: EngineCall) -> dict[str, Any]:
    """What the FEEL of a child may read: the group's declaration, its routing variables, and what its siblings brought."""
    brought = {
        one.child_kind: {
            "code": one.code,
            "number": one.result_number,
            "on": local(one.decided_at).date().isoformat() if one.decided_at else None,
            _PASSED_ON: _brought(act, one.id),
        }
        for one in children.of(act.uow.session, act.dossier.id)
    }
    return {**call.variables, **facts.for_rules(act), "results": brought}


def _brought(act: Act, child_id: Any) -> str | None:
    newest = select(AnswerSet.answers[_PASSED_ON].astext).where(AnswerSet.dossier_id == child_id)
    return act.uow.session.scalar(
        newest.where(AnswerSet.answers.has_key(_PASSED_ON)).order_by(AnswerSet.given_at.desc()).limit(1)
    )


def _answers(rule: ChildRule, known: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration of a child, said from the group's."""
    said = {name: _plain(feel.evaluate(text, known)) for name, text in rule.answers.items()}
    return {name: value for name, value in said.items() if value not in (None, {}, [])}


def _plain(value: Any) -> Any:
    """As it is typed: whole numbers, dates as ISO text, nothing where nothing was said."""
    match value:
        case dict():
            return {key: plain for key, one in value.items() if (plain := _plain(one)) is not None}
        case list() | tuple():
            return [_plain(one) for one in value]
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case date() | datetime():
            return value.isoformat()
    return value


def _acknowledge_by(act: Act) -> str:
    """Until when the office should say that it has it: on paper, behind the way of the papers, in the days of who sends them."""
    start, legs = act.uow.clock.now(), clock.legs_of(act.dossier.dossier_form)
    counter = act.calendar(act.dossier.receiving_office_id)
    return clock.after_legs(act.calendar(), act.rules, start, legs, counter=counter)[0].isoformat()


def _in_time(act: Act, limit: LimitRule, promised: datetime | None) -> LimitRule:
    """Where the law sets a limit for the whole group, a part gets no more days than are left of it.

    A part before it that was late does not shorten it: that office is late, this one has what the law gives it.
    """
    if promised is None or not group_dates.whole(act):
        return limit
    shorter = [replace(limit, value=days) for days in range(limit.value, 0, -1)]
    # Where not even a day is left, nobody was late and papers took all of it: it has the one that it cannot do without.
    fits = next((one for one in shorter if _due(act, one) <= promised), shorter[-1])
    if fits == limit:
        return limit
    return replace(fits, text=f"{limit.text}, trong thời hạn chung của nhóm còn {fits.value:02} ngày làm việc")


def _due(act: Act, limit: LimitRule) -> datetime:
    """Until when its office should be done."""
    return group_dates.opening_due(act, Limit(limit.value, Unit(limit.unit)), act.uow.clock.now())
