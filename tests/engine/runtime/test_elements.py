"""Every element and event beyond the plain ones: what it does, saved and loaded at each step."""

import pytest

from engine.runtime.errors import ActTooLong, ConditionFailed, DiagramRefused, NoConditionTrue, PositionGone
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw


def machine(text, handler=lambda call: {}, **parts):
    return Machine(
        compile_program(draw(text), {name: draw(part, name) for name, part in parts.items()}), handler
    )


def refused(text):
    with pytest.raises(DiagramRefused) as found:
        compile_program(draw(text), {})
    return [(problem.rule, problem.element) for problem in found.value.problems]


class Walk:
    """One instance, always stored between two acts."""

    def __init__(self, text, start=None, handler=lambda call: {}, **parts):
        self.machine = machine(text, handler, **parts)
        self.moved = self.machine.start(start or {})

    def waits(self):
        return sorted(one.step for one in self.machine.positions(self.moved.state))

    def act(self, step, variables=None, which=0):
        positions = [one for one in self.machine.positions(self.moved.state) if one.step == step]
        self.moved = walks.act(self.machine, self.moved.state, positions[which], variables or {})
        return self

    def data(self, step):
        return next(one.data for one in self.machine.positions(self.moved.state) if one.step == step)

    @property
    def ended(self):
        return self.moved.ended


class TestTasks:
    def test_a_manual_task_waits_for_a_person(self):
        walk = Walk("begin: start\nmove: manual\ndone: end\nbegin > move > done")
        assert [(one.step, one.kind) for one in walk.moved.opened] == [("move", "user")]
        assert walk.act("move").ended == "done"

    def test_a_send_task_leaves_its_message_and_goes_on(self):
        walk = Walk("begin: start\ntell: send news\ndone: end\nbegin > tell > done")
        assert (walk.moved.thrown, walk.ended) == ((("news", "tell", None),), "done")

    def test_a_receive_task_waits_for_its_message(self):
        walk = Walk("begin: start\nhear: receive news\ndone: end\nbegin > hear > done")
        [position] = walk.moved.opened
        assert (position.kind, position.element.message) == ("message", "news")
        assert walk.act("hear", {"x": 1}).moved.variables == {"x": 1}

    def test_a_receive_task_may_bear_a_timer(self):
        text = "begin: start\nhear: receive news\nlate: timer on hear\ndone: end\nlost: end\nbegin > hear > done\nlate > lost"
        assert Walk(text).act("late").ended == "lost"
        walk = Walk(text).act("hear")
        assert (walk.ended, walk.waits()) == ("done", [])

    @pytest.mark.parametrize("kind", ["send", "receive"])
    def test_without_a_message_it_would_wait_for_none_or_tell_nothing(self, kind):
        data = draw(f"begin: start\nx: {kind} news\ndone: end\nbegin > x > done")
        with pytest.raises(DiagramRefused) as found:
            compile_program(data.replace(b' messageRef="msg_news"', b""), {})
        assert found.value.problems[0].rule == "dangling"

    def test_behind_an_event_gateway_stand_events_not_tasks(self):
        text = (
            "begin: start\nw: events\na: receive m\nb: timer\ndone: end\nbegin > w > a > done\nw > b > done"
        )
        assert ("not_an_event", "a") in refused(text)


OR = """
    begin: start
    ways: or
    a: user
    b: user
    c: user
    join: or
    done: end
    begin > ways > a [a] > join > done
    ways > b [b] > join
    ways > c [else] > join
"""


