"""The shape of what the pages of the inbox send; what it means is the engine's to judge."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from engine.base.errors import Invalid
from engine.dossiers.inbox import URGENCIES, VIEWS


def _cursor(text: str) -> None:
    """`2026-11-27T10:00:00+00:00/<uuid>`, as the list itself gives it."""
    at, _, task_id = text.partition("/")
    try:
        datetime.fromisoformat(at), uuid.UUID(task_id)
    except ValueError as error:
        raise ValidationError("cursor") from error


class InboxQuery(Schema):
    """Filters of the list."""

    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="all", validate=validate.OneOf(VIEWS))
    urgency = fields.String(load_default=None, validate=validate.OneOf(URGENCIES))
    procedure = fields.String(load_default=None, validate=validate.Regexp(r"^[\w.]{1,20}$"))
    words = fields.String(load_default="", data_key="q", validate=validate.Length(max=100))
    after = fields.String(load_default=None, validate=_cursor)


def inbox_query(arguments: Mapping[str, str]) -> dict[str, Any]:
    """The filters that can be read; one that cannot is left out, so that an old link still opens."""
    given = {name: value for name, value in arguments.items() if value}
    schema = InboxQuery()
    wrong = schema.validate(given)
    return cast(dict[str, Any], schema.load({k: v for k, v in given.items() if k not in wrong}))


def seen() -> int:
    """The revision that the page of a task was drawn from; a form without it was not made by our pages."""
    try:
        return int(request.form["seen"])
    except (KeyError, ValueError) as error:
        raise Invalid from error
