"""Sent twice, one effect: the form of an act carries a key, which was made when its page was drawn.

    @bp.post("/<ref>/<act>")
    @needs("dossier.read")
    @once

The command behind it keeps the key and what came with it: the same page again is told the same, and with other
contents it is refused.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from engine.base.errors import Invalid


class KeyMissing(Invalid):
    """A form without its key was not made by our pages."""


def key() -> uuid.UUID:
    """The key of the form that was sent."""
    try:
        return uuid.UUID(request.form.get("key", ""))
    except ValueError as error:
        raise KeyMissing from error


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """A route that acts; without a key nothing is done."""

    @wraps(view)
    def keyed(*args: Any, **kwargs: Any) -> Any:
        key()
        return view(*args, **kwargs)

    keyed.once = True  # type: ignore[attr-defined]
    return keyed
