"""Files go up in pieces: a cut line goes on where it stopped, whole files are looked into, and lie once under their digest."""

import hashlib
import io
import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from connectors.storage import parts
from connectors.storage.parts import PartFolder
from engine.base.clock import VIETNAM
from engine.base.errors import Missing
from engine.documents.models import DocumentFile
from engine.org.models import Office
from tests.factories.scans import scan
from tests.journeys.clerk import PDF, declared, judge
from tests.journeys.pages import Page

CODE = "2.000908"
ACCEPT = "Tiếp nhận và in giấy hẹn"
JSON = {"Accept": "application/json"}
WHOLE = scan(pages=3)


@pytest.fixture
def officer(login):
    return login("tiepnhan.hacthanh")


def begin(client, first, *, name="quet.pdf", size=None, component="id_paper"):
    query = {"name": name, "size": size or len(WHOLE), "for": component}
    return client.post("/uploads", query_string=query, data=first, headers=JSON)


def go_on(client, address, offset, piece):
    return client.patch(address, data=piece, headers=JSON | {"Upload-Offset": str(offset)})


def filled(client) -> Page:
    form = Page.open(client, f"/counter/{CODE}").form(ACCEPT)
    form.fill(declared(CODE) | {"result_delivery": "counter", "lookup": "missing"})
    form = form.press("Tính lại ngày, phí, giấy tờ").form(ACCEPT)
    judge(form, {})
    return form


def token_in(answer) -> str:
    return re.search(r'name="kept:id_paper" value="([^"]+)"', answer.json["html"])[1]


def test_cut_at_60_percent_it_goes_on_from_there_and_becomes_a_paper_of_the_dossier(officer, province_sessions):
    at = int(len(WHOLE) * 0.6)
    begun = begin(officer, WHOLE[:at])
    assert (begun.status_code, begun.json["offset"]) == (201, at)
    address = begun.json["address"]

    assert officer.get(address, headers=JSON).json == {"offset": at}, "what a page that was loaded anew asks first"
    done = go_on(officer, address, at, WHOLE[at:])
    assert "3 trang, khoảng 200 dpi" in done.json["html"]
    form = filled(officer)
    data = dict(form.element.form_values()) | {"kept:id_paper": token_in(done), "decision": "accept"}
    page = Page(officer, officer.post(f"/counter/{CODE}", data=data, follow_redirects=True))

    assert "quet.pdf" in page.words
    with province_sessions() as session:
        row = session.scalars(select(DocumentFile)).one()
    assert (row.sha256, row.size, row.pages) == (hashlib.sha256(WHOLE).hexdigest(), len(WHOLE), 3)


def test_a_small_file_takes_one_request(officer):
    assert "quet.pdf" in begin(officer, WHOLE).json["html"]


def test_the_last_piece_whose_answer_was_lost_is_told_again(officer):
    address = begin(officer, WHOLE).json["address"]

    again = go_on(officer, address, len(WHOLE), b"")
    assert "quet.pdf" in again.json["html"]


def test_a_piece_that_does_not_follow_is_refused_and_nothing_of_it_is_written(officer):
    address = begin(officer, WHOLE[:1000]).json["address"]

    for offset in (0, 999, 2000):
        refused = go_on(officer, address, offset, WHOLE[offset:])
        assert (refused.status_code, refused.json["code"]) == (409, "upload_elsewhere")
    assert officer.get(address, headers=JSON).json == {"offset": 1000}


def test_more_than_was_announced_is_refused(officer):
    assert begin(officer, WHOLE, size=10).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mo.pdf", scan(dpi=72), "Tệp «mo.pdf» chỉ khoảng 72 dpi"),
        ("anh.jpg", PDF, "Nội dung tệp «anh.jpg» không đúng với tên"),
    ],
)
def test_a_whole_file_is_looked_into_like_any_other_and_forgotten_where_it_is_refused(officer, house, name, content, sentence):
    before = list((house.settings.blob_folder / "parts").glob("*"))
    refused = begin(officer, content, name=name, size=len(content))

    assert refused.status_code == 422
    assert refused.json["detail"].startswith(sentence)
    assert list((house.settings.blob_folder / "parts").glob("*")) == before


@pytest.mark.parametrize("query", [{}, {"name": "a.pdf"}, {"name": "a.pdf", "for": "x", "size": "-1"}, {"name": "a", "for": "x", "size": "y"}])
def test_a_file_that_is_not_announced_is_refused(client, query):
    assert client.post("/uploads", query_string=query, data=b"x", headers=JSON).json["code"] == "upload_malformed"


def test_one_that_is_announced_too_large_is_refused_before_it_travels(client):
    assert begin(client, b"x", size=2 << 20).json["code"] == "upload_too_large"


