"""A wrong result is put right within three working days, counted as one (Decree 118/2025, art. 23(1); T10)."""

import pytest

from tests.journeys.clerk import PDF, File, Town, agrees
from tests.journeys.pages import Page
from tests.journeys.test_desk import COUNTER, lodged_by_proxy

CODE = "2.000908"
ASK = "Đề nghị sửa kết quả"
WRONG = "Ghi sai năm sinh: 1985, đúng là 1986."
#: Asked on Monday 23 November; Tuesday is a holiday.
DUE = "17:00 thứ Sáu 27/11/2026"
STEPS = ["Xem xét sai sót", "Dự thảo kết quả thay thế", "Ký duyệt", "Cấp số, đóng dấu, phát hành", "Trao kết quả thay thế"]


def decided(file: File) -> File:
    file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
    file.by("chuyenvien", "Lập bản sao")
    file.sign()
    return file


@pytest.fixture
def file(town: Town) -> File:
    """Handed over, and stored in its owner's warehouse."""
    file = decided(town.take_in(CODE, answers=COUNTER, lookup="missing"))
    form = file.page("vanthu").form("Lưu kết quả điện tử")
    form.attach("file:result", PDF, "ban-sao.pdf")
    form.press("Lưu kết quả điện tử")
    file.hand_over()
    return file


def asked(file: File) -> Page:
    page = file.track().press(ASK, text=WRONG)
    file.settle()
    return page


def replaced(file: File) -> None:
    file.by("chuyenvien", STEPS[0], error_found=True)
    drafted = file.town.clerk("chuyenvien.hacthanh").task(file.ref, STEPS[1]).form("Hoàn thành bước")
    assert drafted.control("replaces_number")[0].value == "128/UBND", "the house knows which result it was"
    file.by("chuyenvien", STEPS[1])
    file.by("lanhdao", STEPS[2], sign_outcome="sign")
    file.by("vanthu", STEPS[3], number="129/UBND")


class TestAskedFor:
    def test_the_applicant_says_what_is_wrong_and_reads_until_when_art_23_1(self, file: File) -> None:
        page = asked(file)

        assert "Đã ghi nhận." in page.said
        assert f"trước {DUE}" in page.words
        assert "Điều 23 khoản 1" in page.words
        assert not page.offers(ASK), "it is under way"
        assert agrees(file)

    def test_whoever_finds_it_in_the_office_says_so_too(self, file: File) -> None:
        silent = file.page("traketqua").press("Kết quả có sai sót: xem xét sửa")
        page = silent.press("Kết quả có sai sót: xem xét sửa", text=WRONG)

        assert silent.status == 422
        assert WRONG in page.words
        assert f"trước {DUE}" in page.words

    def test_for_somebody_else_only_whom_the_paper_allows(self, town: Town) -> None:
        file = decided(lodged_by_proxy(town))
        refused = file.track().press(ASK, text=WRONG, number="038080001234")
        page = file.track().press(ASK, text=WRONG, number=file.row.applicant_personal_id)

        assert "không bao gồm việc này" in refused.said
        assert "Đã ghi nhận." in page.said

    def test_before_there_is_a_result_nothing_can_be_asked(self, town: Town) -> None:
        assert not town.take_in(CODE, answers=COUNTER, lookup="missing").track().offers(ASK)


class TestTwice:
    def test_the_second_replaces_the_first_replacement(self, file: File) -> None:
        asked(file)
        replaced(file)
        file.by("traketqua", STEPS[4])
        asked(file)
        file.by("chuyenvien", STEPS[0], error_found=True)
        drafted = file.town.clerk("chuyenvien.hacthanh").task(file.ref, STEPS[1]).form("Hoàn thành bước")

        assert drafted.control("replaces_number")[0].value == "129/UBND"


class TestOneLimit:
    def test_however_many_steps_each_is_due_when_the_whole_is(self, file: File) -> None:
        asked(file)
        desks = ("chuyenvien", "chuyenvien", "lanhdao", "vanthu", "traketqua")
        answers = ({"error_found": True}, {"replaces_number": "128/UBND"}, {"sign_outcome": "sign"}, {"number": "129/UBND"}, {})
        for day, (desk, step, said) in enumerate(zip(desks, STEPS, answers, strict=True)):
            file.town.at(f"2026-11-2{min(5 + day, 7)} 0{8 + (day > 2)}:0{day}")
            row = file.town.clerk(f"{desk}.hacthanh").inbox().row(file.ref, step)
            assert "hẹn 17:00 thứ Sáu 27/11/2026" in row.text_content() or "17:00 hôm nay" in row.text_content(), row.text_content()
            file.by(desk, step, **said)

        words = file.page().words
        assert "đã thay kết quả" in words
        assert "muộn" not in words
        assert agrees(file)

    def test_late_as_a_whole_it_says_so_though_each_step_was_quick(self, file: File) -> None:
        asked(file)
        file.town.at("2026-11-30 08:00")

        assert "Quá hạn" in file.town.clerk("chuyenvien.hacthanh").inbox().row(file.ref, STEPS[0]).text_content()
        replaced(file)
        file.by("traketqua", STEPS[4])
        assert f"muộn, hạn {DUE}" in file.page().words
        assert agrees(file)

    def test_a_holiday_announced_meanwhile_moves_it_after_the_dossier_has_ended(self, file: File) -> None:
        asked(file)
        form = file.town.clerk("quantri").open("/calendar").form("Xem hạn nào chuyển")
        form.fill({"day": "2026-11-26", "is_a": "holiday", "name": "Nghỉ bão", "name_en": "Storm", "source": "Công điện 99/CĐ-TTg"})
        seen = form.press("Xem hạn nào chuyển")
        row = seen.row(file.ref).text_content()
        assert "sửa sai sót trong kết quả" in row
        assert "17:00 thứ Hai 30/11/2026" in row
        seen.press("Ghi vào lịch và chuyển các hạn này")
        file.town.work_off()

        assert "trước 17:00 thứ Hai 30/11/2026" in file.page().words
        assert "30/11/2026" in file.town.clerk("chuyenvien.hacthanh").inbox().row(file.ref, STEPS[0]).text_content()
        assert agrees(file)


class TestReplaced:
    def test_the_old_result_is_revoked_and_both_numbers_stay_to_be_read(self, file: File) -> None:
        asked(file)
        replaced(file)
        words = file.page().words

        assert "số 129/UBND (thay số 128/UBND)" in words
        assert "Kết quả bị thu hồi" in words
        assert "số 128/UBND, 09:4" in words
        assert "đã thu hồi" in words
        seen = file.track().words
        assert "Kết quả thay thế" in seen
        assert "số 129/UBND" in seen
        assert "Kết quả có sai sót đã được thu hồi và thay thế" in seen
        file.by("traketqua", STEPS[4])
        assert file.track().offers(ASK), "the new one may be wrong too"
        assert agrees(file)

    def test_where_the_office_made_no_error_the_applicant_reads_why(self, file: File) -> None:
        asked(file)
        file.by("chuyenvien", STEPS[0], error_found=False)
        file.by("chuyenvien", "Trả lời người yêu cầu", explanation="Sổ gốc ghi đúng năm 1985.")

        assert "kết quả không có sai sót của cơ quan. Sổ gốc ghi đúng năm 1985." in file.track().words
        assert "không có sai sót" in file.page().words
        assert agrees(file)
