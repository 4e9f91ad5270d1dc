"""How often somebody may try: passwords, secrets, and what anybody may send without a login.

    @bp.post("/<code>")
    @public
    @few("100 per hour", sending, page=_too_often)

What is counted lies in the memory of each web process. With N processes up to N times as many tries pass, and a
restart forgets them: enough against guessing, and no database is written to by strangers. An address is that of the
connection; behind reverse proxies it is what they say, once MOTCUA_PROXIES says how many there are (else
`X-Forwarded-For` is anybody's word). An office, or a whole ward, may share one address: limits by address are wide.
"""

import math
from collections.abc import Callable
from typing import Any

from flask import Response, make_response, request
from flask_babel import ngettext
from flask_limiter import Limiter, RequestLimit

from webapp.errors import answer, wants_json
from webapp.unit import house


def address() -> str:
    """Who is asking, as far as the network knows."""
    return request.remote_addr or ""


limiter = Limiter(address, storage_uri="memory://", strategy="moving-window")


def failed(response: Response) -> bool:
    """Count what was refused; whoever knows the secret may come as often as they like."""
    return response.status_code >= 400


def few(
    limit: str,
    counts: Callable[[Response], bool],
    *,
    of: Callable[[], str] = address,
    page: Callable[[str], str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """At most so many answers that `counts` counts, for each value of `of`; then 429 until some have grown old.

    Where `of` is empty there is nothing to count: a login page that is only looked at.

    `page` draws the page that was used, with the sentence on it and everything that was typed.
    """

    def breached(reached: RequestLimit) -> Response:
        seconds = max(1, math.ceil(reached.window.reset_time - house().clock.now().timestamp()))
        minutes = math.ceil(seconds / 60)
        text = ngettext(
            "Bạn đã thử quá nhiều lần. Hãy thử lại sau %(num)s phút.",
            "Bạn đã thử quá nhiều lần. Hãy thử lại sau %(num)s phút.",
            minutes,
        )
        refused = make_response(page(text), 429) if page and not wants_json() else answer(text, 429, code="too_many_tries")
        refused.headers["Retry-After"] = str(seconds)
        return refused

    return limiter.limit(limit, key_func=of, exempt_when=lambda: not of(), deduct_when=counts, on_breach=breached)
