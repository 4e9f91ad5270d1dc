"""The National Public Service Portal: here only the delivery of an electronic result."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class Portal:
    """Topic portal.deliver_result."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        body = {"MaHoSo": question.code, "SoKyHieu": question.facts["result_number"]}
        answer = http.post(self._url, "/results", body, key=str(question.wait_id))
        return {"routing": {}, "receipt": answer["receipt"]}
