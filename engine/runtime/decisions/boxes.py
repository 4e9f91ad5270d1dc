"""The boxed expressions of a document."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from engine.runtime.decisions.document import Reading, local, name_of
from engine.runtime.decisions.model import (
    Box,
    Cell,
    Conditional,
    Context,
    Every,
    Filter,
    For,
    Function,
    Input,
    Invocation,
    Items,
    Named,
    Output,
    Parameter,
    Place,
    Relation,
    Rule,
    Some,
    Table,
    Text,
    Type,
)

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
#: Those that order results by the values of their columns.
RANKING = frozenset({"PRIORITY", "OUTPUT ORDER"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})


class Boxes:
    """Reads the boxes of one document; what it cannot read is a problem, and no box."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._readers: dict[str, Callable[[etree._Element], Box | None]] = {
            "literalExpression": self._text,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._items,
            "relation": self._relation,
            "functionDefinition": self._function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._some,
            "every": self._every,
            "decisionTable": self._table,
        }

    def inside(self, node: etree._Element | None) -> Box | None:
        """The one expression that an element holds."""
        if node is None:
            return None
        found = [child for child in node if local(child) in self._readers]
        for more in found[1:]:
            self.reading.refuse("two", more, "Ở đây chỉ được có một biểu thức.")
        return self._readers[local(found[0])](found[0]) if found else None

    def _head(self, node: etree._Element) -> tuple[Place, Type | None]:
        return self.reading.place(node), self.reading.type_of(node)

    def _text(self, node: etree._Element) -> Box | None:
        text = self.reading.text(node)
        return Text(*self._head(node), text) if text else None

    def _context(self, node: etree._Element) -> Box:
        entries, result = [], None
        for entry in self.reading.children(node, "contextEntry"):
            variable = self.reading.child(entry, "variable")
            if variable is None:
                result = self.inside(entry)
            else:
                entries.append(Named(name_of(variable), self.reading.type_of(variable), self.inside(entry)))
        return Context(*self._head(node), tuple(entries), result)

    def _invocation(self, node: etree._Element) -> Box:
        bindings = []
        for binding in self.reading.children(node, "binding"):
            parameter = self.reading.child(binding, "parameter")
            if parameter is None:
                self.reading.refuse("binding", binding, "Giá trị truyền vào không nói là của tham số nào.")
                continue
            bindings.append(Named(name_of(parameter), self.reading.type_of(parameter), self.inside(binding)))
        return Invocation(*self._head(node), self.inside(node), tuple(bindings))

    def _items(self, node: etree._Element) -> Box:
        return Items(*self._head(node), tuple(self._each(node)))

    def _each(self, node: etree._Element) -> Iterator[Box | None]:
        for child in node:
            if local(child) in self._readers:
                yield self._readers[local(child)](child)

    def _relation(self, node: etree._Element) -> Box:
        columns = tuple(name_of(column) for column in self.reading.children(node, "column"))
        rows = tuple(tuple(self._each(row)) for row in self.reading.children(node, "row"))
        for row, drawn in zip(rows, self.reading.children(node, "row"), strict=True):
            if len(row) != len(columns):
                self.reading.refuse("relation", drawn, "Số ô của hàng khác số cột.")
        return Relation(*self._head(node), columns, rows)

    def _function(self, node: etree._Element) -> Box | None:
        return self.function(node)

    def function(self, node: etree._Element) -> Function | None:
        """A function written out; those in Java or PMML are refused."""
        kind = node.get("kind", "FEEL")
        if kind != "FEEL":
            self.reading.refuse("external", node, f"Hàm bên ngoài ({kind}) không được hỗ trợ; chỉ dùng FEEL.")
            return None
        parameters = tuple(
            Parameter(name_of(one), self.reading.type_of(one))
            for one in self.reading.children(node, "formalParameter")
        )
        return Function(*self._head(node), parameters, self.inside(node))

    def _conditional(self, node: etree._Element) -> Box:
        parts = [self.inside(self.reading.child(node, name)) for name in ("if", "then", "else")]
        return Conditional(*self._head(node), *parts)

    def _filter(self, node: etree._Element) -> Box:
        return Filter(*self._head(node), self._part(node, "in"), self._part(node, "match"))

    def _for(self, node: etree._Element) -> Box:
        name = node.get("iteratorVariable", "")
        return For(*self._head(node), name, self._part(node, "in"), self._part(node, "return"))

    def _some(self, node: etree._Element) -> Box:
        return Some(*self._quantified(node))

    def _every(self, node: etree._Element) -> Box:
        return Every(*self._quantified(node))

    def _quantified(self, node: etree._Element) -> tuple[Any, ...]:
        name = node.get("iteratorVariable", "")
        return *self._head(node), name, self._part(node, "in"), self._part(node, "satisfies")

    def _part(self, node: etree._Element, name: str) -> Box | None:
        return self.inside(self.reading.child(node, name))

    # ---- tables ----------------------------------------------------------------------------------------

    def _table(self, node: etree._Element) -> Box | None:
        policy = node.get("hitPolicy", "UNIQUE")
        aggregation = node.get("aggregation")
        if policy not in POLICIES or (aggregation and aggregation not in AGGREGATIONS):
            self.reading.refuse("hit_policy", node, f"Quy tắc chọn “{policy}” không được hỗ trợ.")
            return None
        inputs = tuple(self._input(one) for one in self.reading.children(node, "input"))
        outputs = tuple(self._output(one) for one in self.reading.children(node, "output"))
        rules = tuple(
            self._rule(one, len(inputs), len(outputs)) for one in self.reading.children(node, "rule")
        )
        if policy in RANKING and not any(one.allowed for one in outputs):
            said = f"Quy tắc chọn “{policy}” xếp theo các giá trị cho phép của cột kết quả, mà bảng không khai giá trị nào."
            self.reading.refuse("no_values", node, said)
        if not outputs:
            self.reading.refuse("no_output", node, "Bảng quyết định không có cột kết quả.")
        if aggregation and aggregation != "COUNT" and len(outputs) > 1:
            self.reading.refuse("aggregation", node, "Chỉ cộng gộp được bảng có một cột kết quả.")
        return Table(*self._head(node), POLICIES[policy], aggregation, inputs, outputs, rules)

    def _input(self, node: etree._Element) -> Input:
        expression = self.reading.child(node, "inputExpression")
        logic = self._text(expression) if expression is not None else None
        return Input(self.reading.place(node), logic, self._allowed(node, "inputValues"))

    def _output(self, node: etree._Element) -> Output:
        default = self.reading.child(node, "defaultOutputEntry")
        return Output(
            self.reading.place(node),
            node.get("name", ""),
            self.reading.type_of(node),
            self._allowed(node, "outputValues"),
            self._text(default) if default is not None else None,
        )

    def _allowed(self, node: etree._Element, name: str) -> str | None:
        values = self.reading.child(node, name)
        return self.reading.text(values) or None if values is not None else None

    def _rule(self, node: etree._Element, inputs: int, outputs: int) -> Rule:
        cells = self.reading.children(node, "inputEntry")
        results = self.reading.children(node, "outputEntry")
        if (len(cells), len(results)) != (inputs, outputs):
            self.reading.refuse("rule", node, "Số ô của dòng khác số cột của bảng.")
        tests = tuple(Cell(self.reading.place(cell), self.reading.text(cell) or "-") for cell in cells)
        return Rule(self.reading.place(node), tests, tuple(self._text(result) for result in results))
