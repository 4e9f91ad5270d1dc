"""The demo province: something to do at every desk, in every state, none of it in the future."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.storage.folder import FolderStore
from engine import migrations
from engine.base.clock import VIETNAM, FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.documents.models import DocumentFile
from engine.dossiers.handover_models import HandoverList
from engine.dossiers.models import Dossier, Task
from engine.dossiers.settle import TRANSITIONS
from engine.ledger.models import LedgerEvent
from engine.org.models import Lane, LaneSide, Office, OfficeKind, Posting
from engine.payments.models import CashDay
from webapp.config import Settings
from webapp.demo import beside, fill, once, province
from webapp.wiring import House

#: A Thursday afternoon.
NOW = datetime(2026, 11, 26, 14, 20, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def made(databases, tmp_path_factory):
    """A small demo: one of each story, made by two processes."""
    with databases.copy() as url:
        engine = connect(url)
        blobs = FolderStore(tmp_path_factory.mktemp("blobs"))
        house = House(Settings(testing=True), session_factory(engine), FrozenClock(NOW), blobs)
        said = []
        province.make(house, lambda done, total: said.append((done, total)), factor=0.1, processes=2, whole=True)
        assert said[-1][0] == said[-1][1]
        with house.sessions() as session:
            yield session, blobs
        engine.dispose()


@pytest.fixture
def session(made) -> Session:
    return made[0]


def test_dossiers_stand_in_every_state(session):
    assert set(session.scalars(select(Dossier.status))) == set(TRANSITIONS)


def test_every_lane_of_the_departments_has_work(session):
    open_tasks = select(Task.lane).join(Office, Office.id == Task.office_id).where(Task.done_at.is_(None))
    for code in ("H56.03", "H56.07"):
        assert set(session.scalars(open_tasks.where(Office.code == code))) == _lanes(session, code)


def test_every_lane_has_work_in_some_commune_and_at_the_centre_of_the_province(session):
    busy = set(session.scalars(select(Task.lane).where(Task.done_at.is_(None))))
    assert busy == set(session.scalars(select(Lane.code).where(Lane.side != LaneSide.SUPPORT)))
    centre = select(Task.lane).join(Office, Office.id == Task.office_id)
    at_centre = set(session.scalars(centre.where(Task.done_at.is_(None), Office.code == "H56.01")))
    assert at_centre == {"reception", "cashier", "centre_head", "return"}


def test_a_council_has_a_session_to_hold_and_a_conclusion_to_write(session):
    lying = select(Task.step_id).join(Office, Office.id == Task.office_id).where(Office.code == "H56.06", Task.done_at.is_(None))
    assert set(session.scalars(lying.where(Task.lane == "council"))) == {"hold_council", "record_appraisal"}


def test_all_three_communes_take_part(session):
    communes = select(Office.id).where(Office.kind == OfficeKind.COMMUNE, Office.id.in_(select(Posting.office_id)))
    assert set(session.scalars(communes)) <= set(session.scalars(select(Dossier.competent_office_id)))


def test_nothing_happened_in_the_future(session):
    assert session.scalar(select(func.max(LedgerEvent.at))) <= NOW


def test_officers_acted_in_working_hours(session):
    acts = session.scalars(select(LedgerEvent.at).filter_by(type="task.completed"))
    hours = {at.astimezone(VIETNAM).hour for at in acts}
    assert hours <= {7, 8, 9, 10, 11, 13, 14, 15, 16, 17}


def test_some_are_late_and_most_are_in_time(session):
    late = session.scalar(select(func.count()).where(Task.done_at.is_(None), Task.sort_at < NOW))
    whole = session.scalar(select(func.count()).where(Task.done_at.is_(None)))
    assert 0 < late < whole / 3


def test_every_page_has_something_to_show(session):
    """What happens beside the steps: each is one of a few, made by the command of its page."""
    told = set(session.scalars(select(LedgerEvent.type).distinct()))
    assert told >= {
        "authority.missed", "receipt.voided", "charge.refunded", "handover.sent", "handover.acknowledged", "paper.reused",
        "warehouse.stored", "dossier.amended", "task.recalled", "correction.asked", "visit.announced", "posting.opened",
        "objection.recorded", "delegation.granted",
    }  # fmt: skip


def test_a_list_waits_for_the_other_side_and_a_till_is_open_with_change_in_it(session):
    assert session.scalar(select(func.count()).select_from(HandoverList).where(HandoverList.closed_at.is_(None)))
    books = session.scalars(select(CashDay)).all()
    assert {(one.day, one.opening) for one in books if one.closed_at is None} == {(NOW.date(), beside.CHANGE)}


def test_results_bear_numbers_of_their_own(session):
    numbers = session.execute(select(Dossier.competent_office_id, Dossier.result_number).where(Dossier.result_number.is_not(None)))
    given = [tuple(row) for row in numbers]
    assert fill.TEXTS["number"] not in {number for _, number in given}
    assert len(given) == len(set(given))
    assert len(given) > 20


def test_scans_lie_in_the_store(made):
    session, blobs = made
    rows = session.scalars(select(DocumentFile)).all()
    assert rows
    with blobs.open(rows[0].sha256) as stream:
        assert stream.read(5) == b"%PDF-"


def _lanes(session: Session, code: str) -> set[str]:
    return set(session.scalars(select(Posting.lane).join(Office, Office.id == Posting.office_id).where(Office.code == code)))


def test_a_demo_that_was_interrupted_is_cleared_away_and_a_whole_one_is_not(databases):
    with databases.copy() as url:
        assert once.is_empty(url)
        with pytest.raises(KeyboardInterrupt):
            _interrupted(url)
        assert not once.is_empty(url)

        assert once.clear_half(url)
        assert not migrations.is_current(url)
        migrations.upgrade(url)
        assert once.is_empty(url)

        with once.being_made(url):
            _office(url)
        assert not once.clear_half(url)
        assert not once.is_empty(url)


def _interrupted(url):
    with once.being_made(url):
        _office(url)
        with pytest.raises(once.BeingMade):
            once.clear_half(url)
        raise KeyboardInterrupt


def _office(url):
    engine = connect(url)
    with session_factory(engine).begin() as session:
        session.add(Office(code="H56", kind=OfficeKind.PROVINCE, name="Tỉnh", name_en="", valid_from=NOW.date()))
    engine.dispose()
