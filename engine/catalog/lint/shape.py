"""What a file of JSON must look like before anything reads it: a shape written as an example of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: A type; one of some words; a list of one shape; keys, those with "?" may be missing or null.
Shape = Any
_WORDS = {str: "chữ", int: "số nguyên", dict: "một đối tượng", list: "một danh sách"}


def misfits(value: Any, shape: Shape, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a value does not have its shape, and what it should be."""
    if isinstance(shape, frozenset):
        if not isinstance(value, str) or value not in shape:
            yield path, f"một trong: {', '.join(sorted(shape))}"
        return
    kind = shape if isinstance(shape, type) else type(shape)
    kind = dict if isinstance(shape, Mapping) else kind
    fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if not fits:
        yield path, _WORDS[kind]
    elif isinstance(shape, list):
        for number, item in enumerate(value):
            yield from misfits(item, shape[0], *path, str(number))
    elif isinstance(shape, Mapping):
        for name, inner in shape.items():
            key = name.rstrip("?")
            if value.get(key) is not None or not name.endswith("?"):
                yield from misfits(value.get(key), inner, *path, key)
