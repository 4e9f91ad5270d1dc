"""What can be wrong with a form or with answers to it. Sentences are Vietnamese: they stand beside a field."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A defect of a form document, for whoever wrote it."""

    path: str
    message: str
    code: str


class FormInvalid(ValueError):
    """The answers do not fit. `errors` maps the dotted path of a field to its sentences."""

    def __init__(self, errors: Mapping[str, list[str]]):
        super().__init__("; ".join(f"{path}: {' '.join(words)}" for path, words in errors.items()))
        self.errors = dict(errors)


class UnknownComponent(ValueError):
    """A form names a component type that we do not have."""
