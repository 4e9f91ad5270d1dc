"""A model as the program that V8 runs: plain JSON, in which `at` is a number that leads back to the place."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from engine.runtime.decisions.model import (
    Box,
    Context,
    Element,
    Model,
    Place,
    Relation,
)


class Writer:
    """Turns boxes into JSON and remembers their places."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.names: set[str] = set()

    def program(self, model: Model) -> dict[str, Any]:
        types = {key: self.plain(item) for key, item in model.types.items()}
        elements = {key: self._element(one) for key, one in model.elements.items()}
        names = self.names | set(_field_names(types))
        names |= {name for one in model.elements.values() for name in _imported(one)}
        return {"names": sorted(names), "types": types, "elements": elements}

    def _element(self, element: Element) -> dict[str, Any]:
        return {"kind": element.kind, **self.plain(element)}

    def plain(self, value: Any) -> Any:
        match value:
            case Place():
                self.places.append(value)
                return len(self.places) - 1
            case tuple() | list():
                return [self.plain(one) for one in value]
            case dict():
                return {key: self.plain(one) for key, one in value.items()}
        if not is_dataclass(value):
            return value
        self._remember(value)
        said = {one.name.rstrip("_"): self.plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": value.is_, **said} if isinstance(value, Box) else said

    def _remember(self, value: Any) -> None:
        """Names that stand behind a dot, which FEEL must know to read them as one."""
        match value:
            case Context():
                self.names |= {entry.name for entry in value.entries}
            case Relation():
                self.names |= set(value.columns)


def _imported(element: Element) -> Iterator[str]:
    """What stands behind the name of an import."""
    for need in getattr(element, "needs", ()):
        yield from need.as_[1:]


def _field_names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("fields", ())
        for one in node.values():
            yield from _field_names(one)
