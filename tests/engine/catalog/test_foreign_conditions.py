"""Conditions of other engines: said in FEEL where they mean the same, with what must be so that they do."""

import pytest

from engine.catalog.foreign import translate
from engine.catalog.foreign_conditions import condition, count
from tests.engine.catalog.test_foreign import file, flow


@pytest.mark.parametrize(
    ("maker", "text", "said"),
    [
        ("camunda 7", "${approved}", "approved"),
        ("camunda 7", "#{approved}", "approved"),
        ("camunda 7", "${outcome == 'accept'}", 'outcome = "accept"'),
        ("camunda 7", '${ outcome != "accept" }', 'outcome != "accept"'),
        ("camunda 7", "${amount >= 1000 && !paid}", "amount >= 1000 and not(paid = true)"),
        ("camunda 7", "${a || (b and c)}", "a or (b and c)"),
        ("camunda 7", "${a eq 'x' or n lt 3.5}", 'a = "x" or n < 3.5'),
        ("camunda 7", "${!(a == b)}", "not(a = b)"),
        ("camunda 7", "${nrOfCompletedInstances >= 2}", "loop_done >= 2"),
        ("camunda 7", "${x == null}", "x = null"),
        # what nobody set is no there, and neither yes nor no in FEEL
        ("camunda 7", "${!(a || b == 'x') && c}", 'not(a = true or b = "x") and c'),
        ("camunda 7", "${!(a && !b)}", "not(a = true and not(b = true))"),
        ("camunda 7", "${a == '( b )' && !c}", 'a = "( b )" and not(c = true)'),
        (
            "camunda 8",
            '=numberOfInstances = 1 and x = "numberOfInstances"',
            'loop_total = 1 and x = "numberOfInstances"',
        ),
        ("camunda 8", '=outcome = "accept"', 'outcome = "accept"'),
        ("camunda 8", "= amount > 1000 and not(paid)", "amount > 1000 and not(paid)"),
        ("camunda 8", "=numberOfCompletedInstances >= 2", "loop_done >= 2"),
        ("spiff-arena", "outcome == 'accept'", 'outcome = "accept"'),
        ("spiff-arena", "approved is_not", None),
        ("spiff-arena", "a < (b) < c", "a < b and b < c"),
        ("spiff-arena", "not a == 1", "not(a = 1)"),
        ("spiff-arena", "1 < a + b < n", "1 < a + b and a + b < n"),
        ("spiff-arena", "note is not None and late is None", "note != null and late = null"),
        # sums of names and numbers
        ("camunda 7", "${nrOfCompletedInstances/nrOfInstances >= 0.5}", "loop_done / loop_total >= 0.5"),
        ("camunda 7", "${(a + b) * 2 - c >= -1}", "(a + b) * 2 - c >= -1"),
        ("camunda 7", "${a-b == 0 && c}", "a - b = 0 and c"),
        ("spiff-arena", "total / count > 2 or not late", "total / count > 2 or not(late = true)"),
        ("spiff-arena", "approved == True and not late", "approved = true and not(late = true)"),
        # each of a chain of comparisons counts in Python
        ("spiff-arena", "1 < x < 5", "1 < x and x < 5"),
        ("spiff-arena", "a or x == 1 == y != 3", "a or x = 1 and 1 = y and y != 3"),
        ("spiff-arena", "not (x == 1 == y)", "not(x = 1 and 1 = y)"),
        ("spiff-arena", "a == 1 and (b < 2) == c", "a = 1 and (b < 2) = c"),
    ],
)
def test_plain_ones_keep_their_meaning(maker, text, said):
    read = condition(text, maker)
    assert (read and read.feel) == said

@pytest.mark.parametrize(
    ("maker", "text"),
    [
        ("camunda 7", "approved"),  # a constant there, a variable here
        ("camunda 7", "${execution.getVariable('x')}"),
        ("camunda 7", "${bean.check(x)}"),
        ("camunda 7", "${check(x)}"),
        ("camunda 7", "${a ? b : c}"),
        ("camunda 7", "${not a == b}"),
        ("camunda 7", "${empty list}"),
        ("camunda 7", "${!(a < 3)}"),  # true there where nobody set a
        ("camunda 7", "${!!a}"),
        ("camunda 7", "${(a}"),
        ("camunda 7", "${a}${b}"),
        ("camunda 7", "${nrOfActiveInstances == 0}"),
        ("camunda 7", ""),
        ("camunda 7", "3"),  # a number is neither yes nor no
        ("camunda 7", "${a + b}"),
        ("camunda 7", "${a % 2 == 0}"),
        ("camunda 7", "${-a > 2}"),
        ("camunda 7", "${a + 'x' == b}"),  # joins texts there
        ("camunda 7", "${!(a + 1 == 2)}"),  # what nobody set is 0 there
        ("camunda 7", "${a / 3 == b}"),  # thirds are rounded there
        # a text of digits, or of yes or no, is compared as what it says
        ("camunda 7", "${amount > '5'}"),
        ("camunda 7", "${amount == '5'}"),
        ("camunda 7", "${paid == 'true'}"),
        ("camunda 7", "${a && a == 'x'}"),  # yes or no, or a text?
        ("camunda 7", "${a == 1 || a == 'x'}"),
        ("camunda 7", "${1 == 'x'}"),
        ("camunda 7", "${1 < n < 5}"),  # compares yes or no with 5, as FEEL does
        ("camunda 7", "${a < b == c}"),
        ("camunda 7", "${x == 'a' and b eq c ne d}"),
        ("camunda 8", "outcome = 1"),
        ("camunda 8", "=a ="),
        ("camunda 8", "=loopCounter > 1"),  # from 1 there, from 0 here
        ("spiff-arena", "len(items) > 2"),
        ("spiff-arena", "a in b"),
        ("spiff-arena", "x['a'] == 1"),
        ("spiff-arena", "lambda: 1"),
        ("spiff-arena", "a or 'x'"),  # any text is true there
        ("spiff-arena", "1"),
        ("spiff-arena", "a // b > 1"),
        ("spiff-arena", "a ** b > 1"),
        ("spiff-arena", "(a < b) < c"),
        ("spiff-arena", '"a\\"b" == c'),
        # a quote inside the other kind of quotes is part of the text
        ("camunda 7", """${a == 'x" or "1" = "1'}"""),
        ("spiff-arena", """a == 'x" or "1" = "1'"""),
        ("spiff-arena", "(" * 31 + "a" + ")" * 31),
        ("camunda 7", "${" + "(" * 2_000 + "a" + ")" * 2_000 + "}"),
        ("camunda 7", "${" + "!(" * 2_000 + "a" + ")" * 2_000 + "}"),
    ],
)
def test_others_are_left(maker, text):
    assert condition(text, maker) is None


