"""What a ledger alone says of its dossier, and what the rows say: the two must be the same."""

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.dossiers.models import Dossier
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.payments.models import CashDay, CashEntry
from tests.engine.dossiers.state import State
from tests.engine.dossiers.stored import rows

#: What an event says, and under these names when and by whom it was told.
AT, BY = "told_at", "told_by"


def fold(events: Iterable[LedgerEvent]) -> State:
    """Event by event, as an auditor reads it."""
    state = State()
    for event in events:
        if event.type in _APPLY:
            _APPLY[event.type](state, event.payload | {AT: event.at, BY: str(event.actor_id)})
    state.asked.sort()
    state.clocks = {one: state.clocks[one] for one in state.tasks}
    return state


def _lodged(state: State, facts: dict[str, Any]) -> None:
    state.receiving, state.competent = facts["receiving_office"], facts["competent_office"]
    state.version = facts["version_id"]
    state.declared = facts["answers_digest"]


def _moved(state: State, facts: dict[str, Any]) -> None:
    names, state.version = facts["names"], facts["to_version"]
    state.tasks = {one: (names.get(step, step), *more) for one, (step, *more) in state.tasks.items()}
    state.waits = {one: (names.get(step, step), *more) for one, (step, *more) in state.waits.items()}


def _task_moved(state: State, facts: dict[str, Any]) -> None:
    step, *_ = state.tasks[facts["task_id"]]
    state.tasks[facts["task_id"]] = (step, facts["lane"], facts["office"], None)


def _rerouted(state: State, facts: dict[str, Any]) -> None:
    to = facts["offices"]
    state.receiving, state.competent = (to.get(one, one) for one in (state.receiving, state.competent))
    state.asked = [(to.get(one, one), answered) for one, answered in state.asked]
    state.legs = {leg: (to.get(one, one) if how is None else one, how) for leg, (one, how) in state.legs.items()}
    state.tasks = {key: (step, lane, to.get(one, one), who) for key, (step, lane, one, who) in state.tasks.items()}


def _decided_by(state: State, facts: dict[str, Any]) -> None:
    state.receiving, state.competent, state.unresolved = facts["receiving_office"], facts["office"], False


def _accepted(state: State, facts: dict[str, Any]) -> None:
    state.code, state.accepted_at = facts["code"], _instant(facts["done_at"]) or facts[AT]


def _decided(state: State, facts: dict[str, Any]) -> None:
    state.result_kind, state.decided_at = facts["result_kind"], _instant(facts["done_at"]) or facts[AT]
    state.result_number = facts["result_number"] or state.result_number


def _issued(state: State, facts: dict[str, Any]) -> None:
    if facts["kind"] != "interim":
        state.result_number = facts["number"]


def _replaced(state: State, facts: dict[str, Any]) -> None:
    state.result_number = state.replaced_by = facts["number"]


def _amended(state: State, facts: dict[str, Any]) -> None:
    state.declared, state.amended_at = facts["answers_digest"], facts[AT]


def _ended(state: State, facts: dict[str, Any]) -> None:
    if facts["role"] == "main":
        state.ended = (facts[AT], facts["end"])


def _holds(state: State, facts: dict[str, Any]) -> None:
    step, lane, office, _ = state.tasks[facts["task_id"]]
    state.tasks[facts["task_id"]] = (step, lane, office, facts.get("officer_id"))


def _opened(state: State, facts: dict[str, Any]) -> None:
    state.tasks[facts["task_id"]] = (facts["step_id"], facts["lane"], facts["office"], facts["assignee"])
    state.clocks[facts["task_id"]] = (_instant(facts["due_at"]), False)


