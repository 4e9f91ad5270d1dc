"""The shape of what the dossier page sends."""

from flask import request

from engine.base.errors import Invalid

#: Enough for a reason or an opinion; the database has no limit of its own.
LONGEST = 4_000


class SentenceMissing(Invalid):
    """This act needs a sentence: why, or what."""


class SentenceTooLong(Invalid):
    """A sentence of at most 4,000 characters."""


def sentence(*, needed: bool) -> str:
    """What was typed along with an act."""
    text = request.form.get("text", "").replace("\x00", "").strip()
    if needed and not text:
        raise SentenceMissing
    if len(text) > LONGEST:
        raise SentenceTooLong
    return text
