"""The calendar as an administrator keeps it: a change is seen before it is made, and every date that moves is told."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from engine.base.clock import VIETNAM
from engine.calendar.change_models import ClockChange, Recount
from engine.calendar.models import DayException
from engine.dossiers.models import Supplement
from engine.ledger.read import history
from engine.notices.models import Notice
from tests.journeys.pages import Page
from webapp.demo.walk import Policy

_ASKED = ("supplement_received", "supplement_expired")
HOLIDAY = {
    "kind": "day",
    "day": "2026-12-02",
    "is_a": "holiday",
    "name": "Nghỉ đột xuất vì bão",
    "name_en": "Storm",
    "source": "Công điện 99/CĐ-TTg",
}


@pytest.fixture
def lodged(ward):
    """Due on 8 December: ten working days from 23 November."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    return lodged


@pytest.fixture
def admin(login):
    return login("quantri")


def previewed(client, **changes):
    return Page(client, client.post("/calendar/preview", data={**HOLIDAY, **changes}))


def shown(moment):
    return f"{moment.astimezone(VIETNAM):%d/%m %H:%M}"


def count(sessions, model):
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model))


def story(ward, lodged):
    with ward.sessions() as session:
        return history(session, lodged.dossier_id)


class TestAHolidayAnnouncedLate:
    """Open deadlines are counted anew, in one batch, with an event and a notice for each that moved."""

    def test_it_is_seen_first_and_nothing_has_changed(self, lodged, ward, admin, province_sessions):
        before = count(province_sessions, DayException)
        page = previewed(admin)
        row = page.row(ward.dossier(lodged).code).text_content()
        assert "17:00 thứ Ba 08/12/2026" in row
        assert "17:00 thứ Tư 09/12/2026" in row
        assert count(province_sessions, DayException) == before
        assert shown(ward.dossier(lodged).due_at) == "08/12 17:00"

    def test_confirmed_the_worker_moves_each_with_an_event_a_notice_and_a_line(self, lodged, ward, admin, town, client):
        page = previewed(admin).press("Ghi vào lịch và chuyển các hạn này")
        assert page.said == "Đã ghi vào lịch. 1 hồ sơ được tính lại hạn và báo người nộp."
        assert "đã tính lại 0 trên 1 hồ sơ" in page.words
        town.work_off()

        dossier = ward.dossier(lodged)
        assert shown(dossier.due_at) == "09/12 17:00"
        moved = [one.payload for one in story(ward, lodged) if one.type == "deadline.moved"]
        assert [(one["of"], one["why"]) for one in moved] == [("result", "calendar")]
        with ward.sessions() as session:
            notice = session.scalars(select(Notice).order_by(Notice.made_at.desc(), Notice.id.desc())).first()
            assert notice.template == "date_moved"
        assert "đã tính lại 1 trên 1 hồ sơ" in Page.open(admin, "/calendar").words
        told = Page.open(client, "/track").press("Xem hồ sơ", code=dossier.code, secret=dossier.secret).words
        assert "Ngày hẹn trả kết quả chuyển từ 17:00 thứ Ba 08/12/2026 sang 17:00 thứ Tư 09/12/2026" in told
        assert "Nghỉ đột xuất vì bão (Công điện 99/CĐ-TTg)" in told
        client.set_cookie("lang", "en")
        english = Page.open(client, f"/track?code={dossier.code}&secret={dossier.secret}")
        assert "Storm (Công điện 99/CĐ-TTg)." in english.words
        assert "Nghỉ đột xuất" not in english.words
        assert english.tree.findtext(".//dt") == "Procedure", "this one, not the list of them"
        book = Page.open(admin, f"/dossiers/{dossier.code}/clock")
        assert book.status == 404, "an administrator sees no dossier"

    def test_the_worker_comes_twice_and_moves_it_once(self, lodged, ward, admin, town):
        previewed(admin).press("Ghi vào lịch và chuyển các hạn này")
        town.work_off()
        town.work_off()
        assert [one.type for one in story(ward, lodged)].count("deadline.moved") == 1

    def test_withdrawn_again_the_date_goes_back(self, lodged, ward, admin, town):
        previewed(admin).press("Ghi vào lịch và chuyển các hạn này")
        town.work_off()
        back = {"kind": "day_withdrawn", "day": "2026-12-02", "source": "Bão không vào"}
        page = Page(admin, admin.post("/calendar/preview", data=back))
        page.press("Ghi vào lịch và chuyển các hạn này")
        town.work_off()
        assert shown(ward.dossier(lodged).due_at) == "08/12 17:00"

    def test_what_is_over_stays_as_it_was_told(self, ward, admin, town):
        lodged = ward.lodge("2.000908", channel="in_person")
        ward.walk(lodged)
        due = ward.dossier(lodged).due_at
        page = previewed(admin)
        assert "Không hạn nào chuyển" in page.words
        page.press("Ghi vào lịch")
        town.work_off()
        assert ward.dossier(lodged).due_at == due

    def test_a_supplement_that_ends_on_that_day_ends_on_the_next(self, ward, admin, town):
        lodged = ward.lodge("1.001776", channel="in_person")
        asks = Policy({"examine_beneficiary": [{"examination_outcome": "supplement"}]}, rest_at=_ASKED)
        ward.walk(lodged, asks)
        previewed(admin, day="2026-12-08").press("Ghi vào lịch và chuyển các hạn này")
        town.work_off()
        with ward.sessions() as session:
            row = session.scalars(select(Supplement).filter_by(dossier_id=lodged.dossier_id)).one()
        assert shown(row.due_at) == "09/12 23:59"
        assert {shown(one.due_at) for one in ward.waits(lodged).values() if one.kind == "timer"} == {"09/12 23:59"}

    def test_somebody_elses_office_keeps_its_dates(self, lodged, ward, admin):
        page = previewed(admin, office_id=str(ward.office("Ủy ban nhân dân phường Sầm Sơn")))
        assert "Không hạn nào chuyển" in page.words


