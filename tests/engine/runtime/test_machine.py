"""One act of the machine: what passes, what is refused, what is bounded."""

from datetime import date

import pytest

from engine.runtime.errors import (
    ActTooLong,
    BadVariable,
    NoConditionTrue,
    PositionGone,
    StateTooLarge,
    WrongPosition,
)
from tests.engine.runtime.sketches import (
    BLOCK,
    DEEP,
    GATEWAY,
    INNER,
    OUTER,
    STRAIGHT,
    machine,
    steps,
    token,
    waits,
)


class TestPassing:
    def test_elements_are_told_when_they_are_entered_and_the_last_status_counts(self):
        m = machine(STRAIGHT)
        moved = m.start({})
        assert (steps(moved), moved.status, moved.ended) == (["begin", "ask"], "in_process", None)
        assert waits(moved) == [("ask", "user")]
        moved = m.complete(moved.state, moved.opened[0].token, {"x": 1})
        assert (steps(moved), moved.status, moved.ended) == (["done"], "handed_over", "done")
        assert moved.variables == {"x": 1}

    def test_no_status_is_none(self):
        m = machine(GATEWAY)
        assert m.start({}).status is None

    def test_a_call_is_entered_before_its_part(self):
        m = machine(
            """
            begin: start
            part: call part status=accepted
            done: end
            begin > part > done
            """,
            part="""
            begin_part: start
            ask: user status=awaiting_payment
            end_part: end
            begin_part > ask > end_part
            """,
        )
        moved = m.start({})
        assert [(one.process, one.step) for one in moved.passed] == [
            ("demo", "begin"),
            ("demo", "part"),
            ("part", "begin_part"),
            ("part", "ask"),
        ]
        assert moved.status == "awaiting_payment"
        moved = m.complete(moved.state, moved.opened[0].token, {})
        assert steps(moved) == ["end_part", "done"]

    def test_an_element_carries_what_the_analyst_wrote(self):
        m = machine(STRAIGHT)
        [position] = m.start({}).opened
        assert (position.element.name, position.element.form, position.element.status) == (
            "Bước ask",
            "test/ask",
            "in_process",
        )
        assert position.element.line > 1


class TestRefusals:
    def test_a_token_that_is_gone_is_stale(self):
        m = machine(STRAIGHT)
        first = m.start({})
        second = m.complete(first.state, first.opened[0].token, {})
        with pytest.raises(PositionGone):
            m.complete(second.state, first.opened[0].token, {})

    @pytest.mark.parametrize("odd", ["", "999", "abc", "2:ask"])
    def test_a_token_that_never_was_is_stale(self, odd):
        m = machine(STRAIGHT)
        with pytest.raises(PositionGone):
            m.complete(m.start({}).state, odd, {})

    def test_each_position_takes_only_what_it_waits_for(self):
        m = machine(GATEWAY)
        moved = m.start({})
        paid, late = moved.opened
        for does, one in [
            (m.complete, paid),
            (m.wake, paid),
            (m.receive, late),
            (m.complete, late),
        ]:
            with pytest.raises(WrongPosition) as refused:
                does(moved.state, one.token, {})
            assert refused.value.facts["element"] == one.step

    def test_no_true_condition_names_the_gateway(self):
        m = machine(
            """
            begin: start
            ask: user
            choice: xor
            yes: end
            no: end
            begin > ask > choice
            choice > yes [answer = "yes"]
            choice > no [answer = "no"]
            """
        )
        moved = m.start({})
        for answer in ({}, {"answer": None}, {"answer": 1}, {"answer": "maybe"}):
            with pytest.raises(NoConditionTrue) as refused:
                m.complete(moved.state, moved.opened[0].token, answer)
            assert refused.value.facts["element"] == "choice"
        assert m.complete(moved.state, moved.opened[0].token, {"answer": "no"}).ended == "no"

    def test_only_true_is_true(self):
        m = machine(
            """
            begin: start
            choice: xor
            yes: end
            no: end
            begin > choice
            choice > yes [flag]
            choice > no [else]
            """
        )
        ends = [m.start({"flag": flag}).ended for flag in (True, False, None, 1, "true", [True])]
        assert ends == ["yes", "no", "no", "no", "no", "no"]

    def test_variables_that_would_not_read_back_are_refused(self):
        m = machine(STRAIGHT)
        begun = m.start({})
        odd = (date(2026, 11, 22), {1: "a"}, {1, 2}, b"x", [date(2026, 1, 1)], float("nan"), 2**70, "\ud800")
        for value in odd:
            with pytest.raises(BadVariable) as refused:
                m.start({"value": value})
            assert (refused.value.facts["element"], refused.value.facts["variable"]) == ("begin", "value")
            with pytest.raises(BadVariable) as refused:
                m.complete(begun.state, begun.opened[0].token, {"value": value})
            assert (refused.value.facts["element"], refused.value.facts["variable"]) == ("ask", "value")
        moved = m.start({"value": {"a": [1, None, "ơ", 2.5, True]}})
        assert m.positions(moved.state)[0].data == {"value": {"a": [1, None, "ơ", 2.5, True]}}

    def test_what_an_engine_step_returns_is_judged_too(self):
        m = machine("begin: start\nadd: engine\ndone: end\nbegin > add > done", lambda call: {"on": date.min})
        with pytest.raises(BadVariable) as refused:
            m.start({})
        assert (refused.value.facts["element"], refused.value.facts["variable"]) == ("add", "on")


