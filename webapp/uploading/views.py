"""Files go up in pieces while somebody still types; what a cut line left behind goes on where it stopped.

    POST  /uploads?name=&size=&for=   the first piece           201, or what stands below
    PATCH /uploads/<token>            the next, Upload-Offset   200 {"offset"} until whole, then 200 {"html"}
    GET   /uploads/<token>            how much has come         200 {"offset"}

A whole file is looked into like any other, and named in the page by the same signed token.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_security import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from engine.base.errors import DomainError, Invalid, Missing
from engine.documents import files
from engine.documents.files import Received
from webapp.auth import public
from webapp.limits import address, few
from webapp.unit import house
from webapp.uploads import token_of, token_to

bp = Blueprint("uploading", __name__, template_folder="templates", url_prefix="/uploads")

#: Begun, and pieces sent, from one address; officers, who are known, may send as much as they like.
_BEGUN, _SENT = "300 per hour", "6000 per hour"
#: What nobody went on with is forgotten after so long.
_KEPT = timedelta(days=1)
#: No file system lets a name be longer.
_NAMED = 255


class UploadMalformed(Invalid):
    """A file is announced with its name, its size and the paper that it is for."""


def _stranger() -> str:
    return "" if current_user.is_authenticated else address()


def _every(answer: Response) -> bool:
    """What is refused took as long to look at."""
    return True


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(house().settings.secret_key, salt="part")


@bp.post("")
@public
@few(_BEGUN, _every, of=_stranger)
def begin() -> tuple[Response, int]:
    """Announce a file and send its first piece."""
    name, component, size = request.args.get("name", ""), request.args.get("for", ""), request.args.get("size", 0, int)
    if not name or not component or size < 1 or max(len(name), len(component)) > _NAMED:
        raise UploadMalformed
    if size > (most := house().settings.upload_mb << 20):
        raise files.UploadTooLarge(name=name, megabytes=most >> 20)
    parts = house().parts
    parts.sweep((house().clock.now() - _KEPT).timestamp())
    until = (house().clock.now() + _KEPT).timestamp()
    known = {"part": parts.new(), "name": name, "size": size, "for": component, "until": until}
    return _grown(known, 0), 201


@bp.get("/<token>")
@public
def state(token: str) -> Response:
    """How much of it has come."""
    known, parts = _read(token), house().parts
    return jsonify(offset=known["size"] if parts.outcome(known["part"]) else parts.length(known["part"]))


@bp.patch("/<token>")
@public
@few(_SENT, _every, of=_stranger)
def go_on(token: str) -> Response:
    """The next piece; an empty one at the end tells once more what came of it."""
    return _grown(_read(token), request.headers.get("Upload-Offset", -1, int))


def _grown(known: dict[str, Any], at: int) -> Response:
    if done := house().parts.outcome(known["part"]):
        return _whole(known, token_to(done))
    there = house().parts.grow(known["part"], at, request.stream, size=known["size"])
    if there < known["size"]:
        return jsonify(offset=there, address=url_for("uploading.go_on", token=_signer().dumps(known)))
    most, today = house().settings.upload_mb << 20, house().clock.today()
    try:
        with house().parts.open(known["part"]) as whole:
            received = files.receive(house().blobs, whole, name=known["name"], max_bytes=most, on=today)
    except DomainError:
        house().parts.drop(known["part"])
        raise
    token = token_of(received)
    house().parts.finish(known["part"], token)
    return _whole(known, (received, token))


def _whole(known: dict[str, Any], told: tuple[Received, str]) -> Response:
    received, token = told
    line = render_template("uploading/line.html", component=known["for"], received=received, token=token)
    return jsonify(offset=known["size"], address=url_for("uploading.go_on", token=_signer().dumps(known)), html=line)


def _read(token: str) -> dict[str, Any]:
    try:
        known: dict[str, Any] = _signer().loads(token)
    except BadSignature as error:
        raise Missing from error
    if known.get("until", 0) < house().clock.now().timestamp():
        raise Missing
    return known
