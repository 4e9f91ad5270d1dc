"""FEEL through the door: values, null, dates, names, limits."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import monotonic

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

import feel
from feel import FeelError, v8
from tests.waiting import eventually

SIXTY_DAYS = 'lodged_on > child.birth_date + duration("P60D")'


class TestEvaluate:
    @pytest.mark.parametrize(("born", "late"), [(date(2026, 8, 15), True), (date(2026, 11, 2), False)])
    def test_a_python_date_is_a_feel_date(self, born, late):
        context = {"lodged_on": date(2026, 11, 21), "child": {"birth_date": born}}
        assert feel.evaluate(SIXTY_DAYS, context) is late

    def test_a_string_stays_a_string(self):
        assert feel.evaluate('d = "2026-11-02"', {"d": "2026-11-02"}) is True
        assert feel.evaluate('date(d) = date("2026-11-02")', {"d": "2026-11-02"}) is True

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (date(2026, 11, 2), "2026-11-02"),
            (datetime(2026, 11, 2, 23, 30, tzinfo=UTC), "2026-11-03T06:30:00+07:00"),
            (datetime(2026, 11, 2, 0, 0, tzinfo=UTC), "2026-11-02T07:00:00+07:00"),
            (datetime(2026, 11, 2, 6, 30), "2026-11-02T06:30:00+07:00"),
            (time(6, 25), "06:25:00"),
            (timedelta(days=60), "P60D"),
            (Decimal(8000), 8000),
            (Decimal("0.5"), 0.5),
            (float("nan"), None),
            ({"a": [1, {"b": date(2026, 1, 1)}]}, {"a": [1, {"b": "2026-01-01"}]}),
            (frozenset({"b", "a"}), ["a", "b"]),
            ("<script>\ud800\x00", "<script>\ud800\x00"),
        ],
    )
    def test_values_come_back_as_json_values(self, value, said):
        assert feel.evaluate("x", {"x": value}) == said

    def test_the_day_of_an_instant_is_its_day_in_vietnam(self):
        early = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
        assert feel.evaluate("date(x)", {"x": early}) == "2026-11-03"

    def test_a_local_time_is_vietnams_whatever_the_machine_thinks(self):
        assert feel.evaluate('date and time("2026-11-02T08:00:00")', {}) == "2026-11-02T08:00:00+07:00"

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("a.b.c", None),
            ("a.b = null", True),
            ("a > 3", None),
            ("a > 3 or true", True),
            ('list contains(["x"], a)', False),
            ("if a then 1 else 2", 2),
            ("count", None),
        ],
    )
    def test_an_unknown_name_is_null_and_no_error(self, expression, value):
        assert feel.evaluate(expression, {}) == value

    def test_only_true_holds(self):
        assert feel.holds("a = 1", {"a": 1})
        assert not feel.holds("a > 1", {})
        assert not feel.holds("a", {"a": "yes"})

    def test_a_value_that_feel_has_no_type_for_is_a_bug_of_the_caller(self):
        with pytest.raises(TypeError, match=r"a\.b"):
            feel.evaluate("a", {"a": {"b": object()}})

    def test_many_at_once_keep_their_order_and_their_contexts(self):
        questions = [("x + y", {"x": n, "y": 1}) for n in range(20)]
        assert feel.evaluate_all(questions) == list(range(1, 21))
        assert feel.evaluate_all(questions) == list(range(1, 21))

    def test_a_result_cannot_be_changed_for_the_next_asker(self):
        feel.evaluate("[x, 2]", {"x": 1}).append(3)
        assert feel.evaluate("[x, 2]", {"x": 1}) == [1, 2]

    def test_only_what_is_read_must_be_a_value(self):
        assert feel.evaluate("a.x", {"a": {"x": 1, "y": object()}, "b": object()}) == 1

    def test_a_row_of_a_list_and_the_list_are_read_alike(self):
        rows = [{"age": 3, "name": "An"}, {"age": 20, "name": "Bình"}]
        assert feel.evaluate("rows[age < limit].name", {"rows": rows, "limit": 16}) == ["An"]
        assert feel.evaluate("some r in rows satisfies r.age > limit", {"rows": rows, "limit": 16}) is True

    @given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists))
    def test_any_json_value_passes_unchanged(self, value):
        assert feel.evaluate("[x]", {"x": value}) == [value]


class TestUnary:
    @pytest.mark.parametrize(
        ("test", "value", "passes"),
        [
            ("[6..14]", 6, True),
            ("[6..14)", 14, False),
            ('"a","b"', "b", True),
            ('not("a")', "a", False),
            ("< limit", 4, True),
            ("-", None, True),
            ('< date("2026-12-01")', date(2026, 11, 2), True),
        ],
    )
    def test_a_cell_of_a_table(self, test, value, passes):
        assert feel.unary(test, value, {"limit": 5}) is passes


class TestCheck:
    @pytest.mark.parametrize(
        ("expression", "names"),
        [
            (SIXTY_DAYS, {"lodged_on", "child.birth_date"}),
            ("years and months duration(a, b).years", {"a", "b"}),
            ("some r in rows satisfies r.age > limit", {"rows", "rows.age", "limit"}),
            ('count(rows[verdict = "missing"]) > 0', {"rows"}),
            ("count(rows[item.age > 3].name)", {"rows.name", "rows.age"}),
            ("{a: x, b: a + y}.b", {"x", "y"}),
            ("for r in rows return r.n * rate", {"rows", "rows.n", "rate"}),
            ('list contains(list: a, element: "x")', {"a"}),
            ("x.today", {"x.today"}),
            ('"today()"', set()),
        ],
    )
    def test_the_names_an_expression_reads(self, expression, names):
        assert feel.check(expression) == names

    @pytest.mark.parametrize(
        ("expression", "code", "start"),
        [
            ("a +", "syntax", 3),
            ("'a'", "syntax", 0),
            ("  ", "empty", 0),
            ("a and today() > b", "clock", 6),
            ("now", "clock", 0),
            ("a[b < today()]", "clock", 6),
            ("a + __import__(b)", "function", 4),
            ("a" * 5_000, "too_long", 0),
        ],
    )
    def test_what_is_refused_says_where_and_why_in_both_languages(self, expression, code, start):
        with pytest.raises(FeelError) as refused:
            feel.check(expression)
        assert (refused.value.code, refused.value.start) == (code, start)
        assert refused.value.sentence("vi") != refused.value.sentence("en")
        assert str(refused.value).endswith(".")

    @pytest.mark.parametrize(("expression", "near"), [("a > > b", "gần “> b”"), ("=approved", "gần “=approved”"), ("a +", "gần “a +”")])
    def test_what_cannot_be_read_is_told_by_the_words_at_that_place(self, expression, near):
        with pytest.raises(FeelError) as refused:
            feel.check(expression)
        assert near in str(refused.value)

    def test_what_is_refused_is_not_evaluated_either(self):
        with pytest.raises(FeelError):
            feel.evaluate("today()", {})

    def test_a_cell_is_checked_as_a_cell(self):
        assert feel.check("[a..b]", "unary") == {"a", "b"}
        with pytest.raises(FeelError):
            feel.check("< ", "unary")


class TestUnknown:
    def test_parts_and_owners_of_known_names_are_known(self):
        known = {"child.birth_date", "rows.age", "channel"}
        assert (
            feel.unknown("child = null or child.birth_date.year > 1 and count(rows) > 0", known)
            == frozenset()
        )
        assert feel.unknown("chanel = child.birth", known) == {"chanel", "child.birth"}


class TestLimits:
    def test_what_runs_too_long_is_stopped_and_the_next_one_runs(self):
        with pytest.raises(FeelError) as stopped:
            feel.evaluate('matches(x, "^(a+)+$")', {"x": "a" * 40 + "b"})
        assert stopped.value.code == "too_slow"
        assert feel.evaluate("x + 1", {"x": 41}) == 42

    def test_what_takes_too_much_is_stopped_and_the_next_one_runs(self):
        with pytest.raises(FeelError) as stopped:
            feel.evaluate("for i in 1..100000000 return i", {})
        assert stopped.value.code in {"too_much_memory", "too_slow"}
        assert feel.evaluate("x + 1", {"x": 42}) == 43

    def test_a_long_context_or_result_is_refused(self):
        for expression in ("x", "string join([x, x, x], x)"):
            with pytest.raises(FeelError) as refused:
                feel.evaluate(expression, {"x": "a" * (300_000 if expression == "x" else 90_000)})
            assert refused.value.code == "too_long"

    def test_recursion_without_end_is_an_error_not_a_crash(self):
        with pytest.raises(FeelError) as refused:
            feel.evaluate("(function(f) f(f))(function(f) f(f))", {})
        assert refused.value.code == "failed"


SAYS_WHEN = """
import feel
feel.evaluate("1", {})
print("now", flush=True)
print(feel.evaluate("count(for i in 1..100000 return i * 2)", {}), flush=True)
"""


class TestProcess:
    def test_a_machine_that_stood_still_meanwhile_is_no_time_of_the_expression(self):
        with subprocess.Popen([sys.executable, "-c", SAYS_WHEN], stdout=subprocess.PIPE) as child:
            assert child.stdout.readline() == b"now\n"
            process = psutil.Process(child.pid)
            spent = sum(process.cpu_times()[:2])
            assert eventually(lambda: sum(process.cpu_times()[:2]) > spent), "it is at work"
            child.send_signal(signal.SIGSTOP)
            stopped = monotonic()
            assert eventually(lambda: monotonic() - stopped > 1.3 * v8.SECONDS)
            child.send_signal(signal.SIGCONT)
            assert child.stdout.readline() == b"100000\n"

    def test_threads_share_the_isolate(self):
        said = []
        threads = [
            threading.Thread(
                target=lambda n=n: said.extend(feel.evaluate("x * 2", {"x": n + i}) for i in range(10))
            )
            for n in range(0, 400, 100)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(said) == sorted(2 * (n + i) for n in range(0, 400, 100) for i in range(10))

    def test_a_forked_process_has_its_own(self):
        assert feel.evaluate("x + 1", {"x": 7}) == 8
        if (child := os.fork()) == 0:
            os._exit(feel.evaluate("x + 2", {"x": 7}))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    def test_a_running_event_loop_does_not_stop_it(self):
        import asyncio

        async def ask():
            return feel.evaluate("x + 3", {"x": 7})

        assert asyncio.run(ask()) == 10
