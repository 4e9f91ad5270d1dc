"""Forms: form-js documents, judged on the server. This is the door.

A document is drawn by an analyst, checked when it is deployed (`check`), and accepts exactly the answers it can
give (`load`). Documents are JSON and never changed in place. Knows no database, no dossier, no diagram.
"""

from forms.answers import State, cites, facts, initial, load, reads, routing, state
from forms.compiler import compile  # noqa: A004  the word of the house
from forms.errors import Finding, FormBroken, FormInvalid, Problem
from forms.flat import from_flat
from forms.lint import Outline, check, outline

__all__ = [
    "Finding",
    "FormBroken",
    "FormInvalid",
    "Outline",
    "Problem",
    "State",
    "check",
    "cites",
    "compile",
    "facts",
    "from_flat",
    "initial",
    "load",
    "outline",
    "reads",
    "routing",
    "state",
]
