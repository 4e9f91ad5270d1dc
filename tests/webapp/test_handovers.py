"""Papers and results pass from door to door on lists, and the other side says of each what is there."""

import io
import re
import uuid

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from engine.dossiers.handover_models import HandoverItem, HandoverList
from engine.ledger.read import history
from tests.engine.dossiers.fold import fold, rows
from tests.journeys.pages import Page

CODE = "2.000908"
GIVE = "Lập danh sách và giao"
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")


def taken_in(town, **more):
    return town.take_in(CODE, lookup="missing", answers={"result_delivery": "counter"}, **more)


def told(town, file, kind):
    with town.house.sessions() as session:
        return [one.payload for one in history(session, file.row.id) if one.type == kind]


def agree(town, file):
    with town.house.sessions() as session:
        row = file.row
        return fold(history(session, row.id)) == rows(session, row)


def given(login, *files, username="tiepnhan.hacthanh", page="/handovers/"):
    """A list with just these dossiers, sent."""
    form = Page.open(login(username), page).form(GIVE)
    for box in form.there("dossier"):
        box.checked = box.get("value") in {str(one.row.id) for one in files}
    return form.press(GIVE)


class TestPapersGoToWhoeverDecides:
    """Decree 118/2025 art. 18(2), T04."""

    @pytest.mark.parametrize(
        ("taken_at", "until"),
        [("2026-11-23 14:59", "17:00 thứ Hai 23/11/2026"), ("2026-11-23 15:01", "08:00 thứ Tư 25/11/2026")],
        ids=["before the cut-off the same day", "after it in the first hour of the next working day"],
    )
    def test_until_when_follows_from_the_hour_of_acceptance(self, town, login, taken_at, until):
        town.at(taken_at)
        file = taken_in(town)

        row = Page.open(login("tiepnhan.hacthanh"), "/handovers/").row(file.ref).text_content()

        assert until in row
        assert "quá giờ" not in row

    def test_what_was_not_given_in_time_says_so(self, town, login):
        file = taken_in(town)
        town.at("2026-11-25 07:30")

        assert "quá giờ" in Page.open(login("tiepnhan.hacthanh"), "/handovers/").row(file.ref).text_content()

    def test_the_centre_gives_its_own_specialists_who_sign_for_each(self, town, login):
        files = [taken_in(town), taken_in(town)]
        page = given(login, *files)
        assert page.said == "Đã giao theo danh sách số 01/DS-BGHS. In danh sách để hai bên ký."
        assert files[0].ref not in Page.open(login("tiepnhan.hacthanh"), "/handovers/").words
        theirs = Page.open(login("chuyenvien.hacthanh"), "/handovers/").link("Số 01/DS-BGHS")
        nothing = theirs.press("Chỉ ký nhận hồ sơ đã ghi")
        assert (nothing.status, nothing.said) == (422, "Chưa ghi hồ sơ nào. Chọn nhận đủ, thiếu hoặc không có.")
        done = theirs.press("Ký nhận đủ 2 hồ sơ")

        assert done.said == "Đã ghi nhận 2 hồ sơ."
        assert "nhận đủ" in done.row(files[1].ref).text_content()
        assert [one["state"] for one in told(town, files[0], "handover.acknowledged")] == ["received"]
        assert "Danh sách bàn giao số 01/DS-BGHS" in files[0].page().words
        assert all(agree(town, one) for one in files)

    def test_what_is_short_is_said_and_the_sender_sees_it(self, town, login):
        file = taken_in(town)
        page = given(login, file)
        address = page.path
        theirs = Page.open(login("chuyenvien.hacthanh"), address).form("Chỉ ký nhận hồ sơ đã ghi")
        theirs.fill({f"state:{file.row.id}": "short"})
        refused = theirs.press("Chỉ ký nhận hồ sơ đã ghi")
        assert (refused.status, refused.said) == (422, "Hồ sơ thiếu hoặc hư hỏng thì ghi rõ thiếu gì.")
        again = refused.form("Chỉ ký nhận hồ sơ đã ghi")
        again.fill({f"note:{file.row.id}": "Thiếu bản sao hộ chiếu"})
        again.press("Chỉ ký nhận hồ sơ đã ghi")

        mine = Page.open(login("tiepnhan.hacthanh"), "/handovers/")
        assert "1 hồ sơ thiếu" in mine.words
        assert "Thiếu bản sao hộ chiếu" in Page.open(login("tiepnhan.hacthanh"), address).words
        assert "Thiếu bản sao hộ chiếu" in file.page().words

    def test_what_was_written_of_a_dossier_is_not_signed_away(self, town, login):
        file = taken_in(town)
        theirs = Page.open(login("chuyenvien.hacthanh"), given(login, file).path).form("Ký nhận đủ 1 hồ sơ")
        theirs.fill({f"note:{file.row.id}": "Thiếu bản sao hộ chiếu"})
        refused = theirs.press("Ký nhận đủ 1 hồ sơ")

        assert (refused.status, refused.said) == (422, "Hồ sơ có ghi thiếu gì thì chọn «thiếu, hư hỏng» hoặc «không có».")
        assert "Thiếu bản sao hộ chiếu" in refused.form("Ký nhận đủ 1 hồ sơ").control(f"note:{file.row.id}")[0].value

    def test_all_others_are_signed_for_in_one_go(self, town, login):
        files = [taken_in(town), taken_in(town)]
        page = given(login, *files)
        theirs = Page.open(login("chuyenvien.hacthanh"), page.path).form("Ký nhận đủ 2 hồ sơ")
        theirs.fill({f"state:{files[0].row.id}": "missing"})
        theirs.press("Ký nhận đủ 2 hồ sơ")

        assert [told(town, one, "handover.acknowledged")[0]["state"] for one in files] == ["missing", "received"]

    def test_what_did_not_arrive_waits_to_be_given_again(self, town, login):
        file = taken_in(town)
        page = given(login, file)
        theirs = Page.open(login("chuyenvien.hacthanh"), page.path).form("Ký nhận đủ 1 hồ sơ")
        theirs.fill({f"state:{file.row.id}": "missing"})
        theirs.press("Ký nhận đủ 1 hồ sơ")

        assert given(login, file).said.startswith("Đã giao theo danh sách số 02/DS-BGHS")
        assert agree(town, file)

    def test_nobody_signs_within_two_working_hours_and_both_sides_see_it_late(self, town, login):
        """L03 (Decree 309/2026)."""
        given(login, taken_in(town))
        town.at("2026-11-23 14:00")

        for username in ("tiepnhan.hacthanh", "giamdoc.hacthanh", "chuyenvien.hacthanh"):
            assert "quá giờ xác nhận" in Page.open(login(username), "/handovers/").words


