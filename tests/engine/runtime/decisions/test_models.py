"""Requirement graphs, boxed expressions, types; and what is refused, with its element and line."""

import os
from datetime import date

import pytest

from engine.runtime.decisions import DecisionFailed, Decisions, with_imports
from engine.runtime.errors import DiagramRefused
from tests.engine.runtime.decisions.dmn import decision, document, given, knowledge, one_table, table, text

CONTEXT_ENTRY = '<contextEntry><variable name="{}"/>{}</contextEntry>'


def value(model: bytes, name: str = "d", /, **inputs):
    return Decisions.of(model).decide(name, inputs).value


def boxed(logic: str, **inputs):
    names = tuple(inputs)
    return value(document(*map(given, names), decision("d", logic, needs=names)), **inputs)


def refusals(*elements: str) -> set[tuple[str, str | None]]:
    with pytest.raises(DiagramRefused) as refused:
        Decisions.of(document(*elements))
    for problem in refused.value.problems:
        assert problem.sentence.endswith(".")
        assert problem.line
    return {(problem.rule, problem.element) for problem in refused.value.problems}


class TestGraphs:
    def test_a_decision_gets_what_it_requires_through_others(self):
        model = document(
            given("born", "date"),
            given("on", "date"),
            given("rate", "number"),
            decision(
                "age", text("years and months duration(born, on).years"), needs=("born", "on"), type_="number"
            ),
            decision("d", text("rate * (if age < 16 then 2 else 1)"), needs=("rate", "@age")),
        )
        inputs = {"born": date(2015, 5, 1), "on": date(2026, 11, 23), "rate": 500_000}
        assert value(model, **inputs) == 1_000_000
        assert Decisions.of(model).inputs_of("d") == ("born", "on", "rate")
        assert Decisions.of(model).inputs_of("age") == ("born", "on")

    def test_a_decision_that_several_need_is_made_once(self):
        shared = table("UNIQUE", ("a",), ("x",), ("-", "a + 1"))
        model = document(
            given("a"),
            decision("shared", shared, needs=("a",)),
            decision("left", text("shared * 2"), needs=("@shared",)),
            decision("right", text("shared * 3"), needs=("@shared",)),
            decision("d", text("left + right"), needs=("@left", "@right")),
        )
        decided = Decisions.of(model).decide("d", {"a": 1})
        assert decided.value == 10
        assert len(decided.matched) == 1

    def test_names_may_hold_spaces_and_marks(self):
        model = document(
            given("Ngày sinh - con"),
            given("a-b"),
            decision("d", text("Ngày sinh - con + a-b"), needs=("Ngày_sinh_-_con", "a-b")),
        )
        assert value(model, **{"Ngày sinh - con": 1, "a-b": 2}) == 3

    def test_what_was_not_given_is_null_never_zero(self):
        model = document(given("a"), decision("d", text("a + 1"), needs=("a",)))
        assert value(model) is None

    def test_knowledge_is_called_with_its_parameters(self):
        model = document(
            given("a"),
            knowledge("double", text("x * 2"), "x"),
            knowledge("quadruple", text("double(double(x))"), "x", needs=("!double",)),
            decision("d", text("quadruple(a) + double(x: 1)"), needs=("a", "!quadruple", "!double")),
        )
        assert value(model, a=3) == 14

    def test_a_service_is_a_function_of_its_inputs(self):
        service = (
            '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#inner"/>'
            '<inputData href="#a"/></decisionService>'
        )
        model = document(
            given("a"),
            decision("inner", text("a * 10"), needs=("a",)),
            service,
            decision("d", text("s(4) + s(a: 1)"), needs=("!s",)),
        )
        assert value(model) == 50

    def test_models_import_one_another_by_namespace(self):
        shared = document(knowledge("half", text("x / 2"), "x"), own="urn:shared")
        model = document(
            given("a"),
            decision("d", text("maths.half(a)"), needs=("a", "!urn:shared#half")),
            maths="urn:shared",
        )
        beside = [document(own="urn:other"), shared]
        assert Decisions.of(*with_imports(model, beside)).decide("d", {"a": 9}).value == 4.5

    @pytest.mark.parametrize(
        "namespace",
        [
            "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
            "http://www.omg.org/spec/DMN/20180521/MODEL/",
            "https://www.omg.org/spec/DMN/20191111/MODEL/",
            "https://www.omg.org/spec/DMN/20211108/MODEL/",
            "https://www.omg.org/spec/DMN/20230324/MODEL/",
        ],
    )
    def test_every_published_version_is_read(self, namespace):
        model = document(given("a"), decision("d", text("a + 1"), needs=("a",)), namespace=namespace)
        assert value(model, a=1) == 2


