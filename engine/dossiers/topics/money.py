"""Obligations: open what is owed, count how it ended (Decree 118/2025, art. 24)."""

from collections.abc import Mapping
from typing import Any

from engine.dossiers import fees, papers
from engine.dossiers.act import Act, topic
from engine.ledger.events import ChargeCounted
from engine.runtime.machine import EngineCall


@topic("charge.open")
def open_charge(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Nothing is answered yet; what is owed lies in rows since the lodging."""
    papers.tell_applicant(act, "fee_due", amount=fees.owed(act))
    return {"payment_state": None, "payment_answer": None, "amount_due": fees.owed(act)}


@topic("charge.count")
def count(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """paid, waived or debt_recorded as answered; a window that closed unanswered leaves it unpaid."""
    state = call.variables.get("payment_answer") or "unpaid"
    way = call.variables.get("payment_way")
    receipt_no = act.answers("take_payment").get("receipt_number") if way == "counter" else None
    amount = fees.settle(act, state, way=way, receipt_no=receipt_no)
    act.tell(ChargeCounted(state=state, amount=amount))
    return {"payment_state": state}


@topic("charge.refund")
def refund(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The cashier paid back (art. 21): the reason and the account are in the answers."""
    fees.refund(act, act.answers("refund_fee")["amount"])
    return {}
