"""Every event beyond the plain ones: what it does, saved and loaded at each step."""

import pytest

from engine.runtime.errors import DiagramRefused, PositionGone
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.sketches import Walk, machine, refused


class TestSignals:
    TWO = """
        begin: start
        split: and
        say: shout news
        ask: user
        hear: signal news
        join: and
        done: end
        begin > split > ask > say > join > done
        split > hear > join
    """

    def test_a_signal_wakes_who_waits_in_the_same_instance_and_is_told_outside(self):
        walk = Walk(self.TWO)
        assert walk.waits() == ["ask", "hear"]
        walk.act("ask")
        assert (walk.ended, walk.moved.signals) == ("done", (("news", "say"),))

    def test_one_that_comes_from_outside_wakes_all_at_once(self):
        text = "begin: start\ns: and\na: signal x\nb: signal x\nj: and\ndone: end\nbegin > s > a > j > done\ns > b > j"
        m = machine(text)
        moved = m.start({})
        assert [one.kind for one in moved.opened] == ["signal", "signal"]
        moved = m.signal(moved.state, "x", {"v": 1})
        assert (moved.ended, moved.variables) == ("done", {"v": 1})

    def test_a_signal_that_nobody_waits_for_is_stale(self):
        m = machine(self.TWO)
        with pytest.raises(PositionGone):
            m.signal(m.start({}).state, "other", {})

    def test_a_signal_that_came_before_its_wait_is_not_kept(self):
        text = "begin: start\nsay: shout x\nhear: signal x\ndone: end\nbegin > say > hear > done"
        assert Walk(text).waits() == ["hear"]

    @pytest.mark.parametrize(
        ("flows", "left"),
        [
            ("s > hear > done\ns > say > gone", []),
            ("s > say > gone\ns > hear > done", []),
            ("s > before > hear > done\ns > say > gone", []),
            ("s > say > gone\ns > before > hear > done", ["hear"]),
            ("s > before > say > gone\ns > hear > done", []),
        ],
    )
    def test_within_one_act_those_hear_it_who_were_armed_before_it_was_thrown(self, flows, left):
        """Branches of one fork go on step by step, in the order of the document; who waits at once is armed at once."""
        before = "before: xor\n" if "before" in flows else ""
        text = f"begin: start\ns: and\nhear: signal x\nsay: shout x\n{before}done: end\ngone: end\nbegin > s\n{flows}"
        assert Walk(text).waits() == left

    @pytest.mark.parametrize("around", ["sub", "call", "itself"])
    def test_an_event_sub_process_stands_by_before_anything_in_its_process_is_thrown(self, around):
        inside = """
            i: start
            say: shout x
            after: user
            e: end
            i > say > after > e
            help: handler {
                called: start signal x
                look: user
                over: end
                called > look > over
            }
        """
        host = {"sub": f"inner: sub {{\n{inside}\n}}", "call": "inner: call part"}.get(around)
        outer = f"begin: start\n{host}\ndone: end\nbegin > inner > done"
        assert Walk(outer if host else inside, part=inside).waits() == ["look"]

    def test_at_an_end_and_on_a_border(self):
        text = """
            begin: start
            split: and
            slow: user
            stop: signal stop on slow
            ask: user
            shouted: end signal stop
            done: end
            out: end
            begin > split > slow > done
            stop > out
            split > ask > shouted
        """
        walk = Walk(text).act("ask")
        assert (walk.waits(), walk.ended is not None) == ([], True)
        assert {one.step for one in walk.moved.passed} == {"shouted", "stop", "out"}

    def test_behind_an_event_gateway(self):
        text = "begin: start\nw: events\na: signal x\nb: timer\none: end\ntwo: end\nbegin > w > a > one\nw > b > two"
        m = machine(text)
        moved = m.start({})
        assert [one.kind for one in moved.opened] == ["signal", "timer"]
        assert m.signal(moved.state, "x", {}).ended == "one"

    def test_an_activity_that_ends_itself_by_its_own_signal_goes_no_further(self):
        text = """
            begin: start
            inner: sub {
                i: start
                say: shout stop
                after: user
                e: end
                i > say > after > e
            }
            stop: signal stop on inner
            done: end
            out: end
            begin > inner > done
            stop > out
        """
        walk = Walk(text)
        assert (walk.ended, walk.waits()) == ("out", [])


WHEN = """
    begin: start
    inner: sub {
        i: start
        ask: user
        more: user
        e: end
        i > ask > more > e
    }
    rich: when rich on inner
    other: user
    done: end
    begin > inner > done
    rich > other > done
"""


