"""Forms as HTML: what stands where, what assistive technology is told, and that text stays text."""

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from lxml import html

import forms
from tests.factories.documents import field, form
from webapp import filters, formview

ROOT = Path(__file__).parents[2]
PAGE = '{% import "forms/_form.html" as draw %}<main>{{ draw.summary(form) }}<form>{{ draw.fields(form) }}</form></main>'
YES_NO = {
    "values": [
        {"label": "Có", "value": "yes", "label_en": "Yes"},
        {"label": "Không", "value": "no", "label_en": "No"},
    ]
}


@pytest.fixture(scope="module")
def app():
    app = Flask("webapp")
    Babel(app, default_locale="vi")
    filters.init_app(app)
    return app


@pytest.fixture
def draw(app):
    def draw(document, answers=None, errors=None, context=None, **more):
        with app.test_request_context():
            shown = formview.view(document, answers or {}, errors or {}, context or {}, **more)
            return html.fromstring(render_template_string(PAGE, form=shown))

    return draw


class TestField:
    def test_a_label_a_control_and_its_name(self, draw):
        page = draw(
            form(field("g", "group", components=[field("x", description="Như trên giấy.", required=True)])),
            {"g": {"x": "An"}},
        )
        (control,) = page.xpath("//input[@name='g.x']")
        assert control.get("value") == "An"
        assert control.get("aria-required") == "true"
        assert (
            page.xpath("//label[@for=$id]", id=control.get("id"))[0].text_content().startswith("Nhãn g.x"[:4])
        )
        assert page.get_element_by_id(control.get("aria-describedby")).text == "Như trên giấy."
        assert page.xpath("//fieldset/legend[contains(., 'Nhãn g')]")

    def test_an_error_stands_beside_its_field_and_in_the_summary(self, draw):
        document = form(
            field(
                "g",
                "group",
                components=[field("x", required=True), field("y", "radio", required=True, **YES_NO)],
            )
        )
        with pytest.raises(forms.FormInvalid) as refused:
            forms.load(document, {}, {})
        page = draw(document, {}, refused.value.errors)
        (control,) = page.xpath("//input[@name='g.x']")
        assert control.get("aria-invalid") == "true"
        assert page.get_element_by_id(control.get("aria-describedby")).text == "Chưa nhập: Nhãn x."
        links = page.xpath("//div[@role='alert']//a")
        assert [link.text for link in links] == ["Chưa nhập: Nhãn x.", "Chưa chọn: Nhãn y."]
        assert all(page.get_element_by_id(link.get("href")[1:]) is not None for link in links)
        assert "(Nhãn g)" in page.xpath("//div[@role='alert']")[0].text_content()

    def test_text_stays_text_everywhere(self, draw):
        evil = '"><script>alert(1)</script>'
        document = form(
            field("x", label=evil, description=evil, hide=f'x = "{evil[2:]}"'),
            field("y", "radio", label=evil, values=[{"label": evil, "value": evil}]),
            field("z", "text", text=evil),
            field("rows", "dynamiclist", label=evil, components=[field("a", "textarea")]),
        )
        page = draw(
            document,
            {"x": evil, "y": evil, "rows": [{"a": "</textarea>" + evil}]},
            {"x": [evil], "": [evil], evil: [evil]},
        )
        assert page.xpath("//script") == []
        assert page.xpath("//input[@name='x']/@value") == [evil]
        assert page.xpath("//textarea[@name='rows.0.a']")[0].text.removeprefix("\n") == "</textarea>" + evil

    def test_words_between_stars_are_said_louder_and_stay_text(self, draw):
        page = draw(form(field("z", "text", text="Niêm yết **15 <i>ngày</i>**, mỗi * một lần.")))

        assert [one.text_content() for one in page.xpath("//b")] == ["15 <i>ngày</i>"]
        assert page.xpath("//i") == []

    @pytest.mark.parametrize(
        ("component", "answer", "shown"),
        [
            (field("x", "datetime", subtype="date"), "2026-11-02", "02/11/2026"),
            (field("x", "datetime", subtype="date"), "31/2/2026", "31/2/2026"),
            (field("x", "number", properties={"kind": "money"}), 150_000, "150.000"),
            (field("x", "select", properties={"kind": "nationality"}), "VN", "Việt Nam"),
            (field("x"), 7, "7"),
        ],
    )
    def test_the_value_as_people_write_it(self, draw, component, answer, shown):
        (control,) = draw(form(component), {"x": answer}).xpath("//input[@name='x']")
        assert (control.get("type"), control.get("value")) == ("text", shown)

    @pytest.mark.parametrize(
        ("born", "told"),
        [({"d": 2, "m": 4, "y": 1996}, "02/04/1996"), ({"m": 4, "y": 1996}, "04/1996"), ({"y": 1996}, "1996"), ({}, "")],
    )
    def test_a_date_of_parts_is_told_as_all_dates_are(self, born, told):
        parts = [field(key, "number") for key in "dmy"]
        document = form(field("born", "group", properties={"kind": "pdate"}, components=parts))
        ((item,),) = formview.view(document, {"born": born}, {}, {}, language="vi").lines
        assert item.told == told

    def test_the_chosen_one_is_chosen(self, draw):
        document = form(
            field("a", "radio", **YES_NO),
            field("b", "checklist", **YES_NO),
            field("c", "select", **YES_NO),
            field("d", "checkbox"),
        )
        page = draw(document, {"a": "no", "b": ["yes"], "c": "yes", "d": True})
        assert page.xpath("//input[@checked]/@value") == ["no", "yes", "true"]
        assert page.xpath("//option[@selected]/@value") == ["yes"]
        assert len(page.xpath("//fieldset[legend]")) == 2

    def test_the_defaults_stand_in_a_fresh_form_only(self, draw):
        document = form(field("a", defaultValue="x"), field("b"))
        assert draw(document).xpath("//input[@name='a']/@value") == ["x"]
        assert draw(document, {"b": "y"}).xpath("//input[@name='a']/@value") == [""]

    def test_english_labels(self, draw):
        document = form(field("a", "radio", properties={"label_en": "Married"}, **YES_NO))
        page = draw(document, language="en")
        assert page.xpath("//legend")[0].text.strip() == "Married"
        assert [label.text for label in page.xpath("//label")] == ["Yes", "No"]


