"""A form-js document becomes a marshmallow Schema that accepts exactly the answers it can give."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from marshmallow import RAISE, Schema, fields

from forms.errors import UnknownComponent
from forms.fields import FIELDS, SILENT
from forms.schema import CONTAINERS, Node, nodes_of

#: Rows of a list without a limit of its own.
MOST_ROWS = 200

_WORDS = {
    "required": "Mục này bắt buộc.",
    "null": "Mục này bắt buộc.",
    "invalid": "Không đúng dạng.",
    "type": "Không đúng dạng.",
}


@lru_cache(maxsize=512)
def _compiled(canonical: bytes) -> tuple[type[Schema], tuple[Node, ...]]:
    nodes = nodes_of(orjson.loads(canonical))
    return _schema(nodes), nodes


def compiled(document: dict[str, Any]) -> tuple[type[Schema], tuple[Node, ...]]:
    """(Schema class, nodes); the same document is compiled once a process."""
    return _compiled(orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


def _schema(nodes: Iterable[Node]) -> type[Schema]:
    made: dict[str, Any] = {}
    for node in nodes:
        _add(made, node)
    meta = type("Meta", (), {"unknown": RAISE})
    messages = {"unknown": "Biểu mẫu không có mục này.", "type": "Không đúng dạng."}
    return type("FormSchema", (Schema,), made | {"Meta": meta, "error_messages": messages})


def _add(made: dict[str, Any], node: Node) -> None:
    if node.type in SILENT:
        return
    if node.is_list:
        made[node.key] = fields.List(fields.Nested(_schema(node.children)), error_messages=_WORDS)
    elif node.type in CONTAINERS:
        if node.nests:
            made[node.key] = fields.Nested(_schema(node.children), error_messages=_WORDS)
        else:
            for child in node.children:
                _add(made, child)
    elif node.type in FIELDS:
        one = FIELDS[node.type](node)
        one.error_messages |= _WORDS
        made[node.key] = one
    else:
        raise UnknownComponent(node.type)