class TestConditional:
    def test_ends_what_it_stands_on_as_soon_as_it_holds_inside_and_knows_why(self):
        walk = Walk(WHEN, {"rich": False})
        assert walk.waits() == ["ask"]
        walk.act("ask", {"rich": True, "amount": 5})
        assert (walk.waits(), walk.data("other")) == (["other"], {"rich": True, "amount": 5})
        assert [one.step for one in walk.moved.passed] == ["more", "rich", "other"]  # seen when the token moved on
        assert [one.step for one in walk.moved.opened] == ["other"]
        assert walk.act("other").ended == "done"

    def test_nothing_happens_as_long_as_it_does_not_hold(self):
        walk = Walk(WHEN, {}).act("ask", {"rich": False}).act("more", {"rich": None})
        assert walk.ended == "done"

    def test_it_may_hold_from_the_beginning(self):
        assert Walk(WHEN, {"rich": True}).waits() == ["other"]

    def test_deep_inside_a_called_part(self):
        part = "p: start\ns: sub {\nq: start\nask: user\nmore: user\nr: end\nq > ask > more > r\n}\nt: end\np > s > t"
        text = WHEN[: WHEN.index("inner: sub")] + "inner: call part\n" + WHEN[WHEN.index("rich: when") :]
        walk = Walk(text, {}, part=part)
        assert walk.act("ask", {"rich": True}).waits() == ["other"]

    def test_hears_an_event_that_sets_again_what_was_before_what_it_ends(self):
        """The branch beside it has entered the rest meanwhile."""
        text = """
            begin: start
            host: sub {
                i: start
                split: and
                check: sub {
                    j: start
                    ask: user
                    more: user
                    f: end
                    j > ask > more > f
                }
                back: message sent_back on check
                again: user
                met: xor
                other: user
                then: user
                join: and
                e: end
                i > split > check > met > join > e
                back > again > met
                split > other > then > join
            }
            left: when [fee = 1 and paid] on host
            out: user
            done: end
            begin > host > done
            left > out > done
        """
        walk = Walk(text, {"fee": 1, "paid": False}).act("ask", {"fee": 2}).act("other", {"paid": True})
        assert walk.waits() == ["back", "more", "then"]
        assert walk.act("back", {"fee": 1}).waits() == ["out"]

    @pytest.mark.parametrize("host", ["user", "service s", "receive m"])
    def test_where_nothing_can_change_what_it_reads_it_is_refused(self, host):
        text = f"begin: start\nx: {host}\nb: when v on x\ndone: end\nbegin > x > done\nb > done"
        assert ("host", "b") in refused(text)

    def test_what_is_no_feel_is_refused(self):
        data = draw(WHEN).replace(b">rich<", b">rich =<")
        with pytest.raises(DiagramRefused) as found:
            compile_program(data, {})
        assert ("condition", "rich") in [(one.rule, one.element) for one in found.value.problems]


class TestTerminate:
    TEXT = """
        begin: start
        s: and
        a: user
        b: user
        stop: end terminate
        done: end
        begin > s > a > stop
        s > b > done
    """

    def test_everything_else_is_over(self):
        walk = Walk(self.TEXT).act("a", {"x": 1})
        assert (walk.ended, walk.waits(), walk.moved.variables) == ("stop", [], {"x": 1})

    def test_it_ends_when_the_other_branch_ended_before(self):
        walk = Walk(self.TEXT).act("b")
        assert walk.waits() == ["a"]
        assert walk.act("a").ended == "stop"

    def test_inside_a_sub_process_it_ends_only_that(self):
        text = f"begin: start\ninner: sub {{\n{self.TEXT.replace('begin', 'i')}\n}}\nafter: user\nfin: end\nbegin > inner > after > fin"
        assert Walk(text).act("a").waits() == ["after"]

    def test_inside_a_called_part_it_ends_only_that(self):
        walk = Walk(
            "begin: start\np: call part\nafter: user\nfin: end\nbegin > p > after > fin", part=self.TEXT
        )
        assert walk.act("a").waits() == ["after"]


class TestLinks:
    def test_a_link_goes_on_at_the_one_of_its_name(self):
        text = """
            begin: start
            x: xor
            one: goto home
            two: goto home
            home: link home
            ask: user
            done: end
            begin > x > one [a]
            x > two [else]
            home > ask > done
        """
        for given, way in (({"a": True}, "one"), ({}, "two")):
            walk = Walk(text, given)
            assert [one.step for one in walk.moved.passed] == ["begin", "x", way, "home", "ask"]
            assert walk.act("ask").ended == "done"

    @pytest.mark.parametrize(
        "text",
        [
            "begin: start\none: goto home\nbegin > one",
            "begin: start\nhome: link home\ndone: end\nbegin > done\nhome > done",
            "begin: start\none: goto a\nhome: link b\ndone: end\nbegin > one\nhome > done",
            "begin: start\none: goto a\nh: link a\ni: link a\ndone: end\nbegin > one\nh > done\ni > done",
        ],
    )
    def test_pairs_that_do_not_fit(self, text):
        assert "link" in [rule for rule, _ in refused(text)]

    def test_a_link_does_not_lead_into_a_sub_process(self):
        text = """
            begin: start
            one: goto a
            inner: sub {
                i: start
                h: link a
                e: end
                i > e
                h > e
            }
            done: end
            begin > inner > done
        """
        assert "link" in [rule for rule, _ in refused(text)]


