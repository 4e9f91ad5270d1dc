"""HTML sends flat names; answers are nested. `requester.birth_date.y`, `supplement_items.0.what`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from forms.compiler import compiled
from forms.component import MISSING
from forms.conditions import put
from forms.registry import of
from forms.schema import Node


def from_flat(document: Any, data: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """Nested answers of an HTML form's names. What cannot be read stays text, which `load` then refuses.

    `data` is werkzeug's form data, or maps each name to its value or values. Names that the form does not know
    belong to the page and are left alone; a `prefix` keeps apart those that both know. Rows nobody filled are
    left out.
    """
    values = _Values(data, prefix)
    return _answers(compiled(document).form.nodes, values, "")


class _Values:
    def __init__(self, data: Mapping[str, Any], prefix: str) -> None:
        getlist = getattr(data, "getlist", None)
        self._texts = {
            name.removeprefix(prefix): _texts(getlist(name) if getlist else data[name])
            for name in data
            if name.startswith(prefix)
        }

    def take(self, name: str) -> Sequence[str]:
        return self._texts.get(name, ())

    def rows(self, name: str) -> list[int]:
        """The numbers of a list's rows, which need not be all there: a page may have removed some."""
        heads = (one[len(name) + 1 :].partition(".")[0] for one in self._texts if one.startswith(f"{name}."))
        return sorted({int(head) for head in heads if head.isascii() and head.isdigit() and len(head) <= 4})


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _answers(nodes: Iterable[Node], values: _Values, above: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for node in nodes:
        name = above + ".".join(node.at)
        holds = of(node).holds
        if holds == "group":
            _merge(answers, _answers(node.children, values, above))
        elif holds == "rows":
            rows = [_answers(node.children, values, f"{name}.{number}.") for number in values.rows(name)]
            put(answers, node.at, [row for row in rows if _says(row)])
        elif holds == "value":
            value = of(node).parse(node, values.take(name))
            if value is not MISSING and value != "":
                put(answers, node.at, value)
    return answers


def _merge(answers: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(answers.get(key), dict):
            _merge(answers[key], value)
        else:
            answers[key] = value


def _says(value: Any) -> bool:
    """Whether anybody filled in anything: an unticked box says nothing."""
    if isinstance(value, dict):
        return any(map(_says, value.values()))
    return bool(value) or (value == 0 and value is not False)
