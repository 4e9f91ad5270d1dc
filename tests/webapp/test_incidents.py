"""The list of incidents: for administrators, with a button to try again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from engine.base.actor import SYSTEM
from engine.dossiers import incidents
from engine.dossiers.models import Task
from engine.runtime.errors import NoConditionTrue
from engine.runtime.machine import Machine
from tests.factories.desk import Ward
from tests.journeys.pages import Page, words_of
from webapp.demo.walk import Policy


@pytest.fixture
def broken(act, province_sessions, clock):
    """A birth registration at which the population database refused the question."""
    ward = Ward(act, province_sessions, clock)
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_population",)))
    wait = ward.waits(lodged)["check_population"]
    with act(SYSTEM) as uow:
        incidents.record(uow, wait.id, RuntimeError("<b>422</b>"))
    return ward.dossier(lodged)


def asked(sessions):
    with sessions() as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))


def test_an_administrator_sees_what_broke_and_has_it_tried_again(broken, login, province_sessions):
    page = Page.open(login("quantri"), "/").link("Sự cố")
    row = page.row(broken.code)
    assert "RuntimeError: <b>422</b>" in row.text_content(), "as text, not as markup"
    before = asked(province_sessions)

    page = page.press("Thử lại ngay")
    assert page.path == "/incidents/"
    assert "thử lại ngay" in page.said
    assert asked(province_sessions) == before + 1


def test_what_was_not_mended_within_a_day_is_marked(broken, login, clock):
    """Decree 63/2024 as amended by 301/2026 (L16)."""
    assert "quá 24 giờ" not in Page.open(login("quantri"), "/incidents/").words
    clock.at += timedelta(hours=24, minutes=1)
    assert "quá 24 giờ" in Page.open(login("quantri"), "/incidents/").row(broken.code).text_content()


def test_it_is_gone_once_the_answer_has_come(broken, login, town):
    town.work_off()
    assert "Không có sự cố nào." in Page.open(login("quantri"), "/incidents/").words


@pytest.mark.parametrize("username", ["lanhdao.hacthanh", "tiepnhan.hacthanh", "kiemtra"])
def test_nobody_else_sees_them(broken, login, username):
    client = login(username)
    assert Page.open(client, "/incidents/").status == 403
    assert client.post(f"/incidents/{broken.id}/retry", data={"key": "x"}).status_code == 403


def test_an_incident_that_does_not_exist(broken, login):
    assert login("quantri").post(f"/incidents/{broken.id}/retry", data={"key": "x"}).status_code == 404


class TestTheDiagramCannotGoOn:
    """No way out of a gateway fits what the specialist entered."""

    def completed(self, login, address):
        page = Page.open(login("chuyenvien.hacthanh"), address)
        form = (page.press("Nhận việc") if page.offers("Nhận việc") else page).form("Hoàn thành bước")
        found = {"register_name": "Sổ cấp bằng", "register_no": "1187/2019"}
        form.fill({"examination_outcome": "eligible", "right_proved": "yes", "found": "yes", **found})
        return form.press("Hoàn thành bước")

    def test_the_officer_is_told_that_nothing_is_lost_and_the_administrator_where_it_is(self, login, town, session, monkeypatch):
        file = town.take_in("2.000908", answers={"result_delivery": "counter"})
        address = f"/tasks/{session.scalars(select(Task.id).filter_by(done_at=None)).one()}"

        def stuck(machine, *_):
            raise NoConditionTrue(element="which_way", name="Có đủ giấy tờ không?", line=31)

        with monkeypatch.context() as broken:
            broken.setattr(Machine, "complete", stuck)
            page = self.completed(login, address)
        assert page.status == 409
        assert "Không nhánh nào của «Có đủ giấy tờ không?» phù hợp với kết quả đã nhập. Chưa có gì được ghi" in page.words
        assert "đã báo quản trị viên" in page.words
        row = words_of(Page.open(login("quantri"), "/incidents/").row(file.ref))
        assert "Tra sổ gốc" in row
        assert "Dừng tại phần tử «Có đủ giấy tờ không?» (which_way) của sơ đồ, dòng 31" in row
        assert "để người đã làm làm lại" in row

        assert self.completed(login, address).status == 200
        assert "Không có sự cố nào." in Page.open(login("quantri"), "/incidents/").words


class TestTheStateCannotBeRead:
    """What is stored of a dossier's place in its diagram was damaged outside of the house."""

    @pytest.fixture
    def task(self, town, session, act):
        file = town.take_in("2.000908", answers={"result_delivery": "counter"})
        found = session.scalars(select(Task).filter_by(done_at=None)).one()
        with act(SYSTEM) as uow:
            uow.session.execute(text("UPDATE runtime_state SET state = 'x' WHERE dossier_id = :id"), {"id": found.dossier_id})
        return f"/tasks/{found.id}", file.ref

    def test_its_pages_open_and_say_whom_to_tell(self, login, task):
        address, code = task
        page = Page.open(login("chuyenvien.hacthanh"), address)
        assert (page.status, page.offers("Hoàn thành bước")) == (200, True)
        assert "Không đọc được trạng thái lưu của hồ sơ này. Chưa có gì được ghi. Hãy báo quản trị viên." in page.words
        assert Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{code}").status == 200
        assert Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{code}/clock").status == 200

    def test_an_act_is_refused_keeps_what_was_typed_and_is_an_incident(self, login, task):
        address, code = task
        form = Page.open(login("chuyenvien.hacthanh"), address).press("Nhận việc").form("Hoàn thành bước")
        form.fill({"examination_outcome": "eligible", "right_proved": "yes", "found": "yes", "register_no": "1187/2019"})
        page = form.press("Hoàn thành bước")
        assert page.status == 409
        assert "Không đọc được trạng thái lưu của hồ sơ này. Chưa có gì được ghi, hồ sơ đứng nguyên" in page.words
        assert page.form("Hoàn thành bước").control("register_no")[0].value == "1187/2019"
        row = words_of(Page.open(login("quantri"), "/incidents/").row(code))
        assert "StateUnreadable" in row
        assert "(JSONDecodeError)" in row, "damaged, and no fault of the program"

    def test_so_is_what_steers_it(self, login, task):
        _, code = task
        page = Page.open(login("tiepnhan.hacthanh"), f"/dossiers/{code}")
        page = page.press("Người nộp rút hồ sơ", text="Tôi không cần nữa.")
        assert (page.status, "Không đọc được trạng thái lưu" in page.words) == (409, True)
