"""What a rule sees of a diagram with sub-processes: their elements at their place, between the flows around them."""

from engine.catalog.lint.unfolded import Walk, unfold
from engine.runtime.model import read_model
from tests.engine.runtime.drawing import draw

TEXT = """
    begin: start
    before: user
    inner: sub {
        i: start
        ask: user
        fine: xor
        bad: end error broken
        e: end
        i > ask > fine > e [ok]
        fine > bad [else]
        help: handler {
            called: start message help_me
            look: user
            over: end
            called > look > over
        }
    }
    fail: error broken on inner
    after: user
    done: end
    begin > before > inner > after > done
    fail > done
"""


def walk():
    return Walk(unfold(read_model(draw(TEXT)), {}), {})


def test_the_way_leads_through_the_sub_process():
    seen = walk()
    before = seen.at(lambda node: node.id == "before")
    reached = {one.node.id for one in seen.reach(before)}
    assert {"inner", "i", "ask", "fine", "e", "bad", "fail", "after", "done", "called", "look", "over"} <= reached
    without = {one.node.id for one in seen.reach(before, avoiding=lambda node: node.id == "inner")}
    assert without == set()


def test_an_end_inside_is_no_end_of_the_dossier():
    seen = walk()
    assert {one.node.id for one in seen.ends(seen.steps)} == {"done"}


def test_elements_know_the_sub_processes_around_them():
    [look] = walk().at(lambda node: node.id == "look")
    assert look.node.path == ("inner", "help")
