"""The tracking register (Mẫu 07): what stands in it, who may open whose, and its two books."""

import io
import re
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import update

from engine.base import pages
from engine.base.clock import VIETNAM
from engine.dossiers.gaps import gaps
from engine.dossiers.models import CodeCounter
from engine.dossiers.registers import Wanted
from tests.journeys.pages import Page
from tests.webapp.test_handovers import given
from webapp.registers import views
from webapp.registers.book import workbook

DAYS = date(2026, 11, 1), date(2026, 11, 30)
CODE = "2.000908"
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def file(town):
    return town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"})


def opened(login, username="tiepnhan.hacthanh", query=""):
    return Page.open(login(username), f"/registers/{query}")


class TestPage:
    def test_a_dossier_stands_in_it_with_its_times_and_numbers(self, login, file):
        row = file.row
        line = re.sub(r"\s+", " ", opened(login).row(file.ref).text_content())

        for said in (row.owner_name, "01/TNHS", "09:40 23/11/2026", "Đang giải quyết, trong hạn", "Ủy ban nhân dân phường Hạc Thành"):
            assert said in line

    def test_after_the_hand_over_it_says_result_and_return(self, login, town, file):
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.sign()
        file.hand_over()
        line = opened(login).row(file.ref).text_content()

        assert "128/UBND" in line
        assert "Đã giải quyết đúng hạn" in line
        assert file.row.ended_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") in line

    def test_one_that_was_not_accepted_is_not_in_it(self, login, town):
        refused = town.take_in(CODE, decision="Từ chối", reason="Không có quyền yêu cầu", answers={"result_delivery": "counter"})

        assert refused.row.owner_name not in opened(login).words

    @pytest.mark.parametrize(
        ("query", "there"),
        [
            ("?standing=open", True),
            ("?standing=late", False),
            (f"?procedure={CODE}", True),
            ("?procedure=1.001193", False),
            ("?channel=online", False),
            ("?q=nguyen+minh+tu", True),
            ("?q=khong+ai", False),
            ("?since=2026-11-23&until=2026-11-23", True),
            ("?since=2026-11-24&until=2026-11-30", False),
            ("?until=2026-11-22", False),
            ("?standing=x&since=x&after=x&office=x", True),
        ],
    )
    def test_filters(self, login, file, query, there):
        page = opened(login, query=query)

        assert page.status == 200
        assert (file.ref in page.words) is there

    def test_late_is_late_from_the_minute_on(self, login, town, file):
        town.at("2026-11-27 17:01")

        assert "Đang giải quyết, quá hạn" in opened(login, query="?standing=open_late").words

    def test_the_next_page_goes_on_where_this_one_ends(self, login, town, monkeypatch):
        monkeypatch.setattr(pages, "PAGE", 1)
        refs = [town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"}).ref for _ in range(2)]
        first = opened(login)
        second = first.link("Trang sau")

        assert [one for one in refs if one in first.words] == refs[:1]
        assert [one for one in refs if one in second.words] == refs[1:]


class TestWhose:
    def test_of_other_offices_there_is_none(self, login, file, town):
        other = town.office_id("Ủy ban nhân dân phường Hạc Thành")

        assert file.ref not in opened(login, "tiepnhan.samson").words
        assert login("tiepnhan.samson").get(f"/registers/?office={other}").status_code == 404
        assert login("tiepnhan.samson").get(f"/registers/book.xlsx?office={other}").status_code == 404

    @pytest.mark.parametrize("username", ["lanhdao.hacthanh", "kiemtra"])
    def test_who_oversees_an_office_opens_its_register(self, login, file, town, username):
        centre = town.office_id("Trung tâm Phục vụ hành chính công phường Hạc Thành")

        assert file.ref in opened(login, username, f"?office={centre}").words

    def test_without_a_login_there_is_no_register(self, client):
        assert client.get("/registers/").status_code == 302


class TestBooks:
    def test_the_printed_book_has_the_lines_and_the_sum(self, login, file):
        answer = login("tiepnhan.hacthanh").get("/registers/book.pdf")
        pages = PdfReader(io.BytesIO(answer.data)).pages
        said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))

        assert answer.mimetype == "application/pdf"
        assert float(pages[0].mediabox.width) > float(pages[0].mediabox.height)
        assert "SỔ THEO DÕI HỒ SƠ" in said
        assert "Từ ngày 01/11/2026 đến ngày 23/11/2026" in said
        assert "Cộng: 1 hồ sơ" in said

    def test_what_looks_like_a_formula_stays_text(self):
        sheet = load_workbook(io.BytesIO(workbook([], {"office": "=1+1"}, Wanted(None, *DAYS)))).active

        assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")

    def test_the_workbook_has_real_dates(self, login, file):
        answer = login("tiepnhan.hacthanh").get("/registers/book.xlsx")
        sheet = load_workbook(io.BytesIO(answer.data)).active
        titles, line = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=5))
        row = dict(zip(titles, line, strict=True))

        assert row["Mã hồ sơ"] == file.ref
        assert row["Nhận hồ sơ"] == datetime(2026, 11, 23, 9, 40)
        assert row["Số giấy tiếp nhận"] == "01/TNHS"
        assert row["Tình trạng"] == "Đang giải quyết, trong hạn"

    def test_a_book_that_is_too_long_is_refused_with_the_number(self, login, file, monkeypatch):
        monkeypatch.setattr(views, "PRINTED", 0)
        answer = login("tiepnhan.hacthanh").get("/registers/book.pdf")

        assert answer.status_code == 422
        assert "Sổ có hơn 0 dòng" in answer.text


