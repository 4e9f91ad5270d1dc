"""The pages that officers look at all day, on a province's year: what they cost must not grow with what is closed."""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.test import Client

from benchmarks.measures import Figure, browser, opened, p95, timed
from engine.base.actor import Actor
from engine.base.text import fold
from engine.dossiers import inbox, overview
from engine.dossiers.models import Dossier, Task
from engine.org import directory
from engine.org.models import Posting
from webapp.wiring import House

#: Closed dossiers of the small run.
FEW = 20_000
#: Officers of each lane, and dossiers of each officer.
OFFICERS, DOSSIERS = 10, 5
LANES = ("reception", "specialist", "division_head", "leader", "clerk", "return", "centre_head")
GOAL = 50


@dataclass(frozen=True)
class Reader:
    """An officer, logged in, and dossiers that they may see."""

    actor: Actor
    client: Client
    dossiers: list[tuple[uuid.UUID, str, str]]


def said(many: int) -> str:
    """`2m`, `20k`: the tail of a figure's name."""
    return f"{many / 1_000_000:g}m" if many >= 1_000_000 else f"{many / 1000:g}k"


def pages(house: House, app: Flask, size: str) -> list[Figure]:
    """Each page as the server answers it, and the queries behind it. Every dossier is opened once: nothing is warm."""
    chance, now = random.Random(size), house.clock.now()  # noqa: S311  a sample
    with house.readers() as session:
        readers = [*_readers(house, app, session, chance)]
    for reader in readers:
        opened(reader.client, "/inbox")
    figures = [
        ("inbox", [timed(lambda one=one: opened(one.client, "/inbox")) for one in readers]),
        ("dossier", [timed(lambda one=one, code=code: opened(one.client, f"/dossiers/{code}"))
                     for one in readers for _, code, _ in one.dossiers]),
        ("find_code", [timed(lambda one=one, code=code: _found(one.client, code))
                       for one in readers for _, code, _ in one.dossiers]),
        ("find_serial", [timed(lambda one=one, code=code: _found(one.client, code.rsplit("-", 1)[-1]))
                         for one in readers for _, code, _ in one.dossiers]),
        ("find_name", [timed(lambda one=one, name=name: _found(one.client, name))
                       for one in readers for _, _, name in one.dossiers]),
        ("find_family", [timed(lambda one=one, name=name: _found(one.client, name.split()[0]))
                         for one in readers for _, _, name in one.dossiers]),
    ]  # fmt: skip
    with house.readers() as session:
        def asked(query: Callable[[Actor], object]) -> list[float]:
            return [timed(lambda one=one: query(one.actor)) for one in readers]

        figures += [
            ("inbox_query", asked(lambda actor: inbox.inbox(session, actor, now))),
            ("desk_query", asked(lambda actor: inbox.at_the_desk(session, actor, now))),
            ("waiting_query", asked(lambda actor: inbox.waiting(session, actor))),
        ]
        views = []
        for one in readers:
            for dossier_id, _, _ in one.dossiers:
                session.expunge_all()
                views.append(timed(lambda one=one, which=dossier_id: overview.overview(session, one.actor, which)))
    return [Figure(f"{name}_p95_ms_{size}", p95(times), "ms", GOAL) for name, times in [*figures, ("dossier_query", views)]]


def _found(client: Client, words: str) -> None:
    answer = client.get("/dossiers/", query_string={"q": words})
    if answer.status_code not in (200, 302):
        raise AssertionError(f"{words}: {answer.status}")


def _readers(house: House, app: Flask, session: Session, chance: random.Random) -> Iterator[Reader]:
    """Of every lane some officers whose lane has work."""
    for lane in LANES:
        working = select(Task.office_id).where(Task.done_at.is_(None), Task.lane == lane)
        posted = select(Posting.officer_id).where(Posting.lane == lane, Posting.office_id.in_(working))
        ids = sorted(session.scalars(posted.distinct()))
        for officer_id in chance.sample(ids, min(OFFICERS, len(ids))):
            actor = directory.actor_of(session, officer_id, on=house.clock.today())
            yield Reader(actor, browser(house, app, officer_id), _dossiers(session, actor, chance))


def _dossiers(session: Session, actor: Actor, chance: random.Random) -> list[tuple[uuid.UUID, str, str]]:
    rows = session.execute(
        select(Dossier.id, Dossier.code, Dossier.owner_name)
        .where(Dossier.code.is_not(None))
        .where(or_(Dossier.competent_office_id.in_(actor.offices), Dossier.receiving_office_id.in_(actor.offices)))
        .order_by(func.md5(Dossier.code))
        .limit(200)
    ).all()
    return [(row.id, str(row.code), fold(row.owner_name)) for row in chance.sample(rows, min(DOSSIERS, len(rows)))]
