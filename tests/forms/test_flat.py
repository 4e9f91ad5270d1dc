"""Names of an HTML form become nested answers."""

from werkzeug.datastructures import MultiDict

import forms
from tests.factories.documents import field, form

YES_NO = {"values": [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]}
DOCUMENT = form(
    field("name"),
    field("home", "group", components=[field("street"), field("born", "datetime", subtype="date")]),
    field("many", "checklist", **YES_NO),
    field("tick", "checkbox"),
    field("rows", "dynamiclist", components=[field("a"), field("tick", "checkbox")]),
)


def test_names_are_dotted_paths_and_rows_are_numbered():
    data = MultiDict(
        [
            ("csrf_token", "t"),
            ("name", "An"),
            ("home.street", "Sông Hạc"),
            ("home.born", "2/11/2026"),
            ("many", ""),
            ("many", "no"),
            ("many", "yes"),
            ("tick", ""),
            ("tick", "on"),
            ("rows.7.a", "second"),
            ("rows.2.a", "first"),
            ("rows.2.tick", "on"),
            ("rows.9.a", ""),
            ("rows.x.a", "no row"),
            ("seen", "3"),
            ("_add", "rows"),
        ]
    )
    assert forms.from_flat(DOCUMENT, data) == {
        "name": "An",
        "home": {"street": "Sông Hạc", "born": "2026-11-02"},
        "many": ["no", "yes"],
        "tick": True,
        "rows": [{"a": "first", "tick": True}, {"a": "second", "tick": False}],
    }


def test_what_nobody_touched_says_no_and_none():
    assert forms.from_flat(DOCUMENT, {}) == {"many": [], "tick": False, "rows": []}


def test_names_the_form_does_not_know_are_the_pages():
    assert forms.from_flat(form(field("a")), {"a": "1", "_add": "rows", "csrf_token": "t"}) == {"a": "1"}


def test_a_prefix_keeps_apart_what_both_know():
    assert forms.from_flat(form(field("a")), {"f.a": "1", "a": "2"}, prefix="f.") == {"a": "1"}


def test_what_cannot_be_read_comes_back_as_it_was_typed():
    document = form(field("on", "datetime", subtype="date"), field("n", "number"))
    assert forms.from_flat(document, {"on": "mai", "n": "ba"}) == {"on": "mai", "n": "ba"}


def test_many_row_numbers_make_no_empty_rows():
    assert forms.from_flat(DOCUMENT, {"rows.9999.a": "x", "rows.123456789.a": "y"})["rows"] == [
        {"a": "x", "tick": False}
    ]
