"""The inbox and the page of a task, where they are touched wrongly too."""

import uuid

import pytest
from sqlalchemy import func, select, update

from engine.base.actor import SYSTEM
from engine.dossiers.models import AnswerSet, Task
from engine.org.models import Office, Officer, Posting
from tests.journeys.pages import Page, words_of

STEP = "Tra sổ gốc"
GOOD = {"examination_outcome": "eligible", "right_proved": "yes", "found": "yes"}


@pytest.fixture
def file(town):
    """A dossier that lies open in the specialists' lane of Hạc Thành."""
    return town.take_in("2.000908", answers={"result_delivery": "counter"})


@pytest.fixture
def task(file, province_sessions):
    with province_sessions() as session:
        return session.scalars(select(Task).filter_by(done_at=None)).one()


def count(sessions, model, **columns):
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model).filter_by(**columns))


class TestList:
    def test_the_row_says_whose_dossier_which_step_and_how_long(self, login, file):
        row = words_of(Page.open(login("chuyenvien.hacthanh"), "/inbox").row(file.ref))

        assert "Nguyễn Minh Tú" in row
        assert STEP in row
        assert "Còn" in row

    @pytest.mark.parametrize("other", ["chuyenvien.samson", "lanhdao.hacthanh", "tiepnhan.hacthanh", "quantri"])
    def test_other_offices_and_other_lanes_do_not_see_it(self, login, file, other):
        assert file.ref not in Page.open(login(other), "/inbox").words

    @pytest.mark.parametrize("query", ["?urgency=no&view=none", "?after=x", "?procedure=" + "9" * 50])
    def test_filters_that_cannot_be_read_are_left_out(self, login, file, query):
        assert Page.open(login("chuyenvien.hacthanh"), f"/inbox{query}").status == 200

    def test_words_without_diacritics_find_it(self, login, file):
        assert file.ref in Page.open(login("chuyenvien.hacthanh"), "/inbox?q=nguyen minh tu").words
        assert file.ref not in Page.open(login("chuyenvien.hacthanh"), "/inbox?q=le van tam").words


class TestProcedures:
    @pytest.fixture
    def lodged(self, town):
        """One dossier of each of two procedures, both in the reception's lane."""
        return {code: town.lodge_online(code).ref for code in ("2.000635", "2.000908")}

    def test_those_in_the_view_are_offered_with_their_numbers(self, login, lodged):
        choices = procedures(Page.open(login("tiepnhan.hacthanh"), "/inbox"))

        assert set(choices) == {"", *lodged}
        assert choices["2.000908"].endswith("(1)")

    def test_only_the_chosen_one_is_listed_and_counted(self, login, lodged):
        page = Page.open(login("tiepnhan.hacthanh"), "/inbox").press("Lọc", procedure="2.000635")

        assert lodged["2.000635"] in page.words
        assert lodged["2.000908"] not in page.words
        assert "Tất cả 1" in page.words
        assert "Hiện 1 dòng trong 1" in page.words

    def test_the_choice_stays_in_the_address_of_tabs(self, login, lodged):
        page = Page.open(login("tiepnhan.hacthanh"), "/inbox?procedure=2.000635").link("Trong hạn")

        assert lodged["2.000635"] in page.words
        assert lodged["2.000908"] not in page.words
        assert set(procedures(page, "@selected")) == {"2.000635"}

    def test_one_of_which_nothing_is_left_is_still_shown_as_chosen(self, login, lodged):
        page = Page.open(login("tiepnhan.hacthanh"), "/inbox?procedure=1.000894")

        assert procedures(page, "@selected") == {"1.000894": "1.000894 (0)"}
        assert "Thử bỏ bớt điều kiện lọc" in page.words

    def test_of_tasks_in_other_hands_the_tabs_count_those(self, login, file):
        Page.open(login("chuyenvien2.hacthanh"), "/inbox").press(f"Nhận việc {file.ref}")
        page = Page.open(login("chuyenvien.hacthanh"), "/inbox?view=team")

        assert set(procedures(page)) == {"", "2.000908"}
        assert "Tất cả 1" in page.words


def procedures(page, which="true()"):
    """Code -> words of the filter's options."""
    found = page.tree.xpath(f"//select[@name='procedure']/option[{which}]")
    return {one.get("value"): words_of(one) for one in found}


