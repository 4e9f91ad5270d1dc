"""What is measured. Ratios are taken in one run, both sides in turn, and are medians."""

import os
import re
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import Client

from benchmarks.breakdown import PARTS, clocked
from engine.base.actor import Actor
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import UnitOfWork
from engine.catalog import national
from engine.catalog.search import search
from engine.dossiers import inbox, overview, tasks
from engine.dossiers.models import Dossier, Task
from engine.org import directory
from engine.org.models import Account, Posting
from webapp.demo.fill import fill
from webapp.demo.province import PROCEDURES
from webapp.demo.walk import GOING_ON
from webapp.postgres import ROOT
from webapp.wiring import House

#: The full catalogue as published, where it lies beside the checkout.
CATALOGUE = ROOT.parent / "shared" / "data" / "national-procedures.jsonl.gz"
WORDS = ("khai sinh", "giay phep xay dung nha o", "trích lục hộ tịch", "ket hon", "tro cap xa hoi", "chung thuc chu ky",
         "dang ky kinh doanh", "1.001193", "lý lịch tư pháp", "giay phep lai xe", "dat dai", "bảo hiểm y tế hộ nghèo",
         "nuoi con nuoi", "luat su", "cong chung", "moi truong")  # fmt: skip
#: Steps whose acts are timed: the specialist's, the leader's, the clerk's, the counter's.
STEPS = ("examine_dossier", "examine_request", "draft_result", "review_draft", "sign_draft", "number_and_seal",
         "hand_over_result")  # fmt: skip
ROUNDS = 70


@dataclass(frozen=True)
class Figure:
    """One line of the table and of var/bench.json."""

    name: str
    value: float
    unit: str
    goal: float
    better: str = "lower"


@dataclass(frozen=True)
class Job:
    """An open task, somebody who may do it, and answers that its form accepts."""

    task_id: uuid.UUID
    revision: int
    actor: Actor
    answers: Mapping[str, Any]


def p95(times: list[float]) -> float:
    """In milliseconds."""
    return statistics.quantiles(times, n=20)[-1] * 1000


def median(times: list[float]) -> float:
    """In milliseconds."""
    return statistics.median(times) * 1000


def timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def acts(house: House) -> list[Figure]:
    """One act (lock, load, complete, run, store, history, commit) against the same SQL alone through the driver.

    Both are committed, so each has dossiers of its own: one is acted on; of the next only those statements are sent
    that were overheard in an act which was rolled back, on a connection of its own: a ROLLBACK forgets what is prepared.
    """
    engine: Engine = house.sessions.kw["bind"]
    whole, alone, counts = [], [], []
    with _overhearing(engine) as (sessions, said):
        for number, job in enumerate(_jobs(house, ROUNDS * 3)):
            said.clear()
            _rehearse(sessions, house, job)
            if number < ROUNDS or number % 2:
                whole.append(timed(lambda job=job: _complete(house, job)))
            else:
                alone.append(timed(lambda: _replay(engine, said)))
                counts.append(len(said))
    del whole[:ROUNDS]
    return [
        Figure("act_vs_sql", statistics.median(whole) / statistics.median(alone), "x", 1.5),
        Figure("act_ms", median(whole), "ms", 15),
        Figure("act_statements", statistics.median(counts), "statements", 30),
    ]


def _complete(house: House, job: Job) -> None:
    with house.unit(job.actor) as uow:
        tasks.complete(uow, job.task_id, job.answers, seen=job.revision)


def _rehearse(sessions: sessionmaker[Session], house: House, job: Job) -> None:
    with sessions() as session:
        uow = UnitOfWork(session, job.actor, house.clock)
        tasks.complete(uow, job.task_id, job.answers, seen=job.revision)
        uow.finish()
        session.rollback()


Said = list[tuple[Any, Any]]


