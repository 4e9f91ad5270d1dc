"""A running instance in another version of its diagram: it goes on as drawn there, or the reason is named."""

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from engine.runtime.relocate import Relocation
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.random_diagrams import Drawing

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

    def test_a_branch_may_be_longer_ahead_of_where_the_dossier_is(self):
        old = program(SPLIT)
        new = program(SPLIT.replace("right > join", "right > more > join").replace("right: user", "right: user   more: user"))
        assert went_on(old, new, at(old, "left"))[0] == ["right", "more", "sign"]

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 1_000_000), st.data())
    def test_from_everywhere_into_the_same_diagram(self, seed, data):
        drawing = Drawing(seed, whole=True)
        try:
            of = compile_program(drawing.main, drawing.parts)
        except DiagramRefused:
            reject()
        moved = Machine(of, lambda call: {}).start({**drawing.chosen, "items": ["a", "b"]})
        for _ in range(20):
            assert rules(of, of, moved.state) == []
            assert Relocation(of, of, {}).move(moved.state) == moved.state
            if not (waiting := machine(of).positions(moved.state)):
                return
            given_ = {name: data.draw(st.booleans()) for name in drawing.rounds}
            moved = walks.deliver(machine(of), moved.state, data.draw(st.sampled_from(waiting)), given_)

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


SUB = """
begin: start   inner: sub {   i: start   ask: user   more: user   e: end   i > ask > more > e   }   done: end
begin > inner > done
"""
ROUNDS = """
begin: start   ask: user   ask times 3; parallel   done: end
begin > ask > done
"""
WATCHED = """
begin: start   inner: sub {   i: start   ask: user   more: user   e: end   i > ask > more > e   }   rich: when flag on inner   done: end   off: end
begin > inner > done
rich > off
"""


class TestInside:
    """Of a sub-process, or of rounds: what holds them may be renamed as well."""

    def test_a_sub_process_that_was_renamed(self):
        old, new = program(SUB), program(SUB.replace("inner", "within").replace("more", "then_this"))
        assert rules(old, new, at(old)) == [("gone", "inner")]
        assert went_on(old, new, at(old), inner="within")[0] == ["ask", "then_this"]

    def test_a_step_with_rounds_that_was_renamed(self):
        old, new = program(ROUNDS), program(ROUNDS.replace("ask", "request"))
        moved = machine(old).complete(at(old), machine(old).positions(at(old))[1].token, {"a": 1})
        assert went_on(old, new, moved.state, ask="request")[0] == ["request", "request"]

    @pytest.mark.parametrize(
        "change",
        [("; parallel", ""), ("times 3", "times 2"), ("; parallel", "; parallel; until=loop_done = 1")],
        ids=["one after the other", "fewer", "enough"],
    )
    def test_rounds_that_are_open_stay_as_they_were(self, change):
        old, new = program(ROUNDS), program(ROUNDS.replace(*change))
        assert rules(old, new, at(old)) == [("other_rounds", "ask")]

    def test_rounds_ahead_or_behind_may_change(self):
        text = ROUNDS.replace("ask: user", "first: user   last: user   ask: user").replace(
            "begin > ask > done", "begin > first > ask > last > done"
        )
        old, new = program(text), program(text.replace("times 3", "times 2"))
        assert went_on(old, new, at(old))[0] == ["first", "ask", "ask", "last"]

    def test_a_condition_that_is_watched_stays_as_it_was(self):
        old, new = program(WATCHED), program(WATCHED.replace("when flag", "when other"))
        assert rules(old, new, at(old)) == [("other_kind", "rich")]
        assert went_on(old, program(WATCHED.replace("more", "then_this")), at(old))[0] == ["ask", "then_this"]


