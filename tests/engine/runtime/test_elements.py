"""Every activity and gateway beyond the plain ones: what it does, saved and loaded at each step."""

import pytest

from engine.runtime.errors import ActTooLong, ConditionFailed, DiagramRefused, NoConditionTrue
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.sketches import Walk, machine, refused


class TestTasks:
    def test_a_manual_task_waits_for_a_person(self):
        walk = Walk("begin: start\nmove: manual\ndone: end\nbegin > move > done")
        assert [(one.step, one.kind) for one in walk.moved.opened] == [("move", "user")]
        assert walk.act("move").ended == "done"

    def test_a_send_task_leaves_its_message_and_goes_on(self):
        walk = Walk("begin: start\ntell: send news\ndone: end\nbegin > tell > done")
        assert (walk.moved.thrown, walk.ended) == ((("news", "tell", None),), "done")

    @pytest.mark.parametrize("tell", ["tell: send news key=office", "tell: throw news key=office"])
    def test_of_those_who_send_at_once_each_names_its_own_key(self, tell):
        """Each office is asked under its own code, though all are asked in one act."""
        text = f"begin: start\neach: sub {{\ni: start\n{tell}\ne: end\ni > tell > e\n}}\neach times items=offices; item=office; parallel\ndone: end\nbegin > each > done"
        walk = Walk(text, {"offices": ["A", "B"]})
        assert walk.moved.thrown == (("news", "tell", "A"), ("news", "tell", "B"))

    def test_a_branch_without_the_key_does_not_take_it_from_another(self):
        text = "begin: start\ns: and\none: throw news key=office\ntwo: engine look\nj: and\ndone: end\nbegin > s > one > j > done\ns > two > j"
        walk = Walk(text, {"office": "A"}, lambda call: {"office": "B"})
        assert walk.moved.thrown == (("news", "one", "A"),)

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
        assert walk.data("after") == {"offices": ["a", "b"], "noise": 1, "answers": ["a!", "b!"]}

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
