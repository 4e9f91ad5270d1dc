"""Whole forms: conditions, hostile input, and what every load keeps."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms import FormBroken, FormInvalid
from forms.compiler import compiled
from forms.errors import problem
from forms.schema import walk
from tests.factories.documents import field, form

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "forms" / "schemas").glob("**/*.form.json"))
YES_NO = {"values": [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]}


def codes(refused):
    return {path: [one.code for one in found] for path, found in refused.value.problems.items()}


class TestHidden:
    DOCUMENT = form(
        field("married", "radio", **YES_NO),
        field(
            "spouse",
            "group",
            hide='married != "yes"',
            components=[field("name", required=True), field("works", "checkbox")],
        ),
        field("employer", hide="spouse.works != true", required=True),
        field("phone", properties={"kind": "phone", "required": '=channel = "online"'}),
    )

    def test_a_hidden_answer_is_dropped_and_not_asked_for(self):
        answers = {"married": "no", "spouse": {"name": "", "works": True}, "employer": "X"}
        assert forms.load(self.DOCUMENT, {"married": "no"}, {}) == {"married": "no"}
        assert forms.load(self.DOCUMENT, answers, {}) == {"married": "no"}

    def test_a_shown_group_is_asked_for_even_when_nothing_of_it_came(self):
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, {"married": "yes"}, {})
        assert codes(refused) == {"spouse.name": ["required"]}

    def test_what_a_hidden_answer_hid_is_decided_without_it(self):
        document = form(
            field("a", "checkbox"), field("b", "checkbox", hide="not(a)"), field("c", hide="b", required=True)
        )
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"a": False, "b": True}, {})
        assert codes(refused) == {"c": ["required"]}
        assert forms.load(document, {"a": True, "b": True}, {}) == {"a": True, "b": True}

    def test_a_condition_may_require(self):
        assert forms.load(self.DOCUMENT, {"married": "no"}, {"channel": "in_person"})
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, {"married": "no"}, {"channel": "online"})
        assert codes(refused) == {"phone": ["required"]}

    def test_unknown_answers_in_a_hidden_group_are_refused_too(self):
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, {"married": "no", "spouse": {"evil": 1}}, {})
        assert codes(refused) == {"spouse.evil": ["unknown"]}

    def test_rows_have_their_own_conditions(self):
        row = [
            field("kind", "radio", **YES_NO),
            field("what", hide='kind = "no"', required=True),
            field("n", "number", properties={"check": "=n < limit", "message": "Quá nhiều."}),
        ]
        document = form(field("limit", "number"), field("rows", "dynamiclist", components=row))
        answers = {"limit": 3, "rows": [{"kind": "no", "what": "x", "n": 1}, {"kind": "yes", "n": 5}]}
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, answers, {})
        assert codes(refused) == {"rows.1.what": ["required"], "rows.1.n": ["check"]}
        answers["rows"][1] |= {"what": "y", "n": 2}
        assert forms.load(document, answers, {})["rows"] == [
            {"kind": "no", "n": 1},
            {"kind": "yes", "what": "y", "n": 2},
        ]

    def test_a_hidden_list_with_conditions_in_its_rows_is_dropped(self):
        row = [field("kind"), field("what", hide='kind = "x"')]
        document = form(field("a", "checkbox"), field("rows", "dynamiclist", hide="a", components=row))
        assert forms.load(document, {"a": True, "rows": [{"kind": "x"}]}, {}) == {"a": True}

    def test_the_page_is_told_what_is_away_and_what_is_needed(self):
        state = forms.state(self.DOCUMENT, {"married": "no"}, {"channel": "online"})
        assert state.hidden == {
            ":components[1]",
            ":components[1].components[0]",
            ":components[1].components[1]",
            ":components[2]",
        }
        assert ":components[3]" in state.required
        assert ":components[1]" not in forms.state(self.DOCUMENT, {"married": "yes"}, {}).hidden

    @pytest.mark.parametrize("typed", ["0001-01-01T00:30", "9999-12-31T23:30", "0001-01-01"])
    def test_a_page_with_an_instant_of_no_time_is_drawn_and_the_form_refuses_the_instant(self, typed):
        document = form(field("at", "datetime", subtype="datetime"), field("why", hide="at = null"))
        assert not forms.state(document, {"at": typed}, {}).hidden
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"at": typed}, {})
        assert codes(refused) == {"at": ["date_range"]}


class TestContext:
    """What a form reads besides its own answers, so that nobody need look up more."""

    def test_names_of_the_form_are_its_own_and_parts_of_a_name_are_not_told(self):
        assert forms.reads(TestHidden.DOCUMENT) == {"channel"}

    def test_inside_a_filter_any_name_may_be_of_the_context(self):
        row = field("share", "number")
        of_all = "count(owners[share > least]) > 0 or lodging.day = until"
        document = form(field("owners", "dynamiclist", components=[row]), field("until", properties={"check": f"={of_all}"}))
        assert forms.reads(document) == {"least", "lodging", "share"}

    @pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
    def test_whatever_else_the_context_holds_makes_no_difference(self, path):
        document = json.loads(path.read_text())
        known = dict.fromkeys(forms.reads(document), "x")
        other = {name: "y" for name in ("channel", "lodged_on", "outcome", "supplement_count") if name not in known}
        assert forms.state(document, {}, known | other) == forms.state(document, {}, known)

    @pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
    def test_a_number_that_is_a_year_says_so(self, path):
        numbers = [node for node in walk(compiled(json.loads(path.read_text())).form.nodes) if node.type == "number"]
        years = [one for one in numbers if one.rule("max") == 2100 or one.where.endswith(".y")]
        assert {one.kind for one in years} <= {"year"}


class TestChecks:
    DOCUMENT = form(
        field("born", "datetime", subtype="date", required=True, properties={"check": "=born <= lodged_on", "message": "Sau ngày nộp."}),
        field("noticed", "datetime", subtype="date", properties={"check": "=noticed >= born", "message": "Trước ngày sinh."}),
    )  # fmt: skip
    CONTEXT = {"lodged_on": date(2026, 11, 21)}

    def test_a_false_check_stands_at_its_field_in_the_words_of_the_form(self):
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, {"born": "2026-12-01", "noticed": "2026-12-02"}, self.CONTEXT)
        assert refused.value.errors == {"born": ["Sau ngày nộp."]}

    def test_a_check_that_cannot_be_told_passes(self):
        assert forms.load(self.DOCUMENT, {"born": "2026-11-01"}, {}) == {"born": "2026-11-01"}

    def test_a_check_that_reads_a_wrong_answer_says_nothing(self):
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, {"born": "2026-02-31", "noticed": "2026-01-01"}, self.CONTEXT)
        assert codes(refused) == {"born": ["date"]}

    def test_problems_come_in_the_order_of_the_form(self):
        document = form(*(field(key, required=True) for key in "zya"))
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {}, {})
        assert list(refused.value.errors) == ["z", "y", "a"]


class TestHostile:
    DOCUMENT = form(
        field("name", required=True),
        field("home", "group", components=[field("street")]),
        field("rows", "dynamiclist", components=[field("a")]),
    )

    @pytest.mark.parametrize(
        "answers",
        [
            None,
            [],
            "x",
            7,
            {"name": "x", "home": "x"},
            {"name": "x", "home": ["x"]},
            {"name": "x", "rows": {"a": 1}},
            {"name": "x", "rows": [[[[[]]]]]},
            {f"k{n}": n for n in range(10_000)},
            {"name": "x" * 200_000},
            {"name": "x", "rows": [{"a": "x"}] * 6_000},
            {"name": {"name": {"name": {}}}},
            {"name": b"x"},
            {"name": {1, 2}},
            {7: "x"},
            {"name\x00": "x"},
            {"name": "x", "__class__": "y"},
            {"name": "x", "constructor": {"prototype": {}}},
            {"name": "\udfff"},
            {"name": float("inf")},
            {"name": "x", "n": 10**5_000},
        ],
        ids=lambda value: str(type(value)),
    )
    def test_it_is_refused_with_a_sentence(self, answers):
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, answers, {})
        assert all(sentence.endswith(".") for found in refused.value.errors.values() for sentence in found)

    def test_deep_nesting_is_refused(self):
        deep = {}
        for _ in range(5_000):
            deep = {"name": deep}
        with pytest.raises(FormInvalid) as refused:
            forms.load(self.DOCUMENT, deep, {})
        assert codes(refused) == {"": ["answers_depth"]}

    def test_the_answers_of_the_caller_are_not_changed(self):
        answers = {"name": " x ", "home": {"street": ""}, "rows": [{"a": " "}]}
        before = copy.deepcopy(answers)
        forms.load(self.DOCUMENT, answers, {})
        assert answers == before

    def test_a_pattern_that_never_ends_is_a_refusal(self):
        document = form(field("x", validate={"pattern": "(a+)+"}))
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"x": "a" * 40 + "!"}, {})
        assert codes(refused) == {"x": ["pattern"]}

    def test_a_check_that_answers_keep_busy_is_a_refusal(self):
        check = {"check": '=matches(x, "^(a+)+$")', "message": "Sai."}
        with pytest.raises(FormInvalid) as refused:
            forms.load(form(field("x", properties=check)), {"x": "a" * 40 + "!"}, {})
        assert codes(refused) == {"": ["condition"]}

    def test_many_long_texts_are_refused_before_they_are_read(self):
        document = form(*(field(f"x{n}", "textarea", hide="x0 = null") for n in range(100)))
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {f"x{n}": "ế" * 1_900 for n in range(100)}, {})
        assert codes(refused) == {"": ["answers_size"]}

    def test_a_refusal_travels_between_processes(self):
        refused = FormInvalid({"a": [problem("required", label="A", label_en="A")]})
        assert copy.copy(refused).errors == refused.errors  # as pickle makes it again

    def test_a_broken_document_is_its_own_error(self):
        with pytest.raises(FormBroken):
            forms.load({"components": [{"type": "iframe"}]}, {}, {})


#: One of everything, with conditions among them.
EVERYTHING = form(
    field("text"),
    field("long", "textarea"),
    field("who", properties={"kind": "name"}),
    field("phone", properties={"kind": "phone"}),
    field("amount", "number", properties={"kind": "money"}),
    field("size", "number"),
    field("on", "datetime", subtype="date"),
    field("at", "datetime", subtype="datetime"),
    field("hour", "datetime", subtype="time"),
    field("one", "radio", **YES_NO),
    field("many", "checklist", **YES_NO),
    field("tick", "checkbox"),
    field("ethnicity", "select", properties={"kind": "ethnicity"}),
    field("born", "group", properties={"kind": "pdate"}, hide='one = "no"', components=[field(p, "number") for p in "dmy"]),
    field("rows", "dynamiclist", components=[field("a", hide="tick"), field("b", "checkbox")]),
)  # fmt: skip
_plain = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["yes", "no", "2026-11-02", "06:25", "0912 345 678", "2026-11-02T08:30", "Kinh", "01", "Lê Thị An"])
    | st.dates().map(str) | st.lists(st.sampled_from(["yes", "no"]))
)  # fmt: skip
_keys = st.sampled_from([component.get("key") or component["path"] for component in EVERYTHING["components"]])
_rows = st.lists(st.dictionaries(st.sampled_from("ab"), _plain, max_size=2), max_size=3)
_born = st.dictionaries(st.sampled_from("dmy"), st.integers(0, 2100) | _plain, max_size=3)
ANSWERS = st.dictionaries(_keys, _plain | _rows | _born, max_size=8)


def _kept(answers):
    """Load answers, leaving out what the form refuses, until it takes the rest."""
    while True:
        try:
            return forms.load(EVERYTHING, answers, {})
        except FormInvalid as refused:
            wrong = {path.partition(".")[0] for path in refused.problems}
            answers = {key: value for key, value in answers.items() if not {key, ""} & wrong}


@settings(deadline=None, max_examples=150)
@given(ANSWERS)
def test_what_is_kept_loads_to_itself_and_is_json(answers):
    clean = _kept(answers)
    assert forms.load(EVERYTHING, clean, {}) == clean
    assert json.loads(json.dumps(clean, allow_nan=False)) == clean
    json.dumps(clean, ensure_ascii=False).encode()


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        _plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4)
    )
)
def test_nothing_but_a_refusal_is_raised(answers):
    try:
        forms.load(EVERYTHING, answers, {})
    except FormInvalid as refused:
        assert refused.errors  # noqa: PT017  either way is right; any other exception fails


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bpmn").glob("*/examples/complete.json")), ids=lambda path: path.parts[-3]
)
def test_the_complete_examples_load_and_load_to_themselves(path):
    example = json.loads(path.read_text())
    record = json.loads((path.parents[1] / "procedure.json").read_text())
    document = json.loads((ROOT / "forms/schemas" / f"{record['declaration']}.form.json").read_text())
    context = {"lodged_on": date(2026, 11, 23), "channel": example["lodging"]["channel"], "lookup": {}}
    clean = forms.load(document, example["answers"], context)
    assert clean
    assert forms.load(document, clean, context) == clean


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
def test_every_form_of_the_house_is_sound(path):
    assert forms.check(json.loads(path.read_text())) == []
