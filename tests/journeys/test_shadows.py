"""1.001612, 1.004222: decided in a ministry's own system. Ours takes the papers in, passes them on, and says what it is told."""

from datetime import datetime

import pytest
from sqlalchemy import select

from connectors.http import OutsideRefused
from connectors.ministries.shadow import said
from engine.base.actor import APPLICANT
from engine.base.clock import VIETNAM
from engine.calendar.opening import local
from engine.dossiers import course
from engine.dossiers.course import DecidedElsewhere
from engine.dossiers.incidents import standing
from engine.dossiers.models import Deadline
from engine.dossiers.topics.ministry import MinistryContradicts
from tests.journeys.clerk import File, Town, declared
from tests.journeys.test_papers import printed, text_of

BUSINESS, RESIDENCE = "1.001612", "1.004222"
ASK = "Hỏi lại hệ thống của bộ"


def taken_in(town: Town, code: str = RESIDENCE, name: str | None = None, **around: object) -> File:
    """At the ward's counter, paid for, passed on; a name chooses the story of the simulated ministry."""
    answers = declared(code)
    if name:
        person = "owner" if code == BUSINESS else "mover"
        answers[person] = answers[person] | {"full_name": name}
    file = town.take_in(code, example_=answers, **around)
    file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")
    return file


def asked(file: File) -> None:
    """Somebody looks whether there is news."""
    file.say(ASK)


