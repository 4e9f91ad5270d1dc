"""Art. 22(4): the electronic result lies in its owner's warehouse, and the applicant loads it without coming."""

import io

import pytest
from sqlalchemy import select

from engine.base.ids import digest_of
from engine.documents.warehouse_models import WarehouseLookup, WarehousePaper
from engine.dossiers import warehouse
from engine.ledger.models import LedgerEvent
from tests.factories.scans import picture
from tests.journeys.clerk import PDF
from tests.journeys.pages import Page

CODE = "2.000908"
STORE = "Lưu kết quả điện tử"


@pytest.fixture
def file(town):
    """A copy from the register that was signed and numbered."""
    file = town.take_in(CODE, answers={"result_delivery": "counter"})
    file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
    file.sign()
    return file


@pytest.fixture
def clerk(town):
    return town.clerk("vanthu.hacthanh")


def store(clerk, file, content=PDF, name="ban-sao.pdf", **typed) -> Page:
    form = clerk.open(f"/dossiers/{file.ref}").form(STORE)
    form.fill(typed)
    form.attach("file:result", content, name)
    return form.press(STORE)


def rows(sessions):
    with sessions() as session:
        return session.scalars(select(WarehousePaper).order_by(WarehousePaper.seq)).all()


def test_the_applicant_loads_it_with_the_number_and_nobody_else_does(town, file, clerk, province_sessions):
    assert "Đã lưu kết quả điện tử" in store(clerk, file).said
    dossier, (row,) = file.row, rows(province_sessions)
    key = {"code": dossier.code, "secret": dossier.secret}
    client = town.app.test_client()
    assert "Kết quả:" in client.get("/track", query_string=key).text

    address = f"/track/results/{row.id}"
    assert client.post(address, data=key | {"number": "099000000000"}).status_code == 422
    assert client.post(address, data=key | {"secret": "AAAAAAAA", "number": dossier.applicant_personal_id}).status_code == 404
    with client.post(address, data=key | {"number": dossier.applicant_personal_id}) as answer:
        assert answer.data == PDF


def test_the_counter_finds_it_under_the_owners_number_with_where_it_comes_from(town, file, clerk, province_sessions):
    store(clerk, file)
    (row,) = rows(province_sessions)
    owner = row.owner_id
    page = town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=owner, ref=file.ref)

    assert file.ref in page.words
    assert "Còn hiệu lực" in page.words
    assert f"{owner}-KQ.G15.000020-1" in page.words
    assert "Kho chưa có giấy nào" in page.press("Tra kho", owner="001099999999", ref="", reason="Xác minh đơn").words


def test_stored_again_with_other_bytes_the_first_is_replaced_and_with_the_same_nothing_happens(file, clerk, province_sessions):
    store(clerk, file)
    store(clerk, file)
    store(clerk, file, PDF + b"% signed anew")

    assert [(one.seq, one.state) for one in rows(province_sessions)] == [(1, "replaced"), (2, "valid")]
    with province_sessions() as session:
        told = session.scalars(select(LedgerEvent.type).where(LedgerEvent.type.like("warehouse.%")).order_by(LedgerEvent.seq))
        assert list(told) == ["warehouse.stored", "warehouse.revoked", "warehouse.stored"]


def test_revoked_by_the_leader_with_a_reason_it_is_offered_to_nobody(town, file, clerk, province_sessions):
    store(clerk, file)
    dossier = file.row
    leader = town.clerk("lanhdao.hacthanh")
    (row,) = rows(province_sessions)
    page = leader.open("/warehouse/").press("Tra kho", owner=row.owner_id, ref=file.ref)
    refused = page.press("Thu hồi")
    assert (refused.status, refused.said) == (422, "Hãy ghi lý do thu hồi.")
    page = refused.press("Thu hồi", why="Cấp nhầm người")

    assert "Đã thu hồi" in page.said
    assert "đã thu hồi: Cấp nhầm người" in page.words
    (row,) = rows(province_sessions)
    with province_sessions() as session:
        told = session.scalars(select(LedgerEvent).filter_by(type="warehouse.revoked")).one()
    assert told.payload["why_digest"] == digest_of(["Cấp nhầm người"])
    assert (row.state, row.ended_why) == ("revoked", "Cấp nhầm người")
    key = {"code": dossier.code, "secret": dossier.secret, "number": dossier.applicant_personal_id}
    assert town.app.test_client().post(f"/track/results/{row.id}", data=key).status_code == 404
    listed = town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=row.owner_id, ref=file.ref)
    assert "Cấp nhầm người" in listed.words
    assert not listed.offers("Thu hồi")


def test_past_its_last_day_it_is_expired_without_anybody_doing_anything(file, clerk, province_sessions):
    store(clerk, file, valid_to="30/11/2026")
    (row,) = rows(province_sessions)

    assert [warehouse.standing(row, row.valid_to.replace(day=day)) for day in (29, 30)] == ["valid", "valid"]
    assert warehouse.standing(row, row.valid_to.replace(month=12, day=1)) == "expired"


