"""The rules a diagram must keep before it may bind a dossier. This is the door.

A rule is one small function that yields what it found; none raises. Severity E keeps a bundle out, W is shown to the
reviewer. Modules are named after the letters of the codes: S structure, D decisions, X expressions, P people and time, F frame, R proof.
"""

from engine.catalog.lint import (
    decisions,
    expressions,
    frame,
    groups,
    money,
    national,
    people,
    proof,
    record,
    structure,
)
from engine.catalog.lint.registry import lint
from engine.catalog.lint.subject import Subject

__all__ = ["Subject", "decisions", "expressions", "frame", "groups", "lint", "money", "national", "people", "proof", "record", "structure"]
