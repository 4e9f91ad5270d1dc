"""Small drawings that several tests of the machine walk, and what they ask of where it stands."""

import pytest

from engine.runtime.errors import DiagramRefused
from engine.runtime.machine import Machine
from engine.runtime.parser import compile_program
from tests.engine.runtime import walks
from tests.engine.runtime.drawing import draw


def machine(text, handler=lambda call: {}, **parts):
    return Machine(
        compile_program(draw(text), {name: draw(part, name) for name, part in parts.items()}), handler
    )


def refused(text):
    with pytest.raises(DiagramRefused) as found:
        compile_program(draw(text), {})
    return [(problem.rule, problem.element) for problem in found.value.problems]


class Walk:
    """One instance, always stored between two acts."""

    def __init__(self, text, start=None, handler=lambda call: {}, **parts):
        self.machine = machine(text, handler, **parts)
        self.moved = self.machine.start(start or {})

    def waits(self):
        return sorted(one.step for one in self.machine.positions(self.moved.state))

    def act(self, step, variables=None, which=0):
        positions = [one for one in self.machine.positions(self.moved.state) if one.step == step]
        self.moved = walks.act(self.machine, self.moved.state, positions[which], variables or {})
        return self

    def data(self, step):
        return next(one.data for one in self.machine.positions(self.moved.state) if one.step == step)

    @property
    def ended(self):
        return self.moved.ended


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
