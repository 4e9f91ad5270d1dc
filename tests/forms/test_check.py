"""Broken documents: each defect is found, at its place, in a Vietnamese sentence."""

import pytest

import forms
from forms import Finding
from tests.factories.documents import field, form

OPTIONS = {"values": [{"label": "Một", "value": "a"}, {"label": "Hai", "value": "b"}]}
PROVINCE = field("province", "select", properties={"kind": "province"})


def _deep(levels):
    inner = field("x")
    for level in range(levels):
        inner = field(f"g{level}", "group", components=[inner])
    return inner


@pytest.mark.parametrize(
    ("component", "path", "code"),
    [
        ({"type": "iframe", "key": "x"}, "components[0]", "unknown_type"),
        (field("x", properties={"kind": "zodiac"}), "components[0]", "unknown_kind"),
        ({"key": "x"}, "components[0]", "component"),
        ("x", "components[0]", "component"),
        (field("Họ tên"), "components[0].key", "key"),
        (field("__proto__"), "components[0].key", "key"),
        (field("x", label=""), "components[0].label", "label"),
        (field("x", "radio", values=[]), "components[0].values", "values"),
        (
            field("x", "radio", values=[*OPTIONS["values"], OPTIONS["values"][0]]),
            "components[0].values",
            "values",
        ),
        (field("x", validate={"maxLength": -1}), "components[0].validate.maxLength", "limit"),
        (field("x", validate={"minLength": 9, "maxLength": 3}), "components[0].validate", "bounds"),
        (field("x", validate={"pattern": "["}), "components[0].validate.pattern", "pattern"),
        (field("x", "number", validate={"min": 9, "max": 3}), "components[0].validate", "bounds"),
        (field("x", "number", decimalDigits="2"), "components[0].decimalDigits", "limit"),
        (field("x", "datetime", subtype="week"), "components[0].subtype", "subtype"),
        (field("x", hide="a +"), "components[0].conditional.hide", "feel"),
        (field("x", hide="today() > a"), "components[0].conditional.hide", "feel"),
        (field("x", conditional={"hide": "a = 1"}), "components[0].conditional.hide", "feel_sign"),
        (field("x", properties={"required": "yes"}), "components[0].properties.required", "feel_sign"),
        (field("x", properties={"check": "=x != 1"}), "components[0].properties.message", "message"),
        (field("x", hide='x = "1"'), "components[0]", "feel_cycle"),
        (field("x", properties={"routes": "true"}), "components[0].properties.routes", "route"),
        (field("x", properties={"n": 1}), "components[0]", "properties"),
        (field("x", "group", properties={"kind": "pdate"}, components=[]), "components[0]", "parts"),
        (
            field("x", "select", properties={"kind": "commune", "of": "y"}),
            "components[0].properties.of",
            "of",
        ),
        (
            field("x", "dynamiclist", validate={"min": "1"}, components=[]),
            "components[0].validate.min",
            "limit",
        ),
        (field("", "dynamiclist", components=[]), "components[0].path", "key"),
        (field("x", "group", components={}), "components[0].components", "component"),
        (_deep(40), "", "too_large"),
    ],
)
def test_a_defect_is_found_at_its_place(component, path, code):
    found = forms.check(form(component))
    assert any(one.code == code and one.path.startswith(path) for one in found), found
    assert all(isinstance(one, Finding) and one.message_vi.endswith(".") for one in found)


@pytest.mark.parametrize(
    "document",
    [None, [], "x", {}, {"components": 1}, {"id": "f", "components": {"a": 1}}, {1: 2}, {"id": {1}}],
)
def test_what_is_no_form_is_a_finding(document):
    assert forms.check(document)


def test_two_fields_may_not_share_a_key():
    document = form(field("a"), field("g", "group", components=[field("a"), field("a")]), field("g"))
    assert [(one.code, one.path) for one in forms.check(document)] == [
        ("duplicate", "components[1].components[1]"),
        ("duplicate", "components[1].components[0]"),
    ]


def test_two_groups_may_share_a_path():
    document = form(
        field("g", "group", components=[field("a", required=True)]),
        field("g", "group", components=[field("b")]),
    )
    assert forms.check(document) == []
    assert forms.load(document, {"g": {"a": "1", "b": "2"}}, {}) == {"g": {"a": "1", "b": "2"}}


def test_two_answers_may_not_steer_under_one_name():
    routed = {"properties": {"routes": "true"}}
    document = form(
        field("a", "checkbox", **routed), field("g", "group", components=[field("a", "checkbox", **routed)])
    )
    assert [one.code for one in forms.check(document)] == ["duplicate_route"]


def test_a_longer_circle_of_hidden_fields_is_found():
    document = form(field("a", hide="b = null"), field("b", hide="c = null"), field("c", hide="a = null"))
    (found,) = forms.check(document)
    assert found.code == "feel_cycle"
    assert all(key in found.message_vi for key in "abc")


def test_names_that_nobody_gives_are_found_when_the_known_ones_are_told():
    row = [field("kind"), field("n", hide="kind = null or age > limit or knd = 1")]
    document = form(
        field("limit", "number"),
        field("rows", "dynamiclist", components=row),
        field("x", hide="chanel = 1 or channel = 2 or rows = null or count(rows[kind = 1]) > 0"),
    )
    assert forms.check(document) == []
    assert [(one.path, one.code) for one in forms.check(document, known={"channel", "age"})] == [
        ("components[1].components[1].conditional.hide", "feel_name"),
        ("components[2].conditional.hide", "feel_name"),
    ]


def test_the_outline_is_what_a_diagram_needs_to_know():
    document = form(
        field("verdict", "radio", properties={"routes": "true"}, **OPTIONS),
        field("paid", "checkbox", properties={"routes": "true"}),
        field("g", "group", components=[field("a", hide="verdict = null and lookup.identity = 1")]),
        field("rows", "dynamiclist", components=[field("b")]),
    )
    outline = forms.outline(document)
    assert outline.keys == {"verdict", "paid", "g.a", "rows", "rows.*.b"}
    assert outline.options == {"verdict": ("a", "b")}
    assert outline.routes == {"verdict": ("a", "b"), "paid": ()}
    assert outline.reads == {"verdict", "lookup"}


def test_routing_takes_what_steers_under_its_own_key():
    routed = {"properties": {"routes": "true"}}
    document = form(
        field("g", "group", components=[field("verdict", "radio", **OPTIONS, **routed)]),
        field("paid", "checkbox", **routed),
        field("late", "checkbox", hide="true", **routed),
        field("on", "datetime", subtype="date", **routed),
        field("note"),
    )
    clean = forms.load(document, {"g": {"verdict": "a"}, "note": "x"}, {})
    assert forms.routing(document, clean) == {"verdict": "a", "paid": False, "late": False}


def test_a_form_begins_with_its_defaults_and_the_rows_it_must_have():
    document = form(
        field("country", "select", properties={"kind": "nationality"}, defaultValue="VN"),
        field("rows", "dynamiclist", validate={"min": 2}, components=[field("a", defaultValue="x")]),
        field("g", "group", components=[field("b")]),
    )
    assert forms.initial(document) == {"country": "VN", "rows": [{"a": "x"}, {"a": "x"}]}
