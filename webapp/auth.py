"""Who is logged in, and what a route needs. Passwords are argon2id, through Flask-Security."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, Response, request
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    current_user,
    hash_password,
)
from sqlalchemy.orm import Session, scoped_session

from engine.base.clock import Clock
from engine.base.text import nfc
from engine.org.models import Account
from engine.org.permissions import RULES
from webapp.config import Settings
from webapp.unit import current_actor
from webapp.wiring import House


class Login(UserMixin, Account):
    """An account as Flask-Security sees it; rights come from postings, so it has no roles."""

    roles: list[Any] = []


class _NoRole(RoleMixin):
    """Flask-Security asks for a class of roles; ours are lanes, and lie in `engine.org`."""


def _security(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECURITY_PASSWORD_SALT": settings.password_salt,
        "SECURITY_PASSWORD_HASH": "plaintext" if settings.testing else "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["plaintext" if settings.testing else "argon2"],
        "SECURITY_USERNAME_ENABLE": True,
        # Letters, numbers, and the dot of `tiepnhan.hacthanh` (Unicode categories).
        "SECURITY_USERNAME_ALLOWED_CHARS": ["L", "N", "Po"],
        "SECURITY_DATETIME_FACTORY": Clock().now,
        "SECURITY_USERNAME_MIN_LENGTH": 3,
        "SECURITY_USERNAME_MAX_LENGTH": 60,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": lambda typed: typed.strip().lower(), "case_insensitive": True}}
        ],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_TRACKABLE": True,
        "SECURITY_LOGIN_URL": "/login",
        "SECURITY_LOGOUT_URL": "/logout",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_LOGIN_USER_TEMPLATE": "login.html",
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        # Which of name and password was wrong is nobody's business, in JSON neither.
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        # No page that asks for the password again, and no files of another's pages.
        "SECURITY_FRESHNESS": timedelta(minutes=-1),
        "SECURITY_STATIC_FOLDER": None,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_ENABLED": not settings.testing,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
    }


def init_app(app: Flask, house: House) -> None:
    """Sessions, login and logout; everything else of Flask-Security stays off."""
    app.config |= _security(house.settings)
    sessions: scoped_session[Session] = scoped_session(house.readers)
    app.teardown_appcontext(lambda _: sessions.remove())
    datastore = SQLAlchemySessionUserDatastore(sessions, Login, _NoRole)
    Security(app, datastore)


def hash_for(settings: Settings, password: str) -> str:
    """A password as it is stored; composed first, so that every keyboard types the same."""
    app = Flask(__name__)
    app.config |= _security(settings)
    Security(app, SQLAlchemySessionUserDatastore(None, Login, _NoRole), register_blueprint=False)
    with app.app_context():
        return str(hash_password(nfc(password)))


def needs(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A route for officers. `action` is a row of the permission table, or `work`: anybody who is logged in.

    What an action does to one dossier is decided by the command, where the dossier is; here only
    those are sent away who could do it nowhere.
    """
    if action != "work" and action not in RULES:
        raise LookupError(action)

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_login()
            if action != "work":
                _could(action)
            return view(*args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route that needs no login; the house rules list them."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def _to_login() -> Response:
    from flask_security.decorators import default_unauthn_handler

    return default_unauthn_handler(mechanisms=["session"], headers={})


def _could(action: str) -> None:
    """Refuse whoever stands in none of the lanes that may."""
    from engine.base.errors import Forbidden
    from engine.org.permissions import who_may

    lanes = set().union(*(rule.lanes for rule in RULES[action]))
    actor = current_actor()
    if "*" in lanes or "lane" in lanes or any(actor.stands_in(lane) for lane in lanes):
        return
    raise Forbidden(action=action, lanes=who_may(action), path=request.path)