@pytest.mark.parametrize(
    ("content", "name", "typed", "sentence"),
    [
        (picture("PNG"), "anh.png", {}, "phải là tệp PDF"),
        (PDF, "a.pdf", {"valid_to": "01/01/2020"}, "không thể trước hôm nay"),
        (PDF, "a.pdf", {"valid_to": "mai"}, "Hãy chọn một tệp PDF"),
        (PDF[:200], "a.pdf", {}, "Không mở được tệp"),
    ],
)
def test_what_is_no_result_is_refused_in_words(file, clerk, province_sessions, content, name, typed, sentence):
    page = store(clerk, file, content, name, **typed)

    assert page.status == 422
    assert sentence in page.words
    assert page.form(STORE).control("valid_to")[0].value == typed.get("valid_to", "")
    assert rows(province_sessions) == []


def test_before_there_is_a_number_there_is_no_place_for_a_result(town, clerk, login):
    file = town.take_in(CODE, answers={"result_delivery": "counter"})

    assert not clerk.open(f"/dossiers/{file.ref}").offers(STORE)
    data = {"key": "5b8f1b0e-9d0e-4a52-9f51-0f7c1f5f0c11", "file:result": (io.BytesIO(PDF), "a.pdf")}
    assert login("vanthu.hacthanh").post(f"/dossiers/{file.ref}/results", data=data).status_code == 409


def test_a_refused_last_day_keeps_the_file_that_was_chosen(file, clerk, province_sessions):
    refused = store(clerk, file, valid_to="01/01/2020")
    form = refused.form(STORE)
    form.fill({"valid_to": "31/12/2026"})

    assert "Đã lưu kết quả điện tử" in form.press(STORE).said
    assert len(rows(province_sessions)) == 1


def test_past_its_last_day_the_tracking_page_does_not_offer_it_as_in_force(town, file, clerk, province_sessions):
    store(clerk, file, valid_to="30/11/2026")
    dossier, (row,) = file.row, rows(province_sessions)
    key = {"code": dossier.code, "secret": dossier.secret}
    town.at("2026-12-01 09:00")

    client = town.app.test_client()
    assert "Kết quả:" not in client.get("/track", query_string=key).text
    proved = key | {"number": dossier.applicant_personal_id}
    assert client.post(f"/track/results/{row.id}", data=proved).status_code == 404


class TestLooking:
    """Whoever looks at a person's papers has a dossier of theirs in hand, or says why; each look leaves a row (Decree 13/2023)."""

    @pytest.fixture
    def paper(self, file, clerk, province_sessions):
        store(clerk, file)
        return rows(province_sessions)[0]

    @pytest.fixture
    def looks(self, province_sessions):
        def looks():
            with province_sessions() as session:
                found = session.scalars(select(WarehouseLookup).filter_by(component_key=None).order_by(WarehouseLookup.at, WarehouseLookup.id))
                return [(one.outcome, one.owner_id, one.dossier_id, one.reason) for one in found]

        return looks

    def test_the_number_stands_in_no_address(self, town, paper):
        page = town.clerk("tiepnhan.hacthanh").open(f"/warehouse/?owner={paper.owner_id}")

        assert paper.number not in page.words
        assert page.form("Tra kho").element.get("method") == "post"

    def test_for_a_dossier_in_hand_it_is_kept_which(self, town, file, paper, looks):
        town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=paper.owner_id, ref=file.ref)

        assert looks() == [("found", paper.owner_id, file.row.id, None)]

    def test_without_one_it_takes_a_reason_and_a_lane_that_may(self, town, login, paper, looks):
        page = town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=paper.owner_id)
        assert page.status == 422
        assert paper.number not in page.words
        typed = {"owner": paper.owner_id, "reason": "Tò mò"}
        assert login("chuyenvien.hacthanh").post("/warehouse/", data=typed).status_code == 403
        assert looks() == []

        found = page.press("Tra kho", reason="Xác minh theo công văn 12/CA")
        assert paper.number in found.words
        assert looks() == [("found", paper.owner_id, None, "Xác minh theo công văn 12/CA")]

    def test_a_dossier_of_somebody_else_is_no_reason(self, town, file, paper, looks):
        other = town.take_in("1.013225")
        page = town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=paper.owner_id, ref=other.ref)

        assert page.status == 422
        assert not [one for one in looks() if one[1] == paper.owner_id]

    def test_opening_a_paper_is_kept_too_and_needs_the_same(self, login, file, paper, looks):
        client = login("tiepnhan.hacthanh")
        assert client.get(f"/warehouse/{paper.id}").status_code == 405
        assert client.post(f"/warehouse/{paper.id}").status_code == 422
        with client.post(f"/warehouse/{paper.id}", data={"ref": file.ref}) as answer:
            assert answer.data == PDF

        assert looks() == [("opened", paper.owner_id, file.row.id, None)]

    def test_an_officer_of_another_commune_cannot_say_that_the_dossier_is_in_hand(self, login, file, paper, looks):
        other = login("tiepnhan.samson")

        assert other.post(f"/warehouse/{paper.id}", data={"ref": file.ref}).status_code == 404
        assert looks() == []

    def test_only_who_may_look_for_a_reason_of_their_own_is_asked_for_one(self, login):
        assert "lý do tra cứu" in Page.open(login("tiepnhan.hacthanh"), "/warehouse/").words
        assert "lý do tra cứu" not in Page.open(login("vanthu.hacthanh"), "/warehouse/").words
