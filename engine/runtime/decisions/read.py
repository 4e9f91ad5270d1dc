"""DMN documents -> one model. Closed: what is not supported is refused, with its element and line."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lxml import etree

from engine.runtime import xml
from engine.runtime.decisions.boxes import Boxes
from engine.runtime.decisions.document import MODELS, Reading, check_vocabulary, local, name_of
from engine.runtime.decisions.model import (
    Decision,
    Element,
    InputData,
    ItemType,
    Knowledge,
    Model,
    Need,
    Service,
    Type,
)
from engine.runtime.errors import DiagramRefused, Problem

ELEMENTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
#: A table of 500 rows and 15 columns, and some more.
MAX_ELEMENTS = 20_000
NEEDS = ("informationRequirement", "knowledgeRequirement")


def read_model(*documents: bytes) -> Model:
    """The model of the first document; the others are what it imports. Raises `DiagramRefused`."""
    model, problems = read_with_problems(*documents)
    if problems:
        raise DiagramRefused(tuple(problems))
    return model


def read_with_problems(*documents: bytes) -> tuple[Model, list[Problem]]:
    """The model as far as it can be read, and what is wrong with it. Raises only for what is no DMN at all."""
    readings = [_reading(data) for data in documents]
    main = readings[0]
    _name_types(readings)
    names = {key: name for reading in readings for key, name in _names(reading, main)}
    elements: dict[str, Element] = {}
    types: dict[str, ItemType] = {}
    for reading in readings:
        document = _Document(reading, main, names)
        types.update(document.types())
        elements.update(document.elements())
    model = Model(name_of(main.root), main.namespace, elements, types)
    return model, [problem for reading in readings for problem in reading.problems] + list(_circles(model))


def with_imports(main: bytes, beside: Iterable[bytes]) -> tuple[bytes, ...]:
    """A document and those beside it that it imports, directly or through others."""
    known = {root.get("namespace"): (data, root) for data in beside if (root := _root(data)) is not None}
    chosen, todo = [main], [_root(main)]
    while todo:
        root = todo.pop(0)
        for node in root if root is not None else ():
            if local(node) == "import" and node.get("namespace") in known:
                data, imported = known.pop(node.get("namespace"))
                chosen.append(data)
                todo.append(imported)
    return tuple(chosen)


def _root(data: bytes) -> etree._Element | None:
    try:
        return xml.read(data, MAX_ELEMENTS)
    except DiagramRefused:
        return None  # it is refused when it is read for itself


def _reading(data: bytes) -> Reading:
    root = xml.read(data, MAX_ELEMENTS)
    reading = Reading(root)
    if local(root) != "definitions" or root.tag.rpartition("}")[0].removeprefix("{") not in MODELS:
        line = root.sourceline or 1
        raise DiagramRefused((Problem("dmn_not", "Tệp không phải là mô hình DMN 1.1–1.5.", None, line),))
    check_vocabulary(reading)
    for node in reading.children(root, "import"):
        reading.imports[node.get("namespace", "")] = name_of(node)
    return reading


def _name_types(readings: list[Reading]) -> None:
    """Give each named type one key: its name; of an imported one, `import.name`, as FEEL spells it."""
    main = readings[0]
    own: dict[str, dict[str, str]] = {}
    for reading in readings:
        prefix = main.imports.get(reading.namespace, reading.namespace)
        lead = "" if reading is main or not prefix else f"{prefix}."
        items = [name_of(node) for node in reading.children(reading.root, "itemDefinition")]
        own[reading.namespace] = {name: lead + name for name in items}
    for reading in readings:
        for namespace, alias in reading.imports.items():
            lead = f"{alias}." if alias else ""
            reading.type_keys |= {lead + name: key for name, key in own.get(namespace, {}).items()}
        reading.type_keys |= own[reading.namespace]


def _key(reading: Reading, main: Reading, own_id: str) -> str:
    return f"#{own_id}" if reading is main else f"{reading.namespace}#{own_id}"


def _names(reading: Reading, main: Reading) -> Iterator[tuple[str, str]]:
    for node in reading.children(reading.root, *ELEMENTS):
        yield _key(reading, main, node.get("id", "")), _variable_name(reading, node)


def _variable_name(reading: Reading, node: etree._Element) -> str:
    """What others call it: the name of its variable, else its own."""
    variable = reading.child(node, "variable")
    return (name_of(variable) if variable is not None else "") or name_of(node)


class _Document:
    """The elements and types of one document."""

    def __init__(self, reading: Reading, main: Reading, names: Mapping[str, str]) -> None:
        self.reading, self.main, self.names = reading, main, names
        self.boxes = Boxes(reading)

    def elements(self) -> Iterator[tuple[str, Element]]:
        makers: dict[str, Callable[[etree._Element], Element]] = {
            "inputData": self._input,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        seen: set[str] = set()
        for node in self.reading.children(self.reading.root, *ELEMENTS):
            own = node.get("id", "")
            if not own or own in seen:
                self.reading.refuse("id", node, f"Phần tử “{name_of(node)}” thiếu mã, hoặc mã đã dùng.")
                own = f"{own}?{name_of(node)}"
            seen.add(own)
            yield _key(self.reading, self.main, own), makers[local(node)](node)

    def types(self) -> Iterator[tuple[str, ItemType]]:
        for node in self.reading.children(self.reading.root, "itemDefinition"):
            yield self.reading.type_keys[name_of(node)], self._item(node)

    # ---- types -----------------------------------------------------------------------------------------

    def _item(self, node: etree._Element) -> ItemType:
        allowed = self.reading.child(node, "allowedValues")
        constraint = self.reading.child(node, "typeConstraint")
        return ItemType(
            self.reading.place(node),
            self._base(node),
            node.get("isCollection") == "true",
            self.reading.text(allowed) or None if allowed is not None else None,
            self.reading.text(constraint) or None if constraint is not None else None,
        )

    def _base(self, node: etree._Element) -> Type:
        components = self.reading.children(node, "itemComponent")
        if components:
            return {"fields": {name_of(one): {"item": self._item(one)} for one in components}}
        function = self.reading.child(node, "functionItem")
        if function is not None:
            result = function.get("outputTypeRef")
            return {
                "parameters": [
                    self.reading.type_of(one) or {"name": "Any"}
                    for one in self.reading.children(function, "parameters")
                ],
                "result": self.reading.named_type(result, function) if result else {"name": "Any"},
            }
        return self.reading.type_of(node) or {"name": "Any"}

    # ---- elements --------------------------------------------------------------------------------------

    def _variable_type(self, node: etree._Element) -> Type | None:
        variable = self.reading.child(node, "variable")
        return self.reading.type_of(variable) if variable is not None else None

    def _input(self, node: etree._Element) -> InputData:
        return InputData(
            at=self.reading.place(node),
            name=_variable_name(self.reading, node),
            type=self._variable_type(node),
        )

    def _decision(self, node: etree._Element) -> Decision:
        return Decision(
            at=self.reading.place(node),
            name=_variable_name(self.reading, node),
            type=self._variable_type(node),
            needs=tuple(self._needs(node)),
            logic=self.boxes.inside(node),
        )

    def _knowledge(self, node: etree._Element) -> Knowledge:
        encapsulated = self.reading.child(node, "encapsulatedLogic")
        function = None
        if encapsulated is not None:
            function = self.boxes.function(encapsulated)
        return Knowledge(
            at=self.reading.place(node),
            name=_variable_name(self.reading, node),
            type=(function.type if function else None) or self._result_type(node),
            needs=tuple(self._needs(node)),
            parameters=function.parameters if function else (),
            logic=function.logic if function else None,
        )

    def _result_type(self, node: etree._Element) -> Type | None:
        """The variable's type; of a function type, what the function returns."""
        type_ = self._variable_type(node)
        for item in self.reading.children(self.reading.root, "itemDefinition"):
            function = self.reading.child(item, "functionItem")
            if type_ and function is not None and self.reading.type_keys[name_of(item)] == type_["name"]:
                result = function.get("outputTypeRef")
                return self.reading.named_type(result, function) if result else None
        return type_

    def _service(self, node: etree._Element) -> Service:
        parameters = self.reading.children(node, "inputData") + self.reading.children(node, "inputDecision")
        outputs = self.reading.children(node, "outputDecision")
        if not outputs:
            self.reading.refuse("service", node, "Dịch vụ quyết định không có quyết định đầu ra.")
        return Service(
            at=self.reading.place(node),
            name=_variable_name(self.reading, node),
            type=self._result_type(node),
            parameters=tuple(key for one in parameters if (key := self._reference(one))),
            outputs=tuple(key for one in outputs if (key := self._reference(one))),
        )

    def _needs(self, node: etree._Element) -> Iterator[Need]:
        for requirement in self.reading.children(node, *NEEDS):
            for required in self.reading.children(
                requirement, "requiredDecision", "requiredInput", "requiredKnowledge"
            ):
                if key := self._reference(required):
                    yield Need(key, self._spelled(key))

    def _reference(self, node: etree._Element) -> str | None:
        """The key that an href leads to; None, and a problem, when it leads nowhere."""
        namespace, _, own_id = node.get("href", "").rpartition("#")
        namespace = namespace or self.reading.namespace
        key = f"#{own_id}" if namespace == self.main.namespace else f"{namespace}#{own_id}"
        if key in self.names:
            return key
        self.reading.refuse("reference", node, f"Tham chiếu “{node.get('href', '')}” không dẫn tới đâu.")
        return None

    def _spelled(self, key: str) -> tuple[str, ...]:
        namespace = key.rpartition("#")[0] or self.main.namespace
        alias = "" if namespace == self.reading.namespace else self.reading.imports.get(namespace, "")
        return (alias, self.names[key]) if alias else (self.names[key],)


def _circles(model: Model) -> Iterator[Problem]:
    """Decisions that need themselves. Knowledge may: it is called, and a call ends or is stopped."""
    done: set[str] = set()

    def visit(key: str, above: tuple[str, ...]) -> Iterator[Problem]:
        one = model.elements[key]
        if key in above and not isinstance(one, Knowledge):
            sentence = f"Quyết định “{one.name}” cần đến chính nó."
            yield Problem("dmn_circle", sentence, one.at.element, one.at.line)
        if key in done or key in above:
            return
        for need in getattr(one, "needs", ()):
            yield from visit(need.key, (*above, key))
        done.add(key)

    for key in model.elements:
        yield from visit(key, ())
