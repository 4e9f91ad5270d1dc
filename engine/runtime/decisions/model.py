"""A decision model (DMN) as plain data: what the analyst drew, each thing with its place in the file.

Boxes are the expressions of DMN; `feel/language/boxed.js` reads the same shapes as JSON, where `is` names the box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Place:
    """Where something stands: for a finding, and for the trace of a run."""

    element: str
    line: int


#: A type: {"name": ...}, {"fields": {name: {"item": ItemType}}}, {"parameters": [type], "result": type}.
Type = Mapping[str, object]


@dataclass(frozen=True)
class Box:
    """An expression of DMN."""

    is_: ClassVar[str]
    at: Place
    #: what its value must be
    type: Type | None


@dataclass(frozen=True)
class Text(Box):
    """FEEL."""

    is_ = "text"
    text: str


@dataclass(frozen=True)
class Named:
    """An entry of a context, or a value for a parameter."""

    name: str
    type: Type | None
    logic: Box | None


@dataclass(frozen=True)
class Context(Box):
    is_ = "context"
    entries: tuple[Named, ...]
    #: the entry without a name: what the context is worth
    result: Box | None


@dataclass(frozen=True)
class Invocation(Box):
    is_ = "invocation"
    called: Box | None
    bindings: tuple[Named, ...]


@dataclass(frozen=True)
class Items(Box):
    is_ = "list"
    items: tuple[Box | None, ...]


@dataclass(frozen=True)
class Relation(Box):
    is_ = "relation"
    columns: tuple[str, ...]
    rows: tuple[tuple[Box | None, ...], ...]


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Type | None


@dataclass(frozen=True)
class Function(Box):
    is_ = "function"
    parameters: tuple[Parameter, ...]
    logic: Box | None


@dataclass(frozen=True)
class Conditional(Box):
    is_ = "if"
    condition: Box | None
    then: Box | None
    otherwise: Box | None


@dataclass(frozen=True)
class Filter(Box):
    is_ = "filter"
    over: Box | None
    match: Box | None


@dataclass(frozen=True)
class For(Box):
    is_ = "for"
    name: str
    over: Box | None
    result: Box | None


@dataclass(frozen=True)
class Some(Box):
    is_ = "some"
    name: str
    over: Box | None
    match: Box | None


@dataclass(frozen=True)
class Every(Some):
    is_ = "every"


# ---- decision tables -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Input:
    at: Place
    logic: Box | None
    #: unary tests that every value must pass
    allowed: str | None


@dataclass(frozen=True)
class Output:
    at: Place
    name: str
    type: Type | None
    #: unary tests, the most preferred value first
    allowed: str | None
    default: Box | None


@dataclass(frozen=True)
class Cell:
    at: Place
    text: str


@dataclass(frozen=True)
class Rule:
    at: Place
    tests: tuple[Cell, ...]
    results: tuple[Box | None, ...]


@dataclass(frozen=True)
class Table(Box):
    """A decision table."""

    is_ = "table"
    #: U A P F R O C
    policy: str
    #: SUM MIN MAX COUNT, of C
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


# ---- elements ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """What an element requires: under its name, or under the name of the import that brought it."""

    key: str
    as_: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InputData:
    kind: ClassVar[str] = "input"
    at: Place
    name: str
    type: Type | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    kind: ClassVar[str] = "decision"
    at: Place
    name: str
    type: Type | None
    needs: tuple[Need, ...]
    logic: Box | None


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """A business knowledge model: a function that decisions call."""

    kind: ClassVar[str] = "knowledge"
    at: Place
    name: str
    #: of what it returns
    type: Type | None
    needs: tuple[Need, ...]
    parameters: tuple[Parameter, ...]
    logic: Box | None


@dataclass(frozen=True, kw_only=True)
class Service:
    """A decision service: some decisions, called like a function."""

    kind: ClassVar[str] = "service"
    at: Place
    name: str
    type: Type | None
    #: keys of the inputs, and of the decisions that the caller gives
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    needs: tuple[Need, ...] = ()


Element = InputData | Decision | Knowledge | Service


@dataclass(frozen=True)
class ItemType:
    """A named type of the model."""

    at: Place
    base: Type
    is_list: bool
    #: unary tests of each item, and of the value as a whole
    allowed: str | None
    constraint: str | None


@dataclass(frozen=True)
class Model:
    """All elements of a document and of those it imports. Keys: `#id`; of an imported one, `namespace#id`."""

    name: str
    namespace: str
    elements: Mapping[str, Element]
    types: Mapping[str, ItemType]

    def named(self, name: str) -> str | None:
        """The key of the decision, input, knowledge or service with that id or name."""
        own = f"#{name}"
        if own in self.elements:
            return own
        return next((key for key, one in self.elements.items() if one.name == name), None)
