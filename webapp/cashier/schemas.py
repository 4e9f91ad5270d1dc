"""The shape of what the pages of the till send."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from engine.base.errors import Invalid
from engine.base.text import nfc
from engine.dossiers.receipts import WAYS
from engine.payments.days import MoneyMalformed

#: `150000`, `150.000`, `150.000 đ`: whole dong, as people write it.
_MONEY = re.compile(r"(\d{1,15}|\d{1,3}(?:[. ]\d{3}){1,4})\s*đ?")


class TillMalformed(Invalid):
    """The page sent something that it does not offer."""


@dataclass(frozen=True)
class Taking:
    """How somebody pays, and who, where it is not the one who lodged."""

    way: str
    seen: int
    payer: str


class _TakingSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    seen = fields.Integer(load_default=0)
    payer = fields.String(load_default="", validate=validate.Length(max=200))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Taking:
        return Taking(**data)


def read_taking(form: Mapping[str, str]) -> Taking:
    """What was chosen. Refusal: TillMalformed."""
    try:
        loaded: Taking = _TakingSchema().load({name: nfc(value.strip()) for name, value in form.items()})
    except ValidationError as error:
        raise TillMalformed from error
    return loaded


def money(text: str) -> int:
    """`150.000` -> 150000. Refusal: MoneyMalformed."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise MoneyMalformed
    return int(re.sub(r"\D", "", found[1]))


def said(form: Mapping[str, str], name: str, longest: int = 500) -> str:
    """A line of text; what is too long for it was not typed here."""
    text = nfc(form.get(name, "").strip())
    if len(text) > longest:
        raise TillMalformed
    return text


def office(form: Mapping[str, str]) -> uuid.UUID:
    try:
        return uuid.UUID(form.get("office", ""))
    except ValueError as error:
        raise TillMalformed from error
