"""What is wrong with a form document: found when it is deployed, not when somebody fills it in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import feel
from forms.compiler import compiled
from forms.errors import Finding, FormBroken, finding
from forms.registry import of
from forms.schema import Node, mapping, walk

#: What every condition may read besides the form's own keys.
CONTEXT = frozenset(
    {
        "channel",
        "variant",
        "lodged_on",
        "accepted_on",
        "stage",
        "is_proxy",
        "proxy",
        "proxy_kin",
        "close_kin",
        "lookup",
        "fee_classes",
        "result_delivery",
        "same_day",
    }
)
_STEERING = {"select", "radio", "checkbox", "number", "datetime"}


@dataclass(frozen=True)
class Outline:
    """What a diagram's lint asks of a form: answers, their options, what routes, what it reads."""

    keys: frozenset[str]
    #: Dotted path -> codes, for components with a list of their own.
    options: Mapping[str, tuple[str, ...]]
    #: Routing key -> its codes; () for a number, a date or a box.
    routes: Mapping[str, tuple[str, ...]]
    #: First parts of the names that its conditions read.
    reads: frozenset[str]


def check(document: Any, known: Iterable[str] | None = None) -> list[Finding]:
    """Every defect of the document; an empty list means that it compiles and its conditions can be read.

    With `known` (names that the surroundings give), conditions may read those and the form's own keys only.
    """
    try:
        nodes = compiled(document).form.nodes
    except FormBroken as broken:
        return list(broken.findings)
    found = [*_settings(nodes), *_keys(nodes), *_expressions(nodes), *_cycles(nodes)]
    return found if known is None else [*found, *_names(nodes, frozenset(known))]


def outline(document: Any) -> Outline:
    """What the form is, seen from a diagram."""
    nodes = list(walk(compiled(document).form.nodes))
    answered = [node for node in nodes if of(node).holds in {"value", "rows"}]
    return Outline(
        keys=frozenset(node.dotted for node in answered),
        options={node.dotted: node.options for node in answered if node.options},
        routes={node.key: node.options for node in answered if node.routes},
        reads=frozenset(
            name.partition(".")[0] for node in nodes for _, text in _feel(node) for name in _read(text)
        ),
    )


def _feel(node: Node) -> Iterator[tuple[str, str]]:
    for what, text in (
        ("conditional.hide", node.hide),
        ("properties.required", node.required_when),
        ("properties.check", node.check),
    ):
        if text is not None:
            yield what, text


def _read(text: str) -> frozenset[str]:
    try:
        return feel.check(text)
    except feel.FeelError:
        return frozenset()


def _settings(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    for node in walk(nodes):
        component = of(node)
        yield from component.findings(node)
        properties = node.spec.get("properties", {})
        strings = all(isinstance(value, str) for value in mapping(properties).values())
        if properties != mapping(properties) or not strings or node.rules != node.spec.get("validate", {}):
            yield finding(node.where, "properties")
        if component.holds in {"value", "rows"} and component.needs_label and not node.label:
            yield finding(f"{node.where}.label", "label")
        if node.check is not None and not node.message:
            yield finding(f"{node.where}.properties.message", "message")
        steering = component.may_route and node.type in _STEERING and "*" not in node.path
        if node.routes and not (steering and node.spec.get("subtype", "date") == "date"):
            yield finding(f"{node.where}.properties.routes", "route")


def _keys(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Node] = {}
    routes: dict[str, Node] = {}
    everything = list(walk(nodes))
    for node in everything:
        if of(node).holds not in {"value", "rows"}:
            continue
        if first := seen.get(node.path):
            yield finding(node.where, "duplicate", key=node.dotted, where=first.where)
        seen.setdefault(node.path, node)
        if node.routes and (first := routes.get(node.key)):
            yield finding(node.where, "duplicate_route", key=node.key, where=first.where)
        if node.routes:
            routes.setdefault(node.key, node)
    for path, node in seen.items():
        for length in range(1, len(path)):
            if (owner := seen.get(path[:length])) and not owner.is_list:
                yield finding(node.where, "duplicate", key=owner.dotted, where=owner.where)
        if node.kind == "commune":
            beside = seen.get((*path[:-1], node.of))
            if beside is None or beside.kind != "province":
                yield finding(f"{node.where}.properties.of", "of")


def _expressions(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    for node in walk(nodes):
        written = (
            ("conditional.hide", mapping(node.spec.get("conditional")).get("hide"), node.hide),
            ("properties.required", node.properties.get("required"), node.required_when),
            ("properties.check", node.properties.get("check"), node.check),
        )
        for what, text, expression in written:
            if text is not None and expression is None:
                yield finding(f"{node.where}.{what}", "feel_sign", name=what)
        for what, text in _feel(node):
            try:
                feel.check(text)
            except feel.FeelError as refused:
                yield finding(f"{node.where}.{what}", "feel", name=what, reason=str(refused))


def _names(nodes: tuple[Node, ...], known: frozenset[str]) -> Iterator[Finding]:
    everything = list(walk(nodes))
    own = {tuple(part for part in node.path if part != "*") for node in everything if node.path}
    for node in everything:
        row = [part for part in node.path[: len(node.path) - len(node.at)] if part != "*"]
        inside = {
            path[len(row) :] for path in own if row and list(path[: len(row)]) == row and len(path) > len(row)
        }
        names = {".".join(path) for path in own | inside} | known
        for what, text in _feel(node):
            for name in sorted(_read(text) and feel.unknown(text, names)):
                yield finding(f"{node.where}.{what}", "feel_name", name=what, read=name)


def _cycles(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    """A field that is hidden because of a field that is hidden because of it has no state to be in."""
    fields = {
        node.dotted: node
        for node in walk(nodes)
        if of(node).holds in {"value", "rows"} and "*" not in node.path
    }
    reads: dict[str, set[str]] = {}
    for owner in walk(nodes):
        if owner.hide is None or "*" in owner.path:
            continue
        names = _read(owner.hide)
        for node in walk((owner,)):
            if node.dotted in fields:
                reads.setdefault(node.dotted, set()).update(name for name in names if name in fields)
    try:
        TopologicalSorter(reads).prepare()
    except CycleError as cycle:
        keys = list(dict.fromkeys(cycle.args[1]))
        yield finding(fields[keys[0]].where, "feel_cycle", keys=", ".join(keys))