class TestBounds:
    def test_a_loop_that_waits_for_nobody_is_stopped_and_named(self):
        m = machine(
            """
            begin: start
            add: engine
            again: xor
            done: end
            begin > add > again
            again > add [true]
            again > done [else]
            """
        )
        with pytest.raises(ActTooLong) as refused:
            m.start({})
        assert refused.value.facts["element"] in {"add", "again"}

    def test_the_time_of_conditions_counts_too(self, monkeypatch):
        """V8 works in a thread of its own: the clock of ours would not see it."""
        monkeypatch.setattr("engine.runtime.instance.MAX_SECONDS", 0.1)
        slow = "count(for i in 1..100000 return v) = {}"
        gateways = "".join(f"x{n}: xor\nx{n} > x{n + 1} [{slow.format(n)}]\nx{n} > x{n + 1}b [else]\n"
                           f"x{n + 1}b: xor\nx{n + 1}b > x{n + 1}\n" for n in range(10))  # fmt: skip
        m = machine(f"begin: start\nask: user\n{gateways}x10: end\nbegin > ask > x0")
        moved = m.start({})
        with pytest.raises(ActTooLong):
            m.complete(moved.state, token(m, moved, "ask"), {"v": 1})

    def test_variables_that_grow_past_the_limit_are_refused(self):
        m = machine(STRAIGHT)
        with pytest.raises(StateTooLarge) as refused:
            m.start({"text": "x" * 1_100_000})
        assert refused.value.facts["element"] == "ask"

    def test_an_act_that_enters_nothing_names_the_element_it_finished(self):
        m = machine(BLOCK)
        moved = m.start({"round": 2})
        with pytest.raises(StateTooLarge) as refused:
            m.complete(moved.state, token(m, moved, "a"), {"text": "x" * 1_100_000})
        assert refused.value.facts["element"] == "a"


