"""Our execution against plain SpiffWorkflow: random diagrams, random walks, stored and loaded between all acts.

After every act both must wait at the same elements, with the same variables, and have passed the same gateways, throws,
engine steps and decisions, in the same order where only one token moves. Decisions are real tables, read by theirs too, and
messages bring variables; those under a key may come before anybody waits, and both must see the same one receiver.
`MOTCUA_FUZZ=5000` runs as many; `MOTCUA_FUZZ_FROM` begins elsewhere.

Known differences, each proved on its own in `test_elements.py` and `test_traps.py`, and kept out of the diagrams here: a
join where one branch did not change a variable, or a name in an object (theirs overwrites what the other wrote), an event
sub-process that interrupts (theirs runs beside), signal ends and links (theirs vanish), outputs of rounds (theirs come in
the order of completion, and nothing else is kept), a message for one of several rounds at once (theirs gives it to all), a
join inside a loop (from the second round on theirs does not wait for all), what a signal carries (theirs: all variables of
who sent it), what was entered in something that is left before it is through (theirs forgets it), an error that leaves
rounds (theirs breaks off), cells that Python reads otherwise than FEEL, and a decision without a value (here it is null,
theirs leaves what was there). Two are looked at here, for they are rare: what is left of a process that terminated (theirs
may keep a task open in an instance that is completed), and an inclusive join beside a call (theirs may go on twice).
"""

import os
import re
from random import Random

import pytest
from lxml import etree
from SpiffWorkflow.exceptions import WorkflowException

from engine.runtime.allowed import BPMN, EVENTS, LOOPS, NODES
from engine.runtime.errors import DiagramRefused
from engine.runtime.grammar import event_of, is_handler
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.plain_spiff import PlainSpiff
from tests.engine.runtime.random_diagrams import Drawing
from tests.engine.runtime.random_rules import handler

RUNS = int(os.environ.get("MOTCUA_FUZZ", "300"))
FIRST = int(os.environ.get("MOTCUA_FUZZ_FROM", "0"))
MOST_ACTS = 60
#: Where SpiffWorkflow itself stops: rounds behind an event that it had foreseen, outputs written a second time, items of
#: rounds that are passed again, a round that leaves no output (here it is null); where it went on twice, or forgot.
GIVES_UP = re.compile("non-predicted child|updated in place|input item .* already exists|Expected an output item|reached twice|forgot")
#: What is passed the moment a token comes.
PASSED = {"xor", "or", "and", "throw", "engine"}
#: The element that a variable is of.
WHOSE = re.compile(r"[a-z]+_(n\d+)")
NUMBERED = re.compile(r"n\d+")


def same(seed):
    """Walk one diagram in both; raises AssertionError where they part. False: it could not be compared to the end."""
    drawing = Drawing(seed)
    try:
        program = compile_program(drawing.main, drawing.parts)
    except DiagramRefused as refused:
        if {one.rule for one in refused.problems} != {"not_proved"}:
            raise
        return False
    try:
        Walk(drawing, program, Random(seed)).to_the_end()  # noqa: S311  the same walk each time
    except WorkflowException as theirs:
        if not GIVES_UP.search(str(theirs)):
            raise
        return False
    return True


class Walk:
    """The same acts on one diagram in both, and the letters under a key that lie there until somebody waits for them."""

    def __init__(self, drawing, program, random):
        self.drawing, self.random = drawing, random
        self.machine = Machine(program, handler(drawing.tables))
        self.spiff = PlainSpiff(drawing.main, drawing.parts, drawing.tables)
        start = {**drawing.chosen, "items": ["a", "b"]}
        self.moved = self.machine.start(start)
        self.spiff.start(start)
        early = ((name, value) for name, values in drawing.awaited.items() for value in values)
        self.letters = [one for one in early if random.random() < 0.3]
        self.number = 0

    def to_the_end(self):
        for self.number in range(MOST_ACTS):
            waiting = self.waiting()
            compare(self.drawing, self.moved, waiting, self.spiff)
            if not waiting:
                return
            self.forgotten(waiting)
            if self.deliver():
                continue
            step = self.random.choice(sorted(waiting))
            which = self.random.randrange(len(waiting[step]))
            self.act(step, which, waiting[step][which])

    def forgotten(self, waiting):
        """What theirs forgot of something left before it was through may decide whether it begins the next time."""
        theirs = self.spiff.waiting()
        for name in self.drawing.chosen.keys() & {f"r_{own}" for own in self.drawing.kept}:
            if any(one.data.get(name) != other.data.get(name) for step in waiting for one, other in zip(waiting[step], theirs[step], strict=True)):
                raise WorkflowException("theirs forgot what was entered")

    def waiting(self):
        """Step -> what waits there, in the order of the rounds that go on at once."""
        found = {}
        positions = self.machine.positions(self.moved.state)
        for position in sorted(positions, key=lambda one: one.data.get("loop_index", 0)):
            found.setdefault(position.step, []).append(position)
        return found

    def act(self, step, which, position):
        given, entered = {}, f"{'kept' if NUMBERED.match(step)[0] in self.drawing.kept else 'v'}{self.number}"
        if position.kind in ("user", "service"):
            given = {entered: step} | {name: self.random.random() < 0.35 for name in rounds_of(self.drawing, step)}
            given |= {name: self.random.choice(said) for name, said in self.drawing.answers.get(step, {}).items()}
            if position.element.loop is not None and position.element.loop.output:
                given[position.element.loop.output] = self.number
        elif position.kind == "message":
            given = {entered: step, f"p_{step}": self.number}
            if key := position.element.key_among(position.data):
                given[position.element.key] = key
        self.spiff.act(step, which, position.element, given)
        self.moved = walks.deliver(self.machine, self.moved.state, position, given)

    def deliver(self):
        """Bring one letter that came early, if its one receiver waits by now; both must see the same."""
        for letter in self.letters:
            message, value = letter
            waiting = [one for ones in self.waiting().values() for one in ones if one.element.message == message]
            ours = [one for one in waiting if one.element.key_among(one.data) == value]
            theirs = self.spiff.hearers(message, ours[0].element.key if ours else f"i_{message.removeprefix('m_')}", value)
            assert [one.step for one in ours] == [one.task_spec.name for one in theirs], letter
            if ours:
                self.letters.remove(letter)
                which = self.spiff.waiting()[ours[0].step].index(theirs[0])
                self.act(ours[0].step, which, ours[0])
                return True
        return False


