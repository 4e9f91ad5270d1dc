"""The page of a dossier: who may see it, what may be said on it, its papers and files."""

import pytest

from tests.journeys.clerk import PDF
from tests.journeys.pages import Page


@pytest.fixture
def file(town):
    return town.take_in("2.000908", lookup="missing", answers={"result_delivery": "counter"})


class TestShow:
    @pytest.mark.parametrize("username", ["tiepnhan.hacthanh", "chuyenvien2.hacthanh", "lanhdao.hacthanh", "kiemtra"])
    def test_the_offices_of_the_dossier_see_whose_turn_it_is(self, login, file, username):
        page = Page.open(login(username), f"/dossiers/{file.ref}")

        assert page.status == 200
        assert "Tra sổ gốc" in page.words

    @pytest.mark.parametrize("username", ["chuyenvien.samson", "tiepnhan.tinh", "lanhdao.xaydung"])
    @pytest.mark.parametrize("below", ["", "/diagram.bpmn"])
    def test_for_other_offices_it_does_not_exist(self, login, file, username, below):
        assert login(username).get(f"/dossiers/{file.ref}{below}").status_code == 404

    @pytest.mark.parametrize("ref", ["H56.101-261123-9999", "x", "%27%20or%201=1", "%00"])
    def test_a_code_that_does_not_exist(self, login, file, ref):
        assert login("tiepnhan.hacthanh").get(f"/dossiers/{ref}").status_code == 404


class TestFind:
    @pytest.mark.parametrize("words", ["nguyen minh tu", "099201000201", "Nguyễn Minh Tú"])
    def test_by_name_or_personal_id(self, login, file, words):
        assert file.ref in Page.open(login("tiepnhan.hacthanh"), f"/dossiers/?q={words}").words

    def test_a_whole_code_opens_it(self, login, file):
        page = Page.open(login("tiepnhan.hacthanh"), f"/dossiers/?q={file.ref.lower()}")

        assert page.path == f"/dossiers/{file.ref}"

    def test_other_offices_find_nothing(self, login, file):
        assert file.ref not in Page.open(login("tiepnhan.samson"), f"/dossiers/?q={file.ref[-4:]}").words


class TestDo:
    def test_withdrawn_at_the_counter_with_a_reason(self, login, file):
        page = Page.open(login("tiepnhan.hacthanh"), f"/dossiers/{file.ref}")
        page = page.press("Người nộp rút hồ sơ", text="Chuyển đi nơi khác.")

        assert "Công dân yêu cầu rút hồ sơ" in page.words

    def test_without_a_reason_nothing_happens(self, login, file):
        answer = login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/withdraw", data={"text": "  "})

        assert answer.status_code == 422
        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize(("username", "status"), [("chuyenvien.hacthanh", 403), ("tiepnhan.samson", 404)])
    def test_whoever_may_not_is_refused(self, login, file, username, status):
        answer = login(username).post(f"/dossiers/{file.ref}/withdraw", data={"text": "x"})

        assert answer.status_code == status
        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize("act", ["resubmit", "confirm", "correct", "pay", "receive", "answer", "delivered"])
    def test_what_the_dossier_does_not_wait_for_is_refused(self, login, file, act):
        client = login("tiepnhan.hacthanh")

        assert client.post(f"/dossiers/{file.ref}/{act}", data={"text": "x"}).status_code in (403, 404, 409)

    def test_an_act_that_the_page_does_not_know(self, login, file):
        assert login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/burn").status_code == 404

    def test_a_reason_longer_than_anybody_reads(self, login, file):
        answer = login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/withdraw", data={"text": "x" * 4_001})

        assert answer.status_code == 422


class TestPapers:
    # weasyprint leaves its colour profile open
    @pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
    def test_the_slip_is_a_pdf(self, login, file):
        client = login("tiepnhan.hacthanh")
        page = Page.open(client, f"/dossiers/{file.ref}")
        address = next(one.get("href") for one in page.tree.iter("a") if "/slips/" in one.get("href", ""))
        answer = client.get(address)

        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert login("tiepnhan.samson").get(address).status_code == 404

    def test_the_file_comes_back_as_it_was(self, login, file):
        client = login("chuyenvien.hacthanh")
        page = Page.open(client, f"/dossiers/{file.ref}")
        address = next(one.get("href") for one in page.tree.iter("a") if "/files/" in one.get("href", ""))
        answer = client.get(address, buffered=True)

        assert answer.data == PDF
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert login("chuyenvien.samson").get(address).status_code == 404

    @pytest.mark.parametrize("kind", ["slips/{id}.pdf", "files/{id}"])
    def test_one_of_another_dossier_is_missing(self, login, file, kind):
        address = kind.format(id="00000000-0000-4000-8000-000000000000")

        assert login("tiepnhan.hacthanh").get(f"/dossiers/{file.ref}/{address}").status_code == 404

    def test_the_diagram_is_the_one_it_was_received_under(self, login, file):
        answer = login("tiepnhan.hacthanh").get(f"/dossiers/{file.ref}/diagram.bpmn")

        assert answer.mimetype == "application/xml"
        assert b"search_book" in answer.data
