"""The shape of what the page of the register sends; what cannot be read is left out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from engine.base.errors import Invalid
from engine.base.text import nfc
from engine.dossiers.registers import STANDINGS
from webapp.asked import readable
from webapp.labels import CHANNELS
from webapp.paging import is_cursor


class Asked(Schema):
    """Which part of which office's register."""

    class Meta:
        unknown = EXCLUDE

    office = fields.UUID(load_default=None)
    since = fields.Date(load_default=None, validate=validate.Range(date(2020, 1, 1), date(2100, 1, 1)))
    until = fields.Date(load_default=None, validate=validate.Range(date(2020, 1, 1), date(2100, 1, 1)))
    procedure = fields.String(load_default=None, validate=validate.Regexp(r"^[\w.]{1,20}$"))
    channel = fields.String(load_default=None, validate=validate.OneOf(CHANNELS))
    standing = fields.String(load_default=None, validate=validate.OneOf(STANDINGS))
    words = fields.String(load_default="", data_key="q", validate=validate.Length(max=100))
    after = fields.String(load_default=None, validate=is_cursor)


def asked(arguments: Mapping[str, str]) -> dict[str, Any]:
    """What part of a register an address asks for."""
    return readable(Asked(), arguments)


class Pattern(Schema):
    """How the numbers of a register are to look."""

    class Meta:
        unknown = EXCLUDE

    register = fields.String(required=True, validate=validate.Regexp(r"^[a-z_]{1,40}(\.[\d.]{1,20})?$"))
    pattern = fields.String(required=True, validate=validate.Length(min=1, max=60))
    office_id = fields.UUID(load_default=None, data_key="office")
    basis = fields.String(load_default="", validate=validate.Length(max=200))
    effective_from = fields.Date(required=True, validate=validate.Range(date(2020, 1, 1), date(2100, 1, 1)))


class PatternMalformed(Invalid):
    """The register, the pattern or the day is not written as such."""


def pattern(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed. Refusal: PatternMalformed."""
    given = {name: nfc(value.strip()) for name, value in form.items() if value.strip()}
    try:
        return cast(dict[str, Any], Pattern().load(given))
    except ValidationError as error:
        raise PatternMalformed from error
