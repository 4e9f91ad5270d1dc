"""1.000894: marriage. The leader signs first; both sign last, or the registration is void."""

from tests.journeys.clerk import File, Town

CODE = "1.000894"
FREE = {
    "bride_lookup": {"outcome": "found", "state": "never", "source": "civil_status"},
    "groom_lookup": {"outcome": "found", "state": "never", "source": "civil_status"},
}
GOOD = FREE | {"examination_outcome": "eligible", "prohibited_relation": "none"}


def signed(town: Town) -> File:
    file = town.take_in(CODE)
    file.by("chuyenvien", "Thẩm tra điều kiện kết hôn", **GOOD)
    file.by("chuyenvien", "In giấy chứng nhận kết hôn")
    file.sign()
    return file


class TestCeremony:
    def test_both_sign_on_the_same_day(self, town: Town) -> None:
        file = signed(town)
        assert file.due == "17:00 thứ Hai 23/11/2026"
        assert file.status == "Đã xử lý xong"
        file.by("traketqua", "Hai bên cùng ký", attendance="signed", bride_present=True, groom_present=True)

        assert file.status == "Đã trả kết quả"

    def test_one_is_absent_then_declines_and_the_entry_is_void(self, town: Town) -> None:
        file = signed(town)
        file.by("traketqua", "Hai bên cùng ký", attendance="absent", next_ceremony_at="2026-11-26T08:30")
        file.by("traketqua", "Hai bên cùng ký", attendance="declined")
        file.by("chuyenvien", "Hủy việc ghi sổ")

        assert file.status == "Dừng xử lý"


class TestExamination:
    def test_a_supplement_a_return_by_the_leader_and_then_the_ceremony(self, town: Town) -> None:
        file = town.take_in(CODE)
        file.by("chuyenvien", "Thẩm tra điều kiện kết hôn", **GOOD | {"examination_outcome": "supplement"})
        town.at("2026-11-25 15:10")
        file.supplemented()
        assert file.due == "17:00 thứ Năm 26/11/2026"
        file.by("chuyenvien", "Thẩm tra điều kiện kết hôn", **GOOD)
        file.by("chuyenvien", "In giấy chứng nhận kết hôn")
        file.by("lanhdao", "Ký duyệt", sign_outcome="send_back")
        file.by("chuyenvien", "In giấy chứng nhận kết hôn")
        file.sign()
        file.by("traketqua", "Hai bên cùng ký", attendance="signed", bride_present=True, groom_present=True)

        assert file.status == "Đã trả kết quả"

    def test_already_married_it_is_verified_elsewhere_and_refused(self, town: Town) -> None:
        file = town.lodge_online(CODE)
        file.accept()
        file.by(
            "chuyenvien",
            "Thẩm tra điều kiện kết hôn",
            **FREE
            | {
                "groom_lookup": {"outcome": "down", "source": "population"},
                "examination_outcome": "verify",
                "prohibited_relation": "none",
                "verify_at": "Ủy ban nhân dân phường Sầm Sơn",
                "verify_whom": ["groom"],
            },
        )
        assert file.due == "17:00 thứ Ba 01/12/2026", "five working days from 23/11, 24/11 being a holiday"
        letter = town.clerk("chuyenvien.hacthanh").task(file.ref, "Soạn văn bản lấy ý kiến")
        assert "Để trống: 3 ngày làm việc (Quyết định 163/QĐ-BTP)" in letter.words
        file.by(
            "chuyenvien", "Soạn văn bản lấy ý kiến", offices=[{"office": "Ủy ban nhân dân phường Sầm Sơn"}]
        )
        page = town.clerk("chuyenvien.samson").open("/inbox/incoming").link("Quách Văn Lâm")
        page.press("Trả lời ý kiến", text="Anh Lâm đang có vợ, chưa ly hôn.")
        file.by(
            "chuyenvien",
            "Thẩm tra điều kiện kết hôn",
            **GOOD
            | {
                "groom_lookup": {"outcome": "mismatch", "state": "married", "source": "other_commune"},
                "examination_outcome": "ineligible",
                "refusal_ground": "already_married",
            },
        )
        file.by("chuyenvien", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Cả hai không cư trú tại phường")
        file.by("giamdoc", "Duyệt từ chối tiếp nhận", refusal_approval="approve")

        assert file.status == "Không được tiếp nhận"
