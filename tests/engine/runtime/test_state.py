"""The state: small, flat in loops, and without effect on what happens."""

import itertools
import re
import sys
from contextlib import contextmanager, suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.base.ids import canonical
from engine.catalog.lint.rehearsal import stand_in
from engine.runtime.errors import DiagramRefused, NoConditionTrue, PositionGone, StateUnreadable
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.random_diagrams import Drawing

#: What a dossier of the frame may carry in routing variables.
ROUTING = {
    "channel": "in_person", "dossier_form": "paper", "return_way": "counter", "handling_mode": "competent_office",
    "transfer_needed": False, "result_transfer_needed": False, "transfer_to": "H56.01", "fee_timing": "at_reception",
    "amount_due": 8000, "payment_way": "online", "refusal_by": "reception", "review_needed": True,
    "supplement_max": 1, "supplement_count": 0, "silence_is_agreement": False, "confirm_days": 1,
    "charge_purpose": "reception", "consultation_days": 5, "extension_used": False, "document_kind": "result",
}  # fmt: skip


@contextmanager
def counted(calls):
    """Add the functions that are called meanwhile to the last number."""

    def count(_frame, event, _argument):
        calls[-1] += event == "call"

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)


class TestSize:
    def test_every_state_of_every_scenario_is_small(self):
        largest = 0
        for folder, scenario in walks.scenarios():
            machine = Machine(walks.program(folder), stand_in)
            moved = machine.start(ROUTING | scenario["start"])
            for step in scenario["path"]:
                largest = max(largest, len(moved.state))
                if step["kind"] != "command":
                    position = next(one for one in machine.positions(moved.state) if one.step == step["at"])
                    moved = walks.act(machine, moved.state, position, step["set"])
        assert largest <= 1_500

    def test_twenty_seven_elements_take_less_than_four_kilobytes(self):
        """The largest state a diagram of 27 elements can have here: every branch of a wide block waits."""
        branches = "".join(
            f"a{i}: user\nl{i}: timer on a{i}\nm{i}: xor\ns > a{i} > m{i} > j\nl{i} > m{i}\n"
            for i in range(7)
        )
        program = compile_program(
            draw(
                f"begin: start\ns: and\nj: and\nz: user\nk: user\ndone: end\nbegin > s\n{branches}j > z > k > done"
            ),
            {},
        )
        assert len(program.model.elements) == 27
        assert len(Machine(program, stand_in).start(ROUTING).state) < 1_500

    @pytest.mark.parametrize("program", ["one token", "another token waits"])
    def test_the_200th_loop_costs_what_the_second_did(self, program):
        """In bytes, and in work: how many functions an act calls."""
        beside = {"one token": "", "another token waits": "b: user\ns > b > j\n"}[program]
        text = f"""
            begin: start
            s: and
            j: and
            top: xor
            ask: user
            wait: events
            paid: message payment_settled
            late: timer
            again: xor
            done: end
            begin > s > top > ask > wait > paid > again > top [more = true]
            wait > late > again > j [else] > done
            {beside}
        """
        machine = Machine(compile_program(draw(text), {}), stand_in)
        moved = machine.start(ROUTING | {"more": True})
        sizes, calls = [], []
        for _ in range(200):
            calls.append(0)
            for step in ("ask", "paid"):
                [position] = [one for one in machine.positions(moved.state) if one.step == step]
                with counted(calls):
                    moved = walks.act(machine, moved.state, position, {})
            sizes.append(len(moved.state))
        # A cyclic garbage collection here or there calls a few more.
        assert calls[-1] <= calls[1] * 1.05
        digits = len(str(200 * 10)) - 1  # token numbers grow by a digit or two
        assert sizes[-1] - sizes[1] <= 8 * digits

    def test_an_ended_instance_keeps_its_variables_only(self):
        machine = Machine(compile_program(draw("begin: start\ndone: end\nbegin > done"), {}), stand_in)
        assert machine.start({"x": 1}).state == b'{"v":1,"n":4,"d":{"x":1}}'


# ------------------------------------------------------------------ saved or not, the same


#: A random block-structured diagram as a tree: (kind, pieces).
TREES = st.recursive(
    st.tuples(st.sampled_from(["user", "service", "engine", "message", "timer", "throw"]), st.just(())),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["row", "and", "choice", "events"]), st.tuples(inner, inner)),
        st.tuples(st.sampled_from(["loop", "guarded", "call"]), st.tuples(inner)),
    ),
    max_leaves=8,
)


