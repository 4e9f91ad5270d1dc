"""The social-assistance software: the monthly pay list, and files that move with a person."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class Social:
    """Topics social.paylist and social.move_file."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        path = "/pay-list" if question.topic == "social.paylist" else "/moves"
        body = {
            "dossier": question.code,
            "office": question.office_code,
            "owner": question.facts["owner"],
            "decision": question.facts["result_number"],
        }
        answer = http.post(self._url, path, body, key=str(question.wait_id))
        return {"routing": {}, "receipt": answer["receipt"]}
