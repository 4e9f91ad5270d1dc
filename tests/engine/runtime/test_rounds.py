"""Rounds inside rounds, and what of them is known outside: saved and loaded at each step."""

from itertools import count

import pytest

from engine.runtime.errors import ActTooLong, BadVariable
from tests.engine.runtime.sketches import Walk, refused

OFFICES = {"offices": ["a", "b", "c"]}
BOTH = pytest.mark.parametrize("inner", ["parallel", "sequential"])
OUTER = pytest.mark.parametrize("outer", ["parallel", "sequential"])

#: Each office is asked twice; one answer that is wrong ends the asking of this office, and somebody mends it.
ASKED_TWICE = """
    begin: start
    each: sub {{
        i: start
        twice: sub {{
            j: start
            ask: user
            fine: xor
            good: end
            bad: {end}
            j > ask > fine
            fine > bad [wrong]
            fine > good [else]
        }}
        twice times 2; {inner}
        {event} on twice
        mend: user
        e: end
        i > twice > e
        left > mend > e
    }}
    each times items=offices; item=office; {outer}
    done: end
    begin > each > done
"""


def offices(walk, step):
    """Office -> number of its round, as those know it who wait at a step."""
    positions = walk.machine.positions(walk.moved.state)
    return {one.data["office"]: one.data["loop_index"] for one in positions if one.step == step}


class TestEachRoundStaysItsOwn:
    @OUTER
    @BOTH
    @pytest.mark.parametrize("event", ["left: error broken", "left: when wrong", "left: timer"])
    def test_though_the_rounds_inside_it_are_left_early(self, outer, inner, event):
        """Three offices, three mended: none is passed over, and none is asked for ever."""
        end = "end error broken" if "error" in event else "end"
        walk = Walk(ASKED_TWICE.format(outer=outer, inner=inner, event=event, end=end), OFFICES)
        mended = []
        for _ in OFFICES["offices"]:
            if event.endswith("timer"):
                walk.act("left")
            else:
                walk.act("ask", {"wrong": True})
            [mending] = offices(walk, "mend").items()
            mended.append(mending)
            assert walk.ended is None
            walk.act("mend", {"wrong": False})
        assert mended == [("a", 0), ("b", 1), ("c", 2)]
        assert (walk.ended, walk.waits()) == ("done", [])

    @OUTER
    @BOTH
    def test_though_an_event_sub_process_takes_its_place(self, outer, inner):
        text = f"""
            begin: start
            each: sub {{
                i: start
                ask: user
                ask times 2; {inner}
                e: end
                i > ask > e
                help: handler {{
                    called: start message help_me
                    mend: user
                    over: end
                    called > mend > over
                }}
            }}
            each times items=offices; item=office; {outer}
            done: end
            begin > each > done
        """
        walk, mended = Walk(text, OFFICES), []
        for _ in OFFICES["offices"]:
            walk.act("called")
            [mending] = offices(walk, "mend").items()
            mended.append(mending)
            assert walk.ended is None
            walk.act("mend")
        assert mended == [("a", 0), ("b", 1), ("c", 2)]
        assert (walk.ended, walk.waits()) == ("done", [])


class TestWhatIsKnownOnlyInTheRounds:
    TEXT = """
        begin: start
        each: sub {{
            i: start
            ask: user
            {after}
        }}
        each times items=offices; item=office; output=answer; outputs=answers; {inner}
        {event} on each
        after: user
        done: end
        begin > each > done
        left > after > done
    """

    @BOTH
    @pytest.mark.parametrize(
        ("event", "after"),
        [
            ("left: error broken", "bad: end error broken\ni > ask > bad"),
            ("left: escalation broken", "bad: end escalation broken\ni > ask > bad"),
            ("left: when wrong", "more: user\ne: end\ni > ask > more > e"),
            ("left: signal wrong", "bad: end signal wrong\ni > ask > bad"),
        ],
    )
    def test_is_again_what_it_was_when_they_are_left_early(self, inner, event, after):
        """The officer's own office is not the one that was asked last."""
        text = self.TEXT.format(inner=inner, event=event, after=after)
        walk = Walk(text, OFFICES | {"office": "mine"}).act("ask", {"wrong": True, "answer": "no"})
        assert walk.waits() == ["after"]
        assert walk.data("after") == OFFICES | {"office": "mine", "wrong": True, "answers": []}


