"""A clock stands still by each of its reasons apart, and goes on when the last of them is over (Decree 118/2025, art. 19, 24)."""

from sqlalchemy import select

from engine.dossiers.clock_models import Pause
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.groups import ASK, child
from tests.journeys.pages import Page
from tests.journeys.test_birth_group import NO_CARD, register_birth
from tests.journeys.test_group_dates import BIRTH, answered, asked, supported
from tests.journeys.test_shadows import taken_in

STOP, GO = "Tạm dừng đồng hồ", "Cho đồng hồ chạy tiếp"


def suspended(file: File) -> None:
    file.page("lanhdao").press(STOP, text="Công văn 12/TA; Điều 19")
    file.settle()


def let_go(file: File) -> None:
    file.page("lanhdao").press(GO)
    file.settle()


def stands(town: Town, file: File) -> set[str]:
    """The rules by which a clock stands still now."""
    with town.house.sessions() as session:
        return set(session.scalars(select(Pause.rule).filter_by(dossier_id=file.row.id, ended_at=None)))


def down(town: Town, start: str, end: str, procedures: str) -> None:
    """An administrator enters that a system was down, sees what moves and confirms it."""
    data = {"kind": "fault", "system": "Hệ thống cư trú", "what": "mất kết nối", "article": "Nghị định 63/2024/NĐ-CP",
            "started_at": start, "ended_at": end, "procedures": procedures}  # fmt: skip
    admin = town.clerk("quantri")
    token = admin.open("/calendar").tree.xpath("//input[@name='csrf_token']")[0].get("value")
    page = Page(admin.client, admin.client.post("/calendar/preview", data=data | {"csrf_token": token}))
    both = "Ghi vào lịch và chuyển các hạn này", "Ghi vào lịch"
    page.press(next(one for one in both if page.offers(one)))
    town.work_off()
    town.work_off()


class TestOneReasonInsideAnother:
    def test_let_go_by_its_head_a_group_waits_on_for_the_applicant_who_is_asked_for_a_part(self, town: Town) -> None:
        file, support = supported(town)
        suspended(file)
        asked(town, support)
        file.settle()
        assert stands(town, file) == {"P03", "T07"}
        town.at("2026-11-25 10:00")
        let_go(file)
        assert (stands(town, file), file.row.due_at) == ({"T07"}, None)
        assert "không còn tạm dừng theo Công văn 12/TA; Điều 19" in file.track().words
        town.at("2026-12-03 09:00")
        assert "Quá hạn" not in file.page().words, "the applicant is still asked"
        answered(town, support)
        assert (stands(town, file), support.due) == (set(), "17:00 thứ Ba 08/12/2026")
        assert file.row.due_at >= support.row.due_at
        assert agrees(file)

    def test_let_go_by_its_head_a_group_waits_on_for_confirmations_that_began_meanwhile(self, town: Town) -> None:
        file = town.lodge_online(BIRTH, NO_CARD | {"residence_case": "with_grandparents"})
        file.accept()
        suspended(file)
        register_birth(town, file)
        file.settle()
        assert stands(town, file) == {"P03", "P14"}
        let_go(file)
        assert (stands(town, file), file.row.due_at) == ({"P14"}, None), "what VNeID takes does not count"
        assert agrees(file)

    def test_a_head_suspends_a_group_that_waits_for_its_applicant(self, town: Town) -> None:
        file, support = supported(town)
        asked(town, support)
        file.settle()
        town.at("2026-11-25 10:00")
        suspended(file)
        assert stands(town, file) == {"P03", "T07"}
        answered(town, support)
        file.settle()
        assert (stands(town, file), file.row.due_at) == ({"P03"}, None)
        town.at("2026-11-30 10:00")
        let_go(file)
        assert file.row.due_at >= support.row.due_at
        assert agrees(file)

    def test_what_the_police_ask_for_meanwhile_and_get_lets_no_suspended_dossier_go_on(self, town: Town) -> None:
        file = taken_in(town, name="Lò Thị Bổ Sung")
        suspended(file)
        file.say(ASK)
        assert file.status == "Yêu cầu bổ sung giấy tờ"
        file.say(ASK)
        assert (file.status, stands(town, file), file.row.due_at) == ("Đang xử lý", {"P03"}, None)
        let_go(file)
        assert stands(town, file) == set()
        assert file.row.due_at is not None
        assert agrees(file)


class TestAPartStandsStill:
    def test_while_a_part_is_suspended_its_group_stands_still_and_is_not_promised_before_it(self, town: Town) -> None:
        file, support = supported(town)
        town.at("2026-11-25 08:00")
        suspended(support)
        assert (stands(town, file), file.row.due_at) == ({"P03"}, None)
        page = file.page("lanhdao")
        assert page.offers(STOP), "the group itself is not suspended"
        town.at("2026-12-03 08:00")
        assert "Quá hạn" not in file.page().words
        let_go(support)
        assert stands(town, file) == set()
        assert file.row.due_at >= support.row.due_at
        assert f"sang {file.due}: thời gian “Hỗ trợ chi phí mai táng” tạm dừng không tính, theo Công văn 12/TA; Điều 19" in file.track().words
        assert agrees(file)
        assert agrees(support)

    def test_what_the_police_wait_for_is_money_and_the_group_waits_with_them(self, town: Town) -> None:
        """Art. 24, P01."""
        file, _ = supported(town, "Lại Văn Nộp Sau")
        residence = child(town, file, "residence")
        residence.say(ASK)
        assert residence.status == "Yêu cầu thực hiện nghĩa vụ tài chính"
        assert (stands(town, file), file.row.due_at) == ({"P01"}, None)
        town.at("2026-11-25 10:01")
        file.settle()
        assert stands(town, file) == set()
        assert agrees(file)


class TestASystemIsDown:
    """Decree 63/2024: a failure stops the clock."""

    def test_a_fault_of_the_procedure_of_a_part_moves_its_group_and_the_applicant_is_told(self, town: Town) -> None:
        file = town.lodge_online(BIRTH, NO_CARD)
        file.accept()
        register_birth(town, file)
        residence = child(town, file, "residence")
        assert (file.due, residence.due) == ("17:00 thứ Sáu 27/11/2026", "17:00 thứ Năm 26/11/2026")
        town.at("2026-11-26 16:30")
        down(town, "2026-11-23T13:30", "2026-11-26T16:00", "1.004222")
        file.settle()
        assert (file.due, residence.due) == ("09:30 thứ Tư 02/12/2026", "09:30 thứ Ba 01/12/2026")
        assert f"sang {file.due}: Hệ thống cư trú: mất kết nối" in file.track().words
        assert agrees(file)
