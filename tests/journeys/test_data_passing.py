"""Data pass on within ten minutes of each part, a system that is down is mended within a day (Decree 63/2024; L15, L16)."""

import pytest

from tests.journeys.clerk import Clerk, File, Town
from tests.journeys.groups import child, kinds, reported
from tests.journeys.pages import Form
from tests.journeys.test_birth_group import CODE, NO_CARD, register_birth

SLOW = "chuyển dữ liệu quá 10 phút"
DOWN = {
    "system": "Hệ thống đăng ký cư trú",
    "what": "mất kết nối",
    "article": "Nghị định 63/2024/NĐ-CP",
    "started_at": "2026-11-25T07:00",
}


@pytest.fixture
def file(town: Town) -> File:
    file = town.lodge_online(CODE, NO_CARD)
    file.accept()
    return file


def entered(desk: Clerk, down: dict[str, str]) -> None:
    """An administrator writes into the calendar that a system is down."""
    page = desk.open("/calendar")
    form = next(Form(page, one) for one in page.tree.forms if "system" in one.fields)
    form.fill(down)
    form.press("Xem hạn nào chuyển").press("Ghi vào lịch")


class TestPassing:
    def test_the_page_of_the_group_says_when_each_part_was_sent_received_and_passed_on(self, town: Town, file: File) -> None:
        register_birth(town, file)
        words = file.page().words
        assert "gửi 09:40 23/11/2026nhận 09:41 23/11/2026" in words
        assert "dữ liệu sang nhóm 09:47 23/11/2026" in words
        assert SLOW not in words
        reported(town, file, "insurance", "chuyenvien.bhxh", "TE1380000000001")
        assert "dữ liệu sang nhóm" in child(town, file, "insurance").page("chuyenvien.bhxh").words, "its own page says so too"

    def test_a_letter_that_nobody_carried_for_ten_minutes_is_seen_by_the_administrator_until_it_is_there(
        self, town: Town, file: File, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as stopped:
            stopped.setattr("tests.journeys.clerk.deliver_post", lambda unit: 0)
            birth = register_birth(town, file)
            assert birth.status == "Đã trả kết quả"
            assert kinds(town, file) == {"birth"}, "nothing came to the group"
            town.at("2026-11-23 09:55")
            assert "Không có sự cố nào." in town.clerk("quantri").open("/incidents/").words
            town.at("2026-11-23 10:00")
            words = town.clerk("quantri").open("/incidents/").words
            assert f"{birth.ref} (đăng ký khai sinh): xong 09:47 23/11/2026, nhóm {file.ref} chưa nhận được dữ liệu quá 10 phút" in words
            assert SLOW in file.page().words
        town.work_off()
        assert kinds(town, file) == {"birth", "residence", "insurance"}
        assert "chưa nhận được dữ liệu" not in town.clerk("quantri").open("/incidents/").words
        assert SLOW in file.page().words, "it was late all the same"

    def test_a_group_that_was_withdrawn_takes_nothing_more_and_nobody_is_blamed(self, town: Town, file: File) -> None:
        file.track().press("Rút hồ sơ", text="Tôi nộp lại ở xã khác", sure=True)
        town.at("2026-11-25 09:00")
        assert SLOW not in file.page().words
        assert "Không có sự cố nào." in town.clerk("quantri").open("/incidents/").words


class TestMending:
    def test_a_system_that_is_down_for_more_than_a_day_stands_at_the_top_of_the_incidents_until_it_works(self, town: Town) -> None:
        town.at("2026-11-25 09:00")
        desk = town.clerk("quantri")
        entered(desk, DOWN)
        town.at("2026-11-26 06:59")
        assert DOWN["system"] not in desk.open("/incidents/").words
        town.at("2026-11-26 07:01")
        words = desk.open("/incidents/").words
        assert "Hệ thống đăng ký cư trú: mất kết nối, ngừng từ 07:00 25/11/2026 quá 24 giờ" in words
        page = desk.open("/calendar").press("Đã hoạt động lại: xem hạn nào chuyển", ended_at="2026-11-26T07:00")
        page.press("Ghi vào lịch")
        assert DOWN["system"] not in desk.open("/incidents/").words
