"""Sessions: those that write do it through the driver, those that only look are no transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.attributes import instance_state

from engine.base.questions import by_key
from engine.base.rows import send, unwritten


class AskingSession(Session):
    """Whatever is asked for by its key is a question that stands."""

    def get(self, entity: Any, ident: Any, **how: Any) -> Any:
        """As SQLAlchemy's, which answers where more is asked for than the row."""
        if any(how.values()):
            return super().get(entity, ident, **how)
        return by_key(self, entity, *(ident if isinstance(ident, tuple) else (ident,)))


class WritingSession(AskingSession):
    """Before each of its questions it writes what the question may ask for, in one journey.

    Our rows know nothing of one another but ids, and none is deleted through a session: the unit of work that SQLAlchemy
    would plan for them each time is the order of their tables (`rows.unwritten`).
    """

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write all new and changed rows. Errors: as SQLAlchemy's; the transaction is then to be rolled back."""
        if self.deleted:
            raise NotImplementedError("rows are not deleted through a session")
        states = {instance_state(one) for one in (*self.new, *self.dirty)}
        if not states:
            return
        if writes := [*unwritten(self)]:
            send(self.connection(), writes)
        self._register_persistent(states)


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, class_=WritingSession, expire_on_commit=False)


def readers(factory: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions that only look, on the same connections: each question is a transaction of its own.

    They see what they would see in one transaction (READ COMMITTED), and end without a ROLLBACK: at each of those
    psycopg forgets every statement that a connection has prepared, and PostgreSQL plans all of them anew.
    """
    bind = factory.kw["bind"]
    if isinstance(bind, Engine):
        return sessionmaker(bind.execution_options(isolation_level="AUTOCOMMIT"), class_=AskingSession, expire_on_commit=False, autoflush=False)
    return factory  # one connection, whose transaction somebody else ends
