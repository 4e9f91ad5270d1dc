"""1.014028: funeral support. Three working days; the databases say what the deceased drew, a table proposes, an officer decides."""

from tests.journeys.clerk import File, Town, declared

CODE = "1.014028"
#: 24/11 is a holiday: three working days from 23/11 end on Friday 27/11.
DUE = "17:00 thứ Sáu 27/11/2026"


def taken_in(town: Town, **more: object) -> File:
    return town.take_in(CODE, answers=more)


def drew(personal_id: str) -> dict[str, object]:
    return {"deceased": declared(CODE)["deceased"] | {"personal_id": personal_id}}


def examined(file: File, **findings: object) -> None:
    good = {"examination_outcome": "eligible", "death_registered": "yes", "drawn_until": "11/2026"}
    file.by("chuyenvien2", "Thẩm tra mức hưởng", **good | findings)


def drafted(file: File) -> None:
    file.by("chuyenvien2", "Dự thảo quyết định hỗ trợ", amount_words="Mười triệu đồng")


class TestGranted:
    def test_ten_million_dong_are_proposed_decided_and_ordered_to_be_paid_within_three_working_days(
        self, town: Town
    ) -> None:
        file = taken_in(town)
        assert file.due == DUE
        page = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra mức hưởng")
        assert "Trợ cấp hưu trí xã hội" in page.words
        form = page.form("Hoàn thành bước")
        assert form.control("amount")[0].value.replace(".", "") == "10000000"
        examined(file)
        drafted(file)
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert file.dates == [DUE]

    def test_with_the_databases_silent_nothing_is_taken_for_granted_and_the_voucher_is_written_by_hand(
        self, town: Town
    ) -> None:
        with town.nobody_answers():
            file = taken_in(town)
            town.at("2026-11-23 16:30")
            form = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra mức hưởng").form("Hoàn thành bước")
            assert form.control("proposal")[0].value == "unknown"
            assert not form.control("amount")[0].value
            examined(file, amount=10_000_000, ground="Nghị định 176/2025/NĐ-CP, Điều 5", changed_reason="Đã gọi điện")
            drafted(file)
            file.sign()
            town.at("2026-11-26 08:00")
            file.by("chuyenvien2", "Lập chứng từ chi thủ công", amount=10_000_000)
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_the_chairman_sends_the_draft_back(self, town: Town) -> None:
        file = taken_in(town)
        for outcome in ("send_back", "sign"):
            examined(file)
            drafted(file)
            file.by("lanhdao", "Ký duyệt", sign_outcome=outcome)
        file.by("vanthu", "Cấp số, đóng dấu, phát hành", number="128/QĐ-UBND")

        assert file.status == "Đã xử lý xong"


class TestNotGranted:
    def test_of_several_benefits_only_the_highest_is_paid_and_what_was_paid_elsewhere_is_refused(
        self, town: Town
    ) -> None:
        file = taken_in(town, **drew("099146001409"))
        page = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra mức hưởng")
        assert page.form("Hoàn thành bước").control("proposal")[0].value == "insurance"
        examined(file, examination_outcome="ineligible", refusal_ground="already_paid_elsewhere")
        file.by("chuyenvien2", "Dự thảo văn bản từ chối")
        file.sign()
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words
        assert "Lập lệnh chi" not in file.page().words

    def test_a_death_that_is_not_registered_is_supplemented_and_the_days_count_anew(self, town: Town) -> None:
        file = taken_in(town)
        examined(file, examination_outcome="supplement", death_registered="no")
        town.at("2026-11-25 10:00")
        file.supplemented()

        assert file.dates == [DUE, "17:00 thứ Hai 30/11/2026"]

    def test_refused_at_reception(self, town: Town) -> None:
        file = town.take_in(CODE, decision="Từ chối", reason="Người chết không cư trú tại phường")

        assert file.status == "Không được tiếp nhận"
