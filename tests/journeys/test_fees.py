"""Fees as the applicant meets them: what is owed, why it is nothing, and who proved what for it (Decree 118/2025, art. 24)."""

import pytest

from tests.journeys.clerk import StuckAtTheScreen, Town, declared

BIRTH, CERTIFIED, COPY = "1.001193", "2.000815", "2.000908"
PROOF = "Giấy chứng nhận hộ nghèo số 12/GCN-HN ngày 05/01/2026"
NO_COPIES = {"copies_wanted": "no", "copies_count": None}


def late_birth() -> dict[str, object]:
    """A child more than sixty days old."""
    return {"child": declared(BIRTH)["child"] | {"birth_date": "2026-08-02"}} | NO_COPIES


class TestExemptions:
    def test_a_poor_household_that_shows_its_paper_pays_nothing_for_a_late_birth(self, town: Town) -> None:
        """60/2014/QH13, art. 11: the class and the proof are chosen at the counter and stay with the dossier."""
        file = town.take_in(
            BIRTH, answers=late_birth() | {"exempt:poor_household": "yes", "proof:poor_household": PROOF}
        )

        assert file.status == "Đang xử lý"
        words = file.page().words
        assert f"0 đ, được miễn (lẽ ra 8.000 đ; hộ nghèo: {PROOF})60/2014/QH13 Điều 11" in words
        assert "Được miễn, giảm: Hộ nghèo" in words

    def test_the_applicant_reads_why_it_is_nothing_but_strangers_with_the_code_not_for_whom(self, town: Town) -> None:
        file = town.take_in(
            BIRTH, answers=late_birth() | {"exempt:poor_household": "yes", "proof:poor_household": PROOF}
        )

        words = file.track().words
        assert "Lệ phí đăng ký khai sinh quá hạn: 0 đ, được miễn (lẽ ra 8.000 đ)60/2014/QH13 Điều 11" in words
        assert "nghèo" not in words

    def test_without_the_class_the_late_birth_is_paid_first(self, town: Town) -> None:
        file = town.take_in(BIRTH, answers=late_birth())

        assert file.status == "Yêu cầu thực hiện nghĩa vụ tài chính"
        assert "8.000 đ, chưa nộp" in file.page().words

    def test_a_class_without_its_proof_is_refused_and_what_was_typed_stays(self, town: Town) -> None:
        clerk, accept = town.clerk("tiepnhan.hacthanh"), "Tiếp nhận và in giấy hẹn"
        form = clerk.open(f"/counter/{BIRTH}").form(accept)
        form.fill({"requester": {"full_name": "Sầm Văn Khoa"}, "exempt:disabled": "yes", "proof:disabled": "  "})
        page = form.press("Tính lại ngày, phí, giấy tờ")
        assert page.form(accept).control("exempt:disabled")[0].checked

        with pytest.raises(StuckAtTheScreen) as refused:
            town.take_in(BIRTH, answers=late_birth() | {"exempt:disabled": "yes"})
        assert "Chưa ghi giấy tờ chứng minh thuộc diện được miễn, giảm: Người khuyết tật." in str(refused.value)


class TestWhyItIsNothing:
    def test_a_copy_from_the_register_is_free_and_the_tracking_page_says_by_what(self, town: Town) -> None:
        file = town.take_in(COPY)

        assert "Lệ phí cấp bản sao từ sổ gốc: 0 đ, không phải nộpQĐ 858/QĐ-BTP (miễn phí)" in file.track().words

    def test_what_is_owed_stands_there_with_its_article(self, town: Town) -> None:
        file = town.take_in(BIRTH, answers=NO_COPIES | {"copies_wanted": "yes", "copies_count": 2})

        assert "16.000 đ, chưa nộp281/2016/TT-BTC" in file.track().words


class TestTariff:
    @pytest.mark.parametrize(
        ("pages", "owed"), [(1, "2.000"), (2, "4.000"), (3, "5.000"), (10, "12.000"), (250, "200.000")]
    )
    def test_the_counter_says_what_so_many_pages_cost(self, town: Town, pages: int, owed: str) -> None:
        """Circular 226/2016/TT-BTC, art. 4."""
        given = declared(CERTIFIED) | {
            "copy_kind": "paper", "copies_each": 1, "originals": [{"title": "Bằng tốt nghiệp", "issuer": "Trường", "pages": pages}]
        }  # fmt: skip
        page = town.clerk("tiepnhan.hacthanh").open(f"/counter/{CERTIFIED}")
        form = page.form("Tiếp nhận và in giấy hẹn")
        form.fill(given)

        assert f"{owed} đ 226/2016/TT-BTC Điều 4" in form.press("Tính lại ngày, phí, giấy tờ").words

    def test_the_catalogue_says_the_tariff_in_words(self, town: Town) -> None:
        words = town.citizen().open(f"/procedures/{CERTIFIED}").words

        assert "2.000 đ mỗi trang, 1.000 đ từ trang 3, tối đa 200.000 đ một bản" in words

    def test_pages_that_are_no_number_of_pages_are_refused_in_words(self, town: Town) -> None:
        page = town.clerk("tiepnhan.hacthanh").open(f"/counter/{CERTIFIED}")
        form = page.form("Tiếp nhận và in giấy hẹn")
        form.fill({"copy_kind": "paper", "copies_each": "1.5"})

        answer = form.press("Tiếp nhận và in giấy hẹn")
        assert answer.status == 422
        assert answer.form("Tiếp nhận và in giấy hẹn").control("copies_each")[0].value == "1,5"
