"""One table per component: what goes in, what is kept, what is refused with which code."""

from datetime import date, datetime, time

import pytest

import forms
from forms import FormInvalid
from tests.factories.documents import field, form

OPTIONS = {"values": [{"label": "Một", "value": "a"}, {"label": "Hai", "value": "b"}]}
OK = None

TABLE = [
    # type, kind, more, answer, kept or code
    ("textfield", None, {}, "  Trần   Thị\u0323 A  ", ("Trần Thị\u0323 A".replace("i\u0323", "ị"), OK)),
    ("textfield", None, {}, "<script>alert(1)</script>", ("<script>alert(1)</script>", OK)),
    ("textfield", None, {}, "a\x00b", "characters"),
    ("textfield", None, {}, "a\ud800b", "characters"),
    ("textfield", None, {}, "a\x1bb", "characters"),
    ("textfield", None, {}, "x" * 251, "too_long"),
    ("textfield", None, {}, 7, "type"),
    ("textfield", None, {}, ["a"], "type"),
    ("textfield", None, {}, {"a": "b"}, "type"),
    ("textfield", None, {"validate": {"minLength": 3}}, "ab", "too_short"),
    ("textfield", None, {"validate": {"maxLength": 3}}, "abcd", "too_long"),
    (
        "textfield",
        None,
        {"validate": {"pattern": "[A-Z]{2} ?[0-9]{6,8}"}},
        "AA 01234567",
        ("AA 01234567", OK),
    ),
    ("textfield", None, {"validate": {"pattern": "[A-Z]{2} ?[0-9]{6,8}"}}, "xx AA 01234567", "pattern"),
    ("textarea", None, {}, "một\r\nhai\n", ("một\nhai", OK)),
    ("textarea", None, {}, "x" * 2_001, "too_long"),
    ("textfield", "name", {}, "Y Bliă Ê-ban", ("Y Bliă Ê-ban", OK)),
    ("textfield", "name", {}, "Nguyễn Văn 2", "name_digits"),
    ("textfield", "name", {}, "Nguyễn @ Văn", "name"),
    ("textfield", "name", {}, "A", "too_short"),
    ("textfield", "phone", {}, "0912 345 678", ("0912345678", OK)),
    ("textfield", "phone", {}, "0912.345.678", ("0912345678", OK)),
    ("textfield", "phone", {}, "+84 912 345 678", ("0912345678", OK)),
    ("textfield", "phone", {}, "091234567", "phone_short"),
    ("textfield", "phone", {}, "09123456789", "phone_long"),
    ("textfield", "phone", {}, "9912345678", "phone_zero"),
    ("textfield", "phone", {}, "không có", "phone_characters"),
    ("textfield", "phone", {}, "０９１２３４５６７８", "phone_characters"),
    ("textfield", "personal_id", {}, "099 098 000 301", ("099098000301", OK)),
    ("textfield", "personal_id", {}, "09909800030", "personal_id_short"),
    ("textfield", "personal_id", {}, "0990980003011", "personal_id_long"),
    ("textfield", "personal_id", {}, "B1234567", "personal_id_characters"),
    ("textfield", "email", {}, "lan.vt@example.vn", ("lan.vt@example.vn", OK)),
    ("textfield", "email", {}, "lan@example", "email"),
    ("textfield", "email", {}, "lan..vt@example.vn", "email"),
    ("textfield", "tax_code", {}, "2800 000 001-001", ("2800000001-001", OK)),
    ("textfield", "tax_code", {}, "099098000301", ("099098000301", OK)),
    ("textfield", "tax_code", {}, "28000000", "tax_code"),
    ("textfield", "entry_no", {}, "17 / 2024", ("17/2024", OK)),
    ("textfield", "entry_no", {}, "17/24", "entry_no"),
    ("number", None, {}, 12.5, (12.5, OK)),
    ("number", None, {}, 3.0, (3, OK)),
    ("number", None, {}, "12", "number"),
    ("number", None, {}, True, "number"),
    ("number", None, {}, float("nan"), "number"),
    ("number", None, {}, float("inf"), "number"),
    ("number", None, {}, 2**60, "maximum"),
    ("number", None, {}, -(2**60), "minimum"),
    ("number", None, {"decimalDigits": 0}, 1.5, "integer"),
    ("number", None, {"decimalDigits": 1}, 1.25, "decimals"),
    ("number", None, {"validate": {"min": 1, "max": 50}}, 0, "minimum"),
    ("number", None, {"validate": {"min": 1, "max": 50}}, 51, "maximum"),
    ("number", "year", {"validate": {"min": 1900}}, 1996, (1996, OK)),
    ("number", "year", {"validate": {"min": 1900}}, 1899, "minimum"),
    ("number", "year", {}, 1996.5, "integer"),
    ("number", "money", {}, 150_000, (150_000, OK)),
    ("number", "money", {}, -1, "minimum"),
    ("number", "money", {}, 0.5, "integer"),
    ("datetime", None, {"subtype": "date"}, "2026-11-02", ("2026-11-02", OK)),
    ("datetime", None, {"subtype": "date"}, "20261102", ("2026-11-02", OK)),
    ("datetime", None, {"subtype": "date"}, "2026-02-30", "date"),
    ("datetime", None, {"subtype": "date"}, "02/11/2026", "date"),
    ("datetime", None, {"subtype": "date"}, "1899-12-31", "date_range"),
    ("datetime", None, {"subtype": "date"}, 20261102, "type"),
    ("datetime", None, {"subtype": "time"}, "06:25:30", ("06:25", OK)),
    ("datetime", None, {"subtype": "time"}, "25:00", "time"),
    ("datetime", None, {"subtype": "datetime"}, "2026-11-02T08:30", ("2026-11-02T08:30:00+07:00", OK)),
    ("datetime", None, {"subtype": "datetime"}, "2026-11-02T01:30:00Z", ("2026-11-02T08:30:00+07:00", OK)),
    ("datetime", None, {"subtype": "datetime"}, "9999-12-31T23:59:59-12:00", "datetime"),
    ("datetime", None, {"subtype": "datetime"}, "hôm nay", "datetime"),
    ("select", None, OPTIONS, "a", ("a", OK)),
    ("radio", None, OPTIONS, "c", "option"),
    ("radio", None, OPTIONS, ["a"], "type"),
    ("checklist", None, OPTIONS, ["b", "a", "b"], (["a", "b"], OK)),
    ("checklist", None, OPTIONS, ["c"], "option"),
    ("checklist", None, OPTIONS, "a", "type"),
    ("checklist", None, OPTIONS, [1], "type"),
    ("checkbox", None, {}, True, (True, OK)),
    ("checkbox", None, {}, "yes", "type"),
    ("checkbox", None, {}, 1, "type"),
    ("select", "province", {}, "38", ("38", OK)),
    ("select", "province", {}, "thanh HÓA", ("38", OK)),
    ("select", "province", {}, "99", "option"),
    ("select", "ethnicity", {}, "01", ("01", OK)),
    ("select", "ethnicity", {}, "Mường", ("06", OK)),
    ("select", "ethnicity", {}, "Việt Nam", "ethnicity"),
    ("select", "ethnicity", {}, "VN", "ethnicity"),
    ("select", "ethnicity", {}, "Klingon", "option"),
    ("select", "nationality", {}, "Việt Nam", ("VN", OK)),
    ("select", "nationality", {}, "XX", ("XX", OK)),
    ("select", "nationality", {}, "Sao Hỏa", "option"),
    ("select", "office", {}, "UBND xã Yên Lũng", ("UBND xã Yên Lũng", OK)),
    ("select", "officer", {}, 5, "type"),
]