@pytest.mark.parametrize(
    ("maker", "text", "kinds"),
    [
        ("camunda 7", "${approved}", {"approved": "yes"}),
        ("camunda 7", "${!late && amount + 1 > 5}", {"late": "yes", "amount": "number"}),
        ("camunda 7", "${a == 1}", {"a": "number"}),
        ("camunda 7", "${outcome != null && outcome != ''}", {"outcome": "text"}),
        ("camunda 7", "${a == b}", {"a": "cùng kiểu với “b”", "b": "cùng kiểu với “a”"}),
        ("camunda 7", "${a == b && a > 2}", {"a": "number", "b": "cùng kiểu với “a”"}),
        ("camunda 7", "${x == null}", {}),
        ("camunda 7", "${nrOfCompletedInstances >= 2}", {}),
        ("camunda 8", "=approved", {"approved": "yes"}),
        ("camunda 8", "=true", {}),
        ("camunda 8", '=outcome = "accept"', {}),
        ("spiff-arena", "count", {"count": "yes"}),  # any number but 0 is true there
        ("spiff-arena", "a == True", {"a": "yes"}),  # and 1 is True
    ],
)
def test_of_which_kind_each_name_must_be(maker, text, kinds):
    assert condition(text, maker).kinds == kinds


@pytest.mark.parametrize(
    ("maker", "text", "said"),
    [
        ("camunda 7", "3", "3"),
        ("camunda 7", "${copies}", "copies"),
        ("camunda 7", "${copies + 1}", "copies + 1"),
        ("camunda 7", "${copies + " + "(" * 2_000 + "1" + ")" * 2_000 + "}", None),
        ("camunda 7", "copies", None),
        ("camunda 7", "${a == b}", None),
        ("camunda 8", "=copies", "copies"),
        ("spiff-arena", "copies", "copies"),
    ],
)
def test_how_many(maker, text, said):
    read = count(text, maker)
    assert (read and read.feel) == said


@pytest.mark.parametrize(("maker", "text"), [("camunda 7", "${copies / 2}"), ("camunda 8", "=copies / 2"), ("spiff-arena", "copies / 2")])
def test_half_a_round_is_told(maker, text):
    """Five copies by two are two rounds elsewhere, and refused here."""
    assert "“copies / 2” phải là số nguyên" in count(text, maker).heed
    assert count(text.replace("/", "+"), maker).heed == ""


@pytest.mark.parametrize(
    ("maker", "text", "words"),
    [
        ("camunda 7", "${approved}", ["“approved” phải là đúng hoặc sai"]),  # a text "true" is true there in a sum of conditions
        ("spiff-arena", "count", ["“count” phải là đúng hoặc sai"]),
        ("camunda 7", "${a == 1 &amp;&amp; b != 'x'}", ["“a” phải là số", "“b” phải là chữ"]),
    ],
)
def test_the_analyst_is_told_to_look_at_it(maker, text, words):
    """Where another kind of value comes, the other engine turns it into this one, and the default is taken here."""
    ways = flow("x", "a", text) + flow("x", "b")
    nodes = '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="x" default="x_b"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>'
    said = translate(file(nodes + flow("begin", "x") + ways, maker))
    assert said.left == ()
    [told] = [one for one in said.changes if one.heed]
    assert told.element == "x_a"
    assert all(word in told.sentence for word in words)


def test_a_script_is_no_expression_though_it_looks_like_one():
    way = flow("begin", "ok", "${a}").replace("<bpmn:conditionExpression ", '<bpmn:conditionExpression language="groovy" ')
    told = [one.sentence for one in translate(file(f'<bpmn:startEvent id="begin"/>{way}<bpmn:endEvent id="ok"/>')).left]
    assert "Biểu thức “${a}” viết bằng ngôn ngữ khác: “groovy”." in told
