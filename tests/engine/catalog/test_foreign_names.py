"""How a name of another engine is spelt: what cannot be one here is refused with its place, its reason and another spelling."""

import pytest

from engine.catalog.foreign import translate
from tests.engine.catalog.test_foreign import around, file, left

SEVENTH = '<bpmn:userTask id="x">\n<bpmn:multiInstanceLoopCharacteristics {}/></bpmn:userTask>'
EIGHTH = (
    '<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>\n'
    "<zeebe:loopCharacteristics {}/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)
TIMER = '<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition><bpmn:timeDate>{}</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
RULE = '<bpmn:businessRuleTask id="x" camunda:decisionRef="{}" camunda:resultVariable="{}" camunda:mapDecisionResult="singleEntry"/>'


@pytest.mark.parametrize(
    ("maker", "node", "names"),
    [
        ("camunda 7", SEVENTH.format('camunda:collection="${applicantList}"'), ["applicantList"]),
        ("camunda 7", SEVENTH.format('camunda:collection="${offices}" camunda:elementVariable="theOffice"'), ["theOffice"]),
        ("camunda 8", EIGHTH.format('inputCollection="=applicantList"'), ["applicantList"]),
        (
            "camunda 8",
            EIGHTH.format('inputCollection="=offices" outputCollection="allAnswers" outputElement="=oneAnswer"'),
            ["allAnswers", "oneAnswer"],
        ),
        ("camunda 7", SEVENTH.format('camunda:collection="${danhSách}"'), ["danhSách"]),
        ("camunda 7", TIMER.format("${dueDate}"), ["dueDate"]),
        ("camunda 7", RULE.format("benefitRate", "rateFound"), ["benefitRate", "rateFound"]),
    ],
)
def test_a_name_with_capitals_or_marks_is_refused_with_how_it_may_be_spelt(maker, node, names):
    """The analyst is told it of each name, once; conditions that read it stay as they are, so nothing is renamed here."""
    told = left(node, maker)
    assert [own for own, _ in told] == ["x"] * len(names)
    for name, (_, sentence) in zip(names, told, strict=True):
        assert f"“{name}”" in sentence
        assert "chữ thường không dấu" in sentence


def test_another_spelling_is_proposed_at_the_line_of_the_name():
    [problem] = translate(file(around(SEVENTH.format('camunda:collection="${applicantList}"')))).left
    assert (problem.element, problem.line) == ("x", 5)
    assert "“applicant_list”" in problem.sentence


@pytest.mark.parametrize(
    ("maker", "node"),
    [
        ("camunda 7", SEVENTH.format('camunda:collection="${service.offices()}"')),
        ("camunda 8", EIGHTH.format('inputCollection="=offices[open]"')),
        ("camunda 8", EIGHTH.format('inputCollection="=offices" outputCollection="all" outputElement="={a: 1}"')),
        ("camunda 7", TIMER.format("2027-01-01T00:00:00Z")),
    ],
)
def test_what_has_to_be_worked_out_is_no_name(maker, node):
    [(own, sentence)] = left(node, maker)
    assert own == "x"
    assert "tên của một biến" in sentence


def test_a_word_that_the_maker_does_not_know_either_is_left():
    assert [own for own, _ in left(EIGHTH.format('inputCollection="=offices" other="y"'), "camunda 8")] == ["x"]


def test_a_key_of_a_message_is_refused_at_the_message():
    node = '<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    said = '<zeebe:subscription correlationKey="=parcelNumber"/>'
    also = f'<bpmn:message id="m" name="told"><bpmn:extensionElements>{said}</bpmn:extensionElements></bpmn:message>'
    [problem] = translate(file(around(node), "camunda 8", also)).left
    assert problem.element == "m"
    assert "“parcel_number”" in problem.sentence
