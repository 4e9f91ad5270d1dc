"""form-js type and our kind -> Component. One registry, so that all that is known of a type lies together."""

from collections.abc import Callable
from typing import TypeVar

from forms.component import Component
from forms.schema import Node

T = TypeVar("T", bound=Component)

COMPONENTS: dict[tuple[str, str | None], Component] = {}


def component(type_: str, *kinds: str | None) -> Callable[[type[T]], type[T]]:
    """Register a class for a form-js type, plain or in one of our kinds."""

    def register(cls: type[T]) -> type[T]:
        for kind in kinds or (None,):
            if (type_, kind) in COMPONENTS:
                raise ValueError(f"{type_} of kind {kind} is registered twice")
            COMPONENTS[type_, kind] = cls()
        return cls

    return register


def find(node: Node) -> Component | None:
    return COMPONENTS.get((node.type, node.kind))


def of(node: Node) -> Component:
    """The component of a node of a checked form."""
    return COMPONENTS[node.type, node.kind]


def types() -> frozenset[str]:
    return frozenset(type_ for type_, _kind in COMPONENTS)
