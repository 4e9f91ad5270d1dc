"""Business rule tasks of other makers ask our decisions where their value means the same."""

import pytest

from tests.engine.catalog.test_foreign import element, left


def inside(extension: str, attributes: str = "") -> str:
    held = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return f'<bpmn:businessRuleTask id="x" {attributes}>{held}</bpmn:businessRuleTask>'


@pytest.mark.parametrize(
    ("maker", "drawn", "variable"),
    [
        ("camunda 7", inside("", 'camunda:decisionRef="benefit"'), ""),
        (
            "camunda 7",
            inside(
                "",
                'camunda:decisionRef="benefit" camunda:resultVariable="due" camunda:mapDecisionResult="singleEntry"',
            ),
            "due",
        ),
        ("camunda 8", inside('<zeebe:calledDecision decisionId="benefit" resultVariable="due"/>'), "due"),
        (
            "spiff-arena",
            inside("<spiffworkflow:calledDecisionId>benefit</spiffworkflow:calledDecisionId>"),
            "",
        ),
    ],
)
def test_it_becomes_a_step_that_asks(maker, drawn, variable):
    step = element(drawn, maker)
    assert (step.kind, step.topic, step.decision, step.variable) == (
        "engine",
        "decision.evaluate",
        "benefit",
        variable,
    )


@pytest.mark.parametrize(
    ("maker", "drawn"),
    [
        ("camunda 7", inside("", 'camunda:decisionRef="benefit" camunda:resultVariable="due"')),
        ("camunda 7", inside("", 'camunda:decisionRef="benefit" camunda:decisionRefBinding="version"')),
        ("camunda 7", inside("", 'camunda:decisionRef="${which}"')),
        ("camunda 8", inside('<zeebe:calledDecision decisionId="=which" resultVariable="due"/>', "")),
    ],
)
def test_what_means_something_else_is_left_and_named(maker, drawn):
    assert any(name == "x" for name, _ in left(drawn, maker))