class TestOtherChanges:
    def test_a_make_up_saturday_brings_dates_forward(self, lodged, ward, admin):
        page = previewed(admin, day="2026-11-28", is_a="make_up", name="Làm bù")
        assert "17:00 thứ Hai 07/12/2026" in page.row(ward.dossier(lodged).code).text_content()

    def test_a_half_day_on_the_last_day_ends_it_at_noon(self, lodged, ward, admin):
        page = previewed(admin, day="2026-12-08", is_a="half_day", hours="07:00-11:30", name="Nghỉ chiều")
        assert "11:30 thứ Ba 08/12/2026" in page.row(ward.dossier(lodged).code).text_content()

    def test_new_hours_move_the_hour_at_which_days_end(self, lodged, ward, admin):
        week = {f"week_{day}": "07:30-12:00, 13:00-16:30" for day in range(5)}
        page = previewed(admin, kind="hours", valid_from="2026-12-01", **week)
        assert "16:30 thứ Ba 08/12/2026" in page.row(ward.dossier(lodged).code).text_content()
        page.press("Ghi vào lịch và chuyển các hạn này")
        assert "07:30-12:00, 13:00-16:30" in Page.open(admin, "/calendar").words


class TestFaults:
    DOWN = {
        "kind": "fault",
        "system": "CSDL quốc gia về dân cư",
        "what": "mất kết nối",
        "article": "Nghị định 63/2024/NĐ-CP",
        "started_at": "2026-11-25T07:00",
    }

    def test_recorded_open_and_closed_the_time_between_is_not_counted(self, lodged, ward, admin, town, clock):
        clock.at = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
        page = Page(admin, admin.post("/calendar/preview", data=self.DOWN)).press("Ghi vào lịch")
        assert "chưa khắc phục" in page.words
        clock.at = datetime(2026, 11, 25, 14, tzinfo=VIETNAM)
        page = page.press("Đã hoạt động lại: xem hạn nào chuyển", ended_at="2026-11-25T11:00")
        page.press("Ghi vào lịch và chuyển các hạn này")
        town.work_off()

        dossier = ward.dossier(lodged)
        assert shown(dossier.due_at) == "09/12 11:00"
        book = Page.open(ward_client(town, "chuyenvien.hacthanh"), f"/dossiers/{dossier.code}/clock")
        assert "mất kết nối" in book.row("Sự cố hệ thống").text_content()
        assert "Không tính 4 giờ: CSDL quốc gia về dân cư: mất kết nối" in book.words

    def test_another_procedure_is_not_concerned(self, lodged, admin, clock):
        clock.at = datetime(2026, 11, 25, 14, tzinfo=VIETNAM)
        data = self.DOWN | {"ended_at": "2026-11-25T11:00", "procedures": "1.001193"}
        assert "Không hạn nào chuyển" in Page(admin, admin.post("/calendar/preview", data=data)).words

    @pytest.mark.parametrize(("typed", "status"), [("1.001193; thủ tục đăng ký khai sinh", 200), ("1.001193, 2.000635", 200), ("Đăng ký lạ", 422), ("1.001193; 9.999999", 422)])
    def test_procedures_are_named_by_code_or_name_and_one_that_is_not_there_is_refused(self, admin, clock, typed, status):
        clock.at = datetime(2026, 11, 25, 14, tzinfo=VIETNAM)
        data = self.DOWN | {"ended_at": "2026-11-25T11:00", "procedures": typed}
        page = Page(admin, admin.post("/calendar/preview", data=data))
        assert page.status == status
        assert ("Ô mã thủ tục: không có thủ tục nào" in page.words) == (status == 422)

    @pytest.mark.parametrize(("begins", "status"), [("2026-12-02T07:00", 409), ("2026-12-03T07:00", 200)])
    def test_t15_a_planned_downtime_is_announced_seven_working_days_ahead(self, admin, begins, status):
        """Decree 224/2026: told on Monday 23 November, the seventh working day is Thursday 3 December."""
        data = self.DOWN | {"planned": "1", "started_at": begins, "ended_at": begins.replace("07:00", "17:00")}
        page = Page(admin, admin.post("/calendar/preview", data=data))
        assert page.status == status
        assert ("sớm nhất từ ngày 03/12/2026" in page.words) == (status == 409)


