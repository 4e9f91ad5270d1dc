"""The declarative base, our column types, and how the engine connects."""

import select
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase

#: The role that the application takes on every connection. It may not UPDATE or DELETE the ledger.
APP_ROLE = "motcua_app"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. A naive one is a bug and is refused before it reaches the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive instant: {value!r}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix__%(column_0_label)s",
            "uq": "uq__%(table_name)s__%(column_0_name)s",
            "ck": "ck__%(table_name)s__%(constraint_name)s",
            "fk": "fk__%(table_name)s__%(column_0_name)s__%(referred_table_name)s",
            "pk": "pk__%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSONB, list[Any]: JSONB}


#: Nobody waits for ever: for somebody else's lock, for one statement, for a transaction whose owner hangs.
_PATIENCE = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


def connect(url: str, **options: Any) -> Engine:
    """An engine on PostgreSQL through psycopg that acts under the application's role."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    options.setdefault("connect_args", {"options": f"-c role={APP_ROLE} -c timezone=UTC {_PATIENCE}"})
    # An error's text goes to the log: the statement may, a person's name may not.
    engine = create_engine(url, hide_parameters=True, json_deserializer=orjson.loads, **options)
    event.listen(engine, "checkout", _still_there)
    return engine


def _still_there(driver: "psycopg.Connection[Any]", *_: object) -> None:
    """Before each use of a connection that lay in the pool: nobody closed it at the other end.

    Without a journey there, as `pool_pre_ping` makes one each time: to a connection that rests PostgreSQL speaks only
    to say that it goes, or not at all.
    """
    socket = select.poll()
    if not driver.closed:
        socket.register(driver.fileno(), select.POLLIN)
    if driver.closed or socket.poll(0):
        raise InvalidatePoolError("PostgreSQL has closed the connection")


#: `LIMIT` of a standing query. As a parameter PostgreSQL cannot know that it is small, and plans anew every time.
ONE = literal_column("1", Integer)
