"""2.000635: copies of civil-status extracts. Same day; after 15:00 the next working day."""

from tests.journeys.clerk import Town

CODE = "2.000635"
COUNTER = {"result_delivery": "counter"}


class TestCounter:
    def test_before_three_it_is_paid_printed_signed_and_handed_over_on_the_same_day(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        assert file.due == "17:00 thứ Hai 23/11/2026"
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
        file.by("chuyenvien", "Thẩm tra yêu cầu", examination_outcome="eligible", found_in="e_database")
        file.by("chuyenvien", "In bản sao trích lục", copies_printed=3, copy_no_from=11, copy_no_to=13)
        file.sign()
        assert file.status == "Đã có kết quả"
        file.hand_over()
        assert file.status == "Đã trả kết quả"
