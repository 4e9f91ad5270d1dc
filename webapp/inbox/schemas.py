"""The shape of what the pages of the inbox send; what it means is the engine's to judge."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, fields, validate

from engine.base.errors import Invalid
from engine.dossiers.inbox import URGENCIES, VIEWS
from webapp.asked import readable
from webapp.paging import is_cursor


class InboxQuery(Schema):
    """Filters of the list."""

    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="all", validate=validate.OneOf(VIEWS))
    urgency = fields.String(load_default=None, validate=validate.OneOf(URGENCIES))
    procedure = fields.String(load_default=None, validate=validate.Regexp(r"^[\w.]{1,20}$"))
    words = fields.String(load_default="", data_key="q", validate=validate.Length(max=100))
    after = fields.String(load_default=None, validate=is_cursor)


def inbox_query(arguments: Mapping[str, str]) -> dict[str, Any]:
    return readable(InboxQuery(), arguments)


def seen() -> int:
    """The revision that the page of a task was drawn from; a form without it was not made by our pages."""
    try:
        return int(request.form["seen"])
    except (KeyError, ValueError) as error:
        raise Invalid from error
