"""The food-safety system: results of samples, and word of a site that failed."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class Food:
    """Topics lab.result and food.watch."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        body = {"dossier": question.code, "site": question.declaration["site"], "office": question.office_code}
        if question.topic == "lab.result":
            answer = http.post(self._url, "/samples", body, key=str(question.wait_id))
            return {"routing": {"lab_state": answer["state"]}, "lab_state": answer["state"], "values": answer["values"]}
        answer = http.post(self._url, "/failures", body, key=str(question.wait_id))
        return {"routing": {}, "receipt": answer["receipt"]}