class TestInclusive:
    @pytest.mark.parametrize(
        ("given", "open_"),
        [
            ({"a": True, "b": True}, ["a", "b"]),
            ({"a": True, "b": False}, ["a"]),
            ({"a": False, "b": True}, ["b"]),
            ({}, ["c"]),
        ],
    )
    def test_takes_every_true_way_or_the_default_and_waits_for_just_these(self, given, open_):
        walk = Walk(OR, given)
        for step in list(open_):
            assert walk.waits() == open_[open_.index(step) :]
            assert walk.ended is None
            walk.act(step, {f"by_{step}": 1})
        assert walk.ended == "done"
        assert walk.moved.variables == given | {f"by_{step}": 1 for step in open_}
        assert [one.step for one in walk.moved.passed] == ["join", "done"]

    def test_no_true_way_and_no_default_is_an_error(self):
        m = machine(OR.replace("[else]", "[c]"))
        with pytest.raises(NoConditionTrue):
            m.start({})

    def test_a_branch_that_may_still_come_is_waited_for_and_one_that_went_elsewhere_is_not(self):
        text = """
            begin: start
            ways: or
            a: user
            b: user
            there: xor
            x: user
            join: or
            done: end
            gone: end
            begin > ways > a [a] > join > done
            ways > b [b] > there > join [here]
            there > x [else] > gone
        """
        walk = Walk(text, {"a": True, "b": True}).act("a")
        assert walk.waits() == ["b"]
        walk.act("b", {"here": False})
        assert walk.waits() == ["x"]
        assert "done" in [one.step for one in walk.moved.passed]
        assert walk.act("x").ended == "gone"

    def test_in_a_loop_each_round_is_its_own(self):
        text = OR.replace("done: end", "again: xor\ntop: xor\ndone: end").replace(
            "begin > ways > a [a] > join > done",
            "begin > top > ways > a [a] > join > again > top [more]\nagain > done [else]",
        )
        walk = Walk(text, {"a": True, "b": True})
        walk.act("b").act("a", {"more": True})
        assert walk.waits() == ["a", "b"]
        assert walk.act("a", {"more": False}).act("b").ended == "done"

    def test_a_parallel_join_behind_an_inclusive_split_waits_for_ever(self):
        assert [rule for rule, _ in refused(OR.replace("join: or", "join: and"))] == ["waits_for_ever"]

    def test_an_exclusive_merge_behind_an_inclusive_split_would_run_twice(self):
        assert [rule for rule, _ in refused(OR.replace("join: or", "join: xor"))] == ["two_tokens"]

    def test_two_inclusive_joins_that_wait_for_each_other(self):
        text = """
            begin: start
            s: and
            j: or
            k: or
            x: xor
            y: xor
            done: end
            begin > s > j > x > k [p]
            s > k > y > j [q]
            x > done [else]
            y > done [else]
        """
        assert {rule for rule, _ in refused(text)} & {"waits_for_ever", "two_tokens"}

    def test_seven_ways_are_too_many_to_prove(self):
        ways = "".join(f"a{i}: user\nways > a{i} [x = {i}] > join\n" for i in range(7))
        text = f"begin: start\nways: or\njoin: or\ndone: end\nbegin > ways\n{ways}join > done"
        assert refused(text) == [("not_proved", "ways")]


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


SUB = """
    begin: start
    inner: sub {
        i: start
        ask: user
        fine: xor
        good: end
        bad: end error broken
        i > ask > fine > good [ok]
        fine > bad [else]
    }
    fail: error broken on inner
    late: timer on inner
    mend: user
    done: end
    begin > inner > done
    fail > mend > done
    late > done
"""


class TestSubProcesses:
    def test_runs_inside_and_shares_the_variables(self):
        walk = Walk(SUB, {"x": 1})
        assert walk.waits() == ["ask", "late"]
        walk.act("ask", {"ok": True})
        assert (walk.ended, walk.moved.variables) == ("done", {"x": 1, "ok": True})

    def test_its_elements_know_where_they_are_and_are_told_as_the_process_own(self):
        walk = Walk(SUB)
        assert [(one.process, one.step) for one in walk.moved.passed] == [
            ("demo", "begin"),
            ("demo", "inner"),
            ("demo", "i"),
            ("demo", "ask"),
        ]
        assert walk.moved.passed[-1].element.scope == "inner"

    def test_an_event_on_its_border_ends_all_inside(self):
        walk = Walk(SUB).act("late")
        assert (walk.ended, walk.waits()) == ("done", [])

    def test_an_error_leaves_it_by_the_border(self):
        walk = Walk(SUB).act("ask", {"ok": False})
        assert walk.waits() == ["mend"]
        assert [one.step for one in walk.moved.passed] == ["fine", "bad", "fail", "mend"]
        assert walk.act("mend").ended == "done"

    def test_an_error_goes_out_through_several_borders_to_the_one_that_fits(self):
        text = """
            begin: start
            a: sub {
                ai: start
                b: sub {
                    bi: start
                    ask: user
                    bad: end error broken
                    bi > ask > bad
                }
                late: timer on b
                ae: end
                ai > b > ae
                late > ae
            }
            any: error on a
            done: end
            saved: end
            begin > a > done
            any > saved
        """
        walk = Walk(text).act("ask")
        assert (walk.ended, walk.waits()) == ("saved", [])

    def test_the_exact_code_is_preferred_to_any(self):
        text = SUB.replace("late: timer on inner", "late: error on inner").replace(
            "fine > bad [else]", "worse: end error worse\nfine > worse [worse]\nfine > bad [else]"
        )
        assert Walk(text).act("ask").waits() == ["mend"]
        assert Walk(text).act("ask", {"worse": True}).ended == "done"

    def test_an_escalation_end_leaves_like_an_error(self):
        walk = Walk(SUB.replace("end error", "end escalation").replace("fail: error", "fail: escalation"))
        assert walk.act("ask").waits() == ["mend"]

    def test_other_branches_inside_are_over_when_an_error_leaves(self):
        text = """
            begin: start
            inner: sub {
                i: start
                s: and
                ask: user
                slow: user
                bad: end error broken
                fine: end
                i > s > ask > bad
                s > slow > fine
            }
            fail: error broken on inner
            done: end
            saved: end
            begin > inner > done
            fail > saved
        """
        walk = Walk(text)
        assert walk.waits() == ["ask", "slow"]
        walk.act("ask")
        assert (walk.ended, walk.waits()) == ("saved", [])

    def test_what_nobody_catches_is_refused(self):
        assert ("uncaught", "bad") in refused("begin: start\nbad: end error broken\nbegin > bad")
        assert ("uncaught", "bad") in refused(SUB.replace("fail: error broken", "fail: error different"))

    def test_a_catch_that_nothing_can_reach_is_refused(self):
        assert ("nothing_to_catch", "fail") in refused(SUB.replace("bad: end error broken", "bad: end"))

    @pytest.mark.parametrize("host", ["user", "service s", "call part"])
    def test_errors_are_caught_only_where_they_can_be_seen(self, host):
        text = f"begin: start\nx: {host}\nb: error broken on x\ndone: end\nbegin > x > done\nb > done"
        with pytest.raises(DiagramRefused) as found:
            compile_program(draw(text), {"part": draw("begin: start\ndone: end\nbegin > done", "part")})
        assert ("host", "b") in [(one.rule, one.element) for one in found.value.problems]

    @pytest.mark.parametrize(
        ("inside", "rule"),
        [
            ("i: start\nask: user\ni > ask > ask", "no_end"),
            ("ask: user\ne: end\nask > e", "one_start"),
            ("i: start\nj: start\ne: end\ni > e\nj > e", "one_start"),
            ("i: start message m\ne: end\ni > e", "event"),
            (
                "i: start\ns: and\na: user\nb: user\ne: end\nx: xor\ni > s > a > x > e\ns > b > x",
                "two_tokens",
            ),
            ("i: start\na: user\ne: end\ni > e", "island"),
        ],
    )
    def test_inside_the_same_rules_hold(self, inside, rule):
        text = f"begin: start\ninner: sub {{\n{inside}\n}}\ndone: end\nbegin > inner > done"
        assert rule in [found for found, _ in refused(text)]

    def test_a_flow_across_the_border_is_refused(self):
        assert ("dangling", "begin_to_ask") in refused(SUB + "\nbegin > ask")


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


