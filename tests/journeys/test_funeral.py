"""1.014028, 1.001731: funeral support. Three working days; the databases say what the deceased drew, a table proposes, an officer decides."""

from datetime import date
from pathlib import Path

import pytest

from engine.catalog.decisions import model_of
from tests.journeys.clerk import File, Town, declared

CODE, ALLOWANCE, GROUP = "1.014028", "1.001731", "2.002913"
BUNDLES = Path(__file__).parents[2] / "bpmn"
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


class TestOfTheSocialAllowance:
    """1.001731: at least twenty times the standard (Decree 20/2021, art. 11)."""

    def test_twenty_times_the_standard_are_proposed_and_ordered_to_be_paid(self, town: Town) -> None:
        file = town.take_in(ALLOWANCE)
        assert file.due == DUE
        page = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra mức hưởng")
        assert "Trợ cấp xã hội hằng tháng" in page.words
        form = page.form("Hoàn thành bước")
        assert form.control("amount")[0].value.replace(".", "") == "10000000"
        assert form.control("ground")[0].value == "Nghị định 20/2021/NĐ-CP, Điều 11"
        examined(file)
        drafted(file)
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_whoever_drew_the_social_pension_is_shown_the_other_procedure(self, town: Town) -> None:
        drawn = {"deceased": declared(ALLOWANCE)["deceased"] | {"personal_id": "099152001733"}}
        file = town.take_in(ALLOWANCE, answers=drawn)
        form = town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra mức hưởng").form("Hoàn thành bước")
        assert form.control("proposal")[0].value == "other_procedure"
        assert form.control("ground")[0].value == "Thủ tục 1.014028: Nghị định 176/2025/NĐ-CP, Điều 5"


def table(code: str, name: str) -> str:
    return (BUNDLES / code / "decisions" / f"{name}.dmn").read_text("utf-8")


def decided(code: str, name: str, decision: str, **said: object) -> object:
    """What the table of a procedure decides of a dossier."""
    return model_of({name: table(code, name)}, name).decide(decision, said).value


@pytest.mark.parametrize(("day", "standard"), [(date(2021, 7, 1), 360_000), (date(2024, 6, 30), 360_000), (date(2024, 7, 1), 500_000), (date(2026, 11, 10), 500_000)])
def test_the_same_sums_stand_in_the_tables_of_each_procedure_and_of_the_death_group(day: date, standard: int) -> None:
    """The group weighs what the procedures pay: nobody changes one number without the other."""
    own, of_group = {"died_on": day.isoformat()}, {"died_on": {"y": day.year, "m": day.month, "d": day.day}}
    assert decided("1.001776", "benefit", "standard", decided_on=day) == standard
    assert decided(ALLOWANCE, "funeral_benefit", "support", **own) == 20 * standard
    assert decided(GROUP, "death_benefits", "allowance_support", **of_group) == 20 * standard
    assert decided(GROUP, "death_benefits", "pension_support", **of_group) == decided(CODE, "funeral_benefit", "support", **own)


def test_where_a_province_pays_more_than_twenty_times_the_higher_sum_is_proposed() -> None:
    text = table(GROUP, "death_benefits").replace("<text>20</text>", "<text>24</text>")
    asked = {"benefit_routes": ["social_pension", "social_allowance"], "died_on": {"y": 2026, "m": 11, "d": 10}}
    found = model_of({"death_benefits": text}, "death_benefits").decide("death_benefits", asked).value
    assert isinstance(found, dict)
    assert [name for name, due in found.items() if due] == ["allowance_benefit"]
