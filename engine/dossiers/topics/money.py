"""Obligations: open what is owed, count how it ended (Decree 118/2025, art. 24)."""

from collections.abc import Mapping
from typing import Any

from engine.catalog.terms import FeeRule
from engine.dossiers import fees, limits, papers, receipts
from engine.dossiers.act import Act, topic
from engine.runtime.machine import EngineCall


@topic("charge.open")
def open_charge(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Nothing is answered yet; what is due now lies in rows since the lodging. After acceptance the clock stands still."""
    limits.pause(act, "P01")
    due = fees.owed(act)
    if due:  # it may have become nothing since the diagram was told
        papers.tell_applicant(act, "fee_due", amount=due)
    return {"payment_state": None, "payment_answer": None, "amount_due": due}


@topic("charge.count")
def count(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """paid, waived or debt_recorded as answered; a window that closed unanswered leaves it unpaid."""
    state = call.variables.get("payment_answer") or "unpaid"
    way = call.variables.get("payment_way")
    rows = fees.asked(act)
    fees.settle(act, rows, state, way=way)
    if state == "paid":
        taken = act.answers("take_payment") if way == "counter" else {}
        receipts.issue(act, rows, way=taken.get("payment_method") or way or "online", payer=taken.get("payer_name"))
    if limits.resume(act, "P01") and act.dossier.due_at:
        papers.tell_applicant(act, "clock_resumed", due_at=act.dossier.due_at.isoformat())
    return {"payment_state": state}


#: Kind of charge of what the tax office notices; of fees of ours it is phi or le_phi.
_NOTICED = "other"
#: What a tax office may notice for land, by its code.
_OBLIGATIONS = {
    "land_use_fee": "Tiền sử dụng đất",
    "land_rent": "Tiền thuê đất",
    "registration_fee": "Lệ phí trước bạ",
    "personal_income_tax": "Thuế thu nhập cá nhân",
    "other": "Khoản thu khác theo thông báo thuế",
}


@topic("obligation.open")
def open_obligation(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The tax office's notice becomes what is owed; it is paid to the treasury, never at our counter."""
    notice = act.last_with("amounts")
    basis = f"Thông báo của cơ quan thuế số {notice.get('notice_no') or '…'}"
    for row in notice.get("amounts") or []:
        name, amount = _OBLIGATIONS[row["kind"]], int(row["amount"])
        rule = FeeRule(f"TAX-{row['kind']}", _NOTICED, name, str(amount), None, "before_result", basis, 0)
        if amount:
            fees.open_charges(act, [fees.Owed(rule, amount, amount, basis)])
    act.uow.session.flush()
    return {"amount_due": fees.owed(act), "payment_way": "online"}


@topic("obligation.defer")
def defer_obligation(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The law lets this land user pay the tax office's notice later: a debt, written on the certificate. Fees are paid now."""
    fees.settle(act, [row for row in fees.unpaid(act) if row.kind == _NOTICED], "debt_recorded", way=None)
    return {"payment_state": "debt_recorded"}


@topic("obligation.settle")
def settle_obligation(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Nothing more to pay: sent back by the leader, the dossier does not come this way again."""
    return {"tax_state": "settled", "amount_due": fees.owed(act)}


@topic("charge.refund")
def refund(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The cashier paid back (art. 21): the reason and the account are in the answers. What is still due is asked for again."""
    said = act.answers("refund_fee")
    amount = int(said["amount"])
    parts = fees.refund(act, amount)
    way, receiver = said.get("method") or "cash", said.get("receiver_name") or (said.get("account") or {}).get("account_name")
    receipts.give_back(act, parts, way=way, why=str(said.get("reason") or ""), receiver=receiver)
    return {"refund_due": False, "refund_owed": fees.is_due_back(act)}