def asked(how, until="true = false"):
    """Each office answers; the answers come into one list."""
    text = f"""
        begin: start
        ask: user
        ask times items=offices; item=office; output=answer; outputs=answers; {how}; until={until}
        late: timer on ask
        go: xor
        after: user
        done: end
        begin > ask > go > after > done
        late > go
    """
    return Walk(text, OFFICES | {"total": 0})


class TestTheListOfAnswers:
    @BOTH
    def test_is_not_all_that_is_kept(self, inner):
        """What else an officer entered in a round is known behind it too."""
        walk = asked(inner).act("ask", {"answer": "yes", "total": 5}).act("ask", {"answer": "no", "seen": True})
        walk.act("ask")
        assert walk.data("after") == OFFICES | {"total": 5, "seen": True, "answers": ["yes", "no", None]}

    @BOTH
    @pytest.mark.parametrize(
        "until",
        ["count(answers) >= 2", 'list contains(answers, "no")', 'answer = "no"', 'some one in answers satisfies one = "no"'],
    )
    def test_holds_the_answer_of_the_round_that_asks_whether_it_is_enough(self, inner, until):
        walk = asked(inner, until).act("ask", {"answer": "yes"})
        assert set(walk.waits()) == {"ask", "late"}
        walk.act("ask", {"answer": "no"})
        assert (walk.waits(), walk.data("after")["answers"]) == (["after"], ["yes", "no"])

    @BOTH
    def test_holds_the_answers_that_were_given_when_the_time_is_over(self, inner):
        walk = asked(inner).act("ask", {"answer": "yes", "seen": True}).act("late")
        assert walk.data("after") == OFFICES | {"total": 0, "seen": True, "answers": ["yes"]}

    def test_a_round_does_not_begin_with_the_answer_of_the_one_before(self):
        walk = asked("sequential").act("ask", {"answer": "yes"})
        assert "answer" not in walk.data("ask")


class TestBounds:
    COUNTED = """
        begin: start
        top: xor
        each: sub {
            i: start
            note: engine note
            weigh: engine weigh
            ways: xor
            ask: user
            e: end
            i > note > weigh > ways > ask [asks] > e
            ways > e [else]
        }
        each times items=offices; item=office; parallel
        more: xor
        done: end
        begin > top > each > more > top [not(asks)]
        more > done [else]
    """

    ASKED = """
        i: start
        ask: user
        e: end
        i > ask > e
        ask times items=offices; item=office; parallel
    """

    def test_five_hundred_offices_are_asked_in_one_act(self):
        """Each has its own sub-process, and two steps of ours before its first task."""
        walk = Walk(self.COUNTED, {"offices": [f"{number}" for number in range(500)], "asks": True})
        assert walk.waits() == ["ask"] * 500

    STOPPED = """
        begin: start
        each: sub {
            i: start
            note: engine note
            weigh: engine weigh
            ask: user
            e: end
            i > note > weigh > ask > e
        }
        each times items=offices; item=office; output=answer; outputs=answers; parallel
        stop: when [%s] on each
        done: end
        begin > each > done
        stop > done
    """

    @pytest.mark.parametrize(("condition", "rounds"), [("wrong", 500), ("count > 600", 200)])
    def test_five_hundred_though_a_condition_looks_at_them(self, condition, rounds):
        """Each begins with two steps of ours; of those of which the second writes what the condition reads, some fewer."""
        counted = count()
        start = {"offices": [f"{number}" for number in range(rounds)], "wrong": False, "count": 0}
        walk = Walk(self.STOPPED % condition, start, lambda call: {"count": next(counted)} if call.step == "weigh" else {})
        assert walk.waits() == ["ask"] * rounds
        assert walk.act("ask", {"wrong": True, "count": 601}, which=100).ended == "done"

    @pytest.mark.parametrize("first", [0, 2])
    def test_a_condition_sees_what_was_entered_last(self, first):
        """Not what the last office on the list entered: one says no, and then another yes, whichever comes first on it."""
        text = self.STOPPED.replace("i > note > weigh > ask > e", "sent: user\ni > note > weigh > ask > sent > e")
        walk = Walk(text % "wrong", OFFICES).act("ask", {"wrong": False}, which=first)
        assert walk.ended is None
        assert walk.act("ask", {"wrong": True}, which=1 if first == 0 else 0).ended == "done"

    def test_a_condition_sees_the_list_grow(self):
        """An answer that is not given makes it longer too."""
        walk = Walk(self.STOPPED % "count(answers) >= 2", {"offices": ["a", "b", "c", "d"]}).act("ask", {"answer": "yes"})
        assert walk.ended is None
        assert walk.act("ask").ended == "done"

    def test_who_goes_round_and_asks_nobody_is_stopped(self, monkeypatch):
        """Rounds give room, but not for ever."""
        monkeypatch.setattr("engine.runtime.instance.MAX_INSTANCES", 20)
        with pytest.raises(ActTooLong) as stopped:
            Walk(self.COUNTED, {"offices": ["a"], "asks": False})
        assert stopped.value.facts["steps"] == 1_201