class TestTask:
    def test_the_counter_where_the_result_is_fetched_is_told_by_its_name(self, login, town, province_sessions):
        counter = "Trung tâm Phục vụ hành chính công phường Hạc Thành"
        chosen = {"result_delivery": "counter", "delivery_office": str(town.office_id(counter))}
        file = town.take_in("2.000908", answers=chosen)
        page = Page.open(login("chuyenvien.hacthanh"), "/inbox").press(f"Nhận việc {file.ref}")

        assert counter in page.words
        assert chosen["delivery_office"] not in page.words


class TestClaim:
    def test_claimed_it_leaves_the_open_ones_of_the_others(self, login, file, task):
        page = Page.open(login("chuyenvien.hacthanh"), "/inbox").press(f"Nhận việc {file.ref}")

        assert page.path == f"/tasks/{task.id}"
        assert page.offers("Trả lại việc")
        assert file.ref not in Page.open(login("chuyenvien2.hacthanh"), "/inbox?view=open").words

    def test_of_two_who_claim_the_second_is_told_who_was_faster(self, login, file):
        second = Page.open(login("chuyenvien2.hacthanh"), "/inbox")
        Page.open(login("chuyenvien.hacthanh"), "/inbox").press(f"Nhận việc {file.ref}")
        page = second.press(f"Nhận việc {file.ref}")

        assert page.status == 409
        assert "Nguyễn Thị Hải Yến đang giữ việc này" in page.words

    def test_released_it_is_open_again(self, login, file, task):
        page = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}").press("Nhận việc")
        page.press("Trả lại việc")

        assert file.ref in Page.open(login("chuyenvien2.hacthanh"), "/inbox?view=open").words

    @pytest.mark.parametrize("button", ["Nhận việc", "Trả lại việc"])
    def test_a_double_click_is_one_act(self, login, file, task, button):
        page = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}")
        form = (page if button == "Nhận việc" else page.press("Nhận việc")).form(button)
        first, second = form.press(button), form.press(button)

        assert (first.status, second.status) == (200, 200)
        assert second.path == first.path

    @pytest.mark.parametrize("act", ["claim", "release", "complete", "draft", "form"])
    @pytest.mark.parametrize("other", ["chuyenvien.samson", "lanhdao.hacthanh"])
    def test_for_everybody_else_there_is_no_such_task(self, login, task, other, act):
        client = login(other)

        assert client.post(f"/tasks/{task.id}/{act}", data={"key": uuid.uuid4(), "seen": task.revision}).status_code in (403, 404)
        assert client.get(f"/tasks/{task.id}").status_code in (403, 404)

    @pytest.mark.parametrize("data", [{}, {"seen": "x"}])
    def test_a_form_that_is_not_ours_is_invalid(self, login, task, data):
        assert login("chuyenvien.hacthanh").post(f"/tasks/{task.id}/claim", data=data).status_code == 422

    def test_a_task_that_never_was_is_missing(self, login, file):
        assert login("chuyenvien.hacthanh").get(f"/tasks/{uuid.uuid4()}").status_code == 404


class TestComplete:
    def test_answers_that_do_not_fit_stand_beside_their_fields_and_keep_what_was_typed(self, login, task):
        page = Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}")
        form = page.form("Hoàn thành bước")
        form.fill({"register_name": "Sổ cấp bằng 2019", "examination_outcome": "eligible", "found": "yes"})
        page = form.press("Hoàn thành bước")

        assert page.status == 422
        assert "Quyền yêu cầu" in page.said
        assert page.form("Hoàn thành bước").control("register_name")[0].value == "Sổ cấp bằng 2019"

    def test_a_choice_that_the_form_does_not_offer_is_refused(self, login, task):
        answer = login("chuyenvien.hacthanh").post(
            f"/tasks/{task.id}/complete",
            data={"key": uuid.uuid4(), "seen": task.revision, "examination_outcome": "free_beer", "right_proved": "yes"},
        )

        assert answer.status_code == 422

    def test_a_double_click_is_one_act(self, login, task, province_sessions):
        form = _filled(login("chuyenvien.hacthanh"), task)
        first, second = form.press("Hoàn thành bước"), form.press("Hoàn thành bước")

        assert (first.path, second.path) == ("/inbox", "/inbox")
        assert count(province_sessions, AnswerSet, step_id="search_book") == 1
        assert count(province_sessions, Task, step_id="make_copy") == 1

    def test_a_stale_page_says_who_did_what_and_keeps_the_typing(self, login, task):
        late = _filled(login("chuyenvien2.hacthanh"), task, register_name="Sổ của tôi")
        _filled(login("chuyenvien.hacthanh"), task).press("Hoàn thành bước")
        page = late.press("Hoàn thành bước")

        assert page.status == 409
        assert "Nguyễn Thị Hải Yến đã hoàn thành việc này lúc 09:40 23/11/2026" in page.words
        assert "Sổ của tôi" in page.html

    def test_a_task_in_other_hands_cannot_be_finished(self, login, task):
        mine = _filled(login("chuyenvien2.hacthanh"), task, register_name="Sổ của tôi")
        Page.open(login("chuyenvien.hacthanh"), f"/tasks/{task.id}").press("Nhận việc")
        page = mine.press("Hoàn thành bước")

        assert page.status == 409
        assert "Nguyễn Thị Hải Yến" in page.words
        assert "Sổ của tôi" in page.html


