"""Where something stands in nested answers."""

from collections.abc import Mapping
from typing import Any


def at_path(answers: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of nested answers, or None."""
    value: Any = answers
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