@contextmanager
def _overhearing(engine: Engine) -> Iterator[tuple[sessionmaker[Session], Said]]:
    """Sessions of which every statement that goes to the driver is written down, with its parameters."""
    said: Said = []

    class Overheard(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
            said.append((query, params))
            return super().execute(query, params, **options)

        def executemany(self, query: Any, params: Any, **options: Any) -> None:
            said.extend((query, each) for each in params)
            super().executemany(query, params, **options)

    aside = connect(engine.url.render_as_string(hide_password=False))
    event.listen(aside, "connect", lambda driver, _: setattr(driver, "cursor_factory", Overheard))
    yield session_factory(aside), said
    aside.dispose()


def _replay(engine: Engine, said: Said) -> None:
    connection = engine.raw_connection()
    try:
        for statement, parameters in said:
            cursor = connection.cursor()
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
            cursor.close()
        connection.commit()
    finally:
        connection.close()


def posts(house: House, app: Flask) -> list[Figure]:
    """A task page opened, and sent back filled in: session, permission, token, form, act, commit, redirect; whole, and by part."""
    app.config["WTF_CSRF_ENABLED"] = True
    times, parts, shown = [], defaultdict(list), []
    for number, job in enumerate(_jobs(house, ROUNDS)):
        client = browser(house, app, job.actor.officer_id)
        start = time.perf_counter()
        page = client.get(f"/tasks/{job.task_id}").get_data(as_text=True)
        shown.append(time.perf_counter() - start)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        sent = {"seen": job.revision, "key": str(uuid.uuid4()), "csrf_token": found[1] if found else ""}

        def send(client: Client = client, job: Job = job, sent: dict[str, Any] = sent) -> None:
            answer = client.post(f"/tasks/{job.task_id}/complete", data=sent | dict(flat(job.answers)))
            if answer.status_code != 303:
                raise AssertionError(f"the page refused {job.answers}: {answer.status}")

        # The clocks of the parts take time too: every other one goes without.
        if number % 2:
            times.append(timed(send))
            continue
        with clocked() as spent:
            send()
        for part in (*PARTS, "rest"):
            parts[part].append(spent[part])
    whole = Figure("act_http_ms", median(times), "ms", 60)
    by_part = [Figure(f"act_http_{one}_ms", median(spent), "ms", whole.goal) for one, spent in parts.items()]
    return [whole, *by_part, Figure("task_page_p95_ms", p95(shown[len(STEPS) :]), "ms", 50)]


def flat(answers: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Names as a browser sends them."""
    pairs = answers.items() if isinstance(answers, Mapping) else enumerate(answers)
    for key, value in pairs:
        name = f"{above}{key}"
        if isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            yield from flat(value, f"{name}.")
        elif value is not False:
            yield name, "true" if value is True else value


def searches(house: House, catalogue: Path | None) -> list[Figure]:
    """Words that citizens type, over all published procedures; the file is loaded first."""
    given = catalogue or found_catalogue()
    if given:
        with house.unit() as uow:
            national.import_file(uow, given)
        with house.readers() as session:
            session.connection().exec_driver_sql("ANALYZE procedure")
    name = "search_p95_ms" if given else f"search_p95_ms_{PROCEDURES.stem}"

    def ask(words: str) -> None:
        with house.readers() as session:
            search(session, words)

    times = [timed(lambda words=words: ask(words)) for _ in range(15) for words in WORDS]
    return [Figure(name, p95(times[len(WORDS) :]), "ms", 50)]


def found_catalogue() -> Path | None:
    """The full catalogue, where there is one."""
    given = Path(os.environ.get("MOTCUA_CATALOGUE", CATALOGUE))
    return given if given.exists() else None


def pages(house: House, app: Flask) -> list[Figure]:
    """The two pages that officers look at all day, and the queries behind them."""
    now, queries, views, shown = house.clock.now(), [], [], []
    with house.readers() as session:
        posted = session.scalars(select(Posting.officer_id).where(Posting.lane.in_(("reception", "specialist", "leader"))))
        officers = [directory.actor_of(session, one, on=house.clock.today()) for one in set(posted)]
        offices = [office for one in officers for office in one.offices]
        codes = session.execute(
            select(Dossier.id, Dossier.code, Dossier.competent_office_id)
            .where(Dossier.code.is_not(None), Dossier.competent_office_id.in_(offices))
            .order_by(func.random())
            .limit(ROUNDS * 2)
        ).all()
        for actor in officers * 8:
            queries += [timed(lambda actor=actor: (inbox.inbox(session, actor, now), inbox.counts(session, actor, now)))]
        readers = {one: next(actor for actor in officers if one in actor.offices) for one in set(offices)}
        for row in codes:
            session.expunge_all()
            reader = readers[row.competent_office_id]
            views.append(timed(lambda row=row, reader=reader: overview.overview(session, reader, row.id)))
    browsers = {actor.officer_id: browser(house, app, actor.officer_id) for actor in officers}
    lists = [timed(lambda one=one: opened(browsers[one.officer_id], "/inbox")) for one in officers * 5]
    for row in codes:
        client = browsers[readers[row.competent_office_id].officer_id]
        shown.append(timed(lambda row=row, client=client: opened(client, f"/dossiers/{row.code}")))
    return [
        Figure("inbox_p95_ms", p95(lists), "ms", 50),
        Figure("inbox_query_p95_ms", p95(queries), "ms", 50),
        Figure("dossier_page_p95_ms", p95(shown), "ms", 50),
        Figure("dossier_query_p95_ms", p95(views), "ms", 50),
    ]


def opened(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status}")


def browser(house: House, app: Flask, officer_id: uuid.UUID) -> Client:
    """A browser in which this officer is logged in."""
    with house.readers() as session:
        uniquifier = session.scalars(select(Account.fs_uniquifier).filter_by(officer_id=officer_id)).one()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(_user_id=uniquifier, _fresh=True)
    return client


def _jobs(house: House, count: int) -> Iterator[Job]:
    """Open tasks of different steps, in turn."""
    each = select(Task.id, func.row_number().over(partition_by=Task.step_id, order_by=Task.id).label("turn"))
    each = each.where(Task.done_at.is_(None), Task.step_id.in_(STEPS)).subquery()
    with house.readers() as session:
        ids = session.scalars(select(each.c.id).order_by(each.c.turn).limit(count)).all()
    for task_id in ids:
        yield _job(house, task_id)


def _job(house: House, task_id: uuid.UUID) -> Job:
    today = house.clock.today()
    with house.readers() as session:
        task = session.get_one(Task, task_id)
        staff = [one.id for one in directory.officers_in(session, task.office_id, task.lane, on=today)]
        actor = directory.actor_of(session, task.assignee_id or staff[-1], on=today)
        asked = tasks.form_of(UnitOfWork(session, actor, house.clock), task_id)
        specialists = _specialists(session, task)
    given = {} if task.step_id != "number_and_seal" else {"number": "128/UBND"}
    answers = fill(asked.document, given, asked.context, going_on=GOING_ON, officers=specialists, today=str(today))
    return Job(task.id, task.revision, actor, answers)


def _specialists(session: Session, task: Task) -> list[str]:
    office_id = session.get_one(Dossier, task.dossier_id).competent_office_id
    found = select(Posting.officer_id).filter_by(office_id=office_id, lane="specialist")
    return [str(one) for one in session.scalars(found)]
