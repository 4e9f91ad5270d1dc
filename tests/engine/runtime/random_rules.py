"""Random decision tables, as DMN documents, and what our engine steps do: both engines are given the same."""

from random import Random

from engine.runtime.decisions import Decisions
from engine.runtime.machine import EngineCall
from engine.runtime.model import ASKS
from tests.engine.runtime.decisions.dmn import decision, document, given, table

#: What a person may answer where a table asks for a number; null too.
NUMBERS = (None, 0, 2, 3, 5, 6, 9)
WORDS = ("a", "b")
SOME = '"r1"'


def rules(random: Random, own: str, name: str, *, whole: bool, plain: bool) -> bytes:
    """A decision on `n_<own>` and `w_<own>`, of cells that both engines read alike.

    `whole`: every number and word finds a rule. `plain`: it is worth one value, no list and no context.
    """
    low, high = sorted(random.sample(range(1, 9), 2))
    between = f"? >= {low} and ? < {high}"
    cells = [(f"< {low}", "-"), (between, '"a"'), (between, '"b"'), (f">= {high}", "-")]
    if whole:
        cells.append(("? = null", "-"))
    else:
        cells.remove(random.choice(cells))
    policy = "UNIQUE" if plain else random.choice(("UNIQUE", "UNIQUE", "COLLECT"))
    if policy == "COLLECT":
        cells += [("-", random.choice(("-", '"a"'))), (f"> {low}", "-")]
    random.shuffle(cells)
    outputs = (name,) if plain or policy == "COLLECT" else random.choice(((name,), ("grade", "rank")))
    results = random.sample((SOME, '"r2"', "3", "true", "[1, 2]", '"r3"', "4", "false"), len(cells))
    rows = [(*cell, result, '"more"')[: 2 + len(outputs)] for cell, result in zip(cells, results, strict=True)]
    inputs = (f"n_{own}", f"w_{own}")
    return document(*map(given, inputs), decision(name, table(policy, inputs, outputs, *rows), needs=inputs))


def counted(topic: str, variables):
    """What an engine step sets: how often it was done."""
    return {topic: variables.get(topic, 0) + 1}


def handler(tables):
    """Our engine steps over some decision tables: a decision's value goes where the step says, the rest is counted."""
    decisions = {name: Decisions.of(data) for name, data in tables.items()}

    def do(call: EngineCall):
        if call.topic != ASKS:
            return counted(call.topic, call.variables)
        own = call.element
        decided = decisions[own.decision].decide(own.decision, call.variables)
        return {own.variable: decided.value} if own.variable else {}

    return do
