"""What it cost: CPU of processes as Linux counts it, and the size of the database."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg

_TICK = os.sysconf("SC_CLK_TCK")
_SIZES: LiteralString = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public'
"""
_BACKENDS: LiteralString = "SELECT application_name, pid FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server as it stands: CPU seconds by application, of all of it, bytes by table."""

    #: Empty where the server is on another machine.
    backends: Mapping[str, float] = field(default_factory=dict)
    whole: float = 0.0
    tables: Mapping[str, int] = field(default_factory=dict)


def look(connection: psycopg.Connection[Any]) -> Server:
    """Read it all. The server's own processes, and those that have ended, are in `whole`."""
    rows = connection.execute(_BACKENDS).fetchall()
    backends: dict[str, float] = {}
    for name, pid in rows:
        backends[name] = backends.get(name, 0.0) + sum(_spent(pid)[:2])
    father = _father(connection.info.backend_pid)
    whole = sum(_spent(father)) + sum(sum(_spent(pid)[:2]) for pid in _children(father)) if father else 0.0
    return Server(backends, whole, dict(connection.execute(_SIZES).fetchall()))


def _stat(pid: int) -> list[str]:
    try:
        # the second field is the name, in brackets, and may hold spaces
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _spent(pid: int) -> list[float]:
    """User, system; the same of children that have ended."""
    return [int(one) / _TICK for one in _stat(pid)[11:15]] or [0.0]


def _father(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields and Path(f"/proc/{pid}/comm").read_text().startswith("postgres") else 0


def _children(father: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(path.name))
        if fields and int(fields[1]) == father:
            yield int(path.name)
