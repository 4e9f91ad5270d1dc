"""The page of a dossier: who may see it, what may be said on it, its papers and files."""

import uuid

import pytest

from tests.journeys.clerk import PDF
from tests.journeys.pages import Page, words_of

#: Made with a page.
KEY = uuid.uuid4()


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
    @pytest.mark.parametrize("words", ["nguyen minh tu", "099201000201", "Nguyễn Minh Tú", "nguyen t", "minh ngu"])
    def test_by_name_or_personal_id(self, login, file, words):
        page = Page.open(login("tiepnhan.hacthanh"), f"/dossiers/?q={words}")
        assert "Thủ tục cấp bản sao từ sổ gốc" in words_of(page.row(file.ref))

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
        answer = login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/withdraw", data={"key": KEY, "text": "  "})

        assert answer.status_code == 422
        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize(("username", "status"), [("chuyenvien.hacthanh", 403), ("tiepnhan.samson", 404)])
    def test_whoever_may_not_is_refused(self, login, file, username, status):
        answer = login(username).post(f"/dossiers/{file.ref}/withdraw", data={"key": KEY, "text": "x"})

        assert answer.status_code == status
        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize("act", ["resubmit", "confirm", "correct", "pay", "receive", "answer", "delivered"])
    def test_what_the_dossier_does_not_wait_for_is_refused(self, login, file, act):
        client = login("tiepnhan.hacthanh")

        assert client.post(f"/dossiers/{file.ref}/{act}", data={"key": KEY, "text": "x"}).status_code in (403, 404, 409)

    def test_an_act_that_the_page_does_not_know(self, login, file):
        assert login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/burn", data={"key": KEY}).status_code == 404

    def test_a_reason_longer_than_anybody_reads(self, login, file):
        answer = login("tiepnhan.hacthanh").post(f"/dossiers/{file.ref}/withdraw", data={"key": KEY, "text": "x" * 4_001})

        assert answer.status_code == 422


    def test_where_it_is_refused_the_page_says_why_and_keeps_what_was_typed(self, login, file):
        page = Page.open(login("lanhdao.hacthanh"), f"/dossiers/{file.ref}")
        page = page.press("Dừng giải quyết hồ sơ (Mẫu 05)", text="Theo văn bản số 12.", choice="authority_request")

        assert (page.status, page.path) == (422, f"/dossiers/{file.ref}/stop")
        assert "hãy đánh dấu xác nhận" in page.said
        form = page.form("Dừng giải quyết hồ sơ (Mẫu 05)")
        assert form.control("text")[0].value.strip() == "Theo văn bản số 12."
        assert form.control("choice")[0].value == "authority_request"


    def test_a_page_that_was_drawn_for_an_earlier_wait_changes_nothing(self, login, town):
        file = town.take_in("2.000908", decision="Yêu cầu bổ sung", reason="Bản sao căn cước", verdicts={})
        client = login("tiepnhan.hacthanh")
        page = Page.open(client, f"/dossiers/{file.ref}")
        form = page.form("Ghi nhận đã bổ sung")
        form.control("about")[0].value = "00000000-0000-4000-8000-000000000000"
        page = form.press("Ghi nhận đã bổ sung")

        assert page.status == 409
        assert "không còn chờ việc này" in page.said
        assert page.press("Ghi nhận đã bổ sung").status == 200


class TestStop:
    TYPED = {"text": "Tòa án yêu cầu dừng.", "choice": "authority_request", "sure": True}

    @pytest.mark.parametrize("username", ["lanhdao.hacthanh", "giamdoc.hacthanh"])
    def test_a_head_stops_it_with_a_notice(self, login, file, username):
        page = Page.open(login(username), f"/dossiers/{file.ref}").press("Dừng giải quyết hồ sơ (Mẫu 05)", **self.TYPED)

        assert "Dừng xử lý" in page.words
        assert "Thông báo dừng giải quyết hồ sơ (Mẫu 05)" in page.words
        assert "Văn bản của cơ quan có thẩm quyền" in page.words

    @pytest.mark.parametrize("username", ["chuyenvien.hacthanh", "tiepnhan.hacthanh"])
    def test_to_others_it_is_not_offered_and_not_allowed(self, login, file, username):
        client = login(username)
        assert not Page.open(client, f"/dossiers/{file.ref}").offers("Dừng giải quyết hồ sơ (Mẫu 05)")

        answer = client.post(f"/dossiers/{file.ref}/stop", data={"key": KEY, "text": "x", "choice": "other", "sure": "1"})
        assert answer.status_code == 403
        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize("left_out", ["text", "choice", "sure"])
    def test_nothing_may_be_left_out(self, login, file, left_out):
        page = Page.open(login("lanhdao.hacthanh"), f"/dossiers/{file.ref}")
        form = page.form("Dừng giải quyết hồ sơ (Mẫu 05)")
        form.fill({name: value for name, value in self.TYPED.items() if name != left_out})

        assert form.press("Dừng giải quyết hồ sơ (Mẫu 05)").status == 422
        assert file.status == "Đang xử lý"

    def test_a_double_click_is_one_act(self, login, file):
        form = Page.open(login("lanhdao.hacthanh"), f"/dossiers/{file.ref}").form("Dừng giải quyết hồ sơ (Mẫu 05)")
        form.fill(self.TYPED)
        first, second = form.press("Dừng giải quyết hồ sơ (Mẫu 05)"), form.press("Dừng giải quyết hồ sơ (Mẫu 05)")

        assert (first.status, second.status) == (200, 200)
        assert second.words.count("Dừng giải quyết: Văn bản") == 1