class TestEventGateway:
    def test_each_event_is_a_position_of_its_own(self):
        m = machine(GATEWAY)
        moved = m.start({"x": 1})
        assert waits(moved) == [("paid", "message"), ("late", "timer")]
        assert [one.element.message for one in moved.opened] == ["payment_settled", ""]
        assert [one.data for one in moved.opened] == [{"x": 1}, {"x": 1}]
        assert steps(moved) == ["begin", "open", "wait"]

    def test_one_event_closes_the_others(self):
        m = machine(GATEWAY)
        first = m.start({})
        paid, late = first.opened
        moved = m.receive(first.state, paid.token, {})
        assert moved.closed == (paid.token, late.token)
        assert (steps(moved), waits(moved)) == (["paid", "check"], [("check", "user")])
        with pytest.raises(PositionGone):
            m.wake(moved.state, late.token)
        assert m.wake(first.state, late.token).ended == "gone"

    def test_what_the_message_brings_outlives_what_was_there(self):
        m = machine(GATEWAY)
        moved = m.start({"amount": 1, "again": True})
        moved = m.receive(moved.state, token(m, moved, "paid"), {"amount": 2})
        assert moved.opened[0].data == {"amount": 2, "again": True}

    def test_a_wait_that_opens_again_has_new_tokens(self):
        m = machine(GATEWAY)
        first = m.start({})
        moved = m.receive(first.state, first.opened[0].token, {})
        moved = m.complete(moved.state, moved.opened[0].token, {"again": True})
        assert waits(moved) == [("paid", "message"), ("late", "timer")]
        assert not {one.token for one in moved.opened} & {one.token for one in first.opened}


class TestBoundaryEvents:
    @pytest.mark.parametrize(("event", "does"), [("late", "wake"), ("paid", "receive")])
    def test_on_a_call_it_closes_all_that_waits_below(self, event, does):
        m = machine(DEEP, outer=OUTER, inner=INNER)
        moved = m.start({})
        assert {one.step for one in moved.opened} == {"late", "paid", "ask"}
        ended = getattr(m, does)(moved.state, token(m, moved, event), {"why": event})
        assert (ended.ended, ended.variables) == ("done", {"why": event})
        assert set(ended.closed) == {one.token for one in moved.opened}
        assert steps(ended) == [event, "done"]

    def test_finishing_the_activity_closes_them(self):
        m = machine(DEEP, outer=OUTER, inner=INNER)
        moved = m.start({})
        moved = m.complete(moved.state, token(m, moved, "ask"), {})
        assert waits(moved) == [("book", "service"), ("silent", "timer")]
        moved = m.complete(moved.state, token(m, moved, "book"), {"found": True})
        assert (moved.ended, moved.variables) == ("done", {"found": True})
        assert m.positions(moved.state) == ()

    def test_inside_a_part_the_parts_data_is_kept(self):
        m = machine(DEEP, outer=OUTER, inner=INNER)
        moved = m.start({"a": 1})
        moved = m.complete(moved.state, token(m, moved, "ask"), {"b": 2})
        moved = m.wake(moved.state, token(m, moved, "silent"))
        assert waits(moved) == [("ask", "user")]
        assert moved.opened[0].data == {"a": 1, "b": 2}
        assert {one.step for one in m.positions(moved.state)} == {"late", "paid", "ask"}


class TestCalls:
    CALLER = """
        begin: start
        first: call part
        second: call part
        done: end
        begin > first > second > done
    """
    PART = "begin: start\nask: user\ncount: engine\ndone: end\nbegin > ask > count > done"

    def test_what_a_part_wrote_is_the_callers(self):
        m = machine(self.CALLER, lambda call: {"n": call.variables["n"] + 1}, part=self.PART)
        moved = m.start({"n": 0})
        moved = m.complete(moved.state, moved.opened[0].token, {"asked": 1})
        assert moved.opened[0].data == {"n": 1, "asked": 1}
        moved = m.complete(moved.state, moved.opened[0].token, {"asked": 2})
        assert moved.variables == {"n": 2, "asked": 2}

    def test_the_same_part_twice_at_once_keeps_its_tokens_apart(self):
        m = machine(
            """
            begin: start
            split: and
            one: call part
            two: call part
            join: and
            done: end
            begin > split > one > join > done
            split > two > join
            """,
            lambda call: {},
            part=self.PART,
        )
        first = m.start({})
        a, b = first.opened
        moved = m.complete(first.state, b.token, {"b": 1})
        assert [one.token for one in m.positions(moved.state)] == [a.token]
        moved = m.complete(moved.state, a.token, {"a": 1})
        assert (moved.ended, moved.variables) == ("done", {"a": 1, "b": 1})
