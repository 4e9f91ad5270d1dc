"""A plain diagram, ways to spoil it, and what the import then says."""

import re

import pytest

from engine.runtime.errors import DiagramRefused
from engine.runtime.parser import compile_program
from tests.engine.runtime.drawing import draw

PLAIN = """
    begin: start
    ask: user
    choice: xor
    book: service registry.search
    late: timer on book
    wait: events
    paid: message payment_settled
    due: timer
    done: end
    begin > ask > choice
    choice > book [answer = "book"]
    choice > wait [else]
    book > done
    late > done
    wait > paid > done
    wait > due > done
"""


def refusals(data, **parts):
    with pytest.raises(DiagramRefused) as refused:
        compile_program(data, parts)
    return [(problem.rule, problem.element) for problem in refused.value.problems]


def changed(old, new, text=PLAIN):
    data = draw(text).decode()
    assert old in data
    return data.replace(old, new, 1).encode()


def inserted(element, inside, text=PLAIN):
    """The diagram with XML put into an element, before its end tag."""
    data = draw(text).decode()
    return re.sub(
        rf'(<bpmn:(\w+) id="{element}".*?)(</bpmn:\2>)', rf"\1{inside}\3", data, count=1, flags=re.DOTALL
    ).encode()


def beside(xml, text=PLAIN):
    """The diagram with XML put into its process."""
    return draw(text).decode().replace("</bpmn:process>", f"{xml}</bpmn:process>").encode()
