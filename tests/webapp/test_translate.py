"""`motcua translate`: a diagram of another maker becomes ours, or nothing is written."""

import pytest
from click.testing import CliRunner

from engine.runtime.model import read_model
from webapp.cli import main

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 id="file" targetNamespace="http://bpmn.io"><bpmn:process id="demo" isExecutable="true"><bpmn:startEvent id="begin"/>
<bpmn:userTask id="ask" camunda:formKey="test/ask" {more}/><bpmn:endEvent id="done"/>
<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="ask"/><bpmn:sequenceFlow id="b" sourceRef="ask" targetRef="done"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "diagram.bpmn"


def run(*words):
    return CliRunner().invoke(main, ["translate", *map(str, words)])


def test_what_was_changed_is_told_and_the_file_is_ours(file):
    file.write_text(FILE.format(more=""), "utf-8")
    result = run(file)
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "ask:4: form là “test/ask”.")
    assert read_model(file.read_bytes()).elements["ask"].form == "test/ask"


def test_what_runs_otherwise_unless_it_is_seen_to_is_marked(file):
    file.write_text(FILE.format(more='camunda:dueDate="P2D"'), "utf-8")
    [marked] = [line for line in run(file).output.splitlines() if line.startswith("! ")]
    assert marked.startswith("! ask:4: limit là “48 h”: giờ đồng hồ")


def test_to_another_file(file, tmp_path):
    file.write_text(before := FILE.format(more=""), "utf-8")
    assert run(file, "--to", tmp_path / "ours.bpmn").exit_code == 0
    assert file.read_text("utf-8") == before
    assert read_model((tmp_path / "ours.bpmn").read_bytes()).process_id == "demo"


def test_what_is_not_clear_is_listed_and_nothing_is_written(file):
    file.write_text(before := FILE.format(more='camunda:assignee="demo"'), "utf-8")
    result = run(file)
    assert (result.exit_code, "ask:4:" in result.output, "assignee" in result.output) == (1, True, True)
    assert file.read_text("utf-8") == before


def test_what_is_no_xml_is_refused(file):
    file.write_bytes(b"PK")
    assert run(file).exit_code == 1


def test_what_is_no_diagram_is_refused(file):
    file.write_text("<html><body/></html>", "utf-8")
    result = run(file)
    assert (result.exit_code, "BPMN 2.0" in result.output) == (1, True)


def test_a_file_past_a_limit_is_refused_with_its_line(file):
    file.write_text("<a>\n" * 101 + "</a>" * 101, "utf-8")
    assert "-:101: Tệp lồng nhau sâu hơn 100 cấp." in run(file).output


def test_a_file_of_camunda_that_uses_no_word_of_its_own_is_one_of_camunda(file):
    """Conditions and manual tasks mean there what they mean in every file of Camunda."""
    modeler = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Platform" id="file"'
    plain = FILE.replace('xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', "").replace('camunda:formKey="test/ask" {more}', "")
    file.write_text(plain.replace('id="file"', modeler).replace("userTask", "manualTask"), "utf-8")
    result = run(file)
    assert (result.exit_code, "! ask:4: Ở đây bước làm tay" in result.output, "camunda 7" in result.output) == (0, True, True)
    assert "ours already" in run(file).output, "what was translated is drawn for no other engine"
