"""The shape of what the search page is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from marshmallow import EXCLUDE, Schema, fields, validate

from webapp.asked import readable
from webapp.labels import LEVELS


@dataclass(frozen=True)
class Asked:
    """What the reader looks for."""

    words: str = ""
    level: str | None = None
    field: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.level or self.field)


class _Query(Schema):
    class Meta:
        unknown = EXCLUDE

    words = fields.String(data_key="q", validate=validate.Length(max=200))
    level = fields.String(validate=validate.OneOf(list(LEVELS)))
    field = fields.String(validate=validate.Length(max=200))


def asked(arguments: Mapping[str, str]) -> Asked:
    """What can be read of an address; what cannot is left out, so that an old link still opens."""
    given = dict(arguments)
    if "q" in given:
        given["q"] = given["q"].strip()[:200]
    return Asked(**readable(_Query(), given))
