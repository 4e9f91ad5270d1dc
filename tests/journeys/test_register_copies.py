"""2.000908: a copy from the original register. One working day; kept elsewhere, from the acknowledgement there."""

from tests.journeys.clerk import File, Town

CODE = "2.000908"
COUNTER = {"result_delivery": "counter"}
FOUND = {"examination_outcome": "eligible", "right_proved": "yes", "found": "yes"}


def drafted(file: File) -> None:
    file.by("chuyenvien", "Tra sổ gốc", **FOUND)
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")


class TestAtTheCounter:
    def test_found_in_the_register_the_copy_is_ready_within_a_working_day(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        assert file.ref == "H56.101-261123-0001"
        assert file.due == "17:00 thứ Tư 25/11/2026"  # 24/11 is a holiday
        drafted(file)
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_sent_back_by_the_leader_the_copy_is_made_again(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        drafted(file)
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back")
        drafted(file)
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_without_a_right_to_ask_the_refusal_is_a_result(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER)
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="ineligible", right_proved="no", found="yes")
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_refused_at_reception_there_is_no_code(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Không có quyền yêu cầu", answers=COUNTER)

        assert (file.status, file.row.code) == ("Không được tiếp nhận", None)


#: An application that came by post, whose copy goes back the same way.
BY_POST = {
    "channel": "post",
    "answers": {
        "result_delivery": "post",
        "delivery_address": {"country": "VN", "province": "38", "commune": "14797", "detail": "12 ngõ 4 đường Sông Hạc"},
        "e_copy": False,
    },
}


def signed(town: Town) -> File:
    """A copy that came to its signature, to be posted."""
    file = town.take_in(CODE, **BY_POST)
    drafted(file)
    file.sign()
    return file


class TestByPost:
    def test_no_such_entry_is_a_written_answer_that_the_post_delivers(self, town: Town) -> None:
        file = town.take_in(CODE, **BY_POST)
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="no_entry", right_proved="yes", found="no_entry")
        file.by("chuyenvien", "Dự thảo văn bản trả lời")
        file.sign()
        file.by("traketqua", "Gửi bưu chính", carrier="Bưu điện tỉnh Thanh Hóa", delivery_tracking_no="RT123456789VN")
        assert "Kết quả đã gửi qua Bưu điện tỉnh Thanh Hóa lúc 09:4" in file.track().words
        assert "số vận đơn RT123456789VN" in file.track().words
        assert "Bưu điện tỉnh Thanh Hóa, số vận đơn RT123456789VN" in file.page().words
        file.say("Bưu điện đã phát", by="traketqua")

        assert file.status == "Đã trả kết quả"
        assert "Văn bản trả lời" in file.page().words

    def test_what_the_post_brought_back_is_fetched_at_the_counter(self, town: Town) -> None:
        file = signed(town)
        file.by("traketqua", "Gửi bưu chính")
        file.say("Phát không thành công", by="traketqua")

        office = "Trung tâm Phục vụ hành chính công phường Hạc Thành"
        assert f"Bưu điện không phát được kết quả. Mời bạn nhận tại {office}." in file.track().words
        assert "bưu điện không phát được, kết quả ở quầy" in file.page().words
        file.hand_over()
        assert file.status == "Đã trả kết quả"

    def test_where_the_post_says_nothing_nobody_is_sent_to_the_counter_for_it(self, town: Town) -> None:
        """Ten days of silence (L06): the counter asks for it, and it may have come."""
        file = signed(town)
        file.by("traketqua", "Gửi bưu chính", delivery_tracking_no="RT123456789VN")
        town.at("2026-12-04 10:00")
        file.settle()

        assert town.clerk("traketqua.hacthanh").has(file.ref, "Trao kết quả")
        assert "số vận đơn RT123456789VN" in file.track().words
        assert "không phát được" not in file.track().words


class TestAnotherOfficeKeepsIt:
    def test_the_clock_starts_there_and_again_with_the_supplement(self, town: Town) -> None:
        file = town.take_in(
            CODE,
            by="tiepnhan.tinh",
            answers=COUNTER,
            competent_office_id="Ủy ban nhân dân phường Hạc Thành",
        )
        file.by("tiepnhan", "Bàn giao hồ sơ giấy")
        assert "Chờ Ủy ban nhân dân phường Hạc Thành xác nhận đã nhận hồ sơ" in file.page().words
        town.at("2026-11-25 08:30")
        page = town.clerk("chuyenvien.hacthanh").open("/inbox/incoming").link("Nguyễn Minh Tú")
        page.press("Xác nhận đã nhận")
        assert file.due == "17:00 thứ Năm 26/11/2026"
        file.by("chuyenvien.hacthanh", "Tra sổ gốc", examination_outcome="supplement", right_proved="no", found="yes")
        town.at("2026-11-26 09:00")
        file.supplemented()
        assert file.due == "17:00 thứ Sáu 27/11/2026"
        file.by("chuyenvien.hacthanh", "Tra sổ gốc", **FOUND)
        file.by("chuyenvien.hacthanh", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
        file.sign(place="hacthanh")
        assert "Chờ Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa nhận kết quả" in file.page().words
        file.say("Xác nhận đã nhận")
        file.hand_over()

        assert file.status == "Đã trả kết quả"
