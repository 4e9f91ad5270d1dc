"""The shape of what the page of delegations sends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from engine.base.errors import Invalid

_DAY = validate.Range(date(2020, 1, 1), date(2100, 1, 1))


class DelegationMalformed(Invalid):
    """Something is missing, or is not what the page offers."""


class _GrantSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    office_id = fields.UUID(data_key="office", required=True)
    officer_id = fields.UUID(data_key="officer", required=True)
    procedure_code = fields.String(data_key="procedure", required=True, validate=validate.Length(max=500))
    since = fields.Date(required=True, validate=_DAY)
    until = fields.Date(load_default=None, validate=_DAY)
    decision = fields.String(required=True, validate=validate.Length(max=100))
    may_sign = fields.Boolean(load_default=False)


def read_grant(form: Mapping[str, str]) -> dict[str, Any]:
    """By keyword, for the command. Refusal: DelegationMalformed."""
    try:
        given = {name: value.strip() for name, value in form.items() if value.strip()}
        loaded: dict[str, Any] = _GrantSchema().load(given)
    except ValidationError as error:
        raise DelegationMalformed from error
    return loaded
