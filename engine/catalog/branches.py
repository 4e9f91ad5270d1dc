"""What is read in branches that run at once, and what stands in the branch beside.

Each token bears its own variables: what one branch writes another sees only behind the join.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import feel
from engine.runtime.loops import DONE, INDEX, TOTAL
from engine.runtime.model import Element, Model

#: Steps that other branches may go on beside, and that may write any variable: people, workers, messages, parts.
WRITING = frozenset({"user", "service", "message", "call"})
_WAITING = WRITING | {"timer", "signal", "events"}


@dataclass(frozen=True)
class Reading:
    """An element or flow in a branch reads variables."""

    #: id of the element or flow
    at: str
    names: frozenset[str]
    #: all elements of its branch, and of one beside it
    own: tuple[Element, ...]
    beside: tuple[Element, ...]
    #: whether time goes by in its branch before it reads
    late: bool


def readings(model: Model) -> Iterator[Reading]:
    """Every reading in a branch, once for each branch beside it; rounds at once are branches too."""
    for scope, inside in model.scopes():
        around = model.elements.get(scope)
        if around is not None and around.loop and around.loop.kind == "parallel":
            own = {around.loop.item, around.loop.output}
            yield from _read(model, inside, set(inside.elements), set(inside.elements), own)
        for split in inside.elements.values():
            if split.kind in ("and", "or") and len(split.outgoing) > 1:
                reach = [_reach(inside, inside.flows[flow].target, split.id) for flow in split.outgoing]
                for one, other in permutations(reach, 2):
                    yield from _read(model, inside, one - other, other - one, set())


def _reach(model: Model, first: str, split: str) -> set[str]:
    """The elements that a branch may come to, without going through its split again."""
    found, todo = {split}, [first]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += [after.id for after in model.after(model.elements[one])]
            todo += [event.id for event in model.boundaries(one)]
    return found - {split}


def _read(model: Model, inside: Model, own: set[str], other: set[str], known: set[str]) -> Iterator[Reading]:
    """What elements of `own`, or drawn inside them, read; `known` names belong to the branch alone."""
    mine, beside = tuple(_unfold(model, own)), tuple(_unfold(model, other))
    for name in sorted(own):
        before = {near for near in own if near != name and name in _reach(inside, near, "")}
        within = _unfold(model, {name})
        late = any(one.kind in _WAITING for one in (*_unfold(model, before), *within[1:]))
        for one in within:
            for at, names, after in _names(model, one):
                if names - known:
                    yield Reading(at, names - known, mine, beside, late or after)


def _unfold(model: Model, names: set[str]) -> list[Element]:
    """The elements with these names, and all that is drawn inside them."""
    found: list[Element] = []
    for one in model.elements.values():
        scope = one
        while scope.id not in names and scope.scope:
            scope = model.elements[scope.scope]
        if scope.id in names:
            found.append(one)
    return sorted(found, key=lambda one: one.id not in names)


def _names(model: Model, one: Element) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Element or flow, what it reads, and whether it reads that only when the element is done."""
    for flow in (model.flows[name] for name in one.outgoing):
        if flow.condition:
            yield flow.id, feel.reads(flow.condition), False
    first = {one.at, one.key}
    if loop := one.loop:
        first |= {loop.items} | (feel.reads(loop.count) if loop.count else set())
        for text in filter(None, (loop.until, loop.condition)):
            yield one.id, feel.reads(text) - {INDEX, TOTAL, DONE, loop.item, loop.output}, True
    if one.condition:
        yield one.id, feel.reads(one.condition), True
    yield one.id, frozenset(first - {""}), False
