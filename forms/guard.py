"""What a person could have sent: JSON values, not too many, not too deep, with text that can be stored."""

from typing import Any

from forms.errors import FormInvalid, problem

MOST_VALUES = 5_000
DEEPEST = 12
#: All texts together; a condition reads them as JSON, where a letter with marks is six signs long.
MOST_TEXT = 150_000


def guard(answers: Any) -> dict[str, Any]:
    """The answers themselves, or a refusal of the whole."""
    if not isinstance(answers, dict):
        raise FormInvalid({"": [problem("answers_type")]})
    seen, text, todo = 0, 0, [(answers, 0)]
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
            text += len(value)
        elif not (value is None or isinstance(value, bool | float) or _is_small(value)):
            raise FormInvalid({"": [problem("answers_type")]})
    if text > MOST_TEXT:
        raise FormInvalid({"": [problem("answers_size")]})
    return answers


def _is_small(value: Any) -> bool:
    """Whether it is a number that any JSON reader takes, exact or not."""
    return isinstance(value, int) and value.bit_length() <= 64


def _keys(value: dict[Any, Any]) -> None:
    if not all(isinstance(key, str) and len(key) <= 100 and key.isprintable() for key in value):
        raise FormInvalid({"": [problem("answers_type")]})
