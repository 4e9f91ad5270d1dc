from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from engine.base.errors import DomainError
from engine.runtime.errors import (
    ActTooLong,
    BadVariable,
    NoConditionTrue,
    PositionGone,
    StateTooLarge,
    WrongPosition,
)
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw


def machine(text, handler=lambda call: {}, **parts):
    return Machine(
        compile_program(draw(text), {name: draw(part, name) for name, part in parts.items()}), handler
    )


def waits(moved):
    return [(one.step, one.kind) for one in moved.opened]


def token(m, moved, step):
    [found] = [one.token for one in m.positions(moved.state) if one.step == step]
    return found


def steps(moved):
    return [one.step for one in moved.passed]


STRAIGHT = """
    begin: start status=registered
    ask: user status=in_process
    done: end status=handed_over
    begin > ask > done
"""
GATEWAY = """
    begin: start
    open: engine open
    wait: events
    paid: message payment_settled
    late: timer
    check: user
    gone: end
    done: end
    enough: xor
    begin > open > wait
    wait > paid > check > enough
    wait > late > gone
    enough > open [again = true]
    enough > done [else]
"""
DEEP = """
    begin: start
    outer: call outer
    late: timer on outer
    paid: message payment_settled on outer
    done: end
    begin > outer > done
    late > done
    paid > done
"""
OUTER = "begin: start\ninner: call inner\ndone: end\nbegin > inner > done"
INNER = """
    begin: start
    ask: user
    book: service registry.search
    silent: timer on book
    done: end
    begin > ask > book > done
    silent > ask
"""
BLOCK = """
    begin: start
    top: xor
    split: and
    a: user
    b: user
    join: and
    again: xor
    done: end
    begin > top > split > a > join > again
    split > b > join
    again > top [round < 2]
    again > done [else]
"""


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
        odd = (date(2026, 11, 22), {1: "a"}, {1, 2}, b"x", [date(2026, 1, 1)], float("nan"), 2**70, "\ud800")
        for value in odd:
            with pytest.raises(BadVariable):
                m.start({"value": value})
        moved = m.start({"value": {"a": [1, None, "ơ", 2.5, True]}})
        assert m.positions(moved.state)[0].data == {"value": {"a": [1, None, "ơ", 2.5, True]}}

    def test_what_an_engine_step_returns_is_judged_too(self):
        m = machine("begin: start\nadd: engine\ndone: end\nbegin > add > done", lambda call: {"on": date.min})
        with pytest.raises(BadVariable):
            m.start({})


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


class TestSteps:
    def test_a_service_rests_until_it_is_answered(self):
        m = machine("begin: start\nbook: service registry.search\ndone: end\nbegin > book > done")
        moved = m.start({})
        [book] = moved.opened
        assert (book.kind, book.element.topic) == ("service", "registry.search")
        assert m.positions(moved.state) == (book,)
        assert m.complete(moved.state, book.token, {"entry": 7}).variables == {"entry": 7}

    def test_an_engine_step_reads_and_sets_variables_in_the_same_act(self):
        calls = []

        def handler(call):
            calls.append((call.topic, call.step, dict(call.variables)))
            return {"sum": call.variables["x"] + 1}

        m = machine("begin: start\nadd: engine sum.add\ndone: end\nbegin > add > done", handler)
        assert m.start({"x": 1}).variables == {"x": 1, "sum": 2}
        assert calls == [("sum.add", "add", {"x": 1})]

    def test_a_handler_cannot_change_variables_behind_our_back(self):
        def handler(call):
            call.variables["x"] = 99
            return {}

        m = machine("begin: start\nadd: engine\ndone: end\nbegin > add > done", handler)
        assert m.start({"x": 1}).variables == {"x": 1}

    def test_a_refusal_inside_an_engine_step_reaches_the_caller_and_leaves_the_state(self):
        class TooLate(DomainError):
            """The third working day is over."""

        def handler(call):
            raise TooLate

        m = machine("begin: start\nask: user\nadd: engine\ndone: end\nbegin > ask > add > done", handler)
        moved = m.start({})
        with pytest.raises(TooLate):
            m.complete(moved.state, moved.opened[0].token, {})
        assert m.positions(moved.state) == moved.opened

    def test_a_throw_leaves_a_message_and_goes_on(self):
        m = machine("begin: start\ntell: throw portal_told\ndone: end\nbegin > tell > done")
        moved = m.start({})
        assert (moved.thrown, moved.ended) == ((("portal_told", "tell", None),), "done")

    def test_a_message_thrown_here_wakes_nobody_here(self):
        m = machine(
            """
            begin: start
            split: and
            tell: throw news
            hear: message news
            join: and
            done: end
            begin > split > hear > join > done
            split > tell > join
            """
        )
        moved = m.start({})
        assert (waits(moved), moved.thrown) == ([("hear", "message")], (("news", "tell", None),))

    def test_a_catch_event_waits_on_its_own(self):
        m = machine(
            """
            begin: start
            paid: message payment_settled status=awaiting_payment
            night: timer
            done: end
            begin > paid > night > done
            """
        )
        moved = m.start({})
        assert (waits(moved), moved.status) == ([("paid", "message")], "awaiting_payment")
        moved = m.receive(moved.state, moved.opened[0].token, {"x": 1})
        assert (waits(moved), moved.status) == ([("night", "timer")], None)
        assert m.wake(moved.state, moved.opened[0].token).variables == {"x": 1}


