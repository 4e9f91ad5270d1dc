"""1.013225: construction permit. Fifteen days for a house, twenty for works; asked offices agree by silence."""

from tests.journeys.clerk import File, Town, agrees

CODE = "1.013225"
#: 15 days from 23/11 end on Tuesday 8/12.
DUE = "17:00 thứ Ba 08/12/2026"


def assigned(town: Town, file: File | None = None, **plan: object) -> File:
    file = file or town.take_in(CODE)
    file.by("truongphong", "Phân công thụ lý", assignee="Nguyễn Thị Hải Yến, Công chức tư pháp - hộ tịch")
    file.by("chuyenvien", "Xác định cơ quan lấy ý kiến", **{"consultation_needed_flag": False} | plan)
    file.by("chuyenvien", "Thẩm định hồ sơ")
    file.by("chuyenvien", "Kiểm tra thực địa")
    return file


def weighed(town: Town, outcome: str, *, file: File | None = None, **plan: object) -> File:
    file = assigned(town, file, **plan)
    fit = {"land_fit": "fits", "planning_fit": "fits", "design_fit": "fits"}
    file.by("chuyenvien", "Tổng hợp kết quả thẩm định", **fit | {"examination_outcome": outcome})
    return file


def issued(file: File) -> None:
    file.by("chuyenvien", "Dự thảo giấy phép")
    file.sign(review=True)
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="card")
    file.hand_over()


class TestHouse:
    def test_without_consultation_the_permit_is_signed_paid_for_and_handed_over(self, town: Town) -> None:
        file = weighed(town, "eligible")
        assert file.due == DUE
        issued(file)

        assert file.status == "Đã trả kết quả"

    def test_fifteen_days_that_end_on_a_sunday_roll_to_monday(self, town: Town) -> None:
        town.at("2026-11-28 09:00")  # a Saturday: 15 days end on Sunday 13/12

        assert town.take_in(CODE).due == "17:00 thứ Hai 14/12/2026"

    def test_sent_back_by_the_division_and_by_the_leader_it_is_weighed_again(self, town: Town) -> None:
        file = weighed(town, "eligible")
        file.by("chuyenvien", "Dự thảo giấy phép")
        file.by("truongphong", "Xem dự thảo", review_outcome="send_back")
        file.by("chuyenvien", "Tổng hợp kết quả thẩm định", examination_outcome="eligible")
        file.by("chuyenvien", "Dự thảo giấy phép")
        file.by("truongphong", "Xem dự thảo", review_outcome="pass")
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back")
        file.by("chuyenvien", "Tổng hợp kết quả thẩm định", examination_outcome="eligible")
        issued(file)

        assert file.dates == [DUE]

    def test_two_bad_resubmissions_end_in_a_refusal(self, town: Town) -> None:
        file = weighed(town, "supplement")
        town.at("2026-11-25 09:00")
        file.supplemented()
        assert file.due == "17:00 thứ Năm 10/12/2026"
        file.by("chuyenvien", "Kiểm tra lại sau bổ sung", recheck_outcome="not_met")
        file.by("chuyenvien", "Văn bản hướng dẫn hoàn thiện")
        file.supplemented()
        file.by("chuyenvien", "Kiểm tra lại sau bổ sung", recheck_outcome="not_met")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign(review=True)

        assert "Từ chối giải quyết" in file.page().words

    def test_not_supplemented_it_is_closed(self, town: Town) -> None:
        file = weighed(town, "supplement")
        file.closed_unsupplemented("2026-12-09 08:00")

        assert file.status == "Dừng xử lý"

    def test_for_a_permit_that_is_refused_nothing_is_paid_before_the_refusal_is_handed_over(self, town: Town) -> None:
        """The charge is for issuing a permit (85/2019/TT-BTC): there is none."""
        file = weighed(town, "ineligible")
        assert "75.000 đ, nộp khi trả kết quả" in file.track().words
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign(review=True)

        assert not town.clerk("thuphi.hacthanh").has(file.ref, "Thu tiền tại quầy")
        assert "75.000 đ, nộp khi trả kết quả" not in file.track().words
        assert "tính lại theo kết quả giải quyết: trước 75.000 đ, nay 0 đ" in file.track().words
        file.hand_over()
        assert file.status == "Đã trả kết quả"
        assert agrees(file)

    def test_a_refusal_waives_nothing_of_what_was_lodged_online(self, town: Town) -> None:
        """12/2025/NQ-HĐND of Thanh Hóa: what is not owed is not waived either."""
        file = town.lodge_online(CODE)
        file.accept()
        file = weighed(town, "ineligible", file=file)
        assert "0 đ, được miễn (lẽ ra 75.000 đ)" in file.track().words
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign(review=True)

        assert "được miễn" not in file.track().words
        assert agrees(file)

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không thuộc thẩm quyền của phường")

        assert file.status == "Không được tiếp nhận"


class TestConsultation:
    ASKED = {
        "consultation_needed_flag": True,
        "offices": [{"office": "Sở Xây dựng", "subject": "planning"}],
        "question": "Đề nghị cho ý kiến về chỉ giới đường đỏ.",
    }

    def test_so_xay_dung_answers_from_its_own_inbox_while_the_site_is_visited(self, town: Town) -> None:
        file = assigned(town, **self.ASKED)
        page = town.clerk("chuyenvien.xaydung").open("/inbox/incoming").link("Trương Văn Định")
        assert "Đề nghị cho ý kiến về chỉ giới đường đỏ." in page.words
        page.press("Trả lời ý kiến", text="Thống nhất, chỉ giới 3 m.")
        file.by("chuyenvien", "Tổng hợp kết quả thẩm định", examination_outcome="eligible")
        file.by("chuyenvien", "Xem xét ý kiến", opinion_outcome="agree")
        issued(file)

        assert "Thống nhất, chỉ giới 3 m." in file.page().words

    def test_twelve_days_of_silence_are_agreement(self, town: Town) -> None:
        file = weighed(town, "eligible", **self.ASKED)
        assert "Chờ cơ quan liên quan trả lời ý kiến" in file.page().words
        town.at("2026-12-08 08:00")  # Saturday 5/12 rolls to the end of Monday
        file.by("chuyenvien", "Xem xét ý kiến", opinion_outcome="agree")
        issued(file)

        assert file.status == "Đã trả kết quả"
        assert "không trả lời" in file.page().words

    def test_an_opposing_opinion_ends_in_a_refusal(self, town: Town) -> None:
        file = weighed(town, "eligible", **self.ASKED)
        page = town.clerk("truongphong.xaydung").open("/inbox/incoming").link("Trương Văn Định")
        page.press("Trả lời ý kiến", text="Không thống nhất: vượt chỉ giới.")
        file.by("chuyenvien", "Xem xét ý kiến", opinion_outcome="oppose")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign(review=True)

        assert file.status == "Đã xử lý xong"
