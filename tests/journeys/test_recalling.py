"""Sent on by mistake, taken back before anybody looked: no support desk, no rewritten history (Decree 118/2025, art. 19(1))."""

import pytest

from engine.base.actor import SYSTEM
from engine.dossiers import printing
from engine.ledger.read import history
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.pages import Page
from tests.journeys.test_desk import COUNTER

CODE = "2.000908"
SEARCH, COPY = "Tra sổ gốc", "Lập bản sao"
BACK = f"Lấy lại bước «{COPY}»"
WHY = "Chuyển nhầm: còn thiếu một trang."


@pytest.fixture
def file(town: Town) -> File:
    """The specialist has passed the copy on to the leader."""
    file = town.take_in(CODE, answers=COUNTER, lookup="missing")
    file.by("chuyenvien", SEARCH, examination_outcome="eligible", right_proved="yes", found="yes")
    file.by("chuyenvien", COPY, copied_by="Nguyễn Thị Hải Yến")
    return file


def take_back(file: File, step: str = BACK, why: str = WHY, by: str = "chuyenvien") -> Page:
    return file.page(by).press(step, text=why)


class TestUnseen:
    def test_it_is_in_the_hands_of_whoever_did_it_again_with_what_was_typed(self, file: File) -> None:
        page = take_back(file)

        assert "Đã ghi nhận." in page.said
        assert f"Bạn làm bước «{COPY}»" in page.words
        assert f"Lấy lại việc vừa chuyển: {COPY}" in page.words
        assert not file.town.clerk("lanhdao.hacthanh").has(file.ref, "Ký duyệt")
        task = file.town.clerk("chuyenvien.hacthanh").task(file.ref, COPY)
        assert "Nguyễn Thị Hải Yến" in task.html
        assert agrees(file)

    def test_the_work_goes_on_from_there_to_the_end(self, file: File) -> None:
        take_back(file)
        file.by("chuyenvien", COPY, copied_by="Nguyễn Thị Hải Yến")
        file.sign()
        file.hand_over()

        assert file.status == "Đã trả kết quả"
        assert agrees(file)

    def test_it_says_why_and_a_double_click_is_one(self, file: File) -> None:
        silent = take_back(file, why="")
        assert silent.status == 422
        form = silent.form(BACK)
        form.fill({"text": WHY})
        form.press(BACK)
        form.press(BACK)

        with file.town.house.sessions() as session:
            kinds = [one.type for one in history(session, file.row.id)]
        assert kinds.count("task.recalled") == 1

    def test_only_the_last_step_and_only_whoever_did_it(self, file: File) -> None:
        assert not file.page("chuyenvien").offers(f"Lấy lại bước «{SEARCH}»")
        assert not file.page("lanhdao").offers(BACK)

    def test_the_control_slip_has_no_hop_that_was_taken_back_mau_06(self, file: File) -> None:
        take_back(file)
        with file.town.house.unit(SYSTEM) as uow:
            printing.issue(uow, file.row.id, "control")
        steps = [one["step"] for one in file.slips("control")[0].data["hops"]]

        assert steps == ["Kiểm tra hồ sơ", SEARCH, COPY]


class TestTooLate:
    def test_once_the_next_officer_has_opened_it_they_must_send_it_back(self, file: File) -> None:
        before = file.page("chuyenvien")
        file.town.clerk("lanhdao.hacthanh").task(file.ref, "Ký duyệt")
        late = before.press(BACK, text=WHY)

        assert late.status == 409
        assert "đã mở hoặc đã nhận bước «Ký duyệt»" in late.said
        assert not file.page("chuyenvien").offers(BACK)
        assert "đã mở hoặc đã nhận bước «Ký duyệt»" in file.page("chuyenvien").words, "and why not"

    def test_once_claimed_from_the_list_too(self, file: File) -> None:
        file.town.clerk("lanhdao.hacthanh").inbox().press(f"Nhận việc {file.ref}")

        assert "đã mở hoặc đã nhận bước «Ký duyệt»" in file.page("chuyenvien").words

    def test_a_page_of_the_next_step_that_was_drawn_before_does_nothing(self, file: File) -> None:
        leader = file.town.clerk("lanhdao.hacthanh").inbox()
        take_back(file)
        page = leader.press(f"Nhận việc {file.ref}")

        assert page.status == 409
        assert "đã lấy lại bước trước lúc" in page.words


class TestToldOutside:
    def test_an_acceptance_gave_a_code_and_a_slip_and_stays(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="missing")
        page = file.page("tiepnhan")

        assert not page.offers("Lấy lại bước «Kiểm tra hồ sơ»")
        assert "không chỉ chuyển bước mà còn có tác động khác" in page.words

    def test_a_number_that_was_given_stays(self, file: File) -> None:
        file.sign()
        page = file.page("vanthu")

        assert not page.offers("Lấy lại bước «Cấp số, đóng dấu, phát hành»")
        assert "tác động khác" in page.words
