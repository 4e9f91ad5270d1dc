"""A database of its own for one run: a province without dossiers, or a small demo, multiplied."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from connectors.storage.folder import FolderStore
from engine import migrations
from engine.base.clock import Clock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.catalog import national
from webapp.config import Settings, read
from webapp.demo import province
from webapp.demo.load import Size, fill, hire
from webapp.demo.stories import STORIES, Story
from webapp.postgres import database_url
from webapp.wiring import House, read_up, settle_in


@contextmanager
def empty() -> Iterator[tuple[str, House]]:
    """A database that is made for this run and dropped behind it, and the product on it; only the schema is there."""
    server = database_url({"DATABASE_URL": read().database_url})
    name = f"bench_{uuid.uuid4().hex[:12]}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin, TemporaryDirectory() as blobs:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            migrations.upgrade(url)
            engine = connect(url)
            settings = Settings(testing=True, secret_key=name, password_salt=name, blob_folder=Path(blobs))
            yield url, House(settings, session_factory(engine), Clock(), FolderStore(Path(blobs)))
            engine.dispose()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def house(size: Size, catalogue: Path | None = None, stories: Sequence[Story] = STORIES) -> Iterator[House]:
    """A small demo, multiplied."""
    with empty() as (_, made):
        province.make(made, factor=0.1, stories=stories)
        if catalogue:
            with made.unit() as uow:
                national.import_file(uow, catalogue)
        fill(made, size)
        read_up(made)
        settle_in()
        yield made


@contextmanager
def staffed(officers: int, catalogue: Path | None = None) -> Iterator[tuple[str, House]]:
    """A province with officers in every lane of every office, and no dossier yet."""
    with empty() as (url, made):
        province.lay_out(made)
        if catalogue:
            with made.unit() as uow:
                national.import_file(uow, catalogue)
        with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
            hire(connection, officers)
        yield url, made
