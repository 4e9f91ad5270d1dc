"""One request, one actor, one transaction."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import current_app, g
from flask_security import current_user
from sqlalchemy.orm import Session

from engine.base.actor import APPLICANT, Actor
from engine.base.uow import UnitOfWork
from engine.org import directory
from webapp.wiring import House


def house() -> House:
    """What this process was wired with."""
    return cast(House, current_app.extensions["house"])


def current_actor() -> Actor:
    """The officer who is logged in, as they stand today; looked up once a request."""
    if "actor" not in g:
        with read_session() as session:
            g.actor = directory.actor_of(session, current_user.officer_id, on=house().clock.today())
    return cast(Actor, g.actor)


def unit() -> AbstractContextManager[UnitOfWork]:
    """The transaction of one command of the logged-in officer."""
    return house().unit(current_actor())


def public_unit() -> AbstractContextManager[UnitOfWork]:
    """The transaction of one command of an applicant, who is known by code and secret alone."""
    return house().unit(APPLICANT)


@contextmanager
def read_session() -> Iterator[Session]:
    """A session that only reads; what it flushed by mistake is rolled back."""
    with house().sessions() as session:
        yield session
