"""The till: money is taken once, each kind has its receipt, the drawer is counted, the money goes on (Decree 118/2025, art. 24)."""

import io
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.journeys.clerk import File, Town, declared
from tests.journeys.pages import Page, words_of

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")

BIRTH = "1.001193"


def late_with_copies(town: Town, copies: int = 2) -> File:
    """Owes lệ phí for being late and phí for copies."""
    child = declared(BIRTH)["child"] | {"birth_date": "2026-08-02"}
    return town.take_in(BIRTH, answers={"child": child, "copies_wanted": "yes", "copies_count": copies})


def till(town: Town, at: str = "") -> Page:
    return town.clerk("thuphi.hacthanh").open(f"/cashier/{at}")


@pytest.fixture
def file(town: Town) -> File:
    return late_with_copies(town)


@pytest.fixture
def paid(file: File, town: Town) -> File:
    till(town).press("Thu 24.000 đ")
    file.settle()
    return file


class TestTaking:
    def test_each_kind_of_money_has_a_receipt_of_its_own_series_and_the_dossier_goes_on(self, file: File, town: Town) -> None:
        page = till(town)
        assert "Lệ phí: Lệ phí đăng ký khai sinh quá hạn, 8.000 đ" in page.words
        assert "Phí: Phí khai thác và sử dụng thông tin trong cơ sở dữ liệu hộ tịch (cấp bản sao), 16.000 đ" in page.words
        done = page.press("Thu 24.000 đ", payer="Trần Văn Bình")
        file.settle()

        assert "Đã thu và lập biên lai" in done.said
        assert "Lệ phí số 0000001" in done.words
        assert "Phí số 0000001" in done.words
        assert file.status == "Đang xử lý"
        assert "8.000 đ, đã nộp" in file.page().words
        assert "Không có ai chờ nộp tiền." in till(town).words

    def test_the_receipt_is_printed_for_the_payer_with_its_number_and_the_sum_in_words(self, paid: File, town: Town) -> None:
        form = till(town).form("In biên lai lệ phí 0000001")
        answer = town.clerk("thuphi.hacthanh").client.post(
            form.element.get("action"), data=dict(form.element.form_values()), follow_redirects=True
        )
        said = re.sub(r"\s+", " ", PdfReader(io.BytesIO(answer.data)).pages[0].extract_text())

        assert "BIÊN LAI THU LỆ PHÍ" in said
        assert "Tám nghìn đồng" in said

    def test_done_on_the_page_of_the_step_it_has_its_receipts_too(self, file: File, town: Town) -> None:
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="card")

        assert "Phí số 0000001" in till(town).words

    def test_of_two_windows_on_one_charge_the_second_reads_who_took_it_and_the_numbers(self, file: File, town: Town) -> None:
        first, second = till(town), till(town)
        assert first.press("Thu 24.000 đ").status == 200
        late = second.press("Thu 24.000 đ")

        assert late.status == 409
        assert re.search(r"\S+ đã thu khoản này lúc .*, biên lai số 0000001, 0000001\. Không thu lần nữa\.", late.said)

    def test_two_clicks_are_one_receipt(self, file: File, town: Town) -> None:
        form = till(town).form("Thu 24.000 đ")
        pages = [form.press("Thu 24.000 đ") for _ in range(2)]

        assert [one.status for one in pages] == [200, 200]
        assert pages[1].words.count("số 0000002") == 0

    def test_a_way_of_paying_that_the_page_does_not_offer_is_refused_in_words(self, file: File, town: Town) -> None:
        form = till(town).form("Thu 24.000 đ")
        action, client = form.element.get("action"), town.clerk("thuphi.hacthanh").client
        sent = {one.get("name"): one.get("value") for one in form.element.iter("input")} | {"way": "shells"}
        answer = client.post(action, data=sent)

        assert answer.status_code == 422
        assert "Trang thu tiền gửi thiếu hoặc sai thông tin" in answer.get_data(as_text=True)

    def test_other_lanes_have_no_till(self, town: Town) -> None:
        assert town.clerk("chuyenvien.hacthanh").client.get("/cashier/").status_code == 403
        assert town.clerk("tiepnhan.hacthanh").client.get("/cashier/day").status_code == 403

    def test_of_another_office_there_is_nothing(self, file: File, town: Town) -> None:
        assert "Không có ai chờ nộp tiền." in town.clerk("thuphi.samson").open("/cashier/").words


class TestVoiding:
    def test_a_receipt_written_wrongly_is_voided_with_its_reason_and_the_next_number_takes_its_place(self, paid: File, town: Town) -> None:
        page = till(town).press("Hủy và lập biên lai thay", reason="Sai tên người nộp", payer="Trần Văn Bình")

        assert "Đã hủy biên lai và lập biên lai thay thế." in page.said
        assert "đã hủySai tên người nộp" in page.words
        assert "số 0000002" in page.words
        assert "Hủy biên lai số 0000001, lập biên lai khác thay" in paid.page().words
        assert "Tiền mặt phải có24.000 đ" in till(town, "day").words

    def test_without_a_reason_nothing_is_voided(self, paid: File, town: Town) -> None:
        page = till(town).press("Hủy và lập biên lai thay", payer="Trần Văn Bình")

        assert page.status == 422
        assert "đã hủy" not in page.words


