"""What is wrong with a form document, for whoever wrote it: found when it is deployed, not when it is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import feel
from forms.errors import Finding
from forms.fields import FIELDS, LISTS, SILENT
from forms.schema import CONTAINERS, Node, nodes_of, walk

#: What every condition may read besides the form's own keys.
CONTEXT = frozenset(
    {"channel", "variant", "lodged_on", "accepted_on", "is_proxy", "proxy", "proxy_kin", "close_kin", "lookup",
     "fee_classes", "result_delivery"}
)  # fmt: skip


@dataclass(frozen=True)
class Outline:
    """What a diagram's lint asks of a form: answers, their options, what routes, what it reads."""

    keys: frozenset[str]
    #: Dotted path -> codes, for components with a list of their own.
    options: Mapping[str, tuple[str, ...]]
    #: Routing key -> its codes; () for a number, a date or a box.
    routes: Mapping[str, tuple[str, ...]]
    #: First parts of the names that its conditions read.
    reads: frozenset[str]


def check(document: Any) -> list[Finding]:
    """Every defect of the document; an empty list means that it compiles and its conditions can be read."""
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        return [Finding("", "Tệp không phải là biểu mẫu form-js.", "not_a_form")]
    try:
        nodes = nodes_of(document)
    except (KeyError, TypeError, AttributeError):
        return [Finding("", "Có thành phần thiếu kiểu (type) hoặc không đúng dạng.", "bad_component")]
    return list(_findings(nodes))


def outline(document: Mapping[str, Any]) -> Outline:
    nodes = list(walk(nodes_of(document)))
    answered = [node for node in nodes if node.type in FIELDS or node.is_list]
    return Outline(
        keys=frozenset(node.dotted for node in answered),
        options={node.dotted: node.options for node in answered if node.options},
        routes={node.key: node.options for node in answered if node.properties.get("routes") == "true"},
        reads=frozenset(
            name.partition(".")[0] for node in nodes for _, text in _expressions(node) for name in _names(text)
        ),
    )


def _expressions(node: Node) -> Iterator[tuple[str, str]]:
    for what, text in (("hide", node.hide), ("required", node.required_when), ("check", node.check)):
        if text:
            yield what, text


def _names(text: str) -> frozenset[str]:
    try:
        return feel.check(text)
    except feel.FeelError:
        return frozenset()


def _findings(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for node in walk(nodes):
        where = node.dotted or str(node.spec.get("id", ""))
        if node.type not in (*FIELDS, *SILENT, *CONTAINERS):
            yield Finding(where, f"Không có loại thành phần «{node.type}».", "unknown_component")
        if node.type in FIELDS or node.nests:
            if not node.key:
                yield Finding(where, "Thành phần thiếu khóa (key).", "no_key")
            elif node.path in seen:
                yield Finding(where, f"Khóa «{node.dotted}» bị trùng.", "duplicate_key")
            seen.add(node.path)
        if node.type in ("select", "radio", "checklist") and not node.options and node.kind not in LISTS:
            yield Finding(where, "Danh sách lựa chọn trống.", "no_options")
        if node.check and not node.properties.get("message"):
            yield Finding(where, "Điều kiện kiểm tra thiếu câu thông báo.", "no_message")
        for what, text in _expressions(node):
            try:
                feel.check(text)
            except feel.FeelError as error:
                yield Finding(where, f"Biểu thức {what} không đọc được: {error}", "bad_expression")
