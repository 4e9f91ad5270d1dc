"""1.013978: first land registration. The posting, the survey and the tax do not count; a notice is a result too."""

from tests.journeys.clerk import File, Town, agrees
from tests.journeys.test_cashier import till
from tests.journeys.test_land_change import paid_at_the_return

CODE = "1.013978"
#: 24/11 and 1/1 are holidays: 27 working days from 23/11 end on Thursday 31/12.
DUE = "17:00 thứ Năm 31/12/2026"


def confirmed(town: Town, map_state: str = "map", **answers: object) -> File:
    """Assigned, the map looked at, the state of the land confirmed on the spot."""
    file = town.take_in(CODE, answers=answers)
    file.by("truongphong", "Phân công thụ lý", assignee="Trịnh Đình Lâm, Công chức kinh tế, xã hội")
    file.by("chuyenvien2", "Trích lục, kiểm tra bản đồ", map_state=map_state)
    return file


def posted(file: File) -> None:
    file.by("chuyenvien2", "Xác nhận hiện trạng đất", examination_outcome="eligible", dispute="no")
    file.by("chuyenvien2", "Kiểm tra quy hoạch")
    file.by("chuyenvien2", "Niêm yết kết quả kiểm tra", places=["office", "hamlet"])


def concluded(file: File, outcome: str, **more: object) -> None:
    file.by("chuyenvien2", "Kết thúc niêm yết, xét ý kiến", objections_made="none")
    file.by("chuyenvien2", "Kết luận điều kiện cấp", eligibility_outcome=outcome, **more)


CERTIFICATE = {"serial": "AA 01234567", "register_no": "CH00123"}


def sent_back_after_payment(town: Town) -> File:
    """Posted, concluded, paid, drafted, and not as the head of division wants it."""
    file = confirmed(town)
    posted(file)
    town.at("2026-12-09 08:00")
    concluded(file, "certificate")
    file.say("Ghi nhận đã nộp tiền", by="thuphi")
    file.by("chuyenvien2", "Dự thảo Giấy chứng nhận", **CERTIFICATE)
    file.by("truongphong", "Xem dự thảo", review_outcome="send_back")
    return file


class TestCertificate:
    def test_posted_fifteen_days_taxed_paid_signed_and_handed_over(self, town: Town) -> None:
        file = confirmed(town)
        assert file.due == DUE
        posted(file)
        assert "thời gian không tính vào hạn" in file.page().words
        town.at("2026-12-09 08:00")
        concluded(file, "certificate")
        # the stand-in asks 0.5 % of the price table on 320 m²; with both fees of the province
        assert "Chờ người nộp nộp tiền" in file.page().words
        assert file.track().words.count("2.200.000 đ")
        town.at("2026-12-14 09:00")
        file.say("Ghi nhận đã nộp tiền", by="thuphi")
        file.by("chuyenvien2", "Dự thảo Giấy chứng nhận", **CERTIFICATE)
        file.sign(review=True)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert "Niêm yết công khai kết quả kiểm tra" in file.page().words
        assert "thực hiện nghĩa vụ tài chính về đất đai" in file.page().words

    def test_what_is_not_counted_moves_the_date_by_as_much(self, town: Town) -> None:
        file = confirmed(town)
        town.at("2026-11-25 08:00")
        posted(file)
        town.at("2026-12-10 17:00")

        # paused from 08:02 on 25/11: 6 h 58 of that day and eleven whole days, after 31/12 and the holiday of 1/1
        assert file.dates == ["15:58 thứ Ba 19/01/2027"]
        assert "Nếu không tạm dừng" in file.page().words

    def test_the_survey_unit_and_the_tax_office_are_late_and_the_land_use_fee_is_owed(self, town: Town) -> None:
        with town.nobody_answers():
            file = confirmed(town, "none")
            town.at("2026-12-02 08:00")
            file.by("chuyenvien2", "Đôn đốc, nhận kết quả đo", surveyor="Trung tâm Đo đạc bản đồ")
            posted(file)
            town.at("2026-12-18 08:00")
            concluded(file, "certificate")
            town.at("2026-12-28 08:00")
            file.by("chuyenvien2", "Nhập thông báo thuế", amounts=[{"kind": "land_use_fee", "amount": 48000000}])
        town.at("2027-01-13 08:00")
        file.by("chuyenvien2", "Nhắc nộp tiền", remind_outcome="wait")
        town.at("2027-01-29 08:00")
        file.by("chuyenvien2", "Nhắc nộp tiền", remind_outcome="debt", debt_paper="Đơn đề nghị ghi nợ ngày 26/01/2027")
        # only what the tax office noticed may be paid later (103/2024/NĐ-CP)
        words = file.track().words
        assert ("Tiền sử dụng đất: 48.000.000 đ, ghi nợ" in words, words.count("chưa nộp")) == (True, 2)
        file.by("chuyenvien2", "Dự thảo Giấy chứng nhận", **CERTIFICATE)
        file.sign(review=True)
        paid_at_the_return(file)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.track().words.count(" đ, đã nộp") == 2
        assert agrees(file)

    def test_sent_back_after_payment_the_tax_office_is_not_asked_again(self, town: Town) -> None:
        file = sent_back_after_payment(town)
        file.by("chuyenvien2", "Kết luận điều kiện cấp", eligibility_outcome="certificate")
        file.by("chuyenvien2", "Dự thảo Giấy chứng nhận", **CERTIFICATE)
        file.sign(review=True)

        assert file.status == "Đã xử lý xong"


