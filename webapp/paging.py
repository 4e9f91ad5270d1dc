"""Where the next page of a list begins, as a request says it."""

import uuid

from flask import request
from marshmallow import ValidationError

from engine.base import pages


def after(name: str = "after") -> str | None:
    """The cursor of an address, or of a form where the list is not to stand in one; what no list gave is left out, so that an old link still opens."""
    text = request.values.get(name)
    try:
        return text if text and pages.read(text) else None
    except ValueError:
        return None


def behind(name: str) -> uuid.UUID | None:
    """The same of a list that has an order of its own: the row behind which it goes on."""
    try:
        return uuid.UUID(request.values.get(name, ""))
    except ValueError:
        return None


def is_cursor(text: str) -> None:
    """A validator of schemas. Errors: ValidationError."""
    try:
        pages.read(text)
    except ValueError as error:
        raise ValidationError("cursor") from error