class TestBoxes:
    def test_a_context_gives_its_entries_or_its_result(self):
        entries = CONTEXT_ENTRY.format("x", text("a + 1")) + CONTEXT_ENTRY.format("y", text("x * 2"))
        assert boxed(f"<context>{entries}</context>", a=1) == {"x": 2, "y": 4}
        assert boxed(f"<context>{entries}<contextEntry>{text('x + y')}</contextEntry></context>", a=1) == 6

    def test_an_invocation_binds_by_name(self):
        call = f'<invocation>{text("f")}<binding><parameter name="x"/>{text("a")}</binding></invocation>'
        model = document(
            given("a"), knowledge("f", text("x + 1"), "x"), decision("d", call, needs=("a", "!f"))
        )
        assert value(model, a=1) == 2

    def test_lists_and_relations(self):
        assert boxed(f"<list>{text('a')}{text('a + 1')}</list>", a=1) == [1, 2]
        relation = (
            f'<relation><column name="p"/><column name="q"/><row>{text("a")}{text("2")}</row></relation>'
        )
        assert boxed(relation, a=1) == [{"p": 1, "q": 2}]

    def test_a_function_written_out(self):
        function = f'<functionDefinition><formalParameter name="x"/>{text("x * a")}</functionDefinition>'
        entries = CONTEXT_ENTRY.format("f", function) + f"<contextEntry>{text('f(3)')}</contextEntry>"
        assert boxed(f"<context>{entries}</context>", a=2) == 6

    def test_conditional_filter_for_some_every(self):
        def part(tag: str, expression: str) -> str:
            return f"<{tag}>{text(expression)}</{tag}>"

        choose = part("if", "a > 1") + part("then", '"many"') + part("else", '"few"')
        assert boxed(f"<conditional>{choose}</conditional>", a=2) == "many"
        assert boxed(f"<filter>{part('in', 'a')}{part('match', 'item > 1')}</filter>", a=[1, 2, 3]) == [2, 3]
        walk = part("in", "a")
        assert boxed(f'<for iteratorVariable="i">{walk}{part("return", "i * 2")}</for>', a=[1, 2]) == [2, 4]
        asks = part("satisfies", "i > 1")
        assert boxed(f'<some iteratorVariable="i">{walk}{asks}</some>', a=[1, 2]) is True
        assert boxed(f'<every iteratorVariable="i">{walk}{asks}</every>', a=[1, 2]) is False


class TestTypes:
    PERSON = (
        '<itemDefinition id="tp" name="tPerson"><itemComponent name="age"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..150]</text></allowedValues></itemComponent></itemDefinition>"
    )
    COLOURS = (
        '<itemDefinition id="tc" name="tColours" isCollection="true"><typeRef>string</typeRef>'
        '<allowedValues><text>"red","blue"</text></allowedValues></itemDefinition>'
    )

    @pytest.mark.parametrize(
        ("type_", "good", "bad"),
        [
            ("number", 1, "1"),
            ("boolean", True, "true"),
            ("date", date(2026, 1, 1), "2026-01-01"),
            ("tPerson", {"age": 3}, {"age": 151}),
            ("tPerson", {"age": None}, {"years": 3}),
            ("tColours", ["red"], ["red", "green"]),
        ],
    )
    def test_an_input_of_another_type_is_an_error_that_names_it(self, type_, good, bad):
        model = Decisions.of(
            document(
                self.PERSON, self.COLOURS, given("a", type_), decision("d", text("a != null"), needs=("a",))
            )
        )
        assert model.decide("d", {"a": good}).value is True
        assert model.decide("d", {"a": None}).value is False
        with pytest.raises(DecisionFailed) as failed:
            model.decide("d", {"a": bad})
        assert "“a”" in failed.value.facts["reason"]

    def test_a_result_of_another_type_is_an_error(self):
        with pytest.raises(DecisionFailed):
            value(document(decision("d", text('"one"'), type_="number")))


