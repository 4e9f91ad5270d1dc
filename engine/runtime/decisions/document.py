"""One DMN document: its namespaces, its vocabulary, its places, its types."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.decisions.model import Place, Type
from engine.runtime.errors import Problem

#: DMN 1.1 to 1.5, and the texts of 1.6 that changed nothing here.
MODELS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
FEEL = {
    "http://www.omg.org/spec/FEEL/20140401",
    "http://www.omg.org/spec/DMN/20180521/FEEL/",
    "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "https://www.omg.org/spec/DMN/20211108/FEEL/",
    "https://www.omg.org/spec/DMN/20230324/FEEL/",
    "feel",
}
BASIC = {
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "dateTime",
    "days and time duration",
    "dayTimeDuration",
    "years and months duration",
    "yearMonthDuration",
    "Any",
    "any",
    "Null",
    "context",
    "list",
    "function",
    "range",
}

#: What a document may hold and what we read.
READ = frozenset(
    """definitions import itemDefinition itemComponent functionItem parameters typeRef allowedValues typeConstraint
    inputData decision businessKnowledgeModel decisionService variable informationRequirement requiredDecision
    requiredInput knowledgeRequirement requiredKnowledge encapsulatedLogic outputDecision encapsulatedDecision
    inputDecision literalExpression text context contextEntry invocation binding parameter list relation column row
    functionDefinition formalParameter conditional if then else filter in match for return some every satisfies
    decisionTable input inputExpression inputValues output outputValues defaultOutputEntry rule inputEntry
    outputEntry""".split()
)
#: What says something to people, and nothing to the machine.
IGNORED = frozenset(
    """description question allowedAnswers knowledgeSource authorityRequirement requiredAuthority
    performanceIndicator organizationUnit extensionElements textAnnotation association group artifact
    supportedObjective impactedPerformanceIndicator decisionMaker decisionOwner usingProcess usingTask
    annotation annotationEntry elementCollection DMNDI type owner locationURI""".split()
)


def local(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2]


def name_of(node: etree._Element) -> str:
    """Its name, as people spell it: with single spaces."""
    return " ".join(node.get("name", "").split())


@dataclass
class Reading:
    """What is being read, with what is wrong in it."""

    root: etree._Element
    #: namespace -> name under which this document imports it
    imports: dict[str, str] = field(default_factory=dict)
    #: type name as this document spells it -> key in the model
    type_keys: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        return self.root.get("namespace", "")

    def children(self, node: etree._Element, *names: str) -> list[etree._Element]:
        return [child for child in node if local(child) in names]

    def child(self, node: etree._Element, name: str) -> etree._Element | None:
        return next(iter(self.children(node, name)), None)

    def text(self, node: etree._Element) -> str:
        """What stands in its `text`."""
        inside = self.child(node, "text")
        return (inside.text or "").strip() if inside is not None else ""

    def place(self, node: etree._Element) -> Place:
        """The nearest id; every box has one, or stands in something that has."""
        bearer = node
        while bearer is not None and not bearer.get("id"):
            bearer = bearer.getparent()
        return Place(bearer.get("id") if bearer is not None else "", node.sourceline or 0)

    def refuse(self, rule: str, node: etree._Element, sentence: str) -> None:
        place = self.place(node)
        self.problems.append(Problem(f"dmn_{rule}", sentence, place.element or None, place.line))

    def type_of(self, node: etree._Element) -> Type | None:
        """The type that its `typeRef` names: an attribute, in DMN 1.1 of an item also an element."""
        ref = node.get("typeRef")
        if ref is None:
            inside = self.child(node, "typeRef")
            ref = inside.text if inside is not None else None
        return self.named_type(ref.strip(), node) if ref and ref.strip() else None

    def named_type(self, ref: str, node: etree._Element) -> Type:
        prefix, colon, rest = ref.partition(":")
        name = ref
        if colon and prefix in node.nsmap:  # DMN 1.1: a qualified name
            name = rest
            if node.nsmap[prefix] in FEEL:
                return {"name": name}
        name = " ".join(name.split())
        if name in self.type_keys:
            return {"name": self.type_keys[name]}
        if name not in BASIC:
            self.refuse("type", node, f"Không có kiểu dữ liệu “{name}”.")
        return {"name": name}


def check_vocabulary(reading: Reading) -> None:
    """Everything in the document that we do not know by name, and every language but FEEL."""
    own = reading.root.tag.rpartition("}")[0].removeprefix("{")
    for node in _model_elements(reading.root):
        space, _, name = node.tag.rpartition("}")
        if space.removeprefix("{") != own or name not in READ:
            reading.refuse("vocabulary", node, f"Phần tử “{name}” không được hỗ trợ.")
        language = node.get("expressionLanguage")
        if language and language not in FEEL:
            reading.refuse("language", node, f"Ngôn ngữ “{language}” không được hỗ trợ; chỉ dùng FEEL.")


def _model_elements(root: etree._Element) -> Iterator[etree._Element]:
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(child for child in reversed(node) if local(child) not in IGNORED)
