"""What one act of the machine tells of its steps; parallel branches, cancelling, and that the same acts give the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.base.errors import DomainError
from engine.runtime.errors import (
    PositionGone,
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
