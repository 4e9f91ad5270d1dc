"""Decision tables: which rules hold, and what the hit policy makes of them."""

from datetime import date

import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from engine.runtime.decisions import DecisionFailed, Decisions
from engine.runtime.errors import DiagramRefused
from tests.engine.runtime.decisions.dmn import one_table

AGES = (("< 16", '"child"'), ("[16..60)", '"adult"'), (">= 60", '"old"'))


def decide(model: bytes, **inputs):
    return Decisions.of(model).decide("d", inputs)


def value(model: bytes, **inputs):
    return decide(model, **inputs).value


class TestUnique:
    @pytest.mark.parametrize(("age", "class_"), [(15, "child"), (16, "adult"), (60, "old"), (None, None)])
    def test_the_one_rule_that_holds_decides(self, age, class_):
        assert value(one_table("UNIQUE", ("a",), ("class",), *AGES), a=age) == class_

    def test_two_rules_that_hold_are_an_error_that_names_both(self):
        model = one_table("UNIQUE", ("a",), ("x",), ("< 10", "1"), ("> 20", "2"), ("> 5", "3"))
        with pytest.raises(DecisionFailed) as failed:
            decide(model, a=7)
        assert "r1 " in failed.value.facts["reason"]
        assert "r3 " in failed.value.facts["reason"]
        assert "r2 " not in failed.value.facts["reason"]

    def test_equal_results_do_not_excuse_an_overlap(self):
        with pytest.raises(DecisionFailed):
            decide(one_table("UNIQUE", ("a",), ("x",), ("-", "1"), ("1", "1")), a=1)

    def test_it_is_the_policy_when_none_is_named(self):
        model = one_table("UNIQUE", ("a",), ("x",), ("-", "1"), ("-", "2")).replace(
            b' hitPolicy="UNIQUE"', b""
        )
        with pytest.raises(DecisionFailed):
            decide(model, a=1)


class TestAny:
    ROWS = (("> 0", '"yes"'), ("> 5", '"yes"'), ("> 8", '"no"'))

    def test_rules_that_agree_decide_together(self):
        decided = decide(one_table("ANY", ("a",), ("x",), *self.ROWS), a=6)
        assert decided.value == "yes"
        assert decided.matched[0].rules == ("r1", "r2")

    def test_rules_that_differ_are_an_error(self):
        with pytest.raises(DecisionFailed):
            decide(one_table("ANY", ("a",), ("x",), *self.ROWS), a=9)


class TestOneOfSeveral:
    ROWS = (("> 0", '"low"'), ("> 5", '"high"'), ("> 3", '"middle"'))

    def test_first_takes_the_first(self):
        assert value(one_table("FIRST", ("a",), ("x",), *self.ROWS), a=9) == "low"

    def test_priority_takes_what_the_values_of_the_output_put_first(self):
        model = one_table("PRIORITY", ("a",), ("x",), *self.ROWS, values=('"high","middle","low"',))
        assert [value(model, a=a) for a in (9, 4, 1, 0)] == ["high", "middle", "low", None]

    def test_priority_looks_at_the_next_output_when_the_first_are_alike(self):
        rows = (("-", '"A"', '"y"'), ("-", '"A"', '"x"'), ("-", '"B"', '"x"'))
        model = one_table("PRIORITY", ("a",), ("p", "q"), *rows, values=('"A","B"', '"x","y"'))
        assert value(model, a=1) == {"p": "A", "q": "x"}


    @pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
    def test_without_values_of_the_output_there_is_no_order(self, policy):
        with pytest.raises(DiagramRefused) as refused:
            Decisions.of(one_table(policy, ("a",), ("x",), *self.ROWS))
        [problem] = refused.value.problems
        assert (problem.rule, problem.element, problem.line) == ("dmn_no_values", "t", 4)

    @pytest.mark.parametrize("policy", ["UNIQUE", "PRIORITY", "COLLECT"])
    def test_a_result_that_the_output_does_not_allow_is_an_error_that_names_column_and_rule(self, policy):
        rows = (("> 5", '"low"'), ("< 4", '"odd"'))
        model = one_table(policy, ("a",), ("x",), *rows, values=('"high","low"',))
        assert value(model, a=9) in ("low", ["low"])
        with pytest.raises(DecisionFailed) as failed:
            decide(model, a=3)
        assert failed.value.facts["reason"].startswith("Kết quả ở cột “out0” không nằm trong")
        assert "r2 " in failed.value.facts["reason"]

    @pytest.mark.parametrize("policy", ["UNIQUE", "RULE ORDER", "COLLECT"])
    def test_a_result_of_another_type_is_an_error_that_names_column_and_rule(self, policy):
        model = one_table(policy, ("a",), ("x",), ("> 5", '"200.000"'), ("< 4", "200000"))
        typed = model.replace(b'<output id="out0"', b'<output id="out0" typeRef="number"')
        assert typed != model
        assert value(typed, a=3) in (200000, [200000])
        with pytest.raises(DecisionFailed) as failed:
            decide(typed, a=9)
        assert failed.value.facts["reason"].startswith("Kết quả ở cột “out0” không đúng kiểu")
        assert "r1 " in failed.value.facts["reason"]

    def test_a_rule_without_result_is_none_of_the_values_and_proposes_nothing(self):
        assert value(one_table("UNIQUE", ("a",), ("x",), ("-", "null"), values=('"a"',)), a=1) is None