def sketch(tree, numbers):
    """(lines, first element, last element) of a tree."""
    kind, pieces = tree
    own = f"n{next(numbers)}"
    drawn = [sketch(piece, numbers) for piece in pieces]
    lines = [line for piece, _, _ in drawn for line in piece]
    if kind == "row":
        (_, first, end), (_, begin, last) = drawn
        return [*lines, f"{end} > {begin}"], first, last
    if not drawn:
        what = f" m_{own}" if kind in ("message", "throw") else ""
        return [f"{own}: {kind}{what}"], own, own
    match kind:
        case "and":
            lines += [f"{own}: and", f"{own}z: and", *(f"{own} > {first}" for _, first, _ in drawn)]
        case "choice":
            lines += [
                f"{own}: xor",
                f"{own}z: xor",
                f"{own} > {drawn[0][1]} [x = 1]",
                f"{own} > {drawn[1][1]} [else]",
            ]
        case "events":
            lines += [f"{own}: events", f"{own}a: message m_{own}", f"{own}b: timer", f"{own}z: xor"]
            lines += [f"{own} > {own}{way} > {first}" for way, (_, first, _) in zip("ab", drawn, strict=True)]
        case "loop":
            lines += [f"{own}: xor", f"{own}z: user", f"{own}y: xor", f"{own}e: throw m_{own}"]
            lines += [f"{own} > {drawn[0][1]}", f"{own}z > {own}y > {own} [x = 2]", f"{own}y > {own}e [else]"]
        case _:
            host = {"guarded": "user", "call": "call part"}[kind]
            lines += [f"{own}: xor", f"{own}a: {host}", f"{own}l: timer on {own}a", f"{own}z: xor"]
            lines += [f"{own} > {own}a > {own}z", f"{own}l > {drawn[0][1]}"]
    lines += [f"{last} > {own}z" for _, _, last in drawn]
    return lines, own, f"{own}e" if kind == "loop" else f"{own}z"


PART = draw(
    """
    begin: start
    ask: user
    book: service
    gone: message gone_away on book
    count: engine
    done: end
    begin > ask > book > count > done
    gone > ask
    """,
    "part",
)


def compiled(tree):
    lines, first, last = sketch(tree, itertools.count())
    text = "\n".join(["begin: start", "done: end", *lines, f"begin > {first}", f"{last} > done"])
    return compile_program(draw(text), {"part": PART})


def count(call):
    """Engine steps write to one variable in common and to one of their own."""
    return {"count": call.variables.get("count", 0) + 1, call.step: True}


#: What is one to Python and two to a condition stands beside one another: 1 = True = 1.0.
VALUES = st.sampled_from([1, 0, True, False, 1.0, 2, None, "1", [1], [True], {"a": 1}, {"a": True}])


def said(positions):
    return [(one.token, one.element, canonical(one.data)) for one in positions]


def story(moved):
    return (
        moved.passed,
        said(moved.opened),
        moved.closed,
        moved.thrown,
        moved.signals,
        moved.ended,
        moved.status,
        canonical(moved.variables),
    )


