"""The standard's own schema stands at the door of a deploy: what it refuses is named in Vietnamese, with its line."""

from pathlib import Path

import pytest

from engine.runtime import xml
from engine.runtime.xsd import check_schema

BPMN = Path(__file__).parents[3] / "bpmn"
PROCEDURE = (BPMN / "2.000908" / "diagram.bpmn").read_text("utf-8")

#: As bpmn.io and Camunda Modeler (7 and 8) write: the default namespace, words of their own, colours, a drawing.
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0"
  exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Cloud">
  <process id="Process_1" isExecutable="true" camunda:historyTimeToLive="180">
    <extensionElements><zeebe:properties><zeebe:property name="a" value="b" /></zeebe:properties></extensionElements>
    <startEvent id="StartEvent_1"><outgoing>Flow_1</outgoing></startEvent>
    <userTask id="Activity_1" name="Kiểm tra" camunda:formKey="check" camunda:candidateGroups="desk">
      <extensionElements>
        <zeebe:formDefinition formId="check" />
        <camunda:taskListener class="x" event="create" />
      </extensionElements>
      <incoming>Flow_1</incoming><outgoing>Flow_2</outgoing>
    </userTask>
    <endEvent id="Event_1"><incoming>Flow_2</incoming></endEvent>
    <sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Event_1">
      <conditionExpression xsi:type="tFormalExpression">=ready</conditionExpression>
    </sequenceFlow>
  </process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Process_1">
      <bpmndi:BPMNShape id="Activity_1_di" bpmnElement="Activity_1" bioc:stroke="#831311" color:border-color="#831311">
        <dc:Bounds x="250" y="80.5" width="100" height="80" />
        <bpmndi:BPMNLabel />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</definitions>
"""


def problems(text: str):
    return check_schema(xml.read(text.encode()))


@pytest.mark.parametrize("path", sorted(BPMN.rglob("diagram.bpmn")), ids=lambda path: path.parent.name)
def test_every_diagram_of_ours_keeps_the_standard(path):
    assert check_schema(xml.read(path.read_bytes())) == []


def test_what_other_modelers_export_keeps_it_too():
    assert problems(FOREIGN) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence", "element"),
    [
        ('<bpmn:userTask id="search_book"', '<bpmn:userTask colour="red" id="search_book"', "Thuộc tính “colour”", "search_book"),
        ('<bpmn:userTask id="search_book"', '<bpmn:userTask startQuantity="many" id="search_book"', "Giá trị “many” của “startQuantity”", "search_book"),
        ("<bpmn:exclusiveGateway", '<bpmn:exclusiveGateway gatewayDirection="Up"', "Giá trị “Up” của “gatewayDirection”", "taken_in"),
        ("<bpmn:laneSet", "<bpmn:magic/><bpmn:laneSet", "Phần tử “magic” không được đứng ở đây", "p_2_000908"),
        ("<bpmn:laneSet", "chữ<bpmn:laneSet", "Phần tử “process” không được chứa chữ", "p_2_000908"),
        (' targetRef="taken_in"', "", "Phần tử “sequenceFlow” thiếu thuộc tính bắt buộc “targetRef”", "take_in_to_taken_in"),
        ('<dc:Bounds x="', '<dc:Bounds x="abc', "của “x” trong phần tử “Bounds”", "pool_p_2_000908_di"),
        ("</bpmn:definitions>", '<bpmn:category id="c"/><bpmn:relationship id="r" type="t"/></bpmn:definitions>', "không được đứng ở đây", "c"),
        ("</bpmn:definitions>", '<bpmn:relationship id="r" type="t"/></bpmn:definitions>', "Phần tử “relationship” thiếu phần tử con", "r"),
    ],
)  # fmt: skip
def test_what_breaks_the_standard_is_named(old, new, sentence, element):
    assert old in PROCEDURE
    broken = PROCEDURE.replace(old, new, 1)
    found = problems(broken)
    assert any(sentence in one.sentence and one.element == element for one in found), found
    lines = broken.splitlines()
    assert all(one.rule == "schema" and 1 <= (one.line or 0) <= len(lines) for one in found)


def test_a_prefix_declared_deep_inside_does_not_hide_the_line():
    deep = FOREIGN.replace(
        "<userTask ", '<x:magic xmlns:x="http://www.omg.org/spec/BPMN/20100524/MODEL" id="m"/><userTask '
    )
    (found,) = problems(deep)
    assert (found.rule, found.line) == ("schema", deep[: deep.index("<x:magic")].count("\n") + 1)


def test_a_file_of_something_else_is_no_bpmn():
    (found,) = problems("<html><body/></html>")
    assert "không phải là một tệp BPMN 2.0" in found.sentence
