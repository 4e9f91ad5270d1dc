"""Files chosen on an intake page: kept as soon as they arrive, so that an error in the form loses none.

What is kept is named in the page by a signed token; a forged one is refused.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from engine.base.errors import DomainError, Invalid
from engine.documents import files
from engine.documents.checks import Seen
from engine.documents.files import Received
from webapp.errors import sentence
from webapp.unit import house

_CHOSEN = "file:"
_KEPT = "kept:"


#: What lies in no dossier is kept so long, and may be named so long.
KEPT = timedelta(days=2)


class UploadForged(Invalid):
    """A file was named that was not uploaded here."""


class UploadExpired(Invalid):
    """A file was uploaded so long ago that it may be gone."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(house().settings.secret_key, salt="upload")


def uploads() -> Iterator[tuple[str, Received]]:
    """(component key, file) of everything kept earlier and everything chosen now.

    A file that is refused stops nothing: the good ones come first, then the first refusal is raised.
    """
    refused: list[DomainError] = []
    for name in request.form:
        if name.startswith(_KEPT):
            for token in request.form.getlist(name):
                yield name.removeprefix(_KEPT), _read(token)
    store, most, today = house().blobs, house().settings.upload_mb << 20, house().clock.today()
    for name in request.files:
        if name.startswith(_CHOSEN):
            for chosen in request.files.getlist(name):
                if not chosen.filename:
                    continue
                try:
                    received = files.receive(store, chosen.stream, name=chosen.filename, max_bytes=most, on=today)
                except DomainError as refusal:
                    refused.append(refusal)
                else:
                    yield name.removeprefix(_CHOSEN), received
    if refused:
        raise refused[0]


def token_of(received: Received) -> str:
    """What the page carries for a kept file."""
    until = (house().clock.now() + KEPT).timestamp()
    return str(_signer().dumps(asdict(received) | {"until": until}))


def token_to(token: str) -> tuple[Received, str]:
    """The file that a token of ours names, with the token."""
    return _read(token), token


def _read(token: str) -> Received:
    try:
        known = _signer().loads(token)
        seen, until = known.pop("seen"), known.pop("until")
        if until < house().clock.now().timestamp():
            raise UploadExpired
        return Received(**known, seen=Seen(seen["pages"], seen["dpi"], tuple(seen["blank_pages"])))
    except (BadSignature, TypeError, AttributeError, KeyError) as error:
        raise UploadForged from error


def received() -> tuple[list[tuple[str, Received]], str | None]:
    """The files kept and chosen so far, and the sentence about one that was refused."""
    kept: list[tuple[str, Received]] = []
    try:
        kept.extend(uploads())
    except DomainError as refusal:
        return kept, sentence(refusal)
    return kept, None
