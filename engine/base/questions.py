"""Questions that stand: asked all day long, told to the driver as they are, and several in one journey.

The session's own way to an answer takes longer than PostgreSQL's. Objects that come back belong to the session none the
less, as if it had loaded them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cache, cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, bindparam, inspect, select
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.sql import visitors

from engine.base.rows import DIALECT, Statement, processors, told


class _Object(NamedTuple):
    """What of a row one object is made of."""

    mapper: Mapper[Any]
    names: tuple[str, ...]
    first: int

    def of(self, session: Session, values: Sequence[Any]) -> Any:
        """None: of an outer join."""
        known = dict(zip(self.names, values[self.first :], strict=False))
        identity = tuple(known[str(column.key)] for column in self.mapper.primary_key)
        if None in identity:
            return None
        key = self.mapper.identity_key_from_primary_key(identity)
        there = session.identity_map.get(key)
        if there is None:
            there = self.mapper.class_manager.new_instance()
            state = instance_state(there)
            # As SQLAlchemy's own loader does it. `Session.add` would look for whatever else belongs to the object.
            state.dict.update(known)
            state.key, state.session_id = key, session.hash_key
            session.identity_map.add(state)
        elif not instance_state(there).modified:  # what is changed here and not yet written stands
            for name, value in known.items():
                set_committed_value(there, name, value)
        return there


class Question:
    """A SELECT of objects and columns that never changes but for its parameters."""

    def __init__(self, query: Select[*tuple[Any, ...]]):
        self._query = query

    @cached_property
    def statement(self) -> Statement:
        compiled = self._query.compile(dialect=DIALECT)
        return Statement(str(compiled), processors({name: bind.type for name, bind in compiled.binds.items()}, "bind"))

    @cached_property
    def tables(self) -> frozenset[Table]:
        """All that it reads, however deep."""
        return frozenset(one for one in visitors.iterate(self._query) if isinstance(one, Table))

    def parameters(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was given, and what stands in the query itself."""
        return self.statement.parameters({**self._constants, **given})

    @cached_property
    def _constants(self) -> Mapping[str, Any]:
        binds = self._query.compile(dialect=DIALECT).binds
        return {name: bind.value for name, bind in binds.items() if not bind.required}

    def answer(self, session: Session, row: Sequence[Any]) -> tuple[Any, ...]:
        """The row, with objects of the session for its columns."""
        values = [*row]
        for place, process in self._processors.items():
            if values[place] is not None:
                values[place] = process(values[place])
        return tuple(values[part] if isinstance(part, int) else part.of(session, values) for part in self._parts)

    @cached_property
    def _processors(self) -> Mapping[int, Callable[[Any], Any]]:
        columns = (column for _, its in self._divided() for column in its)
        return processors({place: column.type for place, column in enumerate(columns)}, "result")

    @cached_property
    def _parts(self) -> list[_Object | int]:
        parts: list[_Object | int] = []
        place = 0
        for mapper, columns in self._divided():
            parts.append(_Object(mapper, tuple(str(one.key) for one in columns), place) if mapper else place)
            place += len(columns)
        return parts

    def _divided(self) -> Iterator[tuple[Mapper[Any] | None, Sequence[ColumnElement[Any]]]]:
        """What the row is made of, from the left: objects with their columns (those that are not deferred), values."""
        for described in self._query.column_descriptions:
            if isinstance(described["type"], type):
                mapper: Mapper[Any] = inspect(described["type"])
                yield mapper, [one.columns[0] for one in mapper.column_attrs if not one.deferred]
            else:
                yield None, [described["expr"]]


def ask(session: Session, given: Mapping[str, Any], *questions: Question) -> list[list[tuple[Any, ...]]]:
    """The rows of each answer. All are asked before the first is answered; each sees what was done before it.

    What is not yet written is, where one of them reads its table. Errors: as SQLAlchemy's.
    """
    if session.autoflush and any(
        instance_state(one).mapper.local_table in question.tables
        for one in (*session.new, *session.dirty)
        for question in questions
    ):
        session.flush()
    driver: Any = session.connection().connection.driver_connection
    # To say that several come costs half of what one does.
    with told(), driver.pipeline() if len(questions) > 1 else nullcontext():
        asked = [driver.execute(one.statement.text, one.parameters(given)) for one in questions]
    # The end of the pipeline has brought all answers; to fetch one within would be a journey of its own.
    return [[one.answer(session, row) for row in cursor.fetchall()] for one, cursor in zip(questions, asked, strict=True)]


def those(session: Session, question: Question, **given: Any) -> list[Any]:
    """What a question is about: the first of each row of its answer."""
    (rows,) = ask(session, given, question)
    return [row[0] for row in rows]


def that(session: Session, question: Question, **given: Any) -> Any | None:
    """The first of those; None where there is none."""
    return next(iter(those(session, question, **given)), None)


def by_key(session: Session, entity: type[Any], *key: Any) -> Any | None:
    """The object with this primary key; None where there is no such row."""
    mapper: Mapper[Any] = inspect(entity)
    there = session.identity_map.get(mapper.identity_key_from_primary_key(key))
    if there is not None and not instance_state(there).expired:
        return there
    names = (str(column.key) for column in mapper.primary_key)
    return that(session, _by_key(mapper), **dict(zip(names, key, strict=True)))


@cache
def _by_key(mapper: Mapper[Any]) -> Question:
    return Question(select(mapper.class_).where(*(column == bindparam(column.key) for column in mapper.primary_key)))
