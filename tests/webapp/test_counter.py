"""Intake: what the counter types and chooses is never lost, and two clicks are one dossier."""

import pytest
from sqlalchemy import func, select

from engine.documents.models import DocumentFile
from engine.dossiers.models import Dossier
from tests.factories.scans import picture, scan
from tests.journeys.clerk import PDF, declared, judge
from tests.journeys.pages import Page

CODE = "2.000908"
ACCEPT = "Tiếp nhận và in giấy hẹn"
ASKED = declared(CODE) | {"result_delivery": "counter"}


@pytest.fixture
def page(login):
    return Page.open(login("tiepnhan.hacthanh"), f"/counter/{CODE}")


@pytest.fixture
def filled(page):
    """Everything typed and checked; only the button is missing."""
    form = page.form(ACCEPT)
    form.fill(ASKED | {"lookup": "missing"})
    page = form.press("Tính lại ngày, phí, giấy tờ")
    form = page.form(ACCEPT)
    judge(form, {})
    return form


def dossiers(sessions):
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Dossier))


class TestSearch:
    @pytest.mark.parametrize("words", [CODE, "ban sao tu so goc", "bản sao SỔ GỐC"])
    def test_by_code_or_in_the_citizens_words(self, login, words):
        page = Page.open(login("tiepnhan.hacthanh"), "/counter/").press("Tìm", q=words)

        assert "cấp bản sao từ sổ gốc" in page.words

    def test_nothing_fits(self, login):
        page = Page.open(login("tiepnhan.hacthanh"), "/counter/").press("Tìm", q="xyzzy")

        assert "Không có thủ tục nào khớp" in page.words

    @pytest.mark.parametrize("other", ["chuyenvien.hacthanh", "vanthu.hacthanh", "kiemtra"])
    def test_other_lanes_have_no_counter(self, login, other):
        assert login(other).get("/counter/").status_code == 403
        assert login(other).get(f"/counter/{CODE}").status_code == 403
        assert login(other).post(f"/counter/{CODE}", data={}).status_code == 403

    def test_a_result_can_be_fetched_at_any_counter_of_the_province(self, login):
        page = Page.open(login("tiepnhan.hacthanh"), "/counter/1.013225")
        options = page.tree.xpath("//select[contains(@name, 'delivery_office')]/option")
        names = [one.text_content() for one in options]

        assert "Trung tâm Phục vụ hành chính công phường Hạc Thành" in names
        assert not any(name.startswith("Ủy ban") for name in names)

    def test_an_unknown_procedure_is_missing(self, login):
        assert login("tiepnhan.hacthanh").get("/counter/9.999999").status_code == 404


class TestTakeIn:
    def test_accepted_it_has_a_code_a_slip_and_the_file(self, filled, login):
        filled.attach("file:id_paper", PDF, "căn cước.pdf")
        page = filled.press(ACCEPT)

        assert page.path == "/dossiers/H56.101-261123-0001"
        assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01)" in page.words
        assert "căn cước.pdf" in page.words

    def test_two_clicks_are_one_dossier_with_one_file(self, filled, province_sessions):
        filled.attach("file:id_paper", PDF, "can-cuoc.pdf")
        first = filled.press(ACCEPT)
        filled.files.clear()
        filled.attach("file:id_paper", PDF, "can-cuoc.pdf")
        second = filled.press(ACCEPT)

        assert (second.status, second.path) == (200, first.path)
        assert dossiers(province_sessions) == 1
        assert second.words.count("can-cuoc.pdf") == 1

    def test_answers_that_do_not_fit_come_back_with_all_that_was_typed_and_chosen(self, filled, province_sessions):
        filled.fill({"requester": {"personal_id": "123"}})
        filled.attach("file:id_paper", PDF, "can-cuoc.pdf")
        page = filled.press(ACCEPT)

        assert page.status == 422
        assert "Nguyễn Minh Tú" in page.html
        assert dossiers(province_sessions) == 0
        form = page.form(ACCEPT)
        assert form.control("verdict:id_paper")[0].checked
        form.fill({"requester": {"personal_id": "099201000201"}})
        done = form.press(ACCEPT)
        assert "can-cuoc.pdf" in done.words

    def test_a_missing_paper_names_itself(self, filled, province_sessions):
        judge(filled, {"id_paper": "missing"})
        page = filled.press(ACCEPT)

        assert page.status == 422
        assert "còn thiếu" in page.said
        assert dossiers(province_sessions) == 0

    def test_a_fee_that_is_owed_first_is_not_called_accepted(self, town):
        file = town.take_in("2.000635", answers={"result_delivery": "counter"})

        assert file.said == "Đã kiểm tra đủ. Mời người nộp sang thu phí; mã hồ sơ và giấy hẹn có sau khi thu."
        assert "Mẫu 01" not in file.page().words

    def test_a_refusal_that_the_head_must_approve_is_not_called_issued(self, town):
        file = town.take_in("2.000635", decision="Từ chối", reason="x", answers={"result_delivery": "counter"})

        assert file.said == "Đã chuyển lãnh đạo Trung tâm duyệt việc từ chối."


