"""What a diagram may hold, and every silent trap of BPMN engines: each is run right or refused by name."""

import re

import pytest

from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.refusing import PLAIN, beside, changed, inserted, refusals


class TestAllowed:
    """Each kind of element, with each event it may bear, runs from the start to an end."""

    @pytest.mark.parametrize(
        ("sketch", "acts"),
        [
            ("begin > done", []),
            ("x: user\nbegin > x > done", ["user"]),
            ("x: service topic.x\nbegin > x > done", ["service"]),
            ("x: engine topic.x\nbegin > x > done", []),
            ("x: throw news\nbegin > x > done", []),
            ("x: message news\nbegin > x > done", ["message"]),
            ("x: timer\nbegin > x > done", ["timer"]),
            ("x: call part\nbegin > x > done", ["user"]),
            ("x: xor\nbegin > x > done", []),
            ("x: xor\ny: end\nbegin > x > done [true]\nx > y [else]", []),
            ("x: and\ny: and\na: user\nbegin > x > a > y > done\nx > y", ["user"]),
            ("x: events\na: message m\nb: timer\nbegin > x > a > done\nx > b > done", ["message"]),
            ("x: user\nb: timer on x\nbegin > x > done\nb > done", ["timer"]),
            ("x: user\nb: message m on x\nbegin > x > done\nb > done", ["message"]),
            ("x: service s\nb: timer on x\nbegin > x > done\nb > done", ["timer"]),
            ("x: service s\nb: message m on x\nbegin > x > done\nb > done", ["message"]),
            ("x: call part\nb: timer on x\nbegin > x > done\nb > done", ["timer"]),
            ("x: call part\nb: message m on x\nbegin > x > done\nb > done", ["message"]),
            ("x: user\na: message m on x\nb: timer on x\nbegin > x > done\na > done\nb > done", ["timer"]),
        ],
    )
    def test_runs_to_its_end(self, sketch, acts):
        part = draw("begin: start\nask: user\ndone: end\nbegin > ask > done", "part")
        machine = Machine(
            compile_program(draw(f"begin: start\ndone: end\n{sketch}"), {"part": part}), lambda call: {}
        )
        moved = machine.start({})
        for kind in acts:
            [position] = [one for one in machine.positions(moved.state) if one.kind == kind]
            moved = walks.act(machine, moved.state, position, {})
        assert moved.ended == "done"

    @pytest.mark.parametrize(
        "data",
        [
            inserted("ask", "<bpmn:documentation>Vì sao</bpmn:documentation>"),
            inserted(
                "ask",
                "<bpmn:incoming>begin_to_ask</bpmn:incoming><bpmn:outgoing>ask_to_choice</bpmn:outgoing>",
            ),
            changed(
                '<bpmn:userTask id="ask"',
                '<bpmn:userTask isForCompensation="false" startQuantity="1" id="ask"',
            ),
            changed('attachedToRef="book"', 'attachedToRef="book" cancelActivity="true"'),
            changed("<bpmn:eventBasedGateway ", '<bpmn:eventBasedGateway eventGatewayType="Exclusive" '),
            changed(
                "<bpmn:definitions ", '<bpmn:definitions xmlns:m="urn:modeler" m:version="5.1" exporter="x" '
            ),
            beside('<bpmn:textAnnotation id="note"><bpmn:text>Đ17</bpmn:text></bpmn:textAnnotation>'),
            draw(PLAIN).replace(
                b"</bpmn:definitions>",
                b'<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d">'
                b'<bpmndi:BPMNPlane id="p" bpmnElement="demo"/></bpmndi:BPMNDiagram></bpmn:definitions>',
            ),
        ],
    )
    def test_what_changes_nothing_may_be_there(self, data):
        assert (
            compile_program(data, {}).model.elements.keys()
            == compile_program(draw(PLAIN), {}).model.elements.keys()
        )


MESSAGE = '<bpmn:messageEventDefinition messageRef="msg_payment_settled"/>'