@pytest.mark.parametrize(("type_", "kind", "more", "answer", "expected"), TABLE)
def test_an_answer_is_kept_or_refused(type_, kind, more, answer, expected):
    document = form(field("x", type_, properties={"kind": kind} if kind else {}, **more))
    if isinstance(expected, tuple):
        assert forms.load(document, {"x": answer}, {}) == {"x": expected[0]}
        return
    with pytest.raises(FormInvalid) as refused:
        forms.load(document, {"x": answer}, {})
    assert [one.code for one in refused.value.problems["x"]] == [expected]


BLANK = [{}, {"x": None}, {"x": ""}, {"x": "  "}]


@pytest.mark.parametrize(
    ("type_", "more", "code", "answers"),
    [
        *(("textfield", {}, "required", blank) for blank in BLANK),
        *(("radio", OPTIONS, "required_choice", blank) for blank in BLANK),
        *(("datetime", {"subtype": "date"}, "required", blank) for blank in BLANK),
        *(("number", {}, "required", blank) for blank in BLANK[:3]),
        *(("checklist", OPTIONS, "required_choice", blank) for blank in (*BLANK[:2], {"x": []})),
        *(("checkbox", {}, "required_tick", blank) for blank in (*BLANK[:2], {"x": False})),
    ],
)
def test_what_is_required_must_be_answered(type_, more, code, answers):
    document = form(field("x", type_, required=True, **more))
    with pytest.raises(FormInvalid) as refused:
        forms.load(document, answers, {})
    assert [one.code for one in refused.value.problems["x"]] == [code]
    assert "Nhãn x" in refused.value.errors["x"][0]


