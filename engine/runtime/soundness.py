"""Gateways that fit: no join that waits for ever, no second token on a flow.

A diagram without parallel or inclusive gateways has one token and cannot go wrong here. For the others every reachable
marking (which flows hold a token) is visited. That is exact; a diagram with too many markings is refused as not proved.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, combinations

from engine.runtime.errors import Problem
from engine.runtime.model import Element, Model

MAX_MARKINGS = 20_000
#: Steps from one marking to another that are tried; a second or two.
MAX_FIRINGS = 300_000
#: Ways out of an inclusive gateway: each more doubles what it may do.
MAX_WAYS = 6
#: Ends that stop every other token of their process or sub-process.
STOPPING = frozenset({"terminate", "error", "escalation"})

_TWICE = "Hai nhánh song song cùng đi qua một luồng"

Marking = frozenset[str]


@dataclass(frozen=True)
class Firing:
    """What one firing of a node does: the flows that it takes a token from, and those it puts one on."""

    element: Element
    taken: Marking
    put: Marking

    @property
    def stops(self) -> bool:
        """Whether every other token goes too."""
        return self.element.event in STOPPING

    def after(self, marking: Marking) -> Marking | None:
        """The marking when it has fired; None when a flow would hold two tokens."""
        if self.stops:
            return frozenset()
        rest = marking - self.taken
        return None if rest & self.put else rest | self.put


@dataclass(frozen=True)
class InclusiveJoin:
    """An inclusive gateway with several ways in: it goes on when no other token can still come to it."""

    element: Element
    incoming: Marking
    puts: tuple[Marking, ...]
    #: flow -> the ways in that a token on it can still come by
    reach: Mapping[str, Marking]

    def firings(self, marking: Marking) -> Iterator[Firing]:
        marked = self.incoming & marking
        if not marked or any(blocks(self.reach.get(flow, frozenset()), marked) for flow in marking - marked):
            return
        for put in self.puts:
            yield Firing(self.element, marked, put)


def blocks(reached: Marking, marked: Marking) -> bool:
    """Whether an inclusive join must wait for a token that can come by these ways in (BPMN 2.0, 13.4.3)."""
    return bool(reached - marked) and not reached & marked


def upstream(model: Model, join: Element) -> Mapping[str, Marking]:
    """Element -> the flows into an inclusive join by which a token that is there can still come to it."""
    found: dict[str, set[str]] = {name: set() for name in model.elements}
    for flow in join.incoming:
        todo = [model.flows[flow].source]
        while todo:
            name = todo.pop()
            if name == join.id or flow in found[name]:
                continue
            found[name].add(flow)
            one = model.elements[name]
            todo += [model.flows[way].source for way in one.incoming]
            if one.attached_to is not None:
                todo.append(one.attached_to)
    return {name: frozenset(flows) for name, flows in found.items()}


def check_tokens(model: Model) -> Iterator[Problem]:
    """The first way, if there is one, on which the gateways of a process or sub-process do not fit."""
    gateways = _gateways(model)
    if not gateways:
        return
    for one in gateways:
        if one.kind == "or" and len(one.outgoing) > MAX_WAYS:
            yield _problem(model, one, "not_proved", f"Cổng bao hàm có hơn {MAX_WAYS} lối ra")
            return
    start = next(one for one in model.elements.values() if one.kind == "start")
    yield from check_onwards(model, start.outgoing)


def check_onwards(model: Model, flows: Iterable[str]) -> Iterator[Problem]:
    """The same for tokens that are on these flows already."""
    net, gateways = _net(model), _gateways(model)
    first: Marking = frozenset()
    for flow in flows:
        place = net.named({flow})
        if place <= first:  # one follows the other, and will pass where that one passed
            yield _problem(model, model.elements[model.flows[flow].target], "two_tokens", _TWICE)
            return
        first |= place
    seen: set[Marking] = {first}
    todo = [first]
    tried = 0
    while todo:
        marking = todo.pop()
        enabled = net.enabled(marking)
        tried += len(enabled)
        for firing in enabled:
            following = firing.after(marking)
            if following is None:
                yield _problem(model, firing.element, "two_tokens", _TWICE)
                return
            if following not in seen:
                seen.add(following)
                todo.append(following)
        if marking and not enabled:
            stuck = next(one for one in gateways if any(net.named({flow}) <= marking for flow in one.incoming))
            yield _problem(model, stuck, "waits_for_ever", "Cổng chờ mãi một nhánh không bao giờ tới")
            return
        if len(seen) > MAX_MARKINGS or tried > MAX_FIRINGS:
            at = [*gateways, model.elements[model.flows[min(first)].target]]
            yield _problem(model, at[0], "not_proved", "Quá nhiều nhánh song song để chứng minh là chạy đúng")
            return


def _gateways(model: Model) -> list[Element]:
    return [one for one in model.elements.values() if one.kind in ("and", "or")]


class Net:
    """What every node may do, found by the flows that hold a token."""

    def __init__(self, firings: Iterable[Firing], joins: Iterable[InclusiveJoin], same: Mapping[str, str]):
        self._same = same
        self._firings: dict[str, list[Firing]] = {}
        self._joins: dict[str, list[InclusiveJoin]] = {}
        for firing in firings:
            self._firings.setdefault(min(firing.taken), []).append(firing)
        for join in joins:
            for flow in join.incoming:
                self._joins.setdefault(flow, []).append(join)

    def named(self, flows: AbstractSet[str]) -> Marking:
        """The flows, each under the name of the first one in its row."""
        return _named(flows, self._same)

    def enabled(self, marking: Marking) -> list[Firing]:
        """Everything that may happen next."""
        found = [one for flow in marking for one in self._firings.get(flow, ()) if one.taken <= marking]
        joins = {id(join): join for flow in marking for join in self._joins.get(flow, ())}
        return found + [firing for join in joins.values() for firing in join.firings(marking)]


def _net(model: Model) -> Net:
    """What every node may do; flows in a row (one in, one out) count as one."""
    plain = [firing for element in model.elements.values() for firing in _firings(model, element)]
    joins = [one for one in model.elements.values() if _is_inclusive_join(one)]
    fixed = {flow for join in joins for flow in join.incoming}
    same: dict[str, str] = {}
    for element in model.elements.values():
        ways = [firing for firing in plain if firing.element is element]
        if len(ways) == 1 and len(ways[0].taken) == 1 == len(ways[0].put) and not ways[0].put & fixed:
            [firing] = ways
            same[next(iter(firing.put))] = next(iter(firing.taken))
    firings = []
    for firing in plain:
        taken, put = _named(firing.taken, same), _named(firing.put, same)
        if taken != put or firing.stops:
            firings.append(Firing(firing.element, taken, put))
    inclusive = []
    for join in joins:
        reach = upstream(model, join)
        inclusive.append(
            InclusiveJoin(
                join,
                frozenset(join.incoming),
                tuple(_named(put, same) for put in _subsets(join.outgoing)),
                {
                    flow.id: frozenset() if flow.target == join.id else reach[flow.target]
                    for flow in model.flows.values()
                },
            )
        )
    return Net(firings, inclusive, same)


def _is_inclusive_join(element: Element) -> bool:
    return element.kind == "or" and len(element.incoming) > 1


def _firings(model: Model, element: Element) -> Iterator[Firing]:
    if element.kind in ("start", "handler") or element.attached_to is not None or _is_inclusive_join(element):
        return
    if element.kind == "and":
        yield Firing(element, frozenset(element.incoming), frozenset(element.outgoing))
        return
    if element.kind == "or":
        for put in _subsets(element.outgoing):
            yield Firing(element, frozenset(element.incoming), put)
        return
    guards = (event.outgoing for event in model.boundaries(element.id))
    ways = list(chain(element.outgoing, *guards))
    for flow in element.incoming:
        for way in ways:
            yield Firing(element, frozenset({flow}), frozenset({way}))
        if not ways:
            yield Firing(element, frozenset({flow}), frozenset())


def _subsets(ways: tuple[str, ...]) -> list[Marking]:
    """Any of the ways together, at least one."""
    return [frozenset(some) for count in range(1, len(ways) + 1) for some in combinations(ways, count)]


def _named(flows: AbstractSet[str], same: Mapping[str, str]) -> Marking:
    names = set()
    for flow in flows:
        name = flow
        while name in same:
            name = same[name]
        names.add(name)
    return frozenset(names)


def _problem(model: Model, element: Element, rule: str, sentence: str) -> Problem:
    return Problem(rule, f"{sentence} (“{element.name}”).", element.id, element.line, model.process_id)