class TestReceivedElsewhere:
    """Decree 118/2025 art. 20(1): the list is the step that hands over, and its acknowledgement is that of the leg."""

    def test_nobody_types_anything_twice(self, town, login):
        file = taken_in(town, competent_office_id="Ủy ban nhân dân phường Sầm Sơn")
        assert town.clerk("tiepnhan.hacthanh").has(file.ref, "Bàn giao hồ sơ giấy")

        page = given(login, file)
        assert not town.clerk("tiepnhan.hacthanh").has(file.ref, "Bàn giao hồ sơ giấy")
        Page.open(login("chuyenvien.samson"), page.path).press("Ký nhận đủ 1 hồ sơ")
        file.settle()

        assert [one["state"] for one in told(town, file, "transfer.closed")] == ["received"]
        assert file.status == "Đang xử lý"
        assert agree(town, file)

    def test_its_result_comes_back_on_a_list(self, town, login):
        file = taken_in(town, competent_office_id="Ủy ban nhân dân phường Sầm Sơn")
        Page.open(login("chuyenvien.samson"), given(login, file).path).press("Ký nhận đủ 1 hồ sơ")
        file.settle()
        file.by("chuyenvien.samson", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien.samson", "Lập bản sao")
        file.sign(place="samson")

        page = given(login, file, username="vanthu.samson")
        assert "128/UBND" in page.row(file.ref).text_content()
        Page.open(login("traketqua.hacthanh"), page.path).press("Ký nhận đủ 1 hồ sơ")
        file.settle()
        file.hand_over()

        assert file.row.status == "handed_over"
        assert agree(town, file)


class TestPrinted:
    def test_both_sides_get_the_same_bytes_with_every_dossier(self, town, login):
        file = taken_in(town)
        page = given(login, file)
        client = login("tiepnhan.hacthanh")
        first = client.post(f"{page.path}/print", follow_redirects=True)
        again = login("chuyenvien.hacthanh").post(f"{page.path}/print", follow_redirects=True)

        assert (first.status_code, first.mimetype) == (200, "application/pdf")
        assert first.data == again.data
        said = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(io.BytesIO(first.data)).pages))
        for words in ("DANH SÁCH BÀN GIAO HỒ SƠ GIẤY", "01/DS-BGHS", file.ref, "Lê Thị Ngọc Bích", "BÊN NHẬN"):
            assert words in said

    def test_before_the_first_print_there_are_no_bytes(self, town, login):
        page = given(login, taken_in(town))
        assert login("tiepnhan.hacthanh").get(f"{page.path}.pdf").status_code == 404


