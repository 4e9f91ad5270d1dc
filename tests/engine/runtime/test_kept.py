"""What officers entered inside a sub-process, part or rounds is known behind it, however it is left (decision 0005)."""

from collections import Counter
from random import Random

import pytest

from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.random_diagrams import Drawing
from tests.engine.runtime.random_rules import handler
from tests.engine.runtime.sketches import Walk

#: Two officers work side by side on one thing; behind it somebody has to know what each of them wrote.
INSIDE = """
    i: start
    s: and
    fill: user
    weigh: user
    more: user
    hear: user
    fine: end
    out: end {end}
    i > s > weigh > hear > out
    s > fill > more > fine
"""
LEFT = """
    begin: start
    inner: {inner}
    left: {event} on inner
    after: user
    done: end
    begin > inner > done
    left > after > done
"""
THROUGH = """
    begin: start
    inner: sub {{{inside}}}
    after: user
    done: end
    begin > inner > after > done
"""
WROTE = {"fee": 0, "copies": 3, "weight": 5}


def left(event, end="", *, called=False):
    """The walk up to where both have written, and one of them is not through."""
    inside = INSIDE.format(end=end)
    inner = "call part" if called else "sub {" + inside + "}"
    text = LEFT.format(inner=inner, event=event)
    walk = Walk(text, {"fee": 0, "weight": 0}, **({"part": inside} if called else {}))
    return walk.act("fill", {"copies": 3}).act("weigh", {"weight": 5})


class TestByAnEventOnTheBorder:
    @pytest.mark.parametrize("called", [False, True], ids=["sub-process", "part"])
    @pytest.mark.parametrize("event", ["timer", "message gone", "signal stop", "when changed"])
    def test_that_comes_from_elsewhere(self, event, called):
        walk = left(event, called=called)
        if event.startswith("when"):
            assert walk.act("more", {"changed": True}).data("after") == WROTE | {"changed": True}
            return
        [border] = [one for one in walk.machine.positions(walk.moved.state) if one.step == "left"]
        walk.moved = walks.deliver(walk.machine, walk.moved.state, border, {"why": "late"})
        assert (walk.waits(), walk.data("after")) == (["after"], WROTE | {"why": "late"})

    @pytest.mark.parametrize("event", ["error broken", "escalation broken", "signal broken"])
    def test_that_comes_from_inside(self, event):
        walk = left(event, event).act("hear", {"weight": 6})
        assert (walk.waits(), walk.data("after")) == (["after"], WROTE | {"weight": 6})

    def test_by_the_time_of_a_part_deep_inside(self):
        text = LEFT.format(
            inner=f"sub {{\nj: start\ndeep: sub {{{INSIDE.format(end='')}}}\ng: end\nj > deep > g\n}}",
            event="timer",
        )
        walk = Walk(text, {"fee": 0}).act("fill", {"copies": 3}).act("weigh", {"weight": 5}).act("left")
        assert walk.data("after") == WROTE

    def test_an_error_that_goes_out_through_two_borders_brings_what_the_one_between_knew(self):
        deep = INSIDE.format(end="error broken")
        text = LEFT.format(
            inner=f"sub {{\nj: start\np: and\nbeside: user\nrest: user\ndeep: sub {{{deep}}}\ng: end\nh: end\nj > p > deep > g\np > beside > rest > h\n}}",
            event="error broken",
        )
        walk = Walk(text, {"fee": 0}).act("beside", {"noted": True}).act("fill", {"copies": 3})
        walk.act("weigh", {"weight": 5}).act("hear")
        assert (walk.waits(), walk.data("after")) == (["after"], WROTE | {"noted": True})

    def test_what_it_ends_does_nothing_more_though_it_was_ready(self):
        """The signal is thrown by one branch while another is about to note something."""
        text = """
            begin: start
            inner: sub {
                i: start
                s: and
                say: shout stop
                note: engine note
                far: engine far
                e: end
                f: end
                i > s > say > e
                s > note > far > f
            }
            left: signal stop on inner
            done: end
            out: end
            begin > inner > done
            left > out
        """
        noted = []
        walk = Walk(text, {}, lambda call: noted.append(call.step) or {})
        assert (walk.ended, noted) == ("out", [])