class TestUploads:
    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (b"", "trong.pdf", "Tệp «trong.pdf» rỗng."),
            (PDF + b"0" * (1 << 20), "to.pdf", "Tệp «to.pdf» lớn hơn 1 MB."),
            (b"MZ\x90\x00 khong phai PDF", "virus.pdf", "Nội dung tệp «virus.pdf» không đúng với tên"),
            (PDF, "anh.jpg", "Nội dung tệp «anh.jpg» không đúng với tên"),
        ],
    )
    def test_a_bad_one_is_refused_and_the_rest_stays(self, filled, province_sessions, content, name, sentence):
        filled.attach("file:id_paper", PDF, "tot.pdf")
        filled.attach("file:id_paper", content, name)
        page = filled.press(ACCEPT)

        assert page.status == 422
        assert sentence in page.said
        assert "Nguyễn Minh Tú" in page.html
        assert dossiers(province_sessions) == 0
        done = page.form(ACCEPT).press(ACCEPT)
        assert "tot.pdf" in done.words, "the good file was chosen before and need not be chosen again"

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (scan(pages=2, blank=(1, 2)), "trang.pdf", "Tệp «trang.pdf» chỉ có trang trắng."),
            (scan(dpi=72), "mo.pdf", "Tệp «mo.pdf» chỉ khoảng 72 dpi (ít nhất 100)"),
            (scan()[:-900], "cut.pdf", "Không mở được tệp «cut.pdf»: tệp bị hỏng hoặc chưa đủ."),
            (picture("PNG")[:-900], "cut.png", "Không mở được tệp «cut.png»"),
        ],
    )
    def test_art_17_1_c_one_that_nobody_could_read_is_refused_in_words_and_nothing_typed_is_lost(
        self, filled, province_sessions, content, name, sentence
    ):
        filled.attach("file:id_paper", PDF, "tot.pdf")
        filled.attach("file:id_paper", content, name)
        page = filled.press(ACCEPT)

        assert page.status == 422
        assert sentence in page.said
        assert "Nguyễn Minh Tú" in page.html
        assert dossiers(province_sessions) == 0
        assert "tot.pdf" in page.form(ACCEPT).press(ACCEPT).words

    def test_what_was_seen_in_a_file_stands_beside_it_with_what_could_be_better(self, filled, province_sessions):
        filled.attach("file:id_paper", scan(pages=3, dpi=150, blank=(2,)), "quet.pdf")
        page = filled.press("Tính lại ngày, phí, giấy tờ")
        said = "3 trang, khoảng 150 dpi"
        assert said in page.words

        page = page.form(ACCEPT).press(ACCEPT)
        assert said in page.words
        assert "Nét thấp: nên quét từ 200 dpi." in page.words
        assert "Trang trắng: 2." in page.words
        with province_sessions() as session:
            row = session.scalars(select(DocumentFile)).one()
        assert (row.pages, row.dpi, row.blank_pages) == (3, 150, [2])

    def test_a_file_can_be_taken_back_before_it_is_sent(self, filled):
        filled.attach("file:id_paper", PDF, "nham.pdf")
        form = filled.press("Tính lại ngày, phí, giấy tờ").form(ACCEPT)
        form.control("kept:id_paper")[0].checked = False

        assert "nham.pdf" not in form.press(ACCEPT).words

    def test_a_forged_token_is_refused(self, filled, login, province_sessions):
        data = {"key": filled.control("key")[0].value, "kept:id_paper": "WyJhIl0.x"}
        answer = login("tiepnhan.hacthanh").post(f"/counter/{CODE}", data=data)

        assert answer.status_code == 422
        assert dossiers(province_sessions) == 0


class TestMalformed:
    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"key": "x"},
            {"key": "5b8f1b0e-9d0e-4a52-9f51-0f7c1f5f0c11", "channel": "pigeon"},
            {"key": "5b8f1b0e-9d0e-4a52-9f51-0f7c1f5f0c11", "decision": "maybe"},
        ],
    )
    def test_what_the_page_does_not_offer_is_invalid(self, login, data):
        answer = login("tiepnhan.hacthanh").post(f"/counter/{CODE}", data=data)

        assert answer.status_code == 422


class TestEstimate:
    def test_date_fee_and_papers_follow_the_answers_and_nothing_is_stored(self, login, province_sessions):
        page = Page.open(login("tiepnhan.hacthanh"), "/counter/2.000635")
        form = page.form(ACCEPT)
        form.fill({"copies_count": 3, "applicant_kind": "person"})
        page = form.press("Tính lại ngày, phí, giấy tờ")

        assert "24.000 đ" in page.words
        assert "17:00 thứ Hai 23/11/2026" in page.words
        assert dossiers(province_sessions) == 0


class TestPlaces:
    def test_the_communes_of_a_province(self, client):
        answer = client.get("/places/communes?delivery_address.province=38").get_data(as_text=True)

        assert "Phường Hạc Thành" in answer

    @pytest.mark.parametrize("query", ["", "?province=", "?province=999", "?x=38"])
    def test_an_unknown_province_has_none(self, client, query):
        answer = client.get(f"/places/communes{query}")

        assert answer.status_code == 200
        assert "Phường" not in answer.get_data(as_text=True)
