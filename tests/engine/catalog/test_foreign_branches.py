"""Branches that run at once: Camunda shares their variables, here each bears its own. Told, or refused where it is certain."""

import pytest

from engine.catalog.branches import readings
from engine.catalog.foreign import translate
from engine.runtime.model import read_model
from tests.engine.catalog.test_foreign import file, flow
from tests.engine.runtime.drawing import draw

FORK = '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="fork"/>' + flow("begin", "fork")
JOIN = '<bpmn:parallelGateway id="join"/><bpmn:endEvent id="done"/>' + flow("join", "done")
RATE = '<bpmn:businessRuleTask id="rate" camunda:decisionRef="fee" camunda:resultVariable="due" camunda:mapDecisionResult="singleEntry"/>'
DAY = """<bpmn:intermediateCatchEvent id="day"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:intermediateCatchEvent>"""


def heeded(said):
    return {one.element: one.sentence for one in said.changes if one.heed and "song song" in one.sentence}


BESIDE = ('<bpmn:userTask id="beside"/>', ["beside"])


def chooser(nodes, row, condition="${approved}"):
    """A branch that ends with a choice, of which one way has one more task."""
    inner = nodes + '<bpmn:exclusiveGateway id="choice" default="no"/><bpmn:userTask id="more"/><bpmn:exclusiveGateway id="merge"/>'
    inner += flow("choice", "more", condition) + flow("more", "merge")
    inner += '<bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="merge"/>'
    return inner, row


def branches(one, other, maker="camunda 7"):
    nodes, row = one
    text = FORK + JOIN + nodes + other[0] + "".join(map(flow, ("fork", *row), (*row, "choice")))
    text += flow("merge", "join") + "".join(map(flow, ("fork", *other[1]), (*other[1], "join")))
    return translate(file(text, maker))


def test_a_choice_in_a_branch_reads_what_another_may_write():
    """One officer approves, and the other's branch goes on by it there; here that branch would take the default."""
    said = branches(chooser('<bpmn:userTask id="own"/>', ["own"]), BESIDE)
    assert said.left == ()
    assert heeded(said).keys() == {"choice_more"}
    assert "“approved”" in heeded(said)["choice_more"]


def test_after_a_wait_too():
    assert heeded(branches(chooser(DAY, ["day"]), BESIDE)).keys() == {"choice_more"}


def test_nothing_is_written_before_time_goes_by():
    assert heeded(branches(chooser("", []), BESIDE)) == {}


def test_a_branch_beside_that_writes_nothing_is_clear():
    assert heeded(branches(chooser('<bpmn:userTask id="own"/>', ["own"]), (DAY, ["day"]))) == {}


def test_each_token_bears_its_own_in_spiff_arena_too():
    said = branches(chooser('<bpmn:userTask id="own"/>', ["own"], "approved"), BESIDE, "spiff-arena")
    assert (said.left, heeded(said)) == ((), {})


def test_what_another_branch_writes_by_name_is_refused():
    """A table gives the fee in one branch; the other asks for it."""
    [told] = branches(chooser(DAY, ["day"], "${due &gt; 0}"), (RATE, ["rate"])).left
    assert (told.element, "“due”" in told.sentence) == ("choice_more", True)
    assert told.line is not None


def test_behind_the_join_everything_is_seen():
    nodes = FORK + JOIN.replace(flow("join", "done"), "") + RATE + BESIDE[0]
    nodes += '<bpmn:exclusiveGateway id="choice" default="choice_b"/><bpmn:endEvent id="b"/>'
    flows = flow("fork", "rate") + flow("rate", "join") + flow("fork", "beside") + flow("beside", "join")
    flows += flow("join", "choice") + flow("choice", "done", "${due &gt; 0}") + flow("choice", "b")
    said = translate(file(nodes + flows))
    assert (said.left, heeded(said)) == ((), {})


