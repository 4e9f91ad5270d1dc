"""The rules of the clock as a page, and the command that checks an edition."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.calendar import rules
from tests.journeys.pages import Page
from webapp.cli import main

SHIPPED = Path(rules.__file__).parent / "2026-09-01.json"


class TestPage:
    def test_every_rule_stands_there_with_its_number_and_its_article(self, login):
        page = Page.open(login("tiepnhan.hacthanh"), "/").link("Quy tắc thời hạn")
        row = page.row("T06").text_content()
        assert "3 ngày làm việc" in row
        assert "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5" in row
        assert "giờ chốt 15:00" in page.row("T04").text_content()

    def test_in_english_too(self, login):
        client = login("tiepnhan.hacthanh")
        client.set_cookie("lang", "en")
        assert "8 working hours" in Page.open(client, "/rules").words

    def test_an_edition_that_does_not_exist(self, login):
        assert Page.open(login("tiepnhan.hacthanh"), "/rules?edition=1999-01-01").status == 404

    def test_a_day_that_does_not_exist_is_today(self, login):
        assert 'value="2026-11-23"' in login("tiepnhan.hacthanh").get("/rules?on=2026-02-30").text

    def test_whoever_is_not_logged_in_is_asked_to(self, client):
        assert client.get("/rules").status_code == 302


class TestCommand:
    @pytest.fixture
    def check(self, tmp_path):
        def run(text):
            file = tmp_path / "2027-03-01.json"
            file.write_text(text, "utf-8")
            return CliRunner().invoke(main, ["rules", str(file)])

        return run

    def test_the_shipped_edition_is_whole(self, check):
        assert "no gap and no overlap" in check(SHIPPED.read_text("utf-8")).output

    def test_an_overlap_is_refused_with_both_rows(self, check):
        rows = json.loads(SHIPPED.read_text("utf-8"))
        found = check(json.dumps([*rows, rows[0] | {"effective_from": "2027-03-01"}]))
        assert found.exit_code == 1
        assert "T01 [01/07/2025–…) và T01 [01/03/2027–…) chồng nhau" in found.output

    @pytest.mark.parametrize("text", ['{"a": 1}', "[1]", '"x"'])
    def test_what_is_no_list_of_rules_is_refused_in_words(self, check, text):
        found = check(text)
        assert found.exit_code == 1
        assert found.output.startswith("Error: ")

    def test_what_is_no_json_is_refused(self, check):
        assert check("[").exit_code == 1
