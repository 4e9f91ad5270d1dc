"""What is read in branches that run at once, and what stands in the branch beside.

Each token bears its own variables: what one branch writes another sees only behind the join.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    within = _within(model)
    for name, inside in model.scopes():
        scope, around = _Scope(model, inside, within), model.elements.get(name)
        if around is not None and around.loop and around.loop.kind == "parallel":
            yield from scope.read(set(inside.elements), set(inside.elements), _own(around))
        for split in inside.elements.values():
            if split.kind in ("and", "or") and len(split.outgoing) > 1:
                reach = [scope.reach(inside.flows[flow].target, split.id) for flow in split.outgoing]
                for one, other in permutations(reach, 2):
                    yield from scope.read(one - other, other - one, set())


def _within(model: Model) -> dict[str, list[Element]]:
    """Each element, by its id, with all that is drawn inside it."""
    found = {name: [one] for name, one in model.elements.items()}
    for one in model.elements.values():
        scope = one.scope
        while scope:
            found[scope].append(one)
            scope = model.elements[scope].scope
    return found


class _Scope:
    """What is drawn directly in the process or a sub-process: where it leads, and what is read there.

    All pairs of branches ask for the same: it is worked out once.
    """

    def __init__(self, model: Model, inside: Model, within: Mapping[str, list[Element]]):
        self.within = within
        self.ways = {one.id: [after.id for after in inside.after(one)] for one in inside.elements.values()}
        for one in inside.elements.values():
            if one.attached_to in self.ways:
                self.ways[one.attached_to].append(one.id)
        told = {name: list(_told(model, name, within[name])) for name in inside.elements}
        #: element -> what is read there, where anything is
        self.told = {name: said for name, said in told.items() if any(names for _, names, _ in said)}
        #: element -> the other elements before it in which time goes by
        self.waits: dict[str, set[str]] = {name: set() for name in inside.elements}
        for near in inside.elements:
            if any(one.kind in _WAITING for one in within[near]):
                for name in self.reach(near, "") - {near}:
                    self.waits[name].add(near)

    def reach(self, first: str, split: str) -> set[str]:
        """The elements that a branch may come to, without going through its split again."""
        found, todo = {split}, [first]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self.ways[one]
        return found - {split}

    def read(self, own: set[str], other: set[str], known: set[str]) -> Iterator[Reading]:
        """What elements of `own`, or drawn inside them, read; `known` names belong to the branch alone."""
        mine, beside = (tuple(one for name in sorted(names) for one in self.within[name]) for names in (own, other))
        for name in sorted(own & self.told.keys()):
            late = bool(self.waits[name] & own) or any(one.kind in _WAITING for one in self.within[name][1:])
            for at, names, after in self.told[name]:
                if names - known:
                    yield Reading(at, names - known, mine, beside, late or after)


def _told(model: Model, name: str, within: Iterable[Element]) -> Iterator[tuple[str, frozenset[str], bool]]:
    """What is read in an element and inside it; the names of a round belong to the round alone."""
    for one in within:
        of_rounds, scope = {INDEX, TOTAL}, one
        while scope.id != name:
            scope = model.elements[scope.scope]
            of_rounds |= _own(scope)
        for at, names, after in _names(model, one):
            yield at, names - of_rounds, after


def _own(one: Element) -> set[str]:
    """The variables that each round of an activity has for itself."""
    return {one.loop.item, one.loop.output} if one.loop else set()


def _names(model: Model, one: Element) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Element or flow, what it reads, and whether it reads that only when the element is done."""
    for flow in (model.flows[name] for name in one.outgoing):
        if flow.condition:
            yield flow.id, feel.reads(flow.condition), False
    first = {one.at, one.key}
    if loop := one.loop:
        first |= {loop.items} | (feel.reads(loop.count) if loop.count else set())
        for text in filter(None, (loop.until, loop.condition)):
            yield one.id, feel.reads(text) - {DONE} - _own(one), True
    if one.condition:
        yield one.id, feel.reads(one.condition), True
    yield one.id, frozenset(first - {""}), False
