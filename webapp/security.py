"""Headers that every answer carries: nothing is loaded from elsewhere, nothing runs inline."""

from flask import Flask, Response, request

#: bpmn-js sets styles on the elements it draws; only pages with a diagram get `style-src` for that.
_POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
_WITH_DIAGRAM = _POLICY + "; style-src 'self' 'unsafe-inline'"


def init_app(app: Flask) -> None:
    @app.after_request
    def headers(answer: Response) -> Response:
        drawn = request.endpoint in ("dossiers.show", "catalogue.show")
        answer.headers.setdefault("Content-Security-Policy", _WITH_DIAGRAM if drawn else _POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer
