"""What a scanner of the centre made today is put on a paper at the counter."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.base.clock import VIETNAM
from engine.documents.models import DocumentFile
from engine.org.models import Office
from tests.factories.scans import scan
from tests.journeys.clerk import declared, judge
from tests.journeys.pages import Page

CODE = "2.000908"
ACCEPT = "Tiếp nhận và in giấy hẹn"
AGAIN = "Tính lại ngày, phí, giấy tờ"
WHOLE = scan(pages=3)


@pytest.fixture
def officer(login):
    return login("tiepnhan.hacthanh")


def filled(client) -> Page:
    form = Page.open(client, f"/counter/{CODE}").form(ACCEPT)
    form.fill(declared(CODE) | {"result_delivery": "counter", "lookup": "missing"})
    form = form.press(AGAIN).form(ACCEPT)
    judge(form, {})
    return form


@pytest.fixture
def sheet(house, clock):
    def make(name="0007.pdf", *, desk="quay-1", office="H56.101-TT", at=None, content=WHOLE) -> Path:
        path = house.settings.scan_folder / office / desk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ((at or clock.now()).timestamp(),) * 2)
        made.append(path)
        return path

    made: list[Path] = []
    yield make
    for path in made:
        path.unlink(missing_ok=True)


@pytest.fixture
def centre(house, officer):
    with house.sessions() as session:
        return session.scalars(select(Office.code).where(Office.name.like("Trung tâm%Hạc Thành"))).one()


def test_those_of_today_are_offered_and_one_that_was_used_says_where(officer, sheet, centre, province_sessions):
    sheet(office=centre)
    sheet("hom-qua.pdf", office=centre, at=datetime(2026, 11, 20, 9, tzinfo=VIETNAM))
    form = filled(officer)
    assert "0007.pdf quay-1" in form.page.words
    assert "hom-qua.pdf" not in form.page.words

    form.fill({"scan:quay-1/0007.pdf": "id_paper"})
    page = form.press("Tính lại ngày, phí, giấy tờ")
    assert page.tree.xpath("//input[@name='kept:id_paper']")
    assert not page.tree.xpath("//select[starts-with(@name, 'scan:')]")
    done = page.form(ACCEPT).press(ACCEPT)
    assert "0007.pdf" in done.words
    again = filled(officer)
    assert f"KB, đã dùng ở {done.path.rpartition('/')[2]}" in again.page.words
    assert again.there("scan:quay-1/0007.pdf"), "an officer may still use it for this dossier too"
    with province_sessions() as session:
        assert session.scalars(select(DocumentFile.name)).all() == ["0007.pdf"]


def test_one_that_nobody_could_read_is_refused_and_stays_where_it_is(officer, sheet, centre):
    path = sheet("trang.pdf", office=centre, content=scan(blank=(1,)))
    form = filled(officer)
    form.fill({"scan:quay-1/trang.pdf": "id_paper"})
    page = form.press(ACCEPT)

    assert page.status == 422
    assert "chỉ có trang trắng" in page.said
    assert path.exists()


def test_it_can_be_looked_at_before(officer, sheet, centre):
    sheet(office=centre)

    with officer.get("/counter/scans/quay-1/0007.pdf") as answer:
        assert answer.data == WHOLE


@pytest.mark.parametrize("place", ["quay-1/khong.pdf", "../blobs/x", "..%2F../x", "quay-1/..%2F..%2Fx"])

def test_nothing_else_is_reached(officer, sheet, centre, place):
    sheet(office=centre)
    sheet("la.pdf", office="../khac", desk="quay-9")

    assert officer.get(f"/counter/scans/{place}").status_code == 404
    assert officer.get("/counter/scans/quay-9/la.pdf").status_code == 404


def test_an_office_sees_no_scan_of_another(officer, sheet):
    sheet(office="H56.999")

    assert "0007.pdf" not in Page.open(officer, f"/counter/{CODE}").words


def test_one_that_cannot_be_read_loses_neither_the_choice_of_it_nor_the_others(officer, sheet, centre):
    sheet("mot.pdf", office=centre)
    sheet("trang.pdf", office=centre, content=scan(blank=(1,)))
    sheet("ba.pdf", office=centre, content=scan(pages=2))
    form = filled(officer)
    form.fill({f"scan:quay-1/{name}.pdf": "id_paper" for name in ("mot", "trang", "ba")})
    page = form.press(ACCEPT)

    assert page.status == 422
    assert len(page.tree.xpath("//input[@name='kept:id_paper']")) == 2
    (left,) = page.tree.xpath("//select[starts-with(@name, 'scan:')]")
    assert (left.get("name"), left.value) == ("scan:quay-1/trang.pdf", "id_paper")


def test_one_that_went_away_is_told_in_words(officer, sheet, centre):
    path = sheet(office=centre)
    form = filled(officer)
    form.fill({"scan:quay-1/0007.pdf": "id_paper"})
    path.unlink()
    page = form.press(ACCEPT)

    assert page.status == 422
    assert "«0007.pdf» không còn" in page.said


def test_what_cannot_be_looked_at_does_not_hide_the_others(officer, sheet, centre):
    whole = sheet(office=centre)
    (whole.parent / "mat.pdf").symlink_to("nowhere")

    assert "0007.pdf" in Page.open(officer, f"/counter/{CODE}").words
    (whole.parent / "mat.pdf").unlink()


@pytest.mark.parametrize("place", ["quay-1/.an.pdf", ".an/0007.pdf", "quay-1/" + "a" * 300, "quay-1/hom-qua.pdf"])
def test_only_what_is_listed_is_reached(officer, sheet, centre, place):
    sheet(".an.pdf", office=centre)
    sheet(desk=".an", office=centre)
    sheet("hom-qua.pdf", office=centre, at=datetime(2026, 11, 20, 9, tzinfo=VIETNAM))

    assert officer.get(f"/counter/scans/{place}").status_code == 404
    form = filled(officer)
    data = dict(form.element.form_values()) | {f"scan:{place}": "id_paper"}
    assert officer.post(f"/counter/{CODE}", data=data).status_code == 422


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"<html><script>alert(1)</script>"), ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")])
def test_what_a_browser_would_run_is_saved_and_not_shown(officer, sheet, centre, name, content):
    sheet(name, office=centre, content=content)

    with officer.get(f"/counter/scans/quay-1/{name}") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.mimetype == "application/octet-stream"
