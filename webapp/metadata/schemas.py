"""The shape of what the page of a digitised paper sends."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import date, datetime

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from engine.base.errors import Invalid
from engine.base.text import nfc
from engine.dossiers.describing import Description

_SHORT, _LONG = validate.Length(max=250), validate.Length(max=2_000)
_DAYS = validate.Range(date(1900, 1, 1), date(2200, 1, 1))


class MetadataMalformed(Invalid):
    """A day, a year or a text is not written as such."""


class _Metadata(Schema):
    class Meta:
        unknown = EXCLUDE

    type_code = fields.String(validate=validate.Length(max=60))
    owner_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z.\-]{6,20}$"))
    owner_name = fields.String(validate=_SHORT)
    owner_born = fields.Integer(validate=validate.Range(1850, 2200))
    issued_on = fields.Date(validate=_DAYS)
    issuer = fields.String(validate=_SHORT)
    name = fields.String(validate=_SHORT)
    summary = fields.String(validate=_LONG)
    valid_from = fields.Date(validate=_DAYS)
    valid_to = fields.Date(validate=_DAYS)
    unlimited = fields.Boolean()
    scope = fields.String(validate=_SHORT)


DATES = {one.name for one in fields_of(Description) if "date" in str(one.type)}


def read_description(form: Mapping[str, str]) -> Description:
    """What was typed; an empty box is what nobody knows yet. Refusal: MetadataMalformed."""
    given = {name: nfc(value.strip()) for name, value in form.items() if value.strip()}
    try:
        for name in DATES & given.keys():
            given[name] = datetime.strptime(given[name], "%d/%m/%Y").date().isoformat()  # noqa: DTZ007  a day
        return Description(**_Metadata().load(given))
    except (ValueError, ValidationError) as error:
        raise MetadataMalformed from error
