"""Offices are renamed and become one: what is open goes along in one reviewed batch, old names are still found."""

import uuid

import pytest
from sqlalchemy import func, select

from engine.dossiers import intake, tasks
from engine.dossiers.models import Dossier, Task, Transfer
from engine.org.change_models import OfficeChange
from engine.org.models import Office
from tests.journeys.pages import Page
from webapp.demo.walk import Policy

CODE = "2.000908"
OLD, NEW = "Ủy ban nhân dân phường Sầm Sơn", "Ủy ban nhân dân phường Hạc Thành"
OLD_CENTRE, NEW_CENTRE = (f"Trung tâm Phục vụ hành chính công phường {name}" for name in ("Sầm Sơn", "Hạc Thành"))
SEE, DO = "Xem hồ sơ nào chuyển", "Thực hiện thay đổi này"
DECISION = "Nghị quyết 99/NQ-UBTVQH"


@pytest.fixture
def admin(login):
    return login("quantri")


def lodge_there(ward, **more):
    return ward.lodge(CODE, by="tiepnhan.samson", receiving_office_id=ward.office(OLD_CENTRE), channel="in_person", **more)


@pytest.fixture
def at_work(ward):
    """Accepted at Sầm Sơn, a specialist there looks into the book."""
    lodged = lodge_there(ward)
    ward.walk(lodged, Policy(rest_at=("search_book",)))
    return lodged


def drafted(ward, admin, kind="merge", **changes):
    asked = {
        "key": "00000000-0000-4000-8000-00000000000a",
        "kind": kind,
        "office": str(ward.office(OLD)),
        "to": str(ward.office(NEW)) if kind == "merge" else "",
        "decision": DECISION,
        "effective_from": "2026-11-23",
    }
    return Page(admin, admin.post("/offices/changes", data=asked | changes, follow_redirects=True))


class TestOneBecomesPartOfAnother:
    def test_it_is_seen_first_and_nothing_has_changed(self, ward, admin, at_work):
        page = drafted(ward, admin)
        row = page.row(ward.dossier(at_work).code).text_content()

        assert page.heading == f"{OLD} nhập vào {NEW}"
        assert "1 hồ sơ sẽ chuyển" in page.words
        assert "1 việc" in row
        assert ward.dossier(at_work).competent_office_id == ward.office(OLD)
        assert ward.told(at_work, "dossier.rerouted") == []

    def test_done_the_dossier_goes_along_with_its_task_its_code_and_its_date(self, ward, admin, login, at_work):
        before = ward.dossier(at_work)
        page = drafted(ward, admin).press(DO)
        assert page.said == "Đã thực hiện. 1 hồ sơ chuyển sang cơ quan mới."

        after, task = ward.dossier(at_work), ward.task(at_work)
        assert (after.competent_office_id, after.receiving_office_id) == (ward.office(NEW), ward.office(NEW_CENTRE))
        assert task.office_id == ward.office(NEW)
        assert (after.code, after.due_at) == (before.code, before.due_at), "art. 28: a code stays, and so does a promise"
        assert len(ward.told(at_work, "dossier.rerouted")) == 1
        assert ward.agrees(at_work)
        story = Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{after.code}").words
        assert f"Cơ quan sáp nhập theo {DECISION}" in story

    def test_its_people_go_along_and_finish_the_page_that_they_had_open(self, ward, admin, at_work):
        page = drafted(ward, admin)
        task = ward.task(at_work)
        page.press(DO)

        officer = ward.officer("chuyenvien.samson")
        assert officer.offices == (ward.office(NEW),)
        with ward.act(officer) as uow:
            tasks.claim(uow, task.id, seen=task.revision)
        assert ward.walk(at_work).status == "handed_over"
        assert ward.agrees(at_work)

    def test_a_leg_on_its_way_is_acknowledged_by_the_successor(self, ward, admin):
        lodged = ward.lodge(CODE, by="tiepnhan.tinh", receiving_office_id=ward.office("Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa"),
                            competent_office_id=ward.office(OLD), channel="in_person")  # fmt: skip
        ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))
        assert "1 chặng" in drafted(ward, admin).words
        Page.open(admin, "/offices/").link("nhập vào").press(DO)

        with ward.sessions() as session:
            assert session.scalars(select(Transfer.to_office_id).filter_by(dossier_id=lodged.dossier_id)).one() == ward.office(NEW)
        assert ward.walk(lodged).status == "handed_over"
        assert ward.agrees(lodged)

    def test_what_was_over_before_is_still_opened_by_its_people(self, ward, admin, login):
        lodged = lodge_there(ward)
        ward.walk(lodged)
        drafted(ward, admin).press(DO)
        dossier = ward.dossier(lodged)

        assert dossier.competent_office_id == ward.office(OLD), "what is over stays where it was decided"
        assert Page.open(login("chuyenvien.samson"), f"/dossiers/{dossier.code}").status == 200
        assert Page.open(login("chuyenvien.hacthanh"), f"/dossiers/{dossier.code}").status == 200
        assert ward.told(lodged, "dossier.rerouted") == []

    def test_two_hundred_open_dossiers_go_at_once_each_with_one_event(self, ward, admin, province_sessions):
        lodged = [lodge_there(ward) for _ in range(200)]
        page = drafted(ward, admin)
        assert "200 hồ sơ sẽ chuyển" in page.words
        assert "và 100 hồ sơ nữa" in page.words
        assert page.press(DO).said == "Đã thực hiện. 200 hồ sơ chuyển sang cơ quan mới."

        with province_sessions() as session:
            ids = [one.dossier_id for one in lodged]
            there = select(func.count()).select_from(Dossier).where(Dossier.id.in_(ids))
            assert session.scalar(there.where(Dossier.competent_office_id == ward.office(NEW))) == 200
            open_ = select(Task.office_id).where(Task.dossier_id.in_(ids), Task.done_at.is_(None)).distinct()
            assert session.scalars(open_).all() == [ward.office(NEW_CENTRE)]
        assert all(len(ward.told(one, "dossier.rerouted")) == 1 for one in lodged)
        assert all(ward.agrees(one) for one in lodged[:5])


