"""Vietnamese first, English second: by the reader's choice, then by the browser."""

from functools import cached_property
from typing import Any

from babel.support import NullTranslations
from flask import Blueprint, Flask, Response, redirect, request
from flask_babel import Babel, Domain, get_locale

from webapp.auth import public

LANGUAGES = ("vi", "en")

bp = Blueprint("language", __name__)


class _Sentences(Domain):  # type: ignore[misc]
    """Flask-Babel's, which works out the reader's language anew for every sentence; a list has hundreds of them."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        if locale.language not in self.cache:
            self.cache[locale.language] = super().get_translations()
        return self.cache[locale.language]


class Words(Babel):  # type: ignore[misc]
    def init_app(self, app: Flask, *args: Any, **given: Any) -> None:
        super().init_app(app, *args, **given)
        # Jinja's own `_` looks `gettext` up and calls it through the context once more, for every sentence of a page.
        app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]

    @cached_property
    def domain_instance(self) -> Domain:
        return _Sentences(domain=self.domain)


def chosen() -> str:
    """The cookie decides; officers and citizens of this country read Vietnamese unless they said otherwise."""
    cookie = request.cookies.get("lang")
    return cookie if cookie in LANGUAGES else "vi"


@bp.post("/language")
@public
def choose() -> Response:
    """Remember the choice and go back to the page it was made on."""
    target = request.form.get("next", "/")
    answer = redirect(target if _is_ours(target) else "/", 303)
    language = request.form.get("lang")
    if language in LANGUAGES:
        answer.set_cookie("lang", language, max_age=31_536_000, samesite="Lax", httponly=True)
    return answer


def _is_ours(target: str) -> bool:
    """A path of this site. Browsers read a backslash as a slash and leave out tabs: `/<tab>/elsewhere` is not ours."""
    return target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