HELP = """
    begin: start
    ask: user
    more: user
    done: end
    begin > ask > more > done
    help: handler {
        called: start message help_me
        look: user
        over: end
        called > look > over
    }
"""


class TestEventSubProcesses:
    """SpiffWorkflow runs an interrupting one beside the main flow; here it takes its place."""

    def test_it_stands_by_and_is_gone_when_the_process_ends(self):
        walk = Walk(HELP)
        assert [(one.step, one.kind) for one in walk.moved.opened] == [("called", "message"), ("ask", "user")]
        walk.act("ask").act("more")
        assert (walk.ended, walk.waits()) == ("done", [])

    def test_when_it_comes_the_main_flow_is_over_and_it_ends_the_process(self):
        walk = Walk(HELP, {"x": 1}).act("ask", {"y": 2}).act("called", {"z": 3})
        assert walk.waits() == ["look"]
        assert walk.data("look") == {"x": 1, "y": 2, "z": 3}
        assert [one.step for one in walk.moved.passed] == ["help", "called", "look"]
        assert (walk.act("look").ended, walk.waits()) == ("over", [])

    @pytest.mark.parametrize("event", ["timer", "signal sos"])
    def test_by_timer_and_signal(self, event):
        m = machine(HELP.replace("start message help_me", f"start {event}"))
        moved = m.start({})
        if event == "timer":
            moved = m.wake(moved.state, moved.opened[0].token)
        else:
            moved = m.signal(moved.state, "sos", {})
        assert [one.step for one in moved.opened] == ["look"]

    def test_it_knows_what_all_branches_wrote(self):
        text = HELP.replace(
            "begin > ask > more > done", "s: and\nj: and\nbegin > s > ask > j > done\ns > more > j"
        )
        walk = Walk(text, {"a": 0, "b": 0}).act("ask", {"a": 1}).act("called")
        assert walk.data("look") == {"a": 1, "b": 0}

    def test_it_ends_calls_and_sub_processes_that_run(self):
        part = "i: start\ndeep: user\ne: end\ni > deep > e"
        text = HELP.replace("ask: user", "ask: call part")
        walk = Walk(text, part=part)
        assert walk.waits() == ["called", "deep"]
        walk.act("called")
        assert walk.waits() == ["look"]
        assert walk.act("look").ended == "over"

    def test_inside_a_sub_process_it_ends_only_that(self):
        text = f"begin: start\ninner: sub {{\n{HELP.replace('begin', 'i')}\n}}\nafter: user\nfin: end\nbegin > inner > after > fin"
        walk = Walk(text).act("called").act("look")
        assert walk.waits() == ["after"]

    @pytest.mark.parametrize("event", ["error", "escalation"])
    def test_by_error_or_escalation_of_the_process_itself(self, event):
        text = HELP.replace("start message help_me", f"start {event} broken").replace(
            "done: end", f"done: end {event} broken"
        )
        walk = Walk(text)
        assert walk.waits() == ["ask"]  # nothing that comes from outside
        walk.act("ask").act("more", {"x": 1})
        assert (walk.waits(), walk.data("look")) == (["look"], {"x": 1})
        assert walk.act("look").ended == "over"

    def test_an_error_inside_it_leaves_by_the_border_around(self):
        inner = HELP.replace("begin", "i").replace("start message help_me", "start error broken")
        inner = inner.replace("done: end", "done: end error broken").replace(
            "over: end", "over: end error broken"
        )
        text = f"begin: start\ninner: sub {{\n{inner}\n}}\nfail: error broken on inner\nsaved: end\nfin: end\nbegin > inner > fin\nfail > saved"
        walk = Walk(text).act("ask").act("more")
        assert walk.waits() == ["look"]
        assert walk.act("look").ended == "saved"

    @pytest.mark.parametrize(
        ("old", "new", "found"),
        [
            ("called: start message help_me", "called: start", ("event_definition", "called")),
            ("called: start message help_me", "called: start conditional x", ("element", "called")),
            ("help: handler {", "begin > help\nhelp: handler {", ("handler_flow", "help")),
            ("begin: start", "begin: start message m", ("event", "begin")),
        ],
    )
    def test_what_is_refused(self, old, new, found):
        assert found in refused(HELP.replace(old, new))

    def test_one_that_does_not_interrupt_is_refused(self):
        data = draw(HELP).replace(
            b'<bpmn:startEvent id="called"', b'<bpmn:startEvent isInterrupting="false" id="called"'
        )
        with pytest.raises(DiagramRefused) as found:
            compile_program(data, {})
        assert [(one.rule, one.element) for one in found.value.problems] == [("attribute_value", "called")]

    def test_two_for_the_same_event_are_refused(self):
        other = HELP[HELP.index("help: handler") :].replace("help: ", "help2: ")
        for word in ("called", "look", "over"):
            other = other.replace(word, f"{word}2")
        assert ("same_event", "called2") in refused(HELP + other)
