"""Work for the outside: a procrastinate job, deferred in the same transaction, in order per dossier.

What is sent here leaves with the commit and not before; a rollback takes it back. The worker that runs
it lives in `engine.jobs`, what it talks to in `connectors`.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text

from engine.base.uow import UnitOfWork

#: The one task that carries work out; `connectors.relay` is behind it.
RELAY = "relay"

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(ROW('default', :task, 0, :lock, NULL, "
    "CAST(:args AS jsonb), NULL) AS procrastinate_job_to_defer_v1)])"
)


def send(uow: UnitOfWork, topic: str, payload: Mapping[str, Any], *, dossier_id: uuid.UUID) -> None:
    """Leave a job for the outside. Jobs of one dossier share a lock: they run one after the other."""
    args = {"topic": topic, "payload": dict(payload)}
    uow.session.execute(
        _DEFER, {"task": RELAY, "lock": str(dossier_id), "args": orjson.dumps(args).decode()}
    )
