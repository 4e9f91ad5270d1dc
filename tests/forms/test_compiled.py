"""Compiling is dear, and done once for each document."""

from copy import deepcopy

import pytest

from forms import compiler
from forms.compiler import compiled
from forms.errors import FormBroken

DOCUMENT = {
    "id": "small",
    "type": "default",
    "components": [{"type": "textfield", "key": "name", "label": "Tên"}],
}


def test_the_same_document_is_compiled_once():
    assert compiled(DOCUMENT) is compiled(DOCUMENT)


def test_so_is_a_copy_of_it():
    assert compiled(deepcopy(DOCUMENT)) is compiled(DOCUMENT)


def test_another_document_is_another_form():
    other = deepcopy(DOCUMENT)
    other["components"][0]["key"] = "surname"

    assert [node.key for node in compiled(other).form.nodes] == ["surname"]


def test_one_that_is_broken_is_refused_every_time():
    broken = {"id": "x", "components": [{"type": "script", "key": "a"}]}
    for _ in range(2):
        with pytest.raises(FormBroken):
            compiled(broken)


def test_it_does_not_keep_every_document_for_ever(monkeypatch):
    monkeypatch.setattr(compiler, "MOST_SEEN", 3)
    monkeypatch.setattr(compiler, "_seen", {})
    for _ in range(10):
        compiled(deepcopy(DOCUMENT))

    assert len(compiler._seen) <= 3
