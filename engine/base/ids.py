"""Identifiers and digests."""

import hashlib
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any

import orjson

_turn = threading.Lock()
#: The last instant that an id was made of, in 1/4096 ms since 1970.
_last = 0


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, section 5.7), so that new rows lie together in an index.

    Behind the milliseconds stand 12 bits of their fraction, some 244 ns each (section 6.2, method 3). Of two that one process
    makes the second is larger, also where the clock has stood still or stepped back: it then counts on from the last.
    """
    global _last  # noqa: PLW0603  one process, one row of ids
    with _turn:
        _last = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        millis, fraction = divmod(_last, 4096)
    return uuid.UUID(int=(millis << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | secrets.randbits(62))


def look_up_secret() -> str:
    """Eight signs that an applicant can read from a slip: no 0/O, 1/I/L.

    31**8 is some 8.5e11 codes; tracking needs the dossier code too and is rate-limited.
    """
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the bytes over which digests are taken."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def digest_of(value: Mapping[str, Any] | list[Any] | bytes) -> str:
    """SHA-256 in hex, of bytes as they are or of a value's canonical JSON."""
    data = value if isinstance(value, bytes) else canonical(value)
    return hashlib.sha256(data).hexdigest()
