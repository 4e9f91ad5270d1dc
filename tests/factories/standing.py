"""Statements of the tests stay prepared, on a connection that a test process keeps for all of its tests."""

from typing import Any

import psycopg
from psycopg._preparing import PrepareManager
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event


class Standing(PrepareManager):
    """As psycopg's own, which forgets everything at a ROLLBACK: what was taken back may have been a table.

    In tests each session that only looked ends with a ROLLBACK TO SAVEPOINT, and no test makes tables on a connection
    that others use. Only after an error it forgets: then it does not know what PostgreSQL has really prepared.
    """

    prepare_threshold = 2
    prepared_max = 2000
    sound = False

    def clear(self) -> bool:
        return not self.sound and super().clear()


def keep_prepared(engine: Engine) -> Engine:
    """Let the connections of an engine prepare what is asked the third time, and keep it from test to test."""
    event.listen(engine, "connect", _begin)
    event.listen(engine, "rollback", _before_rollback)
    event.listen(engine, "rollback_savepoint", _before_rollback)
    return engine


def _begin(driver: psycopg.Connection[Any], *_: object) -> None:
    driver._prepared = Standing()


def _before_rollback(connection: Connection, *_: object) -> None:
    driver: Any = connection.connection.driver_connection
    driver._prepared.sound = driver.info.transaction_status == TransactionStatus.INTRANS
