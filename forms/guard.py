"""What a person could have sent: JSON values, not too many, not too deep, with text that can be stored."""

from typing import Any

from forms.errors import FormInvalid, problem

MOST_VALUES = 5_000
DEEPEST = 12
LONGEST_TEXT = 100_000


def guard(answers: Any) -> dict[str, Any]:
    """The answers themselves, or a refusal of the whole."""
    if not isinstance(answers, dict):
        raise FormInvalid({"": [problem("answers_type")]})
    seen, todo = 0, [(answers, 0)]
    while todo:
        value, depth = todo.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise FormInvalid({"": [problem("answers_size")]})
        if depth > DEEPEST:
            raise FormInvalid({"": [problem("answers_depth")]})
        if isinstance(value, dict):
            _keys(value)
            todo += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            todo += [(one, depth + 1) for one in value]
        elif isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                raise FormInvalid({"": [problem("answers_size")]})
        elif not (value is None or isinstance(value, bool | int | float)):
            raise FormInvalid({"": [problem("answers_type")]})
    return answers


def _keys(value: dict[Any, Any]) -> None:
    if not all(isinstance(key, str) and len(key) <= 100 and key.isprintable() for key in value):
        raise FormInvalid({"": [problem("answers_type")]})
