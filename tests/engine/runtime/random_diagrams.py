"""Random diagrams over every element, as sketches of `drawing.py`.

With `whole` also those that plain SpiffWorkflow does not know, or does wrong.

Each is made of blocks with one way in and one way out. Every gateway reads a variable of its own: `c_<id>` is fixed when
the instance starts, `r_<id>` is answered by the person just before a loop closes.
"""

import itertools
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.engine.runtime.drawing import draw
from tests.engine.runtime.random_rules import NUMBERS, SOME, WORDS, rules

LEAVES = ("user", "manual", "service", "receive", "message", "send", "throw", "timer")
BLOCKS = ("row", "row", "and", "choice", "either", "events", "loop", "guarded", "sub", "failing", "stopped", "told",
          "call", "many", "again", "counted", "ruled", "asked")  # fmt: skip

OURS = ("linked", "handled", "shouted", "watched", "broken")
#: In a loop theirs joins such branches too early, from the second round on.
JOINED = {"and", "either", "told"}
#: In rounds that go on at once theirs gives a message to all of them, where it is for one. Of what is passed again
#: there, it cannot be said which is which.
ALONE = {"receive", "message", "events", "guarded", "sub", "told", "loop", "again", "many", "ruled", "asked"}
#: What is drawn inside these runs in a process of its own, a new one each time.
SCOPED = {"stopped", "call"}
#: Passed several times, and where branches meet: what one of them wrote in the round before, another one of theirs may put back.
REPEATED = {"loop", "again", "many"}
MIXED = JOINED | {"stopped", "many", "asked"}


