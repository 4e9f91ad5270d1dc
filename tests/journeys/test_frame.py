"""A procedure without a diagram of its own, on the frame; and what can happen to any dossier."""

import json
from pathlib import Path

import pytest

from engine.catalog import national
from tests.journeys.clerk import File, Town
from webapp.demo.province import PROCEDURES

#: A provincial procedure without a diagram: it goes to a department.
CODE = "1.000028"
#: One that communes decide, in five working days.
OF_COMMUNES = "2.001255"
REQUESTER = {
    "full_name": "Lê Văn Tám",
    "birth_date": {"d": 1, "m": 2, "y": 1980},
    "personal_id": "099080000701",
    "phone": "0990000701",
}
ASKED = {
    "requester": REQUESTER,
    "request": "Cấp giấy phép lưu hành xe quá khổ 38C-000.01.",
    "result_delivery": "counter",
    "truthful": True,
}


@pytest.fixture
def imported(town: Town, tmp_path: Path) -> Town:
    lines = PROCEDURES.read_text("utf-8").splitlines()
    source = tmp_path / "two.jsonl"
    source.write_text("\n".join(one for one in lines if json.loads(one)["code"] in (CODE, OF_COMMUNES)), "utf-8")
    with town.house.unit() as uow:
        national.import_file(uow, source)
    return town


def taken_in(town: Town, **around: object) -> File:
    """At the provincial centre, for Sở Xây dựng; reception agrees on a date where none is published."""
    return town.take_in(
        CODE, by="tiepnhan.tinh", example_=ASKED, competent_office_id="Sở Xây dựng", **around
    )


def assigned(file: File) -> None:
    file.by("truongphong.xaydung", "Phân công thụ lý", assignee="Lê Trọng Nghĩa, Chuyên viên")


def drafted(file: File) -> None:
    file.by("chuyenvien.xaydung", "Thẩm tra hồ sơ", examination_outcome="eligible")
    file.by("chuyenvien.xaydung", "Dự thảo kết quả")


class TestWithoutADiagramOfItsOwn:
    def test_it_runs_on_the_frame_in_force_with_its_own_limit(self, imported: Town) -> None:
        file = taken_in(imported)
        assert file.ref == "H56.07-261123-0001"
        assert file.due == "17:00 thứ Tư 25/11/2026"
        assert "Quy trình «Giải quyết thủ tục theo cơ chế một cửa», phiên bản 1" in file.page("tiepnhan.tinh").words
        assigned(file)
        drafted(file)
        file.sign(review=True, place="xaydung")
        file.hand_over()

        assert file.status == "Đã trả kết quả"

    def test_sent_back_supplemented_and_refused_in_the_end(self, imported: Town) -> None:
        file = taken_in(imported)
        assigned(file)
        drafted(file)
        file.by("truongphong.xaydung", "Xem dự thảo", review_outcome="pass")
        file.by("lanhdao.xaydung", "Ký duyệt", sign_outcome="send_back")
        file.by("chuyenvien.xaydung", "Thẩm tra hồ sơ", examination_outcome="supplement")
        imported.at("2026-11-25 09:00")
        file.supplemented()
        assert file.dates == ["17:00 thứ Tư 25/11/2026", "17:00 thứ Năm 26/11/2026"]
        file.by("chuyenvien.xaydung", "Thẩm tra hồ sơ", examination_outcome="ineligible")
        file.by("chuyenvien.xaydung", "Dự thảo văn bản từ chối")
        file.sign(review=True, place="xaydung")
        file.hand_over()

        assert "Từ chối giải quyết" in file.page().words

    def test_withdrawn_while_it_waits_for_an_opinion(self, imported: Town) -> None:
        file = taken_in(imported)
        assigned(file)
        file.by("chuyenvien.xaydung", "Thẩm tra hồ sơ", examination_outcome="consult")
        page = file.track().press("Rút hồ sơ", text="Tôi không cần nữa.", sure=True)

        assert page.heading == "Bạn đã rút hồ sơ"
        assert not imported.clerk("chuyenvien.xaydung").has(file.ref, "Soạn văn bản lấy ý kiến")
        assert file.status == "Công dân yêu cầu rút hồ sơ"

    def test_a_late_office_is_waited_for_once_then_the_work_goes_on(self, imported: Town) -> None:
        file = taken_in(imported)
        assigned(file)
        file.by("chuyenvien.xaydung", "Thẩm tra hồ sơ", examination_outcome="consult")
        file.by("chuyenvien.xaydung", "Soạn văn bản lấy ý kiến", offices=[{"office": "Sở Tư pháp"}])
        imported.at("2026-12-02 08:00")
        file.by(
            "chuyenvien.xaydung", "Báo cáo chậm trả lời", late_outcome="wait", consultation_due_at="2026-12-04"
        )
        imported.at("2026-12-07 08:00")
        file.by("chuyenvien.xaydung", "Báo cáo chậm trả lời", late_outcome="go_on")
        drafted(file)

        assert imported.clerk("truongphong.xaydung").has(file.ref, "Xem dự thảo")


