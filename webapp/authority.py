"""What pages ask of the paper by which somebody acts for another."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from engine.base.errors import Invalid
from engine.dossiers.people import KINDS, SCOPES, Authority
from webapp.labels import RELATIONS

#: Names of the fields that say for what it is: `may_withdraw`.
_MAY = "may_"


class MandateMalformed(Invalid):
    """A day that the calendar does not have, or a choice that the page does not offer."""


class _AroundSchema(Schema):
    """What is asked beside a declaration, which names the person and the number of the paper."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(data_key="authority_kind", load_default="power", validate=validate.OneOf(KINDS))
    valid_until = fields.Date(data_key="authority_until", load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Authority:
        return Authority(**data)


class _WholeSchema(_AroundSchema):
    """The same for somebody who is named later, at the counter."""

    name = fields.String(required=True, validate=validate.Length(max=200))
    personal_id = fields.String(required=True, validate=validate.Length(max=50))
    phone = fields.String(load_default=None, validate=validate.Length(max=30))
    relation = fields.String(load_default="authorised", validate=validate.OneOf(RELATIONS))
    number = fields.String(data_key="authority_no", required=True, validate=validate.Length(max=50))
    dated = fields.Date(data_key="authority_date", load_default=None)


def around(form: Mapping[str, str]) -> Authority:
    """Of whoever lodges now."""
    return _read(_AroundSchema(), form, ("lodge",))


def held(form: Mapping[str, str]) -> tuple[Authority | None, MandateMalformed | None]:
    """As `around`, or why it cannot be read: the page is drawn again with what was typed."""
    try:
        return around(form), None
    except MandateMalformed as wrong:
        return None, wrong


def whole(form: Mapping[str, str]) -> Authority:
    """Of whoever is named for a dossier that was lodged. Refusal: MandateMalformed."""
    return _read(_WholeSchema(), form, ())


def _read(schema: Schema, form: Mapping[str, str], always: tuple[str, ...]) -> Authority:
    scope = [one for one in SCOPES if one in always or form.get(f"{_MAY}{one}")]
    try:
        said = {name: value.strip() for name, value in form.items() if value.strip()}
        made: Authority = schema.load(said)
    except ValidationError as error:
        raise MandateMalformed from error
    return Authority(**{**made.__dict__, "scope": tuple(scope)})
