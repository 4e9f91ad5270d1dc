"""Systems in which a ministry itself decides dossiers: household businesses, residence. We file, ask and follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors import http
from engine.base.clock import VIETNAM
from engine.dossiers.service_steps import Question

#: Residence and citizen cards (Ministry of Public Security).
_POLICE: Mapping[str, str] = {
    "MOI_DANG_KY": "registered",
    "DA_TIEP_NHAN": "accepted",
    "DANG_XU_LY": "in_process",
    "YEU_CAU_BO_SUNG": "awaiting_supplement",
    "CHO_NOP_LE_PHI": "awaiting_payment",
    "DA_CO_KET_QUA": "decided",
    "DA_TRA_KET_QUA": "handed_over",
    "TU_CHOI": "not_accepted",
    "CONG_DAN_RUT": "withdrawn",
    "DUNG_XU_LY": "stopped",
}
#: Social insurance: cards of small children, benefits after a death.
_INSURANCE: Mapping[str, str] = {
    "TAO_MOI": "registered",
    "TIEP_NHAN": "accepted",
    "XU_LY": "in_process",
    "TRA_LAI_BO_SUNG": "awaiting_supplement",
    "CHO_THANH_TOAN": "awaiting_payment",
    "HOAN_THANH": "decided",
    "DA_TRA": "handed_over",
    "KHONG_TIEP_NHAN": "not_accepted",
    "DA_RUT": "withdrawn",
    "DUNG": "stopped",
}
#: Benefits of persons with merit.
_HOME_AFFAIRS: Mapping[str, str] = {
    "HS_MOI": "registered",
    "HS_DA_NHAN": "accepted",
    "HS_THAM_DINH": "in_process",
    "HS_BO_SUNG": "awaiting_supplement",
    "HS_CHO_NOP_PHI": "awaiting_payment",
    "HS_DA_DUYET": "decided",
    "HS_DA_TRA": "handed_over",
    "HS_TU_CHOI": "not_accepted",
    "HS_RUT": "withdrawn",
    "HS_DUNG": "stopped",
}
#: Procedure -> the words of its system for a status -> ours.
WORDS: Mapping[str, Mapping[str, str]] = {
    "1.001612": {
        "NEW": "registered",
        "RECEIVED": "accepted",
        "CHECKING": "in_process",
        "AMENDMENT_REQUIRED": "awaiting_supplement",
        "FEE_DUE": "awaiting_payment",
        "GRANTED": "decided",
        "DELIVERED": "handed_over",
        "REFUSED": "not_accepted",
        "WITHDRAWN": "withdrawn",
        "CLOSED": "stopped",
    },
    "1.004222": _POLICE,
    "3.000722.04": _POLICE,
    "2.002913.02": _POLICE,
    "3.000722.03": _INSURANCE,
    "2.002913.03": _INSURANCE,
    "2.002913.05": _HOME_AFFAIRS,
}


class Shadowed:
    """Topics ministry.lodge and ministry.query. `urls` are those of the systems, by procedure."""

    def __init__(self, urls: Mapping[str, str]):
        self._urls = urls

    def ask(self, question: Question) -> dict[str, Any]:
        body: dict[str, Any] = {"reference": question.facts["reference"], "office": question.office_code}
        path = "/queries"
        if question.topic == "ministry.lodge":
            path, body = "/dossiers", body | {"declaration": dict(question.declaration)}
        answer = http.post(self._urls[question.procedure], path, body, key=str(question.wait_id))
        return said(question.procedure, answer)


def said(procedure: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the system answers, in our words. A word that is not in its documents is an incident, never a guess."""
    status = WORDS[procedure].get(str(answer.get("state")))
    if status is None:
        raise http.OutsideRefused(f"unknown state {answer.get('state')!r}")
    told = ("reason", "ground", "items", "answer_by", "result_number", "result_kind", "fee_receipt_no", "sequence")
    return {
        "routing": {},
        "remote_status": status,
        "remote_code": answer.get("code"),
        **{name: answer.get(name) for name in told},
        **{name: _instant(answer, name) for name in ("changed_at", "due_at")},
    }


def _instant(answer: Mapping[str, Any], name: str) -> str | None:
    """When the status changed there, and the date that was promised there, where it says so; Vietnam's time."""
    text = answer.get(name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as wrong:
        raise http.OutsideRefused(f"no time: {name} {text!r}") from wrong
    return (at if at.tzinfo else at.replace(tzinfo=VIETNAM)).isoformat()