def test_a_short_phone_number_says_how_many_digits_there_are():
    with pytest.raises(FormInvalid) as refused:
        forms.load(form(field("phone", properties={"kind": "phone"})), {"phone": "091234567"}, {})
    assert refused.value.errors == {"phone": ["Mới có 9 chữ số. Gõ đủ 10 chữ số, ví dụ 0912 345 678."]}
    assert refused.value.sentences("en") == {"phone": ["Only 9 digits. Type all 10, such as 0912 345 678."]}


class TestPartialDate:
    @pytest.fixture
    def document(self):
        parts = [field(part, "number", decimalDigits=0) for part in "dmy"]
        return form(field("born", "group", properties={"kind": "pdate"}, components=parts))

    @pytest.mark.parametrize("born", [{"y": 1950}, {"y": 1950, "m": 2}, {"y": 2024, "m": 2, "d": 29}])
    def test_a_day_a_month_or_a_year(self, document, born):
        assert forms.load(document, {"born": born}, {}) == {"born": born}

    @pytest.mark.parametrize(
        ("born", "errors"),
        [
            ({"m": 2}, {"born.y": "pdate_year"}),
            ({"y": 1950, "d": 3}, {"born.m": "pdate_month"}),
            ({"y": 2023, "m": 2, "d": 29}, {"born.d": "pdate_day"}),
            ({"y": 0}, {"born.d": "pdate_day"}),
        ],
    )
    def test_what_is_no_date_is_refused_at_its_part(self, document, born, errors):
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"born": born}, {})
        assert {path: one[0].code for path, one in refused.value.problems.items()} == errors

    def test_nothing_is_left_of_an_empty_group(self, document):
        assert forms.load(document, {"born": {"y": None, "m": ""}}, {}) == {}


class TestAddress:
    @pytest.fixture
    def document(self):
        parts = [
            field("province", "select", properties={"kind": "province"}),
            field("commune", "select", properties={"kind": "commune", "of": "province"}),
            field("detail"),
        ]
        return form(field("home", "group", properties={"kind": "address2"}, components=parts))

    def test_a_commune_of_its_province(self, document):
        home = {"province": "38", "commune": "14797", "detail": "thôn Bái Trung"}
        assert forms.load(document, {"home": home}, {}) == {"home": home}

    def test_a_commune_of_another_province_is_refused_by_name(self, document):
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"home": {"province": "01", "commune": "14797"}}, {})
        (sentence,) = refused.value.errors["home.commune"]
        assert sentence.endswith("không thuộc Thành phố Hà Nội. Hãy chọn lại xã, phường.")

    def test_there_are_34_provinces_and_3321_communes(self):
        from forms import places

        assert len(places.provinces()) == 34
        assert len(places.all_communes()) == 3_321
        assert sum(len(places.communes(code)) for code in places.provinces()) == 3_321
        assert places.communes("không có") == {}


class TestRows:
    @pytest.fixture
    def document(self):
        parts = [field("name", required=True), field("ill", "checkbox")]
        return form(field("rows", "dynamiclist", validate={"min": 1, "max": 2}, components=parts))

    def test_each_row_is_a_small_form(self, document):
        assert forms.load(document, {"rows": [{"name": " An "}]}, {}) == {
            "rows": [{"name": "An", "ill": False}]
        }

    @pytest.mark.parametrize(
        ("rows", "errors"),
        [
            ([], {"rows": "rows_minimum"}),
            ([{"name": "a"}] * 3, {"rows": "rows_maximum"}),
            ([{"name": "a"}, {}], {"rows.1.name": "required"}),
            ([{"name": "a", "evil": 1}], {"rows.0.evil": "unknown"}),
            (["a"], {"rows.0": "type"}),
            ({"0": {"name": "a"}}, {"rows": "type"}),
            ("a", {"rows": "type"}),
        ],
    )
    def test_what_does_not_fit_is_refused_in_its_row(self, document, rows, errors):
        with pytest.raises(FormInvalid) as refused:
            forms.load(document, {"rows": rows}, {})
        assert {path: one[0].code for path, one in refused.value.problems.items()} == errors


