"""Tries at a password: few for one name, more for one address, and nobody can lock out a colleague.

A browser in which somebody logged in before keeps a signed list of such names. Its tries at one of them are counted
apart from those of the rest of the world, so that whoever types wrong passwords for a name elsewhere does not keep
its owner from their desk.
"""

from typing import Any, cast

from flask import Flask, Response, make_response, render_template, request, session
from flask_security import current_user
from flask_security.views import login as _login
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.limits import few
from webapp.unit import house

#: Wrong passwords for one name: a guesser gets through some 1,400 a day.
OF_A_NAME = "10 per 10 minutes"
#: Wrong passwords from one address, behind which 200 people may sit down on a Monday morning.
OF_AN_ADDRESS = "300 per 10 minutes"
_COOKIE = "known"
#: Officers who share one computer of a counter.
_SHARING = 10
_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """In place of the bare login of Flask-Security."""
    app.view_functions["security.login"] = login


def _wrong(_answer: Response) -> bool:
    return request.method == "POST" and not current_user.is_authenticated


def _typed() -> str:
    """As the login itself reads a name."""
    return request.form.get("username", "").strip().lower()[:60]


def _whose() -> str:
    name = _typed()
    return f"known {name}" if name in _known() else name


def _again(text: str) -> str:
    return render_template("login.html", refusal=text)


@few(OF_AN_ADDRESS, _wrong, page=_again)
@few(OF_A_NAME, _wrong, of=_whose, page=_again)
def login() -> Response:
    """Flask-Security's; a name that got in is remembered."""
    answer = make_response(cast(Any, _login()))
    name = _typed()
    if name and current_user.is_authenticated:
        session.permanent = True  # so that it ends some hours after the last click, also where nobody closes browsers
        names = [name, *(one for one in _known() if one != name)][:_SHARING]
        answer.set_cookie(
            _COOKIE,
            str(_signer().dumps(names)),
            max_age=_YEAR,
            path="/login",
            httponly=True,
            samesite="Lax",
            secure=house().settings.production,
        )
    return answer


def _known() -> list[str]:
    try:
        return list(_signer().loads(request.cookies.get(_COOKIE, "")))
    except BadSignature:
        return []


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(house().settings.secret_key, salt="known")