class TestTheDay:
    def test_opened_counted_and_closed_it_balances_and_the_money_has_gone_to_the_budget(self, file: File, town: Town) -> None:
        """Art. 24(3): within eight working hours (T11)."""
        till(town, "day").press("Mở sổ", opening="500.000")
        till(town).press("Thu 24.000 đ")
        page = till(town, "day")
        assert "Tiền mặt phải có524.000 đ" in page.words
        assert "Phải nộp vào ngân sách 24.000 đ" in page.words
        closed = page.press("Khóa sổ", counted="524.000", deposit_no="GNT-12")

        assert "Đã khóa sổ." in closed.said
        assert "Kiểm đếm 524.000 đ, theo sổ 524.000 đ." in closed.words
        assert "Giấy nộp tiền vào ngân sách số GNT-12." in closed.words
        assert "Phải nộp vào ngân sách" not in till(town).words

    def test_a_difference_without_a_reason_is_refused_and_what_was_counted_stays(self, paid: File, town: Town) -> None:
        page = till(town, "day").press("Khóa sổ", counted="23.000", deposit_no="GNT-12")
        assert page.status == 422
        assert "Theo sổ phải có 24.000 đ tiền mặt, kiểm đếm được 23.000 đ" in page.said
        assert page.form("Khóa sổ").control("counted")[0].value == "23.000"
        closed = page.press("Khóa sổ", counted="23.000", deposit_no="GNT-12", reason="Trả nhầm tiền thừa")

        assert "Chênh lệch -1.000 đ: Trả nhầm tiền thừa" in closed.words

    @pytest.mark.parametrize("typed", ["-5", "7,5", "7.5", "abc", "", "1e9", "9" * 16])
    def test_what_is_no_whole_amount_is_refused_in_words(self, paid: File, town: Town, typed: str) -> None:
        page = till(town, "day").press("Khóa sổ", counted=typed, deposit_no="GNT-12")

        assert page.status == 422
        assert "Số tiền phải là số đồng nguyên, không âm" in page.said

    def test_money_without_the_number_of_its_slip_does_not_go_to_the_budget(self, paid: File, town: Town) -> None:
        page = till(town, "day").press("Khóa sổ", counted="24.000")

        assert "Hãy ghi số giấy nộp tiền vào ngân sách" in page.said

    def test_after_eight_working_hours_it_is_late_until_the_book_is_closed(self, paid: File, town: Town) -> None:
        assert "quá giờ nộp" not in till(town).words
        town.at("2026-11-25 16:00")
        assert "quá giờ nộp" in till(town).words
        page = till(town, "day")
        assert "chưa khóa Sổ ngày 23/11/2026" in page.words
        page.link("Sổ ngày 23/11/2026").press("Khóa sổ", counted="24.000", deposit_no="GNT-13")

        assert "quá giờ nộp" not in till(town).words

    def test_who_is_paid_after_closing_begins_the_next_book_of_the_day(self, paid: File, town: Town) -> None:
        till(town, "day").press("Khóa sổ", counted="24.000", deposit_no="GNT-12")
        late_with_copies(town)
        till(town).press("Thu 24.000 đ")

        assert "quyển 2" in till(town, "day").words

    def test_a_card_is_no_cash(self, file: File, town: Town) -> None:
        till(town).press("Thu 24.000 đ", way="card")
        page = till(town, "day")

        assert "Tiền mặt phải có0 đ" in page.words
        assert "Cộng thẻ24.000 đ" in page.words

    def test_the_book_is_a_paper_and_a_workbook(self, paid: File, town: Town) -> None:
        client = town.clerk("thuphi.hacthanh").client
        said = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(client.get("/cashier/day.pdf").data)).pages)
        rows = list(load_workbook(io.BytesIO(client.get("/cashier/day.xlsx").data)).active.iter_rows(values_only=True))

        assert "SỔ THU PHÍ, LỆ PHÍ TRONG NGÀY" in re.sub(r"\s+", " ", said)
        assert "24.000" in said
        assert rows[4][2:5] == ("Thu", "Lệ phí", "0000001")
        assert sum(row[7] for row in rows[4:6]) == 24_000

    def test_nobody_opens_the_book_of_another(self, paid: File, town: Town) -> None:
        address = next(one.get("href") for one in till(town, "day").tree.iter("a") if "quyển" in one.text_content())

        assert town.clerk("thuphi.samson").client.get(address).status_code == 404


class TestOnline:
    def test_a_transfer_has_its_receipt_and_goes_to_the_budget_with_the_book_that_is_closed_next(self, town: Town) -> None:
        file = town.lodge_online(BIRTH, {"copies_wanted": "yes", "copies_count": 2})
        file.accept()
        file.say("Ghi nhận đã nộp tiền", by="thuphi")

        assert "Phí số 0000001" in till(town).words
        clock = f"/dossiers/{file.ref}/clock"
        assert "đang tính" in words_of(town.clerk("tiepnhan.hacthanh").open(clock).row("T11"))
        till(town, "day").press("Khóa sổ", counted="0", deposit_no="GNT-14")
        assert "đúng hạn" in words_of(town.clerk("tiepnhan.hacthanh").open(clock).row("T11"))
        assert "Phải nộp vào ngân sách" not in till(town).words
