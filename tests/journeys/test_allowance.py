"""1.001776: monthly social allowance. Ten working days; the pay list is part of the result."""

from tests.journeys.clerk import File, Town

CODE = "1.001776"
#: 24/11 is a holiday: ten working days from 23/11 end on Tuesday 8/12.
DUE = "17:00 thứ Ba 08/12/2026"


def examined(file: File, outcome: str, **more: object) -> None:
    file.by("chuyenvien2", "Thẩm tra điều kiện hưởng", examination_outcome=outcome, **more)


def assigned(town: Town, **answers: object) -> File:
    file = town.take_in(CODE, answers=answers)
    file.by("truongphong", "Phân công thụ lý", assignee="Trịnh Đình Lâm, Công chức kinh tế, xã hội")
    return file


class TestNew:
    def test_granted_signed_and_entered_in_the_pay_list_within_ten_working_days(self, town: Town) -> None:
        file = assigned(town)
        assert file.due == DUE
        examined(file, "eligible")
        file.by("chuyenvien2", "Dự thảo quyết định", decision_kind="grant")
        file.sign(review=True)
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_whoever_reviews_reads_the_amount_that_was_examined(self, town: Town) -> None:
        """It is asked by what was declared: only of whom something new is granted."""
        file = assigned(town)
        examined(file, "eligible", standard=500_000)
        file.by("chuyenvien2", "Dự thảo quyết định", decision_kind="grant")
        words = file.town.clerk("truongphong.hacthanh").task(file.ref, "Xem dự thảo").words

        assert "Mức chuẩn (đồng)500.000" in words

    def test_sent_back_it_is_examined_again(self, town: Town) -> None:
        file = assigned(town)
        examined(file, "eligible")
        file.by("chuyenvien2", "Dự thảo quyết định", decision_kind="grant")
        file.by("truongphong", "Xem dự thảo", review_outcome="pass")
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back")
        examined(file, "eligible")
        file.by("chuyenvien2", "Dự thảo quyết định", decision_kind="grant")
        file.sign(review=True)

        assert file.dates == [DUE]

    def test_not_entitled_it_is_refused_and_no_pay_list_is_touched(self, town: Town) -> None:
        file = assigned(town)
        examined(file, "ineligible", refusal_ground="not_in_any_class")
        file.by("chuyenvien2", "Dự thảo văn bản từ chối")
        file.sign(review=True)
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không cư trú tại phường")

        assert file.status == "Không được tiếp nhận"


class TestMovesAway:
    def test_supplement_then_the_pay_system_is_down_and_a_list_is_made_by_hand(self, town: Town) -> None:
        file = assigned(town, benefit_case="move_out")
        examined(file, "supplement")
        town.at("2026-11-25 10:00")
        file.supplemented()
        assert file.due == "17:00 thứ Tư 09/12/2026"
        examined(file, "eligible", receiving_office="Ủy ban nhân dân phường Sầm Sơn")
        file.by("chuyenvien2", "Dự thảo quyết định", decision_kind="move")
        town.outside = False
        file.sign(review=True)
        town.at("2026-11-27 08:00")
        file.by("chuyenvien2", "Chuyển hồ sơ thủ công", to_office="Ủy ban nhân dân phường Sầm Sơn")
        town.at("2026-12-01 08:00")
        file.by("chuyenvien2", "Lập danh sách thủ công", list_change="remove")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
