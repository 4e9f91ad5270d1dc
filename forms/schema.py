"""A typed, read-only view of a form-js document: what is a field, what only groups, and where answers lie."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Component types that hold other components.
CONTAINERS = ("group", "dynamiclist")


@dataclass(frozen=True)
class Node:
    """One component. `path` is where its answer lies; a row of a list has `*` in its place."""

    type: str
    path: tuple[str, ...]
    spec: Mapping[str, Any]
    children: tuple["Node", ...] = ()

    @property
    def key(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)

    @property
    def properties(self) -> Mapping[str, str]:
        return self.spec.get("properties") or {}

    @property
    def rules(self) -> Mapping[str, Any]:
        return self.spec.get("validate") or {}

    @property
    def kind(self) -> str:
        return self.properties.get("kind", "")

    @property
    def label(self) -> str:
        return self.spec.get("label") or self.key

    @property
    def hide(self) -> str | None:
        """FEEL; the component and all in it are away while it is true."""
        return _feel((self.spec.get("conditional") or {}).get("hide"))

    @property
    def required_when(self) -> str | None:
        return _feel(self.properties.get("required"))

    @property
    def check(self) -> str | None:
        return _feel(self.properties.get("check"))

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(str(one["value"]) for one in self.spec.get("values") or ())

    @property
    def is_list(self) -> bool:
        return self.type == "dynamiclist"

    @property
    def nests(self) -> bool:
        """Whether the answers of what it holds lie in an object of its own."""
        return self.type in CONTAINERS and bool(self.spec.get("path"))


def _feel(text: str | None) -> str | None:
    return text.removeprefix("=").strip() if text else None


def nodes_of(document: Mapping[str, Any]) -> tuple[Node, ...]:
    """The components of a document, nested as they are drawn."""
    return tuple(_nodes(document.get("components") or [], ()))


def _nodes(specs: list[Mapping[str, Any]], above: tuple[str, ...]) -> Iterator[Node]:
    for spec in specs:
        own = spec.get("path") or spec.get("key") or ""
        path = (*above, own) if own else above
        inside = (*path, "*") if spec["type"] == "dynamiclist" else path
        yield Node(spec["type"], path, spec, tuple(_nodes(spec.get("components") or [], inside)))


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node, those that hold others before what they hold."""
    for node in nodes:
        yield node
        yield from walk(node.children)
