"""One request, one actor, one transaction."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import Flask, current_app, g, request
from flask_security import current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.base.actor import APPLICANT, Actor
from engine.base.uow import UnitOfWork
from engine.org import directory
from engine.org.directory import Standing
from engine.org.models import Officer
from webapp.wiring import House


def init_app(app: Flask) -> None:
    @app.teardown_appcontext
    def end(_: object) -> None:
        stop_reading()


def stop_reading() -> None:
    """The page is drawn: what it was drawn from is let go."""
    if session := g.pop("reading", None):
        try:
            session.close()
        except OperationalError:  # the database went away meanwhile; its page has said so
            session.invalidate()


def house() -> House:
    """What this process was wired with."""
    return cast(House, current_app.extensions["house"])


def _stands() -> tuple[Officer, list[Standing]]:
    """Looked up once a request."""
    if "stands" not in g:
        with read_session() as session:
            g.stands = directory.who_stands(session, current_user.officer_id, on=house().clock.today())
    return cast(tuple[Officer, list[Standing]], g.stands)


def current_standing() -> list[Standing]:
    """The lanes in which the officer who is logged in stands today."""
    return _stands()[1]


def current_actor() -> Actor:
    """The officer who is logged in, as they stand today."""
    if "actor" not in g:
        g.actor = directory.actor_standing(*_stands())
    return cast(Actor, g.actor)


def counter_id() -> uuid.UUID:
    """The counter at which the officer sits: the first of theirs with the reception lane."""
    actor = current_actor()
    there = sorted(office for office, lane in actor.lanes if lane == "reception" and office in actor.offices)
    return next(iter(there))


def unit() -> AbstractContextManager[UnitOfWork]:
    """The transaction of one command of the logged-in officer."""
    return house().unit(current_actor())


def public_unit() -> AbstractContextManager[UnitOfWork]:
    """The transaction of one command of an applicant, who is known by code and secret alone."""
    return house().unit(APPLICANT)


@contextmanager
def read_session() -> Iterator[Session]:
    """A session that only reads; what is changed in it by mistake is never written.

    A GET has one from its first query to the end of its page. A request that writes takes a new one each time: what
    stood before its command is no longer true after it.
    """
    if request.method != "GET":
        with house().readers() as session:
            yield session
        return
    if "reading" not in g:
        g.reading = house().readers()
    yield g.reading


@contextmanager
def reading() -> Iterator[UnitOfWork]:
    """For queries that ask who is there and what time it is: a unit of which nothing is kept."""
    actor = current_actor()
    with read_session() as session:
        yield UnitOfWork(session, actor, house().clock)


@contextmanager
def public_reading() -> Iterator[UnitOfWork]:
    """The same for an applicant, who is known by code and secret alone."""
    with read_session() as session:
        yield UnitOfWork(session, APPLICANT, house().clock)