class TestOldNames:
    @pytest.fixture
    def merged(self, ward, admin, at_work):
        drafted(ward, admin).press(DO)
        return at_work

    @pytest.mark.parametrize("words", ["sầm sơn", "SAM SON", "code"])
    def test_the_successor_is_found_under_them(self, merged, ward, login, words):
        with ward.sessions() as session:
            code = session.scalars(select(Office.code).filter_by(name=OLD)).one()
        page = Page.open(login("tiepnhan.hacthanh"), f"/offices/?q={code if words == 'code' else words}")

        assert OLD in page.row(NEW).text_content()

    def test_so_are_its_dossiers(self, merged, ward, login):
        code = ward.dossier(merged).code
        assert code in Page.open(login("tiepnhan.hacthanh"), "/dossiers/?q=phuong sam son").words
        assert code not in Page.open(login("tiepnhan.hoaloc"), "/dossiers/?q=phuong sam son").words

    def test_where_an_office_is_chosen_it_says_what_it_was(self, merged, login, client):
        words = f"{NEW} (trước đây: {OLD})"
        assert words in Page.open(login("tiepnhan.tinh"), f"/counter/{CODE}").words
        assert words in Page.open(client, f"/lodge/{CODE}").words

    def test_a_page_that_names_the_old_office_lodges_with_the_successor(self, ward, admin):
        old = ward.office(OLD)
        drafted(ward, admin).press(DO)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            lodged = intake.lodge(uow, ward.lodging(CODE, channel="in_person", competent_office_id=old))

        assert ward.dossier(lodged).competent_office_id == ward.office(NEW)

    def test_two_mergers_later_the_last_successor_answers_for_the_first(self, merged, ward, admin):
        page = drafted(
            ward, admin, key="00000000-0000-4000-8000-00000000000b", office=str(ward.office(NEW)),
            to=str(ward.office("Ủy ban nhân dân xã Hoa Lộc")),
        )  # fmt: skip
        page.press(DO)

        hoaloc = ward.office("Ủy ban nhân dân xã Hoa Lộc")
        assert ward.dossier(merged).competent_office_id == hoaloc
        with ward.sessions() as session:
            assert session.scalars(select(Office.replaced_by_id).filter_by(name=OLD)).one() == hoaloc
        assert ward.agrees(merged)