class TestConditions:
    DOCUMENT = form(
        field("a", "radio", **YES_NO),
        field("b", hide='a != "yes"', properties={"required": '=a = "yes"'}),
        field("c"),
    )

    def test_what_is_away_is_hidden_and_keeps_its_text(self, draw):
        page = draw(self.DOCUMENT, {"a": "no", "b": "typed"})
        (box,) = page.xpath("//div[@data-hide]")
        assert box.get("hidden") is not None
        assert box.xpath(".//input/@value") == ["typed"]
        (box,) = draw(self.DOCUMENT, {"a": "yes"}).xpath("//div[@data-hide]")
        assert box.get("hidden") is None
        assert box.xpath(".//input/@aria-required") == ["true"]

    def test_the_controls_that_decide_are_marked(self, draw):
        assert set(draw(self.DOCUMENT).xpath("//*[@data-decides]/@name")) == {"a"}


class TestPlaces:
    DOCUMENT = form(
        field(
            "home",
            "group",
            properties={"kind": "address2"},
            components=[
                field("province", "select", properties={"kind": "province"}),
                field("commune", "select", properties={"kind": "commune", "of": "province"}),
            ],
        )
    )

    def test_the_communes_of_the_chosen_province(self, draw):
        page = draw(self.DOCUMENT, {"home": {"province": "38", "commune": "14797"}})
        assert len(page.xpath("//select[@name='home.commune']/option")) == 167
        assert page.xpath("//option[@selected]/@value") == ["38", "14797"]

    def test_a_province_fetches_its_communes(self, draw):
        page = draw(self.DOCUMENT)
        (province,) = page.xpath("//select[@name='home.province']")
        assert province.get("hx-get") == "/places/communes"
        assert page.get_element_by_id(province.get("hx-target")[1:]).get("name") == "home.commune"

    def test_offices_are_the_callers(self, draw):
        document = form(field("o", "select", properties={"kind": "office"}))
        assert draw(document).xpath("//input[@name='o']")
        page = draw(document, choices={"office": {"1": "UBND xã A"}})
        assert page.xpath("//select[@name='o']/option/@value") == ["", "1"]


