"""The scenarios beside the diagrams speak of elements that exist, and there are enough of them (lint R01, R02)."""

import json
from pathlib import Path

import pytest
from lxml import etree

from engine.catalog.drawing.sheet import BPMN, read

ROOT = Path(__file__).parents[3] / "bpmn"
DIAGRAMS = {}
for _path in ROOT.rglob("diagram.bpmn"):
    _root = etree.fromstring(_path.read_bytes())
    DIAGRAMS[read(_root).process] = _root
BUNDLES = sorted(path.parent for path in ROOT.rglob("scenarios.json"))
KINDS = {
    "user": {"userTask"},
    "service": {"serviceTask"},
    "message": {"intermediateCatchEvent", "boundaryEvent"},
    "timer": {"intermediateCatchEvent", "boundaryEvent"},
}
STEP = "{urn:motcua:bpmn:1}step"


@pytest.fixture(params=BUNDLES, ids=[path.name for path in BUNDLES])
def bundle(request):
    return request.param


@pytest.fixture
def scenarios(bundle):
    return json.loads((bundle / "scenarios.json").read_text())


@pytest.fixture
def process(bundle):
    return read(etree.fromstring((bundle / "diagram.bpmn").read_bytes())).process


def unfolded(process):
    """Elements of a process and of the parts that it calls: id -> (tag, status)."""
    found = {}
    root = DIAGRAMS[process]
    for node in read(root).nodes.values():
        element = root.find(f".//{{{BPMN}}}{node.tag}[@id='{node.id}']")
        found[node.id] = (node.tag, element.find(f".//{STEP}").get("status"))
        if node.tag == "callActivity":
            found |= unfolded(element.get("calledElement"))
    return found


def test_every_step_names_a_waiting_element_of_its_kind(scenarios, process):
    elements = unfolded(process)
    for scenario in scenarios:
        for step in scenario["path"]:
            if step["kind"] == "command":
                assert step["at"] in {"withdraw", "stop"}, scenario["name"]
            else:
                assert elements[step["at"]][0] in KINDS[step["kind"]], (scenario["name"], step["at"])


def test_every_scenario_ends_at_an_end_with_its_status(scenarios, process):
    elements = unfolded(process)
    for scenario in scenarios:
        if scenario["status"] != "withdrawn":
            assert elements[scenario["end"]] == ("endEvent", scenario["status"]), scenario["name"]


def test_names_are_unique_and_vietnamese_titles_are_there(scenarios):
    assert len({scenario["name"] for scenario in scenarios}) == len(scenarios)
    assert all(scenario["title_vi"] for scenario in scenarios)


def test_the_least_that_must_be_shown_is_there(scenarios, process):
    """Happy, refused at reception; supplemented or not, and refused after assessment, where the diagram knows it."""
    drawn = unfolded(process)
    ends = {scenario["end"] for scenario in scenarios}
    passed = [{step["at"] for step in scenario["path"]} for scenario in scenarios]
    assert {"handed_over", "not_accepted", *({"closed"} & drawn.keys())} <= ends
    for element in {"supplement_received", "supplement_expired", "draft_refusal"} & drawn.keys():
        assert any(element in steps for steps in passed), element


def test_all_scenarios_together_pass_every_waiting_element_of_the_diagram(scenarios, process):
    own = read(DIAGRAMS[process]).nodes.values()
    waiting = {n.id for n in own if n.tag in {"userTask", "intermediateCatchEvent", "boundaryEvent"}}
    assert waiting <= {step["at"] for scenario in scenarios for step in scenario["path"]}
