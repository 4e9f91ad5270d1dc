"""A province's year, small: what is multiplied is as sound as what it was made from."""

from datetime import datetime
from itertools import chain

import psycopg
import pytest
from sqlalchemy import func, select, text

from connectors.storage.folder import FolderStore
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.catalog import national
from engine.dossiers import inbox, invariants, overview, search
from engine.dossiers.models import CodeCounter, Dossier, Task, Wait
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from engine.org import directory
from engine.org.models import Officer, Posting
from webapp.config import Settings
from webapp.demo import load, province
from webapp.demo.lives import Maker
from webapp.demo.stories import STORIES
from webapp.wiring import House

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=VIETNAM)
SIZE = load.Size(dossiers=2000, open=300, officers=2200, events=25_000)
#: Everything that the migrations made of the tables that are filled.
SCHEMA = """
SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1
"""


@pytest.fixture(scope="module")
def loaded(databases, tmp_path_factory):
    """(house, the schema before, the schema after)."""
    with databases.copy_of_province() as url:
        engine = connect(url)
        blobs = FolderStore(tmp_path_factory.mktemp("blobs"))
        house = House(Settings(testing=True), session_factory(engine), FrozenClock(NOW), blobs)
        with house.unit() as uow:
            national.import_file(uow, province.PROCEDURES)
        maker = Maker.of(house)
        for planned in chain(*maker.plan(STORIES[::5], factor=0.01)):
            maker.make(planned)
        before = _schema(url)
        load.fill(house, SIZE)
        yield house, before, _schema(url)
        engine.dispose()


@pytest.fixture
def session(loaded):
    with loaded[0].sessions() as session:
        yield session


def _schema(url):
    with psycopg.connect(url) as connection:
        return connection.execute(SCHEMA).fetchall()


def test_there_are_as_many_as_were_asked_for(session):
    ended = dict(session.execute(select(Dossier.ended_at.is_not(None), func.count()).group_by(text("1"))).all())
    assert ended == {True: SIZE.dossiers - SIZE.open, False: SIZE.open}
    assert session.scalar(select(func.count()).select_from(Officer)) == SIZE.officers
    events = session.scalar(select(func.count()).where(LedgerEvent.stream_id.in_(select(Dossier.id)))) or 0
    assert events == pytest.approx(SIZE.events, rel=0.15)


def test_the_schema_is_as_the_migrations_made_it(loaded):
    _, before, after = loaded
    assert after == before


def test_no_dossier_is_stuck(session, loaded):
    alarms = [(one.code, one.alarms) for one in invariants.standings(session, loaded[0].clock) if one.alarms]
    service = select(Dossier.code).join(Wait).where(Wait.kind == "service")
    assert [one for one in alarms if one[0] not in set(session.scalars(service))] == []


def test_nothing_copied_that_has_ended_has_work_left(session):
    left = select(Task).join(Dossier, Dossier.id == Task.dossier_id).where(Dossier.ended_at.is_not(None))
    # in one of the originals somebody still hands papers back
    assert len(session.scalars(left.where(Task.done_at.is_(None))).all()) <= 1


def test_each_ledger_hangs_together(session):
    for dossier_id in session.scalars(select(Dossier.id).order_by(func.md5(Dossier.reference)).limit(80)):
        assert first_break(history(session, dossier_id)) is None


def test_an_event_tells_of_the_rows_of_its_own_dossier(session):
    told = session.execute(
        select(LedgerEvent.stream_id, LedgerEvent.payload["task_id"].astext, LedgerEvent.payload["code"].astext)
        .where(LedgerEvent.type.in_(("task.completed", "dossier.accepted")))
        .order_by(LedgerEvent.digest)
        .limit(300)
    ).all()
    own = {str(one.id): one.dossier_id for one in session.scalars(select(Task))}
    codes = dict(session.execute(select(Dossier.id, Dossier.code)).all())
    assert all(own.get(task, dossier) == dossier for dossier, task, _ in told if task)
    assert all(codes[dossier] == code for dossier, _, code in told if code)


def test_codes_count_up_without_a_gap_in_each_office_on_each_day(session):
    counted = dict(session.execute(select(func.concat(CodeCounter.office_code, func.to_char(CodeCounter.day, "-YYMMDD")), CodeCounter.last)).all())
    found: dict[str, list[int]] = {}
    for code in session.scalars(select(Dossier.code).where(Dossier.code.is_not(None))):
        day, _, serial = code.rpartition("-")
        found.setdefault(day, []).append(int(serial))
    assert {day: sorted(one) for day, one in found.items()} == {day: [*range(1, last + 1)] for day, last in counted.items()}


def test_work_lies_in_all_communes_and_somebody_stands_there(session):
    offices = set(session.scalars(select(Task.office_id).where(Task.done_at.is_(None))))
    assert len(offices) > 100
    months = select(func.count(func.distinct(func.date_trunc("month", Dossier.lodged_at))))
    assert (session.scalar(months) or 0) >= 12


def test_a_copy_can_be_found_by_name_and_opened(session):
    officer_id = session.scalars(
        select(Posting.officer_id).join(Task, (Task.office_id == Posting.office_id) & (Task.lane == Posting.lane))
        .join(Officer, Officer.id == Posting.officer_id)
        .where(Task.done_at.is_(None), Task.assignee_id.is_(None), Officer.title.is_(None)).limit(1)
    ).one()  # fmt: skip
    actor = directory.actor_of(session, officer_id, on=NOW.date())
    row = inbox.inbox(session, actor, NOW)[0]
    assert row.dossier_id in {one.id for one in search.found(session, actor, row.owner_name)}
    assert overview.overview(session, actor, row.dossier_id).events


def test_fewer_officers_than_desks_are_refused(loaded):
    with pytest.raises(load.TooFew):
        load.fill(loaded[0], load.Size(3000, 300, officers=100))
