"""One command, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import Actor
from engine.base.clock import Clock


@dataclass(frozen=True)
class UnitOfWork:
    """What a command works with: its transaction, who acts, what time it is."""

    session: Session
    actor: Actor
    clock: Clock

    def by(self, actor: Actor) -> "UnitOfWork":
        """The same transaction on behalf of somebody else (a timer that follows an act)."""
        return replace(self, actor=actor)


@contextmanager
def unit_of_work(factory: sessionmaker[Session], actor: Actor, clock: Clock) -> Iterator[UnitOfWork]:
    with factory.begin() as session:  # the only commit in the house
        yield UnitOfWork(session, actor, clock)