class TestResidence:
    def test_received_worked_on_decided_and_returned_there_under_the_code_of_the_police(self, town: Town) -> None:
        file = taken_in(town)
        assert file.ref.startswith("CT-")
        assert file.status == "Được tiếp nhận"
        # seven working days, 24/11 is a holiday
        assert file.due == "17:00 thứ Năm 03/12/2026"
        asked(file)
        assert file.status == "Đang xử lý"
        asked(file)
        assert file.status == "Đã xử lý xong"
        assert file.row.result_number == f"KQ-{file.ref}"
        asked(file)

        assert file.status == "Đã trả kết quả"

    def test_nobody_has_to_look_the_system_is_asked_twice_a_day(self, town: Town) -> None:
        file = taken_in(town)
        town.at("2026-11-23 17:00")
        assert file.status == "Đang xử lý"
        town.at("2026-11-25 12:00")
        town.at("2026-11-26 08:00")

        assert file.status == "Đã trả kết quả"

    def test_refused_by_the_police_the_applicant_gets_the_reason(self, town: Town) -> None:
        file = taken_in(town, name="Nhữ Thị Từ Chối")
        assert file.status == "Mới đăng ký"
        asked(file)

        assert file.status == "Không được tiếp nhận"
        assert file.row.code is None

    def test_a_fee_that_the_police_ask_for_is_their_status_not_our_charge(self, town: Town) -> None:
        file = taken_in(town, name="Lò Thị Lệ Phí")
        assert file.status == "Yêu cầu thực hiện nghĩa vụ tài chính"
        asked(file)

        assert file.status == "Đang xử lý"

    @pytest.mark.parametrize(
        ("name", "status"),
        [("Lò Thị Lệ Phí", "Yêu cầu thực hiện nghĩa vụ tài chính"), ("Lò Thị Chưa Đủ", "Yêu cầu bổ sung giấy tờ")],
    )
    def test_what_the_police_ask_for_before_they_accept_is_no_acceptance(self, town: Town, name: str, status: str) -> None:
        """Art. 28: a code on acceptance only; and with it the receipt and T13."""
        file = taken_in(town, name=name)
        assert file.status == status
        assert (file.row.code, file.row.accepted_at, file.row.due_at, file.slips("receipt")) == (None, None, None, [])
        assert [one.data["after_acceptance"] for one in file.slips("supplement")] == ([False] if "Đủ" in name else [])
        town.at("2026-11-23 15:00")
        asked(file)

        assert file.ref.startswith("CT-")
        assert file.due == "17:00 thứ Năm 03/12/2026"
        assert len(file.slips("receipt")) == 1

    def test_while_the_police_wait_for_money_our_clock_stands_still(self, town: Town) -> None:
        """Art. 24, P01."""
        file = taken_in(town, name="Lò Thị Nộp Sau")
        assert file.due == "17:00 thứ Năm 03/12/2026"
        town.at("2026-11-23 10:00")
        asked(file)
        assert (file.status, file.row.due_at) == ("Yêu cầu thực hiện nghĩa vụ tài chính", None)
        town.at("2026-11-25 10:01")
        file.settle()
        assert file.status == "Đang xử lý"

        assert file.due == "17:00 thứ Sáu 04/12/2026"

    def test_the_times_are_those_of_the_police_and_so_is_the_date(self, town: Town) -> None:
        file = taken_in(town, name="Lò Thị Ngày Hẹn")
        assert (file.status, file.row.code) == ("Mới đăng ký", None)
        town.at("2026-11-23 10:30")
        asked(file)
        assert local(file.row.accepted_at) == datetime(2026, 11, 23, 10, 15, tzinfo=VIETNAM)
        assert file.due == "17:00 thứ Tư 02/12/2026"
        assert "Ngày hẹn do hệ thống của bộ báo" in file.page().words
        town.at("2026-11-23 11:00")
        asked(file)
        assert file.status == "Yêu cầu bổ sung giấy tờ"
        town.at("2026-11-23 15:00")
        asked(file)
        assert file.due == "17:00 thứ Sáu 04/12/2026"
        asked(file)
        with town.house.sessions() as session:
            runs = session.scalars(select(Deadline).filter_by(dossier_id=file.row.id).order_by(Deadline.started_at)).all()

        assert [f"{local(one.started_at):%H:%M}" for one in runs] == ["10:15", "13:40"]
        assert file.row.decided_at == runs[-1].stopped_at, "decided at 15:50, which is not yet: not later than now"
        assert local(file.row.decided_at) < datetime(2026, 11, 23, 15, 10, tzinfo=VIETNAM)

    def test_stopped_there_it_is_stopped_here(self, town: Town) -> None:
        file = taken_in(town, name="Lò Thị Dừng")
        asked(file)
        asked(file)

        assert file.status == "Dừng xử lý"

    def test_what_reception_misses_is_asked_for_before_it_is_passed_on(self, town: Town) -> None:
        file = town.take_in(RESIDENCE, decision="Yêu cầu bổ sung", reason="Bản chính giấy tờ nhân thân")
        page = file.track().press("Gửi phần bổ sung", text="Tôi nộp thêm.")
        assert "Đã ghi nhận" in page.said
        town.work_off()
        file.accept()
        file.by("thuphi", "Thu tiền tại quầy", payment_answer="paid", payment_method="cash")

        assert file.ref.startswith("CT-")

    def test_refused_at_the_counter_it_never_reaches_the_police(self, town: Town) -> None:
        file = town.take_in(RESIDENCE, decision="Từ chối", reason="Không thuộc đối tượng")

        assert file.status == "Không được tiếp nhận"


# weasyprint leaves its colour profile open
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
class TestTheirPapers:
    """Circular 56/2021/TT-BCA: CT04 and CT06 take the place of forms 01 and 03."""

    def test_the_police_s_receipt_is_ct04_with_their_code_and_the_fee(self, town: Town) -> None:
        file = taken_in(town)
        words = text_of(printed(town, file, "Giấy tiếp nhận hồ sơ"))

        assert "Mẫu CT04" in words
        assert "Mẫu 01" not in words
        assert file.ref in words
        assert "20.000 đ" in words
        assert "17 giờ 00 phút, ngày 03/12/2026" in words

    def test_the_police_s_refusal_is_ct06_with_their_reason(self, town: Town) -> None:
        file = taken_in(town, name="Nhữ Thị Từ Chối")
        asked(file)
        words = text_of(printed(town, file, "Phiếu từ chối"))

        assert "Mẫu CT06" in words
        assert "Mẫu 03" not in words
        assert "khu vực không được đăng ký thường trú mới" in words

    def test_a_refusal_at_the_counter_is_ct06_too(self, town: Town) -> None:
        file = town.take_in(RESIDENCE, decision="Từ chối", reason="Không thuộc đối tượng")

        assert "Mẫu CT06" in text_of(printed(town, file, "Phiếu từ chối"))

    def test_the_registry_gives_its_own_receipt(self, town: Town) -> None:
        words = text_of(printed(town, taken_in(town, BUSINESS), "Giấy biên nhận hồ sơ"))

        assert "GIẤY BIÊN NHẬN HỒ SƠ ĐĂNG KÝ HỘ KINH DOANH" in words
        assert "không hoàn lại" in words


