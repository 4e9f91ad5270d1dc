"""Kind of refusal -> HTTP status, and the page that says it. The only place with numbers."""

from datetime import date
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from engine.base.errors import DomainError, EngineRefused
from webapp.filters import vndate, vndatetime
from webapp.labels import AMENDED_TOO_FAR, FEE_CLASSES, REFUSALS, SCOPES, TOLD, label

STATUS = {"missing": 404, "forbidden": 403, "stale": 409, "refused": 409, "invalid": 422}


def init_app(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return answer(sentence(error), STATUS[error.kind], code=error.code)

    @app.errorhandler(CSRFError)
    def no_token(error: CSRFError) -> Response:
        text = _("Phiên làm việc đã hết hạn. Hãy tải lại trang; những gì đã tự lưu vẫn còn.")
        return answer(text, 400, code="csrf")

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def no_database(error: OperationalError | PoolTimeout) -> Response:
        app.logger.error("database: %s", error)
        # Every page is told who is logged in, which the database would be asked for.
        g._login_user = app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001  its own name for it
        text = _("Máy chủ đang bận hoặc vừa khởi động lại. Hãy thử lại sau ít giây.")
        busy = answer(text, 503, code="database_away")
        busy.headers["Retry-After"] = "5"
        return busy

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()
        words = {
            400: _("Nội dung gửi lên có ký tự không đọc được."),
            404: _("Không có trang này."),
            405: _("Không làm được như vậy."),
            413: _("Tệp gửi lên quá lớn."),
        }
        return answer(words.get(error.code or 500, str(error.description)), error.code or 500, code="http")


#: Facts that are codes.
_WORDS = {"did": TOLD, "exempt": FEE_CLASSES, "touches": AMENDED_TOO_FAR}


def sentence(error: DomainError) -> str:
    """The refusal in the reader's language, with its facts; instants as people write them."""
    facts = {
        name: vndatetime(value)
        if hasattr(value, "astimezone")
        else vndate(value)
        if isinstance(value, date)
        else ", ".join(map(str, value))
        if isinstance(value, list | tuple)
        else label(_WORDS[name], value)
        if name in _WORDS
        else label(SCOPES, value).lower()
        if name == "deed"
        else value
        for name, value in error.facts.items()
    }
    said = label(REFUSALS, error.code, **facts) if error.code in REFUSALS else str(error)
    return f"{said} {_rolled_back(error)}" if isinstance(error, EngineRefused) else said


def _rolled_back(error: EngineRefused) -> str:
    """What has become of the act, and who knows."""
    if error.told:
        return _("Chưa có gì được ghi, hồ sơ đứng nguyên ở bước này. Hệ thống đã báo quản trị viên; khi khắc phục xong, hãy làm lại.")
    return _("Chưa có gì được ghi. Hãy báo quản trị viên.")


def wants_json() -> bool:
    """Whether a program asks."""
    return request.accept_mimetypes.best == "application/json" or request.is_json


def answer(text: str, status: int, *, code: str) -> Response:
    """JSON for programs, a sentence for a part of a page, a page for people."""
    if wants_json():
        return make_response(jsonify(code=code, detail=text), status)
    template = "_refusal.html" if request.headers.get("HX-Request") else "refusal.html"
    return make_response(render_template(template, text=text, status=status), status)
