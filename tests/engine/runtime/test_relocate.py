"""A running instance in another version of its diagram: it goes on as drawn there, or the reason is named."""

import pytest

from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from engine.runtime.relocate import Relocation
from tests.engine.runtime.drawing import draw

LINE = """
begin: start   take: user   assess: user   sign: user   done: end
begin > take > assess > sign > done
"""
GUARDED = """
begin: start   ask: user   late: timer on ask   chase: user   done: end   off: end
begin > ask > done
late > chase > off
"""
SPLIT = """
begin: start   fork: and   left: user   right: user   join: and   sign: user   done: end
begin > fork > left > join > sign > done
fork > right > join
"""
EVENTS = """
begin: start   wait: events   paid: message payment_settled   late: timer   done: end   off: end
begin > wait > paid > done
wait > late > off
"""
CALLING = """
begin: start   part: call pay   done: end
begin > part > done
"""
PART = """
start_pay: start   count: user   paid: end
start_pay > count > paid
"""


def program(text, **parts):
    text = text.replace("   ", "\n")
    return compile_program(
        draw(text), {name: draw(part.replace("   ", "\n"), name) for name, part in parts.items()}
    )


def machine(of):
    return Machine(of, lambda call: {})


def at(of, *steps):
    """The state after these steps were finished one after the other, and what waits then."""
    moved = machine(of).start({"x": 1})
    waits = {one.step: one for one in moved.opened}
    for step in steps:
        moved = machine(of).complete(moved.state, waits.pop(step).token, {step: "done"})
        waits |= {one.step: one for one in moved.opened}
    return moved.state


def rules(old, new, state, **names):
    return [(one.rule, one.element) for one in Relocation(old, new, names).problems(state)]


def went_on(old, new, state, **names):
    """Everything that is done in the new version until it ends, and the variables then."""
    relocation = Relocation(old, new, names)
    assert relocation.problems(state) == ()
    state, done = relocation.move(state), []
    while waits := machine(new).positions(state):
        moved = machine(new).complete(state, waits[0].token, {})
        state = moved.state
        done.append(waits[0].step)
    return done, moved.variables


class TestGoesOn:
    def test_past_steps_may_go_and_new_ones_may_come(self):
        old = program(LINE)
        new = program(
            LINE.replace("take: user   ", "")
            .replace("take > ", "")
            .replace("sign: user", "sign: user   seal: user")
            .replace("sign > done", "sign > seal > done")
        )
        done, variables = went_on(old, new, at(old, "take"))
        assert done == ["assess", "sign", "seal"]
        assert variables == {"x": 1, "take": "done"}

    def test_an_open_step_that_was_renamed(self):
        old, new = program(LINE), program(LINE.replace("assess", "examine"))
        state = at(old, "take")
        assert rules(old, new, state) == [("gone", "assess")]
        assert went_on(old, new, state, assess="examine")[0] == ["examine", "sign"]

    def test_a_guarded_step_with_its_timer(self):
        old = program(GUARDED)
        new = program(GUARDED.replace("late", "overdue").replace("ask", "request"))
        state = at(old)
        relocation = Relocation(old, new, {"ask": "request", "late": "overdue"})
        assert relocation.problems(state) == ()
        moved = relocation.move(state)
        waits = {one.step: one for one in machine(new).positions(moved)}
        assert set(waits) == {"request", "overdue"}
        woken = machine(new).wake(moved, waits["overdue"].token)
        assert [one.step for one in woken.opened] == ["chase"]
        assert set(woken.closed) == {one.token for one in waits.values()}

    def test_an_event_gateway(self):
        old = program(EVENTS)
        new = program(EVENTS.replace("paid:", "money:").replace("paid >", "money >"))
        relocation = Relocation(old, new, {"paid": "money"})
        state = at(old)
        assert relocation.problems(state) == ()
        (money, late) = machine(new).positions(relocation.move(state))
        assert machine(new).receive(relocation.move(state), money.token, {}).ended == "done"
        assert machine(new).wake(relocation.move(state), late.token).ended == "off"

    def test_words_may_change_inside_a_parallel_part(self):
        old = program(SPLIT)
        new = program(SPLIT.replace("right", "other"))
        assert went_on(old, new, at(old, "left"), right="other") == (
            ["other", "sign"],
            {"x": 1, "left": "done"},
        )

    def test_inside_a_called_part(self):
        old, new = (
            program(CALLING, pay=PART),
            program(
                CALLING,
                pay=PART.replace("count >", "count > thank >").replace(
                    "count: user", "count: user   thank: user"
                ),
            ),
        )
        assert went_on(old, new, at(old))[0] == ["count", "thank"]

    def test_one_that_has_ended_stays_ended(self):
        old = program(LINE)
        state = at(old, "take", "assess", "sign")
        assert rules(old, program(SPLIT), state) == []


class TestRefused:
    def test_another_kind_of_step(self):
        old = program(LINE)
        assert rules(
            old, program(LINE.replace("assess: user", "assess: service registry.ask")), at(old, "take")
        ) == [("other_kind", "assess")]

    def test_a_question_that_went_to_another_system(self):
        text = LINE.replace("assess: user", "assess: service registry.ask")
        old = program(text)
        assert rules(old, program(text.replace("registry.ask", "land.ask")), at(old, "take")) == [
            ("other_kind", "assess")
        ]

    @pytest.mark.parametrize("changed", ["off", "on"])
    def test_a_boundary_event_that_came_or_went(self, changed):
        bare = (
            GUARDED.replace("   late: timer on ask", "")
            .replace("   chase: user", "")
            .replace("   off: end", "")
            .replace("late > chase > off\n", "")
        )
        old, new = (
            (program(GUARDED), program(bare)) if changed == "off" else (program(bare), program(GUARDED))
        )
        assert rules(old, new, at(old)) != []

    def test_a_second_boundary_event(self):
        more = GUARDED.replace(
            "late: timer on ask", "late: timer on ask   gone: message withdrawn on ask"
        ).replace("late >", "gone > off\nlate >")
        assert rules(program(GUARDED), program(more), at(program(GUARDED))) == [("boundary_changed", "gone")]

    def test_a_parallel_part_that_got_a_third_branch(self):
        old = program(SPLIT)
        new = program(SPLIT.replace("right: user", "right: user   third: user") + "fork > third > join\n")
        assert [rule for rule, _ in rules(old, new, at(old))] == ["parallel_changed"]
        assert [rule for rule, _ in rules(old, new, at(old, "left"))] == ["parallel_changed"]
        assert rules(old, new, at(old, "left", "right")) == [], "past it the change no longer matters"

    def test_a_part_that_is_not_called_any_more(self):
        old, new = (
            program(CALLING, pay=PART),
            program(CALLING.replace("call pay", "call settle"), settle=PART.replace("pay", "settle")),
        )
        assert ("process_gone", "pay") in rules(old, new, at(old))

    def test_the_sentence_names_the_step_as_it_was_drawn(self):
        old, new = program(LINE), program(LINE.replace("assess", "examine"))
        (problem,) = Relocation(old, new, {}).problems(at(old, "take"))
        assert (
            problem.sentence == "Bước “Bước assess” không còn trong phiên bản mới; hãy chỉ ra bước thay thế."
        )
