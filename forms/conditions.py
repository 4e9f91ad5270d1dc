"""What depends on other answers: which fields are hidden, which must be filled, which conditions fail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import feel
from forms.component import MISSING
from forms.errors import FormInvalid, problem
from forms.registry import of
from forms.schema import Node

Place = tuple[str | int, ...]

#: What answers can do to a sound condition. Other failures are the document's, and a deploy has refused them.
_BY_ANSWERS = frozenset({"failed", "too_long", "too_slow", "too_much_memory"})


@dataclass(frozen=True)
class Spot:
    """A node in answers: in every row of a list once."""

    node: Node
    place: Place
    #: Where the rows lie in which it stands, outermost first.
    rows: tuple[Place, ...]
    #: Ids of the spots that hold this one, outermost first.
    above: tuple[str, ...]
    #: Tells apart spots that share a place: a group without a path, and what it frames.
    id: str

    @property
    def dotted(self) -> str:
        return ".".join(map(str, self.place))


def spot_id(node: Node, base: Place) -> str:
    """The id of the spot of a node in the row (or form) at `base`."""
    return f"{'.'.join(map(str, base))}:{node.where}"


def spots(nodes: Iterable[Node], answers: Any) -> Iterator[Spot]:
    """Every node in these answers, those that hold others first."""
    yield from _spots(nodes, answers, (), (), ())


def _spots(
    nodes: Iterable[Node], answers: Any, base: Place, rows: tuple[Place, ...], above: tuple[str, ...]
) -> Iterator[Spot]:
    for node in nodes:
        place = (*base, *node.at)
        name = spot_id(node, base)
        yield Spot(node, place, rows, above, name)
        inside = (*above, name)
        if not node.is_list:
            yield from _spots(node.children, answers, base, rows, inside)
            continue
        for number, row in enumerate(_listed(look(answers, place))):
            if isinstance(row, dict):
                at = (*place, number)
                yield from _spots(node.children, answers, at, (*rows, at), inside)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def look(answers: Any, place: Place) -> Any:
    """The answer at a place, or MISSING."""
    for step in place:
        inside = isinstance(answers, dict) and step in answers
        if not inside and not (isinstance(answers, list) and isinstance(step, int) and step < len(answers)):
            return MISSING
        answers = answers[step]
    return answers


def put(answers: Any, place: Place, value: Any) -> None:
    """Set the answer at a place, with the groups that it needs; nothing when another kind of value is in the way."""
    for step in place[:-1]:
        if isinstance(answers, dict):
            answers = answers.setdefault(step, {})
        elif isinstance(answers, list) and isinstance(step, int) and step < len(answers):
            answers = answers[step]
        else:
            return
    if isinstance(answers, dict):
        answers[place[-1]] = value


def drop(answers: Any, place: Place) -> None:
    owner = look(answers, place[:-1])
    if isinstance(owner, dict):
        owner.pop(place[-1], None)


def facts(nodes: Iterable[Node], answers: Any) -> dict[str, Any]:
    """The answers as FEEL reads them: dates are dates, and what was not answered is null."""
    found: dict[str, Any] = {}
    for node in fields(nodes):
        value = look(answers, node.at)
        if of(node).holds == "rows":
            value = [facts(node.children, row) if isinstance(row, dict) else None for row in _listed(value)]
        elif value is not MISSING and value is not None:
            value = of(node).fact(node, value)
        put(found, node.at, None if value is MISSING else value)
    return found


def fields(nodes: Iterable[Node]) -> Iterator[Node]:
    """What is answered in a form, or in a row: also inside its groups, not inside its lists."""
    for node in nodes:
        holds = of(node).holds
        if holds == "group":
            yield from fields(node.children)
        elif holds != "nothing":
            yield node


class Circumstances:
    """What conditions read: the form's own answers before the context, a row's own before the form's."""

    def __init__(self, nodes: tuple[Node, ...], answers: Any, context: Mapping[str, Any]) -> None:
        self._nodes, self._answers, self._context = nodes, answers, context
        self._scopes: dict[tuple[Place, ...], Mapping[str, Any]] = {}

    @cached_property
    def _root(self) -> dict[str, Any]:
        return facts(self._nodes, self._answers)

    def of(self, spot: Spot) -> Mapping[str, Any]:
        if spot.rows not in self._scopes:
            scope = {**self._context, **self._root}
            for place in spot.rows:
                row = look(self._root, place)
                scope |= row if isinstance(row, dict) else {}  # a hidden list has no rows
            self._scopes[spot.rows] = scope
        return self._scopes[spot.rows]

    def hold(self, asked: Iterable[tuple[str, Spot]]) -> list[bool | None]:
        """Each condition's value, in one call: true, false, or None when it cannot be told."""
        try:
            values = feel.evaluate_all((condition, self.of(spot)) for condition, spot in asked)
        except feel.FeelError as stopped:
            if stopped.code in _BY_ANSWERS:
                raise FormInvalid({"": [problem("condition")]}) from stopped
            raise
        return [value if isinstance(value, bool) else None for value in values]


def hidden(
    nodes: tuple[Node, ...], everything: list[Spot], answers: Any, context: Mapping[str, Any]
) -> frozenset[str]:
    """The ids of the spots that are away. A hidden answer is null to the others, so look until nothing changes."""
    asked = [(spot.node.hide, spot) for spot in everything if spot.node.hide]
    away: frozenset[str] = frozenset()
    if not asked:
        return away
    answered = {spot.id for spot in everything if _holds_answer(spot) and look(answers, spot.place) is not MISSING}
    for _round in range(len(asked) + 1):
        seen = Circumstances(nodes, _without(everything, answers, away), context)
        held = {spot.id for (_, spot), value in zip(asked, seen.hold(asked), strict=True) if value is True}
        now = frozenset(spot.id for spot in everything if spot.id in held or not held.isdisjoint(spot.above))
        changed, away = now ^ away, now
        if answered.isdisjoint(changed):
            break
    return away


def _holds_answer(spot: Spot) -> bool:
    return of(spot.node).holds in {"value", "rows"}


def _without(everything: list[Spot], answers: Any, away: frozenset[str]) -> Any:
    return without_hidden(everything, copied(answers), away) if away else answers


def without_hidden(everything: Iterable[Spot], answers: Any, away: frozenset[str]) -> Any:
    """Drop the answers of hidden spots from `answers`, and return it."""
    for spot in everything:
        if spot.id in away and _holds_answer(spot):
            drop(answers, spot.place)
    return answers


def copied(value: Any) -> Any:
    """A copy of JSON containers; values are shared."""
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    return [copied(one) for one in value] if isinstance(value, list) else value
