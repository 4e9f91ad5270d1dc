"""A refusal that has no status and no sentence reaches a person as a crash, or as English."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from engine.base.errors import DomainError
from webapp.errors import STATUS
from webapp.labels import REFUSALS


def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def refusals() -> list[type[DomainError]]:
    """Every refusal of the product: importing all rooms makes them known."""
    for room in ("feel", "forms", "engine", "connectors", "webapp"):
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if not module.name.startswith("engine.migrations."):
                importlib.import_module(module.name)
    return sorted({DomainError, *below(DomainError)}, key=lambda kind: kind.__name__)


def code(refusal: type[DomainError]) -> str:
    """Its code follows from its name alone, however it is made."""
    return refusal.__new__(refusal).code


@pytest.mark.parametrize("refusal", refusals(), ids=lambda kind: kind.__name__)
class TestRefusal:
    def test_it_has_a_status(self, refusal):
        assert refusal.kind in STATUS

    def test_it_has_a_vietnamese_sentence(self, refusal):
        assert code(refusal) in REFUSALS, "the officer would read English: add it to webapp/labels/refusals.py"

    def test_its_docstring_is_its_default_message(self, refusal):
        assert refusal.__doc__


def test_every_sentence_belongs_to_a_refusal():
    assert set(REFUSALS) <= {code(kind) for kind in refusals()}, "a sentence that nobody says any more"