def _timed(state: State, facts: dict[str, Any]) -> None:
    state.clocks |= {one: (_instant(due_at), one in facts["still"]) for one, due_at in facts["dues"].items()}
    state.waits |= {one: (*state.waits[one][:2], _instant(due_at)) for one, due_at in facts["waits"].items()}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _closed(state: State, facts: dict[str, Any]) -> None:
    *task, _ = state.tasks.pop(facts["task_id"])
    state.done[facts["task_id"]] = (*task, facts[BY])


def _completed(state: State, facts: dict[str, Any]) -> None:
    _closed(state, facts)
    state.answers[facts["task_id"]] = facts["answers_digest"]


def _recalled(state: State, facts: dict[str, Any]) -> None:
    *task, _ = state.done.pop(facts["task_id"])
    state.tasks[facts["task_id"]] = (*task, facts["assignee"])
    del state.answers[facts["task_id"]]


def _waits(state: State, facts: dict[str, Any]) -> None:
    state.waits[facts["wait_id"]] = (facts["step_id"], facts["kind"], _instant(facts["due_at"]))


def _heard(state: State, facts: dict[str, Any]) -> None:
    del state.waits[facts["wait_id"]]
    state.over[facts["wait_id"]] = facts["how"]


def _asked(state: State, facts: dict[str, Any]) -> None:
    state.supplements[facts["round"]] = (_instant(facts["due_at"]), None)


def _handed_in(state: State, facts: dict[str, Any]) -> None:
    state.supplements[facts["round"]] = (state.supplements[facts["round"]][0], facts[AT])


def _answered(state: State, facts: dict[str, Any]) -> None:
    """Asked twice, an office answers the first question first."""
    state.asked[state.asked.index((facts["office"], False))] = (facts["office"], True)


def _named(state: State, facts: dict[str, Any]) -> None:
    state.acting[facts["representative_id"]] = (tuple(facts["scope"]), facts["valid_until"])


