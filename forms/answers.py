"""Answers against a form: what is hidden is dropped, what is asked must be there, what is checked must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

import feel
from forms import conditions
from forms.compiler import compiled
from forms.component import MISSING
from forms.conditions import Circumstances, Spot, copied, drop, fields, look, put, spots
from forms.errors import FormInvalid, Problem, problem
from forms.guard import guard
from forms.registry import of
from forms.schema import Node, walk

Problems = dict[str, list[Problem]]


def load(document: Any, answers: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """The clean answers, or `FormInvalid` with sentences for each field that is wrong.

    Clean answers are JSON, and load again to themselves; a field without an answer is left out. `context` holds
    what conditions may read besides the form.
    """
    made = compiled(document)
    nodes = made.form.nodes
    given = copied(guard(answers))
    _normalise(nodes, given)
    everything = list(spots(nodes, given))
    away = conditions.hidden(nodes, everything, given, context)
    conditions.without_hidden(everything, given, away)
    visible = [spot for spot in everything if spot.id not in away]
    for spot in visible:
        if of(spot.node).holds == "group" and spot.place and look(given, spot.place) is MISSING:
            put(given, spot.place, {})
    problems: Problems = {}
    try:
        clean: dict[str, Any] = made.loader.load(given)
    except ValidationError as refused:
        clean = given
        _gather(refused.messages, (), problems)
    seen = Circumstances(nodes, clean, context)
    _missing(visible, seen, clean, problems)
    _checks(visible, seen, problems)
    if problems:
        order = {spot.dotted: number for number, spot in reversed(list(enumerate(everything)))}
        raise FormInvalid(dict(sorted(problems.items(), key=lambda one: order.get(one[0], len(order)))))
    return _pruned(clean, everything)


def _normalise(nodes: Iterable[Node], answers: dict[str, Any]) -> None:
    """Each answer in its one spelling; those that say nothing are left out."""
    for node in nodes:
        component = of(node)
        if component.holds == "group":
            _normalise(node.children, answers)
        elif component.holds != "nothing":
            value = look(answers, node.at)
            value = component.untouched if value in (MISSING, None) else component.normalise(node, value)
            if value is MISSING:
                drop(answers, node.at)
                continue
            value = list(value) if isinstance(value, tuple) else value
            put(answers, node.at, value)
            if component.holds == "rows" and isinstance(value, list):
                for row in value:
                    if isinstance(row, dict):
                        _normalise(node.children, row)


def _gather(messages: Any, place: tuple[Any, ...], problems: Problems) -> None:
    """The messages of marshmallow, by dotted path."""
    if isinstance(messages, dict):
        for key, inside in messages.items():
            _gather(inside, place if key == "_schema" else (*place, key), problems)
    else:
        said = messages if isinstance(messages, list) else [messages]
        found = [one if isinstance(one, Problem) else problem("type") for one in said]
        problems.setdefault(".".join(map(str, place)), []).extend(found)


def _missing(visible: list[Spot], seen: Circumstances, answers: Any, problems: Problems) -> None:
    """What must be filled because of other answers. What must always be filled, the schema has refused."""
    required = _required(visible, seen)
    for spot in visible:
        node, value = spot.node, look(answers, spot.place)
        if spot.id not in required or spot.dotted in problems:
            continue
        if of(node).holds == "group":
            if node.path and not _answered(value):
                first = next((child for child in node.children if child.path), node)
                place = ".".join(map(str, (*spot.place, *first.at[len(node.at) :])))
                problems.setdefault(place, [of(node).missing(node)])
        elif value is MISSING or value is False or value == []:
            problems[spot.dotted] = [of(node).missing(node)]


def _answered(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_answered, value.values()))
    return value is not MISSING and value is not False and value != []


def _checks(visible: list[Spot], seen: Circumstances, problems: Problems) -> None:
    """Conditions that are false. One that cannot be told (null) passes: what it lacks is asked for elsewhere."""
    wrong = {".".join(part for part in path.split(".") if not part.isdigit()) for path in problems}
    asked = [
        (spot.node.check, spot)
        for spot in visible
        if spot.node.check and spot.dotted not in problems and not _reads(spot, wrong)
    ]
    for (_, spot), value in zip(asked, seen.hold(asked), strict=True):
        if value is False:
            said, english = spot.node.message, spot.node.message_en
            told = problem("check", message=said, message_en=english) if said else problem("check_failed")
            problems[spot.dotted] = [told]


def _reads(spot: Spot, wrong: set[str]) -> bool:
    """Whether the check reads an answer that is wrong already."""
    row = ".".join(part for part in spot.node.path[: len(spot.node.path) - len(spot.node.at)] if part != "*")
    names = feel.check(spot.node.check or "")
    return any(name in wrong or f"{row}.{name}" in wrong for name in names) if wrong else False


def _pruned(clean: Any, everything: list[Spot]) -> dict[str, Any]:
    """Without groups in which nothing was answered, innermost first."""
    for spot in reversed(everything):
        if of(spot.node).holds == "group" and spot.place and look(clean, spot.place) == {}:
            drop(clean, spot.place)
    for spot in reversed(everything):
        for length in range(len(spot.place) - 1, 0, -1):
            if look(clean, spot.place[:length]) == {}:
                drop(clean, spot.place[:length])
    return dict(clean)


def facts(document: Any, clean: Mapping[str, Any]) -> dict[str, Any]:
    """Clean answers as FEEL reads them, for conditions outside the form: dates are `date`, the rest null."""
    return conditions.facts(compiled(document).form.nodes, clean)


def reads(document: Any) -> frozenset[str]:
    """The names that a form's conditions read of their context: whatever else is in it makes no difference."""
    return compiled(document).reads


