"""The papers of a procedure as a decision table: asked through the record or as a table, it says the same."""

import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from engine.catalog.bundle import Bundle, read_bundle
from engine.catalog.decisions import model_of
from engine.catalog.findings import DeployRefused
from engine.catalog.terms import holds

ROOT = Path(__file__).parents[3]
CODE = "1.004222"
TABLE = "decisions/checklist.dmn"


@pytest.fixture(scope="module")
def residence() -> Bundle:
    return read_bundle(ROOT / "bpmn" / CODE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "forms" / "schemas", tmp_path / "forms" / "schemas")
    return Path(shutil.copytree(ROOT / "bpmn" / CODE, tmp_path / "bpmn" / CODE))


def needed(bundle: Bundle, facts: dict[str, Any]) -> set[str]:
    return {row["key"] for row in bundle.record["components"] if holds(row["required_when"], facts)}


@pytest.mark.parametrize(
    ("facts", "papers"),
    [
        ({"case_kind": "own_home"}, {"ct01", "home_proof"}),
        ({"case_kind": "own_home", "lookup": {"land": "found"}}, {"ct01"}),
        ({"case_kind": "own_home", "lookup": {"land": "down"}}, {"ct01", "home_proof"}),
        ({"case_kind": "rented_borrowed"}, {"ct01", "lease", "floor_area", "owner_consent"}),
        ({"case_kind": "rented_borrowed", "owner_consents": True, "lookup": {"floor_area": "found"}}, {"ct01", "lease"}),
        ({"case_kind": "with_family", "owner_consents": True}, {"ct01", "kinship"}),
        ({"case_kind": "vehicle", "owner_consents": True}, {"ct01", "vehicle_papers"}),
    ],
)
def test_each_case_of_residence_has_its_papers(residence: Bundle, facts: dict[str, Any], papers: set[str]) -> None:
    assert needed(residence, {"lookup": {}, "owner_consents": None} | facts) == papers


def cases() -> Iterator[dict[str, Any]]:
    kinds = ("own_home", "with_family", "rented_borrowed", "cared_person", "religious_place", "barracks", "vehicle", None)
    for kind, consents, said in product(kinds, (True, False, None), ("found", "missing", None)):
        yield {
            "case_kind": kind,
            "owner_consents": consents,
            "lookup": dict.fromkeys(("land", "kinship", "floor_area", "care"), said),
        }


def test_the_conditions_of_the_record_say_what_the_table_says(residence: Bundle) -> None:
    model = model_of(residence.decisions, "checklist")
    for facts in cases():
        assert needed(residence, facts) == {"ct01", *(model.decide("checklist", facts).value or ())}, facts


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda text: text.replace('"lease"', '"leash"'), "leash"),
        (lambda text: text.replace('"lease"', "lease"), "nháy kép"),
        (lambda text: text.replace('"lease"', '"ct01"'), "required_when"),
        (lambda text: text.replace('hitPolicy="COLLECT"', 'hitPolicy="UNIQUE"'), "COLLECT"),
        (lambda text: text.replace('hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="COUNT"'), "COLLECT"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_its_line(
    folder: Path, spoil: Callable[[str], str], word: str
) -> None:
    table = folder / TABLE
    table.write_text(spoil(table.read_text()))
    with pytest.raises(DeployRefused) as caught:
        read_bundle(folder)
    (finding,) = caught.value.findings
    assert (finding.code, finding.file) == ("B06", TABLE)
    assert word in finding.sentence_vi
    assert finding.line


@pytest.mark.parametrize(
    ("cell", "condition"),
    [
        ('"own_home"', 'case_kind = "own_home"'),
        ('"own_home", "vehicle"', 'list contains(["own_home", "vehicle"], case_kind)'),
        ('not("own_home", "vehicle")', 'not(list contains(["own_home", "vehicle"], case_kind))'),
        ('> "b"', 'case_kind in (> "b")'),
        ("-", "true"),
    ],
)
def test_a_cell_becomes_a_condition_as_records_write_them(folder: Path, cell: str, condition: str) -> None:
    table = folder / TABLE
    table.write_text(table.read_text().replace('"religious_place"', cell))
    rows = {row["key"]: row for row in read_bundle(folder).record["components"]}
    assert rows["religious_proof"]["required_when"] == condition


def test_a_paper_that_several_rows_name_is_needed_when_one_of_them_holds(folder: Path) -> None:
    table = folder / TABLE
    table.write_text(table.read_text().replace('"unit_letter"', '"lease"'))
    rows = {row["key"]: row for row in read_bundle(folder).record["components"]}
    assert rows["lease"]["required_when"] == '(case_kind = "rented_borrowed") or (case_kind = "barracks")'


def test_what_is_no_table_is_left_to_the_lint(folder: Path) -> None:
    (folder / TABLE).write_text("<definitions/>")
    rows = {row["key"]: row for row in read_bundle(folder).record["components"]}
    assert "required_when" not in rows["lease"]
