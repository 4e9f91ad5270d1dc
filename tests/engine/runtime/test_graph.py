"""What the import asks of a diagram as a graph: ways, ends, parts, joins, and no code."""

import pytest

from engine.runtime.decisions import Decisions
from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime.decisions.dmn import one_table
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.refusing import beside, changed, refusals

PYTHON = "__import__('os').getpid()"


class TestGraph:
    """Structures that SpiffWorkflow accepts and then hangs on, skips, or takes by the y coordinate."""

    @pytest.mark.parametrize(
        ("sketch", "found"),
        [
            ("done: end", ("one_start", "demo")),
            ("begin: start\nother: start\ndone: end\nbegin > done\nother > done", ("one_start", "other")),
            ("begin: start\na: user\nbegin > a > a", ("no_end", "demo")),
            ("begin: start\na: user\ndone: end\nbegin > done", ("island", "a")),
            ("begin: start\na: user\nb: user\ndone: end\nbegin > done\na > b > a", ("unreachable", "a")),
            (
                "begin: start\nx: xor\na: user\ndone: end\nbegin > x > done [true]\nx > a [else]",
                ("dead_end", "a"),
            ),
            (
                "begin: start\nx: xor\na: user\nb: user\ndone: end\nbegin > x > done [true]\nx > a [else]\na > b > a",
                ("endless", "a"),
            ),
            ("begin: start\na: user\ndone: end\nbegin > a > done > a", ("after_end", "done")),
            ("begin: start\na: user\ndone: end\nbegin > a > begin\na > done", ("entry", "begin")),
            ("begin: start\na: user\nb: end\nc: end\nbegin > a > b\na > c", ("many_out", "a")),
            ("begin: start\nb: end\nc: end\nbegin > b\nbegin > c", ("many_out", "begin")),
            ("begin: start\na: user\ndone: end\nbegin > a > done [x = 1]", ("odd_condition", "a")),
            ("begin: start\nx: xor\ndone: end\nbegin > x > done [x = 1]", ("odd_condition", "x")),
            ("begin: start\nx: and\nb: end\nc: end\nbegin > x > b [x = 1]\nx > c", ("odd_condition", "x")),
            ("begin: start\nx: xor\nb: end\nc: end\nbegin > x > b\nx > c [else]", ("no_condition", "x")),
            (
                "begin: start\nx: xor\nb: end\nc: end\nbegin > x > b [x = ]\nx > c [else]",
                ("condition", "x_to_b"),
            ),
            (
                "begin: start\nx: xor\nb: end\nc: end\nbegin > x > b [${x}]\nx > c [else]",
                ("condition", "x_to_b"),
            ),
            ("begin: start\nw: events\na: timer\ndone: end\nbegin > w > a > done", ("one_event", "w")),
            (
                "begin: start\nw: events\na: timer\nb: user\ndone: end\nbegin > w > a > done\nw > b > done",
                ("not_an_event", "b"),
            ),
            (
                (
                    "begin: start\nx: xor\nw: events\na: timer\nb: message m\ndone: end\n"
                    "begin > x > w [true]\nx > b [else]\nw > a > done\nw > b > done"
                ),
                ("not_an_event", "b"),
            ),
            (
                "begin: start\nw: events\na: timer\nb: timer\ndone: end\nbegin > w > a > done\nw > b > done",
                ("same_event", "w"),
            ),
            (
                "begin: start\nw: events\na: message m\nb: message m\ndone: end\nbegin > w > a > done\nw > b > done",
                ("same_event", "w"),
            ),
            ("begin: start\na: engine\nb: timer on a\ndone: end\nbegin > a > done\nb > done", ("host", "b")),
            (
                "begin: start\na: message m\nb: timer on a\ndone: end\nbegin > a > done\nb > done",
                ("host", "b"),
            ),
            ("begin: start\na: user\nb: timer on a\ndone: end\nbegin > a > done", ("dead_end", "b")),
            ("begin: start\na: user\nb: timer on a\ndone: end\nbegin > a > b > done", ("entry", "b")),
            ("begin: start\na: call part\ndone: end\nbegin > a > done", ("no_part", "a")),
        ],
    )
    def test_is_refused(self, sketch, found):
        assert found in refusals(draw(sketch))

    def test_two_flows_between_the_same_elements(self):
        sketch = "begin: start\nx: xor\ny: user\ndone: end\nbegin > x > y [true]\nx > done [else]\ny > done"
        again = '<bpmn:sequenceFlow id="f" sourceRef="x" targetRef="y"><bpmn:conditionExpression>1=1</bpmn:conditionExpression></bpmn:sequenceFlow>'
        assert refusals(beside(again, sketch)) == [("double_flow", "x")]

    def test_more_than_three_hundred_elements(self):
        names = " > ".join(f"a{i}" for i in range(299))
        sketch = "\n".join(f"a{i}: engine" for i in range(299))
        assert ("too_many_nodes", "demo") in refusals(
            draw(f"begin: start\ndone: end\n{sketch}\nbegin > {names} > done")
        )

    def test_a_chain_of_three_hundred_runs(self):
        names = " > ".join(f"a{i}" for i in range(298))
        sketch = "\n".join(f"a{i}: engine" for i in range(298))
        program = compile_program(draw(f"begin: start\ndone: end\n{sketch}\nbegin > {names} > done"), {})
        assert Machine(program, lambda call: {}).start({}).ended == "done"

    def test_the_order_of_branches_is_that_of_the_document_not_of_the_drawing(self):
        sketch = "begin: start\nx: xor\nb: end\nc: end\nbegin > x > b [true]\nx > c [1 = 1]"
        shapes = "".join(
            f'<i:BPMNShape id="s_{name}" bpmnElement="{name}"><c:Bounds xmlns:c="http://www.omg.org/spec/DD/20100524/DC"'
            f' x="0" y="{y}" width="1" height="1"/></i:BPMNShape>'
            for name, y in (("b", 900), ("c", 10))
        )
        drawing = (
            f'<i:BPMNDiagram xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI">{shapes}</i:BPMNDiagram>'
        )
        data = draw(sketch).decode().replace("</bpmn:definitions>", f"{drawing}</bpmn:definitions>").encode()
        assert Machine(compile_program(data, {}), lambda call: {}).start({}).ended == "b"


