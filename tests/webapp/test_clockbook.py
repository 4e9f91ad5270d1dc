"""The book of a dossier's clock, and what a head can do about the clock, through the pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base.clock import VIETNAM
from engine.dossiers.models import Task
from tests.journeys.pages import Page
from webapp.demo.walk import Policy


@pytest.fixture
def dossier(ward):
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    return ward.dossier(lodged)


def book(client, dossier):
    return Page.open(client, f"/dossiers/{dossier.code}").link("Sổ đồng hồ của hồ sơ")


class TestBook:
    def test_it_tells_intervals_limits_and_steps_each_with_its_article(self, dossier, login):
        page = book(login("chuyenvien.hacthanh"), dossier)
        assert page.heading == "Sổ đồng hồ của hồ sơ"
        assert "tiếp nhận đủ và hợp lệ" in page.row("Chạy").text_content()
        row = page.row("T06").text_content()
        assert "17:00 thứ Sáu 27/11/2026" in row
        assert "Điều 19 khoản 5" in row
        assert "đã dùng 0 trên 1 lần" in page.row("T09").text_content()
        assert "Bắt đầu" in page.words

    def test_in_english(self, dossier, login):
        client = login("chuyenvien.hacthanh")
        client.set_cookie("lang", "en")
        words = Page.open(client, f"/dossiers/{dossier.code}/clock").words
        assert "Limits of the law" in words
        assert "accepted, complete and valid" in words

    def test_of_a_dossier_that_is_none_of_theirs_nobody_reads_it(self, dossier, login):
        assert Page.open(login("chuyenvien.samson"), f"/dossiers/{dossier.code}/clock").status == 404

    def test_before_acceptance_it_says_when_the_clock_begins(self, ward, login):
        lodged = ward.lodge("2.000908", channel="online")
        page = Page.open(login("tiepnhan.hacthanh"), f"/dossiers/{lodged.reference}/clock")
        assert "Thời hạn bắt đầu khi hồ sơ được tiếp nhận đủ và hợp lệ." in page.words
        assert "T02" in page.words


class TestSuspend:
    def test_the_head_stops_it_by_a_law_and_lets_it_go_on(self, dossier, login, clock):
        page = Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}")
        clock.at = datetime(2026, 11, 25, 7, tzinfo=VIETNAM)
        page = page.press("Tạm dừng đồng hồ", text="Công văn 12/TA")
        assert "Tạm dừng: theo luật" in page.words
        clock.at = datetime(2026, 11, 26, 7, tzinfo=VIETNAM)
        page = page.press("Cho đồng hồ chạy tiếp")
        assert "17:00 thứ Tư 09/12/2026" in page.words
        told = book(login("lanhdao.hacthanh"), dossier)
        assert "Công văn 12/TA" in told.row("Tạm dừng").text_content()
        assert "Không tính 8 giờ: Tạm dừng theo yêu cầu" in told.words

    def test_without_a_law_it_is_refused_in_words(self, dossier, login):
        page = Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}").press("Tạm dừng đồng hồ", text="")
        assert page.status == 422
        assert "Việc này cần ghi rõ nội dung." in page.words

    def test_who_may_not_is_not_offered_it(self, dossier, login):
        page = Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{dossier.code}")
        assert not page.offers("Tạm dừng đồng hồ")
        answer = login("chuyenvien.hacthanh").post(f"/dossiers/{dossier.code}/suspend", data={"text": "x", "key": "0" * 32})
        assert answer.status_code in (403, 422)

    def test_the_citizen_reads_it_on_the_tracking_page(self, dossier, login, client, clock):
        Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}").press("Tạm dừng đồng hồ", text="Điều 30 Luật X")
        page = Page.open(client, "/track").press("Xem hồ sơ", code=dossier.code, secret=dossier.secret)
        assert "Thời gian từ nay không tính vào thời hạn giải quyết, theo Điều 30 Luật X." in page.words


class TestWarnings:
    """70 % and 90 % of the working time (the clock's colours), and the apology that must come a day before (T08)."""

    def test_at_70_percent_it_is_soon_and_at_90_critical(self, dossier, login, clock):
        seen = {}
        for moment in ("02/12 12:00", "03/12 16:00", "07/12 16:45"):
            clock.at = datetime.strptime(moment, "%d/%m %H:%M").replace(year=2026, tzinfo=VIETNAM)
            seen[moment] = Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{dossier.code}").words
        assert "Sắp hạn: còn" not in seen["02/12 12:00"]
        assert "Sắp hạn: còn" in seen["03/12 16:00"]
        assert "Gấp: còn" in seen["07/12 16:45"]

    def test_the_tabs_of_the_inbox_hold_it_from_the_same_instants_on(self, dossier, login, clock, ward):
        with ward.sessions() as session:
            task = session.scalars(select(Task).filter_by(dossier_id=dossier.id, done_at=None)).one()
        for instant, tab, other in ((task.warn_at, "warn", "ok"), (task.urge_at, "urge", "warn")):
            clock.at = instant - timedelta(minutes=1)
            before = Page.open(login("chuyenvien.hacthanh"), f"/inbox?urgency={other}").words
            assert dossier.owner_name in before
            clock.at = instant + timedelta(minutes=1)
            assert dossier.owner_name in Page.open(login("chuyenvien.hacthanh"), f"/inbox?urgency={tab}").words

    def test_art_19_6_from_70_percent_on_the_specialist_is_told_until_when_to_apologise(self, dossier, login, clock):
        clock.at = datetime(2026, 12, 3, 16, tzinfo=VIETNAM)
        words = Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{dossier.code}").words
        assert "phải xin lỗi và hẹn lại trước 17:00 thứ Hai 07/12/2026" in words
        clock.at += timedelta(days=5)
        words = Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{dossier.code}").words
        assert "Không còn xin lỗi, hẹn lại được nữa" in words


class TestSuspendedWork:
    """While a dossier is suspended its steps stand still with it, and everybody who has one sees that."""

    @pytest.fixture
    def task(self, ward, dossier):
        with ward.sessions() as session:
            return session.scalars(select(Task).filter_by(dossier_id=dossier.id, done_at=None)).one()

    @pytest.fixture
    def suspended(self, dossier, login):
        return Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}").press("Tạm dừng đồng hồ", text="Điều 30 Luật X")

    def test_the_inbox_and_the_dossier_say_so(self, dossier, suspended, login):
        assert "Tạm dừng từ" in suspended.words
        assert "Hồ sơ đang tạm dừng giải quyết: làm tiếp khi lãnh đạo" in suspended.words
        words = Page.open(login("chuyenvien.hacthanh"), "/inbox").words
        assert "Tạm dừng: theo luật" in words

    def test_the_page_of_its_task_says_why_and_what_is_sent_all_the_same_is_refused(self, task, login, dossier):
        specialist = login("chuyenvien.hacthanh")
        form = Page.open(specialist, f"/tasks/{task.id}").form("Hoàn thành bước")
        Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}").press("Tạm dừng đồng hồ", text="Điều 30 Luật X")
        refused = form.press("Hoàn thành bước")
        assert refused.status == 409
        assert "Hồ sơ đang tạm dừng giải quyết từ" in refused.words
        assert "theo Điều 30 Luật X" in refused.words
        page = Page.open(specialist, f"/tasks/{task.id}")
        assert not page.offers("Hoàn thành bước")
        assert "hạn của bước cũng dừng và lùi lại khi hồ sơ chạy tiếp" in page.words

    def test_the_book_of_the_clock_shows_what_the_clock_of_the_step_did(self, dossier, suspended, login, clock):
        assert "đang dừng" in book(login("chuyenvien.hacthanh"), dossier).row("Thẩm tra điều kiện hưởng").text_content()
        clock.at += timedelta(days=3)
        Page.open(login("lanhdao.hacthanh"), f"/dossiers/{dossier.code}").press("Cho đồng hồ chạy tiếp")
        told = book(login("chuyenvien.hacthanh"), dossier).row("Thẩm tra điều kiện hưởng").text_content()
        assert "Đồng hồ của bước" in told
        assert "Điều 30 Luật X" in told
        assert "Nếu không tạm dừng" in told


class TestAsking:
    """Art. 19(5): what is missing is asked for within three working days of reception, later only with a reason (T06)."""

    def test_t06_the_last_moment_is_seen_before_it_has_passed_and_after_it_that_a_reason_is_needed(
        self, ward, dossier, login, clock
    ):
        with ward.sessions() as session:
            task = session.scalars(select(Task).filter_by(dossier_id=dossier.id, done_at=None)).one()
        words = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}").words
        assert "Nếu cần bổ sung thì yêu cầu trước 17:00 thứ Sáu 27/11/2026; sau đó phải ghi rõ lý do." in words
        clock.at = datetime(2026, 11, 27, 17, 1, tzinfo=VIETNAM)
        words = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}").words
        assert "Đã quá hạn yêu cầu bổ sung" in words
        assert "phải ghi rõ lý do" in words

    def test_a_step_that_cannot_ask_says_nothing_of_it(self, ward, login):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("check_dossier",)))
        task = ward.task(lodged)
        words = Page.open(login("tiepnhan.hacthanh"), f"/tasks/{task.id}").words
        assert "Nếu cần bổ sung thì yêu cầu trước" not in words
