"""A thin month of the province: whatever was lodged came to its end through the commands, and the sums are right."""

import math
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import func, select, update

from benchmarks.month import plan, replay
from benchmarks.month.driver import Driver
from benchmarks.month.pace import Pace
from connectors.storage.folder import FolderStore
from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.base.uow import unit_of_work
from engine.catalog import national
from engine.catalog.models import Procedure
from engine.dossiers.models import CodeCounter, Dossier, Supplement, Task, Wait
from engine.ledger.models import LedgerEvent
from engine.org.models import Office, OfficeKind
from webapp.config import Settings
from webapp.demo import load, province
from webapp.demo.lives import has_example
from webapp.wiring import House

SHARE = 0.0003


@pytest.fixture(scope="module")
def town(databases):
    """(URL, its sessions) of a province with officers everywhere, and no dossier."""
    with databases.copy_of_province() as url:
        engine = connect(url)
        sessions = session_factory(engine)
        with unit_of_work(sessions, SYSTEM, FrozenClock(plan.END)) as uow:
            national.import_file(uow, province.PROCEDURES)
        with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
            load.hire(connection, 2200)
        yield url, sessions
        engine.dispose()


@pytest.fixture(scope="module")
def replayed(town, tmp_path_factory):
    return replay.replay(town[0], tmp_path_factory.mktemp("blobs"), SHARE, 2)


@pytest.fixture(scope="module")
def planned(town):
    with town[1]() as session:
        return plan.month(session, 0.05)


@pytest.fixture
def session(town):
    with town[1]() as session:
        yield session


class TestPlan:
    def test_as_many_come_online_and_to_communes_as_in_the_real_month(self, session, planned):
        communes = set(session.scalars(select(Office.id).filter_by(kind=OfficeKind.COMMUNE)))
        assert len(planned) == round(plan.TOTAL * 0.05)
        assert sum(one.online for one in planned) / len(planned) == pytest.approx(plan.ONLINE / plan.TOTAL, abs=0.01)
        of_communes = sum(one.competent in communes for one in planned)
        assert of_communes / len(planned) == pytest.approx(plan.OF_COMMUNES / plan.TOTAL, abs=0.02)

    def test_they_come_on_23_working_days_with_two_peaks(self, planned):
        moments = [one.at.astimezone(VIETNAM) for one in planned]
        by_hour = [sum(at.hour == hour for at in moments) for hour in range(24)]
        assert {at.date() for at in moments} == set(plan.DAYS)
        assert len(plan.DAYS) == 23
        assert by_hour[9] > by_hour[12] < by_hour[14]

    def test_the_same_share_is_the_same_month(self, session, planned):
        assert plan.month(session, 0.05) == planned

    def test_what_one_office_decides_is_in_the_hands_of_one_driver(self, planned):
        parts = plan.parts(planned, 3)
        offices = [{one.competent for one in part} for part in parts]
        assert sum(map(len, offices)) == len(set.union(*offices))
        assert max(map(len, parts)) - min(map(len, parts)) < 0.02 * len(planned)
        assert sorted(one.seed for part in parts for one in part) == list(range(len(planned)))


class TestReplay:
    def test_every_dossier_comes_to_its_end(self, session, replayed):
        ended = session.scalar(select(func.count()).select_from(Dossier).where(Dossier.ended_at.is_not(None)))
        assert ended == replayed.dossiers == round(plan.TOTAL * SHARE)
        assert session.scalars(select(Wait.id).where(Wait.closed_at.is_(None))).all() == []

    def test_what_is_counted_was_committed(self, session, replayed):
        lodged = session.scalar(select(func.count()).select_from(LedgerEvent).filter_by(type="dossier.lodged"))
        done = session.scalar(select(func.count()).select_from(Task).filter_by(done_how="completed"))
        asked = session.scalar(select(func.count()).select_from(LedgerEvent).filter_by(type="service.answered"))
        assert replayed.acts["lodge"] + replayed.acts["counter"] == lodged
        assert replayed.acts["complete"] + replayed.acts["counter"] == done
        assert sum(often for kind, often in replayed.worker.acts.items() if "." in kind) == asked

    def test_it_happened_in_the_month_that_was_planned(self, session, replayed):
        first, last = session.execute(select(func.min(Dossier.lodged_at), func.max(Dossier.lodged_at))).one()
        assert first.astimezone(VIETNAM).date() >= plan.MONTH
        assert last < plan.END
        assert session.scalar(select(func.max(Dossier.ended_at))) < plan.END + timedelta(days=60)

    def test_its_cost_is_told(self, replayed):
        figures = {one.name: one.value for one in replay.figures(replayed)}
        assert figures["acts_per_dossier"] > 8
        assert figures["python_ms_per_act"] > 0
        assert 10_000 < figures["bytes_per_dossier"] < 500_000
        assert any(line.startswith("ledger_event") for line in replay.story(replayed))

    def test_a_gap_in_the_codes_or_a_dossier_that_is_left_open_would_be_found(self, session, replayed):
        replay.check(session, replayed)
        for wrong in (update(CodeCounter).values(last=CodeCounter.last + 1), update(Dossier).values(ended_at=None)):
            session.execute(wrong)
            with pytest.raises(replay.Broken):
                replay.check(session, replayed)
            session.rollback()


def test_where_the_publication_names_no_paper_what_lacks_is_named_by_hand(town, session, planned, tmp_path):
    known = next(one for one in planned if one.online and not has_example(one.code))
    session.execute(update(Procedure).where(Procedure.code == known.code).values(components=[]))
    session.commit()
    one = replace(known, way="told", electronic=False, silent=False, withdrawn=False)
    house = House(Settings(testing=True), town[1], FrozenClock(one.at), FolderStore(tmp_path))
    never = SimpleNamespace(value=math.inf)
    with psycopg.connect(town[0], autocommit=True) as own:
        done = Driver(house, own, [one], Pace(900, [0.0], never, never), 0).run()
    assert (done.ended, done.refused) == (1, {})
    asked = session.scalars(select(Supplement).join(Dossier).where(Dossier.lodged_at == one.at)).one()
    assert [item["what"] for item in asked.items] == ["Giấy tờ chứng minh"]