class TestNumbers:
    def typed(self, **other):
        return {"register": "result", "pattern": "{number}/GPXD", "effective_from": "2026-11-23"} | other

    def test_an_administrator_says_how_numbers_look_and_the_next_series_follows(self, login, town):
        page = Page.open(login("quantri"), "/registers/numbers")
        page = page.press("Thêm", **self.typed(register="result.2.000908"))
        file = town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"})
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        file.by("lanhdao", "Ký duyệt", sign_outcome="sign")
        file.by("vanthu", "Cấp số, đóng dấu, phát hành")

        assert "{number}/GPXD" in page.words
        assert file.row.result_number == "1/GPXD"
        assert "01/TNHS" not in Page.open(login("quantri"), "/registers/numbers").words
        assert "{number:02}/TNHS" in page.words

    @pytest.mark.parametrize(
        "other",
        [
            {"pattern": "GPXD"},
            {"pattern": "{number}{number}"},
            {"pattern": "{number.__class__}"},
            {"pattern": "{0}{number}"},
            {"pattern": "x" * 61},
            {"effective_from": "2026-11-22"},
            {"effective_from": "x"},
            {"register": "Kết quả"},
            {"register": ""},
            {"office": "x"},
        ],
    )
    def test_what_would_give_no_numbers_is_refused_and_stays_in_the_boxes(self, login, other):
        answer = login("quantri").post("/registers/numbers", data=self.typed(**other))

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_the_same_twice_is_one_and_another_for_the_same_day_is_refused(self, login):
        client = login("quantri")
        assert [client.post("/registers/numbers", data=self.typed()).status_code for _ in range(2)] == [303, 303]
        assert client.post("/registers/numbers", data=self.typed(pattern="{number}/X")).status_code == 422

    def test_a_province_says_how_codes_of_dossiers_look_and_they_have_no_gap(self, login, town):
        """Art. 28; a ministry may fix one structure (Decree 309/2026)."""
        first = town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"})
        said = self.typed(register="dossier_code", pattern="TH-{ddmmyyyy}.{office}-{number:06}", basis="Quyết định 1/QĐ-UBND")
        page = Page.open(login("quantri"), "/registers/numbers").press("Thêm", **said)
        second = town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"})
        town.at("2026-11-25 09:00")
        third = town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"})

        assert "Nghị định 118/2025/NĐ-CP, Điều 28" in page.words
        assert "Quyết định 1/QĐ-UBND" in page.words
        assert re.sub(r"(.*)0001$", r"\g<1>0002", first.ref) == second.ref, "the day goes on as it began"
        assert third.ref == f"TH-25112026.{first.ref.partition('-')[0]}-000001"
        assert town.clerk("tiepnhan.hacthanh").open(f"/dossiers/{third.ref}").status == 200
        with town.house.sessions() as session:
            assert list(gaps(session)) == []
            session.execute(update(CodeCounter).where(CodeCounter.shape.contains("TH-")).values(last=3))
            assert [one.missing for one in gaps(session)] == [(2, 3)]

    @pytest.mark.parametrize(
        "other",
        [
            {"basis": ""},
            {"pattern": "{office}-{number:04}"},
            {"pattern": "{yymmdd}-{number:04}"},
            {"pattern": "{office}{yymmdd}-{number:04}"},
            {"pattern": "{number:04}-{office}-{yymmdd}"},
            {"pattern": "{office}-{yymmdd}-{number}"},
            {"pattern": "{office}/{yymmdd}/{number:04}"},
        ],
    )
    def test_codes_that_would_not_tell_dossiers_apart_are_refused(self, login, other):
        sound = {"register": "dossier_code", "pattern": "{office}-{yymmdd}-{number:04}", "basis": "Điều 28"}
        answer = login("quantri").post("/registers/numbers", data=self.typed(**sound | other))

        assert answer.status_code == 422
        assert "Mẫu mã hồ sơ có {office}" in answer.text

    @pytest.mark.parametrize("username", ["vanthu.hacthanh", "kiemtra", "lanhdao.hacthanh"])
    def test_others_may_not(self, login, username):
        assert login(username).get("/registers/numbers").status_code == 403
        assert login(username).post("/registers/numbers", data=self.typed()).status_code == 403


