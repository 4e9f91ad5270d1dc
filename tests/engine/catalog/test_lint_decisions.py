"""D01–D03: a bundle's decision models, and the steps that ask them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.engine.catalog.drafts import BUNDLES, judged

CODE = "1.001776"
TEXT = BUNDLES[CODE].decisions["benefit"]


def found(
    change: Callable[[str], str] = str,
    drawn: Callable[[bytes], bytes] = bytes,
    name: str = "benefit",
    severity: str = "E",
):
    bundle = BUNDLES[CODE]
    broken = replace(bundle, decisions={name: change(TEXT)}, diagram=drawn(bundle.diagram))
    return {(one.code, one.file, one.element) for one in judged(broken) if one.severity == severity}


def test_ours_is_sound():
    assert not found()


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ("[4..16)", "[4..", "benefit_rule_02_in_2"),
        ("standard * 2.5", "standart * 2.5", "benefit_rule_01_out_3"),
        ('href="#children_count"', 'href="#children_number"', "benefit_needs_children_count"),
        ("count(children)", "count(children) + today().year", "children_count_expression"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="BEST"', "standard_table"),
    ],
)
def test_a_model_that_cannot_be_read_is_told_with_its_element(old, new, element):
    assert ("D01", "decisions/benefit.dmn", element) in found(lambda text: text.replace(old, new, 1))


def test_a_document_with_a_doctype_is_refused():
    assert ("D01", "decisions/benefit.dmn", None) in found(
        lambda text: text.replace("<definitions", '<!DOCTYPE definitions [<!ENTITY e "x">]><definitions', 1)
    )


def test_a_step_that_asks_a_decision_which_is_not_there_is_told():
    assert ("D02", "diagram.bpmn", "propose_benefit") in found(name="other")
    assert ("D02", "diagram.bpmn", "propose_benefit") in found(
        lambda text: text.replace('id="benefit"', 'id="something"').replace(
            'name="benefit"', 'name="something"'
        )
    )


def test_an_input_that_nobody_gives_is_told():
    assert ("D03", "diagram.bpmn", "propose_benefit") in found(
        lambda text: text.replace('name="children"', 'name="offspring"').replace(
            "count(children)", "count(offspring)"
        )
    )


def test_a_rule_step_without_a_decision_is_refused():
    assert any(
        element == "propose_benefit"
        for _, _, element in found(drawn=lambda xml: xml.replace(b' decision="benefit"', b""))
    )


def test_rules_that_hold_together_are_shown_to_the_reviewer():
    assert ("D04", "decisions/benefit.dmn", "benefit_rule_02") in found(
        lambda text: text.replace("[4..16)", "[3..16)", 1), severity="W"
    )
    assert not any(code == "D04" for code, _, _ in found(severity="W"))
