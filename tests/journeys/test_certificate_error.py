"""An error in the birth certificate, found by the office of another part, goes back to whoever issued it (Decree 63/2024)."""

import pytest

from tests.journeys.clerk import File, Town, agrees
from tests.journeys.groups import child, followed, reported
from tests.journeys.pages import Page
from tests.journeys.test_birth_group import CODE, NO_CARD, register_birth
from tests.journeys.test_correcting import DUE, STEPS, replaced

REPORT = "Kết quả đăng ký khai sinh có sai sót: báo cơ quan cấp"
WRONG = "Năm sinh của mẹ ghi 2001, dữ liệu dân cư là 2000."
MENDING = "Sửa sai sót trong kết quả đăng ký khai sinh"
POLICE = "chuyenvien.cahacthanh"
ANSWERED = "Cơ quan cấp đã trả lời về sai sót đã báo"


def inbox(town: Town, desk: str) -> str:
    return town.clerk(desk).open("/inbox").words


@pytest.fixture
def file(town: Town) -> File:
    """The birth is registered; police and social insurance have their parts."""
    file = town.lodge_online(CODE, NO_CARD)
    file.accept()
    register_birth(town, file)
    return file


@pytest.fixture
def birth(town: Town, file: File) -> File:
    return child(town, file, "birth")


def found(town: Town, file: File, kind: str = "residence", desk: str = POLICE, words: str = WRONG) -> Page:
    """The office that holds a part says that the certificate on which it rests is wrong."""
    part = child(town, file, kind)
    page = part.page(desk).press(REPORT, text=words)
    file.settle()
    return page


class TestReported:
    def test_the_police_tell_the_commune_what_is_wrong_and_the_three_days_of_a_wrong_result_begin(
        self, town: Town, file: File, birth: File
    ) -> None:
        page = found(town, file)
        assert "Đã ghi nhận." in page.said
        assert f"{MENDING}đang xem xét" in page.words
        assert f"trước {DUE}" in page.words
        assert not page.offers(REPORT), "it is under way"
        assert f"Báo cơ quan cấp: kết quả có sai sót, sửa xong trước {DUE}" in page.words, "in its own ledger"

        task = town.clerk("chuyenvien.hacthanh").task(birth.ref, STEPS[0])
        assert WRONG in task.words
        assert "Công an phường Hạc Thành" in task.words
        assert f"trước {DUE}" in birth.track().words, "the parents are told too"
        assert agrees(birth)
        assert agrees(child(town, file, "residence"))

    def test_without_saying_what_is_wrong_nothing_begins(self, town: Town, file: File, birth: File) -> None:
        page = found(town, file, words="")
        assert page.status == 422
        assert not town.clerk("chuyenvien.hacthanh").has(birth.ref, STEPS[0])

    def test_what_the_police_reported_social_insurance_need_not_report_again(self, town: Town, file: File) -> None:
        found(town, file)
        page = found(town, file, "insurance", "chuyenvien.bhxh", "Sai tên trẻ")
        assert page.status in (409, 422)
        assert "đang được xem xét sửa" in page.said

    def test_an_office_that_is_done_with_its_part_may_still_find_it(self, town: Town, file: File, birth: File) -> None:
        reported(town, file, "insurance", "chuyenvien.bhxh", "TE1380000000001")
        assert "Đã ghi nhận." in found(town, file, "insurance", "chuyenvien.bhxh").said
        assert town.clerk("chuyenvien.hacthanh").has(birth.ref, STEPS[0])

    def test_the_part_goes_on_and_the_group_keeps_its_date(self, town: Town, file: File) -> None:
        due = file.due
        found(town, file)
        followed(town, file, "residence")
        followed(town, file, "insurance")
        assert file.dates[-1] == due
        assert file.status == "Đã trả kết quả"


class TestOffered:
    def test_only_from_a_part_that_rests_on_it_and_only_to_whoever_holds_the_part(self, town: Town, file: File, birth: File) -> None:
        assert not birth.page("chuyenvien").offers(REPORT), "its own office corrects it itself"
        assert not file.page("chuyenvien").offers(REPORT)
        assert not child(town, file, "residence").page("tiepnhan").offers(REPORT)
        assert child(town, file, "residence").page(POLICE).offers(REPORT)


class TestMended:
    def test_the_police_read_the_number_of_the_certificate_that_took_its_place(self, town: Town, file: File, birth: File) -> None:
        found(town, file)
        replaced(birth)
        residence = child(town, file, "residence")
        assert "Kết quả thay thếsố 129/UBND" in residence.page(POLICE).words
        birth.by("traketqua", STEPS[4])
        words = residence.page(POLICE).words
        assert "Cơ quan cấp trả lời về sai sót đã báo: đã thay kết quả" in words
        assert "số 129/UBND" in birth.page().words
        assert f"Cơ quan cấp đã trả lời về sai sót đã báo: đã thay kết quả. {residence.row.owner_name} {residence.ref}" in inbox(town, POLICE)
        assert ANSWERED not in inbox(town, "chuyenvien.bhxh"), "it reported nothing"
        residence.page(POLICE).press("Đã đọc trả lời về sai sót đã báo")
        assert ANSWERED not in inbox(town, POLICE)
        assert not residence.page(POLICE).offers("Đã đọc trả lời về sai sót đã báo")
        assert agrees(birth)
        assert agrees(residence)

    def test_where_the_certificate_is_right_the_police_read_why(self, town: Town, file: File, birth: File) -> None:
        found(town, file)
        birth.by("chuyenvien", STEPS[0], error_found=False)
        birth.by("chuyenvien", "Trả lời người yêu cầu", explanation="Giấy chứng sinh và hộ tịch của mẹ ghi 2001.")
        words = child(town, file, "residence").page(POLICE).words
        assert f"{MENDING}không có sai sót" in words
        assert "Giấy chứng sinh và hộ tịch của mẹ ghi 2001." in words
        assert "Đã ghi nhận." in found(town, file, words="Hộ tịch của mẹ đã cải chính năm 2000.").said, "with better grounds"