def booked(login, file):
    """The line of a dossier in the workbook, by the titles of its columns."""
    answer = login("tiepnhan.hacthanh").get("/registers/book.xlsx")
    titles, *lines = load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=4, values_only=True)
    return next(row for line in lines if (row := dict(zip(titles, line, strict=True)))["Mã hồ sơ"] == file.ref)


class TestWhatTravelled:
    """Decree 118/2025 art. 18(2), 20(1)(b): papers and results stand as given and as acknowledged, not as accepted and decided."""

    def decided(self, file, place):
        who = "chuyenvien" if place == "hacthanh" else f"chuyenvien.{place}"
        file.by(who, "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by(who, "Lập bản sao")
        file.sign(place=place)

    def test_papers_given_on_a_list_stand_as_given(self, town, login, file):
        assert booked(login, file)["Chuyển giải quyết"] == datetime(2026, 11, 23, 9, 40)
        town.at("2026-11-23 11:20")
        given(login, file)

        assert booked(login, file)["Chuyển giải quyết"] == datetime(2026, 11, 23, 11, 20)

    def test_papers_that_did_not_arrive_stand_as_given_the_second_time(self, town, login, file):
        page = given(login, file)
        theirs = Page.open(login("chuyenvien.hacthanh"), page.path).form("Ký nhận đủ 1 hồ sơ")
        theirs.fill({f"state:{file.row.id}": "missing"})
        theirs.press("Ký nhận đủ 1 hồ sơ")
        town.at("2026-11-23 14:10")
        given(login, file)

        assert booked(login, file)["Chuyển giải quyết"] == datetime(2026, 11, 23, 14, 10)

    def test_a_result_that_comes_back_stands_as_acknowledged(self, town, login):
        file = town.take_in(
            CODE, lookup="missing", answers={"result_delivery": "counter"}, competent_office_id="Ủy ban nhân dân phường Sầm Sơn"
        )
        file.by("tiepnhan", "Bàn giao hồ sơ giấy")
        file.say("Xác nhận đã nhận", by="chuyenvien.samson")
        self.decided(file, "samson")
        on_its_way = booked(login, file)
        town.at("2026-11-25 15:30")
        file.say("Xác nhận đã nhận", by="traketqua.hacthanh")

        assert (on_its_way["Có kết quả"].day, on_its_way["Nhận kết quả"]) == (23, None)
        assert booked(login, file)["Nhận kết quả"] == datetime(2026, 11, 25, 15, 30)

    def test_a_result_given_on_a_list_stands_as_acknowledged(self, town, login, file):
        self.decided(file, "hacthanh")
        there = booked(login, file)
        assert there["Nhận kết quả"] == there["Có kết quả"]
        page = given(login, file, username="vanthu.hacthanh")
        assert booked(login, file)["Nhận kết quả"] is None
        town.at("2026-11-23 16:05")
        Page.open(login("traketqua.hacthanh"), page.path).press("Ký nhận đủ 1 hồ sơ")

        assert booked(login, file)["Nhận kết quả"] == datetime(2026, 11, 23, 16, 5)


@pytest.mark.parametrize(("who", "has_one"), [("tiepnhan.hacthanh", True), ("kiemtra", True), ("quantri", False), ("phantich", False)])
def test_the_register_is_in_the_menu_of_those_who_have_one(login, who, has_one):
    client = login(who)

    assert ("Sổ theo dõi hồ sơ" in Page.open(client, "/inbox").words) == has_one
    assert client.get("/registers/").status_code == (200 if has_one else 404)