class TestNoCertificate:
    def test_a_dispute_found_in_the_posting_ends_in_a_notice_which_is_a_result(self, town: Town) -> None:
        file = confirmed(town)
        posted(file)
        town.at("2026-12-09 08:00")
        concluded(file, "not_eligible", refusal_ground="dispute")
        file.by("chuyenvien2", "Dự thảo thông báo kết quả")
        file.sign(review=True)
        assert "trước 600.000 đ, nay 500.000 đ" in file.track().words
        paid_at_the_return(file)
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.row.result_kind == "notice"
        assert "chưa nộp" not in file.track().words

    def test_what_was_paid_for_a_certificate_that_is_not_issued_goes_back_and_the_appraisal_does_not(self, town: Town) -> None:
        file = sent_back_after_payment(town)
        file.by("chuyenvien2", "Kết luận điều kiện cấp", eligibility_outcome="not_eligible", refusal_ground="dispute")
        file.by("chuyenvien2", "Dự thảo thông báo kết quả")
        file.sign(review=True)

        words = file.track().words
        assert "Lệ phí cấp Giấy chứng nhận: 100.000 đ, đã nộp, thừa 100.000 đ được hoàn lại tại quầy thu phí" in words
        assert "Phí thẩm định hồ sơ cấp Giấy chứng nhận: 500.000 đ, đã nộpThông tư" in words
        till(town).press("Hoàn lại 100.000 đ")
        assert agrees(file)

    def test_supplemented_it_counts_anew(self, town: Town) -> None:
        file = confirmed(town)
        file.by("chuyenvien2", "Xác nhận hiện trạng đất", examination_outcome="supplement", dispute="no")
        town.at("2026-11-25 10:00")
        file.supplemented()

        assert file.due == "17:00 thứ Hai 04/01/2027"

    def test_not_supplemented_it_is_closed(self, town: Town) -> None:
        file = confirmed(town)
        file.by("chuyenvien2", "Xác nhận hiện trạng đất", examination_outcome="supplement", dispute="no")
        file.closed_unsupplemented("2026-12-09 08:00")

        assert file.status == "Dừng xử lý"

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Thửa đất thuộc phường khác")

        assert file.status == "Không được tiếp nhận"