@dataclass
class Drawing:
    """A random diagram: its files, and the variables that its gateways ask for at the start."""

    seed: int
    depth: int = 3
    whole: bool = False
    chosen: dict[str, bool] = field(default_factory=dict)
    #: variables that a person sets just before they are read
    rounds: list[str] = field(default_factory=list)
    #: step -> the variables that a person sets there, and what may be said
    answers: dict[str, dict[str, tuple[Any, ...]]] = field(default_factory=dict)
    #: decision -> its DMN document
    tables: dict[str, bytes] = field(default_factory=dict)
    #: messages under a key that the outside sends, and the values of the key
    awaited: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: of whose variables it cannot be said what joins make of them
    unsure: set[str] = field(default_factory=set)
    #: what is drawn where somebody may leave before all is through: what was entered there is known behind it, in theirs not
    kept: set[str] = field(default_factory=set)
    #: activity -> how many rounds it has each time, where nobody may leave before all are through
    counts: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    parts: dict[str, bytes] = field(default_factory=dict)
    #: whether what is drawn next is passed again and again in one process
    looping: bool = False
    #: whether what is drawn next goes on several times at once
    at_once: bool = False
    #: whether what is drawn next is passed several times, in whatever process, and whether branches meet there
    repeated: bool = False
    mixed: bool = False
    #: whether what is drawn next may be left before it is through
    leaving: bool = False
    main: bytes = b""

    def __post_init__(self):
        self.random = Random(self.seed)  # noqa: S311  the same diagram each time
        self.numbers = itertools.count(1)
        lines, first, last = self.piece(self.depth)
        self.main = draw(
            "\n".join(["begin: start", "done: end", *lines, f"begin > {first}", f"{last} > done"])
        )

    @property
    def parallel(self):
        return bool(self.used & {"and", "either", "stopped", "told", "many", "asked"})

    def piece(self, depth):
        """(lines, first element, last element)"""
        own = f"n{next(self.numbers)}"
        kinds = [kind for kind in BLOCKS if self.whole or not (self.looping and kind in JOINED)]
        if self.whole:
            kinds += OURS
        kinds = kinds if depth and self.random.random() < 0.8 else LEAVES
        kind = self.random.choice([one for one in kinds if self.whole or not (self.at_once and one in ALONE)])
        self.used.add(kind)
        before = self.looping, self.repeated, self.mixed
        self.looping = kind == "loop" or (self.looping and kind not in SCOPED)
        self.mixed = self.mixed or (self.repeated and kind in MIXED)
        self.repeated = self.repeated or kind in REPEATED
        if self.leaving:
            self.kept.add(own)
        if self.mixed or self.leaving:
            self.unsure.add(own)
        drawn = self.leaf(kind, own) if kind in LEAVES else getattr(self, kind)(own, depth - 1)
        self.looping, self.repeated, self.mixed = before
        return drawn

    def inside(self, depth):
        """A piece in what may be left before it is through."""
        around, self.leaving = self.leaving, True
        drawn = self.piece(depth)
        self.leaving = around
        return drawn

    @staticmethod
    def leaf(kind, own):
        what = {"service": f" s_{own}", "receive": f" m_{own}", "message": f" m_{own}", "send": f" m_{own}",
                "throw": f" m_{own}"}.get(kind, "")  # fmt: skip
        return [f"{own}: {kind}{what}"], own, own

    def row(self, own, depth):
        one, first, end = self.piece(depth)
        two, begin, last = self.piece(depth)
        return [*one, *two, f"{end} > {begin}"], first, last

    def block(self, own, depth, gateway, conditions):
        lines = [f"{own}: {gateway}", f"{own}z: {gateway}"]
        for condition in conditions:
            more, first, last = self.piece(depth)
            lines += [*more, f"{own} > {first}{condition}", f"{last} > {own}z"]
        return lines, own, f"{own}z"

    def choose(self, name):
        self.chosen[name] = self.random.random() < 0.5
        return name

    def count(self):
        return self.random.choice((2, 2, 3))

    def __getattr__(self, name):
        if name == "and":
            return lambda own, depth: self.block(own, depth, "and", [""] * self.count())
        raise AttributeError(name)

    def choice(self, own, depth):
        return self.block(own, depth, "xor", [f" [{self.choose(f'c_{own}')}]", " [else]"])

    def either(self, own, depth):
        ways = [f" [{self.choose(f'c_{own}_{way}')}]" for way in range(self.count())]
        return self.block(own, depth, "or", [*ways, " [else]"])

    def events(self, own, depth):
        one, first, end = self.piece(depth)
        two, begin, last = self.piece(depth)
        lines = [
            f"{own}: events",
            f"{own}a: message m_{own}a",
            f"{own}b: {self.random.choice(('timer', f'signal s_{own}b'))}",
            f"{own}z: xor",
            *one,
            *two,
        ]
        return (
            [
                *lines,
                f"{own} > {own}a > {first}",
                f"{own} > {own}b > {begin}",
                f"{end} > {own}z",
                f"{last} > {own}z",
            ],
            own,
            f"{own}z",
        )

    def loop(self, own, depth):
        lines, first, last = self.piece(depth)
        self.rounds.append(f"r_{own}")
        lines += [
            f"{own}: xor",
            f"{own}y: user",
            f"{own}x: xor",
            f"{own}z: throw m_{own}",
            f"{own} > {first}",
        ]
        return (
            [*lines, f"{last} > {own}y > {own}x > {own} [r_{own}]", f"{own}x > {own}z [else]"],
            own,
            f"{own}z",
        )

    def around(self, own, depth, host, event):
        """An activity with an event on its border that leads through another piece."""
        lines, first, last = self.piece(depth)
        lines = [f"{own}: xor", *host, f"{own}b: {event} on {own}a", f"{own}z: xor", *lines]
        return [*lines, f"{own} > {own}a > {own}z", f"{own}b > {first}", f"{last} > {own}z"], own, f"{own}z"

    def ended(self, own):
        """The end of a sub-process or part; one in three tells something."""
        return f"{own}e: end" + (f" message m_{own}" if self.random.random() < 0.3 else "")

    def event(self, own):
        return self.random.choice(("timer", f"message m_{own}b", f"signal s_{own}b"))

    def guarded(self, own, depth):
        kind = self.random.choice(
            ("user", "manual", f"service s_{own}", f"receive m_{own}", f"call part_{own}a", "user")
        )
        if kind.startswith("call"):
            self.parts[f"part_{own}a"] = draw(f"{own}s: start\n{own}u: user\n{self.ended(own)}\n{own}s > {own}u > {own}e", f"part_{own}a")
        return self.around(own, depth, [f"{own}a: {kind}"], self.event(own))

    def sub(self, own, depth):
        lines, first, last = self.inside(depth)
        host = [
            f"{own}a: sub {{",
            f"{own}s: start",
            self.ended(own),
            *lines,
            f"{own}s > {first}",
            f"{last} > {own}e",
            "}",
        ]
        return self.around(own, depth, host, self.event(own))

    def failing(self, own, depth):
        lines, first, last = self.piece(depth)
        event = self.random.choice(("error", "escalation"))
        host = [f"{own}a: sub {{", f"{own}s: start", f"{own}x: xor", f"{own}e: end", f"{own}f: end {event} e_{own}", *lines,
                f"{own}s > {first}", f"{last} > {own}x > {own}f [{self.choose(f'c_{own}')}]", f"{own}x > {own}e [else]", "}"]  # fmt: skip
        return self.around(own, depth, host, f"{event} e_{own}")

    def stopped(self, own, depth):
        one, first, end = self.inside(depth)
        two, begin, last = self.inside(depth)
        lines = [
            f"{own}: sub {{",
            f"{own}s: start",
            f"{own}p: and",
            f"{own}e: end",
            f"{own}t: end terminate",
            *one,
            *two,
        ]
        return (
            [
                *lines,
                f"{own}s > {own}p > {first}",
                f"{own}p > {begin}",
                f"{end} > {own}t",
                f"{last} > {own}e",
                "}",
            ],
            own,
            own,
        )

    def told(self, own, depth):
        """One branch waits for the signal of the other."""
        lines, first, last = self.piece(depth)
        lines = [
            f"{own}: and",
            f"{own}h: signal t_{own}",
            f"{own}u: user",
            f"{own}t: shout t_{own}",
            f"{own}z: and",
            *lines,
        ]
        return (
            [*lines, f"{own} > {own}h > {first}", f"{own} > {own}u > {own}t > {own}z", f"{last} > {own}z"],
            own,
            f"{own}z",
        )

    def call(self, own, depth):
        lines, first, last = self.piece(depth)
        name = f"part_{own}"
        text = "\n".join([f"{own}s: start", self.ended(own), *lines, f"{own}s > {first}", f"{last} > {own}e"])
        self.parts[name] = draw(text, name)
        return [f"{own}: call {name}"], own, own

    def linked(self, own, depth):
        lines, first, last = self.piece(depth)
        name = self.choose(f"c_{own}")
        lines = [
            f"{own}: xor",
            f"{own}g: goto l_{own}",
            f"{own}h: goto l_{own}",
            f"{own}z: link l_{own}",
            *lines,
        ]
        return (
            [*lines, f"{own} > {own}g [{name}]", f"{own} > {first} [else]", f"{last} > {own}h"],
            own,
            f"{own}z",
        )

    def handled(self, own, depth):
        """A sub-process that an event inside it may replace."""
        event = self.random.choice(
            ("timer", f"message m_{own}h", f"signal s_{own}h", f"error e_{own}", f"escalation e_{own}")
        )
        bad = f" {event}" if event.endswith(f"e_{own}") else ""
        one, first, end = self.inside(depth)
        two, begin, last = self.piece(depth)
        lines = [
            f"{own}: sub {{",
            f"{own}s: start",
            f"{own}x: xor",
            f"{own}e: end",
            f"{own}f: end{bad}",
            *one,
        ]
        lines += [
            f"{own}s > {first}",
            f"{end} > {own}x > {own}f [{self.choose(f'c_{own}')}]",
            f"{own}x > {own}e [else]",
        ]
        lines += [f"{own}h: handler {{", f"{own}i: start {event}", f"{own}o: end", *two, f"{own}i > {begin}"]
        return [*lines, f"{last} > {own}o", "}", "}"], own, own

    def shouted(self, own, depth):
        """A sub-process whose one branch may end the whole by a signal of its own."""
        lines, first, last = self.inside(depth)
        host = [f"{own}a: sub {{", f"{own}s: start", f"{own}p: and", f"{own}u: user", f"{own}t: end signal s_{own}",
                f"{own}e: end", *lines, f"{own}s > {own}p > {own}u > {own}t", f"{own}p > {first}", f"{last} > {own}e", "}"]  # fmt: skip
        return self.around(own, depth, host, f"signal s_{own}")

    def watched(self, own, depth):
        """A sub-process that is left as soon as a condition holds inside."""
        lines, first, last = self.inside(depth)
        self.rounds.append(f"r_{own}")
        host = [
            f"{own}a: sub {{",
            f"{own}s: start",
            f"{own}e: end",
            *lines,
            f"{own}s > {first}",
            f"{last} > {own}e",
            "}",
        ]
        return self.around(own, depth, host, f"when r_{own}")

    def many(self, own, depth):
        how = self.random.choice(("parallel", "sequential"))
        until = f"; until=r_{own}" if self.random.random() < 0.4 else ""
        if until:
            self.rounds.append(f"r_{own}")
        what = self.random.choice(
            (str(self.count()), f"items=items; item=i_{own}; output=o_{own}; outputs=os_{own}")
        )
        kind = self.random.choice(("user", "user", "manual", f"service s_{own}", f"engine e_{own}", f"call part_{own}", "sub"))
        if not until and not self.leaving:
            self.counts[own] = 2 if "items" in what else int(what)
        if "outputs" in what:
            self.kept.add(own)
            self.unsure.add(own)
        if kind == "sub":
            around, self.at_once = self.at_once, self.at_once or how == "parallel"
            lines, first, last = self.inside(depth) if until or "outputs" in what else self.piece(depth)
            self.at_once = around
            lines = [f"{own}: sub {{", f"{own}s: start", f"{own}e: end", *lines, f"{own}s > {first}", f"{last} > {own}e", "}"]
        elif kind.startswith("call"):
            self.parts[f"part_{own}"] = draw(f"{own}s: start\n{own}u: user\n{own}e: end\n{own}s > {own}u > {own}e", f"part_{own}")
            lines = [f"{own}: {kind}"]
        else:
            lines = [f"{own}: {kind}"]
        return [*lines, f"{own} times {what}; {how}{until}"], own, own

    def broken(self, own, depth):
        """Rounds that whoever is in one of them may break off."""
        self.rounds.append(f"r_{own}")
        how, event = self.random.choice(("parallel", "sequential")), self.random.choice(("error", "escalation"))
        lines, first, last = self.inside(depth)
        host = [f"{own}a: sub {{", f"{own}s: start", f"{own}y: user", f"{own}x: xor", f"{own}e: end", f"{own}f: end {event} e_{own}", *lines,
                f"{own}s > {first}", f"{last} > {own}y > {own}x > {own}f [r_{own}]", f"{own}x > {own}e [else]", "}"]  # fmt: skip
        host.append(f"{own}a times items=items; item=i_{own}; {how}")
        return self.around(own, depth, host, f"{event} e_{own}")

    def counted(self, own, depth):
        """Ours, done at once."""
        lines, first, last = self.piece(depth)
        return [*lines, f"{own}: engine e_{own}", f"{own} > {first}"], own, last

    def ruled(self, own, depth):
        """A decision on what a person said just before, and a gateway that reads it."""
        lines, first, last = self.piece(depth)
        name = f"d_{own}"
        self.answers[f"{own}y"] = {f"n_{own}": NUMBERS, f"w_{own}": WORDS}
        self.tables[name] = rules(self.random, own, name, whole=self.repeated, plain=self.repeated)
        reads = self.random.choice((f"{name} = {SOME}", f"{name}.grade = {SOME}", f"count({name}) > 1"))
        lines = [
            f"{own}y: user",
            f"{own}: rule {name} {name}",
            f"{own}x: xor",
            f"{own}z: xor",
            *lines,
            f"{own}y > {own} > {own}x > {first} [{reads}]",
            f"{last} > {own}z",
            f"{own}x > {own}z [else]",
        ]
        return lines, f"{own}y", f"{own}z"

    def asked(self, own, depth):
        """Two are asked at once, each under a key of its own, and each answer is for who asked."""
        lines, first, last = self.piece(depth)
        self.awaited[f"m_{own}"] = ("a", "b")
        self.parts[f"part_{own}"] = draw(
            f"""
            {own}s: start
            {own}t: throw q_{own} key=i_{own}
            {own}w: {self.random.choice(("message", "receive"))} m_{own} key=i_{own}
            {own}u: user
            {own}e: end
            {own}s > {own}t > {own}w > {own}u > {own}e
            """,
            f"part_{own}",
        )
        lines = [*lines, f"{own}: call part_{own}", f"{own} > {first}"]
        return [*lines, f"{own} times items=items; item=i_{own}; parallel"], own, last

    def again(self, own, depth):
        """As long as who is in the round says so, or until an engine step was done twice."""
        kind = self.random.choice(("user", "manual", f"service s_{own}", f"engine e_{own}", f"call part_{own}", "sub"))
        going = f"e_{own} < 2" if kind.startswith("engine") else f"r_{own}"
        self.rounds.append(f"r_{own}")
        first = "; test_first" if self.random.random() < 0.4 else ""
        if first:
            self.chosen[f"r_{own}"] = self.random.random() < 0.5
        most = self.random.choice(("; most=3", "; most=1", "")) if going.startswith("r_") else "; most=3"
        inside = [f"{own}s: start", f"{own}y: user", f"{own}e: end"]
        lines = [f"{own}: {kind}"]
        if kind == "sub":
            more, begin, last = self.piece(depth)
            lines = [f"{own}: sub {{", *inside, *more, f"{own}s > {begin}", f"{last} > {own}y > {own}e", "}"]
        elif kind.startswith("call"):
            self.parts[f"part_{own}"] = draw("\n".join([*inside, f"{own}s > {own}y > {own}e"]), f"part_{own}")
        return [*lines, f"{own} times while={going}{most}{first}"], own, own