class TestCalledParts:
    END = "begin: start\ndone: end\nbegin > done"

    def calling(self, name):
        return f"begin: start\na: call {name}\ndone: end\nbegin > a > done"

    def test_a_part_that_calls_itself(self):
        parts = {"p": draw(self.calling("q"), "p"), "q": draw(self.calling("p"), "q")}
        assert refusals(draw(self.calling("p")), **parts) == [("call_depth", "a")]
        assert refusals(draw(self.calling("demo")), demo=draw(self.calling("demo"))) == [("call_depth", "a")]

    def test_parts_call_four_deep_and_not_five(self):
        parts = {f"p{i}": draw(self.calling(f"p{i + 1}"), f"p{i}") for i in range(1, 5)}
        parts["p4"] = draw(self.END, "p4")
        assert len(compile_program(draw(self.calling("p1")), parts).models) == 5
        parts |= {"p4": draw(self.calling("p5"), "p4"), "p5": draw(self.END, "p5")}
        assert refusals(draw(self.calling("p1")), **parts) == [("call_depth", "a")]

    def test_a_part_under_another_id(self):
        assert refusals(draw(self.calling("p")), p=draw(self.END, "q")) == [("part_id", "p")]

    def test_a_problem_in_a_part_names_the_part(self):
        with pytest.raises(DiagramRefused) as refused:
            compile_program(draw(self.calling("p")), {"p": draw("begin: start\na: user\nbegin > a > a", "p")})
        assert refused.value.problems[0].process == "p"

    def test_parts_that_are_not_called_are_not_read(self):
        assert compile_program(draw(self.END), {"p": b"broken"}).models.keys() == {"demo"}


