"""The civil-status software of the Ministry of Justice: find an entry, make an entry."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class CivilStatus:
    """Topics civil_status.search and civil_status.register."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        body = {
            "dossier": question.code,
            "procedure": question.procedure,
            "office": question.office_code,
            "declaration": dict(question.declaration),
        }
        if question.topic == "civil_status.search":
            answer = http.post(self._url, "/searches", body, key=str(question.wait_id))
            return {"routing": {}, "entries": answer["entries"]}
        answer = http.post(self._url, "/entries", body, key=str(question.wait_id))
        return {
            "routing": {"registration_state": answer["state"]},
            "entry_no": answer.get("entry_no"),
            "book_no": answer.get("book_no"),
            "entered_on": answer.get("entered_on"),
            "reason": answer.get("reason"),
        }