class TestBadInput:
    def test_two_clicks_are_one_list(self, town, login, province_sessions):
        file = taken_in(town)
        form = Page.open(login("tiepnhan.hacthanh"), "/handovers/").form(GIVE)
        form.press(GIVE)
        again = form.press(GIVE)

        assert again.status == 200
        with province_sessions() as session:
            assert len(session.scalars(select(HandoverList)).all()) == 1
        assert len(told(town, file, "handover.sent")) == 1

    def test_nothing_ticked_nobody_named_or_given_meanwhile_is_refused_in_words(self, town, login):
        file = taken_in(town)
        stale = Page.open(login("tiepnhan.hacthanh"), "/handovers/").form(GIVE)
        form = Page.open(login("tiepnhan.hacthanh"), "/handovers/").form(GIVE)
        form.fill({"carrier": " "})
        assert form.press(GIVE).said == "Hãy ghi ai là người chuyển."
        for box in form.there("dossier"):
            box.checked = False
        form.fill({"carrier": "Lê Thị Ngọc Bích"})
        assert form.press(GIVE).said.startswith("Một danh sách cần ít nhất một hồ sơ")
        given(login, file)
        assert stale.press(GIVE).said.startswith("Có hồ sơ đã được bàn giao")

    def test_a_carrier_whom_the_form_of_the_step_refuses_is_told_so_and_may_be_named_again(self, town, login):
        file = taken_in(town, competent_office_id="Ủy ban nhân dân phường Sầm Sơn")
        form = Page.open(login("tiepnhan.hacthanh"), "/handovers/").form(GIVE)
        form.fill({"carrier": "Anh Bích, xe số 5"})
        page = form.press(GIVE)

        assert page.status == 422
        assert page.said == "Người chuyển: Họ tên không có chữ số."
        assert page.form(GIVE).there("carrier")[0].get("value") == "Anh Bích, xe số 5"
        assert not told(town, file, "handover.sent")

    def test_a_word_about_a_dossier_does_not_change(self, town, login, province_sessions):
        file = taken_in(town)
        page = given(login, file)
        client = login("chuyenvien.hacthanh")
        said = {f"state:{file.row.id}": "received"}
        assert client.post(page.path, data=said).status_code == 303
        assert client.post(page.path, data=said).status_code == 303
        assert client.post(page.path, data={f"state:{file.row.id}": "missing"}).status_code == 409
        assert client.post(page.path, data={f"state:{uuid.uuid4()}": "received"}).status_code == 404
        assert client.post(page.path, data={"state:x": "received"}).status_code == 422
        with province_sessions() as session:
            assert session.scalars(select(HandoverItem.state)).all() == ["received"]

    def test_other_offices_know_of_no_list_and_the_sender_does_not_sign_for_the_other(self, town, login):
        file = taken_in(town)
        page = given(login, file)
        assert login("chuyenvien.samson").get(page.path).status_code == 404
        assert login("chuyenvien.samson").post(page.path, data={}).status_code == 404
        said = {f"state:{file.row.id}": "received"}
        assert login("tiepnhan.hacthanh").post(page.path, data=said).status_code == 403


def test_with_nothing_to_hand_over_the_page_says_so(login):
    assert "Không có gì chờ bàn giao." in Page.open(login("tiepnhan.samson"), "/handovers/").words
