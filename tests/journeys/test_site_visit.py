"""Somebody comes to look: told before, written down after (Decree 118/2025, art. 19(4)(a); 1.013225)."""

import pytest

from engine.ledger.read import history
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.pages import Page

CODE = "1.013225"
TELL = "Báo người nộp"
VISIT = {"visit_at": "26/11/2026 08:30", "visit_place": "Thửa đất số 12", "visit_people": "Công chức địa chính, chủ đầu tư"}


@pytest.fixture
def file(town: Town) -> File:
    """The specialist is about to go there."""
    file = town.take_in(CODE)
    file.by("truongphong", "Phân công thụ lý", assignee="Nguyễn Thị Hải Yến, Công chức tư pháp - hộ tịch")
    file.by("chuyenvien", "Xác định cơ quan lấy ý kiến", consultation_needed_flag=False)
    file.by("chuyenvien", "Thẩm định hồ sơ")
    return file


def told(file: File, **other: str) -> Page:
    return file.page("chuyenvien").press(TELL, **VISIT | other)


class TestBefore:
    def test_the_applicant_reads_when_where_and_who_comes(self, file: File) -> None:
        assert "Chưa báo người nộp" in file.page("chuyenvien").words
        page = told(file)

        assert "Đã báo người nộp lịch kiểm tra." in page.said
        assert "Báo người nộp lịch kiểm tra thực địa: 08:30 thứ Năm 26/11/2026" in page.words
        seen = file.track().words
        assert "Cơ quan kiểm tra thực địa lúc 08:30 thứ Năm 26/11/2026, tại Thửa đất số 12." in seen
        assert "Công chức địa chính, chủ đầu tư" in seen
        assert agrees(file)

    def test_another_time_is_told_again_and_a_double_click_is_one(self, file: File) -> None:
        told(file)
        form = file.page("chuyenvien").form(TELL)
        form.fill(VISIT | {"visit_at": "27/11/2026 08:30"})
        form.press(TELL)
        form.press(TELL)

        with file.town.house.sessions() as session:
            assert [one.type for one in history(session, file.row.id)].count("visit.announced") == 2
        assert "08:30 thứ Sáu 27/11/2026" in file.track().words
        assert agrees(file)

    def test_a_time_that_is_over_or_none_is_refused_and_nothing_is_lost(self, file: File) -> None:
        past = told(file, visit_at="20/11/2026 08:30")
        none = told(file, visit_at="mai")

        assert (past.status, "thời gian kiểm tra đã qua" in past.said) == (422, True)
        assert (none.status, "Hãy ghi đủ thời gian" in none.said) == (422, True)
        assert "Thửa đất số 12" in none.html
        long = told(file, visit_people="x" * 501)
        assert (long.status, "tối đa 500" in long.said) == (422, True)
        assert "Thửa đất số 12" in long.html

    def test_whoever_receives_does_not_announce_it(self, file: File) -> None:
        assert not file.page("tiepnhan").offers(TELL)


class TestMinutes:
    def test_are_a_paper_with_what_was_told_before_and_what_was_found(self, file: File) -> None:
        told(file)
        file.town.at("2026-11-26 10:00")
        file.by("chuyenvien", "Kiểm tra thực địa", minutes_no="05/BB-KTTĐ", conclusion="Hiện trạng phù hợp với hồ sơ.")
        [minutes] = file.slips("site_minutes")

        assert minutes.number == "05/BB-KTTĐ"
        assert minutes.data["announced"]["place"] == "Thửa đất số 12"
        assert minutes.data["conclusion"] == "Hiện trạng phù hợp với hồ sơ."
        assert "Biên bản kiểm tra thực địa" in file.page("chuyenvien").words
        assert "Biên bản kiểm tra thực địa" in file.track().words, "the applicant has a copy"
        assert not file.page("chuyenvien").offers(TELL)
        assert agrees(file)

    def test_say_nothing_of_an_announcement_that_was_not_made(self, file: File) -> None:
        file.by("chuyenvien", "Kiểm tra thực địa")

        assert file.slips("site_minutes")[0].data["announced"] is None
