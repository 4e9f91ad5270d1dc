"""Birth support in the group 3.000722: the commune proposes the class and the sum, its chairman decides (Decree 63/2024)."""

import pytest

from tests.journeys.clerk import File, Town, agrees, declared
from tests.journeys.groups import child, followed, kinds, reported
from tests.journeys.test_birth_group import CODE, NO_CARD, refuse_birth, register_birth

ACCOUNT = {"bank": "Ngân hàng Mẫu", "account_no": "99000304", "account_name": "HA THI DUYEN"}
ASKED = NO_CARD | {"wants_support": True, "support_class": "minority_poor", "bank": ACCOUNT}
PROVEN = {"lookup": {"identity": "found", "birth_notice": "found", "marriage": "found", "land": "found", "support_class": "found"}}
EXAMINE = "Thẩm tra diện hỗ trợ sinh"


def lodged(town: Town, **more: object) -> File:
    """Accepted, and the birth is registered."""
    file = town.lodge_online(CODE, ASKED | more, **PROVEN)
    file.accept()
    register_birth(town, file)
    return file


@pytest.fixture
def file(town: Town) -> File:
    return lodged(town)


@pytest.fixture
def support(town: Town, file: File) -> File:
    one = child(town, file, "birth_support")
    one.say("Xác nhận đã nhận", by="chuyenvien")
    return one


def drafted(support: File, words: str = "Hai triệu đồng") -> None:
    support.by("chuyenvien", "Dự thảo quyết định hỗ trợ", amount_words=words)


class TestOpened:
    def test_it_is_a_dossier_of_the_commune_beside_the_others_within_the_limit_of_the_whole(self, town: Town, file: File) -> None:
        assert kinds(town, file) == {"birth", "residence", "insurance", "birth_support"}
        assert file.due == "17:00 thứ Sáu 27/11/2026", "three working days for the whole, as without it"
        support = child(town, file, "birth_support")
        assert support.ref.startswith("H56.101-"), "of the commune itself"
        assert support.due == "17:00 thứ Năm 26/11/2026"
        assert "hỗ trợ khi sinh con" in file.page().words

    def test_who_asks_for_none_has_no_such_dossier(self, town: Town) -> None:
        file = town.lodge_online(CODE, NO_CARD)
        file.accept()
        register_birth(town, file)
        assert kinds(town, file) == {"birth", "residence", "insurance"}

    def test_without_a_registered_birth_there_is_nothing_to_support(self, town: Town) -> None:
        file = town.lodge_online(CODE, ASKED, **PROVEN)
        file.accept()
        refuse_birth(town, file)
        assert kinds(town, file) == {"birth"}

    def test_it_holds_up_neither_residence_nor_insurance(self, town: Town, file: File) -> None:
        assert child(town, file, "birth").status == "Đã trả kết quả"
        reported(town, file, "insurance", "chuyenvien.bhxh", "TE1380000000001")
        assert followed(town, file, "residence").status == "Đã trả kết quả"
        assert file.status == "Đang xử lý", "only the support is still to come"


