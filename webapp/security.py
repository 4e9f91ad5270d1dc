"""What every answer carries: nothing is loaded from elsewhere, nothing runs inline, text travels compressed."""

import gzip

from flask import Flask, Response, abort, request

#: bpmn-js sets styles on the elements it draws; only pages with a diagram get `style-src` for that.
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_WITH_DIAGRAM = _POLICY + "; style-src 'self' 'unsafe-inline'"

#: What gains from compression, and from which size on.
_TEXT = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")
_WORTH = 1_000


def init_app(app: Flask) -> None:
    @app.before_request
    def no_nul() -> None:
        """The database holds no NUL: an address with one names nothing, and no keyboard types one into a form."""
        if "\x00" in request.path:
            abort(404)
        if any("\x00" in text for name, said in request.values.lists() for text in (name, *said)):
            abort(400)

    @app.after_request
    def headers(answer: Response) -> Response:
        drawn = request.endpoint in ("dossiers.show", "catalogue.show")
        answer.headers.setdefault("Content-Security-Policy", _WITH_DIAGRAM if drawn else _POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return _compressed(answer)


def _compressed(answer: Response) -> Response:
    """Smaller for slow lines; built files are asked for once a year, so each time is early enough to press them."""
    if answer.status_code in (204, 206, 304) or not (answer.mimetype or "").startswith(_TEXT):
        return answer
    answer.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings:
        return answer
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) >= _WORTH:
        answer.set_data(gzip.compress(body, 6))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
