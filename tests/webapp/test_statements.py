"""A longer list asks the database no more questions than a short one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest

from engine.base.ids import uuid7
from engine.calendar.changes import Day
from engine.catalog.models import Procedure
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import recount
from engine.dossiers.correction_models import Correction
from engine.dossiers.models import Consultation, Dossier, Supplement
from engine.dossiers.visible import may_see
from tests.factories.desk import example
from tests.journeys.pages import Page
from webapp.demo.walk import Policy

CODE, OWNER = "2.000908", "038190003455"
STORM = Day(day=date(2026, 12, 2), is_a="holiday", name="Nghỉ đột xuất vì bão", name_en="Storm", source="Công điện 99/CĐ-TTg")


@pytest.fixture
def asked(monkeypatch):
    """Counts what the driver is told, whoever tells it."""
    told = []
    plain = psycopg.Cursor.execute

    def heard(cursor, query, *given, **more):
        told.append(str(query))
        return plain(cursor, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", heard)

    @contextmanager
    def counting() -> Iterator[list[str]]:
        told.clear()
        found: list[str] = []
        yield found
        found += told

    return counting


def stored(session, ward, seq):
    dossier = ward.dossier(ward.lodge(CODE))
    session.add(
        WarehousePaper(
            owner_id=OWNER, type_code="KQ", seq=seq, name="Bản sao trích lục", number=f"{seq}/TLKS-BS", sha256="0" * 64,
            issuer_id=dossier.competent_office_id, dossier_id=dossier.id, media_type="application/pdf", size=1,
            valid_from=date(2026, 11, 23), state="valid", stored_at=ward.clock.now(), stored_by=uuid7(),
        )
    )  # fmt: skip


def test_the_papers_of_an_owner_come_with_their_dossiers(ward, login, asked):
    browser, many = login("tiepnhan.hacthanh"), []
    for seq in (1, 2, 3):
        with ward.sessions() as session, session.begin():
            stored(session, ward, seq)
        with asked() as told:
            page = browser.post("/warehouse/", data={"owner": OWNER, "reason": "Đối chiếu giấy tờ theo đơn"})
        assert page.text.count("/TLKS-BS</td>") == seq
        many.append(len(told))

    assert many[1] == many[2]


@pytest.mark.parametrize("kind", ["supplement", "correction"])
def test_what_a_changed_calendar_would_move_is_counted_without_reading_each_dossier(ward, asked, kind):
    now, due = ward.clock.now(), ward.clock.now() + timedelta(days=20)
    many = []
    for after_acceptance in (False, False, False, True):
        dossier = ward.dossier(ward.lodge(CODE))
        with ward.sessions() as session, session.begin():
            if kind == "supplement":
                rule = "T07" if after_acceptance else "L01"
                more = {"round": 1, "after_acceptance": after_acceptance, "items": [], "rule": rule}
                session.add(Supplement(dossier_id=dossier.id, asked_at=now, due_at=due, **more))
            else:
                session.add(Correction(dossier_id=dossier.id, asked_at=now, due_at=due, what="Sai tên", asked_by=uuid7(), lines=[]))
        with ward.act(ward.officer("quantri")) as uow, asked() as told:
            moves = recount.preview(uow, STORM)
        many.append((sum(one.of == kind for one in moves), len(told)))

    assert [moved for moved, _ in many] == [1, 2, 3, 4]
    assert many[1][1] == many[2][1] == many[3][1]


def test_what_may_be_decided_at_the_counter_is_asked_at_once_however_many_procedures_are_in_hand(ward, login, asked):
    browser, many, on_the_frame = login("lanhdao.hacthanh"), [], ("1.999991", "1.999992", "1.999993")
    browser.get("/delegations/")
    with ward.sessions() as session, session.begin():
        known = session.get_one(Procedure, CODE)
        columns = {one.key: getattr(known, one.key) for one in Procedure.__table__.columns if one.computed is None}
        session.add_all(Procedure(**columns | {"code": code}) for code in on_the_frame)
    for codes in (on_the_frame, ()):
        with asked() as told:
            page = Page.open(browser, "/delegations/")
        many.append((len(page.tree.xpath("//datalist[@id='d-procedures']/option")), len(told)))
        for code in codes:
            lodged = ward.dossier(ward.lodge(CODE))
            with ward.sessions() as session, session.begin():
                dossier = session.get_one(Dossier, lodged.id)
                dossier.procedure_code, dossier.competent_office_id = code, ward.office("Ủy ban nhân dân phường Hạc Thành")

    assert [offered for offered, _ in many] == [1, 4]
    assert many[0][1] == many[1][1]


def test_whether_one_dossier_may_be_seen_asks_for_no_other_question(ward):
    """However many an office was ever asked."""
    office, now = ward.office("Ủy ban nhân dân phường Sầm Sơn"), ward.clock.now()
    dossiers = [ward.dossier(ward.lodge(CODE)) for _ in range(2)]
    with ward.sessions() as session, session.begin():
        session.add(Consultation(dossier_id=dossiers[0].id, office_id=office, question="?", sent_at=now, due_at=now, closed_at=now))
    with ward.sessions() as session:
        theirs = ward.officer("chuyenvien.samson")
        assert [may_see(session, theirs, one.id) for one in dossiers] == [True, False]


def test_a_page_that_is_filled_in_with_who_fetches_a_result_asks_once_who_that_is(ward, login, asked):
    """Role, name, number and paper are four fields of one person."""
    lodged = ward.lodge(CODE, channel="in_person", answers=example(CODE)["answers"] | {"result_delivery": "counter"})
    ward.walk(lodged, Policy(rest_at=("hand_over_result",)))
    browser, task = login("traketqua.hacthanh"), ward.task(lodged)
    with asked() as told:
        assert browser.get(f"/tasks/{task.id}").status_code == 200

    assert len([one for one in told if "FROM representative" in one]) == 2, "and once for the list of who acts for the applicant"
