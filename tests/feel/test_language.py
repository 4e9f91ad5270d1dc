"""The language itself: what the public test cases of DMN ask, in the cases that procedures use."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel import FeelError


def said(expression: str, **context: object) -> object:
    return feel.evaluate(expression, context)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # numbers are what people write
        ("0.1 + 0.2 = 0.3", True),
        ("1.1 * 3", 3.3),
        ("-5 ** 2", 25),
        ("10 / 0", None),
        ("decimal(2.5, 0)", 2),
        ("round half up(1.115, 2)", 1.12),
        ("floor(-1.5)", -2),
        ("modulo(-12, 5)", 3),
        ('number("1.234.567,8", ".", ",")', 1234567.8),
        ("string(12300000000000000000000)", "12300000000000000000000"),
        # null stays unknown
        ("null > 1", None),
        ("null = null", True),
        ("1 = null", False),
        ('1 = "1"', None),
        ("false and null", False),
        ("true and null", None),
        ("sum([1, null])", None),
        # text by characters
        ('substring("Nguyễn Thị Ánh", -3)', "Ánh"),
        ('string length("🐎ơ")', 2),
        ('"Ánh" < "Bình"', False),
        ('replace("0912 345", "\\s", "")', "0912345"),
        ('matches("38-A1", "^\\d{2}-[A-Z-[IO]]\\d$")', True),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        # lists
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("[1, 2, 3][-1]", 3),
        ('[{a: 1, b: "x"}, {a: 2, b: "y"}][a = 2].b', ["y"]),
        ("for i in 3..1 return i * i", [9, 4, 1]),
        ("for i in 1..4 return if i = 1 then 1 else partial[-1] * i", [1, 2, 6, 24]),
        ("every x in [] satisfies x > 1", True),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ("distinct values([1, 2, 1])", [1, 2]),
        ("median([8, 2, 5, 3])", 4),
        ("list replace([1, 2, 3], 2, 9)", [1, 9, 3]),
        # ranges
        ("5 in [1..10]", True),
        ("10 in [1..10)", False),
        ("5 in (< 3, > 4)", True),
        ("overlaps([1..5], [5..9])", True),
        ("before([1..5), [5..9])", True),
        ("[2..1]", None),
        ("[1..3] instance of range<number>", True),
        # contexts, functions, types
        ("{a: 1, b: a + 1}.b", 2),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ("(function(x: number) x * 2)(4)", 8),
        ('(function(x: number) x * 2)("4")', None),
        ("[1, 2] instance of list<number>", True),
        ('[1, "2"] instance of list<number>', False),
        ('@"P1D" instance of days and time duration', True),
    ],
)  # fmt: skip
def test_a_value(expression, value):
    assert said(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('date("2026-02-29")', None),
        ('date("2024-02-29") + duration("P1Y")', "2025-02-28"),
        ('date("2026-11-23") - date("2026-11-01")', "P22D"),
        ("date(2026, 11, 23).weekday", 1),
        ('day of week(date("2026-11-23"))', "Monday"),
        ('week of year(date("2027-01-01"))', 53),
        ('years and months duration(date("1961-08-05"), date("2026-11-23")).years', 65),
        ('years and months duration(date("1961-11-24"), date("2026-11-23")).years', 64),
        ('date and time("2026-11-23T08:00:00+07:00") = date and time("2026-11-23T01:00:00Z")', True),
        ('date and time("2026-11-23T08:00:00") = date and time("2026-11-23T01:00:00Z")', True),
        ('date and time("2026-11-23T08:00:00@Asia/Ho_Chi_Minh") = date and time("2026-11-23T01:00:00Z")', True),
        ('is(date and time("2026-11-23T08:00:00+07:00"), date and time("2026-11-23T01:00:00Z"))', False),
        ('time("23:30:00") + duration("PT1H")', "00:30:00"),
        ('duration("P1DT25H")', "P2DT1H"),
        ('duration("P14M")', "P1Y2M"),
        ('duration("P1M1D")', None),
        ('duration("PT90M") / 2', "PT45M"),
        ('date("-0044-03-15").year', -44),
        ('string(date("2026-11-23"))', "2026-11-23"),
    ],
)  # fmt: skip
def test_a_moment(expression, value):
    assert said(expression) == value


class TestNames:
    def test_a_part_of_a_value_is_no_door_to_the_machine(self):
        for name in ("constructor", "__proto__", "toString", "prototype"):
            assert said(f"x.{name}", x={"a": 1}) is None
            assert said(f'date("2026-01-01").{name}') is None
            assert said(name) is None

    def test_a_key_may_have_any_name(self):
        assert said('{"__proto__": 1, "constructor": 2}.constructor') == 2
        assert said("x", x={"__proto__": {"a": 1}, "constructor": None}) == {
            "__proto__": {"a": 1},
            "constructor": None,
        }


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_whole_numbers_are_exact(a, b):
    assert said("[a + b, a - b, a < b, a = b]", a=a, b=b) == [a + b, a - b, a < b, a == b]


@given(st.dates(), st.integers(-5_000, 5_000))
def test_days_are_added_as_the_calendar_does(day, by):
    try:
        there = (day + timedelta(days=by)).isoformat()
    except OverflowError:
        return
    assert said("day + step", day=day, step=timedelta(days=by)) == there


@given(st.text(alphabet="abx12 +-*/()[]{}.,:<>=\"'?@#\n|\\", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        feel.evaluate(text, {"a": 1, "b": [1, 2], "x": {"a": "b"}})
        problem = None
    except FeelError as refused:
        problem = refused
    assert problem is None or problem.code in {"syntax", "empty", "function", "clock"}
    assert problem is None or 0 <= problem.start <= len(text)
