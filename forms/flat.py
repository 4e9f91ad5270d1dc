"""HTML sends flat names; answers are nested. `requester.birth_date.y`, `supplement_items.0.what`."""

from collections.abc import Mapping
from typing import Any, Protocol

from forms.compiler import compiled
from forms.schema import Node


class Flat(Protocol):
    """What a web framework's form data can do (werkzeug's MultiDict does)."""

    def getlist(self, key: str) -> list[str]: ...
    def __iter__(self) -> Any: ...


def from_flat(document: dict[str, Any], data: Flat, *, prefix: str = "") -> dict[str, Any]:
    """Nested answers of the names that the form knows; other names belong to the page and are left alone."""
    _, nodes = compiled(document)
    names = [name.removeprefix(prefix) for name in data if name.startswith(prefix)]
    values = {name: data.getlist(prefix + name) for name in names}
    return _object(nodes, values, "")


def _object(nodes: tuple[Node, ...], values: Mapping[str, list[str]], above: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for node in nodes:
        if node.type == "group" and not node.nests:
            made |= _object(node.children, values, above)
            continue
        path = f"{above}{node.key}"
        if node.is_list:
            rows = sorted(
                {int(part) for name in values if name.startswith(f"{path}.")
                 and (part := name[len(path) + 1 :].partition(".")[0]).isdigit() and len(part) < 5}
            )  # fmt: skip
            made[node.key] = [_object(node.children, values, f"{path}.{row}.") for row in rows]
        elif node.nests:
            made[node.key] = _object(node.children, values, f"{path}.")
        elif path in values:
            made[node.key] = _value(node, values[path])
    return {key: value for key, value in made.items() if value not in ("", None, {}, [])}


def _value(node: Node, given: list[str]) -> Any:
    if node.type == "checklist":
        return [one for one in given if one]
    if node.type == "checkbox":
        return given[-1] in ("on", "true", "1") or None
    return given[-1]
