"""Nobody types what the house knows already: who fetches a result, which procedure, which place, which office of a branch."""


import uuid

import pytest

from engine.ledger.read import history
from engine.org.models import Office
from tests.journeys.pages import Page, words_of

CODE = "2.000908"


@pytest.fixture
def admin(login):
    return login("quantri")


class TestWhoFetchesAResult:
    @pytest.fixture
    def file(self, town):
        """A copy from the register that lies at the counter, signed."""
        file = town.take_in(CODE, answers={"result_delivery": "counter"})
        file.by("chuyenvien", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
        file.sign()
        return file

    def typed(self, file):
        form = file.town.clerk("traketqua.hacthanh").task(file.ref, "Trao kết quả").form("Hoàn thành bước")
        kept = dict(form.element.form_values())
        return [kept.get(name) for name in ("receiver_role", "receiver_name", "receiver_personal_id", "authorisation_no")]

    def test_is_the_applicant_with_the_number_that_was_declared(self, file):
        row = file.row

        assert self.typed(file)[:3] == ["applicant", row.applicant_name, row.applicant_personal_id]

    def test_is_whoever_a_recorded_paper_names_for_it_art_22(self, file):
        paper = {"name": "Trần Văn Được", "personal_id": "038090001234", "authority_no": "15/GUQ", "may_receive": True}
        file.page("traketqua").press("Ghi nhận văn bản ủy quyền", **paper)

        assert self.typed(file) == ["proxy", "Trần Văn Được", "038090001234", "15/GUQ"]


def test_after_an_apology_was_begun_the_page_names_its_step_and_not_the_old_one(town):
    """Decree 118/2025 art. 19(9): the apology is what is expected now."""
    file = town.take_in("1.001776")
    page = file.page("chuyenvien")
    after = page.press("Xin lỗi và hẹn lại (Mẫu 04)")

    assert "«Soạn văn bản xin lỗi, hẹn lại»" in words_of(after.tree.xpath("//*[contains(@class, 'mc-next')]")[0])


class TestProceduresAndPlacesAreChosen:
    def test_who_may_decide_at_the_counter_is_told_which_procedures_can_be(self, login):
        page = Page.open(login("lanhdao.hacthanh"), "/delegations/")
        offered = {one.get("value"): words_of(one) for one in page.tree.xpath("//datalist[@id='d-procedures']/option")}

        assert set(offered) == {"2.000635"}, "of all diagrams those in which the counter may decide"
        assert "Trích lục hộ tịch" in offered["2.000635"]

    def test_rows_of_authority_name_procedures_and_places_from_lists(self, admin):
        page = Page.open(admin, "/coordination/")

        assert "Thủ tục đăng ký khai sinh" in words_of(page.tree.xpath("//datalist[@id='a-procedures']")[0])
        assert "Hạc Thành" in words_of(page.tree.xpath("//datalist[@id='a-places']")[0])


class TestTheBranchOfAnOffice:
    OFFICE = "Sở Y tế"

    def given(self, admin, office_id, branch):
        form = Page.open(admin, "/offices/").form("Giao ngành")
        form.fill({"office": str(office_id), "branch": branch})
        return form.press("Giao ngành")

    def branch(self, ward, office_id):
        with ward.sessions() as session:
            return session.get_one(Office, office_id).branch

    def test_is_set_and_taken_back_on_the_page_of_offices_and_told(self, ward, admin):
        office_id = ward.office(self.OFFICE)
        page = self.given(admin, office_id, "police")
        assert page.said == "Đã ghi nhận."
        assert "ngành Công an" in words_of(page.row(self.OFFICE, "H56.11"))
        self.given(admin, office_id, "police")
        assert self.branch(ward, office_id) == "police"
        self.given(admin, office_id, "")

        assert self.branch(ward, office_id) is None
        with ward.sessions() as session:
            told = [one.payload["branch"] for one in history(session, office_id)]
        assert told == ["police", None]

    @pytest.mark.parametrize(("office", "branch", "status"), [("x", "police", 422), (None, "army", 422), ("0" * 32, "police", 404)])
    def test_what_the_page_does_not_offer_is_refused(self, ward, admin, office, branch, status):
        data = {"office": office or str(ward.office(self.OFFICE)), "branch": branch, "key": str(uuid.uuid4())}

        assert admin.post("/offices/branches", data=data).status_code == status
        assert self.branch(ward, ward.office(self.OFFICE)) is None

    def test_whoever_keeps_no_offices_may_not(self, ward, login):
        data = {"office": str(ward.office(self.OFFICE)), "branch": "police"}

        assert login("giamdoc.hacthanh").post("/offices/branches", data=data).status_code == 403