def _set(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.runs = None if state.paused else facts["due_at"], facts["rule"]


def _extended(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.runs = facts["due_at"], "T09"


def _clock_paused(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.paused = None, sorted([*state.paused, facts["rule"]])


def _clock_resumed(state: State, facts: dict[str, Any]) -> None:
    state.due_at, state.paused = facts["due_at"], []


def _pause_lifted(state: State, facts: dict[str, Any]) -> None:
    state.paused.remove(facts["rule"])


def _moved_date(state: State, facts: dict[str, Any]) -> None:
    _correction_moved(state, facts)
    _answer_moved(state, facts)
    if not state.paused and facts["of"] == "result":
        state.due_at = facts["due_at"]


def _answer_moved(state: State, facts: dict[str, Any]) -> None:
    """With the time to answer that of the timer behind it."""
    if facts["of"] == "supplement":
        old, new = _instant(facts["old_due_at"]), _instant(facts["due_at"])
        last = max(state.supplements)
        state.supplements[last] = (new, state.supplements[last][1])
        state.waits = {one: (*wait, new if at == old else at) for one, (*wait, at) in state.waits.items()}


def _correction_moved(state: State, facts: dict[str, Any]) -> None:
    if facts["of"] == "correction":
        open_ = next(one for one, (_, outcome) in state.corrections.items() if outcome is None)
        state.corrections[open_] = (facts["due_at"], None)


def _correction_ended(state: State, facts: dict[str, Any]) -> None:
    due, _ = state.corrections[facts["correction_id"]]
    state.corrections[facts["correction_id"]] = (due, facts["outcome"])


def _clock_stopped(state: State, facts: dict[str, Any]) -> None:
    state.runs = None
    if facts["why"] in ("decided", "ended"):
        state.paused = []
    if facts["why"] in ("supplement", "revision"):
        state.due_at = None


def _charge_opened(state: State, facts: dict[str, Any]) -> None:
    state.assessed[facts["charge_id"]] = (facts["fee"], facts["amount"])
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
    state.cash["refund"] -= facts["amount"]


def _refunded(state: State, facts: dict[str, Any]) -> None:
    for one, part in facts["parts"].items():
        excess, back = state.excess.get(one, (0, 0))
        state.excess[one] = (excess, back + part)
    state.cash["refund"] -= facts["amount"]


def _receipt(state: State, facts: dict[str, Any]) -> None:
    state.receipts[facts["receipt_id"]] = (facts["kind"], facts["number"], facts["amount"], facts["way"], True)
    state.cash["receipt"] += facts["amount"]


def _voided(state: State, facts: dict[str, Any]) -> None:
    *receipt, _ = state.receipts[facts["receipt_id"]]
    state.receipts[facts["receipt_id"]] = (*receipt, False)
    state.cash["void"] -= receipt[2]


def _recognised(state: State, facts: dict[str, Any]) -> None:
    state.files[facts["component"], facts["sha256"]] = facts["made"]


def _sets(name: str, fact: str) -> Callable[[State, dict[str, Any]], None]:
    return lambda state, facts: setattr(state, name, facts[fact])


_APPLY: dict[str, Callable[[State, dict[str, Any]], None]] = {
    "dossier.lodged": _lodged,
    "dossier.moved": _moved,
    "dossier.amended": _amended,
    "correction.asked": lambda state, facts: state.corrections.update({facts["correction_id"]: (facts["due_at"], None)}),
    "correction.ended": _correction_ended,
    "posting.opened": lambda state, facts: state.posted.add(facts["posting_id"]),
    "objection.recorded": lambda state, facts: state.objections.add(facts["objection_id"]),
    "visit.announced": _sets("visit", "said_digest"),
    "result.replaced": _replaced,
    "document.issued": _issued,
    "authority.missed": lambda state, facts: setattr(state, "unresolved", True),
    "authority.decided": _decided_by,
    "dossier.rerouted": _rerouted,
    "dossier.joined": lambda state, facts: setattr(state, "parent", (facts["parent"], facts["kind"])),
    "office.redirected": _sets("competent", "to_office"),
    "dossier.assisted": _sets("assisted_by", "officer"),
    "representative.named": _named,
    "dossier.accepted": _accepted,
    "dossier.decided": _decided,
    "instance.ended": _ended,
    "side.started": lambda state, facts: setattr(state, "sides", state.sides + 1),
    "child.opened": lambda state, facts: state.children.update({facts["kind"]: facts["dossier"]}),
    "status.changed": _sets("status", "status"),
    "deadline.set": _set,
    "deadline.extended": _extended,
    "deadline.moved": _moved_date,
    "clock.paused": _clock_paused,
    "clock.resumed": _clock_resumed,
    "clock.lifted": _pause_lifted,
    "deadline.closed": _clock_stopped,
    "task.opened": _opened,
    "steps.timed": _timed,
    "task.claimed": _holds,
    "task.reassigned": _holds,
    "task.moved": _task_moved,
    "task.released": _holds,
    "task.recalled": _recalled,
    "task.completed": _completed,
    "task.closed": _closed,
    "wait.opened": _waits,
    "wait.closed": _heard,
    "supplement.requested": _asked,
    "supplement.received": _handed_in,
    "letter.sent": lambda state, facts: state.sent.update({facts["letter_id"]: (facts["kind"], facts["name"])}),
    "letter.received": lambda state, facts: state.taken.add(facts["letter_id"]),
    "letter.expired": lambda state, facts: state.expired.add(facts["letter_id"]),
    "transfer.sent": lambda state, facts: state.legs.update({facts["leg"]: (facts["to_office"], None)}),
    "transfer.closed": lambda state, facts: state.legs.update({facts["leg"]: (state.legs[facts["leg"]][0], facts["state"])}),
    "transfer.missed": lambda state, facts: state.missed.update({facts["leg"]: state.missed.get(facts["leg"], 0) + 1}),
    "handover.sent": lambda state, facts: state.handed.update({facts["list_id"]: None}),
    "handover.acknowledged": lambda state, facts: state.handed.update({facts["list_id"]: facts["state"]}),
    "consultation.sent": lambda state, facts: state.asked.extend((one, False) for one in facts["offices"]),
    "consultation.answered": _answered,
    "consultation.closed": lambda state, facts: state.asked.clear(),
    "charge.opened": _charge_opened,
    "exemption.proved": lambda state, facts: state.exempt.update({facts["charge_id"]: facts["exempt_class"]}),
    "receipt.issued": _receipt,
    "receipt.voided": _voided,
    "charge.exceeded": _exceeded,
    "excess.returned": _returned,
    "payment.requested": lambda state, facts: state.requests.update({facts["request_id"]: (facts["reference"], facts["amount"])}),
    "payment.received": lambda state, facts: state.payments.update({facts["payment_id"]: facts["state"]}),
    "surplus.released": lambda state, facts: state.payments.update({facts["payment_id"]: "returning"}),
    "surplus.returned": lambda state, facts: state.payments.update({facts["payment_id"]: "returned"}),
    "surplus.retained": lambda state, facts: state.payments.update({facts["payment_id"]: "surplus"}),
    "charge.closed": lambda state, facts: state.charges.update({facts["charge_id"]: facts["state"]}),
    "charge.forgone": lambda state, facts: state.charges.update({facts["charge_id"]: "cancelled"}),
    "charge.counted": _counted,
    "charge.refunded": _refunded,
    "paper.judged": lambda state, facts: state.judged.update({facts["component"]: (facts["verdict"], facts["obtained_by"])}),
    "paper.stored": lambda state, facts: state.files.update({(facts["component"], facts["sha256"]): None}),
    "paper.recognised": _recognised,
    "metadata.entered": lambda state, facts: state.described.update({(facts["component"], facts["sha256"]): facts["lacking"]}),
    "slip.issued": lambda state, facts: state.slips.update({facts["slip_id"]: (facts["kind"], facts["number"], facts["data_digest"])}),
    "slip.printed": lambda state, facts: state.prints.update({(facts["slip_id"], facts["copy"]): facts["sha256"]}),
    "warehouse.stored": lambda state, facts: state.stored.update({facts["paper_id"]: (facts["number"], "valid")}),
    "warehouse.copied": lambda state, facts: state.stored.update({facts["paper_id"]: (facts["number"], "valid")}),
    "warehouse.revoked": lambda state, facts: state.stored.update({facts["paper_id"]: (facts["number"], facts["state"])}),
}


def agree(session: Session, only: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, tuple[int, State]]:
    """Every ledger (of these dossiers) is unbroken and tells the same as the rows, and so do the books of the cashiers.

    Dossier -> number of its last event, and what is so then.
    """
    found = {}
    for dossier in session.scalars(select(Dossier) if only is None else select(Dossier).where(Dossier.id.in_(only))):
        events = history(session, dossier.id)
        assert first_break(events) is None
        told, kept = fold(events), rows(session, dossier)
        assert told == kept, {name: (one, vars(kept)[name]) for name, one in vars(told).items() if one != vars(kept)[name]}
        found[dossier.id] = (events[-1].seq, told)
    for day in session.scalars(select(CashDay)):
        _balances(session, day)
    return found


def _balances(session: Session, day: CashDay) -> None:
    """A book tells how it began and ended in a story of its own; what it expects is what its lines came to."""
    began, *ended = history(session, day.id)
    assert (began.type, began.payload) == ("cashday.opened", {"office": str(day.office_id), "opening": day.opening})
    cash = session.scalar(select(func.sum(CashEntry.amount)).filter_by(day_id=day.id, way="cash")) or 0
    closed = {"expected": day.opening + cash, "counted": day.counted, "deposit_no": day.deposit_no}
    assert [one.payload for one in ended] == ([closed] if day.closed_at else [])
    assert day.closed_at is None or day.expected == closed["expected"]
