"""form-js document -> marshmallow Schema that accepts exactly the answers the form can give.

The schema knows what is always true of an answer. What depends on other answers (hidden, required, checks) is
conditions.py's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

import feel
from forms import components as _components  # noqa: F401  they register themselves
from forms.component import Answer
from forms.components.vietnam import commune_misplaced
from forms.errors import FormBroken, finding, problem
from forms.registry import find, of, types
from forms.schema import Form, Node, read, walk

#: Only these many bytes of a document are read; the longest real one has 60,000.
LONGEST = 1_000_000
#: So many documents are known by identity before all are forgotten.
MOST_SEEN = 512


@dataclass(frozen=True)
class Compiled:
    """What one document became."""

    form: Form
    schema: type[Schema]
    #: One instance for all loads: it keeps nothing of them, and is dear to make.
    loader: Schema

    @cached_property
    def reads(self) -> frozenset[str]:
        """The outermost names that its conditions can read and no answer of its own is called."""
        nodes = [*walk(self.form.nodes)]
        conditions = (condition for one in nodes for condition in (one.hide, one.required_when, one.check) if condition)
        own = {one.path[0] for one in nodes if of(one).holds in {"value", "rows"}}
        return frozenset().union(*map(feel.reads, conditions)) - own

    @cached_property
    def cites(self) -> frozenset[str]:
        """The rules whose numbers its words leave open."""
        return frozenset[str]().union(*(one.cites for one in walk(self.form.nodes)))


#: Documents seen last and what became of them, by identity: writing one out to compare costs as much as an act.
_seen: dict[int, tuple[Any, Compiled]] = {}


def compiled(document: Any) -> Compiled:
    """Read and compile a document; the same one, by content, only once a process. Raises `FormBroken`.

    A document that was compiled is not changed any more: whoever wants another makes another.
    """
    known, made = _seen.get(id(document), (None, None))
    if made and known is document:
        return made
    made = _by_content(document)
    if len(_seen) >= MOST_SEEN:
        _seen.clear()
    # The document is kept too, so that nothing else can get its id.
    _seen[id(document)] = (document, made)
    return made


def _by_content(document: Any) -> Compiled:
    try:
        text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise FormBroken([finding("", "document")]) from None
    if len(text) > LONGEST:
        raise FormBroken([finding("", "too_large")])
    return _compiled(text)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Compiled:
    form = read(json.loads(text))
    strange = [
        finding(node.where, "unknown_kind", type=node.type, kind=node.kind)
        if node.type in types()
        else finding(node.where, "unknown_type", type=node.type)
        for node in walk(form.nodes)
        if find(node) is None
    ]
    if form.findings or strange:
        raise FormBroken([*form.findings, *strange])
    schema = _schema(form.nodes)
    return Compiled(form, schema, schema())


def compile(document: Any) -> type[Schema]:  # noqa: A001  the word of the house
    """The Schema of a document: unknown answers are refused, rows and groups are nested."""
    return compiled(document).schema


def _schema(nodes: tuple[Node, ...]) -> type[Schema]:
    """The schema of a form or of a list's rows."""
    branches: dict[str, Any] = {}
    groups: dict[tuple[str, ...], list[Node]] = {}
    for node in _here(nodes):
        holds = of(node).holds
        if holds == "value":
            _plant(branches, node.at, Answer(of(node), node, required=node.required and not node.conditional))
        elif holds == "rows":
            _plant(branches, node.at, _rows(node))
        if holds == "group":
            groups.setdefault(node.at, []).append(node)
    return _grown(branches, (), groups)


def _here(nodes: tuple[Node, ...]) -> list[Node]:
    """The nodes that answer beside one another: those of groups too, those of rows not."""
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        if not node.is_list:
            found += _here(node.children)
    return found


def _plant(branches: dict[str, Any], at: tuple[str, ...], leaf: fields.Field[Any]) -> None:
    for step in at[:-1]:
        branches = branches.setdefault(step, {})
    branches[at[-1]] = leaf


def _rows(node: Node) -> fields.Field[Any]:
    low, high = of(node).bounds(node)

    def count(rows: list[Any]) -> None:
        if low is not None and len(rows) < low:
            raise ValidationError([problem("rows_minimum", limit=low)])
        if len(rows) > high:
            raise ValidationError([problem("rows_maximum", count=len(rows), limit=high)])

    row = fields.Nested(_schema(node.children), error_messages=_SHAPE)
    return fields.List(row, validate=count, error_messages=_SHAPE)


_SHAPE: Any = {"type": problem("type"), "invalid": problem("type"), "null": problem("type")}


def _grown(
    branches: Mapping[str, Any], at: tuple[str, ...], groups: Mapping[tuple[str, ...], list[Node]]
) -> type[Schema]:
    made: dict[str, Any] = {
        key: fields.Nested(_grown(inside, (*at, key), groups), error_messages=_SHAPE)
        if isinstance(inside, dict)
        else inside
        for key, inside in branches.items()
    }
    whole = groups.get(at, [])
    communes = [
        field.node for field in made.values() if isinstance(field, Answer) and field.node.kind == "commune"
    ]

    def together(self: Schema, data: Mapping[str, Any], **kwargs: Any) -> None:
        wrong = {key: [said] for group in whole for key, said in of(group).together(group, data).items()}
        for commune in communes:
            if said := commune_misplaced(data.get(commune.of), data.get(commune.key)):
                wrong[commune.key] = [said]
        if wrong:
            raise ValidationError(wrong)

    made["together"] = validates_schema(together)
    made["error_messages"] = _SHAPE | {"unknown": problem("unknown")}
    made["Meta"] = type("Meta", (), {"unknown": RAISE})
    return type("FormSchema", (Schema,), made)
