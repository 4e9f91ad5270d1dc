"""The payment gateway tells that somebody paid.

    POST /hooks/payment   JSON or a form, signed   200 {"error": "0"}: heard, do not tell it again

Whatever cannot be right at a second try is answered 4xx with its reason, and stays in the log of the gateway's operator.
"""

from flask import Blueprint, Response, jsonify, request

from engine.base.errors import Missing
from engine.dossiers import paying
from webapp.auth import public
from webapp.limits import few
from webapp.unit import house

bp = Blueprint("hooks", __name__, url_prefix="/hooks")

#: Words that nobody signed, from one address.
_UNSIGNED = "60 per hour"


def _refused(answer: Response) -> bool:
    return 400 <= answer.status_code < 500


@bp.post("/payment")
@public
@few(_UNSIGNED, _refused)
def payment() -> Response:
    """Count what came, once, however often it is told."""
    gateway = house().gateway
    if gateway is None:
        raise Missing
    said = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    word = gateway.notification(said if isinstance(said, dict) else {})
    if word is not None:
        with house().unit() as uow:
            paying.notified(uow, gateway.name, word)
    return jsonify(error="0")