class TestTheNumbersOfRounds:
    """`loop_index` and its kin are the engine's: whoever set one would leave rounds out, without a word."""

    SKETCH = "begin: start\nask: user\nask times %s\ndone: end\nbegin > ask > done"

    @pytest.mark.parametrize("said", ["items=offices; item=loop_index", "items=loop_total", "items=offices; outputs=all; output=loop_done"])
    def test_no_item_and_no_list_is_called_like_one(self, said):
        assert refused(self.SKETCH % said) == [("loop", "ask")]

    def test_no_decision_either(self):
        assert ("step_value", "rate") in refused("begin: start\nrate: rule benefit loop_index\ndone: end\nbegin > rate > done")

    @pytest.mark.parametrize("name", ["loop_index", "loop_total", "loop_done"])
    def test_nobody_answers_with_one(self, name):
        walk = Walk(self.SKETCH % "3")
        with pytest.raises(BadVariable):
            walk.act("ask", {name: 7})
        assert walk.act("ask").act("ask").act("ask").ended == "done"


class TestNamesOfRounds:
    SKETCH = "begin: start\nask: user\nask times items=offices; %s\ndone: end\nbegin > ask > done"

    @BOTH
    @pytest.mark.parametrize("said", ["item=heard#1; output=answer; outputs=heard", "item=office; output=heard#1; outputs=heard"])
    def test_the_list_of_answers_is_called_like_nothing_of_a_round(self, said, inner):
        """What belongs to a round is forgotten behind it, and the list with it."""
        assert refused(self.SKETCH % f"{said}; {inner}") == [("loop", "ask")]

    @pytest.mark.parametrize("condition", ["loop_index > 1", 'office = "b"', "answer", "loop_done = 2"])
    def test_a_condition_on_the_border_asks_for_nothing_of_a_round(self, condition):
        """It looks from outside: that would never come."""
        text = TestBounds.STOPPED % condition
        assert refused(text) == [("of_a_round", "stop")]

    def test_inside_a_round_it_may(self):
        text = """
            begin: start
            each: sub {
                i: start
                inner: sub {
                    j: start
                    ask: user
                    more: user
                    f: end
                    j > ask > more > f
                }
                stop: when [office = "b" and wrong] on inner
                e: end
                i > inner > e
                stop > e
            }
            each times items=offices; item=office; parallel
            done: end
            begin > each > done
        """
        walk = Walk(text, OFFICES).act("ask", {"wrong": True}, which=1)
        assert walk.waits() == ["ask", "ask"]
        assert walk.act("ask", {"wrong": True}).waits() == ["ask", "more"]
