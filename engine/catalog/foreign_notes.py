"""What is found out while a diagram of another maker is said in our words."""

from dataclasses import dataclass, field

from lxml import etree

from engine.catalog import foreign_texts
from engine.runtime.allowed import BPMN, MC
from engine.runtime.errors import Problem
from engine.runtime.grammar import local, problem


@dataclass(frozen=True)
class Change:
    """Something that was said otherwise, or left out."""

    element: str | None
    line: int | None
    sentence: str
    #: it runs otherwise than there unless the analyst sees to it
    heed: bool = False


@dataclass
class Notes:
    """A document in work: what was changed in it, and what was not understood."""

    root: etree._Element
    maker: str
    changes: list[Change] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)

    def told(self, node: etree._Element, sentence: str, *, heed: bool = False) -> None:
        here = problem("translated", node, sentence)
        self.changes.append(Change(here.element, here.line, sentence, heed))

    def unclear(self, node: etree._Element, sentence: str) -> None:
        self.left.append(problem("foreign", node, sentence))

    def variable(self, node: etree._Element, text: str) -> str | None:
        """The one variable that a text names; where it names none, why is said."""
        name = foreign_texts.variable(text)
        if name is None:
            self.unclear(node, foreign_texts.no_variable(text))
        return name

    def say(self, node: etree._Element, key: str, value: str) -> bool:
        """A word of our `mc:step`. Always true: it is understood."""
        self.step(node).set(key, value)
        self.told(node, f"{key} là “{value}”.")
        return True

    @staticmethod
    def step(node: etree._Element) -> etree._Element:
        holder = extension_of(node)
        step = holder.find(f"{MC}step")
        return etree.SubElement(holder, f"{MC}step", nsmap={"mc": MC[1:-1]}) if step is None else step


def extension_of(node: etree._Element) -> etree._Element:
    """Where what is said of an element beyond BPMN stands; made where there is none."""
    holder = node.find(f"{BPMN}extensionElements")
    if holder is None:
        holder = etree.Element(f"{BPMN}extensionElements")
        node.insert(sum(local(child.tag) == "documentation" for child in node), holder)
    return holder