class TestSavingChangesNothing:
    @settings(max_examples=120, deadline=None)
    @given(TREES, st.data())
    def test_a_random_diagram_walked_at_random(self, tree, data):
        program = compiled(tree)
        machine, unsaved = Machine(program, count), walks.Unsaved(program, count)
        moved = machine.start({"x": 0})
        assert story(moved) == story(unsaved.start({"x": 0}))
        for _step in range(40):
            waiting = machine.positions(moved.state)
            assert said(waiting) == said(unsaved.positions())
            if not waiting:
                assert moved.ended == "done"
                return
            position = data.draw(st.sampled_from(waiting))
            given_ = {"x": data.draw(VALUES), f"v{data.draw(st.integers(0, 1))}": data.draw(VALUES)}
            moved = walks.act(machine, moved.state, position, given_)
            assert story(moved) == story(unsaved.act(position, given_))
            assert len(moved.state) < 6_000

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 1_000_000), st.data())
    def test_a_random_diagram_of_every_element(self, seed, data):
        drawing = Drawing(seed, whole=True)
        try:
            program = compile_program(drawing.main, drawing.parts)
        except DiagramRefused as refused:
            assume(any(one.rule != "not_proved" for one in refused.problems))
            raise
        machine, unsaved = Machine(program, count), walks.Unsaved(program, count)
        start = {**drawing.chosen, "items": ["a", "b"]}
        moved = machine.start(start)
        assert story(moved) == story(unsaved.start(start))
        for step in range(40):
            waiting = machine.positions(moved.state)
            assert said(waiting) == said(unsaved.positions())
            if not waiting:
                assert moved.ended is not None
                return
            position = data.draw(st.sampled_from(waiting))
            given_ = {name: data.draw(st.booleans()) for name in drawing.rounds} | {f"v{step % 2}": data.draw(VALUES)}
            moved = walks.deliver(machine, moved.state, position, given_)
            assert story(moved) == story(unsaved.act(position, given_))
            assert len(moved.state) < 12_000

    @pytest.mark.parametrize(
        ("text", "answers"),
        [
            ("a: user\nb: user\nbegin > a > b > x", "ab"),
            ("a: user\nb: user\nlate: timer on b\noff: end\nlate > off\nbegin > a > b > x", "ab"),
            ("sub: sub {\ni: start\na: user\nb: user\ne: end\ni > a > b > e\n}\nbegin > sub > x", "ab"),
            ("a: user\na times 2\nbegin > a > x", "aa"),
            ("a: user\na times 2; parallel\nbegin > a > x", "aa"),
            ("s: and\na: user\nb: user\nj: and\nbegin > s > a > j > x\ns > b > j", "ab"),
        ],
        ids=["row", "guarded", "sub-process", "rounds", "parallel rounds", "branches"],
    )
    @pytest.mark.parametrize(("was", "becomes"), [(1, True), ([1], [True]), ({"ok": 1}, {"ok": True})])
    def test_a_number_that_becomes_a_yes_is_another_value(self, text, answers, was, becomes):
        """The officer answers first; the next one adds nothing, and the gateway has to see the answer."""
        test = {bool: "v", list: "v[1]", dict: "v.ok"}[type(becomes)]
        ways = f"begin: start\nx: xor\nyes: end\nno: end\nx > yes [{test} = true]\nx > no [else]\n"
        machine = Machine(compile_program(draw(ways + text), {}), count)
        moved = machine.start({"v": was})
        for number, step in enumerate(answers):
            position = next(one for one in machine.positions(moved.state) if one.step == step)
            moved = machine.complete(moved.state, position.token, {} if number else {"v": becomes})
        assert (moved.ended, canonical(moved.variables["v"])) == ("yes", canonical(becomes))

    @settings(max_examples=8, deadline=None)
    @given(st.data())
    @pytest.mark.parametrize("folder", walks.all_folders())
    def test_a_bundle_walked_at_random(self, folder, data):
        """Any waiting element, any value that a gateway knows: no dead wait, and it ends where a dossier may."""
        program = walks.program(folder)
        known = _values(program)
        machine, unsaved = Machine(program, stand_in), walks.Unsaved(program, stand_in)
        start = ROUTING | {
            name: data.draw(st.sampled_from(known.get(name, [ROUTING[name]]))) for name in ROUTING
        }
        moved = machine.start(start)
        assert story(moved) == story(unsaved.start(start))
        for _ in range(45):
            waiting = machine.positions(moved.state)
            assert said(waiting) == said(unsaved.positions())
            if not waiting:
                break
            position = data.draw(st.sampled_from(waiting))
            given_ = {
                name: data.draw(st.sampled_from(values))
                for name, values in known.items()
                if name not in ROUTING
            }
            with suppress(NoConditionTrue):  # a value that only another gateway knows: nothing happened
                moved = walks.act(machine, moved.state, position, given_)
                assert story(moved) == story(unsaved.act(position, given_))
        if moved.ended and program.model.elements[moved.ended].status:
            may_end = {"not_accepted", "stopped", "handed_over"}
            # Only where a ministry's system is followed does the diagram itself hear of a withdrawal.
            if any(one.topic == "dossier.mirror" for model in program.models.values() for one in model.elements.values()):
                may_end |= {"withdrawn"}
            assert program.model.elements[moved.ended].status in may_end


def _values(program):
    """Variable -> the values that conditions compare it with."""
    known = {}
    for model in program.models.values():
        for flow in model.flows.values():
            for name, value in re.findall(r'(\w+) = ("\w+"|true|false)', flow.condition or ""):
                plain = {"true": True, "false": False}.get(value, value.strip('"'))
                known.setdefault(name, []).append(plain)
    answers = {
        "payment_answer": ["paid", "unpaid"],
        "transfer_answer": ["received", "rejected"],
        "confirm_answer": ["confirmed", "corrected", "silent"],
    }
    states = {name for name in known if name.endswith("_state") and name != "registration_state"}
    return {
        name: sorted(set(values), key=str) for name, values in (known | answers).items() if name not in states
    }


