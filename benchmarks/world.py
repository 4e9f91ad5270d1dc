"""A database of its own with 20,000 dossiers: a small demo, multiplied by one INSERT for each table."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy import Column, Connection, Table, Uuid, func, select, text
from sqlalchemy.engine import make_url

from connectors.storage.folder import FolderStore
from engine import migrations
from engine.base.clock import Clock
from engine.base.db import Base, connect, session_factory
from engine.dossiers.models import Dossier
from webapp.config import Settings, read
from webapp.demo import province
from webapp.postgres import database_url
from webapp.wiring import House

#: Rows that belong to one dossier. A ledger event has no foreign key to it, but its stream is a dossier's.
_OF_ONE = {"dossier.id", "runtime_state.id", "task.id", "ledger_event.stream_id"}
#: Unique words, and how copy number k says them.
_REWRITTEN = {
    "dossier.code": "code || '-' || k",
    "dossier.reference": "reference || '-' || k",
    "dossier.lodging_key": "NULL",
    "dossier.search_text": "search_text || ' ' || k",
    "dossier.owner_name": "owner_name || ' ' || k",
}


@contextmanager
def house(dossiers: int) -> Iterator[House]:
    """The product on a database that is made for this run and dropped behind it."""
    server = database_url({"DATABASE_URL": read().database_url})
    name = f"bench_{uuid.uuid4().hex[:12]}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin, TemporaryDirectory() as blobs:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            migrations.upgrade(url)
            engine = connect(url)
            made = House(Settings(testing=True, secret_key=name, password_salt=name), session_factory(engine), Clock(), FolderStore(Path(blobs)))
            province.make(made, factor=0.1)
            with engine.begin() as connection:
                _multiply(connection, dossiers)
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute("VACUUM ANALYZE")
            yield made
            engine.dispose()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _multiply(connection: Connection, wanted: int) -> None:
    there = connection.scalar(select(func.count()).select_from(Dossier)) or 1
    for table in Base.metadata.sorted_tables:
        keys = {column.name for column in table.columns if _is_copied(column)}
        if not keys:
            continue
        columns = [column for column in table.columns if column.computed is None]
        names = ", ".join(f'"{column.name}"' for column in columns)
        values = ", ".join(_value(table, column, keys) for column in columns)
        whose = "stream_id IN (SELECT id FROM dossier)" if table.name == "ledger_event" else ""
        where = f"WHERE {whose}" if whose else ""
        statement = (
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name},"  # noqa: S608  our own names
            f" generate_series(2, :copies) k {where}"
        )
        connection.execute(text(statement), {"copies": max(2, round(wanted / there))})


def _is_copied(column: Column[object]) -> bool:
    """Whether the column names a row that each copy has for itself."""
    if f"{column.table.name}.{column.name}" in _OF_ONE:
        return True
    return any(f"{key.column.table.name}.{key.column.name}" in _OF_ONE for key in column.foreign_keys)


def _value(table: Table, column: Column[object], keys: set[str]) -> str:
    own = column.primary_key and column.name == "id" and isinstance(column.type, Uuid)
    if column.name in keys or own:
        return f"md5({column.name}::text || k)::uuid"
    return _REWRITTEN.get(f"{table.name}.{column.name}", f'"{column.name}"')
