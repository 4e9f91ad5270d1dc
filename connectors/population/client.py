"""The national population database: who is this, and a personal id for a newborn."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors import http
from engine.dossiers.service_steps import Question

#: Blocks of a declaration that describe a person, and what each is called in the answer.
_PERSONS = ("requester", "mother", "father", "bride", "groom", "subject", "beneficiary", "owner")


def persons(declaration: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Everybody in a declaration who can be looked up: with a personal id, or with name and birth date."""
    for role in _PERSONS:
        block = declaration.get(role)
        if isinstance(block, Mapping) and block.get("full_name"):
            yield {
                "role": role,
                "full_name": block["full_name"],
                "personal_id": block.get("personal_id"),
                "birth_date": block.get("birth_date"),
            }


class Population:
    """Topics population.lookup and population.issue_id."""

    def __init__(self, url: str):
        self._url = url

    def ask(self, question: Question) -> dict[str, Any]:
        if question.topic == "population.issue_id":
            body = {"child": question.declaration.get("child"), "dossier": question.code}
            answer = http.post(self._url, "/personal-ids", body, key=str(question.wait_id))
            return {"routing": {"personal_id_known": True}, "personal_id": answer["personal_id"]}
        body = {"persons": list(persons(question.declaration)), "dossier": question.code}
        answer = http.post(self._url, "/lookups", body, key=str(question.wait_id))
        return {"routing": {}, "persons": answer["persons"]}
