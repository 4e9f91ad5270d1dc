"""Elements in combinations that nobody thought of when each was proved: walked to the end on rows and in memory, alike.

What is expected is what BPMN 2.0.2 says of the combination. `ask: receive ask` is whoever answers; `which` is the place
among those who wait there, the oldest first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.dossiers import post
from engine.dossiers.act import Act
from engine.jobs.timers import deliver_post
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.sketches import Walk
from tests.factories import beside
from tests.factories.desk import Ward

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

OFFICES = {"offices": ["a", "b", "c"]}


@dataclass(frozen=True)
class Story:
    """A diagram, and what is done in it: (step, which of those who wait there, what is entered, where it rests then)."""

    sketch: str
    acts: tuple[tuple[str, int, dict[str, Any], list[str]], ...]
    start: Mapping[str, Any] = field(default_factory=lambda: OFFICES)
    parts: Mapping[str, str] = field(default_factory=dict)
    end: str = "done"
    #: some of what is known at the end
    known: Mapping[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


STORIES = {
    "an end that terminates in one of parallel rounds ends this one only": Story(
        """
        begin: start
        each: sub {
            i: start
            split: and
            ask: receive ask
            check: receive check
            bad: xor
            stop: end terminate
            e: end
            f: end
            i > split > ask > bad
            bad > stop [wrong]
            bad > e [else]
            split > check > f
        }
        each times items=offices; item=office; output=answer; outputs=answers; parallel
        done: end
        begin > each > done
        """,
        (
            ("ask", 1, {"wrong": True, "answer": "no"}, ["ask", "ask", "check", "check"]),
            ("check", 1, {"answer": "c"}, ["ask", "ask", "check"]),
            ("ask", 1, {"wrong": False}, ["ask", "check"]),
            ("ask", 0, {"wrong": False}, ["check"]),
            ("check", 0, {"answer": "a"}, []),
        ),
        known={"answers": ["a", "no", "c"]},
        unknown=("office", "answer", "loop_index", "loop_total"),
    ),
    "an end that terminates in a part that parallel rounds call ends the part": Story(
        """
        begin: start
        each: call panel
        each times items=offices; item=office; parallel
        done: end
        begin > each > done
        """,
        (
            ("ask", 0, {"seen": 1}, ["ask", "ask", "check", "check"]),
            ("check", 1, {}, ["ask", "ask", "check"]),
            ("ask", 1, {"seen": 3}, ["ask", "check"]),
            ("ask", 0, {}, []),
        ),
        parts={"panel": "begin: start\nsplit: and\nask: receive ask\ncheck: receive check\nstop: end terminate\nf: end\n"
                        "begin > split > ask > stop\nsplit > check > f"},
        known={"seen": 3},
        unknown=("office", "loop_index"),
    ),
    "a standard loop around a part that has rounds of its own": Story(
        """
        begin: start
        again: call panel
        again times while=open; most=3
        done: end
        begin > again > done
        """,
        (
            ("ask", 0, {"heard": 1}, ["ask"]),
            ("ask", 0, {"heard": 2}, ["ask"]),
            ("ask", 0, {}, ["ask"]),
            ("ask", 0, {"open": False, "heard": 4}, []),
        ),
        start={"open": True},
        parts={"panel": "begin: start\nround: sub {\ni: start\nask: receive ask\ne: end\ni > ask > e\n}\nround times 2\ndone: end\nbegin > round > done"},
        known={"heard": 4, "open": False},
        unknown=("loop_index", "loop_total"),
    ),
    "an event sub-process in each of parallel rounds takes the place of its round": Story(
        """
        begin: start
        each: sub {
            i: start
            inner: sub {
                j: start
                ask: receive ask
                bad: xor
                fine: end
                broken: end escalation broken
                j > ask > bad
                bad > broken [wrong]
                bad > fine [else]
            }
            e: end
            i > inner > e
            help: handler {
                called: start escalation broken
                mend: receive mend
                f: end
                called > mend > f
            }
        }
        each times items=offices; item=office; output=answer; outputs=answers; parallel
        late: timer on each
        tell: receive tell
        done: end
        gone: end
        begin > each > done
        late > tell > gone
        """,
        (
            ("ask", 2, {"wrong": True, "answer": "c"}, ["ask", "ask", "late", "mend"]),
            ("ask", 0, {"wrong": False, "answer": "a"}, ["ask", "late", "mend"]),
            ("mend", 0, {"answer": "mended"}, ["ask", "late"]),
            ("late", 0, {}, ["tell"]),
            ("tell", 0, {}, []),
        ),
        end="gone",
        known={"answers": ["a", "mended"]},
        unknown=("office", "answer"),
    ),
    "an inclusive join behind a branch that goes back waits for it": Story(
        """
        begin: start
        split: or
        top: xor
        ask: receive ask
        more: xor
        check: receive check
        join: or
        after: receive after
        done: end
        begin > split
        split > top [asks]
        top > ask > more
        more > top [again]
        more > join [else]
        split > check [checks]
        split > join [else]
        check > join > after > done
        """,
        (
            ("check", 0, {"checked": True}, ["ask"]),
            ("ask", 0, {"again": True}, ["ask"]),
            ("ask", 0, {"again": False}, ["after"]),
            ("after", 0, {}, []),
        ),
        start={"asks": True, "checks": True},
        known={"checked": True},
    ),
    "a signal of one round is heard behind the event gateways of all": Story(
        """
        begin: start
        each: sub {
            i: start
            split: and
            ask: receive ask
            cry: shout flood
            wait: events
            heard: signal flood
            late: timer
            met: xor
            join: and
            e: end
            i > split > ask > cry > join
            split > wait > heard > met
            wait > late > met
            met > join > e
        }
        each times items=offices; item=office; parallel
        done: end
        begin > each > done
        """,
        (
            ("late", 1, {}, ["ask", "ask", "ask", "heard", "heard", "late", "late"]),
            ("ask", 0, {}, ["ask", "ask"]),
            ("ask", 0, {}, ["ask"]),
            ("ask", 0, {}, []),
        ),
    ),
    "a link in a sub-process leads back, and its border still ends it": Story(
        """
        begin: start
        inner: sub {
            i: start
            home: link top
            enter: xor
            ask: receive ask
            more: xor
            jump: goto top
            e: end
            i > enter > ask > more
            home > enter
            more > jump [again]
            more > e [else]
        }
        inner times 2
        gone: message withdrawn on inner
        done: end
        over: end
        begin > inner > done
        gone > over
        """,
        (
            ("ask", 0, {"again": True, "n": 1}, ["ask", "gone"]),
            ("ask", 0, {"again": True, "n": 2}, ["ask", "gone"]),
            ("ask", 0, {"again": False, "n": 3}, ["ask", "gone"]),
            ("ask", 0, {"again": True, "n": 4}, ["ask", "gone"]),
            ("gone", 0, {}, []),
        ),
        end="over",
        known={"n": 4},
        unknown=("loop_index",),
    ),
    "an error of an event sub-process leaves all rounds by the border around them": Story(
        """
        begin: start
        each: sub {
            i: start
            ask: receive ask
            e: end
            i > ask > e
            help: handler {
                called: start message help_me
                mend: receive mend
                broken: end error broken
                called > mend > broken
            }
        }
        each times items=offices; item=office; output=answer; outputs=answers; parallel
        lost: error broken on each
        after: receive after
        done: end
        begin > each > done
        lost > after > done
        """,
        (
            ("ask", 1, {"answer": "b"}, ["ask", "ask", "called", "called"]),
            ("called", 1, {"who": "c"}, ["ask", "called", "mend"]),
            ("mend", 0, {"cost": 5}, ["after"]),
            ("after", 0, {}, []),
        ),
        known={"answers": ["b"], "who": "c", "cost": 5},
        unknown=("office", "answer"),
    ),
    "a condition on a part looks into the rounds that follow one another in it": Story(
        """
        begin: start
        check: call panel
        stop: when [count(answers) >= 2] on check
        late: timer on check
        after: receive after
        done: end
        begin > check > done
        stop > after > done
        late > done
        """,
        (
            ("ask", 0, {"answer": 1}, ["ask", "late"]),
            ("ask", 0, {"answer": 2}, ["after"]),
            ("after", 0, {}, []),
        ),
        start=OFFICES | {"answers": []},
        parts={"panel": "begin: start\nround: sub {\ni: start\nask: receive ask\ne: end\ni > ask > e\n}\n"
                        "round times items=offices; item=office; output=answer; outputs=answers\ndone: end\nbegin > round > done"},
        known={"answers": [1, 2]},
        unknown=("office", "answer"),
    ),
    "rounds in rounds over items of one name": Story(
        """
        begin: start
        each: sub {
            i: start
            twice: sub {
                j: start
                ask: receive ask
                f: end
                j > ask > f
            }
            twice times items=desks; item=office; output=answer; outputs=heard; parallel
            check: receive check
            e: end
            i > twice > check > e
        }
        each times items=offices; item=office#2; output=heard; outputs=all
        done: end
        begin > each > done
        """,
        (
            ("ask", 1, {"answer": 2}, ["ask"]),
            ("ask", 0, {"answer": 1}, ["check"]),
            ("check", 0, {}, ["ask", "ask"]),
            ("ask", 0, {"answer": 3}, ["ask"]),
            ("ask", 0, {"answer": 4}, ["check"]),
            ("check", 0, {}, []),
        ),
        start={"offices": ["a", "b"], "desks": ["x", "y"], "office": "mine"},
        known={"all": [[1, 2], [3, 4]], "office": "mine"},
        unknown=("answer", "heard"),
    ),
    "the end of the whole keeps what open rounds have heard": Story(
        """
        begin: start
        split: and
        each: sub {
            i: start
            ask: receive ask
            e: end
            i > ask > e
        }
        each times items=offices; item=office; output=answer; outputs=answers; parallel
        leave: receive leave
        stop: end terminate
        done: end
        begin > split > each > done
        split > leave > stop
        """,
        (
            ("ask", 2, {"answer": "c"}, ["ask", "ask", "leave"]),
            ("leave", 0, {"why": "moved"}, []),
        ),
        end="stop",
        known={"answers": ["c"], "why": "moved"},
        unknown=("office", "answer"),
    ),
    "what the list of rounds becomes while they go on does not change their number": Story(
        """
        begin: start
        each: sub {
            i: start
            ask: receive ask
            e: end
            i > ask > e
        }
        each times items=offices; item=office; output=office#2; outputs=seen
        done: end
        begin > each > done
        """,
        (
            ("ask", 0, {"offices": ["z"]}, ["ask"]),
            ("ask", 0, {"office": "B"}, ["ask"]),
            ("ask", 0, {}, []),
        ),
        known={"offices": ["z"], "seen": ["a", "B", "c"]},
        unknown=("office",),
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_in_memory(name: str) -> None:
    """Stored and loaded between all acts."""
    story = STORIES[name]
    walk = Walk(story.sketch, dict(story.start), **story.parts)
    for step, which, variables, rests in story.acts:
        walk.act(step, variables, which)
        assert walk.waits() == rests, step
    assert walk.ended == story.end
    known = walk.moved.variables
    assert {key: known.get(key) for key in story.known} == story.known
    assert not set(story.unknown) & known.keys()


@pytest.mark.parametrize("name", STORIES)
def test_on_rows(ward: Ward, name: str) -> None:
    """Each task and wait is a row, and is closed when the diagram has left it."""
    story = STORIES[name]
    parts = {code: draw(text, code) for code, text in story.parts.items()}
    timed = re.sub(rb'(id="late"[^>]*><bpmn:extensionElements><mc:step)', rb'\1 limit="2 d"', draw(story.sketch))
    begun = beside.begin(ward, timed, parts=parts, **story.start)
    for step, which, variables, rests in story.acts:
        begun.act(step, variables, which)
        assert begun.rests() == rests, step
    assert begun.end() == story.end


def test_a_signal_of_another_dossier_ends_what_waits_for_it_twice(ward: Ward) -> None:
    """The event sub-process that stands by for it, and the rounds that wait for it: what was armed first takes the place of all."""
    begun = beside.begin(
        ward,
        draw("""
            begin: start
            each: sub {
                i: start
                hear: signal flood
                e: end
                i > hear > e
            }
            each times items=offices; item=office; parallel
            done: end
            begin > each > done
            help: handler {
                called: start signal flood
                mend: receive mend
                over: end
                called > mend > over
            }
        """),
        **OFFICES,
    )
    cries = beside.begin(ward, draw("begin: start\nready: message go\ncry: end signal flood\nbegin > ready > cry"))
    assert begun.rests() == ["called", "hear", "hear", "hear"]
    cries.go()
    assert deliver_post(ward.act) == 1
    assert begun.rests() == ["mend"]
    begun.act("mend")
    assert begun.end() == "over"


def test_each_of_parallel_rounds_hears_the_letter_under_its_own_key(ward: Ward) -> None:
    """One lay there before its round began; of two rounds under one key a letter is for one."""
    rests = beside.begin(ward, draw("begin: start\nready: message go\ndone: end\nbegin > ready > done"))

    def send(key: str) -> None:
        with ward.act() as uow:
            post.write(Act.on(uow, rests.lodged.dossier_id, rests.runtime_id), "message", "land_changed", key, "tell")

    send("b")
    begun = beside.begin(
        ward,
        draw("""
            begin: start
            each: sub {
                i: start
                hear: message land_changed key=parcel
                ask: receive ask
                e: end
                i > hear > ask > e
            }
            each times items=parcels; item=parcel; parallel
            done: end
            begin > each > done
        """),
        parcels=["a", "b", "a", "c"],
    )
    assert begun.rests() == ["ask", "hear", "hear", "hear"]
    for key, left in (("a", 2), ("x", 2), ("c", 1), ("a", 0)):
        send(key)
        deliver_post(ward.act)
        assert begun.rests().count("hear") == left
    for _ in range(4):
        begun.act("ask")
    assert begun.end() == "done"