class TestAnotherOffice:
    def test_sent_back_as_not_competent_redirected_acknowledged_and_the_result_comes_back(
        self, imported: Town
    ) -> None:
        file = imported.take_in(
            OF_COMMUNES,
            by="tiepnhan.tinh",
            example_=ASKED,
            competent_office_id="Ủy ban nhân dân phường Sầm Sơn",
        )
        code = file.ref
        file.by("tiepnhan", "Bàn giao hồ sơ giấy")
        file.say("Trả lại vì sai thẩm quyền", "Thuộc phường Hạc Thành.", by="truongphong.samson")
        file.by("giamdoc", "Xác định lại cơ quan giải quyết", to_office="Ủy ban nhân dân phường Hạc Thành")
        file.by("tiepnhan", "Bàn giao hồ sơ giấy")
        imported.at("2026-11-25 14:00")
        file.say("Xác nhận đã nhận", by="truongphong.hacthanh")
        assert file.due == "17:00 thứ Tư 02/12/2026", "five working days from the acknowledgement"
        assert file.ref == code, "a code stays, whoever decides"

        file.by(
            "truongphong.hacthanh",
            "Phân công thụ lý",
            assignee="Nguyễn Thị Hải Yến, Công chức tư pháp - hộ tịch",
        )
        file.by("chuyenvien.hacthanh", "Thẩm tra hồ sơ", examination_outcome="eligible")
        file.by("chuyenvien.hacthanh", "Dự thảo kết quả")
        file.sign(review=True, place="hacthanh")
        file.say("Xác nhận đã nhận")
        file.hand_over()

        assert file.status == "Đã trả kết quả"


class TestTracking:
    def test_the_citizen_follows_it_with_code_and_secret_from_the_counter_to_the_result(self, imported: Town) -> None:
        file = taken_in(imported)
        first = file.track()
        assert "Lê Văn Tám" not in first.words, "whoever has the code sees a shortened name"
        assert "L. V. Tám" in first.words
        assert "17:00 thứ Tư 25/11/2026" in first.words
        assigned(file)
        assert file.track().heading == "Hồ sơ đang được giải quyết"
        drafted(file)
        file.sign(review=True, place="xaydung")
        assert file.track().heading == "Đã có kết quả"

    def test_late_it_says_so_before_anybody_asks(self, imported: Town) -> None:
        file = taken_in(imported)
        imported.at("2026-11-26 08:00")

        assert file.track().heading == "Hồ sơ đang chậm so với ngày hẹn"

    def test_another_secret_opens_nothing(self, imported: Town) -> None:
        file = taken_in(imported)
        page = imported.citizen().open("/track").press("Xem hồ sơ", code=file.ref, secret="00000000")

        assert page.status == 404
        assert "Tám" not in page.words
