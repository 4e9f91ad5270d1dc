"""The demo is made once, and whole: a mark in the database says that it is still being made.

Asked at every start, so nothing of the engine is loaded here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

_MARK = "Một Cửa: the demo is being made"


def is_empty(url: str) -> bool:
    """Whether there are no offices yet: nobody can have used it."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT FROM office LIMIT 1").fetchone() is None


class BeingMade(Exception):
    """Another process is at it."""


@contextmanager
def being_made(url: str) -> Iterator[None]:
    """Mark an empty database until the demo in it is whole."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [_MARK])
        connection.execute(f"COMMENT ON SCHEMA public IS '{_MARK}'")
        yield
        connection.execute("COMMENT ON SCHEMA public IS NULL")


def clear_half(url: str) -> bool:
    """Empty a database in which making the demo was interrupted; whether it was."""
    with psycopg.connect(url) as connection:
        mark = connection.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
        if mark != (_MARK,):
            return False
        # Whoever still makes it holds the lock; one that was killed does not.
        if connection.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_MARK]).fetchone() != (True,):
            raise BeingMade
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return True
