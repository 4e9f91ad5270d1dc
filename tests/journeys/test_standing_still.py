"""A clock stands still by each of its reasons apart, and goes on when the last of them is over (Decree 118/2025, art. 19, 24)."""

from sqlalchemy import select

from engine.dossiers.clock_models import Pause
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.test_birth_group import NO_CARD, register_birth
from tests.journeys.test_group_dates import BIRTH, answered, asked, supported

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
