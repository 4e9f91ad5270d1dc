"""What an address asks of a list: read what can be read, so that an old link still opens."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import Schema


def readable(schema: Schema, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The filters that can be read; what is empty, and one that cannot be read, is left out."""
    given = {name: value.strip() for name, value in arguments.items() if value.strip()}
    wrong = schema.validate(given)
    return cast(dict[str, Any], schema.load({name: value for name, value in given.items() if name not in wrong}))
