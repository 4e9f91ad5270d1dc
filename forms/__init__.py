"""Forms: form-js documents, judged on the server. This is the door.

A document is drawn by an analyst, checked when it is deployed (`check`), and accepts exactly the answers it
can give (`load`). Knows no database, no dossier, no diagram.
"""

from forms.answers import hidden_paths, load, routing
from forms.compiler import compiled
from forms.errors import Finding, FormInvalid, UnknownComponent
from forms.flat import from_flat
from forms.lint import Outline, check, outline

__all__ = [
    "Finding",
    "FormInvalid",
    "Outline",
    "UnknownComponent",
    "check",
    "compiled",
    "from_flat",
    "hidden_paths",
    "load",
    "outline",
    "routing",
]
