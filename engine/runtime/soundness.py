"""Parallel gateways that fit: no join that waits for ever, no second token on a flow.

A diagram without parallel gateways has one token and cannot go wrong here. For the others every reachable marking
(which flows hold a token) is visited. That is exact; a diagram with too many markings is refused as not proved.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from engine.runtime.errors import Problem
from engine.runtime.model import Element, Model

MAX_MARKINGS = 20_000

Marking = frozenset[str]
#: Flows that one firing of a node takes a token from, and those it puts one on.
Firing = tuple[frozenset[str], frozenset[str]]


def check_parallel(model: Model) -> Iterator[Problem]:
    """The first way, if there is one, on which the parallel gateways of a process do not fit."""
    if all(one.kind != "and" for one in model.elements.values()):
        return
    net = _net(model)
    start = next(one for one in model.elements.values() if one.kind == "start")
    first = frozenset(start.outgoing)
    seen: set[Marking] = {first}
    todo = [first]
    while todo:
        marking = todo.pop()
        enabled = False
        for element, (taken, put) in net:
            if not taken <= marking:
                continue
            enabled = True
            rest = marking - taken
            if rest & put:
                yield _problem(model, element, "two_tokens", "Hai nhánh song song cùng đi qua một luồng")
                return
            following = rest | put
            if following not in seen:
                seen.add(following)
                todo.append(following)
        if marking and not enabled:
            stuck = next(element for element, (taken, _) in net if taken & marking)
            yield _problem(
                model, stuck, "waits_for_ever", "Cổng song song chờ mãi một nhánh không bao giờ tới"
            )
            return
        if len(seen) > MAX_MARKINGS:
            gateway = next(one for one in model.elements.values() if one.kind == "and")
            yield _problem(
                model, gateway, "not_proved", "Quá nhiều nhánh song song để chứng minh là chạy đúng"
            )
            return


def _net(model: Model) -> list[tuple[Element, Firing]]:
    """The firings of every node; flows in a row (one in, one out) count as one."""
    firings = [
        (element, firing) for element in model.elements.values() for firing in _firings(model, element)
    ]
    same: dict[str, str] = {}
    for element in model.elements.values():
        ways = [firing for one, firing in firings if one is element]
        if len(ways) == 1 and len(ways[0][0]) == 1 == len(ways[0][1]):
            [(taken, put)] = ways
            same[next(iter(put))] = next(iter(taken))
    return [
        (element, (_named(taken, same), _named(put, same)))
        for element, (taken, put) in firings
        if _named(taken, same) != _named(put, same)
    ]


def _firings(model: Model, element: Element) -> Iterator[Firing]:
    if element.kind == "start" or element.attached_to is not None:
        return
    if element.kind == "and":
        yield frozenset(element.incoming), frozenset(element.outgoing)
        return
    guards = (event.outgoing for event in model.boundaries(element.id))
    ways = list(chain(element.outgoing, *guards))
    for flow in element.incoming:
        for way in ways:
            yield frozenset({flow}), frozenset({way})
        if not ways:
            yield frozenset({flow}), frozenset()


def _named(flows: frozenset[str], same: Mapping[str, str]) -> frozenset[str]:
    names = set()
    for flow in flows:
        name = flow
        while name in same:
            name = same[name]
        names.add(name)
    return frozenset(names)


def _problem(model: Model, element: Element, rule: str, sentence: str) -> Problem:
    return Problem(rule, f"{sentence} (“{element.name}”).", element.id, element.line, model.process_id)