def rounds_of(drawing, step):
    """A person answers what the gateway right behind asks, and nothing else."""
    return [name for name in drawing.rounds if step.removesuffix("y") == name.removeprefix("r_")]


def compare(drawing, moved, waiting, spiff):
    if len(set(spiff.completed) & {"done"}) < spiff.completed.count("done"):
        raise WorkflowException("the end was reached twice")
    theirs = {} if spiff.ended else spiff.waiting()
    assert {name: len(ones) for name, ones in waiting.items()} == {
        name: len(ones) for name, ones in theirs.items()
    }
    for name, ones in waiting.items():
        if ones[0].kind in ("user", "service"):
            assert [known(drawing, one.data) for one in ones] == [known(drawing, one.data) for one in theirs[name]], name
    assert (moved.ended is not None) == spiff.ended
    if moved.ended is not None:
        assert known(drawing, moved.variables) == known(drawing, spiff.data)
    ours = [one.step for one in moved.passed if one.element.kind in PASSED]
    looped = {one.step for one in moved.passed if one.element.loop}
    plain = [name.removesuffix(" [child]") for name in spiff.completed if name not in looped]
    plain = [name for name in plain if name in ours]
    told, heard = [(name, key) for name, _, key in moved.thrown], spiff.thrown()
    if drawing.parallel:
        ours, plain, told, heard = (sorted(ones, key=str) for ones in (ours, plain, told, heard))
    if "stopped" not in drawing.used:  # how far a branch comes before another ends it is a matter of turns
        assert (ours, told) == (plain, heard)


def known(drawing, data):
    """The variables that both have, and that no join may mix. A decision without a value is null here, and nothing there."""
    kept = {}
    for name, value in data.items():
        whose = WHOSE.match(name)
        unsure = whose and whose[1] in drawing.unsure
        if not unsure and not name.startswith(("r_", "loop_", "i_", "o_", "kept")) and not (name.startswith("d_") and not value):
            kept[name] = sorted(value, key=str) if name.startswith("os_") else value
    return kept


@pytest.mark.parametrize("first", range(FIRST, FIRST + RUNS, 50))
def test_random_diagrams_run_as_in_plain_spiffworkflow(first):
    seeds = range(first, min(first + 50, FIRST + RUNS))
    compared = 0
    for seed in seeds:
        try:
            compared += same(seed)
        except Exception as differs:
            differs.add_note(f"seed {seed}")
            raise
    assert compared >= 0.8 * len(seeds)


def drawn(seed, *, whole):
    """(element, event) of everything in one diagram; rounds are an element too, with what they stand on."""
    drawing = Drawing(seed, whole=whole)
    for data in (drawing.main, *drawing.parts.values()):
        for node in etree.fromstring(data).iter(f"{BPMN}*"):
            name = node.tag.removeprefix(BPMN)
            if name in NODES:
                place = "start of an event sub-process" if is_handler(node.getparent()) and name == "startEvent" else name
                yield place, event_of(node) or "none" if place in EVENTS else ""
            elif name in LOOPS:
                yield name, node.getparent().tag.removeprefix(BPMN)


def test_the_generator_draws_everything_that_is_allowed():
    """A new row of the allow-list is walked at random, or its proof is missing."""
    assert allowed() - {one for seed in range(600) for one in drawn(seed, whole=True)} == set()


def test_plain_spiffworkflow_is_asked_about_all_that_it_does_right():
    ours = {one for one in allowed() if one[0] == "start of an event sub-process" or one[1] in ("link", "conditional")}
    ours |= {("endEvent", "signal")}
    assert allowed() - {one for seed in range(300) for one in drawn(seed, whole=False)} == ours


def allowed():
    """Every element with every event, and every way of rounds on every host."""
    alone = {(name, "") for name in NODES if name not in EVENTS}
    rounds = {(loop, host) for host, row in NODES.items() for loop in LOOPS if loop in row.children}
    return alone | rounds | {(place, event) for place, events in EVENTS.items() for event in events}
