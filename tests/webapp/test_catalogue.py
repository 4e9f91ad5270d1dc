"""The catalogue as a citizen reads it, and the one button that reception has in it."""

import pytest
from sqlalchemy import update

from engine.catalog.models import Procedure, ProcedureVersion, VersionState


class TestIndex:
    def test_without_a_word_it_shows_what_people_ask_for_and_the_fields(self, client):
        page = client.get("/procedures").text
        assert "Thủ tục nhiều người hỏi" in page
        assert "/procedures/1.001193" in page
        assert "field=H%E1%BB%99+t%E1%BB%8Bch&amp;level=commune" in page

    def test_words_without_marks_find_and_the_best_comes_with_its_three_answers(self, client):
        page = client.get("/procedures?q=khai+sinh").text
        assert page.index("Thủ tục đăng ký khai sinh") < page.index("Cấp bản sao Trích lục hộ tịch")
        assert "Trong ngày" in page
        assert "0 đ đến 8.000 đ" in page

    def test_a_level_and_a_field_narrow_the_list(self, client):
        page = client.get("/procedures?q=ban+sao&level=province&field=Hộ+tịch").text
        assert "2.000635" in page
        assert "2.000908" not in page

    def test_nothing_found_says_what_to_try(self, client):
        page = client.get("/procedures?q=zzzqq&level=commune")
        assert page.status_code == 200
        assert "Không có thủ tục nào cho “zzzqq”." in page.text
        assert "Tìm ở mọi cấp và lĩnh vực" in page.text

    def test_while_typing_only_the_list_is_sent(self, client):
        part = client.get("/procedures?q=ket+hon", headers={"HX-Request": "true"}).text
        assert "Thủ tục đăng ký kết hôn" in part
        assert "<html" not in part

    @pytest.mark.parametrize("query", ["level=moon", "q=" + "a" * 5000, "q=1.00%25"])
    def test_an_address_that_makes_no_sense_still_opens(self, client, query):
        assert client.get(f"/procedures?{query}").status_code == 200

    def test_typed_markup_stays_text(self, client):
        assert "<script>alert" not in client.get("/procedures?q=<script>alert(1)</script>").text


class TestShow:
    def test_answers_first_then_papers_then_the_law(self, client):
        page = client.get("/procedures/1.001193").text
        parts = (
            "Bao lâu",
            "Bạn cần có",
            "Bạn không phải mang",
            "Cách nộp",
            "Bạn nhận được",
            "Căn cứ pháp lý",
        )
        places = [page.index(part) for part in parts]
        assert places == sorted(places)

    def test_what_a_database_holds_need_not_be_brought(self, client):
        page = client.get("/procedures/1.001193").text
        not_brought = page[page.index("Bạn không phải mang") : page.index("Cách nộp")]
        assert "Giấy tờ chứng minh nơi cư trú" in not_brought
        assert "Cơ sở dữ liệu về cư trú" in not_brought
        assert "Giấy cam đoan về việc sinh" not in not_brought

    def test_different_fees_and_limits_are_given_as_a_range(self, client):
        page = client.get("/procedures/1.013225").text
        assert "15 đến 20 ngày" in page
        assert "0 đ đến 150.000 đ" in page

    def test_only_reception_gets_the_button_to_take_a_dossier_in(self, client, login):
        button = 'href="/counter/1.001193"'
        assert button not in client.get("/procedures/1.001193").text
        assert button not in login("chuyenvien.hacthanh").get("/procedures/1.001193").text
        assert button in login("tiepnhan.hacthanh").get("/procedures/1.001193").text

    def test_a_procedure_without_a_bundle_shows_what_was_published(self, client, session):
        row = session.get(Procedure, "1.001193")
        columns = {
            one.key: getattr(row, one.key) for one in Procedure.__table__.columns if one.computed is None
        }
        group = "* Giấy tờ phải nộp:"
        paper = {
            "key": "a",
            "name": "Đơn đề nghị",
            "originals": 2,
            "certified": None,
            "copies": 1,
            "group": group,
        }
        channel = {"channel": "online", "limit_text": "5 Ngày làm việc", "limit_value": 5, "limit_unit": "wd"}
        paid = {"fee_text": "20.000 VNĐ(mỗi bản)", "fee_amount": 20_000, "description": None}
        session.add(
            Procedure(**columns | {"code": "1.999999", "components": [paper], "channels": [channel | paid]})
        )
        session.commit()
        page = client.get("/procedures/1.999999").text
        for words in (
            "5 ngày làm việc",
            "20.000 đ",
            "20.000 VNĐ (mỗi bản)",
            "2 bản chính, 1 bản sao",
            "Giấy tờ phải nộp",
        ):
            assert words in page
        assert "Quy trình chung theo cơ chế một cửa" in page

    def test_an_unknown_code_is_not_found(self, client):
        assert client.get("/procedures/9.999999").status_code == 404
        assert client.get("/procedures/%00").status_code == 404


class TestDiagram:
    def test_it_is_the_one_in_force(self, client, session):
        answer = client.get("/procedures/1.001193/diagram.bpmn")
        assert answer.mimetype == "application/xml"
        assert b'id="p_1_001193"' in answer.data

    def test_without_any_version_in_force_there_is_none(self, client, session):
        session.execute(update(ProcedureVersion).values(state=VersionState.DRAFT))
        session.commit()
        assert client.get("/procedures/1.001193").status_code == 200
        assert client.get("/procedures/1.001193/diagram.bpmn").status_code == 404

    def test_an_unknown_code_is_not_found(self, client):
        assert client.get("/procedures/9.999999/diagram.bpmn").status_code == 404
