"""How changed rows are written: through the driver, in one journey. The session's own flush costs as much as the SQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any, Literal, NamedTuple, TypeVar

import psycopg
from sqlalchemy import ClauseElement, Connection, Table, bindparam, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.types import TypeEngine

from engine.base.db import Base

Row = Mapping[str, Any]
K = TypeVar("K")
#: Which columns of which rows; of an update the keys of the rows are under `its_…`.
Write = tuple["Statement", list[Row]]
DIALECT = create_engine("postgresql+psycopg://").dialect


class Statement(NamedTuple):
    """What goes to the driver."""

    text: str
    #: For values that are not sent as they are.
    processors: Mapping[str, Callable[[Any], Any]]

    def parameters(self, row: Row) -> dict[str, Any]:
        process = self.processors
        return {
            name: value if value is None or name not in process else process[name](value)
            for name, value in row.items()
        }


def send(connection: Connection, writes: Iterable[Write]) -> None:
    """Send all before the first is answered. Errors: as SQLAlchemy's."""
    driver: Any = connection.connection.driver_connection
    with told(), driver.pipeline(), driver.cursor() as cursor:
        for statement, rows in writes:
            cursor.executemany(statement.text, [statement.parameters(row) for row in rows])


@contextmanager
def told() -> Iterator[None]:
    """What PostgreSQL refuses is told as SQLAlchemy tells it."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, dialect=DIALECT) from error


def processors(types: Mapping[K, TypeEngine[Any]], which: Literal["bind", "result"]) -> Mapping[K, Callable[[Any], Any]]:
    """For values that the driver does not send, or bring, as we have them."""
    found = {}
    for key, its in types.items():
        impl = its.dialect_impl(DIALECT)
        found[key] = impl.bind_processor(DIALECT) if which == "bind" else impl.result_processor(DIALECT, None)
    return {key: process for key, process in found.items() if process}


def unwritten(session: Session) -> Iterator[Write]:
    """What the session's new and changed rows need, tables in the order of their foreign keys.

    The rows get what they begin with; the session does not learn here that they are written.
    """
    new: dict[Table, list[Row]] = defaultdict(list)
    changed: dict[tuple[Table, tuple[str, ...]], list[Row]] = defaultdict(list)
    added: list[Any] = [instance_state(one) for one in session.new]
    state: Any
    for state in sorted(added, key=lambda state: state.insert_order):
        for name, default in _columns(state.mapper).items():
            if name not in state.dict:
                state.dict[name] = default(None) if callable(default) else default
        row = {name: state.dict[name] for name in _columns(state.mapper) if state.dict[name] is not None}
        new[state.mapper.local_table].append(row)
    for state in map(instance_state, session.dirty):
        before, known = state.committed_state, state.dict
        if row := {name: known[name] for name in before if known[name] != before[name]}:
            keys = zip(_keys(state.mapper), state.identity, strict=True)
            changed[state.mapper.local_table, tuple(row)].append(row | dict(keys))
    for table in sorted(new, key=_place):
        # one after the other: an office may stand under the one before it
        for names, rows in groupby(new[table], key=tuple):
            yield insert(table, names), [*rows]
    for table, names in sorted(changed, key=lambda one: _place(one[0])):
        yield _update(table, names), changed[table, names]


def _place(table: Table) -> int:
    return _places()[table.name]


@cache
def _places() -> dict[str, int]:
    return {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}


@cache
def _columns(mapper: Mapper[Any]) -> dict[str, Any]:
    """Each column with what it begins with: a value, a function of a context that it does not read, or None.

    What PostgreSQL computes is neither written nor read back: it is there to be searched.
    """
    columns = [column for column in mapper.local_table.columns if column.computed is None]
    return {column.name: column.default.arg if column.default else None for column in columns}


@cache
def _keys(mapper: Mapper[Any]) -> tuple[str, ...]:
    return tuple(f"its_{column.name}" for column in mapper.primary_key)


@cache
def insert(table: Table, names: tuple[str, ...]) -> Statement:
    return _compiled(table, table.insert(), names)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Statement:
    its = (column == bindparam(f"its_{column.name}") for column in table.primary_key)
    return _compiled(table, table.update().where(*its), names)


def _compiled(table: Table, statement: ClauseElement, names: tuple[str, ...]) -> Statement:
    text = str(statement.compile(dialect=DIALECT, column_keys=list(names)))
    return Statement(text, processors({name: table.c[name].type for name in names}, "bind"))