class TestReassign:
    BUTTON = "Giao lại bước «Tra sổ gốc»"

    @pytest.fixture
    def page(self, login, file):
        return Page.open(login("lanhdao.hacthanh"), f"/dossiers/{file.ref}")

    def form(self, page, **typed):
        form = page.form(self.BUTTON)
        person = next(one for one in form.control("choice")[0].iter("option") if "Trịnh Đình Lâm" in one.text)
        form.fill({"text": "Người thụ lý nghỉ phép.", "choice": person.get("value")} | typed)
        return form

    def test_a_head_gives_the_work_to_somebody_else(self, login, file, page):
        page = self.form(page).press(self.BUTTON)

        assert "Trịnh Đình Lâm (" in page.words
        assert "Giao lại việc cho Trịnh Đình Lâm: Tra sổ gốc" in page.words
        assert file.ref in Page.open(login("chuyenvien2.hacthanh"), "/inbox?view=mine").words

    def test_a_double_click_is_one_act(self, page):
        form = self.form(page)
        first, second = form.press(self.BUTTON), form.press(self.BUTTON)

        assert (first.status, second.status) == (200, 200)
        assert second.words.count("Giao lại việc cho") == 1

    @pytest.mark.parametrize(("field", "sentence"), [("text", "cần ghi rõ nội dung"), ("choice", "cần chọn một mục")])
    def test_a_person_and_a_reason_are_needed(self, page, field, sentence):
        page = self.form(page, **{field: ""}).press(self.BUTTON)

        assert page.status == 422
        assert sentence in page.said

    def test_from_a_stale_page_nothing_changes(self, login, file, page):
        Page.open(login("chuyenvien.hacthanh"), "/inbox").press(f"Nhận việc {file.ref}")
        page = self.form(page).press(self.BUTTON)

        assert page.status == 409
        assert "Nguyễn Thị Hải Yến" in page.said
        assert "Người thụ lý nghỉ phép." in page.form(self.BUTTON).control("text")[0].value

    def test_to_others_it_is_not_offered_and_not_allowed(self, login, file, page):
        sent = {one.get("name"): one.get("value") for one in page.form(self.BUTTON).element.iter("input")}
        client = login("tiepnhan.hacthanh")

        assert not Page.open(client, f"/dossiers/{file.ref}").offers(self.BUTTON)
        data = sent | {"text": "x", "choice": "00000000-0000-4000-8000-000000000000"}
        assert client.post(f"/dossiers/{file.ref}/reassign", data=data).status_code == 403

    @pytest.mark.parametrize("sent", [{"about": "x"}, {"choice": "x"}, {"seen": "x"}, {"about": ""}])
    def test_a_form_that_is_not_ours(self, login, file, page, sent):
        form = self.form(page)
        data = {one.get("name"): one.get("value") for one in form.element.iter("input")}
        answer = login("lanhdao.hacthanh").post(
            f"/dossiers/{file.ref}/reassign", data={"text": "x", "choice": "y"} | data | sent
        )

        assert answer.status_code in (409, 422)


class TestPapers:
    # weasyprint leaves its colour profile open
    @pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
    def test_the_slip_is_a_pdf(self, login, file):
        client = login("tiepnhan.hacthanh")
        page = Page.open(client, f"/dossiers/{file.ref}")
        address = next(one.get("action") for one in page.tree.forms if "/slips/" in one.get("action", ""))
        assert client.get(f"{address}.pdf").status_code == 404, "nothing was printed yet"
        answer = client.post(address, follow_redirects=True)

        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert login("tiepnhan.samson").post(address).status_code == 404
        assert login("tiepnhan.samson").get(f"{address}.pdf").status_code == 404

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