def ward_client(town, username):
    return town.clerk(username).client


class TestRefusedInWords:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"source": ""}, "Hãy ghi nội dung và văn bản làm căn cứ."),
            ({"name": " "}, "Hãy ghi nội dung và văn bản làm căn cứ."),
            ({"day": "2026-02-30"}, "Hãy ghi ngày, giờ có trong lịch."),
            ({"day": "2031-01-01"}, "Ngày 01/01/2031 quá xa hôm nay."),
            ({"is_a": "half_day", "hours": "11:30-07:00"}, "Giờ làm việc ghi như"),
            ({"is_a": "half_day", "hours": ""}, "Giờ làm việc ghi như"),
            ({"is_a": "moon"}, "Giờ làm việc ghi như"),
            ({"kind": "x"}, "Trang gửi lên nội dung mà mẫu không có."),
            ({"kind": "hours", "valid_from": "2026-12-01"}, "Giờ làm việc ghi như"),
            ({"kind": "fault", "system": "A", "what": "B", "article": "C", "started_at": "2027-01-01T07:00"}, "Thời gian ngừng"),
            ({"office_id": "x"}, "Trang gửi lên nội dung mà mẫu không có."),
        ],
    )
    def test_and_what_was_typed_stays(self, admin, changes, words):
        page = previewed(admin, **changes)
        assert page.status == 422
        assert words in page.words

    def test_a_day_that_was_never_entered_cannot_be_withdrawn(self, admin):
        assert previewed(admin, kind="day_withdrawn").status == 404

    def test_if_other_dates_would_move_than_were_seen_it_is_looked_at_again(self, lodged, ward, admin, province_sessions):
        page = previewed(admin)
        second = ward.lodge("1.001776", channel="in_person")
        ward.walk(second, Policy(rest_at=("examine_beneficiary",)))
        answer = page.press("Ghi vào lịch và chuyển các hạn này")
        assert answer.status == 409
        assert "đã khác so với lúc bạn xem" in answer.words
        assert count(province_sessions, ClockChange) == 0

    def test_sent_twice_it_is_one_change(self, lodged, admin, province_sessions):
        form = previewed(admin).form("Ghi vào lịch và chuyển các hạn này")
        form.press("Ghi vào lịch và chuyển các hạn này")
        form.press("Ghi vào lịch và chuyển các hạn này")
        assert (count(province_sessions, ClockChange), count(province_sessions, Recount)) == (1, 1)

    @pytest.mark.parametrize("username", ["lanhdao.hacthanh", "tiepnhan.hacthanh"])
    def test_others_read_it_and_change_nothing(self, login, username):
        client = login(username)
        page = Page.open(client, "/calendar")
        assert "Ngày Văn hóa Việt Nam" in page.words
        assert not page.offers("Xem hạn nào chuyển")
        assert client.post("/calendar/preview", data=HOLIDAY).status_code == 403
        assert client.post("/calendar", data={**HOLIDAY, "key": str(uuid.uuid4())}).status_code == 403