class TestEvents:
    """Nothing stands for the events behind a gateway in the state but the gateway: they are armed all the same."""

    def test_a_message_that_is_waited_for_stays_as_it_was(self):
        old = program(EVENTS)
        assert rules(old, program(EVENTS.replace("payment_settled", "transfer_acknowledged")), at(old)) == [
            ("other_kind", "paid")
        ]

    @pytest.mark.parametrize("changed", ["off", "on"])
    def test_an_event_that_came_or_went(self, changed):
        more = EVENTS.replace("late: timer", "late: timer   gone: message gone_away") + "wait > gone > off\n"
        more = more.replace("off: end", "off: end   off2: end").replace("gone > off", "gone > off2")
        old, new = program(EVENTS), program(more)
        if changed == "off":
            old, new = new, old
        assert rules(old, new, at(old)) == [("boundary_changed", "gone")]

    def test_the_key_of_a_message_stays_as_it_was(self):
        text = "begin: start\nhear: message land_changed\ndone: end\nbegin > hear > done"

        def keyed(key):
            return compile_program(draw(text).replace(b"<mc:step/>", b"<mc:step %s/>" % key, 2)
                                   .replace(b"<mc:step %s/>" % key, b"<mc:step/>", 1), {})  # fmt: skip

        old = keyed(b'key="parcel"')
        assert old.model.elements["hear"].key == "parcel"
        assert rules(old, keyed(b'key="owner"'), at(old)) == [("other_kind", "hear")]
        assert rules(old, keyed(b'key="parcel"'), at(old)) == []

    def test_how_long_a_timer_runs_may_change_and_changes_nothing_for_those_that_run(self):
        old = program(EVENTS)
        longer = compile_program(draw(EVENTS.replace("   ", "\n")).replace(b"P1D", b"P9D"), {})
        assert rules(old, longer, at(old)) == []


class TestRefused:
    def test_two_steps_that_are_open_do_not_become_one(self):
        old = program(SPLIT)
        new = program("""
            begin: start   fork: and   both: user   join: and   sign: user   done: end
            begin > fork > both > join > sign > done
        """)
        assert ("twice", "both") in rules(old, new, at(old), left="both", right="both")
        assert rules(old, new, at(old, "left"), left="both", right="both") != []

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
        assert rules(old, new, at(old)) == [("waits_for_ever", "join")]
        assert rules(old, new, at(old, "left")) == [("waits_for_ever", "join")]
        assert rules(old, new, at(old, "left", "right")) == [], "past it the change no longer matters"

    @pytest.mark.parametrize("gateway", ["and", "or"])
    def test_one_open_step_that_was_drawn_into_a_parallel_part(self, gateway):
        """The other branch was never begun: the join would wait for it for ever. An inclusive one waits for nobody."""
        when = " [x = 1]" if gateway == "or" else ""
        old = program(LINE)
        new = program(f"""
            begin: start   take: user   fork: {gateway}   assess: user   other: user   join: {gateway}   sign: user   done: end
            begin > take > fork > assess{when} > join > sign > done
            fork > other{when} > join
        """)
        state = at(old, "take")
        if gateway == "or":
            assert went_on(old, new, state)[0] == ["assess", "sign"]
        else:
            (problem,) = Relocation(old, new, {}).problems(state)
            assert (problem.rule, problem.element) == ("waits_for_ever", "join")
            assert problem.sentence == (
                "Từ bước “Bước assess” đang mở, phiên bản mới không đi tiếp được: "
                "Cổng chờ mãi một nhánh không bao giờ tới (“Bước join”)."
            )

    def test_a_step_behind_the_join_that_was_drawn_before_it(self):
        old = program(SPLIT)
        new = program("""
            begin: start   fork: and   left: user   right: user   sign: user   join: and   done: end
            begin > fork > left > sign > join > done
            fork > right > join
        """)
        assert rules(old, new, at(old, "left", "right")) == [("waits_for_ever", "join")]
        assert rules(old, new, at(old, "left")) == [("way_gone", "join")], "it came by a way that is no more"
        assert went_on(old, new, at(old))[0] == ["left", "right", "sign"]

    def test_a_branch_that_has_ended_and_now_is_joined(self):
        apart = """
            begin: start   fork: and   left: user   right: user   one: end   sign: user   done: end
            begin > fork > left > one
            fork > right > sign > done
        """
        old, new = program(apart), program(SPLIT)
        assert rules(old, new, at(old, "left")) == [("waits_for_ever", "join")]
        assert went_on(old, new, at(old))[0] == ["left", "right", "sign"]

    def test_branches_that_are_one_row_now(self):
        old = program(SPLIT)
        new = program("begin: start   left: user   right: user   sign: user   done: end\nbegin > left > right > sign > done")
        assert rules(old, new, at(old)) == [("two_tokens", "right")]

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