class TestBusiness:
    def test_what_the_ministry_wants_mended_stops_our_clock_until_it_goes_on(self, town: Town) -> None:
        file = taken_in(town, BUSINESS, "Mạc Thị Bổ Sung")
        assert file.ref.startswith("HKD-")
        # three working days
        assert file.due == "17:00 thứ Sáu 27/11/2026"
        town.at("2026-11-23 11:00")
        asked(file)
        assert file.status == "Yêu cầu bổ sung giấy tờ"
        town.at("2026-11-25 08:00")
        assert file.status == "Đang xử lý"
        assert file.dates == ["17:00 thứ Sáu 27/11/2026", "17:00 thứ Hai 30/11/2026"]
        asked(file)
        asked(file)

        assert file.status == "Đã trả kết quả"

    def test_the_applicant_reads_what_the_ministry_wants_and_withdraws_there_only(self, town: Town) -> None:
        file = taken_in(town, BUSINESS, "Mạc Thị Bổ Sung")
        assert not file.page().offers("Người nộp rút hồ sơ")
        asked(file)
        page = file.track()
        assert "Hệ thống của bộ đang chờ bạn bổ sung" in page.words
        assert not page.offers("Rút hồ sơ")
        with pytest.raises(DecidedElsewhere), town.house.unit(APPLICANT) as uow:
            course.withdraw(uow, file.row.id, "Tôi đổi ý")

    def test_withdrawn_there(self, town: Town) -> None:
        file = taken_in(town, BUSINESS, "Mạc Thị Rút")
        asked(file)

        assert file.status == "Công dân yêu cầu rút hồ sơ"

    def test_lodged_in_the_ministry_s_portal_reception_has_nothing_to_check(self, town: Town) -> None:
        file = town.lodge_online(BUSINESS)
        town.work_off()
        file.settle()

        assert file.ref.startswith("HKD-")
        assert file.status == "Được tiếp nhận"

    def test_while_the_ministry_is_down_reception_goes_on_and_sets_no_status(self, town: Town) -> None:
        with town.nobody_answers():
            file = taken_in(town, BUSINESS)
            town.at("2026-11-26 08:00")
            file.by("tiepnhan", "Nhập trực tiếp vào hệ thống", remote_reference="HKD-2026-77")
            asked(file)
            town.at("2026-11-30 08:00")
            file.by("tiepnhan", "Liên hệ, ghi nhận", asked_whom="Đầu mối kỹ thuật Cục Quản lý đăng ký kinh doanh")
            assert file.status == "Mới đăng ký"


def test_a_word_that_the_documents_do_not_know_is_an_incident_and_no_guess(town: Town) -> None:
    file = taken_in(town, name="Lò Thị Lạ")
    asked(file)
    with town.house.sessions() as session:
        assert [one.step_id for one in standing(session).rows] == ["ask_ministry"]

    assert file.status == "Được tiếp nhận"


def test_a_status_that_goes_back_is_refused_and_the_dossier_stays_as_it_was(town: Town) -> None:
    file = taken_in(town, name="Lò Thị Lùi")
    with pytest.raises(MinistryContradicts):
        asked(file)

    assert file.status == "Đang xử lý"


def test_a_time_that_is_none_is_an_incident_and_no_guess() -> None:
    assert said(RESIDENCE, {"state": "DA_TIEP_NHAN", "due_at": "2026-12-02T17:00"})["due_at"] == "2026-12-02T17:00:00+07:00"
    with pytest.raises(OutsideRefused):
        said(RESIDENCE, {"state": "DA_TIEP_NHAN", "due_at": "hôm sau"})