class TestRefused:
    @pytest.mark.parametrize(
        ("element", "rule", "where"),
        [
            (decision("d", text("a +")), "dmn_syntax", "d"),
            (decision("d", text("unknown + 1")), "dmn_name", "d"),
            (decision("d", text("today()")), "dmn_clock", "d"),
            (decision("d", text("no_such(1)")), "dmn_name", "d"),
            (decision("d", text("1"), needs=("gone",)), "dmn_reference", "d"),
            (decision("d", text("1"), type_="tGone"), "dmn_type", "d"),
            (decision("d", text("d"), needs=("@d",)), "dmn_circle", "d"),
            (decision("d", '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'), "dmn_language", "d"),
            (knowledge("k", text("1"), kind="Java"), "dmn_external", "k"),
            (knowledge("k", text("1"), kind="PMML"), "dmn_external", "k"),
            (decision("d", table("BEST", ("1",), ("x",), ("-", "1"))), "dmn_hit_policy", "t"),
            (decision("d", table("UNIQUE", ("1",), ("x",), ("-",))), "dmn_rule", "r1"),
            (decision("d", table("UNIQUE", ("1",), (), ("-",))), "dmn_no_output", "t"),
            (decision("d", table("COLLECT", ("1",), ("x", "y"), ("-", "1", "2"), aggregation="SUM")), "dmn_aggregation", "t"),
            (decision("d", table("UNIQUE", ("1",), ("x",), ("[1..", "1"))), "dmn_syntax", "r1"),
            (decision("d", "<magic/>"), "dmn_vocabulary", "d"),
            (decision("d", "<literalExpression><importedValues/></literalExpression>"), "dmn_vocabulary", "d"),
            (decision("d", text("1") + text("2")), "dmn_two", "d"),
            (decision("d", text("1")) + decision("d", text("2")), "dmn_id", "d"),
        ],
    )  # fmt: skip
    def test_it_is_named_with_its_element_and_line(self, element, rule, where):
        assert (rule, where) in refusals(element)

    @pytest.mark.parametrize(
        "element", ["definitions", "decisionTable", "inputExpression", "inputEntry", "outputEntry"]
    )
    def test_another_language_is_refused_wherever_it_is_named(self, element):
        model = one_table("UNIQUE", ("a",), ("x",), ("-", "1"))
        asked = f'<{element} expressionLanguage="http://www.w3.org/1999/XPath"'.encode()
        with pytest.raises(DiagramRefused) as refused:
            Decisions.of(model.replace(f"<{element}".encode(), asked, 1))
        assert "XPath" in refused.value.problems[0].sentence

    def test_all_faults_are_told_at_once(self):
        assert (
            len(
                refusals(
                    decision("d", text("a +")), decision("e", text("b")), knowledge("k", "", kind="Java")
                )
            )
            == 3
        )

    @pytest.mark.parametrize(
        "hostile",
        [
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><definitions>&b;</definitions>',
            b"<definitions/>",
            b'<bpmn xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
            b"",
            b"not xml",
            b"<a>" * 200 + b"</a>" * 200,
            document(*("<decision/>" * 25_000,)),
        ],
        ids=["entity", "laughs", "no namespace", "bpmn", "empty", "text", "deep", "many"],
    )
    def test_what_is_no_harmless_dmn_is_refused(self, hostile):
        with pytest.raises(DiagramRefused):
            Decisions.of(hostile)

    def test_an_endless_recursion_is_an_error_of_that_decision(self):
        model = document(
            knowledge("f", text("f(x)"), "x", needs=("!f",)), decision("d", text("f(1)"), needs=("!f",))
        )
        with pytest.raises(DecisionFailed):
            value(model)
        assert value(one_table("UNIQUE", ("a",), ("x",), ("-", "a")), a=1) == 1

    @pytest.mark.parametrize(
        "expression",
        [
            "for i in 1..1000000000 return i",
            'matches(a, "^(a+)+$")',
            "count(for i in 1..1000, j in 1..1000 return i)",
        ],
    )
    def test_what_runs_too_long_is_stopped_and_the_next_one_runs(self, expression):
        model = Decisions.of(document(given("a"), decision("d", text(expression), needs=("a",))))
        with pytest.raises(DecisionFailed):
            model.decide("d", {"a": "a" * 40 + "b"})
        assert value(document(decision("d", text("1 + 1")))) == 2

    def test_a_decision_that_is_not_there_is_an_error(self):
        with pytest.raises(DecisionFailed):
            value(document(decision("d", text("1"))), "e")


class TestProcess:
    def test_a_model_that_v8_forgot_is_learned_again(self):
        first = Decisions.of(document(decision("d", text("1"))))
        for number in range(2, 220):
            Decisions.of(document(decision("d", text(str(number)))))
        assert first.decide("d", {}).value == 1

    def test_a_forked_process_knows_it_too(self):
        model = Decisions.of(document(given("a"), decision("d", text("a * 2"), needs=("a",))))
        if (child := os.fork()) == 0:
            os._exit(model.decide("d", {"a": 21}).value)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42


class TestTrace:
    def test_the_rules_that_held_are_told_in_the_order_of_evaluation(self):
        model = document(
            given("a"),
            decision("first", table("UNIQUE", ("a",), ("x",), ("1", "10"), ("2", "20")), needs=("a",)),
            decision("d", text("first + 1"), needs=("@first",)),
        )
        decided = Decisions.of(model).decide("d", {"a": 2})
        assert [(one.table, one.rules) for one in decided.matched] == [("t", ("r2",))]

    def test_the_digest_is_of_the_documents(self):
        one, same, other = (document(decision("d", text(said))) for said in ("1", "1", "2"))
        assert Decisions.of(one).digest == Decisions.of(same).digest != Decisions.of(other).digest
