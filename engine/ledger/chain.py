"""How one event is bound to the one before."""

from collections.abc import Iterable
from datetime import UTC

from engine.base.ids import digest_of
from engine.ledger.models import LedgerEvent


def digest(row: LedgerEvent) -> str:
    """SHA-256 over everything in the row but the digest itself."""
    return digest_of(
        {
            "stream_id": str(row.stream_id),
            "seq": row.seq,
            "type": row.type,
            "version": row.version,
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": str(row.actor_id),
            "payload": row.payload,
            "prev": row.prev,
        }
    )


def first_break(rows: Iterable[LedgerEvent]) -> int | None:
    """The sequence number of the first event that does not follow, or None."""
    prev = ""
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq or row.prev != prev or row.digest != digest(row):
            return seq
        prev = row.digest
    return None
