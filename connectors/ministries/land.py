"""The land office's software and the tax office that it works with: survey, notice of what is owed, land records."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question

_PATHS = {"land.survey": "/surveys", "land.update": "/records", "tax.notice": "/tax-slips"}


class Land:
    """Topics land.survey, land.update and tax.notice (phiếu chuyển thông tin, Mẫu số 19)."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        declared = question.declaration
        body = {
            "dossier": question.code,
            "procedure": question.procedure,
            "office": question.office_code,
            "owner": question.facts["owner"],
            "plot": declared.get("plot"),
            "change": declared.get("change_kind"),
            "price": declared.get("price"),
            "relief": bool(declared.get("relief_close_family") or declared.get("claims_relief")),
            "decision": question.facts["result_number"],
        }
        answer = http.post(self._url, _PATHS[question.topic], body, key=str(question.wait_id))
        match question.topic:
            case "tax.notice":
                told = {name: answer.get(name) for name in ("notice_no", "notice_on", "pay_by")}
                amounts = [{"kind": row["kind"], "amount": int(row["amount"])} for row in answer["amounts"]]
                return {"routing": {}, "amounts": amounts, **told}
            case "land.survey":
                return {"routing": {}, "drawing_no": answer["drawing_no"], "surveyed_m2": answer["surveyed_m2"]}
        return {"routing": {}, "receipt": answer["receipt"]}