def many(said, kind="user"):
    return f"begin: start\nask: {kind}\nask times {said}\nafter: user\ndone: end\nbegin > ask > after > done"


class TestManyInstances:
    @pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
    def test_in_parallel_all_are_open_and_all_are_waited_for(self, order):
        walk = Walk(many("3; parallel"), {"x": 1})
        tokens = {one.data["loop_index"]: one.token for one in walk.moved.opened}
        assert (walk.waits(), sorted(tokens)) == (["ask", "ask", "ask"], [0, 1, 2])
        for index in order:
            assert walk.ended is None
            walk.moved = walk.machine.complete(walk.moved.state, tokens[index], {f"v{index}": index})
        assert walk.waits() == ["after"]
        assert walk.data("after") == {"x": 1, "v0": 0, "v1": 1, "v2": 2}

    def test_one_after_the_other(self):
        walk = Walk(many("n"), {"n": 3})
        for index in range(3):
            assert (walk.waits(), walk.data("ask")["loop_index"]) == (["ask"], index)
            walk.act("ask", {"last": index})
        assert walk.data("after") == {"n": 3, "last": 2}

    @pytest.mark.parametrize("mode", ["parallel", "sequential"])
    def test_each_has_its_item_and_leaves_its_output_in_the_order_of_the_list(self, mode):
        walk = Walk(
            many(f"items=offices; item=office; output=answer; outputs=answers; {mode}"),
            {"offices": ["a", "b"]},
        )
        for which in (1, 0) if mode == "parallel" else (0, 0):
            positions = [one for one in walk.machine.positions(walk.moved.state) if one.step == "ask"]
            office = positions[which].data["office"]
            walk.act("ask", {"answer": f"{office}!", "noise": 1}, which)
        assert walk.data("after") == {"offices": ["a", "b"], "answers": ["a!", "b!"]}

    @pytest.mark.parametrize("mode", ["parallel", "sequential"])
    def test_enough_ends_those_still_open(self, mode):
        walk = Walk(many(f"5; until=loop_done >= 2 and ok; {mode}"), {"ok": True})
        walk.act("ask").act("ask")
        assert walk.waits() == ["after"]

    @pytest.mark.parametrize("mode", ["parallel", "sequential"])
    def test_none_at_all_goes_on(self, mode):
        assert Walk(many(f"0; {mode}")).waits() == ["after"]
        walk = Walk(many(f"items=list; output=o; outputs=all; {mode}"), {"list": []})
        assert walk.data("after") == {"list": [], "all": []}

    @pytest.mark.parametrize(
        ("said", "given"),
        [
            ("n", {}),
            ("n", {"n": "three"}),
            ("n", {"n": -1}),
            ("n", {"n": 501}),
            ("n", {"n": 1.5}),
            ("n", {"n": True}),
            ("items=list", {}),
            ("items=list", {"list": "abc"}),
            ("items=list", {"list": list(range(501))}),
        ],
    )
    def test_a_count_that_is_none_rolls_back_and_names_the_element(self, said, given):
        with pytest.raises(ConditionFailed) as failed:
            machine(many(said)).start(given)
        assert failed.value.facts["element"] == "ask"

    def test_an_event_on_the_border_ends_all(self):
        text = many("3; parallel") + "\nlate: timer on ask\nlate > done".replace(
            "late > done", "late > out\nout: end"
        )
        walk = Walk(text)
        assert walk.waits() == ["ask", "ask", "ask", "late"]
        walk.act("late")
        assert (walk.ended, walk.waits()) == ("out", [])

    @pytest.mark.parametrize("kind", ["engine count", "service s", "call part", "manual"])
    def test_other_activities(self, kind):
        counted = []
        walk = Walk(
            many("2; parallel", kind),
            {},
            lambda call: counted.append(call.step) or {},
            part="i: start\nq: user\ne: end\ni > q > e",
        )
        while walk.waits() != ["after"]:
            walk.act(walk.waits()[0])
        assert walk.act("after").ended == "done"
        assert len(counted) == (2 if kind.startswith("engine") else 0)

    def test_inside_one_another(self):
        text = """
            begin: start
            outer: sub {
                i: start
                ask: user
                e: end
                i > ask > e
                ask times items=inner; item=one; output=o; outputs=os; parallel
            }
            outer times items=outers; item=inner; output=os; outputs=all; parallel
            done: end
            begin > outer > done
        """
        walk = Walk(text, {"outers": [["a", "b"], ["c"]]})
        assert walk.waits() == ["ask"] * 3
        for _ in range(3):
            position = walk.machine.positions(walk.moved.state)[-1]
            walk.moved = walk.machine.complete(
                walk.moved.state, position.token, {"o": position.data["one"] + "!"}
            )
        assert (walk.ended, walk.moved.variables["all"]) == ("done", [["a!", "b!"], ["c!"]])

    @pytest.mark.parametrize(
        "said", ["2; item=x", "items=list; output=o", "items=list; outputs=o", "items=The List", "x +"]
    )
    def test_what_is_not_clear_is_refused(self, said):
        assert refused(many(said))[0][0] in {"loop", "condition"}


