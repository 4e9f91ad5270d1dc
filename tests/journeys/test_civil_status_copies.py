"""2.000635: copies of civil-status extracts. The same day; accepted after 15:00, the next working day."""

from tests.journeys.clerk import File, Town

CODE = "2.000635"
COUNTER = {"result_delivery": "counter"}
PRINTED = {"copies_printed": 3, "copy_no_from": 11, "copy_no_to": 13}
FOUND = {"examination_outcome": "eligible", "found_in": "e_database"}


def paid(town: Town) -> File:
    file = town.take_in(CODE, answers=COUNTER)
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
    return file


class TestAtTheCounter:
    def test_before_three_it_is_paid_found_printed_signed_and_handed_over_on_the_same_day(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        assert file.status == "Yêu cầu thực hiện nghĩa vụ tài chính"
        assert file.row.code is None
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")

        assert file.ref == "H56.101-261123-0001"
        assert file.due == "17:00 thứ Hai 23/11/2026"
        file.by("chuyenvien", "Thẩm tra yêu cầu", **FOUND)
        file.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        file.sign()
        assert file.status == "Đã xử lý xong"
        assert "Mời bạn đến Trung tâm Phục vụ hành chính công phường Hạc Thành nhận" in file.track().words
        file.hand_over()
        assert file.status == "Đã trả kết quả"
        assert file.track().heading == "Đã trả kết quả"

    def test_without_the_money_it_comes_back_to_reception(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="unpaid")

        assert town.clerk("tiepnhan.hacthanh").has(file.ref, "Kiểm tra hồ sơ")

    def test_an_unclear_entry_is_verified_in_three_working_days_and_may_end_in_a_refusal(self, town: Town) -> None:
        file = paid(town)
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="verify", found_in="not_found")
        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Sáu 27/11/2026"]
        assert "Hồ sơ phải xác minh" in file.track().words
        file.by("chuyenvien", "Xác minh nội dung sổ", verify_state="not_found")
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="ineligible", found_in="not_found")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert "Từ chối giải quyết" in file.page().words

    def test_what_the_leader_sends_back_is_examined_again_and_the_date_stays(self, town: Town) -> None:
        file = paid(town)
        file.by("chuyenvien", "Thẩm tra yêu cầu", **FOUND)
        file.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back", return_reason="In sai tên đệm")
        page = town.clerk("chuyenvien.hacthanh").task(file.ref, "Thẩm tra yêu cầu")
        assert page.status == 200
        file.by("chuyenvien", "Thẩm tra yêu cầu", **FOUND)
        file.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        file.sign()
        file.hand_over()

        assert file.dates == ["17:00 thứ Hai 23/11/2026"]


class TestRefusedAtReception:
    def test_the_head_of_the_centre_sends_the_refusal_back_once_then_approves_it(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không thuộc đối tượng", answers=COUNTER)
        file.by("giamdoc", "Duyệt từ chối tiếp nhận", refusal_approval="send_back")
        file.by("tiepnhan", "Kiểm tra hồ sơ", reception_outcome="refuse", refusal_ground="wrong_subject", verdicts={})
        file.by("giamdoc", "Duyệt từ chối tiếp nhận", refusal_approval="approve")

        assert file.status == "Không được tiếp nhận"
        assert file.row.code is None
        assert file.track().heading == "Hồ sơ không được tiếp nhận"


class TestSupplement:
    def test_before_acceptance_the_citizen_completes_and_only_then_is_there_a_date(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Yêu cầu bổ sung", reason="Thiếu tờ khai có chữ ký", answers=COUNTER)
        assert file.dates == []
        page = file.track()
        assert "Thiếu tờ khai có chữ ký" in page.words
        page.press("Gửi phần bổ sung", text="Đã nộp bản chụp tại quầy.")
        file.accept()
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")

        assert file.due == "17:00 thứ Hai 23/11/2026"

    def test_after_acceptance_the_whole_limit_begins_again(self, town: Town) -> None:
        file = paid(town)
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="supplement", found_in="not_found")
        assert file.status == "Đang xử lý"
        town.at("2026-11-23 16:10")
        file.supplemented()

        assert file.dates == ["17:00 thứ Hai 23/11/2026", "17:00 thứ Tư 25/11/2026"]
        assert town.clerk("chuyenvien.hacthanh").has(file.ref, "Thẩm tra yêu cầu")

    def test_not_supplemented_within_fifteen_days_a_person_closes_it(self, town: Town) -> None:
        file = paid(town)
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="supplement", found_in="not_found")
        file.closed_unsupplemented("2026-12-09 08:00")

        assert file.status == "Dừng xử lý"
        assert file.track().heading == "Hồ sơ đã dừng giải quyết"


class TestOnline:
    def test_the_registry_is_down_and_the_citizen_silent_and_the_result_goes_out_electronically(
        self, town: Town
    ) -> None:
        town.at("2026-11-23 15:55")
        file = town.lodge_online(CODE, {"result_delivery": "electronic"})
        file.accept()
        assert file.track().heading == "Đang chờ bạn nộp 24.000 đ"
        town.outside = False
        file.say("Ghi nhận đã nộp tiền", by="thuphi")
        assert file.due == "17:00 thứ Tư 25/11/2026"
        town.at("2026-11-25 11:00")
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="eligible", found_in="paper_book")
        assert file.track().heading == "Mời bạn xác nhận bản điện tử"
        town.outside = True
        town.at("2026-11-27 08:00")
        file.by("chuyenvien", "In bản sao trích lục", **PRINTED)
        file.sign()

        assert file.status == "Đã trả kết quả"
