"""DMN on FEEL: decision tables, boxed expressions, requirement graphs. The door.

    decisions = Decisions.of(document)          # raises DiagramRefused, naming every element that is wrong
    decided = decisions.decide("benefit", {"subject_age": 3, ...})

Knows XML and FEEL, and no dossier.
"""

from engine.runtime.decisions.decide import Decided, DecisionFailed, Decisions, Matched
from engine.runtime.decisions.model import Decision, Place, Rule, Table, Text
from engine.runtime.decisions.read import read_with_problems, with_imports

__all__ = [
    "Decided", "Decision", "DecisionFailed", "Decisions", "Matched", "Place", "Rule", "Table", "Text",
    "read_with_problems", "with_imports",
]  # fmt: skip