def test_a_part_that_stops_when_another_branch_says_so():
    """The applicant withdraws in one branch; there the check in the other is stopped, here nothing inside changes."""
    inner = f'<bpmn:startEvent id="b"/><bpmn:userTask id="ask"/><bpmn:endEvent id="e"/>{flow("b", "ask")}{flow("ask", "e")}'
    when = "<bpmn:conditionalEventDefinition><bpmn:condition>${cancelled}</bpmn:condition></bpmn:conditionalEventDefinition>"
    check = f'<bpmn:subProcess id="check">{inner}</bpmn:subProcess><bpmn:boundaryEvent id="off" attachedToRef="check">{when}</bpmn:boundaryEvent>'
    ends = '<bpmn:endEvent id="e1"/><bpmn:endEvent id="e2"/><bpmn:endEvent id="e3"/>'
    flows = flow("fork", "beside") + flow("beside", "e1") + flow("fork", "check") + flow("check", "e2") + flow("off", "e3")
    said = translate(file(FORK + BESIDE[0] + check + ends + flows))
    assert said.left == ()
    assert heeded(said).keys() == {"off"}


def rounds(condition, how=""):
    """Each office is asked by itself, and goes on by a condition."""
    inner, _ = chooser('<bpmn:startEvent id="b"/><bpmn:userTask id="own"/><bpmn:endEvent id="e"/>', [], condition)
    inner += flow("b", "own") + flow("own", "choice") + flow("merge", "e")
    each = f'<bpmn:multiInstanceLoopCharacteristics{how} camunda:collection="offices" camunda:elementVariable="office"/>'
    return f'<bpmn:subProcess id="x">{each}{inner}</bpmn:subProcess>'


OF_ROUNDS = ["${office == 'ward'}", "${loopCounter &gt; 0}", "${nrOfInstances &gt; 1}"]


@pytest.mark.parametrize(("how", "told"), [("", {"choice_more"}), (' isSequential="true"', set())])
def test_rounds_at_once_are_branches_too(how, told):
    nodes = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>' + rounds("${approved}", how)
    said = translate(file(nodes + flow("begin", "x") + flow("x", "done")))
    assert said.left == ()
    assert heeded(said).keys() == told


@pytest.mark.parametrize("condition", OF_ROUNDS)
def test_what_a_round_knows_by_itself_no_other_writes(condition):
    nodes = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>' + rounds(condition)
    said = translate(file(nodes + flow("begin", "x") + flow("x", "done")))
    assert (said.left, heeded(said)) == ((), {})


@pytest.mark.parametrize("how", ["", ' isSequential="true"'])
@pytest.mark.parametrize(("condition", "told"), [("${approved}", {"choice_more"}), *((one, set()) for one in OF_ROUNDS)])
def test_nor_does_a_branch_beside_rounds(condition, told, how):
    flows = "".join(map(flow, ("fork", "ask", "x", "fork", "beside"), ("ask", "x", "join", "beside", "join")))
    said = translate(file(FORK + JOIN + '<bpmn:userTask id="ask"/>' + rounds(condition, how) + BESIDE[0] + flows))
    assert said.left == ()
    assert heeded(said).keys() - {"x"} == told


def test_what_rounds_are_of_is_read_in_the_branch():
    """The list is known outside; the item, the answer and the key of one round only inside it."""
    text = """begin: start
        fork: and
        ask: user
        each: sub {
            b: start
            heard: message reply key=office
            weigh: xor
            more: user
            e: end
            b > heard > weigh > e [answer = loop_index]
            weigh > more [else]
            more > e
        }
        each times items=offices; item=office; output=answer; outputs=answers; until=loop_done = quorum
        beside: user
        join: and
        done: end
        begin > fork > ask > each > join > done
        fork > beside > join"""
    read = {(one.at, *one.names) for one in readings(read_model(draw(text)))}
    assert read == {("each", "offices"), ("each", "quorum")}