class TestParallelGateways:
    """Diagrams whose parallel gateways do not fit would wait for ever or run a branch twice."""

    @pytest.mark.parametrize(
        ("sketch", "rule"),
        [
            ("x: xor\nj: and\nbegin > x > a [true] > j > done\nx > b [else] > j", "waits_for_ever"),
            ("s: and\nj: xor\nbegin > s > a > j > done\ns > b > j", "two_tokens"),
            (
                "s: and\nj: and\nx: xor\nbegin > s > a > x > j [true]\nx > s [else]\ns > b > j > done",
                "waits_for_ever",
            ),
            (
                "s: and\nj: and\nlate: timer on a\nout: end\nbegin > s > a > j > done\nlate > out\ns > b > j",
                "waits_for_ever",
            ),
            ("t: xor\ns: and\nbegin > t > s > a > t\ns > b > done", "two_tokens"),
            ("s: and\nx: xor\nj: or\nbegin > s > a > x > j > done\ns > b > x", "two_tokens"),
        ],
    )
    def test_are_refused(self, sketch, rule):
        text = f"begin: start\na: user\nb: user\ndone: end\n{sketch}"
        assert [found for found, _ in refusals(draw(text))] == [rule]

    def test_too_many_to_prove(self):
        branches = "".join(
            f"a{i}: user\nl{i}: timer on a{i}\nm{i}: xor\ns > a{i} > m{i} > j\nl{i} > m{i}\n"
            for i in range(8)
        )
        text = f"begin: start\ns: and\nj: and\ndone: end\nbegin > s\n{branches}j > done"
        assert refusals(draw(text)) == [("not_proved", "s")]

    def test_a_wide_block_is_proved(self):
        branches = "".join(f"a{i}: user\nb{i}: user\ns > a{i} > b{i} > j\n" for i in range(40))
        text = f"begin: start\ns: and\nj: and\ndone: end\nbegin > s\n{branches}j > done"
        assert compile_program(draw(text), {})


class TestNoCode:
    """SpiffWorkflow evaluates model text as Python in 22 places; none of ours reaches one."""

    GATEWAY = "begin: start\nx: xor\nb: end\nc: end\nbegin > x > b [{}]\nx > c [else]"

    @pytest.mark.parametrize(
        "condition",
        [
            '__import__("os").system("true")',
            "().__class__",
            'exec("x = 1")',
            "lambda: 1",
            "x := 1",
            "[i for i in x]",
            "x = 1; y = 2",
            "x if y else z",
        ],
    )
    def test_python_in_a_condition_is_refused_at_deploy(self, condition):
        assert ("condition", "x_to_b") in refusals(draw(self.GATEWAY.format(condition)))

    @pytest.mark.parametrize("condition", ["x.__class__.__base__", "__builtins__", "x.constructor"])
    def test_what_reads_like_a_way_into_python_or_javascript_is_null(self, condition):
        program = compile_program(draw(self.GATEWAY.format(condition)), {})
        assert Machine(program, lambda call: {}).start({"x": "text"}).ended == "c"

    @pytest.mark.parametrize("host", ["user", "service s", "engine e", "call part"])
    @pytest.mark.parametrize("said", ["{}", "3; until={}", "3; parallel; until={}", "while={}", "while={}; test_first"])
    def test_python_in_what_says_how_often_is_refused_at_deploy(self, host, said):
        text = f"begin: start\nx: {host}\nx times {said.format(PYTHON)}\ndone: end\nbegin > x > done"
        assert ("condition", "x") in refusals(draw(text), part=draw("begin: start\ndone: end\nbegin > done", "part"))

    def test_python_in_a_conditional_event_is_refused_at_deploy(self):
        text = "begin: start\nx: sub {\ni: start\nu: user\ne: end\ni > u > e\n}\nb: when flag on x\ndone: end\nbegin > x > done\nb > done"
        assert ("condition", "b") in refusals(draw(text).replace(b">flag<", f">{PYTHON}<".encode()))

    @pytest.mark.parametrize("cells", [(PYTHON, "1"), ("-", PYTHON)])
    def test_python_in_a_cell_is_refused_at_deploy(self, cells):
        with pytest.raises(DiagramRefused) as refused:
            Decisions.of(one_table("FIRST", ("a",), ("x",), cells))
        assert refused.value.problems

    def test_python_in_a_timer_or_lane_is_refused(self):
        assert ("duration", "late") in refusals(changed("P1D", '__import__("os").getcwd()'))