class TestAllOfThem:
    ROWS = (("> 0", "1"), ("> 5", "3"), ("> 3", "2"))

    def test_rule_order_lists_by_rule(self):
        assert value(one_table("RULE ORDER", ("a",), ("x",), *self.ROWS), a=9) == [1, 3, 2]

    def test_output_order_lists_by_preference(self):
        model = one_table("OUTPUT ORDER", ("a",), ("x",), *self.ROWS, values=("3,2,1",))
        assert value(model, a=9) == [3, 2, 1]

    @pytest.mark.parametrize(
        ("aggregation", "said"), [("", [1, 3, 2]), ("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)]
    )
    def test_collect_gathers(self, aggregation, said):
        model = one_table("COLLECT", ("a",), ("x",), *self.ROWS, aggregation=aggregation)
        assert value(model, a=9) == said

    def test_nothing_to_gather_is_no_zero_but_a_count_of_none(self):
        for aggregation, said in (("SUM", None), ("MAX", None), ("COUNT", 0)):
            model = one_table("COLLECT", ("a",), ("x",), *self.ROWS, aggregation=aggregation)
            assert value(model, a=-1) == said


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "a", "holds"),
        [
            ("-", None, True),
            ('"x","y"', "y", True),
            ('not("x","y")', "y", False),
            ("< 16, >= 60", 60, True),
            ("[1..b]", 5, True),
            ("(1..b)", 1, False),
            ("? > b - 1 and ? < b + 1", 5, True),
            ('date("2026-11-23")', date(2026, 11, 23), True),
            ('< date("2026-11-23")', date(2026, 11, 23), False),
            ("true", True, True),
            ("null", None, True),
            ("< 5", None, False),
            ("< 5", "text", False),
            ("[1, 2, 3]", 2, True),
            ("list contains(?, 3)", [1, 3], True),
            ("list contains(?, 3)", None, False),
            ("? >= 5 and ? < 7", None, False),
            ("? = null", None, True),
            ("? > 3 or ? = null", None, True),
            ("not(? > 3)", None, False),
        ],
    )
    def test_a_test_of_a_cell(self, cell, a, holds):
        assert value(one_table("FIRST", ("a",), ("x",), (cell, "true"), ("-", "false")), a=a, b=5) is holds

    def test_all_columns_must_hold(self):
        model = one_table("FIRST", ("a", "b"), ("x",), ("1", "1", '"both"'), ("1", "-", '"one"'))
        assert [value(model, a=1, b=b) for b in (1, 2)] == ["both", "one"]

    def test_several_outputs_are_a_context(self):
        model = one_table("UNIQUE", ("a",), ("amount", "clause"), ("-", "a * 500000", '"6"'))
        assert value(model, a=2.5) == {"amount": 1250000, "clause": "6"}

    def test_defaults_stand_where_no_rule_holds(self):
        model = one_table("UNIQUE", ("a",), ("x",), ("1", '"one"'), defaults=('"other"',))
        assert value(model, a=7) == "other"

    def test_a_value_that_an_input_does_not_allow_is_an_error(self):
        model = one_table("UNIQUE", ("a",), ("x",), ("-", "1"), allowed=('"red","blue"',))
        assert value(model, a="red") == 1
        with pytest.raises(DecisionFailed) as failed:
            decide(model, a="green")
        assert "in0" in failed.value.facts["reason"]


