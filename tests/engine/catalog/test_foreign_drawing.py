"""What is only drawn in the diagrams of others: pools of the citizen and of other offices, their arrows, groups, stores."""

import pytest

from engine.catalog.foreign import translate
from engine.runtime import xml
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from engine.runtime.xsd import check_schema
from tests.engine.catalog.test_foreign import SPACES, around, file

CITIZEN = """<bpmn:collaboration id="c"><bpmn:participant id="office" name="UBND xã" processRef="demo"/>
<bpmn:participant id="citizen" name="Người dân"{}/><bpmn:messageFlow id="asks" name="Hồ sơ" sourceRef="citizen" targetRef="x"/>
<bpmn:textAnnotation id="note"><bpmn:text>Nộp tại quầy</bpmn:text></bpmn:textAnnotation>
<bpmn:association id="why" sourceRef="citizen" targetRef="note"/></bpmn:collaboration>"""
SHAPES = """<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d"><bpmndi:BPMNPlane id="p" bpmnElement="c">
<bpmndi:BPMNShape id="s1" bpmnElement="citizen"><dc:Bounds x="1" y="1" width="9" height="9"/></bpmndi:BPMNShape>
<bpmndi:BPMNShape id="s2" bpmnElement="x"><dc:Bounds x="1" y="1" width="9" height="9"/></bpmndi:BPMNShape>
<bpmndi:BPMNEdge id="s3" bpmnElement="asks"><di:waypoint x="1" y="1"/><di:waypoint x="2" y="2"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
HIS = """<bpmn:process id="his" isExecutable="{}"><bpmn:startEvent id="wish"/><bpmn:task id="write"/><bpmn:endEvent id="glad"/>
<bpmn:sequenceFlow id="h1" sourceRef="wish" targetRef="write"/><bpmn:sequenceFlow id="h2" sourceRef="write" targetRef="glad"/></bpmn:process>"""


def pools(maker, reference="", also="", node='<bpmn:userTask id="x"/>'):
    data = file(around(node), maker, also + SHAPES).decode()
    return data.replace("<bpmn:process", CITIZEN.format(reference) + "<bpmn:process", 1).encode()


@pytest.mark.parametrize("maker", SPACES)
@pytest.mark.parametrize(("reference", "also"), [("", ""), (' processRef="his"', HIS.format("false"))])
def test_the_pool_of_the_citizen_is_drawing(maker, reference, also):
    """Closed, or drawn with all that he does: the office's process is what runs."""
    said = translate(pools(maker, reference, also))
    assert said.left == ()
    assert check_schema(xml.read(said.data)) == []
    machine = Machine(compile_program(said.data, {}), lambda call: {})
    assert [one.step for one in machine.positions(machine.start({}).state)] == ["x"]
    told = [one.sentence for one in said.changes]
    assert "Bỏ khung (pool) “Người dân”: chỉ là hình vẽ, không bộ máy nào chạy." in told
    assert "Bỏ mũi tên thông điệp “Hồ sơ”: chỉ là hình vẽ, không bộ máy nào chạy." in told
    assert {word for word in (b'"citizen"', b'"asks"', b'"his"', b'"wish"', b'"note"') if word in said.data} == {b'"note"'}


def test_a_second_pool_that_runs_too_is_named():
    told = translate(pools("camunda 7", ' processRef="his"', HIS.format("true"))).left
    assert any("đúng một quy trình" in one.sentence for one in told)


def test_so_is_one_that_is_called():
    """spiff-arena calls any process of the file."""
    call = '<bpmn:callActivity id="x" calledElement="his"/>'
    told = translate(pools("spiff-arena", ' processRef="his"', HIS.format("false"), call)).left
    assert any("đúng một quy trình" in one.sentence for one in told)


def test_groups_and_stores_lose_their_words_beside_the_process():
    notes = (
        '<bpmn:dataStoreReference id="r" name="Sổ" dataStoreRef="s"/><bpmn:group id="g" categoryValueRef="v"/>'
        '<bpmn:textAnnotation id="t"><bpmn:text>Điều 17</bpmn:text></bpmn:textAnnotation><bpmn:association id="a" sourceRef="x" targetRef="t"/>'
    )
    also = '<bpmn:category id="k"><bpmn:categoryValue id="v" value="Một cửa"/></bpmn:category><bpmn:dataStore id="s" name="Sổ"/>'
    said = translate(file(around('<bpmn:userTask id="x"/>') + notes, also=also))
    assert said.left == ()
    assert check_schema(xml.read(said.data)) == []
    assert {one.element for one in said.changes} == {"k", "s"}


def test_data_arrows_of_camunda_are_drawing():
    node = (
        '<bpmn:userTask id="x"><bpmn:property id="p" name="__targetRef_placeholder"/><bpmn:dataInputAssociation id="d">'
        "<bpmn:sourceRef>o</bpmn:sourceRef><bpmn:targetRef>p</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:userTask>"
    )
    data = '<bpmn:dataObjectReference id="o" dataObjectRef="oo"/><bpmn:dataObject id="oo"/>'
    assert translate(file(around(node) + data)).left == ()
    assert translate(file(around(node) + data, "spiff-arena")).left != ()


def test_a_step_outside_the_inner_lanes_is_named():
    """Who does it cannot be told: the outer lane, or one of those inside."""
    inner = '<bpmn:childLaneSet id="t"><bpmn:lane id="i" name="B"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>'
    refs = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ("begin", "x", "done"))
    lanes = f'<bpmn:laneSet id="s"><bpmn:lane id="o" name="A">{refs}{inner}</bpmn:lane></bpmn:laneSet>'
    told = translate(file(lanes + around('<bpmn:userTask id="x"/>'))).left
    assert any("Làn lồng nhau" in one.sentence for one in told)
