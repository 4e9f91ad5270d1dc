"""Art. 22(4): the electronic result lies in its owner's warehouse, and the applicant loads it without coming."""

import io

import pytest
from sqlalchemy import select

from engine.documents.warehouse_models import WarehousePaper
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
    form.attach("result", content, name)
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
    owner = file.row.applicant_personal_id
    page = town.clerk("tiepnhan.hacthanh").open("/warehouse/").press("Tra kho", owner=owner)

    assert file.ref in page.words
    assert "Còn hiệu lực" in page.words
    assert f"{owner}-KQ.G15.000020-1" in page.words
    assert "Kho chưa có giấy nào" in page.press("Tra kho", owner="001099999999").words


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
    page = leader.open(f"/warehouse/?owner={dossier.applicant_personal_id}")
    assert page.press("Thu hồi").status == 422
    page = page.press("Thu hồi", why="Cấp nhầm người")

    assert "Đã thu hồi" in page.said
    (row,) = rows(province_sessions)
    assert (row.state, row.ended_why) == ("revoked", "Cấp nhầm người")
    key = {"code": dossier.code, "secret": dossier.secret, "number": dossier.applicant_personal_id}
    assert town.app.test_client().post(f"/track/results/{row.id}", data=key).status_code == 404
    assert not town.clerk("tiepnhan.hacthanh").open(f"/warehouse/?owner={dossier.applicant_personal_id}").offers("Thu hồi")


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
    assert rows(province_sessions) == []


def test_before_there_is_a_number_there_is_no_place_for_a_result(town, clerk, login):
    file = town.take_in(CODE, answers={"result_delivery": "counter"})

    assert not clerk.open(f"/dossiers/{file.ref}").offers(STORE)
    data = {"key": "5b8f1b0e-9d0e-4a52-9f51-0f7c1f5f0c11", "result": (io.BytesIO(PDF), "a.pdf")}
    assert login("vanthu.hacthanh").post(f"/warehouse/of/{file.ref}", data=data).status_code == 409
