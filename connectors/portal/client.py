"""The National Public Service Portal: the delivery of an electronic result, and what must be made public."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class Portal:
    """Topics portal.deliver_result and portal.publish."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        body = {"MaHoSo": question.code, "SoKyHieu": question.facts["result_number"]}
        path = "/publications" if question.topic == "portal.publish" else "/results"
        answer = http.post(self._url, path, body, key=str(question.wait_id))
        return {"routing": {}, "receipt": answer["receipt"]}
