"""Facts that a condition, a wait or a new task asks for: all read from rows."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, String, Text, any_, bindparam, literal_column, select
from sqlalchemy.orm import Session

import forms
from engine.base.clock import VIETNAM
from engine.base.db import ONE
from engine.base.questions import Question, that, those
from engine.catalog import publish
from engine.catalog.terms import Terms
from engine.dossiers import children, same_day
from engine.dossiers.act import Act
from engine.dossiers.channels import as_rules_know
from engine.dossiers.models import AnswerSet, Consultation, Dossier, Task, Transfer, Wait
from engine.org import directory
from engine.payments.models import Charge


def for_rules(act: Act) -> dict[str, Any]:
    """What the FEEL of a record may read: the declaration's answers and the facts of the lodging."""
    return of_dossier(act.uow.session, act.dossier, act.terms, act.answers("lodge"), act.uow.clock.now())


def may_wait(act: Act, *, travels: bool) -> bool:
    """Whether the applicant may wait at the counter for the result (art. 17(4)); it still has to be in time."""
    dossier, limit = act.dossier, act.terms.limit(for_rules(act))
    return same_day.may_be_waited_for(limit, channel=dossier.channel, return_way=dossier.return_way, travels=travels)


def of_dossier(
    session: Session, dossier: Dossier, terms: Terms, declared: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The same for who only looks at a dossier."""
    declaration = publish.form(session, dossier.version_id, terms.declaration)
    return forms.facts(declaration, declared) | of_lodging(dossier, now)


def of_lodging(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """Of these what does not lie in the declaration."""
    accepted = dossier.accepted_at or now
    return rule_facts(
        dossier.facts,
        channel=as_rules_know(dossier.channel),
        variant=dossier.variant,
        lodged_on=dossier.lodged_at.astimezone(VIETNAM).date(),
        accepted_on=accepted.astimezone(VIETNAM).date(),
        is_proxy=dossier.is_proxy,
        result_kind=dossier.result_kind,
    )


def rule_facts(known: Mapping[str, Any], **lodging: Any) -> dict[str, Any]:
    """What is known besides the declaration: channel, variant, lodged_on, accepted_on, is_proxy, result_kind by name."""
    return {"lookup": {}, "fee_classes": []} | dict(known) | lodging


#: When fees are due, one after the other.
MOMENTS = ("at_reception", "before_result", "at_return")


def moments(dossier: Dossier) -> tuple[str, ...]:
    """At which fees are due by now: what is due later does not hold up what comes before (art. 24(2))."""
    come = (True, dossier.accepted_at, dossier.decided_at)
    return tuple(moment for moment, at in zip(MOMENTS, come, strict=True) if at)


def waiting_for(act: Act, subject: str) -> Wait | None:
    """The open message wait with this name; at most one lives in a dossier."""
    return that(act.uow.session, _WAITING, dossier_id=act.dossier.id, subject=subject)


_WAITING = Question(
    select(Wait)
    .where(Wait.dossier_id == bindparam("dossier_id"), Wait.subject == bindparam("subject"))
    .where(Wait.kind == literal_column("'message'"), Wait.closed_at.is_(None))
)


def already(act: Act, wait: Wait) -> dict[str, Any] | None:
    """What a message wait that just opened was waiting for, if it is there; else None."""
    if wait.subject == "child_finished":
        # However long ago it ended: a letter is not kept for ever.
        return {} if wait.key and children.has_ended(act, wait.key) else None
    look = _LOOK.get(wait.subject)
    return look(act) if look else None


def _paid(act: Act) -> dict[str, Any] | None:
    states = set(those(act.uow.session, _STATES, dossier_id=act.dossier.id, moments=[*moments(act.dossier)]))
    return {"payment_answer": "paid"} if states and "owed" not in states else None


_STATES = Question(
    select(Charge.state).where(
        Charge.dossier_id == bindparam("dossier_id"), Charge.moment == any_(bindparam("moments", type_=ARRAY(String)))
    )
)


def _leg(act: Act, state: str) -> dict[str, Any] | None:
    last = act.uow.session.scalars(
        select(Transfer).filter_by(dossier_id=act.dossier.id).order_by(Transfer.leg.desc()).limit(ONE)
    ).first()
    return {"transfer_answer": state} if last and last.state == state else None


def _answered(act: Act) -> dict[str, Any] | None:
    rows = act.uow.session.scalars(
        select(Consultation).filter_by(dossier_id=act.dossier.id, closed_at=None)
    ).all()
    return {} if rows and all(row.answered_at for row in rows) else None


#: Facts that may come before their wait; an applicant is heard only while asked.
_LOOK = {
    "payment_settled": _paid,
    "transfer_acknowledged": lambda act: _leg(act, "received"),
    "transfer_rejected": lambda act: _leg(act, "rejected"),
    "result_acknowledged": lambda act: _leg(act, "received"),
    "consultation_completed": _answered,
}


#: Step id under which is kept what reception says of papers that it asks for, by component.
PAPERS_ASKED = "papers_asked"
#: Step id, with the lane behind it, under which a head's word on who does a task is kept.
REASSIGNED = "reassign."


def keeper(act: Act, lane: str, office_id: uuid.UUID) -> uuid.UUID | None:
    """Who holds a new task without being asked: the first of those in charge who stands in the lane today.

    Specialists keep their dossiers; other lanes share the work, so that a leader's absence stops nothing.
    """
    if lane != "specialist":
        return None
    staff = directory.officers_in(act.uow.session, office_id, lane, on=act.uow.clock.today())
    there = {str(one.id): one.id for one in staff}
    return next((there[one] for one in _in_charge(act, lane, office_id) if one in there), None)


def _in_charge(act: Act, lane: str, office_id: uuid.UUID) -> Iterator[str]:
    """Who was named last, by the division or anew by a head; the co-worker; who worked in this lane before."""
    session, which = act.uow.session, {"dossier_id": act.dossier.id, "lane": lane, "office_id": office_id}
    # What this act has changed need not go to the database for these: what it kept and its task are at hand.
    kept = (one for one in session.new if isinstance(one, AnswerSet) and one.step_id in _namings(lane))
    with session.no_autoflush:
        naming = next((one.answers for one in kept), None) or that(session, _NAMING, **which)
    yield from (str(naming[role]) for role in ("assignee", "co_worker") if naming and naming.get(role))
    task = act.task
    if task and task.done_how == "completed" and (task.lane, task.office_id) == (lane, office_id):
        yield str(task.done_by)
        return
    with session.no_autoflush:
        before = that(session, _DONE, **which)
    if before:
        yield str(before)


def _namings(lane: str) -> tuple[str, str]:
    """The steps whose answers name who works in a lane."""
    return ("assign_specialist", REASSIGNED + lane)


_NAMING = Question(
    select(AnswerSet.answers)
    .where(AnswerSet.dossier_id == bindparam("dossier_id"))
    .where(AnswerSet.step_id.in_(("assign_specialist", REASSIGNED + bindparam("lane", type_=Text))))
    .order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
    .limit(ONE)
)
_DONE = Question(
    select(Task.done_by)
    .where(Task.dossier_id == bindparam("dossier_id"), Task.lane == bindparam("lane"))
    .where(Task.office_id == bindparam("office_id"), Task.done_how == "completed")
    .order_by(Task.done_at.desc())
    .limit(ONE)
)
