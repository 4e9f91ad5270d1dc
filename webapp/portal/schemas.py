"""The shape of what the lodging page sends around the declaration."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from engine.base.errors import Invalid
from engine.dossiers.people import Authority
from webapp.authority import held

#: Components of any procedure, and letters of their keys.
_MOST, _LONGEST = 60, 60


class ApplicationMalformed(Invalid):
    """The page sent something that it does not offer."""


@dataclass(frozen=True)
class Application:
    #: Made when the page was drawn: a second click brings the same and has one effect.
    key: uuid.UUID
    office_id: uuid.UUID | None = None
    is_proxy: bool = False
    authority: Authority | None = None
    #: Of an officer who types for a citizen.
    ground: str = ""
    reason: str = ""
    #: Components that are to be taken from the owner's warehouse instead.
    reuse: tuple[str, ...] = ()


class _ApplicationSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    key = fields.UUID(required=True)
    office_id = fields.UUID(load_default=None)
    is_proxy = fields.Boolean(load_default=False)
    ground = fields.String(data_key="assisted_for", load_default="")
    reason = fields.String(data_key="assisted_why", load_default="", validate=validate.Length(max=500))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Application:
        return Application(**data)


def read_application(form: Mapping[str, str]) -> tuple[Application, Invalid | None]:
    """What can be read, and what is wrong with the rest; an empty choice is no choice."""
    wrong: Invalid | None = None
    try:
        loaded: Application = _ApplicationSchema().load({name: value for name, value in form.items() if value})
    except ValidationError as error:
        right = cast(dict[str, Any], error.valid_data)
        if "key" not in right:
            raise ApplicationMalformed from error
        loaded, wrong = Application(**right), ApplicationMalformed()
    wished = tuple(sorted(name.removeprefix("reuse:") for name, value in form.items() if name.startswith("reuse:") and value))
    if len(wished) > _MOST or any(len(one) > _LONGEST for one in wished):
        wished, wrong = (), ApplicationMalformed()
    authority, unclear = held(form) if loaded.is_proxy else (None, None)
    return replace(loaded, authority=authority, reuse=wished), wrong or unclear
