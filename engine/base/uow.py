"""One command, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Table
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import Actor
from engine.base.clock import Clock
from engine.base.rows import Row, Statement, Write, insert, send, unwritten


@dataclass(frozen=True)
class UnitOfWork:
    """What a command works with: its transaction, who acts, what time it is."""

    session: Session
    actor: Actor
    clock: Clock
    #: Rows that nobody reads again in this transaction, by table.
    _added: dict[Table, list[Row]] = field(default_factory=dict)
    #: Statements whose answers nobody reads.
    _said: list[Write] = field(default_factory=list)

    def add(self, table: Table, row: Row) -> None:
        """Write a row at the end of the transaction, with all others of its table in one go."""
        self._added.setdefault(table, []).append(row)

    def say(self, statement: Statement, row: Row) -> None:
        """Send a statement at the end of the transaction, behind all rows."""
        self._said.append((statement, [row]))

    def finish(self) -> None:
        """Send to the database what is not there yet; the session has forgotten its rows afterwards."""
        writes = [*unwritten(self.session)]
        writes += [(insert(table, tuple(rows[0])), rows) for table, rows in self._added.items()]
        writes += self._said
        if writes:
            send(self.session.connection(), writes)
        self._added.clear()
        self._said.clear()
        self.session.expunge_all()

    def by(self, actor: Actor) -> "UnitOfWork":
        """The same transaction on behalf of somebody else (a timer that follows an act)."""
        return replace(self, actor=actor)


@contextmanager
def unit_of_work(factory: sessionmaker[Session], actor: Actor, clock: Clock) -> Iterator[UnitOfWork]:
    with factory.begin() as session:  # the only commit in the house
        uow = UnitOfWork(session, actor, clock)
        yield uow
        uow.finish()