class TestDraft:
    def test_it_is_there_when_the_page_is_opened_again(self, login, task):
        client = login("chuyenvien.hacthanh")
        answer = client.post(
            f"/tasks/{task.id}/draft", data={"seen": task.revision, "archive_place": "Kho 2, giá 7"}
        )

        assert answer.get_json() == {"saved": True}
        assert "Kho 2, giá 7" in client.get(f"/tasks/{task.id}").get_data(as_text=True)

    def test_from_a_stale_page_nothing_is_kept(self, login, task):
        client = login("chuyenvien.hacthanh")
        answer = client.post(f"/tasks/{task.id}/draft", data={"seen": task.revision + 1, "archive_place": "Kho 2"})

        assert answer.status_code == 409


class TestForm:
    def test_it_is_drawn_again_as_the_answers_stand_and_nothing_is_kept(self, login, task, province_sessions):
        client = login("chuyenvien.hacthanh")
        page = Page(client, client.post(f"/tasks/{task.id}/form", data={"examination_outcome": "ineligible"}))
        shown = page.tree.xpath("//select[@name='refusal_ground']/ancestor::*[@hidden]")

        assert (page.status, shown) == (200, [])
        with province_sessions() as session:
            assert session.get_one(Task, task.id).draft is None


class TestOtherLists:
    @pytest.mark.parametrize("address", ["/inbox/incoming", "/inbox/waiting"])
    def test_they_open_for_every_officer_and_are_empty_at_first(self, login, file, address):
        page = Page.open(login("chuyenvien.samson"), address)

        assert page.status == 200
        assert file.ref not in page.words


def _filled(client, task, **more):
    form = Page.open(client, f"/tasks/{task.id}").form("Hoàn thành bước")
    form.fill({"register_name": "Sổ cấp bằng", "register_no": "1187/2019", **GOOD, **more})
    return form


def test_whoever_signs_reads_what_was_found_and_drafted(login, file):
    file.by("chuyenvien", STEP, note="Có trong sổ, trang 12.", **GOOD)
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
    page = file.town.clerk("lanhdao.hacthanh").task(file.ref, "Ký duyệt")

    assert "Lập bản sao Nguyễn Thị Hải Yến" in page.words
    assert "Lê Thị Minh" in page.words
    assert "Có trong sổ" in page.words


def test_what_was_taken_back_is_read_as_it_was_entered_again_and_once(login, file):
    file.by("chuyenvien", STEP, note="Có trong sổ, trang 12.", **GOOD)
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
    file.page("chuyenvien").press("Lấy lại bước «Lập bản sao»", text="Ghi nhầm người đối chiếu.")
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Trần Văn Lực")
    words = file.town.clerk("lanhdao.hacthanh").task(file.ref, "Ký duyệt").words

    assert "Lê Thị Minh" not in words
    assert words.count("Trần Văn Lực") == 1
    assert "Có trong sổ" in words


def test_a_form_that_the_diagram_no_longer_has_does_not_close_the_page(login, file, act):
    """The dossier was moved to a version without it."""
    file.by("chuyenvien", STEP, note="Có trong sổ, trang 12.", **GOOD)
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
    with act(SYSTEM) as uow:
        uow.session.execute(update(AnswerSet).filter_by(step_id="search_book").values(form_key="2.000908/search_old_book"))
    page = file.town.clerk("lanhdao.hacthanh").task(file.ref, "Ký duyệt")

    assert (page.status, "Lê Thị Minh" in page.words, "Có trong sổ" in page.words) == (200, True, False)