class TestParallel:
    def test_a_join_waits_for_every_branch(self):
        m = machine(BLOCK)
        moved = m.start({"round": 2})
        moved = m.complete(moved.state, token(m, moved, "a"), {})
        assert (steps(moved), moved.opened, moved.ended) == ([], (), None)
        moved = m.complete(moved.state, token(m, moved, "b"), {})
        assert (steps(moved), moved.ended) == (["join", "again", "done"], "done")

    def test_a_branch_that_changed_nothing_does_not_undo_what_another_wrote(self):
        m = machine(BLOCK)
        moved = m.start({"round": 2, "x": "old"})
        moved = m.complete(moved.state, token(m, moved, "a"), {"x": "new"})
        moved = m.complete(moved.state, token(m, moved, "b"), {"y": 1})
        assert moved.variables == {"round": 2, "x": "new", "y": 1}

    def test_when_both_wrote_the_later_counts(self):
        m = machine(BLOCK)
        for order in ("ab", "ba"):
            moved = m.start({"round": 2})
            for step in order:
                moved = m.complete(moved.state, token(m, moved, step), {"x": step})
            assert moved.variables["x"] == order[1]

    def test_a_block_in_a_loop_waits_for_every_branch_in_every_round(self):
        m = machine(BLOCK)
        moved = m.start({"round": 0})
        for count in (1, 2):
            assert [one.step for one in moved.opened] == ["a", "b"]
            moved = m.complete(moved.state, token(m, moved, "b"), {"round": count})
            assert [one.step for one in m.positions(moved.state)] == ["a"]
            moved = m.complete(moved.state, token(m, moved, "a"), {})
        assert (moved.ended, moved.variables) == ("done", {"round": 2})

    def test_several_ends_end_it_when_the_last_is_reached(self):
        m = machine(
            """
            begin: start
            split: and
            a: user
            b: user
            one: end
            two: end
            begin > split > a > one
            split > b > two
            """
        )
        first = m.start({"x": 0})
        moved = m.complete(first.state, token(m, first, "b"), {"x": 1})
        assert (moved.ended, steps(moved)) == (None, ["two"])
        moved = m.complete(moved.state, token(m, first, "a"), {"y": 1})
        assert (moved.ended, moved.variables) == ("one", {"x": 1, "y": 1})

    def test_twenty_eight_splits_in_a_row_cost_no_more_than_one(self):
        blocks = "".join(
            f"s{i}: and\na{i}: user\nb{i}: engine\nj{i}: and\ns{i} > a{i} > j{i}\ns{i} > b{i} > j{i}\n"
            + (f"j{i} > s{i + 1}\n" if i < 27 else "")
            for i in range(28)
        )
        m = machine(f"begin: start\ndone: end\nbegin > s0\n{blocks}j27 > done")
        moved = m.start({})
        for _ in range(28):
            assert len(moved.state) < 300
            moved = m.complete(moved.state, moved.opened[0].token, {})
        assert moved.ended == "done"


class TestCancel:
    def test_nothing_is_left_two_calls_deep(self):
        m = machine(DEEP, outer=OUTER, inner=INNER)
        first = m.start({"x": 1})
        moved = m.cancel(first.state)
        assert set(moved.closed) == {one.token for one in first.opened}
        assert (moved.opened, moved.passed, moved.ended, moved.status) == ((), (), None, None)
        assert moved.variables == {"x": 1}
        assert m.positions(moved.state) == ()
        with pytest.raises(PositionGone):
            m.complete(moved.state, token(m, first, "ask"), {})

    def test_what_has_ended_cannot_be_cancelled(self):
        m = machine(STRAIGHT)
        moved = m.start({})
        moved = m.complete(moved.state, moved.opened[0].token, {})
        with pytest.raises(PositionGone):
            m.cancel(moved.state)


class TestSame:
    def test_the_same_acts_give_the_same_result_to_the_byte(self):
        m = machine(DEEP, outer=OUTER, inner=INNER)
        assert m.start({"x": 1}) == m.start({"x": 1})
        assert m.start({"x": 1}).state == m.start({"x": 1}).state

    def test_neither_clock_nor_chance_is_asked(self, monkeypatch):
        def forbidden(*_):
            raise AssertionError

        monkeypatch.setattr("SpiffWorkflow.task.time.time", forbidden)
        monkeypatch.setattr("SpiffWorkflow.task.uuid4", forbidden)
        monkeypatch.setattr("SpiffWorkflow.bpmn.specs.event_definitions.timer.datetime", None)
        m = machine(GATEWAY)
        moved = m.start({})
        assert m.wake(moved.state, token(m, moved, "late")).ended == "gone"

    def test_threads_share_a_program(self):
        m = machine(DEEP, outer=OUTER, inner=INNER)

        def story(number):
            moved = m.start({"x": number})
            for step in ("ask", "book"):
                moved = m.complete(moved.state, token(m, moved, step), {step: number})
            return moved.ended, moved.variables

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(story, range(200)))
        assert results == [("done", {"x": n, "ask": n, "book": n}) for n in range(200)]