class TestByAnEndThatEndsAll:
    def test_of_a_sub_process(self):
        text = THROUGH.format(inside=INSIDE.format(end="terminate"))
        walk = Walk(text, {"fee": 0}).act("fill", {"copies": 3}).act("weigh", {"weight": 5}).act("hear")
        assert walk.data("after") == WROTE

    def test_what_a_branch_left_behind_that_was_through(self):
        text = THROUGH.format(inside=INSIDE.format(end="terminate"))
        walk = Walk(text, {"fee": 0}).act("fill").act("more", {"copies": 3}).act("weigh", {"weight": 5}).act("hear")
        assert walk.data("after") == WROTE

    def test_of_the_whole(self):
        text = INSIDE.format(end="terminate")
        walk = Walk(text, {"fee": 0}).act("fill", {"copies": 3}).act("weigh", {"weight": 5}).act("hear")
        assert (walk.ended, walk.moved.variables) == ("out", WROTE)

    def test_who_ends_it_has_the_last_word(self):
        text = INSIDE.format(end="terminate")
        walk = Walk(text).act("weigh", {"fee": 1}).act("fill", {"fee": 2}).act("hear", {"fee": 3})
        assert walk.moved.variables == {"fee": 3}


class TestByWithdrawal:
    def test_the_dossier_knows_what_every_branch_wrote(self):
        walk = Walk(INSIDE.format(end=""), {"fee": 0})
        walk.act("weigh", {"weight": 5}).act("fill", {"copies": 3})
        assert walk.machine.cancel(walk.moved.state).variables == WROTE


class TestByAnEventSubProcess:
    @pytest.mark.parametrize("event", ["error broken", "escalation broken"])
    def test_that_an_error_of_one_branch_starts(self, event):
        """What the other branch wrote stands, though who threw the error had it as it was before."""
        handler = f"help: handler {{\ncalled: start {event}\nlook: user\nover: end\ncalled > look > over\n}}"
        walk = Walk(INSIDE.format(end=event) + handler, {"fee": 0, "copies": 0})
        walk.act("fill", {"copies": 3}).act("weigh", {"weight": 5}).act("hear")
        assert (walk.waits(), walk.data("look")) == (["look"], WROTE)


class TestByEnoughRounds:
    def test_what_was_entered_in_those_still_open(self):
        """One answer is enough; what the other office noted meanwhile is not thrown away."""
        text = """
            begin: start
            each: sub {
                i: start
                ask: user
                more: user
                e: end
                i > ask > more > e
            }
            each times 2; parallel; until=loop_done = 1
            after: user
            done: end
            begin > each > after > done
        """
        walk = Walk(text, {"fee": 0}).act("ask", {"copies": 3}).act("ask", {"weight": 5}).act("more", which=1)
        assert (walk.waits(), walk.data("after")) == (["after"], WROTE)


def to_the_end(seed):
    """(the drawing, how often each element was passed, what was entered, what is known at the end) of a random walk."""
    drawing, random = Drawing(seed, whole=True), Random(seed)  # noqa: S311  the same walk each time
    machine = Machine(compile_program(drawing.main, drawing.parts), handler(drawing.tables))
    moved = machine.start({**drawing.chosen, "items": ["a", "b"]})
    passed, entered = Counter(one.step for one in moved.passed), {}
    while moved.ended is None:
        position = random.choice(machine.positions(moved.state))
        number = f"v{len(entered)}"
        entered[number] = position.step
        given = {name: random.random() < 0.35 for name in drawing.rounds} | {number: position.step}
        moved = walks.deliver(machine, moved.state, position, given)
        passed.update(one.step for one in moved.passed)
    return drawing, passed, entered, moved.variables


class TestAtRandom:
    @pytest.mark.parametrize("first", range(0, 300, 50))
    def test_nothing_that_was_entered_is_lost_and_no_round_is_left_out(self, first):
        drawings = []
        for seed in range(first, first + 50):
            try:
                drawing, passed, entered, known = to_the_end(seed)
            except DiagramRefused as refused:
                if {one.rule for one in refused.problems} != {"not_proved"}:
                    raise
                continue
            drawings.append(drawing)
            assert {name: value for name, value in known.items() if name in entered} == entered, seed
            assert not [name for name in known if name.startswith(("loop_", "i_", "o_"))], seed
            assert not [own for own, rounds in drawing.counts.items() if passed[own] % rounds], seed
        assert len(drawings) >= 45, "most are walked to the end"
        assert sum(bool(one.counts) for one in drawings) >= 2, "some have rounds, all of which are counted"
