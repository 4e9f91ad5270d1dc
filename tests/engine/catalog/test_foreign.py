"""Diagrams as Camunda Modeler 7 and 8 and spiff-arena save them, said in our words or refused by name."""

import pytest

from engine.catalog import foreign_texts
from engine.catalog.foreign import translate
from engine.runtime import xml
from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from engine.runtime.xsd import check_schema
from tests.engine.runtime.drawing import draw

#: What a file of each maker declares; those of the others are not there.
SPACES = {
    "camunda 7": 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
    "camunda 8": 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
    "spiff-arena": 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"',
}


def file(inside, maker="camunda 7", also=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {SPACES[maker]} id="file" targetNamespace="http://bpmn.io" modeler:executionPlatform="x">
<bpmn:process id="demo" isExecutable="true">{inside}</bpmn:process>{also}</bpmn:definitions>""".encode()


def flow(source, target, condition=""):
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def around(node):
    """Begin > x > done, with x as given."""
    return f'<bpmn:startEvent id="begin"/>{node}<bpmn:endEvent id="done"/>{flow("begin", "x")}{flow("x", "done")}'


def element(inside, maker="camunda 7", also=""):
    said = translate(file(around(inside), maker, also))
    assert said.left == ()
    assert check_schema(xml.read(said.data)) == []
    return compile_program(
        said.data, {"part": draw("begin: start\ndone: end\nbegin > done", "part")}
    ).model.elements["x"]


def left(inside, maker="camunda 7"):
    return [(one.element, one.sentence) for one in translate(file(around(inside), maker)).left]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P3D", "72 h"),
        ("PT2H", "2 h"),
        ('="P3D"', "72 h"),
        ('"P3D"', "72 h"),
        ('=duration("PT1H")', "1 h"),
        ("P2W", "336 h"),
        ("P1W3D", "240 h"),
        ("P1DT12H", "36 h"),
        ("PT120M", "2 h"),
        ("PT15M", None),
        ("PT10000H", None),  # more digits than a limit has
        ("P1M", None),  # 28 to 31 days
        ("P1Y", None),
        ("x", None),
    ],
)
def test_lengths_are_hours_of_the_clock(text, said):
    assert foreign_texts.limit(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P2D", "48 h"),
        ('=now() + duration("P2D")', "48 h"),
        ("${dateTime().plusDays(3).toDate()}", "72 h"),
        ("${dateTime().plusHours(8)}", "8 h"),
        ("#{dateTime().plusWeeks(1).toDate()}", "168 h"),
        ("${dateTime().plusMonths(1).toDate()}", None),
        ('=due_on + duration("P2D")', None),
        ("2027-01-01T00:00:00Z", None),
        ("${due_on}", None),
    ],
)
def test_a_length_from_now_is_a_limit(text, said):
    assert foreign_texts.due(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("leader", "leader"),
        ('="leader"', "leader"),
        ('=["leader"]', "leader"),
        ('= [ "leader" ]', "leader"),
        ('=["leader", "clerk"]', None),
        ("=[who]", None),
        ("=who", None),
        ("a,b", None),
        ("${who}", None),
        ("", None),
    ],
)
def test_one_group_that_is_written_down(text, said):
    assert foreign_texts.group(text) == said


class TestGateways:
    @pytest.mark.parametrize(
        ("maker", "condition"),
        [("camunda 7", "${way == 'a'}"), ("camunda 8", '=way = "a"'), ("spiff-arena", "way == 'a'")],
    )
    def test_a_condition_decides_as_it_did(self, maker, condition):
        inside = (
            '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="x" default="x_b"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>'
            + flow("begin", "x")
            + flow("x", "a", condition)
            + flow("x", "b")
        )
        program = compile_program(translate(file(inside, maker)).data, {})
        machine = Machine(program, lambda call: {})
        assert [machine.start({"way": way}).ended for way in "ab"] == ["a", "b"]

    def test_one_that_is_not_clear_is_left_with_its_line(self):
        inside = (
            '<bpmn:startEvent id="begin"/>\n<bpmn:exclusiveGateway id="x" default="x_b"/><bpmn:endEvent id="a"/>'
            '<bpmn:endEvent id="b"/>\n' + flow("begin", "x") + flow("x", "a", "${bean.ok()}") + flow("x", "b")
        )
        [problem] = translate(file(inside)).left
        assert (problem.element, problem.line, problem.process) == ("x_a", 6, "demo")
        assert "bean.ok()" in problem.sentence


class TestPeople:
    @pytest.mark.parametrize(
        ("maker", "node"),
        [
            ("camunda 7", '<bpmn:userTask id="x" camunda:formKey="test/check"/>'),
            ("camunda 7", '<bpmn:userTask id="x" camunda:formRef="test/check" camunda:asyncBefore="true"/>'),
            (
                "camunda 8",
                (
                    '<bpmn:userTask id="x"><bpmn:extensionElements><zeebe:userTask/>'
                    '<zeebe:formDefinition formId="test/check"/></bpmn:extensionElements></bpmn:userTask>'
                ),
            ),
            (
                "spiff-arena",
                (
                    '<bpmn:userTask id="x"><bpmn:extensionElements><spiffworkflow:properties>'
                    '<spiffworkflow:property name="formJsonSchemaFilename" value="test/check-schema.json"/>'
                    '<spiffworkflow:property name="formUiSchemaFilename" value="test/check-uischema.json"/>'
                    "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
                ),
            ),
        ],
    )
    def test_a_form_key_is_a_form(self, maker, node):
        assert element(node, maker).form == "test/check"

    def test_a_group_is_a_lane_and_the_rest_stands_with_whoever_came_before(self):
        said = translate(file(around('<bpmn:userTask id="x" camunda:candidateGroups="Chuyên viên thụ lý"/>')))
        model = compile_program(said.data, {}).model
        assert {name: one.lane for name, one in model.elements.items()} == dict.fromkeys(
            ("begin", "x", "done"), "specialist"
        )
        assert [lane.name for lane in model.lanes] == ["Chuyên viên thụ lý"]

    def test_inside_a_sub_process_a_step_stands_where_that_stands_unless_it_says_otherwise(self):
        inner = (
            '<bpmn:startEvent id="i"/><bpmn:userTask id="a"/><bpmn:userTask id="b" camunda:candidateGroups="leader"/>'
            f'<bpmn:endEvent id="e"/>{flow("i", "a")}{flow("a", "b")}{flow("b", "e")}'
        )
        nodes = (
            '<bpmn:startEvent id="begin"/><bpmn:userTask id="first" camunda:candidateGroups="specialist"/>'
            f'<bpmn:subProcess id="x">{inner}</bpmn:subProcess><bpmn:endEvent id="done"/>'
        )
        said = translate(file(nodes + flow("begin", "first") + flow("first", "x") + flow("x", "done")))
        assert said.left == ()
        lanes = {name: one.lane for name, one in compile_program(said.data, {}).model.elements.items()}
        assert {name for name, lane in lanes.items() if lane == "leader"} == {"b"}
        assert {lanes[name] for name in ("begin", "first", "x", "a", "done")} == {"specialist"}

    def test_drawn_lanes_get_their_code(self):
        lanes = (
            '<bpmn:laneSet id="s"><bpmn:lane id="l" name="Tiếp nhận"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>'
            "<bpmn:flowNodeRef>x</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
        )
        said = translate(file(lanes + around('<bpmn:userTask id="x" camunda:formKey="a/b"/>')))
        assert compile_program(said.data, {}).model.elements["x"].lane == "reception"

    @pytest.mark.parametrize(
        ("maker", "node", "word"),
        [
            ("camunda 7", '<bpmn:userTask id="x" camunda:assignee="demo"/>', "assignee"),
            ("camunda 7", '<bpmn:userTask id="x" camunda:candidateUsers="a,b"/>', "candidateUsers"),
            ("camunda 7", '<bpmn:userTask id="x" camunda:candidateGroups="a,b"/>', "candidateGroups"),
            ("camunda 7", '<bpmn:userTask id="x" camunda:candidateGroups="${group}"/>', "candidateGroups"),
            ("camunda 7", '<bpmn:userTask id="x" camunda:formKey="embedded:app:forms/x.html"/>', "formKey"),
            (
                "camunda 7",
                '<bpmn:userTask id="x"><bpmn:extensionElements><camunda:taskListener event="create" class="X"/></bpmn:extensionElements></bpmn:userTask>',
                "taskListener",
            ),
            (
                "camunda 8",
                '<bpmn:userTask id="x"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="=who"/></bpmn:extensionElements></bpmn:userTask>',
                "assignmentDefinition",
            ),
            (
                "camunda 8",
                '<bpmn:userTask id="x"><bpmn:extensionElements><zeebe:ioMapping/></bpmn:extensionElements></bpmn:userTask>',
                "ioMapping",
            ),
            (
                "spiff-arena",
                '<bpmn:userTask id="x"><bpmn:extensionElements><spiffworkflow:preScript>x = 1</spiffworkflow:preScript></bpmn:extensionElements></bpmn:userTask>',
                "preScript",
            ),
        ],
    )
    def test_what_is_not_clear_is_named(self, maker, node, word):
        [(own, sentence)] = left(node, maker)
        assert (own, word in sentence) == ("x", True)


class TestOthers:
    @pytest.mark.parametrize(
        ("maker", "node"),
        [
            (
                "camunda 7",
                '<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="registry.search"/>',
            ),
            (
                "camunda 8",
                '<bpmn:serviceTask id="x"><bpmn:extensionElements><zeebe:taskDefinition type="registry.search" retries="3"/></bpmn:extensionElements></bpmn:serviceTask>',
            ),
        ],
    )
    def test_an_external_service_has_its_topic(self, maker, node):
        x = element(node, maker)
        assert (x.kind, x.topic) == ("service", "registry.search")

    def test_a_send_task_that_a_worker_does_is_a_service_that_is_waited_for(self):
        worker = '<bpmn:extensionElements><zeebe:taskDefinition type="portal.deliver_result"/></bpmn:extensionElements>'
        x = element(f'<bpmn:sendTask id="x">{worker}</bpmn:sendTask>', "camunda 8")
        assert (x.kind, x.topic) == ("service", "portal.deliver_result")
        assert left(f'<bpmn:userTask id="x">{worker}</bpmn:userTask>', "camunda 8") != []

    @pytest.mark.parametrize(
        "how", ['camunda:class="a.B"', 'camunda:expression="${b.c()}"', 'camunda:delegateExpression="${b}"']
    )
    def test_java_is_left(self, how):
        assert [own for own, _ in left(f'<bpmn:serviceTask id="x" {how}/>')] == ["x"]

    def test_a_call_of_camunda_8(self):
        node = '<bpmn:callActivity id="x"><bpmn:extensionElements><zeebe:calledElement processId="part"/></bpmn:extensionElements></bpmn:callActivity>'
        assert element(node, "camunda 8").called == "part"
        assert left(node.replace('"part"', '"=name"'), "camunda 8") != []
        assert (
            left(node.replace("/></bpmn:ext", ' propagateAllChildVariables="false"/></bpmn:ext'), "camunda 8")
            != []
        )

    def test_a_call_of_camunda_7(self):
        node = (
            '<bpmn:callActivity id="x" calledElement="part" camunda:calledElementBinding="latest"><bpmn:extensionElements>'
            '<camunda:in businessKey="#{execution.processBusinessKey}"/><camunda:in variables="all"/>'
            '<camunda:out variables="all"/></bpmn:extensionElements></bpmn:callActivity>'
        )
        assert element(node).called == "part"
        assert left(node.replace('in variables="all"', 'in source="a" target="b"')) != []

    @pytest.mark.parametrize("tag", ['bindingType="versionTag" versionTag="v1"', 'versionTag="v1"', 'bindingType="versionTag"'])
    @pytest.mark.parametrize(
        ("node", "said"),
        [
            ("callActivity", 'calledElement processId="part"'),
            ("userTask", 'formDefinition formId="test/check"'),
            ("businessRuleTask", 'calledDecision decisionId="benefit"'),
        ],
    )
    def test_a_version_of_its_own_is_named(self, node, said, tag):
        """Here it is the version that was pinned when the diagram was published, whatever it is called."""
        extension = f"<bpmn:extensionElements><zeebe:{said} {tag}/></bpmn:extensionElements>"
        told = left(f'<bpmn:{node} id="x">{extension}</bpmn:{node}>', "camunda 8")
        assert any(f"“{said.split()[0]}”" in sentence for own, sentence in told if own == "x")

    @pytest.mark.parametrize(
        "node",
        [
            (
                '<bpmn:callActivity id="x" calledElement="part" camunda:calledElementBinding="{}" {}>'
                '<bpmn:extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></bpmn:extensionElements></bpmn:callActivity>'
            ),
            '<bpmn:userTask id="x" camunda:formRef="test/check" camunda:formRefBinding="{}" {}/>',
        ],
    )
    def test_so_is_one_of_camunda_7(self, node):
        assert left(node.format("latest", "")) == left(node.format("deployment", "")) == []
        assert left(node.format("version", 'camunda:calledElementVersion="3"')) != []

    @pytest.mark.parametrize(("binding", "heed"), [("", 1), (' bindingType="latest"', 1), (' bindingType="deployment"', 0)])
    def test_that_the_version_is_pinned_is_told_of_a_call(self, binding, heed):
        extension = f'<bpmn:extensionElements><zeebe:calledElement processId="part"{binding}/></bpmn:extensionElements>'
        said = translate(file(around(f'<bpmn:callActivity id="x">{extension}</bpmn:callActivity>'), "camunda 8"))
        assert said.left == ()
        assert sum(one.heed and "bản mới nhất" in one.sentence for one in said.changes) == heed

    @pytest.mark.parametrize(
        ("inside", "words"),
        [
            ("", ["không nhận biến nào", "không trả biến nào"]),
            ('<camunda:in businessKey="${key}"/>', ["không nhận biến nào", "không trả biến nào"]),
            ('<camunda:in variables="all"/>', ["không trả biến nào"]),
            ('<camunda:out variables="all"/>', ["không nhận biến nào"]),
            ('<camunda:in variables="all" local="true"/><camunda:out variables="all"/>', ["“in”"]),
            ('<camunda:in variables="all"/><camunda:out source="a" target="b"/>', ["“out”"]),
        ],
    )
    def test_a_call_of_camunda_7_that_shares_less_than_all_is_named(self, inside, words):
        held = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""
        told = left(f'<bpmn:callActivity id="x" calledElement="part">{held}</bpmn:callActivity>')
        assert [own for own, _ in told] == ["x"] * len(words)
        assert all(word in sentence for word, (_, sentence) in zip(words, told, strict=True))

    def test_what_a_signal_carries_is_named(self):
        held = '<bpmn:extensionElements><camunda:in variables="all"/></bpmn:extensionElements>'
        thrown = f'<bpmn:signalEventDefinition signalRef="m">{held}</bpmn:signalEventDefinition>'
        node = f'<bpmn:intermediateThrowEvent id="x">{thrown}</bpmn:intermediateThrowEvent>'
        told = translate(file(around(node), also='<bpmn:signal id="m" name="flood"/>')).left
        assert ["“in”" in one.sentence for one in told] == [True]

    @pytest.mark.parametrize("maker", ["camunda 7", "spiff-arena"])
    def test_a_call_of_whatever_a_variable_says_is_named(self, maker):
        all_ = '<camunda:in variables="all"/><camunda:out variables="all"/>' if maker == "camunda 7" else ""
        held = f"<bpmn:extensionElements>{all_}</bpmn:extensionElements>"
        node = f'<bpmn:callActivity id="x" calledElement="${{which}}">{held}</bpmn:callActivity>'
        [(own, sentence)] = left(node, maker)
        assert (own, "${which}" in sentence) == ("x", True)

    @pytest.mark.parametrize(
        ("maker", "inside", "limit", "at"),
        [
            ("camunda 7", "<bpmn:timeDuration>P15D</bpmn:timeDuration>", "360 h", ""),
            ("camunda 8", '<bpmn:timeDuration>="PT4H"</bpmn:timeDuration>', "4 h", ""),
            ("spiff-arena", '<bpmn:timeDuration>"P15D"</bpmn:timeDuration>', "360 h", ""),
            ("camunda 7", "<bpmn:timeDate>${due_on}</bpmn:timeDate>", "", "due_on"),
            ("camunda 8", "<bpmn:timeDate>=due_on</bpmn:timeDate>", "", "due_on"),
        ],
    )
    def test_timers(self, maker, inside, limit, at):
        node = f'<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition id="t">{inside}</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
        x = element(node, maker)
        assert (x.kind, x.limit, x.at) == ("timer", limit, at)

    @pytest.mark.parametrize(
        "inside",
        [
            "<bpmn:timeDuration>${days}</bpmn:timeDuration>",
            "<bpmn:timeDate>2026-12-01T00:00:00Z</bpmn:timeDate>",
            "<bpmn:timeDuration>PT15M</bpmn:timeDuration>",
            "<bpmn:timeDuration>P1M</bpmn:timeDuration>",
        ],
    )
    def test_timers_that_are_not_clear(self, inside):
        node = f'<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
        assert len(left(node)) == 1

    @pytest.mark.parametrize("maker", ["camunda 7", "camunda 8"])
    def test_a_loop_that_camunda_does_not_read_is_named(self, maker):
        """It does such a step once, whatever the marker says."""
        loop = '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'
        [(own, sentence)] = left(f'<bpmn:userTask id="x">{loop}</bpmn:userTask>', maker)
        assert (own, "chỉ làm một lần" in sentence) == ("x", True)
        assert left(f'<bpmn:userTask id="x">{loop}</bpmn:userTask>', "spiff-arena") == []

    @pytest.mark.parametrize("maker", ["camunda 7", "camunda 8"])
    def test_a_message_that_is_really_sent_is_told(self, maker):
        """There a drawn message runs the code behind it, and no other instance hears of it; here a dossier that waits does."""
        also = '<bpmn:message id="m" name="answered"/>'
        thrown = '<bpmn:intermediateThrowEvent id="x"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>'
        for node in (thrown, '<bpmn:sendTask id="x" messageRef="m"/>'):
            told = [one for one in translate(file(around(node), maker, also)).changes if one.heed]
            assert [(one.element, "đang chờ" in one.sentence) for one in told] == [("x", True)]
        assert not any(one.heed for one in translate(file(around(thrown), "spiff-arena", also)).changes)

    def test_a_message_gets_a_name_of_ours_and_its_key_is_the_dossier(self):
        also = (
            '<bpmn:message id="m" name="Đã thanh toán"><bpmn:extensionElements><zeebe:subscription correlationKey="=id"/>'
            "</bpmn:extensionElements></bpmn:message>"
        )
        node = '<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
        assert element(node, "camunda 8", also).message == "da_thanh_toan"

    @pytest.mark.parametrize(
        ("maker", "name"),
        [
            ("camunda 7", "paid_${execution.processInstanceId}"),
            ("camunda 8", "=&quot;paid-&quot; + region"),
            ("camunda 8", "=region"),
        ],
    )
    @pytest.mark.parametrize("kind", ["message", "signal"])
    def test_a_name_that_is_worked_out_is_named(self, maker, name, kind):
        node = f'<bpmn:intermediateCatchEvent id="x"><bpmn:{kind}EventDefinition {kind}Ref="m"/></bpmn:intermediateCatchEvent>'
        told = translate(file(around(node), maker, f'<bpmn:{kind} id="m" name="{name}"/>')).left
        assert [one.element for one in told] == ["m"]

    def test_a_name_in_quotes_is_a_constant(self):
        node = '<bpmn:intermediateCatchEvent id="x"><bpmn:signalEventDefinition signalRef="m"/></bpmn:intermediateCatchEvent>'
        also = '<bpmn:signal id="m" name="=&quot;flood&quot;"/>'
        assert element(node, "camunda 8", also).code == "flood"

    @pytest.mark.parametrize(
        ("maker", "node"),
        [
            (
                "camunda 7",
                (
                    '<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics camunda:collection="${offices}" camunda:elementVariable="office">'
                    "<bpmn:completionCondition>${nrOfCompletedInstances >= 2}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
                ).replace(">= 2", "&gt;= 2"),
            ),
            (
                "camunda 8",
                (
                    '<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>'
                    '<zeebe:loopCharacteristics inputCollection="=offices" inputElement="office"/></bpmn:extensionElements>'
                    "<bpmn:completionCondition>=numberOfCompletedInstances &gt;= 2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
                ),
            ),
        ],
    )
    def test_rounds_over_a_list(self, maker, node):
        loop = element(node, maker).loop
        assert (loop.kind, loop.items, loop.item, loop.until) == (
            "parallel",
            "offices",
            "office",
            "loop_done >= 2",
        )

    def test_everything_changed_is_told(self):
        said = translate(
            file(around('<bpmn:userTask id="x" camunda:formKey="a/b" camunda:asyncAfter="true"/>'))
        )
        assert said.maker == "camunda 7"
        assert [(one.element, one.line) for one in said.changes] == [("x", 4), ("x", 4)]
        assert {one.sentence for one in said.changes} == {
            "form là “a/b”.",
            "Bỏ “asyncAfter”: chỉ có nghĩa với bộ máy khác.",
        }

    def test_what_our_machine_does_not_run_is_named_too(self):
        assert left('<bpmn:scriptTask id="x" scriptFormat="groovy"/>')[0][0] == "x"
        assert left('<bpmn:task id="x"/>')[0][0] == "x"

    def test_in_a_file_of_one_line_each_problem_is_told(self):
        rounds = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"
        late = f'<bpmn:boundaryEvent id="late" attachedToRef="x" cancelActivity="false">{rounds}</bpmn:boundaryEvent>'
        nodes = around('<bpmn:userTask id="x" camunda:assignee="demo"/>') + late + flow("late", "done")
        told = translate(file(nodes).replace(b"\n", b" ")).left
        assert {one.element for one in told} == {"x", "late"}

    def test_a_diagram_of_ours_comes_back_as_it_is(self):
        data = draw("begin: start\nx: user\ndone: end\nbegin > x > done").replace(
            b' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', b""
        )
        said = translate(data)
        assert (said.data, said.maker, said.changes, said.left) == (data, "", (), ())

    def test_what_is_no_xml_is_refused(self):
        with pytest.raises(DiagramRefused):
            translate(b"PK")
