"""Work for the outside: a procrastinate job, deferred in the same transaction, in order per dossier.

What is sent here leaves with the commit and not before; a rollback takes it back. The worker that runs
it lives in `engine.jobs`, what it talks to in `connectors`.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson

from engine.base.rows import Statement
from engine.base.uow import UnitOfWork

#: The one task that carries work out; `connectors.relay` is behind it.
RELAY = "relay"

#: The task that makes a scan searchable; `connectors.ocr` is behind it.
READ_SCAN = "read_scan"

#: Where jobs lie: scans have hands of their own, so that nothing else waits while a core reads.
DEFAULT, SCANS = "default", "scans"

_DEFER = Statement(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(ROW(%(queue)s, %(task)s, 0, %(lock)s, NULL, "
    "CAST(%(args)s AS jsonb), NULL) AS procrastinate_job_to_defer_v1)])",
    {},
)


def send(uow: UnitOfWork, topic: str, payload: Mapping[str, Any], *, dossier_id: uuid.UUID) -> None:
    """Leave a job for the outside. Jobs of one dossier share a lock: they run one after the other."""
    _defer(uow, DEFAULT, RELAY, str(dossier_id), {"topic": topic, "payload": dict(payload)})


def read_scan(uow: UnitOfWork, file_id: uuid.UUID, sha256: str) -> None:
    """Leave a scan to be read when there is time; the same bytes are never read twice at once, others do not wait."""
    _defer(uow, SCANS, READ_SCAN, f"{READ_SCAN} {sha256}", {"file_id": str(file_id)})


def _defer(uow: UnitOfWork, queue: str, task: str, lock: str, args: Mapping[str, Any]) -> None:
    uow.say(_DEFER, {"queue": queue, "task": task, "lock": lock, "args": orjson.dumps(args).decode()})
