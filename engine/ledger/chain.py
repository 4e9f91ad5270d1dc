"""How one event is bound to the one before."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from engine.base.ids import digest_of
from engine.ledger.models import LedgerEvent

#: The columns over which the digest is taken.
_BOUND = ("stream_id", "seq", "type", "version", "at", "actor_id", "payload", "prev")


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over everything in the row, by column, but the digest itself."""
    return digest_of(
        {one: row[one] for one in _BOUND}
        | {
            "stream_id": str(row["stream_id"]),
            "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": str(row["actor_id"]),
        }
    )


def first_break(rows: Iterable[LedgerEvent]) -> int | None:
    """The sequence number of the first event that does not follow, or None."""
    prev = ""
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq or row.prev != prev or row.digest != digest({one: getattr(row, one) for one in _BOUND}):
            return seq
        prev = row.digest
    return None
