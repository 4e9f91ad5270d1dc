"""Answers against a form: what is hidden is dropped, what is asked must be there, what is checked must hold."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from marshmallow import ValidationError

import feel
from forms import places
from forms.compiler import MOST_ROWS, compiled
from forms.errors import FormInvalid
from forms.fields import FIELDS
from forms.schema import Node, walk

#: More than any form of a person; what is larger was not typed.
MOST_ANSWERS = 5_000
DEEPEST = 12
REQUIRED = "Mục này bắt buộc."


def load(document: dict[str, Any], answers: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """The clean answers, or FormInvalid with a sentence for each field that is wrong.

    Clean answers load again to themselves. `context` holds what conditions may read besides the form.
    """
    schema, nodes = compiled(document)
    _bounded(answers)
    given = _without_empty(answers)
    shown = _without_hidden(nodes, given, context)
    errors: dict[str, list[str]] = {}
    try:
        clean = dict(schema().load(shown))
    except ValidationError as error:
        _flatten(error.messages, "", errors)
        clean = dict(error.valid_data) if isinstance(error.valid_data, dict) else {}
    facts = {**context, **_typed(nodes, clean)}
    for node, path, value, scope in _instances(nodes, clean, facts, ""):
        for sentence in _judge(node, value, scope):
            if path not in errors and not any(wrong.startswith(f"{path}.") for wrong in errors):
                errors.setdefault(path, []).append(sentence)
    if errors:
        raise FormInvalid(errors)
    return clean


def hidden_paths(document: dict[str, Any], answers: Any, context: Mapping[str, Any]) -> frozenset[str]:
    """Dotted paths of what is away with these answers, for whoever draws the form."""
    _, nodes = compiled(document)
    given = _without_empty(answers) if isinstance(answers, dict) else {}
    facts = {**_nulls(nodes), **context, **_lenient(nodes, given)}
    return frozenset(
        path for node, path, _, scope in _instances(nodes, given, facts, "", away=True) if _away(node, scope)
    )


def routing(document: dict[str, Any], clean: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that become variables of the diagram; an unticked box is false, a hidden one null."""
    _, nodes = compiled(document)
    found: dict[str, Any] = {}
    for node in walk(nodes):
        if node.properties.get("routes") == "true":
            value: Any = clean
            for part in node.path:
                value = value.get(part) if isinstance(value, Mapping) else None
            if value is not None or node.type != "checkbox":
                found[node.key] = value
            else:
                found[node.key] = False
    return {key: value for key, value in found.items() if value is not None}


def _bounded(answers: Any) -> None:
    if not isinstance(answers, dict):
        raise FormInvalid({"": ["Biểu mẫu không đúng dạng."]})
    count, todo = 0, [(answers, 0)]
    while todo:
        value, depth = todo.pop()
        count += 1
        if count > MOST_ANSWERS or depth > DEEPEST:
            raise FormInvalid({"": ["Biểu mẫu quá lớn."]})
        if isinstance(value, dict):
            todo += [(one, depth + 1) for one in value.values()]
            if not all(isinstance(key, str) for key in value):
                raise FormInvalid({"": ["Biểu mẫu không đúng dạng."]})
        elif isinstance(value, list):
            todo += [(one, depth + 1) for one in value]


def _without_empty(value: Any) -> Any:
    """An empty text, list or object is no answer."""
    if isinstance(value, dict):
        kept = {key: _without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, "", {}, [])}
    if isinstance(value, list):
        return [one for one in map(_without_empty, value) if one not in (None, "", {})]
    if isinstance(value, str) and not value.strip():
        return None
    return value


def _nulls(nodes: tuple[Node, ...]) -> dict[str, Any]:
    """Every name of the form, so that an unanswered one is null and not unknown."""
    return {node.path[0]: None for node in walk(nodes) if node.path}