def cites(document: Any) -> frozenset[str]:
    """The codes of the rules whose numbers a form's words leave open (`{{T06}}`), for whoever draws it to say."""
    return compiled(document).cites


@dataclass(frozen=True)
class State:
    """What a form looks like with these answers: ids of the spots that are away, and that must be filled."""

    hidden: frozenset[str]
    required: frozenset[str]


def state(document: Any, answers: Any, context: Mapping[str, Any]) -> State:
    """For whoever draws the form. The answers need not be right, or complete."""
    nodes = compiled(document).form.nodes
    given: dict[str, Any] = copied(guard(answers))
    _normalise(nodes, given)
    everything = list(spots(nodes, given))
    away = conditions.hidden(nodes, everything, given, context)
    conditions.without_hidden(everything, given, away)
    return State(away, _required(everything, Circumstances(nodes, given, context)))


def _required(everything: Iterable[Spot], seen: Circumstances) -> frozenset[str]:
    """Ids of the spots that must be filled, always or because of other answers."""
    asked = [(spot.node.required_when, spot) for spot in everything if spot.node.required_when]
    held = {spot.id for (_, spot), value in zip(asked, seen.hold(asked), strict=True) if value is True}
    return frozenset(spot.id for spot in everything if spot.node.required or spot.id in held)


def initial(document: Any) -> dict[str, Any]:
    """The answers that a form begins with: its default values, and the rows a list must have."""
    return _initial(compiled(document).form.nodes)


def _initial(nodes: Iterable[Node]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for node in fields(nodes):
        if of(node).holds == "rows":
            if fewest := of(node).bounds(node)[0]:
                put(answers, node.at, [_initial(node.children) for _row in range(int(fewest))])
        elif node.default not in (None, ""):
            put(answers, node.at, node.default)
    return answers


def routing(document: Any, clean: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that become variables of the diagram, under their own keys; an unticked box is false."""
    found: dict[str, Any] = {}
    for node in walk(compiled(document).form.nodes):
        if node.routes and (value := look(clean, node.at)) is not MISSING:
            found[node.key] = value
        elif node.routes and of(node).untouched is False:
            found[node.key] = False
    return found