class TestRenamed:
    def test_it_stays_itself_and_is_found_under_both_names(self, ward, admin, login, at_work):
        page = drafted(ward, admin, kind="rename", name="Ủy ban nhân dân phường Biển Đông", name_en="People's Committee of Bien Dong")
        assert "Không hồ sơ nào chuyển" in page.words
        page.press(DO)

        code = ward.dossier(at_work).code
        for words in ("biển đông", "sầm sơn"):
            assert "Ủy ban nhân dân phường Biển Đông" in Page.open(login("tiepnhan.samson"), f"/offices/?q={words}").words
        assert "Ủy ban nhân dân phường Biển Đông" in Page.open(login("tiepnhan.samson"), f"/dossiers/{code}").words
        assert code in Page.open(login("tiepnhan.samson"), "/dossiers/?q=phường sầm sơn").words
        assert ward.told(at_work, "dossier.rerouted") == []


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"decision": " "}, "Hãy ghi rõ cơ quan nào"),
            ({"to": ""}, "Hãy ghi rõ cơ quan nào"),
            ({"effective_from": "31/02/2026"}, "Hãy chọn cơ quan và ghi ngày"),
            ({"effective_from": "2031-01-01"}, "trong vòng một năm"),
            ({"office": "x"}, "Hãy chọn cơ quan và ghi ngày"),
            ({"kind": "split"}, "Hãy ghi rõ cơ quan nào"),
        ],
    )
    def test_a_draft_that_is_not_clear(self, ward, admin, province_sessions, changes, words):
        page = drafted(ward, admin, **changes)

        assert (page.status, words in page.said) == (422, True)
        with province_sessions() as session:
            assert session.scalars(select(OfficeChange)).all() == []

    def test_into_itself_or_into_an_office_of_another_kind(self, ward, admin):
        assert drafted(ward, admin, to=str(ward.office(OLD))).status == 422
        assert "cùng loại" in drafted(ward, admin, to=str(ward.office("Sở Tư pháp"))).said

    def test_before_its_day(self, ward, admin, at_work):
        page = drafted(ward, admin, effective_from="2026-12-01")
        assert "Thực hiện được từ ngày 01/12/2026" in page.words
        assert not page.offers(DO)
        assert admin.post(f"{page.path}/apply", data={"batch": ""}).status_code == 409
        assert ward.dossier(at_work).competent_office_id == ward.office(OLD)

    def test_another_dossier_came_after_the_review(self, ward, admin, at_work):
        page = drafted(ward, admin)
        lodge_there(ward)
        answer = page.press(DO)

        assert (answer.status, "không còn như danh sách" in answer.said) == (409, True)
        assert "2 hồ sơ sẽ chuyển" in answer.words
        assert ward.dossier(at_work).competent_office_id == ward.office(OLD)

    def test_done_twice_it_is_once_and_a_dropped_draft_is_gone(self, ward, admin, at_work):
        page = drafted(ward, admin)
        form = page.form(DO)
        form.press(DO)
        assert form.press(DO).said == "Đã thực hiện. 0 hồ sơ chuyển sang cơ quan mới."
        assert len(ward.told(at_work, "dossier.rerouted")) == 1
        other = drafted(ward, admin, key="00000000-0000-4000-8000-00000000000c", office=str(ward.office(NEW)), to=str(ward.office("Ủy ban nhân dân xã Hoa Lộc")))
        assert other.press("Bỏ bản nháp").said == "Đã bỏ bản nháp."
        assert admin.get(other.path).status_code == 404

    def test_the_same_page_with_another_decision(self, ward, admin):
        assert drafted(ward, admin).status == drafted(ward, admin).status == 200
        again = drafted(ward, admin, decision="Nghị quyết 100/NQ-UBTVQH")
        assert (again.status, "nội dung khác" in again.said) == (409, True)

    def test_two_drafts_about_one_office(self, ward, admin):
        drafted(ward, admin)
        again = drafted(ward, admin, key="00000000-0000-4000-8000-00000000000d", to=str(ward.office("Ủy ban nhân dân xã Hoa Lộc")))
        assert (again.status, "bản nháp khác" in again.said) == (409, True)

    def test_only_administrators_change_offices(self, ward, login):
        assert login("tiepnhan.hacthanh").post("/offices/changes", data={}).status_code == 403
        assert not Page.open(login("tiepnhan.hacthanh"), "/offices/").offers(SEE)


class TestBranches:
    """Which office holds the parts of groups that go to a branch: one of each place, that decides."""

    def given(self, ward, admin, name, branch, key=None):
        page = {"key": key or str(uuid.uuid4()), "office": str(ward.office(name)), "branch": branch}
        return Page(admin, admin.post("/offices/branches", data=page, follow_redirects=True))

    def branch(self, ward, name):
        with ward.sessions() as session:
            return session.scalars(select(Office.branch).filter_by(name=name)).one()

    def test_a_second_office_of_one_place_is_refused_until_the_first_gave_it_up(self, ward, admin):
        first, second = "Sở Nội vụ", "Sở Y tế"
        refused = self.given(ward, admin, second, "home_affairs")
        assert (refused.status, "Sở Nội vụ đang giữ ngành này" in refused.said) == (409, True)
        assert self.branch(ward, second) is None
        assert self.given(ward, admin, first, "home_affairs").said == "Đã ghi nhận.", "said twice it is once"

        self.given(ward, admin, first, "")
        assert self.given(ward, admin, second, "home_affairs").said == "Đã ghi nhận."
        assert (self.branch(ward, first), self.branch(ward, second)) == (None, "home_affairs")

    def test_offices_of_two_places_hold_one_branch_each(self, ward, admin):
        police = [self.branch(ward, f"Công an {name}") for name in ("phường Hạc Thành", "phường Sầm Sơn")]
        assert police == ["police", "police"]
        assert "Công an phường Hạc Thành đang giữ" in self.given(ward, admin, NEW, "police").said

    def test_a_centre_holds_none(self, ward, admin):
        refused = self.given(ward, admin, NEW_CENTRE, "police")
        assert (refused.status, "Trung tâm phục vụ hành chính công không giữ ngành nào" in refused.said) == (422, True)

    def test_a_page_that_arrives_again_after_somebody_changed_it_changes_nothing(self, ward, admin):
        office, key = "Sở Nội vụ", str(uuid.uuid4())
        self.given(ward, admin, office, "")
        assert self.given(ward, admin, office, "home_affairs", key).said == "Đã ghi nhận."
        self.given(ward, admin, office, "")

        again = self.given(ward, admin, office, "home_affairs", key)
        assert (again.said, self.branch(ward, office)) == ("Đã ghi nhận.", None)
        other = self.given(ward, admin, "Sở Y tế", "home_affairs", key)
        assert (other.status, self.branch(ward, "Sở Y tế")) == (409, None)