class TestStandardLoops:
    def test_again_as_long_as_the_condition_holds(self):
        walk = Walk(many("while=more"), {})
        walk.act("ask", {"more": True}).act("ask", {"more": True}).act("ask", {"more": False})
        assert walk.data("after") == {"more": False}

    def test_asked_first(self):
        assert Walk(many("while=more; test_first"), {"more": False}).waits() == ["after"]
        assert Walk(many("while=more; test_first"), {"more": True}).waits() == ["ask"]

    def test_at_most_so_often(self):
        walk = Walk(many("while=true; most=2")).act("ask").act("ask")
        assert walk.waits() == ["after"]

    def test_a_loop_that_waits_for_nobody_is_stopped(self):
        with pytest.raises(ActTooLong) as failed:
            machine(many("while=true", "engine count")).start({})
        assert failed.value.facts["element"] == "ask"

    def test_the_hundredth_round_stores_what_the_second_did(self):
        walk, sizes = Walk(many("while=true")), []
        for _ in range(100):
            walk.act("ask", {"x": 1})
            sizes.append(len(walk.moved.state))
        assert sizes[-1] - sizes[1] <= 10


class TestEnds:
    def test_a_message_end_leaves_its_message(self):
        walk = Walk("begin: start\ndone: end message told\nbegin > done")
        assert (walk.ended, walk.moved.thrown) == ("done", (("told", "done", None),))

    def test_a_timer_may_name_the_variable_that_holds_the_instant(self):
        data = draw("begin: start\nw: timer\ndone: end\nbegin > w > done").replace(
            b"<bpmn:timeDuration>P1D</bpmn:timeDuration>", b"<bpmn:timeDate>due_on</bpmn:timeDate>"
        )
        assert compile_program(data, {}).model.elements["w"].at == "due_on"

    def test_data_objects_are_notes(self):
        data = draw("begin: start\ndone: end\nbegin > done").replace(
            b"</bpmn:process>",
            b'<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d" name="Don"/></bpmn:process>',
        )
        assert Machine(compile_program(data, {}), lambda call: {}).start({}).ended == "done"