class TestCodec:
    def test_an_ended_state_has_no_positions_and_takes_no_act(self):
        machine = Machine(compile_program(draw("begin: start\ndone: end\nbegin > done"), {}), count)
        state = machine.start({}).state
        assert machine.positions(state) == ()
        with pytest.raises(PositionGone):
            machine.complete(state, "1", {})

    def test_a_state_of_another_codec_is_a_bug_not_a_guess(self):
        machine = Machine(compile_program(draw("begin: start\ndone: end\nbegin > done"), {}), count)
        with pytest.raises(StateUnreadable):
            machine.positions(b'{"v":99}')

    def test_one_in_which_what_called_a_part_is_gone_is_refused_too(self):
        machine = Machine(compile_program(draw("begin: start\nask: user\ndone: end\nbegin > ask > done"), {}), count)
        with pytest.raises(StateUnreadable):
            machine.positions(b'{"v":1,"n":9,"t":[],"s":[[5,[]]]}')

    def test_states_written_by_version_1_are_read_for_ever(self):
        """Do not edit: dossiers that run for years were stored so."""
        program = compile_program(
            draw(
                """
                begin: start
                s: and
                a: user
                late: timer on a
                part: call part
                j: and
                done: end
                begin > s > a > j > done
                late > done
                s > part > j
                """.replace("late > done", "late > m\n m: xor").replace("s > a > j", "s > a > m > j")
            ),
            {"part": PART},
        )
        state = (
            b'{"v":1,"n":12,"t":[[3,-1,"s",64,{"x":1}],[5,0,"part",32],[6,0,":a",64],[7,2,"a",16],[8,2,"late",8]],'
            b'"s":[[5,[[11,-1,"begin",64],[12,0,"ask",16,{"y":2}]]]]}'
        )
        machine = Machine(program, count)
        positions = machine.positions(state)
        assert [(one.token, one.step, one.kind) for one in positions] == [
            ("7", "a", "user"),
            ("8", "late", "timer"),
            ("12", "ask", "user"),
        ]
        assert positions[2].data == {"x": 1, "y": 2}
        moved = machine.wake(state, "8", {"z": 3})
        assert moved.closed == ("7", "8")
        moved = machine.complete(moved.state, "12", {})
        [book] = [one.token for one in moved.opened if one.kind == "service"]
        assert machine.complete(moved.state, book, {}).ended == "done"

    def test_states_inside_sub_processes_and_rounds_are_read_for_ever(self):
        """Do not edit: the names of our own steps (":rounds", ":gather", ...) are stored too."""
        program = compile_program(
            draw(
                """
                begin: start
                inner: sub {
                    i: start
                    ways: or
                    ask: user
                    ask times items=offices; item=office; output=answer; outputs=answers; parallel
                    other: user
                    join: or
                    e: end
                    i > ways > ask [a] > join > e
                    ways > other [b] > join
                    help: handler {
                        called: start message help_me
                        over: end
                        called > over
                    }
                }
                late: timer on inner
                done: end
                begin > inner > done
                late > done
                """
            ),
            {},
        )
        state = (
            b'{"v":1,"n":19,"t":[[3,-1,":inner",64,{"a":true,"b":true,"offices":["x","y"]}],[4,0,"inner",32],'
            b'[5,0,"late",8]],"s":[[4,[[6,-1,"Start",64],[8,0,"called",8],[9,0,"ways",64],[10,2,"ask",32],'
            b'[11,2,"other",64,{"o":1}],[18,4,"join",8]]],[10,[[13,-1,":rounds",64,{"loop_total":2,"answers":[]}],'
            b'[15,0,":round",64,{"loop_index":1,"office":"y"}],'
            b'[16,0,"ask",64,{"loop_index":0,"office":"x","answer":"ja"}],[17,1,"ask",16],[19,2,":gather",8]]]]}'
        )
        machine = Machine(program, count)
        positions = machine.positions(state)
        assert [(one.token, one.step) for one in positions] == [("5", "late"), ("8", "called"), ("17", "ask")]
        moved = machine.complete(state, "17", {"answer": "nein"})
        assert (moved.ended, moved.variables["answers"], moved.variables["o"]) == ("done", ["ja", "nein"], 1)
        assert machine.receive(state, "8", {}).ended == "done"