class TestOverlapsBeforehand:
    @pytest.mark.parametrize(
        ("policy", "one", "other", "told"),
        [
            ("UNIQUE", ("< 16", "-", "1"), (">= 15", "-", "2"), True),
            ("UNIQUE", ("< 16", "-", "1"), (">= 16", "-", "2"), False),
            ("UNIQUE", ("[1..4]", "-", "1"), ("(4..9]", "-", "2"), False),
            ("UNIQUE", ("[1..4]", "-", "1"), ("[4..9]", "-", "2"), True),
            ("UNIQUE", ('"a","b"', "-", "1"), ('"b","c"', "-", "2"), True),
            ("UNIQUE", ('"a","b"', "true", "1"), ('"b","c"', "false", "2"), False),
            ("UNIQUE", ('< date("2026-07-01")', "-", "1"), ('>= date("2026-06-30")', "-", "2"), True),
            ("UNIQUE", ("< 5, > 9", "-", "1"), ("[5..9]", "-", "2"), False),
            ("UNIQUE", ("1", "-", "1"), ('"1"', "-", "2"), False),
            ("UNIQUE", ("< b", "-", "1"), ("> b - 1", "-", "2"), False),
            ("UNIQUE", ('not("a")', "-", "1"), ("-", "-", "2"), False),
            ("ANY", ("-", "-", "1"), ("-", "1", "1"), False),
            ("ANY", ("-", "-", "1"), ("-", "1", "2"), True),
            ("FIRST", ("-", "-", "1"), ("-", "-", "2"), False),
        ],
    )
    def test_sure_ones_are_told_when_the_table_is_read(self, policy, one, other, told):
        model = Decisions.of(one_table(policy, ("a", "b"), ("x",), one, other))
        assert [(problem.rule, problem.element) for problem in model.warnings] == [
            ("dmn_overlap", "r2")
        ] * told

    @settings(max_examples=25, deadline=None)
    @having(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), min_size=2, max_size=7))
    def test_what_is_not_told_never_happens(self, spans):
        rows = [(f"[{low}..{low + width}]", str(at)) for at, (low, width) in enumerate(spans)]
        model = Decisions.of(one_table("UNIQUE", ("a",), ("x",), *rows))
        both = [
            (i, j)
            for i, (a, wide) in enumerate(spans)
            for j, (b, _) in enumerate(spans)
            if i != j and a <= b <= a + wide
        ]
        assert bool(model.warnings) == bool(both)


class TestProperties:
    @settings(max_examples=25, deadline=None)
    @having(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=8),
        st.integers(0, 40),
    )
    def test_a_unique_table_never_chooses_among_rules_that_overlap(self, spans, a):
        rows = [(f"[{low}..{low + width}]", str(at)) for at, (low, width) in enumerate(spans)]
        holding = [at for at, (low, width) in enumerate(spans) if low <= a <= low + width]
        model = Decisions.of(one_table("UNIQUE", ("a",), ("x",), *rows))
        if len(holding) > 1:
            with pytest.raises(DecisionFailed) as failed:
                model.decide("d", {"a": a})
            named = [at for at in range(len(spans)) if f"r{at + 1} " in failed.value.facts["reason"]]
            assert named == holding
        else:
            assert model.decide("d", {"a": a}).value == (holding[0] if holding else None)

    @settings(max_examples=25, deadline=None)
    @having(
        st.lists(st.tuples(st.integers(0, 9), st.integers(-50, 50)), min_size=1, max_size=10),
        st.integers(0, 9),
    )
    def test_collecting_is_what_lists_do(self, rules, a):
        rows = [(f">= {low}", str(amount)) for low, amount in rules]
        amounts = [amount for low, amount in rules if a >= low]
        for aggregation, made in (
            ("SUM", sum),
            ("MIN", min),
            ("MAX", max),
            ("COUNT", lambda of: len(set(of))),
        ):
            model = one_table("COLLECT", ("a",), ("x",), *rows, aggregation=aggregation)
            assert value(model, a=a) == (made(amounts) if amounts or aggregation == "COUNT" else None)
        assert (value(one_table("RULE ORDER", ("a",), ("x",), *rows), a=a) or []) == amounts
