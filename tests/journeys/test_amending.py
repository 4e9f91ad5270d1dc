"""What was declared is changed by whoever declared it, until there is a result (Decree 118/2025, art. 21)."""

import pytest

from tests.journeys.clerk import File, Town, agrees
from tests.journeys.pages import Page
from tests.journeys.test_desk import COUNTER, EXTRACT, PROXY, intake

CODE = "2.000908"
ACCEPT = "Tiếp nhận và in giấy hẹn"
OPEN, SEND = "Mở tờ khai để sửa", "Gửi nội dung sửa"
AT_THE_COUNTER = "Ghi nhận nội dung sửa"
STEP = "Tra sổ gốc"
#: The example asks for a paper of one's own.
NAMED = {"requester": {"full_name": "Nguyễn Minh Tuấn"}, "holder": {"full_name": "Nguyễn Minh Tuấn"}}


@pytest.fixture
def file(town: Town) -> File:
    return town.take_in(CODE, answers=COUNTER, lookup="missing")


def from_afar(file: File, number: str | None = None, **answers: object) -> Page:
    page = file.track().press(OPEN, number=number or file.row.applicant_personal_id)
    return page.press(SEND, **answers) if page.offers(SEND) else page


def at_the_counter(file: File, **answers: object) -> Page:
    return file.page().link("Sửa theo đề nghị của người nộp").press(AT_THE_COUNTER, **answers)


class TestFromAfar:
    def test_whoever_knows_the_applicants_number_corrects_an_answer_and_the_officer_reads_both_art_21(self, file: File) -> None:
        due = file.due
        page = from_afar(file, **NAMED, remark="Gõ sai tên")

        assert "Đã nhận nội dung sửa." in page.said
        assert "Đã ghi nhận nội dung bạn sửa; ngày hẹn trả không đổi." in page.words
        shown = file.page("chuyenvien").row("Họ", "Nguyễn Minh Tú")
        assert "Nguyễn Minh Tuấn" in shown.text_content()
        assert "Gõ sai tên" in file.page("chuyenvien").words
        assert "Người nộp sửa nội dung khai" in file.page().words
        assert (file.row.applicant_name, file.due) == ("Nguyễn Minh Tuấn", due), "the clock goes on"
        assert agrees(file)

    def test_whoever_has_it_in_hand_is_told_and_must_look_again(self, file: File) -> None:
        clerk = file.town.clerk("chuyenvien.hacthanh")
        before = clerk.task(file.ref, STEP)
        from_afar(file, **NAMED)

        assert "người nộp vừa sửa đơn" in clerk.inbox().row(file.ref).text_content()
        stale = before.press("Hoàn thành bước", examination_outcome="eligible")
        assert stale.status == 409
        assert "Người nộp hồ sơ đã thay đổi hồ sơ lúc" in stale.said
        assert "Người nộp đã sửa nội dung khai" in clerk.task(file.ref, STEP).words
        file.by("chuyenvien", STEP, examination_outcome="eligible", right_proved="yes", found="yes")

    def test_another_number_opens_nothing_and_brings_no_name(self, file: File) -> None:
        page = from_afar(file, number="001001001001")

        assert "Số định danh này không phải của người yêu cầu" in page.said
        assert file.row.submitter_name not in page.words
        assert not page.offers(SEND)

    def test_the_number_that_proves_who_asks_is_not_changed_from_afar(self, file: File) -> None:
        page = from_afar(file, requester={"personal_id": "099190000321"}, holder={"personal_id": "099190000321"})

        assert page.status == 409
        assert "thay đổi số định danh của người yêu cầu" in page.said

    def test_what_asks_for_another_way_of_handling_is_lodged_anew(self, file: File) -> None:
        page = from_afar(file, result_delivery="electronic")

        assert page.status == 409
        assert "thay đổi cách giải quyết hoặc cách nhận kết quả" in page.said
        assert "Hãy rút hồ sơ này và nộp hồ sơ mới." in page.said

    def test_what_costs_more_is_worked_out_anew_art_24(self, town: Town) -> None:
        file = town.take_in(EXTRACT, answers=COUNTER, lookup="missing")
        from_afar(file, copies_count=5)

        assert "tính lại theo nội dung đã sửa: trước 24.000 đ, nay 40.000 đ" in file.track().words
        assert agrees(file)

    def test_nothing_changed_is_said_and_an_error_loses_nothing(self, file: File) -> None:
        same = from_afar(file)
        assert (same.status, "Chưa có nội dung nào được sửa." in same.said) == (422, True)
        wrong = from_afar(file, requester={"full_name": "", "phone": "0912000111"})
        assert wrong.status == 422
        assert "0912000111" in wrong.html
        assert file.row.applicant_name == "Nguyễn Minh Tú"

    def test_once_there_is_a_result_it_stays(self, file: File) -> None:
        file.by("chuyenvien", STEP, examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien", "Lập bản sao")
        before = file.track().press(OPEN, number=file.row.applicant_personal_id)
        file.sign()

        assert not file.track().offers(OPEN)
        assert not file.page().offers("Sửa theo đề nghị của người nộp")
        late = before.press(SEND, **NAMED)
        assert (late.status, "đã có kết quả" in late.said) == (409, True)


class TestAtTheCounter:
    def test_the_same_before_the_officer_who_received_it(self, file: File) -> None:
        page = at_the_counter(file, **NAMED, remark="Xuất trình căn cước")

        assert "Đã ghi nhận nội dung sửa" in page.said
        assert "Nguyễn Minh Tuấn" in page.row("Họ", "Nguyễn Minh Tú").text_content()
        assert agrees(file)

    def test_where_nobody_has_looked_yet_reception_checks_what_is_said_now(self, town: Town) -> None:
        file = town.lodge_online(CODE)
        at_the_counter(file, **NAMED)
        file.accept()

        assert file.slips("receipt")[0].data["applicant"]["name"] == "Nguyễn Minh Tuấn"
        assert agrees(file)

    def test_a_representative_changes_only_what_the_paper_allows_art_6(self, town: Town) -> None:
        def lodged(**may: bool) -> File:
            page = intake(town, is_proxy=True, proxy=PROXY, authority_until="2026-11-30", **may).form(ACCEPT).press(ACCEPT)
            return File(town, page.path.rpartition("/")[2])

        bound, free = lodged(), lodged(may_change=True)
        asker = "Trần Văn Bình, người được ủy quyền"
        unsaid = at_the_counter(bound, **NAMED)
        refused = at_the_counter(bound, asker=asker, **NAMED)
        afar = from_afar(bound, PROXY["personal_id"], **NAMED)
        done = at_the_counter(free, asker=asker, **NAMED)
        again = from_afar(free, PROXY["personal_id"], requester={"phone": "0912000111"})

        assert "Hãy chọn ai là người đề nghị sửa." in unsaid.said
        assert "không bao gồm việc này: bổ sung, sửa đổi hồ sơ" in refused.said
        assert "không bao gồm việc này: bổ sung, sửa đổi hồ sơ" in afar.said
        assert "Đã ghi nhận nội dung sửa" in done.said
        assert "Đã nhận nội dung sửa." in again.said
        assert agrees(free)