class TestWhoAndWhatWasNamed:
    """It is read by its name as long as the dossier lives, also when nobody could choose it any more."""

    def test_the_counter_that_the_applicant_chose_and_that_was_closed_since(self, town, login, act):
        centre = town.office_id("Trung tâm Phục vụ hành chính công phường Sầm Sơn")
        town.lodge_online("2.000908", {"result_delivery": "counter", "delivery_office": str(centre)})
        with act(SYSTEM) as uow:
            uow.session.execute(update(Office).filter_by(id=centre).values(valid_to=uow.clock.today()))
            task_id = uow.session.scalars(select(Task.id).filter_by(done_at=None)).one()

        assert "Nơi nhậnTrung tâm Phục vụ hành chính công phường Sầm Sơn" in Page.open(login("tiepnhan.hacthanh"), f"/tasks/{task_id}").words

    def test_in_plain_words_by_a_form_that_had_no_list_is_read_as_it_was_typed(self, town, login, act):
        """The dossier was moved to a version whose form has one."""
        town.lodge_online("2.000908", {"result_delivery": "counter"})
        with act(SYSTEM) as uow:
            declared = uow.session.scalars(select(AnswerSet).filter_by(step_id="lodge")).one()
            declared.answers = {**declared.answers, "delivery_office": "Nhà văn hóa thôn 5"}
            task_id = uow.session.scalars(select(Task.id).filter_by(done_at=None)).one()
        page = Page.open(login("tiepnhan.hacthanh"), f"/tasks/{task_id}")

        assert (page.status, "Nơi nhậnNhà văn hóa thôn 5" in page.words) == (200, True)

    def test_in_plain_words_beside_somebody_who_was_chosen(self, town, act):
        file = town.take_in("1.001776")
        file.by("truongphong", "Phân công thụ lý", assignee="Trịnh Đình Lâm, Công chức kinh tế, xã hội")
        with act(SYSTEM) as uow:
            given = uow.session.scalars(select(AnswerSet).filter_by(step_id="assign_specialist")).one()
            given.answers = {**given.answers, "co_worker": "Tổ công tác thôn 5"}
        words = file.town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra điều kiện hưởng").words

        assert "Chuyên viên thụ lýTrịnh Đình Lâm" in words
        assert "Người phối hợpTổ công tác thôn 5" in words

    def test_the_colleague_who_was_to_help_and_has_left(self, town, act):
        file = town.take_in("1.001776")
        helper, examiner = "Nguyễn Thị Hải Yến", "Trịnh Đình Lâm, Công chức kinh tế, xã hội"
        file.by("truongphong", "Phân công thụ lý", assignee=examiner, co_worker=f"{helper}, Công chức tư pháp - hộ tịch")
        with act(SYSTEM) as uow:
            hers = select(Officer.id).filter_by(name=helper).scalar_subquery()
            uow.session.execute(update(Posting).where(Posting.officer_id == hers).values(valid_to=uow.clock.today()))
        words = file.town.clerk("chuyenvien2.hacthanh").task(file.ref, "Thẩm tra điều kiện hưởng").words

        assert f"Người phối hợp{helper}, Công chức tư pháp - hộ tịch" in words


def test_the_counter_does_not(login, file):
    file.by("chuyenvien", STEP, **GOOD)
    file.by("chuyenvien", "Lập bản sao", copied_by="Nguyễn Thị Hải Yến", checked_by="Lê Thị Minh")
    file.sign()

    assert "Lê Thị Minh" not in file.town.clerk("traketqua.hacthanh").task(file.ref, "Trao kết quả").words


def test_what_is_left_to_do_of_a_withdrawn_dossier_is_due_by_its_own_limit(login, file):
    file.say("Người nộp rút hồ sơ", "Tôi không cần nữa.")

    row = words_of(Page.open(login("traketqua.hacthanh"), "/inbox").row(file.ref))
    assert "hẹn 17:00 25/11/2026" not in file.page().words, "nothing is handed over"
    assert "hẹn 17:00 thứ Năm 26/11/2026" in row, "two working days to hand papers back, not the date of the result"