class TestDecided:
    def test_the_specialist_proposes_class_and_sum_the_chairman_signs_and_the_money_is_ordered(
        self, town: Town, file: File, support: File
    ) -> None:
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, EXAMINE).form("Hoàn thành bước")
        assert form.control("amount")[0].value.replace(".", "") == "2000000"
        assert form.control("found_class")[0].value == "minority_poor", "as it was declared, once"
        support.by("chuyenvien", EXAMINE, examination_outcome="eligible", already_supported="no",
                   changed_reason="Mức đang áp dụng, đã hỏi phòng Văn hóa - Xã hội")  # fmt: skip
        drafted(support)
        support.by("lanhdao", "Ký duyệt", sign_outcome="sign")
        assert support.row.result_number is None
        support.by("vanthu", "Cấp số, đóng dấu, phát hành", number="128/UBND")
        support.settle()
        assert (support.row.result_kind, support.row.result_number) == ("granted", "128/UBND")
        assert support.status == "Đã trả kết quả"
        assert agrees(support)

        followed(town, file, "insurance")
        followed(town, file, "residence")
        assert file.status == "Đã trả kết quả"
        assert "số 128/UBND" in file.page().words

    def test_after_the_population_law_the_old_sum_is_only_taken_with_a_word_on_where_it_was_compared(
        self, town: Town, support: File
    ) -> None:
        clerk = town.clerk("chuyenvien.hacthanh")
        page = clerk.task(support.ref, EXAMINE)
        assert "Xem lại: mức này theo Nghị định 39/2015/NĐ-CP" in page.words
        form = page.form("Hoàn thành bước")
        form.fill({"examination_outcome": "eligible", "already_supported": "no"})
        refused = form.press("Hoàn thành bước")
        assert refused.status == 422
        assert "mức đã đối chiếu ở đâu" in refused.said

    def test_where_the_province_sets_the_sum_none_is_proposed_and_the_resolution_is_named(self, town: Town) -> None:
        file = lodged(town, support_class="two_children")
        support = child(town, file, "birth_support")
        support.say("Xác nhận đã nhận", by="chuyenvien")
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, EXAMINE).form("Hoàn thành bước")
        assert form.control("proposal")[0].value == "by_province"
        assert not form.control("amount")[0].value
        support.by("chuyenvien", EXAMINE, examination_outcome="eligible", already_supported="no", amount=3_000_000,
                   ground="Nghị quyết của HĐND tỉnh", changed_reason="Mức theo nghị quyết của tỉnh")  # fmt: skip
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, "Dự thảo quyết định hỗ trợ").form("Hoàn thành bước")
        assert form.control("amount")[0].value.replace(".", "") == "3000000"
        assert form.control("found_class")[0].value == "two_children"

    def test_a_class_other_than_declared_takes_a_reason_whatever_the_table_proposed(self, town: Town) -> None:
        file = lodged(town, child=declared(CODE)["child"] | {"birth_date": "2026-06-20"}, late_reason="Ở xa")
        support = child(town, file, "birth_support")
        support.say("Xác nhận đã nhận", by="chuyenvien")
        form = town.clerk("chuyenvien.hacthanh").task(support.ref, EXAMINE).form("Hoàn thành bước")
        assert form.control("proposal")[0].value == "grant", "born before the Population Law applied"
        form.fill({"examination_outcome": "eligible", "already_supported": "no", "found_class": "poor_household"})
        refused = form.press("Hoàn thành bước")
        assert refused.status == 422
        assert "khác diện đã khai" in refused.said

    def test_what_was_paid_for_this_birth_is_not_paid_twice_and_the_refusal_ends_the_group_all_the_same(
        self, town: Town, file: File, support: File
    ) -> None:
        support.by("chuyenvien", EXAMINE, examination_outcome="ineligible", already_supported="yes", refusal_ground="already_supported")
        support.by("chuyenvien", "Dự thảo văn bản từ chối")
        support.sign()
        assert support.row.result_kind == "refused"
        followed(town, file, "insurance")
        followed(town, file, "residence")
        assert (file.status, file.row.result_kind) == ("Đã trả kết quả", "granted")

    def test_a_payment_system_that_is_silent_leaves_the_voucher_to_the_specialist(self, town: Town, support: File) -> None:
        support.by("chuyenvien", EXAMINE, examination_outcome="eligible", already_supported="no", changed_reason="Đã đối chiếu")
        drafted(support)
        with town.nobody_answers():
            support.sign()
            town.at("2026-11-26 08:00")
            form = town.clerk("chuyenvien.hacthanh").task(support.ref, "Lập chứng từ chi thủ công").form("Hoàn thành bước")
            assert form.control("payee")[0].value == "HA THI DUYEN", "the account that was declared"
            support.by("chuyenvien", "Lập chứng từ chi thủ công", amount=2_000_000)
        assert support.row.decided_at is not None


def test_on_paper_support_comes_after_residence_and_insurance_and_waits_for_nobody_else(town: Town) -> None:
    file = town.take_in(CODE, answers=ASKED | {"result_delivery": "counter"})
    child(town, file, "birth").by("tiepnhan", "Bàn giao hồ sơ giấy")
    birth = register_birth(town, file)
    birth.hand_over()
    file.settle()
    followed(town, file, "residence")
    followed(town, file, "insurance")
    assert kinds(town, file) == {"birth", "residence", "insurance", "birth_support"}
