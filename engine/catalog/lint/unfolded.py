"""A diagram with its calls replaced by their parts, and every position it can be in.

A position is an element with the national status it is reached with and the few state variables that decide the next
gateways, so that "accepted" never seems to lead to the end "not accepted". Conditions over anything else are taken as
possible both ways: what is found unreachable is, what is found reachable may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.runtime.model import Element, Flow, Model

#: What an engine topic leaves behind (None: cleared).
TOPIC_SETS: Mapping[str, Mapping[str, str | None]] = {
    "dossier.accept": {"intake_state": "accepted"},
    "dossier.refuse": {"intake_state": "refused"},
    "ministry.pass_on": {"intake_state": "accepted"},
    "supplement.open": {"supplement_state": None},
    "clock.restart": {"supplement_state": "completed"},
    "supplement.expire": {"supplement_state": "expired"},
    "document.issue": {"signing_state": "issued"},
    "document.send_back": {"signing_state": "sent_back"},
}
#: Fixed at lodging: the same answer at every gateway of one dossier.
_FIXED = {"handling_mode", "review_needed", "refusal_by", "silence_is_agreement", "transfer_needed"}
_FOLLOWED = _FIXED | {name for sets in TOPIC_SETS.values() for name in sets}
_SIMPLE = re.compile(r"(\w+) *(=|!=) *(?:\"([^\"]*)\"|(true|false))")

WAITING = frozenset({"user", "service", "events", "message", "timer", "signal"})


@dataclass(frozen=True)
class Node:
    """An element at its place: the calls that lead to it, outermost first."""

    path: tuple[str, ...]
    element: Element = field(compare=False)
    #: process id of the diagram in which it is drawn
    process: str = field(compare=False)
    id: str

    @property
    def waits(self) -> bool:
        """Whether a dossier can stand here; an event behind an event gateway is waited for by the gateway."""
        return self.element.kind in WAITING


@dataclass(frozen=True)
class Graph:
    """Nodes and ways between them; a way out of a gateway knows its flow."""

    start: Node
    ways: Mapping[Node, tuple[tuple[Node, Flow | None], ...]]
    models: Mapping[str, Model]


@dataclass(frozen=True)
class Position:
    """A node as it is reached."""

    node: Node
    status: str | None
    facts: frozenset[tuple[str, str]]


def unfold(main: Model, parts: Mapping[str, Model]) -> Graph:
    ways: dict[Node, list[tuple[Node, Flow | None]]] = {}

    def place(model: Model, path: tuple[str, ...]) -> dict[str, Node]:
        nodes = {
            e.id: Node((*path, *_around(model, e)), e, model.process_id, e.id) for e in model.elements.values()
        }
        for node in nodes.values():
            ways.setdefault(node, [])
        for node in nodes.values():
            leave = [(nodes[model.flows[flow].target], model.flows[flow]) for flow in node.element.outgoing]
            part = parts.get(node.element.called)
            inner = list(place(part, (*node.path, node.id)).values()) if part else _within(nodes, node)
            outside = "" if part else node.id
            ways[node] += [(one, None) for one in inner if _is(one, "start", outside)]
            for last in [one for one in inner if _is(one, "end", outside)] or [node]:
                ways[last] += leave
            for boundary in model.boundaries(node.id):
                for host in [node, *(one for one in inner if one.waits)]:
                    ways[host].append((nodes[boundary.id], None))
            if node.element.kind == "handler":
                for host in nodes.values():
                    if host.waits and host.element.scope == node.element.scope:
                        ways[host].append((node, None))
        return nodes

    nodes = place(main, ())
    start = next(node for node in nodes.values() if _is(node, "start", ""))
    models = {main.process_id: main, **parts}
    return Graph(start, {node: tuple(there) for node, there in ways.items()}, models)


def _around(model: Model, element: Element) -> tuple[str, ...]:
    """The sub-processes that an element is drawn in, outermost first."""
    scope = model.elements.get(element.scope)
    return (*_around(model, scope), scope.id) if scope else ()


def _within(nodes: Mapping[str, Node], around: Node) -> list[Node]:
    """What is drawn in a sub-process, deeper ones included."""
    return [one for one in nodes.values() if around.id in one.path and one.process == around.process]


def _is(node: Node, kind: str, scope: str) -> bool:
    return node.element.kind == kind and node.element.scope == scope


class Walk:
    """All positions of a graph, and questions about them."""

    def __init__(self, graph: Graph, settings: Mapping[str, Any]):
        self.graph = graph
        facts = {name: _word(settings[name]) for name in _FIXED if name in settings}
        self.first = self._enter(graph.start, None, frozenset(facts.items()))

    @cached_property
    def steps(self) -> Mapping[Position, tuple[Position, ...]]:
        """Position -> the positions that may follow."""
        found: dict[Position, tuple[Position, ...]] = {}
        todo = [self.first]
        while todo:
            here = todo.pop()
            if here in found:
                continue
            found[here] = tuple(
                self._enter(there, here.status, facts) for there, facts in self._choices(here)
            )
            todo.extend(found[here])
        return found

    def at(self, wanted: Callable[[Node], bool]) -> list[Position]:
        return [position for position in self.steps if wanted(position.node)]

    def reach(
        self, starts: Iterable[Position], *, avoiding: Callable[[Node], bool] = lambda node: False
    ) -> set[Position]:
        """Everything that can follow the starts without entering a node to avoid; the starts are not part of it."""
        seen: set[Position] = set()
        todo = [after for start in starts for after in self.steps[start]]
        while todo:
            here = todo.pop()
            if here in seen or avoiding(here.node):
                continue
            seen.add(here)
            todo.extend(self.steps[here])
        return seen

    def ends(self, positions: Iterable[Position]) -> set[Position]:
        """Those at an end of the main diagram."""
        return {one for one in positions if one.node.element.kind == "end" and not one.node.path}

    def _enter(self, node: Node, status: str | None, facts: frozenset[tuple[str, str]]) -> Position:
        sets = TOPIC_SETS.get(node.element.topic, {})
        if sets:
            kept = {name: value for name, value in facts if name not in sets}
            kept.update({name: value for name, value in sets.items() if value is not None})
            facts = frozenset(kept.items())
        return Position(node, node.element.status or status, facts)

    def _choices(self, here: Position) -> list[tuple[Node, frozenset[tuple[str, str]]]]:
        """The ways that the known facts leave open; a way with `x = "v"` makes x known."""
        known = dict(here.facts)
        open_ways: list[tuple[Node, frozenset[tuple[str, str]]]] = []
        otherwise: list[tuple[Node, frozenset[tuple[str, str]]]] = []
        certain = False
        for there, flow in self.graph.ways[here.node]:
            if flow is None or flow.condition is None:
                is_default = flow is not None and here.node.element.default == flow.id
                (otherwise if is_default else open_ways).append((there, here.facts))
                continue
            said = _SIMPLE.fullmatch(flow.condition.strip())
            if not said or said[1] not in _FOLLOWED:
                open_ways.append((there, here.facts))
                continue
            name, equal, value = said[1], said[2] == "=", said[3] if said[3] is not None else said[4]
            if name not in known:
                facts = here.facts | {(name, value)} if equal else here.facts
                open_ways.append((there, facts))
            elif (known[name] == value) == equal:
                open_ways.append((there, here.facts))
                certain = True
        return open_ways + ([] if certain else otherwise)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
