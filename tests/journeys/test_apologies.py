"""Form 04 at its edges: a mistyped year, a clock that stood still before it and after it, a dossier that was verified.

Decree 118/2025 art. 19(6): one new appointment, told with an apology and its reason.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.dossiers import clock, limits, tasks
from engine.dossiers.act import Act
from engine.dossiers.models import Deadline
from tests.journeys import test_food_safety as food
from tests.journeys.clerk import File, Town
from tests.journeys.test_birth import taken_in
from tests.journeys.test_group_dates import answered, asked, supported
from tests.journeys.test_two_stages import book, of

LETTER, WRITE, GRANT = "Xin lỗi và hẹn lại (Mẫu 04)", "Soạn văn bản xin lỗi, hẹn lại", "Duyệt gia hạn"
WHY = "Chờ kết quả xác minh"


def apologised(file: File, day: str) -> None:
    file.say(LETTER, by="chuyenvien")
    file.by("chuyenvien", WRITE, reason=WHY, new_due_on=day)
    file.by("lanhdao", GRANT, extension_approval="approve")


def stood_still_a_day(town: Town, file: File) -> None:
    town.at("2026-11-25 08:00")
    file.page("lanhdao").press("Tạm dừng đồng hồ", text="Điều 19; công văn 1")
    town.at("2026-11-26 08:00")
    file.page("lanhdao").press("Cho đồng hồ chạy tiếp")
    file.settle()


class TestAMistypedYear:
    def test_is_refused_to_whoever_writes_the_letter_and_says_until_when_a_date_may_be(self, town: Town) -> None:
        file, support = supported(town)
        support.say(LETTER, by="chuyenvien")
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, WRITE).form("Hoàn thành bước")
        form.fill({"reason": WHY, "new_due_on": "2199-12-30"})
        page = form.press("Hoàn thành bước")
        assert page.status == 422
        assert "Ngày hẹn lại không được muộn hơn 23:59 23/11/2027" in page.said
        form.fill({"new_due_on": "2026-12-04"})
        form.press("Hoàn thành bước")
        support.by("lanhdao", GRANT, extension_approval="approve")
        assert (file.due, support.due) == ("17:00 thứ Sáu 04/12/2026", "17:00 thứ Sáu 04/12/2026")

    def test_of_a_letter_that_lies_with_the_leader_already_can_be_said_no_to(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        file, support = supported(town)
        support.say(LETTER, by="chuyenvien")
        with monkeypatch.context() as before:
            before.setitem(tasks.CHECKS, "write_apology", lambda act, letter: None)
            support.by("chuyenvien", WRITE, reason=WHY, new_due_on="2199-12-30")
        form = town.clerk("lanhdao.hacthanh").task(support.ref, GRANT).form("Hoàn thành bước")
        form.fill({"extension_approval": "approve"})
        assert "Hãy xem lại năm đã gõ" in form.press("Hoàn thành bước").said
        support.by("lanhdao", GRANT, extension_approval="deny")
        assert (file.due, support.due) == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026")


class TestTheClockStoodStill:
    def test_before_the_letter_and_behind_it_and_the_sum_has_both(self, town: Town) -> None:
        """Ten working days are Tuesday 08/12; 11 h 30 more are 10/12; the letter names 30/12, and an hour more is 31/12."""
        file = town.take_in("1.001776")
        for stops, goes_on in (("2026-11-23 10:30", "2026-11-25 16:00"), ("2026-11-26 10:00", "2026-11-26 11:00")):
            town.at(stops)
            file.page("lanhdao").press("Tạm dừng đồng hồ", text="Điều 19; công văn 1")
            town.at(goes_on)
            file.page("lanhdao").press("Cho đồng hồ chạy tiếp")
            file.settle()
            if goes_on == "2026-11-25 16:00":
                apologised(file, "2026-12-30")
        with town.house.unit(SYSTEM) as uow:
            act = Act.on(uow, file.row.id)
            [run] = act.runs
            assert [one["what"] for one in run.lines if one["what"] in ("paused", "first_due", "due", "extended")] == [
                "first_due",
                "paused",
                "due",
                "extended",
                "paused",
            ]
            assert [one["number"] for one in run.lines if one["what"] == "paused"] == [690, 60]
            calendar = act.calendar()
            begun = clock.behind_start(calendar, run.started_at, timedelta(minutes=750), elapsed=False)
            assert clock.counts_from(calendar, run) == begun, "none of it is used time"
        words = town.clerk("chuyenvien.hacthanh").open(f"/dossiers/{file.ref}/clock").words
        assert "Không tính 11 giờ 30 phút" in words
        assert "Không tính 1 giờ" in words
        assert file.due == "08:00 thứ Năm 31/12/2026"

    def test_of_a_limit_in_days_of_the_calendar_the_time_that_went_by_is_none_that_was_used(self, town: Town) -> None:
        file = food.paid(town)
        stood_still_a_day(town, file)
        apologised(file, "2026-12-15")
        with town.house.unit(SYSTEM) as uow:
            act = Act.on(uow, file.row.id)
            [run] = act.runs
            assert (run.rule, clock.counts_from(act.calendar(), run)) == ("T09", run.started_at + timedelta(days=1))

    def test_of_a_limit_in_hours_of_the_clock_neither_is_the_night_in_which_it_stood_still(self, town: Town) -> None:
        file = food.paid(town)
        with town.house.unit(SYSTEM) as uow:
            act = Act.on(uow, file.row.id)
            act.runs[0].limit = "240 h"
            limits.move(act, "calendar", act.dossier.id)
        stood_still_a_day(town, file)
        apologised(file, "2026-12-15")
        with town.house.unit(SYSTEM) as uow:
            act = Act.on(uow, file.row.id)
            [run] = act.runs
            assert (run.limit, clock.counts_from(act.calendar(), run)) == ("240 h", run.started_at + timedelta(days=1))


class TestVerified:
    def test_a_birth_that_is_verified_and_late_all_the_same_is_apologised_for_once(self, town: Town) -> None:
        """Decree 118/2025 art. 19(6) makes no difference between limits; three working days were the law's."""
        file = taken_in(town)
        file.by("chuyenvien", "Thẩm tra hồ sơ khai sinh", examination_outcome="verify", marriage_lookup="missing", duplicate_check="clear")
        assert file.due == "17:00 thứ Sáu 27/11/2026"
        apologised(file, "2026-12-01")
        assert file.due == "17:00 thứ Ba 01/12/2026"
        assert not file.page("chuyenvien").offers(LETTER), "there is no second time"

    def test_before_it_is_verified_no_apology_takes_the_place_of_verifying(self, town: Town) -> None:
        town.at("2026-11-23 15:30")
        file = taken_in(town)
        with town.house.sessions() as session:
            [limit] = session.scalars(select(Deadline.limit).filter_by(dossier_id=file.row.id))
        assert limit == "same_day"
        file.say(LETTER, by="chuyenvien")
        form = town.clerk("chuyenvien.hacthanh").task(file.ref, WRITE).form("Hoàn thành bước")
        form.fill({"reason": WHY, "new_due_on": "2026-12-01"})
        assert "Luật không cho thủ tục này thời hạn dài hơn" in form.press("Hoàn thành bước").said


def test_of_a_file_completed_behind_an_apology_no_page_asks_for_a_second_one(town: Town) -> None:
    """Art. 19(5), (6): the limit counts from zero, the one new appointment is used up."""
    _, support = supported(town)
    apologised(support, "2026-12-04")
    asked(town, support)
    answered(town, support)
    assert support.due == "17:00 thứ Sáu 27/11/2026"
    found = book(town, support, "chuyenvien.hacthanh")
    assert of(found, "T09") == [("đã dùng 1 trên 1 lần", "")]
    assert of(found, "T08") == [("17:00 thứ Năm 26/11/2026", "đúng hạn")]
    town.at("2026-11-26 15:00")
    page = support.page("chuyenvien")
    assert "Nếu không kịp, phải xin lỗi" not in page.words
    assert not page.offers(LETTER)
    with town.house.unit(SYSTEM) as uow:
        assert limits.apology_by(Act.on(uow, support.row.id)) is None
