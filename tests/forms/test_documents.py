"""Every form document of the house is sound, and every example of a procedure is judged as it says of itself."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import feel
import forms
from engine.catalog.bundle import read_bundle
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind
from engine.catalog.terms import terms_of
from engine.dossiers import fees
from forms.compiler import compiled
from forms.schema import walk

HOUSE = Path(__file__).parents[2]
DOCUMENTS = sorted((HOUSE / "forms" / "schemas").glob("*/*.form.json"))
EXAMPLES = sorted((HOUSE / "bpmn").glob("*/examples/*.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def document(key: str) -> Any:
    return read(HOUSE / "forms" / "schemas" / f"{key}.form.json")


@dataclass(frozen=True)
class Example:
    """One invented dossier: how it was lodged, what was declared, what is expected of reception."""

    record: dict[str, Any]
    lodging: dict[str, Any]
    answers: dict[str, Any]
    #: accept | supplement | refuse
    verdict: str
    #: What is to be supplied (component or form key), or the ground of the refusal.
    named: frozenset[str]
    fee: int

    @property
    def context(self) -> dict[str, Any]:
        day = date.fromisoformat(self.lodging["lodged_on"])
        return self.lodging | {"lodged_on": day, "accepted_on": day}

    @property
    def components(self) -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in self.record["components"]}

    def wrong(self, **circumstances: Any) -> set[str]:
        """The fields of the declaration that are refused."""
        try:
            forms.load(document(self.record["declaration"]), self.answers, self.context | circumstances)
        except forms.FormInvalid as refusal:
            return {".".join(part for part in path.split(".") if not part.isdigit()) for path in refusal.errors}
        return set()

    def asked(self) -> set[str]:
        """The components whose condition holds."""
        facts = self.context | self.answers
        return {key for key, row in self.components.items() if feel.holds(row["required_when"], facts)}


def example_of(path: Path) -> Example:
    raw = read(path)
    verdict, _, named = raw["expect"].partition("[")
    return Example(
        record=dict(bundle_of(path.parents[1]).record),
        lodging=raw["lodging"],
        answers=raw["answers"],
        verdict=verdict,
        named=frozenset(named.rstrip("]").split(", ")) - {""},
        fee=raw["fee"],
    )


#: Read whole: the papers of some are a table of their own.
bundle_of = cache(read_bundle)


@pytest.fixture(params=EXAMPLES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def example(request) -> Example:
    return example_of(request.param)


class TestDocuments:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
    def test_a_document_has_no_defect(self, path):
        assert forms.check(read(path)) == []

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
    def test_a_document_is_written_as_the_house_writes_json(self, path):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


class TestExamples:
    def test_each_procedure_shows_what_is_complete_what_misses_something_and_what_is_refused(self):
        records = {path.parent: json.loads(path.read_bytes()) for path in (HOUSE / "bpmn").glob("*/procedure.json")}
        # a service inside a group is lodged with the group, from whose answers its own are made
        procedures = {folder for folder, record in records.items() if not record.get("only_in_group")}
        shown = {(path.parents[1], path.stem) for path in EXAMPLES}
        assert shown == {
            (folder, stem) for folder in procedures for stem in ("complete", "missing", "refused")
        }

    def test_a_declaration_can_be_lodged_whatever_is_to_be_supplied(self, example):
        assert example.wrong() == set()

    def test_what_a_declaration_is_to_be_completed_with_is_refused_to_who_types_it_online(self, example):
        if example.verdict == "supplement":
            assert example.wrong(channel="online") >= example.named - example.components.keys()

    def test_the_papers_that_are_asked_for_and_not_there_are_those_the_example_names(self, example):
        lacking = example.asked() - set(example.lodging["papers"])
        named = example.named & example.components.keys() if example.verdict == "supplement" else set()
        assert lacking == named

    def test_the_variant_is_computed_from_the_answers(self, example):
        facts = example.context | {"variant": None} | example.answers
        held = [one["key"] for one in example.record["variants"] if feel.holds(one["when"] or "true", facts)]
        assert held == [example.lodging["variant"]] if example.record["variants"] else not held

    def test_the_fee_is_the_one_the_example_names(self, example):
        record = example.record
        procedure = Procedure(code=record["code"], name_vi=record["name"]["vi"], results=[])
        terms = terms_of(procedure, ProcedureVersion(record=record, kind=VersionKind.PROCEDURE))
        owed = fees.assess(terms, example.context | example.answers | {"places": ["38"]})
        assert sum(one.amount for one in owed) == example.fee


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_counted_is_counted_whole(path):
    """Half a copy would cost half a fee: every number says how many decimals it has."""
    numbers = [node for node in walk(compiled(read(path)).form.nodes) if (node.type, node.kind) == ("number", None)]
    assert [node.dotted for node in numbers if "decimalDigits" not in node.spec] == []
    assert [
        node.dotted
        for node in numbers
        if node.spec["decimalDigits"] != 0 and ("copies" in node.key or "count" in node.key or node.key in "dmy")
    ] == []
