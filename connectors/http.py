"""The one HTTP client: time limits, a key that makes a repeated call one act, no personal data in logs."""

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import structlog

log = structlog.get_logger()

#: Seconds to connect and to read; the queue tries again later, so nobody waits long here.
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)


@cache
def _certificates() -> ssl.SSLContext:
    """Those that the machine trusts, an administration's own among them."""
    return ssl.create_default_context()


class OutsideSilent(Exception):
    """The other side did not answer, or answered that it cannot now: the job is tried again later."""


class OutsideRefused(Exception):
    """The other side answered that the question itself is wrong: trying again would not help."""


def post(base_url: str, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Ask once. 5xx, 429, time-outs and broken answers are OutsideSilent; other 4xx OutsideRefused."""
    try:
        answer = httpx.post(
            f"{base_url}{path}",
            json=body,
            headers={"Idempotency-Key": key},
            timeout=_TIMEOUT,
            # No proxy and no password from the environment: personal data goes where the settings say, or nowhere.
            trust_env=False,
            verify=_certificates(),
        )
    except httpx.HTTPError as error:
        log.warning("outside silent", path=path, why=type(error).__name__)
        raise OutsideSilent(path) from error
    log.info("outside answered", path=path, status=answer.status_code)
    if answer.status_code >= 500 or answer.status_code == 429:
        raise OutsideSilent(f"{path}: {answer.status_code}")
    if answer.status_code >= 400:
        raise OutsideRefused(f"{path}: {answer.status_code}")
    try:
        value = answer.json()
    except ValueError as error:
        raise OutsideSilent(f"{path}: not JSON") from error
    if not isinstance(value, dict):
        raise OutsideSilent(f"{path}: not an object")
    return value