@pytest.mark.parametrize("token", ["x", "WyJhIl0.forged"])
def test_a_token_that_we_did_not_make_names_nothing(client, token):
    assert client.get(f"/uploads/{token}", headers=JSON).status_code == 404
    assert go_on(client, f"/uploads/{token}", 0, b"x").status_code == 404


def test_a_stranger_cannot_begin_as_many_as_they_like_and_an_officer_can(client, officer):
    for _ in range(300):
        assert begin(client, b"x").status_code == 201
    assert begin(client, b"x").status_code == 429
    assert begin(officer, b"x").status_code == 201


class Cut(io.BytesIO):
    """A line that is cut after so many bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= 150_000:
            raise ConnectionResetError
        return super().read(size)


class TestParts:
    def test_what_came_before_the_cut_stays(self, tmp_path: Path):
        folder = PartFolder(tmp_path)
        name = folder.new()
        with pytest.raises(ConnectionResetError):
            folder.grow(name, 0, Cut(bytes(400_000)), size=400_000)

        assert folder.length(name) >= 150_000

    def test_two_pieces_at_once_are_one(self, tmp_path: Path):
        folder = PartFolder(tmp_path)
        name = folder.new()

        class Meanwhile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                with pytest.raises(parts.UploadBusy):
                    folder.grow(name, 0, io.BytesIO(b"b"), size=9)
                return super().read(size)

        assert folder.grow(name, 0, Meanwhile(b"aaa"), size=9) == 3

    def test_what_nobody_went_on_with_is_forgotten(self, tmp_path: Path):
        folder = PartFolder(tmp_path)
        old, young = folder.new(), folder.new()
        os.utime(tmp_path / old, (1_000, 1_000))
        folder.sweep(2_000)

        assert folder.length(young) == 0
        with pytest.raises(Missing):
            folder.length(old)


class TestScanner:
    """What a scanner of the centre made today is put on a paper at the counter."""

    @pytest.fixture
    def sheet(self, house, clock):
        def make(name="0007.pdf", *, desk="quay-1", office="H56.101-TT", at=None, content=WHOLE) -> Path:
            path = house.settings.scan_folder / office / desk / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, ((at or clock.now()).timestamp(),) * 2)
            made.append(path)
            return path

        made: list[Path] = []
        yield make
        for path in made:
            path.unlink(missing_ok=True)

    @pytest.fixture
    def centre(self, house, officer):
        with house.sessions() as session:
            return session.scalars(select(Office.code).where(Office.name.like("Trung tâm%Hạc Thành"))).one()

    def test_those_of_today_are_offered_and_one_that_is_put_on_a_paper_is_offered_no_more(self, officer, sheet, centre, province_sessions):
        sheet(office=centre)
        sheet("hom-qua.pdf", office=centre, at=datetime(2026, 11, 20, 9, tzinfo=VIETNAM))
        form = filled(officer)
        assert "0007.pdf quay-1" in form.page.words
        assert "hom-qua.pdf" not in form.page.words

        form.fill({"scan:quay-1/0007.pdf": "id_paper"})
        page = form.press("Tính lại ngày, phí, giấy tờ")
        assert page.tree.xpath("//input[@name='kept:id_paper']")
        assert not page.tree.xpath("//select[starts-with(@name, 'scan:')]")
        done = page.form(ACCEPT).press(ACCEPT)
        assert "0007.pdf" in done.words
        assert "0007.pdf" not in Page.open(officer, f"/counter/{CODE}").words
        with province_sessions() as session:
            assert session.scalars(select(DocumentFile.name)).all() == ["0007.pdf"]

    def test_one_that_nobody_could_read_is_refused_and_stays_where_it_is(self, officer, sheet, centre):
        path = sheet("trang.pdf", office=centre, content=scan(blank=(1,)))
        form = filled(officer)
        form.fill({"scan:quay-1/trang.pdf": "id_paper"})
        page = form.press(ACCEPT)

        assert page.status == 422
        assert "chỉ có trang trắng" in page.said
        assert path.exists()

    def test_it_can_be_looked_at_before(self, officer, sheet, centre):
        sheet(office=centre)

        with officer.get("/counter/scans/quay-1/0007.pdf") as answer:
            assert answer.data == WHOLE

    @pytest.mark.parametrize("place", ["quay-1/khong.pdf", "../blobs/x", "..%2F../x", "quay-1/..%2F..%2Fx"])
    def test_nothing_else_is_reached(self, officer, sheet, centre, place):
        sheet(office=centre)
        sheet("la.pdf", office="../khac", desk="quay-9")

        assert officer.get(f"/counter/scans/{place}").status_code == 404
        assert officer.get("/counter/scans/quay-9/la.pdf").status_code == 404

    def test_an_office_sees_no_scan_of_another(self, officer, sheet):
        sheet(office="H56.999")

        assert "0007.pdf" not in Page.open(officer, f"/counter/{CODE}").words
