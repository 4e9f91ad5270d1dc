"""A form-js document as typed, read-only nodes. Reading never raises: what is wrong is left out and told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from forms.errors import Finding, finding

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
#: A number that is a rule's and not the form's, by the code of the rule.
CITED = re.compile(r"\{\{ ?([A-Z]\d{2}) ?\}\}")
MOST_COMPONENTS = 1_000
DEEPEST = 10

Path = tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One choice: the code that is stored and the words that are shown."""

    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True)
class Node:
    """One component."""

    spec: Mapping[str, Any]
    #: The place in the document: `components[3].components[0]`.
    where: str
    #: Where its answer (a group's answers) lies; `*` stands for the row of a list.
    path: Path
    #: The same, counted from the innermost row: what is left to walk inside a row's answers.
    at: Path
    children: tuple["Node", ...] = ()
    #: Whether a group above it, in the same form or row, may be hidden.
    under_condition: bool = False

    def _text(self, name: str) -> str:
        value = self.spec.get(name)
        return value.strip() if isinstance(value, str) else ""

    def _property(self, name: str) -> str:
        value = self.properties.get(name)
        return value.strip() if isinstance(value, str) else ""

    def _feel(self, text: Any) -> str | None:
        return text.strip()[1:].strip() if isinstance(text, str) and text.strip().startswith("=") else None

    @cached_property
    def type(self) -> str:
        return self._text("type")

    @cached_property
    def properties(self) -> Mapping[str, Any]:
        return mapping(self.spec.get("properties"))

    @cached_property
    def rules(self) -> Mapping[str, Any]:
        return mapping(self.spec.get("validate"))

    @cached_property
    def kind(self) -> str | None:
        return self._property("kind") or None

    @cached_property
    def key(self) -> str:
        """The own key, without its groups'."""
        return self.path[-1] if self.path else ""

    @cached_property
    def dotted(self) -> str:
        return ".".join(self.path)

    @cached_property
    def is_list(self) -> bool:
        return self.type == "dynamiclist"

    @cached_property
    def nests(self) -> bool:
        """Whether the answers of what it holds lie in an object, or in rows, of its own."""
        return bool(self.spec.get("path")) and self.type in {"group", "dynamiclist"}

    @cached_property
    def label(self) -> str:
        return self._text("label")

    @cached_property
    def label_en(self) -> str:
        return self._property("label_en")

    @cached_property
    def description(self) -> str:
        return self._text("description")

    @cached_property
    def description_en(self) -> str:
        return self._property("description_en")

    @cached_property
    def text(self) -> str:
        """The words of a `text` component, markdown."""
        return self._text("text")

    @cached_property
    def cites(self) -> frozenset[str]:
        """The rules whose numbers its words leave open: `trong {{T06}}`."""
        spoken = (self.text, self.label_en if self.text else "", self.description, self.description_en)
        return frozenset(code for words in spoken for code in CITED.findall(words))

    @cached_property
    def default(self) -> Any:
        return self.spec.get("defaultValue")

    @cached_property
    def readonly(self) -> bool:
        return self.spec.get("readonly") is True or self.spec.get("disabled") is True

    @cached_property
    def required(self) -> bool:
        return self.rules.get("required") is True

    @cached_property
    def hide(self) -> str | None:
        return self._feel(mapping(self.spec.get("conditional")).get("hide"))

    @cached_property
    def required_when(self) -> str | None:
        return self._feel(self.properties.get("required"))

    @cached_property
    def check(self) -> str | None:
        return self._feel(self.properties.get("check"))

    @cached_property
    def conditional(self) -> bool:
        """Whether the answer may be left out for a reason other than being optional."""
        return self.under_condition or self.hide is not None

    @cached_property
    def message(self) -> str:
        return self._property("message")

    @cached_property
    def message_en(self) -> str:
        return self._property("message_en") or self.message

    @cached_property
    def of(self) -> str:
        return self._property("of")

    @cached_property
    def routes(self) -> bool:
        return self._property("routes") == "true"

    @cached_property
    def component(self) -> str:
        """The document component whose files a filepicker shows."""
        return self._property("component")

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The codes of `choices`."""
        return tuple(option.value for option in self.choices)

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """The options written out in the document."""
        return tuple(
            Option(one["value"], one["label"], one.get("label_en") or one["label"])
            for one in listed(self.spec.get("values"))
            if isinstance(one, Mapping)
            and isinstance(one.get("value"), str)
            and isinstance(one.get("label"), str)
            and isinstance(one.get("label_en", ""), str)
        )

    @cached_property
    def row(self) -> str:
        row = mapping(self.spec.get("layout")).get("row")
        return row if isinstance(row, str) else ""

    @cached_property
    def columns(self) -> int:
        """Of 16; the whole row unless told."""
        columns = mapping(self.spec.get("layout")).get("columns")
        return columns if type(columns) is int and 1 <= columns <= 16 else 16

    def rule(self, name: str) -> float | None:
        """A number of `validate`, such as `max`."""
        value = self.rules.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Form:
    """A document that was read, with what was wrong in its structure."""

    id: str
    nodes: tuple[Node, ...]
    findings: tuple[Finding, ...] = ()


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node, those that hold others before what they hold."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.count = 0

    def nodes(self, specs: Any, where: str, owner: "_Owner") -> tuple[Node, ...]:
        if not isinstance(specs, list):
            self.findings.append(finding(where, "component"))
            return ()
        if owner.depth > DEEPEST:
            self.findings.append(finding(where, "too_large"))
            return ()
        found = (self.node(spec, f"{where}[{index}]", owner) for index, spec in enumerate(specs))
        return tuple(node for node in found if node)

    def node(self, spec: Any, where: str, owner: "_Owner") -> Node | None:
        self.count += 1
        if self.count > MOST_COMPONENTS:
            if self.count == MOST_COMPONENTS + 1:
                self.findings.append(finding(where, "too_large"))
            return None
        if not isinstance(spec, Mapping) or not isinstance(spec.get("type"), str):
            self.findings.append(finding(where, "component"))
            return None
        own = self.path(spec, where)
        node = Node(spec, where, (*owner.path, *own), (*owner.at, *own), under_condition=owner.conditional)
        if "components" not in spec:
            return node
        if node.is_list:
            inside = _Owner((*node.path, "*"), (), owner.depth + 1)
        else:
            inside = _Owner(node.path, node.at, owner.depth + 1, conditional=node.conditional)
        return replace(node, children=self.nodes(spec["components"], f"{where}.components", inside))

    def path(self, spec: Mapping[str, Any], where: str) -> Path:
        """A key or a path may be dotted; a group without a path adds nothing."""
        name = "path" if "components" in spec else "key"
        text = spec.get(name, "")
        if text == "" and spec["type"] in {"group", "text", "separator", "filepicker"}:
            return ()
        pieces = text.split(".") if isinstance(text, str) else [""]
        if not all(KEY.fullmatch(piece) for piece in pieces):
            self.findings.append(finding(f"{where}.{name}", "key", key=str(text)[:80]))
            return ()
        return tuple(pieces)


@dataclass(frozen=True)
class _Owner:
    """What the nodes inside a group, a row or the form begin with."""

    path: Path = ()
    at: Path = ()
    depth: int = 1
    conditional: bool = False


def read(document: Any) -> Form:
    """Read a document as far as it can be read."""
    if not isinstance(document, Mapping):
        return Form("", (), (finding("", "document"),))
    reader = _Reader()
    nodes = reader.nodes(document.get("components"), "components", _Owner())
    form_id = document.get("id")
    if not isinstance(form_id, str) or not form_id:
        reader.findings.append(finding("id", "id"))
        form_id = "form"
    return Form(form_id, nodes, tuple(reader.findings))


def nodes_of(document: Any) -> tuple[Node, ...]:
    """The components of a document, nested as they are drawn."""
    return read(document).nodes
