"""Art. 19(2): what a digitised paper is, whose, and how long it holds is entered beside its picture."""

import io
import re
import uuid

import pytest
from PIL import Image
from sqlalchemy import select

from engine.base.errors import Missing
from engine.documents import pictures
from engine.documents.metadata_models import PaperMetadata
from engine.ledger.models import LedgerEvent
from tests.factories.scans import picture, scan
from tests.journeys.pages import Page

SAVE = "Ghi thông tin"
WHOLE = {
    "type_code": "KS01",
    "name": "Giấy khai sinh",
    "owner_id": "038190000123",
    "summary": "Khai sinh của Nguyễn Minh Tú",
    "valid_from": "01/02/2020",
    "unlimited": True,
    "scope": "Toàn quốc",
}


@pytest.fixture
def page(town) -> Page:
    """The page of a paper that was scanned at the counter."""
    file = town.take_in("2.000908", lookup="missing", answers={"result_delivery": "counter"})
    return town.clerk("tiepnhan.hacthanh").open(f"/dossiers/{file.ref}").link("Nhập thông tin")


def entered(sessions):
    with sessions() as session:
        return session.scalars(select(PaperMetadata)).one_or_none()


def test_it_stands_beside_the_picture_with_what_the_dossier_knows_by_itself(page):
    form = page.form(SAVE)
    assert form.control("name")[0].value
    assert re.fullmatch(r"\d{12}", form.control("owner_id")[0].value)
    (shown,) = page.tree.xpath("//img[contains(@src, '/pages/')]")
    drawn = page.client.get(shown.get("src"))
    assert max(Image.open(io.BytesIO(drawn.data)).size) == 1400
    assert page.client.get(shown.get("src").replace("/1.jpg", "/2.jpg")).status_code == 404


def test_all_of_it_entered_it_is_complete_and_the_ledger_holds_its_digest(page, province_sessions):
    form = page.form(SAVE)
    form.fill(WHOLE)
    done = form.press(SAVE)

    assert "Đã ghi đủ thông tin của giấy tờ." in done.said
    assert "Thông tin: đủ" in done.words
    row = entered(province_sessions)
    assert (row.owner_id, row.valid_from.isoformat(), row.valid_to, row.unlimited) == ("038190000123", "2020-02-01", None, True)
    with province_sessions() as session:
        (event,) = session.scalars(select(LedgerEvent).filter_by(type="metadata.entered"))
    assert event.payload["lacking"] == []
    assert "Khai sinh" not in str(event.payload), "what people typed lies beside the ledger"


def test_without_the_owners_number_all_four_of_name_birth_issue_and_issuer_are_wanted(page):
    form = page.form(SAVE)
    form.fill(WHOLE | {"owner_id": "", "owner_name": "Lò Thị Én", "owner_born": "1950"})
    done = form.press(SAVE)
    assert "còn thiếu 2 mục" in done.said

    form = done.link("Thông tin: thiếu 2 mục").form(SAVE)
    form.fill({"issued_on": "03/04/1990", "issuer": "UBND xã Trung Sơn"})
    assert "Đã ghi đủ" in form.press(SAVE).said


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_from": "01/02/2020", "valid_to": "01/01/2020", "unlimited": False}, "Ngày hết hiệu lực phải sau"),
        ({"issued_on": "24/11/2026"}, "Ngày cấp không thể ở tương lai"),
        ({"issued_on": "31/02/2026"}, "Có ô chưa ghi đúng"),
        ({"owner_born": "năm kia"}, "Có ô chưa ghi đúng"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(page, province_sessions, wrong, sentence):
    form = page.form(SAVE)
    form.fill(WHOLE | wrong)
    refused = form.press(SAVE)

    assert refused.status == 422
    assert sentence in refused.said
    assert refused.form(SAVE).control("summary")[0].value == WHOLE["summary"]
    assert entered(province_sessions) is None


def test_the_same_again_is_told_once(page, province_sessions):
    for _ in range(2):
        form = page.form(SAVE)
        form.fill(WHOLE)
        form.press(SAVE)

    with province_sessions() as session:
        assert len(session.scalars(select(LedgerEvent).filter_by(type="metadata.entered")).all()) == 1


def test_an_office_that_has_nothing_to_do_with_the_dossier_sees_nothing_of_it(page, login):
    other = login("quantri")

    assert other.get(page.path).status_code in (403, 404)
    assert other.post(page.path, data={"key": str(uuid.uuid4())}).status_code in (403, 404)


def test_an_officer_of_another_commune_sees_nothing_of_it_nor_does_a_dossier_of_ours_open_it(page, login, town):
    address = page.path.removesuffix("/metadata")
    other = login("tiepnhan.samson")
    for path in (page.path, address, f"{address}/searchable", f"{address}/pages/1.jpg"):
        assert other.get(path).status_code == 404
    assert other.post(page.path, data={"key": str(uuid.uuid4())}).status_code == 404

    theirs, file_id = address.split("/")[2], address.rpartition("/")[2]
    ours = town.take_in("2.000908", by="tiepnhan.samson", answers={"result_delivery": "counter"})
    assert ours.ref != theirs
    for tail in ("", "/searchable", "/metadata", "/pages/1.jpg"):
        assert other.get(f"/dossiers/{ours.ref}/files/{file_id}{tail}").status_code == 404
    assert other.post(f"/dossiers/{ours.ref}/files/{file_id}/metadata", data={"key": str(uuid.uuid4())}).status_code == 404


def test_before_anything_is_entered_all_of_it_is_lacking_however_much_stands_in_the_boxes(page):
    assert "Còn thiếu 6 mục" in page.words


class TestPictures:
    def test_a_page_of_a_stack_of_scans(self):
        assert Image.open(io.BytesIO(pictures.page(picture("TIFF", pages=3), "image/tiff", 3))).height == 1400

    @pytest.mark.parametrize(("kind", "number"), [("application/pdf", 0), ("application/pdf", 2), ("image/tiff", 9), ("text/x", 1)])
    def test_one_that_is_not_there(self, kind, number):
        content = scan() if kind == "application/pdf" else picture("TIFF")
        with pytest.raises(Missing):
            pictures.page(content, kind, number)
