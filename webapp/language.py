"""Vietnamese first, English second: by the reader's choice, then by the browser."""

from flask import Blueprint, Response, redirect, request

from webapp.auth import public

LANGUAGES = ("vi", "en")

bp = Blueprint("language", __name__)


def chosen() -> str:
    """The cookie decides; officers and citizens of this country read Vietnamese unless they said otherwise."""
    cookie = request.cookies.get("lang")
    return cookie if cookie in LANGUAGES else "vi"


@bp.post("/language")
@public
def choose() -> Response:
    """Remember the choice and go back to the page it was made on."""
    target = request.form.get("next", "/")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = "/"
    answer = redirect(target, 303)
    language = request.form.get("lang")
    if language in LANGUAGES:
        answer.set_cookie("lang", language, max_age=31_536_000, samesite="Lax", httponly=True)
    return answer