class TestRefusedWords:
    """Words of BPMN that are not on the list, wherever they stand."""

    @pytest.mark.parametrize(
        "xml",
        [
            '<bpmn:scriptTask id="x"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>',
            '<bpmn:task id="x"/>',
            '<bpmn:complexGateway id="x"/>',
            '<bpmn:transaction id="x"/>',
            '<bpmn:adHocSubProcess id="x"/>',
            '<bpmn:ioSpecification id="x"/>',
            '<bpmn:property id="x"/>',
            '<bpmn:correlationSubscription id="x"/>',
            '<other id="x"/>',
        ],
    )
    def test_an_element_in_the_process(self, xml):
        assert ("element", "x") in refusals(beside(xml))

    @pytest.mark.parametrize(
        ("element", "xml"),
        [
            ("done", "<bpmn:compensateEventDefinition/>"),  # dropped silently by SpiffWorkflow
            ("done", "<bpmn:cancelEventDefinition/>"),
            ("done", "<bpmn:linkEventDefinition/>"),
            ("done", "<bpmn:timerEventDefinition/>"),
            ("begin", "<bpmn:conditionalEventDefinition/>"),
            ("begin", "<bpmn:compensateEventDefinition/>"),
            ("paid", "<bpmn:conditionalEventDefinition/>"),
            ("paid", "<bpmn:errorEventDefinition/>"),
            ("paid", "<bpmn:terminateEventDefinition/>"),
            ("late", "<bpmn:compensateEventDefinition/>"),  # the event vanishes
            ("late", "<bpmn:cancelEventDefinition/>"),
            ("late", "<bpmn:terminateEventDefinition/>"),
            ("wait", "<bpmn:multiInstanceLoopCharacteristics/>"),
            ("done", "<bpmn:standardLoopCharacteristics/>"),
            ("ask", "<bpmn:ioSpecification/>"),
            ("ask", "<bpmn:dataInputAssociation/>"),
            ("ask", "<bpmn:humanPerformer/>"),
            ("ask", "<script>alert(1)</script>"),
            ("ask", "<mc:step form='x/y'/>"),  # outside of extensionElements it would be forgotten
            ("ask", "<i:BPMNShape xmlns:i='http://www.omg.org/spec/BPMN/20100524/DI'/>"),
        ],
    )
    def test_a_child_of_an_element(self, element, xml):
        assert ("element", element) in refusals(inserted(element, xml))

    @pytest.mark.parametrize(
        ("old", "new", "rule", "element"),
        [
            (
                'attachedToRef="book"',
                'attachedToRef="book" cancelActivity="false"',
                "attribute_value",
                "late",
            ),
            ("<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" ', "attribute_value", "ask"),
            ("<bpmn:userTask ", '<bpmn:userTask startQuantity="2" ', "attribute_value", "ask"),
            ("<bpmn:userTask ", '<bpmn:userTask camunda:candidateGroups="x" ', "attribute", "ask"),
            ("<bpmn:userTask ", '<bpmn:userTask implementation="##web" ', "attribute", "ask"),
            ("<bpmn:userTask ", '<bpmn:userTask default="ask_to_choice" ', "attribute", "ask"),
            ("<bpmn:startEvent ", '<bpmn:startEvent isInterrupting="false" ', "attribute_value", "begin"),
            (
                "<bpmn:intermediateCatchEvent ",
                '<bpmn:intermediateCatchEvent parallelMultiple="true" ',
                "attribute_value",
                "paid",
            ),
            (
                "<bpmn:eventBasedGateway ",
                '<bpmn:eventBasedGateway eventGatewayType="Parallel" ',
                "attribute_value",
                "wait",
            ),
            (
                "<bpmn:eventBasedGateway ",
                '<bpmn:eventBasedGateway instantiate="true" ',
                "attribute_value",
                "wait",
            ),
            (
                "<bpmn:conditionExpression ",
                '<bpmn:conditionExpression language="python" ',
                "attribute_value",
                "choice_to_book",
            ),
            (
                "<bpmn:definitions ",
                '<bpmn:definitions expressionLanguage="juel" ',
                "attribute_value",
                "file_demo",
            ),
            (
                "<bpmn:timeDuration>P1D</bpmn:timeDuration>",
                "<bpmn:timeCycle>R3/PT1H</bpmn:timeCycle>",
                "element",
                "late",
            ),
            (
                "<bpmn:timeDuration>P1D</bpmn:timeDuration>",
                "<bpmn:timeDate>2026-01-01</bpmn:timeDate>",
                "duration",
                "late",
            ),
            ("<mc:step/>", '<mc:step form="x/y"/>', "step_attribute", "begin"),
            ("<mc:step/>", "<mc:step/><mc:step/>", "step", "begin"),
            ("<mc:step/>", "<camunda:formData/>", "extension", "begin"),
            ("<mc:step/>", '<mc:step status="finished"/>', "step_value", "begin"),
            ("<mc:step/>", '<mc:step limit="3 days"/>', "step_value", "begin"),
            ("<mc:step/>", '<mc:step rule="T"/>', "step_value", "begin"),
            (
                'topic="registry.search" kind="service"',
                'topic="registry.search" kind="python"',
                "step_value",
                "book",
            ),
            ('topic="registry.search" ', "", "no_topic", "book"),
        ],
    )
    def test_an_attribute_or_its_value(self, old, new, rule, element):
        assert (rule, element) in refusals(changed(old, new))

    @pytest.mark.parametrize(
        "text",
        ["", "10", "1D", "P", "PT", "P1DT", "P0D", "PT0S", "P51Y", '"P1D"', "${days}", "R3/PT1H", "P1.5D"],
    )
    def test_a_duration_that_is_none(self, text):
        assert ("duration", "late") in refusals(changed("P1D", text))

    @pytest.mark.parametrize("text", ["PT1S", "PT15M", "P15D", "P1Y2M3W4DT5H6M7S", "P50Y"])
    def test_durations_from_a_second_to_fifty_years(self, text):
        assert compile_program(changed("P1D", text), {}).model.elements["late"].duration == text


class TestRefusedDocuments:
    def test_what_leads_to_an_element_of_a_refused_kind_is_not_to_blame(self):
        """Modelers draw a task without a kind first: its flows do lead to it."""
        plain = re.sub(rb'<bpmn:userTask id="ask".*?</bpmn:userTask>', b'<bpmn:task id="ask"/>', draw(PLAIN), flags=re.DOTALL)
        assert plain != draw(PLAIN)
        assert list(refusals(plain)) == [("element", "ask")]

    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (' isExecutable="true"', ' isExecutable="false"', "not_executable"),  # SpiffWorkflow: no process
            (' isExecutable="true"', "", "not_executable"),
            ("<bpmn:process ", '<bpmn:process id="a" isExecutable="true"/><bpmn:process ', "one_process"),
            (' id="demo"', "", "no_id"),
            ('id="ask"', "", "no_id"),
            ('id="ask"', 'id="begin"', "double_id"),
            ('sourceRef="begin"', 'sourceRef="nothing"', "dangling"),
            ('targetRef="ask"', 'targetRef="nothing"', "dangling"),
            ('attachedToRef="book"', 'attachedToRef="nothing"', "dangling"),  # the event vanishes
            ('default="choice_to_wait"', 'default="nothing"', "dangling"),
            ('default="choice_to_wait"', 'default="book_to_done"', "dangling"),
            ('attachedToRef="book"', "", "dangling"),
            ('id="ask_to_choice"', "", "no_id"),
            ('id="msg_payment_settled"', "", "no_id"),
            (
                "</bpmn:timeDuration>",
                "</bpmn:timeDuration><bpmn:timeDuration>P9D</bpmn:timeDuration>",
                "twice",
            ),
            (
                "</bpmn:conditionExpression>",
                "</bpmn:conditionExpression><bpmn:conditionExpression/>",
                "twice",
            ),
            ("</bpmn:extensionElements>", "</bpmn:extensionElements><bpmn:extensionElements/>", "twice"),
            ('messageRef="msg_payment_settled"', 'messageRef="nothing"', "dangling"),
            ('messageRef="msg_payment_settled"', "", "dangling"),  # would not wait for any message
            ('name="payment_settled"', 'name="Payment settled!"', "message_name"),
            (MESSAGE, "", "event_definition"),
            (MESSAGE, MESSAGE + MESSAGE, "event_definition"),
        ],
    )
    def test_references_and_ids(self, old, new, rule):
        assert rule in [found for found, _ in refusals(changed(old, new))]

    @pytest.mark.parametrize(
        "name", ["Start", "End", "Root", "_ask", "ask:1", ":finish", "ask it", "1ask", "a" * 81]
    )
    def test_reserved_and_odd_ids(self, name):
        """With an element named End, SpiffWorkflow takes a dossier for finished before anything was done."""
        data = draw(PLAIN).decode().replace('"ask"', f'"{name}"').encode()
        assert ("reserved_id", name) in refusals(data)

    @pytest.mark.parametrize("data", [b"<html/>", b"<definitions/>", b"<a:definitions xmlns:a='urn:x'/>"])
    def test_what_is_no_bpmn(self, data):
        assert refusals(data) == [("not_bpmn", None)]

    def test_drawn_arrows_and_flows_must_agree(self):
        assert ("flow_mismatch", "ask") in refusals(
            inserted("ask", "<bpmn:incoming>late_to_done</bpmn:incoming>")
        )

    def test_a_refusal_names_process_line_and_reason_in_vietnamese(self):
        with pytest.raises(DiagramRefused) as refused:
            compile_program(beside('\n<bpmn:scriptTask id="x"/>'), {})
        [problem] = refused.value.problems
        assert problem.process == "demo"
        assert problem.line == beside("\n").count(b"\n") + 1
        assert problem.sentence == "Không chạy mã lệnh trong sơ đồ; dùng serviceTask có chủ đề (topic)."
        assert refused.value.facts["element"] == "x"

    def test_all_problems_are_told_at_once(self):
        data = beside('<bpmn:scriptTask id="x"/><bpmn:complexGateway id="y"/>')
        assert refusals(data) == [("element", "x"), ("element", "y")]


LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="lane_a" name="Tiếp nhận"><bpmn:extensionElements>'
    '<mc:lane code="reception"/></bpmn:extensionElements><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>'
    "<bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)


class TestLanes:
    SMALL = "begin: start\ndone: end\nbegin > done"

    def test_an_element_knows_its_lane(self):
        model = compile_program(beside(LANES, self.SMALL), {}).model
        assert (model.elements["done"].lane, model.lanes[0].name) == ("reception", "Tiếp nhận")

    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            ('<mc:lane code="reception"/>', "", "lane_code"),
            ('code="reception"', 'code="Tiếp nhận"', "lane_code"),
            ('code="reception"', 'code="reception" office="x"', "lane_code"),
            ("<mc:lane ", "<mc:step/><mc:lane ", "lane_code"),
            ("<bpmn:flowNodeRef>done</bpmn:flowNodeRef>", "", "no_lane"),
            ("<bpmn:flowNodeRef>done<", "<bpmn:flowNodeRef>nobody<", "lane_reference"),
            ("<bpmn:flowNodeRef>done<", "<bpmn:flowNodeRef>begin<", "lane_twice"),
            ("<bpmn:flowNodeRef>done</bpmn:flowNodeRef>", "<bpmn:childLaneSet id='c'/>", "element"),
        ],
    )
    def test_lanes_that_do_not_fit(self, old, new, rule):
        assert rule in [found for found, _ in refusals(beside(LANES.replace(old, new), self.SMALL))]

    def test_a_pool_that_is_not_of_this_process(self):
        pool = '<bpmn:collaboration id="c"><bpmn:participant id="p" processRef="other"/></bpmn:collaboration>'
        data = changed("<bpmn:process ", f"{pool}<bpmn:process ", self.SMALL)
        assert refusals(data) == [("pool", "p")]