def _lenient(nodes: tuple[Node, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as conditions see them before they are judged: what can be read is read, the rest is null."""
    seen: dict[str, Any] = {}
    for node in nodes:
        if node.type in ("group", "dynamiclist") and not node.nests:
            seen |= _lenient(node.children, given)
        elif node.nests:
            value = given.get(node.key)
            if node.is_list:
                rows = value if isinstance(value, list) else []
                seen[node.key] = [_lenient(node.children, one) for one in rows if isinstance(one, dict)]
            else:
                seen[node.key] = _lenient(node.children, value if isinstance(value, dict) else {})
        elif node.type in FIELDS:
            seen[node.key] = None
            with suppress(ValidationError):
                value = given.get(node.key)
                seen[node.key] = None if value is None else _day(node, FIELDS[node.type](node).deserialize(value))
    return seen


def _typed(nodes: tuple[Node, ...], clean: Mapping[str, Any]) -> dict[str, Any]:
    return {**_nulls(nodes), **_lenient(nodes, clean)}


def _day(node: Node, value: Any) -> Any:
    if node.type == "datetime" and (node.spec.get("subtype") or "date") == "date":
        return date.fromisoformat(value)
    return value


def _without_hidden(nodes: tuple[Node, ...], given: dict[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is hidden; a dropped answer may hide others, so look again until nothing changes."""
    for _ in range(10):
        facts = {**_nulls(nodes), **context, **_lenient(nodes, given)}
        kept = _prune(nodes, given, facts)
        if kept == given:
            break
        given = kept
    return given


def _prune(nodes: tuple[Node, ...], given: Any, facts: Mapping[str, Any]) -> Any:
    if not isinstance(given, dict):
        return given
    kept = dict(given)
    for node in nodes:
        if node.type == "group" and not node.nests:
            if _away(node, facts):
                for key in _keys_of(node):
                    kept.pop(key, None)
            else:
                kept = _prune(node.children, kept, facts)
        elif node.key in kept and _away(node, facts):
            kept.pop(node.key)
        elif node.nests and node.key in kept:
            value = kept[node.key]
            if node.is_list and isinstance(value, list):
                kept[node.key] = [
                    _prune(node.children, row, _row_facts(node, row, facts)) for row in value
                ]
            else:
                kept[node.key] = _prune(node.children, value, facts)
                if kept[node.key] == {}:
                    kept.pop(node.key)
    return kept


def _keys_of(group: Node) -> Iterator[str]:
    for node in group.children:
        if node.type == "group" and not node.nests:
            yield from _keys_of(node)
        else:
            yield node.key


def _row_facts(node: Node, row: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    keys = {child.key: None for child in walk(node.children)}
    return {**facts, **keys, **(_lenient(node.children, row) if isinstance(row, dict) else {})}


def _away(node: Node, facts: Mapping[str, Any]) -> bool:
    return node.hide is not None and feel.holds(node.hide, facts)


def _instances(
    nodes: tuple[Node, ...], answers: Any, facts: Mapping[str, Any], above: str, *, away: bool = False
) -> Iterator[tuple[Node, str, Any, Mapping[str, Any]]]:
    """(node, dotted path with row numbers, value, facts) of everything visible; with `away` also what is not."""
    answers = answers if isinstance(answers, dict) else {}
    for node in nodes:
        if not away and _away(node, facts):
            continue
        if node.type == "group" and not node.nests:
            if away and _away(node, facts):
                yield node, f"{above}{node.spec.get('id', '')}", None, facts
            yield from _instances(node.children, answers, facts, above, away=away)
            continue
        path = f"{above}{node.key}"
        value = answers.get(node.key)
        yield node, path, value, facts
        if node.is_list:
            for number, row in enumerate(value if isinstance(value, list) else []):
                inside = _row_facts(node, row, facts)
                yield from _instances(node.children, row, inside, f"{path}.{number}.", away=away)
        elif node.nests:
            yield from _instances(node.children, value, facts, f"{path}.", away=away)


def _judge(node: Node, value: Any, facts: Mapping[str, Any]) -> Iterator[str]:
    asked = node.rules.get("required") or (node.required_when and feel.holds(node.required_when, facts))
    if node.is_list:
        rows = len(value) if isinstance(value, list) else 0
        least = node.rules.get("min") or (1 if asked else 0)
        if rows < least:
            yield f"Cần ít nhất {least} dòng."
        if rows > (node.rules.get("max") or MOST_ROWS):
            yield f"Nhiều nhất {node.rules.get('max') or MOST_ROWS} dòng."
    elif node.nests:
        if asked and not value:
            yield REQUIRED
    elif asked and (value is None or (node.type == "checkbox" and value is not True)):
        yield REQUIRED
        return
    if node.kind == "commune" and value is not None:
        yield from _commune_fits(node, value, facts)
    if node.check and value is not None and not feel.holds(node.check, facts):
        yield node.properties.get("message") or "Chưa hợp lệ."


def _commune_fits(node: Node, value: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """A commune belongs to the province chosen beside it."""
    beside: Any = facts
    for part in node.path[:-1]:
        if part != "*" and isinstance(beside, Mapping):
            beside = beside.get(part) if part in beside else beside
    province = beside.get(node.properties.get("of", "province")) if isinstance(beside, Mapping) else None
    if isinstance(province, str) and value not in places.communes(province):
        yield "Xã, phường này không thuộc tỉnh, thành phố đã chọn."


def _flatten(messages: Any, above: str, errors: dict[str, list[str]]) -> None:
    if isinstance(messages, dict):
        for key, inside in messages.items():
            name = "" if key == "_schema" else str(key)
            _flatten(inside, ".".join(part for part in (above, name) if part), errors)
    else:
        errors.setdefault(above, []).extend(map(str, messages))
