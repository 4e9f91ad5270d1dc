"""Files go up in pieces: a cut line goes on where it stopped, whole files are looked into, and lie once under their digest."""

import hashlib
import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from connectors.storage import parts
from connectors.storage.folder import FolderStore
from connectors.storage.parts import PartFolder
from engine.base.errors import Missing
from engine.documents.models import DocumentFile
from engine.documents.needed import needed
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


def test_of_a_finished_one_only_what_became_of_it_is_kept(officer, house):
    folder = house.settings.blob_folder / "parts"
    before = set(folder.glob("*")) if folder.exists() else set()
    address = begin(officer, WHOLE).json["address"]

    (left,) = set(folder.glob("*")) - before
    assert left.suffix == ".done"
    assert officer.get(address, headers=JSON).json == {"offset": len(WHOLE)}


def test_what_is_refused_counts_too_for_a_stranger(client):
    for _ in range(300):
        assert client.post("/uploads", data=b"x", headers=JSON).status_code == 422
    assert begin(client, b"x").status_code == 429


def test_a_token_is_good_for_as_long_as_what_it_names_is_kept(officer, clock):
    address = begin(officer, WHOLE[:1000]).json["address"]
    token = token_in(begin(officer, WHOLE))
    clock.at += timedelta(days=1, minutes=1)
    assert officer.get(address, headers=JSON).status_code == 404
    page = {"key": "5b8f1b0e-9d0e-4a52-9f51-0f7c1f5f0c11", "kept:id_paper": token}
    assert "quet.pdf" in officer.post(f"/counter/{CODE}/estimate", data=page).text

    clock.at += timedelta(days=1)
    assert "quá lâu" in officer.post(f"/counter/{CODE}/estimate", data=page).text


class TestForgotten:
    """Bytes that no dossier ever took do not fill the disk."""

    @pytest.fixture
    def store(self, tmp_path):
        return FolderStore(tmp_path)

    def test_old_ones_that_nothing_needs_go_and_all_others_stay(self, store, tmp_path):
        for letter, at in (("a", 1_000), ("b", 1_000), ("c", 9_000)):
            store.put(io.BytesIO(letter.encode()), letter * 64)
            os.utime(tmp_path / (letter * 2) / (letter * 64), (at, at))

        assert store.sweep(5_000, lambda asked: {"b" * 64} & set(asked)) == 1
        assert sorted(one.name[0] for one in tmp_path.glob("*/*")) == ["b", "c"]

    def test_one_that_is_brought_again_is_young_again(self, store, tmp_path):
        store.put(io.BytesIO(b"a"), "a" * 64)
        os.utime(tmp_path / "aa" / ("a" * 64), (1_000, 1_000))
        store.put(io.BytesIO(b"a"), "a" * 64)

        assert store.sweep(5_000, lambda _asked: ()) == 0

    def test_whatever_a_row_names_is_needed(self, province_sessions, ward_file):
        with province_sessions() as session:
            assert needed(session, [ward_file, "d" * 64]) == {ward_file}

    @pytest.fixture
    def ward_file(self, officer, province_sessions):
        token = token_in(begin(officer, WHOLE))
        form = filled(officer)
        data = dict(form.element.form_values()) | {"kept:id_paper": token, "decision": "accept"}
        officer.post(f"/counter/{CODE}", data=data)
        return hashlib.sha256(WHOLE).hexdigest()


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

    def test_another_process_that_forgets_at_the_same_time_is_no_matter(self, tmp_path: Path):
        folder = PartFolder(tmp_path)
        old = folder.new()
        os.utime(tmp_path / old, (1_000, 1_000))
        (tmp_path / "gone").symlink_to("nowhere")
        folder.sweep(2_000)

        with pytest.raises(Missing):
            folder.length(old)
