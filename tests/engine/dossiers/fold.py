"""What a ledger alone says of its dossier, and what the rows say: the two must be the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.dossiers.correction_models import Correction
from engine.dossiers.handover_models import HandoverItem
from engine.dossiers.models import AnswerSet, Consultation, Deadline, Dossier, Letter, Task, Transfer, Wait
from engine.dossiers.people_models import Representative
from engine.dossiers.posting_models import Objection, PublicPosting
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.payments.models import Charge, Payment, Receipt


@dataclass
class State:
    """A dossier as told."""

    status: str = "registered"
    code: str | None = None
    competent: str = ""
    #: ISO text
    due_at: str | None = None
    paused: bool = False
    result_kind: str | None = None
    version: str = ""
    #: of a group: the dossier that opened it, and as which of its children
    parent: tuple[str, str] | None = None
    #: open task -> (step, who holds it)
    tasks: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    #: open task -> when it is due, and whether its clock stands still
    clocks: dict[str, tuple[datetime | None, bool]] = field(default_factory=dict)
    #: open wait -> step
    waits: dict[str, str] = field(default_factory=dict)
    #: letter -> (kind, name)
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    #: messages that nobody waited for in time
    expired: set[str] = field(default_factory=set)
    #: leg -> how it was closed
    legs: dict[int, str | None] = field(default_factory=dict)
    #: leg -> how often it was missed
    missed: dict[int, int] = field(default_factory=dict)
    #: hand-over list -> what the other side said of this dossier
    handed: dict[str, str | None] = field(default_factory=dict)
    #: offices that were asked and may still answer or be summed up
    asked: list[str] = field(default_factory=list)
    charges: dict[str, str] = field(default_factory=dict)
    #: charge -> for whom it is waived or reduced
    exempt: dict[str, str] = field(default_factory=dict)
    #: receipt -> (number, whether it stands)
    receipts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    #: charge -> (what of it was paid too much, what of it went back)
    excess: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: money that a gateway told of -> what became of it
    payments: dict[str, str] = field(default_factory=dict)
    assisted_by: str | None = None
    #: digest of the declaration as it stands
    declared: str = ""
    #: correction of the result -> (due, how it ended)
    corrections: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    #: the last number that took the place of another
    replaced_by: str | None = None
    #: what was posted publicly, and what was said to it
    posted: set[str] = field(default_factory=set)
    objections: set[str] = field(default_factory=set)
    #: digest of what the applicant was told last of a visit
    visit: str | None = None
    #: who acts for the applicant -> (what for, last day)
    acting: dict[str, tuple[tuple[str, ...], str | None]] = field(default_factory=dict)


def fold(events: Iterable[LedgerEvent]) -> State:
    """Event by event, as an auditor reads it."""
    state = State()
    for event in events:
        if event.type in _APPLY:
            _APPLY[event.type](state, event.payload)
    state.asked.sort()
    state.clocks = {one: state.clocks[one] for one in state.tasks}
    return state


def _lodged(state: State, facts: dict[str, Any]) -> None:
    state.competent, state.version = facts["competent_office"], facts["version_id"]
    state.declared = facts["answers_digest"]


def _moved(state: State, facts: dict[str, Any]) -> None:
    names, state.version = facts["names"], facts["to_version"]
    state.tasks = {one: (names.get(step, step), who) for one, (step, who) in state.tasks.items()}
    state.waits = {one: names.get(step, step) for one, step in state.waits.items()}


def _rerouted(state: State, facts: dict[str, Any]) -> None:
    to = facts["offices"]
    state.competent = to.get(state.competent, state.competent)
    state.asked = [to.get(one, one) for one in state.asked]


def _holds(state: State, facts: dict[str, Any]) -> None:
    step = facts.get("step_id") or state.tasks[facts["task_id"]][0]
    state.tasks[facts["task_id"]] = (step, facts.get("officer_id") or facts.get("assignee"))


def _opened(state: State, facts: dict[str, Any]) -> None:
    _holds(state, facts)
    state.clocks[facts["task_id"]] = (_instant(facts["due_at"]), False)


def _timed(state: State, facts: dict[str, Any]) -> None:
    state.clocks |= {one: (_instant(due_at), one in facts["still"]) for one, due_at in facts["dues"].items()}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _done(state: State, facts: dict[str, Any]) -> None:
    del state.tasks[facts["task_id"]]


def _named(state: State, facts: dict[str, Any]) -> None:
    state.acting[facts["representative_id"]] = (tuple(facts["scope"]), facts["valid_until"])


def _due(state: State, facts: dict[str, Any]) -> None:
    state.due_at = facts["due_at"]


def _clock_paused(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.paused = None, True


def _clock_resumed(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.paused = facts["due_at"], False


def _moved_date(state: State, facts: dict[str, Any]) -> None:
    _correction_moved(state, facts)
    if not state.paused and facts["of"] == "result":
        state.due_at = facts["due_at"]


def _correction_moved(state: State, facts: dict[str, Any]) -> None:
    if facts["of"] == "correction":
        open_ = next(one for one, (_, outcome) in state.corrections.items() if outcome is None)
        state.corrections[open_] = (facts["due_at"], None)


def _correction_ended(state: State, facts: dict[str, Any]) -> None:
    due, _ = state.corrections[facts["correction_id"]]
    state.corrections[facts["correction_id"]] = (due, facts["outcome"])


def _clock_stopped(state: State, facts: dict[str, Any]) -> None:
    state.paused = False
    if facts["why"] in ("supplement", "revision"):
        state.due_at = None


def _charge_opened(state: State, facts: dict[str, Any]) -> None:
    state.charges[facts["charge_id"]] = "owed" if facts["amount"] else "waived"


def _counted(state: State, facts: dict[str, Any]) -> None:
    if facts["state"] == "unpaid":
        return
    which = facts.get("charges")
    counted = [one for one, how in state.charges.items() if how == "owed"] if which is None else which
    state.charges |= dict.fromkeys(counted, facts["state"])


def _exceeded(state: State, facts: dict[str, Any]) -> None:
    _, back = state.excess.pop(facts["charge_id"], (0, 0))
    if facts["excess"] or back:
        state.excess[facts["charge_id"]] = (facts["excess"], back)


def _returned(state: State, facts: dict[str, Any]) -> None:
    excess, back = state.excess[facts["charge_id"]]
    state.excess[facts["charge_id"]] = (excess, back + facts["amount"])


def _refunded(state: State, facts: dict[str, Any]) -> None:
    for one, part in facts["parts"].items():
        excess, back = state.excess.get(one, (0, 0))
        state.excess[one] = (excess, back + part)


def _sets(name: str, fact: str) -> Callable[[State, dict[str, Any]], None]:
    return lambda state, facts: setattr(state, name, facts[fact])


_APPLY: dict[str, Callable[[State, dict[str, Any]], None]] = {
    "dossier.lodged": _lodged,
    "dossier.moved": _moved,
    "dossier.amended": _sets("declared", "answers_digest"),
    "correction.asked": lambda state, facts: state.corrections.update({facts["correction_id"]: (facts["due_at"], None)}),
    "correction.ended": _correction_ended,
    "posting.opened": lambda state, facts: state.posted.add(facts["posting_id"]),
    "objection.recorded": lambda state, facts: state.objections.add(facts["objection_id"]),
    "visit.announced": _sets("visit", "said_digest"),
    "result.replaced": _sets("replaced_by", "number"),
    "authority.decided": _sets("competent", "office"),
    "dossier.rerouted": _rerouted,
    "dossier.joined": lambda state, facts: setattr(state, "parent", (facts["parent"], facts["kind"])),
    "office.redirected": _sets("competent", "to_office"),
    "dossier.assisted": _sets("assisted_by", "officer"),
    "representative.named": _named,
    "dossier.accepted": _sets("code", "code"),
    "dossier.decided": _sets("result_kind", "result_kind"),
    "status.changed": _sets("status", "status"),
    "deadline.set": _due,
    "deadline.extended": _due,
    "deadline.moved": _moved_date,
    "clock.paused": _clock_paused,
    "clock.resumed": _clock_resumed,
    "deadline.closed": _clock_stopped,
    "task.opened": _opened,
    "steps.timed": _timed,
    "task.claimed": _holds,
    "task.reassigned": _holds,
    "task.released": _holds,
    "task.recalled": _holds,
    "task.completed": _done,
    "task.closed": _done,
    "wait.opened": lambda state, facts: state.waits.update({facts["wait_id"]: facts["step_id"]}),
    "wait.closed": lambda state, facts: state.waits.pop(facts["wait_id"]),
    "letter.sent": lambda state, facts: state.sent.update({facts["letter_id"]: (facts["kind"], facts["name"])}),
    "letter.received": lambda state, facts: state.taken.add(facts["letter_id"]),
    "letter.expired": lambda state, facts: state.expired.add(facts["letter_id"]),
    "transfer.sent": lambda state, facts: state.legs.update({facts["leg"]: None}),
    "transfer.closed": lambda state, facts: state.legs.update({facts["leg"]: facts["state"]}),
    "transfer.missed": lambda state, facts: state.missed.update({facts["leg"]: state.missed.get(facts["leg"], 0) + 1}),
    "handover.sent": lambda state, facts: state.handed.update({facts["list_id"]: None}),
    "handover.acknowledged": lambda state, facts: state.handed.update({facts["list_id"]: facts["state"]}),
    "consultation.sent": lambda state, facts: state.asked.extend(facts["offices"]),
    "consultation.closed": lambda state, facts: state.asked.clear(),
    "charge.opened": _charge_opened,
    "exemption.proved": lambda state, facts: state.exempt.update({facts["charge_id"]: facts["exempt_class"]}),
    "receipt.issued": lambda state, facts: state.receipts.update({facts["receipt_id"]: (facts["number"], True)}),
    "receipt.voided": lambda state, facts: state.receipts.update({facts["receipt_id"]: (facts["number"], False)}),
    "charge.exceeded": _exceeded,
    "excess.returned": _returned,
    "payment.received": lambda state, facts: state.payments.update({facts["payment_id"]: facts["state"]}),
    "surplus.released": lambda state, facts: state.payments.update({facts["payment_id"]: "returning"}),
    "surplus.returned": lambda state, facts: state.payments.update({facts["payment_id"]: "returned"}),
    "surplus.retained": lambda state, facts: state.payments.update({facts["payment_id"]: "surplus"}),
    "charge.closed": lambda state, facts: state.charges.update({facts["charge_id"]: facts["state"]}),
    "charge.counted": _counted,
    "charge.refunded": _refunded,
}


#: Where nothing was said.
_NOTHING = AnswerSet(digest=None)


def _given(one: AnswerSet) -> Any:
    return one.given_at, one.id


def _asked(one: Correction) -> Any:
    return one.asked_at, one.id


def rows(session: Session, dossier: Dossier) -> State:
    """The same from the tables."""

    def of(model: type[Any], **only: Any) -> Iterable[Any]:
        return session.scalars(select(model).filter_by(dossier_id=dossier.id, **only))

    return State(
        status=dossier.status,
        code=dossier.code,
        competent=str(dossier.competent_office_id),
        due_at=dossier.due_at.isoformat() if dossier.due_at else None,
        paused=any(one.paused_at for one in of(Deadline, stopped_at=None)),
        result_kind=dossier.result_kind,
        version=str(dossier.version_id),
        parent=(str(dossier.parent_id), dossier.child_kind or "") if dossier.parent_id else None,
        tasks={
            str(one.id): (one.step_id, str(one.assignee_id) if one.assignee_id else None)
            for one in of(Task, done_at=None)
        },
        clocks={str(one.id): (one.due_at, one.still_by is not None) for one in of(Task, done_at=None)},
        waits={str(one.id): one.step_id for one in of(Wait, closed_at=None)},
        sent={
            str(one.id): (one.kind, one.name)
            for one in session.scalars(select(Letter).filter_by(sender_id=dossier.id))
        },
        taken={str(one.id) for one in session.scalars(select(Letter).filter_by(taken_by=dossier.id))},
        expired={
            str(one.id)
            for one in session.scalars(select(Letter).filter_by(sender_id=dossier.id, kind="message", taken_by=None))
            if one.taken_at
        },
        legs={one.leg: one.state for one in of(Transfer)},
        missed={one.leg: one.alarms for one in of(Transfer) if one.alarms},
        handed={str(one.list_id): one.state for one in of(HandoverItem)},
        asked=sorted(str(one.office_id) for one in of(Consultation, closed_at=None)),
        charges={str(one.id): one.state for one in of(Charge)},
        receipts={str(one.id): (one.number, one.voided_at is None) for one in of(Receipt)},
        excess={str(one.id): (one.excess, one.refunded) for one in of(Charge) if one.excess or one.refunded},
        payments={str(one.id): one.state for one in of(Payment)},
        exempt={str(one.id): one.exempt_class for one in of(Charge) if one.exempt_class},
        declared=max(of(AnswerSet, step_id="lodge"), key=_given).digest,
        corrections={str(one.id): (one.due_at.isoformat(), one.outcome) for one in of(Correction)},
        visit=max(of(AnswerSet, step_id="visit"), key=_given, default=_NOTHING).digest,
        posted={str(one.id) for one in of(PublicPosting)},
        objections={str(one.id) for one in of(Objection)},
        replaced_by=next((one.new_number for one in sorted(of(Correction), key=_asked)[::-1] if one.new_number), None),
        assisted_by=str(dossier.assisted_by) if dossier.assisted_by else None,
        acting={
            str(one.id): (tuple(one.scope), one.valid_until.isoformat() if one.valid_until else None)
            for one in of(Representative)
        },
    )


def agree(session: Session) -> None:
    """Every ledger is unbroken and tells the same as the rows."""
    for dossier in session.scalars(select(Dossier)):
        events = history(session, dossier.id)
        assert first_break(events) is None
        assert fold(events) == rows(session, dossier)