class TestRows:
    DOCUMENT = form(
        field("rows", "dynamiclist", validate={"max": 3}, components=[field("a", required=True), field("b")])
    )

    def test_each_row_and_the_markup_of_a_new_one(self, draw):
        page = draw(self.DOCUMENT, {"rows": [{"a": "1"}, {"a": "2"}]}, {"rows.1.a": ["Sai."]})
        assert page.xpath("//input[not(ancestor::template)]/@name") == [
            "rows.0.a",
            "rows.0.b",
            "rows.1.a",
            "rows.1.b",
        ]
        assert page.xpath("//template//input/@name") == ["rows.__row__.a", "rows.__row__.b"]
        assert page.xpath("//input[@aria-invalid]/@name") == ["rows.1.a"]
        assert page.xpath("//button[@name='_remove']/@value")[:2] == ["rows.0", "rows.1"]

    def test_an_empty_list_shows_one_row(self, draw):
        assert draw(self.DOCUMENT).xpath("//input[not(ancestor::template)]/@name") == ["rows.0.a", "rows.0.b"]

    @pytest.mark.parametrize(
        ("pressed", "rows"),
        [
            ({"_add": "rows"}, [{"a": "1"}, {"a": "2"}, {}]),
            ({"_remove": "rows.0"}, [{"a": "2"}]),
            ({"_remove": "rows.7"}, [{"a": "1"}, {"a": "2"}]),
            ({"_remove": "rows"}, None),
            ({"_remove": "evil.0"}, None),
            ({"_add": "evil"}, None),
            ({}, None),
        ],
    )
    def test_without_a_script_the_server_adds_and_removes(self, pressed, rows):
        answers = {"rows": [{"a": "1"}, {"a": "2"}]}
        changed = formview.change_rows(self.DOCUMENT, answers, pressed)
        assert changed == (None if rows is None else {"rows": rows})
        assert answers == {"rows": [{"a": "1"}, {"a": "2"}]}

    def test_a_first_row_is_added_to_a_list_that_is_not_there(self):
        assert formview.change_rows(self.DOCUMENT, {}, {"_add": "rows"}) == {"rows": [{}]}

    def test_rows_within_rows(self):
        inner = field("inner", "dynamiclist", components=[field("a")])
        document = form(field("outer", "dynamiclist", components=[inner]))
        changed = formview.change_rows(
            document, {"outer": [{}, {"inner": [{"a": "1"}]}]}, {"_add": "outer.1.inner"}
        )
        assert changed == {"outer": [{}, {"inner": [{"a": "1"}, {}]}]}


@pytest.mark.parametrize(
    ("columns", "widths"),
    [
        ([16], [12]),
        ([8, 8], [6, 6]),
        ([5, 5, 6], [4, 4, 4]),
        ([4, 6, 6], [3, 5, 4]),
        ([6, 10], [5, 7]),
        ([8], [6]),
        ([1] * 16, [1] * 16),
    ],
)
def test_sixteen_columns_become_twelve(columns, widths):
    assert formview.widths(columns) == widths


@pytest.mark.parametrize(
    "answers", [None, "x", [], {"rows": "x"}, {f"k{n}": 1 for n in range(6_000)}, {"g": "x", "rows": [1]}]
)
def test_hostile_answers_are_drawn_as_an_empty_form(draw, answers):
    document = form(
        field("g", "group", components=[field("x")]), field("rows", "dynamiclist", components=[field("a")])
    )
    assert draw(document, answers).xpath("//input[@name='g.x']")


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "forms/schemas").glob("**/*.form.json")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_every_form_of_the_house_is_drawn_with_a_name_for_each_control(draw, path):
    page = draw(json.loads(path.read_text()), context={"lodged_on": date(2026, 11, 23), "channel": "online"})
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for control in page.xpath("//input | //select | //textarea"):
        assert page.xpath("//label[@for=$id][normalize-space()]", id=control.get("id")), html.tostring(
            control
        )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bpmn").glob("*/examples/complete.json")), ids=lambda path: path.parts[-3]
)
def test_what_is_drawn_is_read_back(draw, path):
    """A form filled with clean answers, sent as it stands, gives the same answers."""
    example = json.loads(path.read_text())
    record = json.loads((path.parents[1] / "procedure.json").read_text())
    document = json.loads((ROOT / "forms/schemas" / f"{record['declaration']}.form.json").read_text())
    context = {"lodged_on": date(2026, 11, 23), "channel": example["lodging"]["channel"], "lookup": {}}
    clean = forms.load(document, example["answers"], context)
    page = draw(document, clean, context=context)
    for template in page.xpath("//template"):
        template.getparent().remove(template)
    sent = {}
    for name, value in page.forms[0].form_values():
        sent.setdefault(name, []).append(value)
    assert forms.load(document, forms.from_flat(document, sent), context) == clean
