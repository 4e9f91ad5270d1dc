"""The driving-licence system of the traffic police: is this licence there, and a number for the new one."""

from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question


class Driving:
    """Topics driving.lookup and driving.issue."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        body = {"dossier": question.code, "licence": question.declaration["old"], "person": question.declaration["person"]}
        if question.topic == "driving.issue":
            answer = http.post(self._url, "/licences", body, key=str(question.wait_id))
            return {"routing": {}, "licence_no": answer["licence_no"]}
        answer = http.post(self._url, "/lookups", body, key=str(question.wait_id))
        routing = {"licence_state": answer["state"], "violation_state": answer["violations"]}
        return {"routing": routing, **routing}
