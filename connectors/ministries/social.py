"""The social-assistance software: what somebody draws, the monthly pay list, one payment, files that move with a person."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question

_PATHS = {"social.paylist": "/pay-list", "social.pay_once": "/payments", "social.move_file": "/moves"}


class Social:
    """Topics social.entitlements, social.paylist, social.pay_once and social.move_file."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        if question.topic == "social.entitlements":
            return self._entitlements(question)
        body = {
            "dossier": question.code,
            "office": question.office_code,
            "owner": question.facts["owner"],
            "decision": question.facts["result_number"],
        }
        answer = http.post(self._url, _PATHS[question.topic], body, key=str(question.wait_id))
        return {"routing": {}, "receipt": answer["receipt"]}

    def _entitlements(self, question: Question) -> dict[str, Any]:
        body = {"dossier": question.code, "person": question.declaration["deceased"]}
        answer = http.post(self._url, "/entitlements", body, key=str(question.wait_id))
        routing = {"benefit_held": answer["benefit"], "paid_elsewhere": answer["paid_elsewhere"]}
        return {"routing": routing, "death_registered": answer["death_registered"], **routing}