@pytest.mark.parametrize(
    ("type_", "kind", "subtype", "typed", "answer"),
    [
        ("datetime", None, "date", "2/11/2026", "2026-11-02"),
        ("datetime", None, "date", "02112026", "2026-11-02"),
        ("datetime", None, "date", "2-11-2026", "2026-11-02"),
        ("datetime", None, "date", "2026-11-02", "2026-11-02"),
        ("datetime", None, "date", "31/2/2026", "2026-02-31"),
        ("datetime", None, "date", "hôm qua", "hôm qua"),
        ("datetime", None, "time", "6h25", "06:25"),
        ("datetime", None, "time", "0625", "06:25"),
        ("datetime", None, "datetime", "2/11/2026 8:30", "2026-11-02T08:30"),
        ("number", None, None, "12,5", 12.5),
        ("number", None, None, "1.250.000", 1_250_000),
        ("number", None, None, "1.5", 1.5),
        ("number", None, None, "mười", "mười"),
        ("number", "money", None, "150.000 đ", 150_000),
        ("number", "money", None, "150000", 150_000),
        ("checkbox", None, None, "on", True),
    ],
)
def test_what_is_typed_becomes_an_answer(type_, kind, subtype, typed, answer):
    more = {"subtype": subtype} if subtype else {}
    document = form(field("x", type_, properties={"kind": kind} if kind else {}, **more))
    assert forms.from_flat(document, {"x": typed}) == {"x": answer}


@pytest.mark.parametrize(
    ("type_", "kind", "subtype", "answer", "shown"),
    [
        ("datetime", None, "date", "2026-11-02", "02/11/2026"),
        ("datetime", None, "date", "31/2", "31/2"),
        ("datetime", None, "datetime", "2026-11-02T08:30:00+07:00", "02/11/2026 08:30"),
        ("datetime", None, "time", "06:25", "06:25"),
        ("number", None, None, 12.5, "12,5"),
        ("number", None, None, 1250, "1250"),
        ("number", "money", None, 150_000, "150.000"),
        ("textfield", None, None, "<b>", "<b>"),
    ],
)
def test_what_is_shown_is_read_back_the_same(type_, kind, subtype, answer, shown):
    from forms.registry import of
    from forms.schema import nodes_of

    more = {"subtype": subtype} if subtype else {}
    document = form(field("x", type_, properties={"kind": kind} if kind else {}, **more))
    (node,) = nodes_of(document)
    assert of(node).show(node, answer) == shown
    if shown != "31/2":
        read = forms.from_flat(document, {"x": shown})
        assert forms.load(document, read, {}) == {"x": answer}


@pytest.mark.parametrize(
    ("type_", "subtype", "answer", "fact"),
    [
        ("datetime", "date", "2026-11-02", date(2026, 11, 2)),
        ("datetime", "time", "06:25", time(6, 25)),
        (
            "datetime",
            "datetime",
            "2026-11-02T08:30:00+07:00",
            datetime.fromisoformat("2026-11-02T08:30:00+07:00"),
        ),
        ("datetime", "date", "nonsense", "nonsense"),
        ("textfield", None, "2026-11-02", "2026-11-02"),
    ],
)
def test_dates_are_facts_of_their_own_type(type_, subtype, answer, fact):
    more = {"subtype": subtype} if subtype else {}
    document = form(field("x", type_, **more))
    assert forms.facts(document, {"x": answer}) == {"x": fact}


@pytest.mark.parametrize(("kind", "said"), [("year", "Phải từ 1900 trở lên."), (None, "Phải từ 1.900 trở lên.")])
def test_a_year_is_no_amount_digits_of_which_are_grouped(kind, said):
    document = form(field("x", "number", validate={"min": 1900}, properties={"kind": kind} if kind else {}))
    with pytest.raises(FormInvalid) as refused:
        forms.load(document, {"x": 96}, {})
    assert refused.value.errors == {"x": [said]}
