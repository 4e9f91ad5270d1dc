"""The runner tells right from wrong, in the format of the public suite."""

import json
import shutil
from pathlib import Path

import pytest

from tests.tck import runner

CASES = Path(__file__).with_name("cases")


@pytest.fixture
def cases(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "REPORT", tmp_path / "tck.json")
    return shutil.copytree(CASES, tmp_path / "cases")


def verdicts(folder: Path) -> dict[str, str]:
    return {one.case: one.verdict for one in runner.run(folder)}


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = next(folder.rglob(name))
    told = file.read_text(encoding="utf-8")
    assert old in told
    file.write_text(told.replace(old, new), encoding="utf-8")


def test_our_own_cases_pass(cases):
    assert verdicts(cases) == dict.fromkeys(("small", "nobody", "overlap", "decision", "service"), "passed")


@pytest.mark.parametrize(
    ("file", "old", "new", "case"),
    [
        ("allowance-test-01.xml", ">1250000<", ">1250001<", "small"),
        (
            "allowance-test-01.xml",
            '<value xsi:nil="true"/>',
            '<value xsi:type="xsd:decimal">0</value>',
            "nobody",
        ),
        ("deadlines-test-01.xml", "PT360H", "PT361H", "decision"),
        ("deadlines-test-01.xml", "2027-01-09", "2027-01-10", "service"),
        (
            "allowance-test-01.xml",
            'name="Coefficient" type="decision"',
            'name="Gone" type="decision"',
            "small",
        ),
    ],
)
def test_what_is_not_as_expected_fails(cases, file, old, new, case):
    change(cases, file, old, new)
    assert verdicts(cases)[case] == "failed"


def test_a_model_that_would_not_be_deployed_is_unsupported_not_failed(cases):
    change(cases, "shared.dmn", "<encapsulatedLogic>", '<encapsulatedLogic kind="Java">')
    assert verdicts(cases)["decision"] == "unsupported"


def test_the_report_counts_by_level_and_lists_what_did_not_pass(cases, capsys):
    change(cases, "allowance-test-01.xml", ">1250000<", ">1250001<")
    assert runner.main([str(cases)]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["compliance-level-2", "2", "1", "0", "3"],
        ["compliance-level-3", "2", "0", "0", "2"],
        ["all", "4", "1", "0", "5"],
    ]
    report = json.loads(runner.REPORT.read_text(encoding="utf-8"))
    assert report["counts"]["compliance-level-2/failed"] == 1
    assert [one["case"] for one in report["not_passed"]] == ["small"]


def test_no_folder_is_told(capsys):
    assert runner.main([]) == 2
    assert "TCK=" in capsys.readouterr().out


def test_so_is_a_folder_without_a_case(tmp_path, capsys):
    assert runner.main([str(tmp_path)]) == 2
    assert "no case below" in capsys.readouterr().out


def test_a_broken_file_is_one_that_failed_and_holds_up_no_other(cases):
    next(cases.rglob("allowance.dmn")).unlink()
    found = verdicts(cases)
    assert (found["small"], found["decision"]) == ("failed", "passed")
    next(cases.rglob("allowance-test-01.xml")).write_text("<testCases", encoding="utf-8")
    assert verdicts(cases)["decision"] == "passed"
