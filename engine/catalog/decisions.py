"""The decision models of a version: `decisions/<name>.dmn` of its bundle, or of a part pinned to it."""

import uuid
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import Missing
from engine.base.kept import Kept
from engine.catalog.models import ProcedureVersion
from engine.runtime.decisions import Decisions, with_imports

_known: Kept[tuple[uuid.UUID, str], Decisions] = Kept()


def in_version(session: Session, version_id: uuid.UUID, name: str) -> Decisions:
    """The model that decides `name`, as this version and its parts know it; read once in a process."""

    def read() -> Decisions:
        version = session.get_one(ProcedureVersion, version_id)
        ids = [uuid.UUID(part_id) for part_id in version.calls.values()]
        parts = session.scalars(select(ProcedureVersion.decisions).where(ProcedureVersion.id.in_(ids)))
        for documents in (version.decisions, *parts):
            if name in documents:
                return model_of(documents, name)
        raise Missing(f"no decision {name}", decision=name)

    return _known.get((version_id, name), read)


def model_of(documents: Mapping[str, str], name: str) -> Decisions:
    """The model of one file, with the files beside it that it imports. Raises `DiagramRefused`."""
    beside = [text.encode() for other, text in documents.items() if other != name]
    return _read(with_imports(documents[name].encode(), beside))


@lru_cache(maxsize=64)
def _read(documents: tuple[bytes, ...]) -> Decisions:
    return Decisions.of(*documents)
