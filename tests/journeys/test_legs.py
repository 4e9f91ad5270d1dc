"""A dossier received elsewhere, and its result on the way back: each leg is acknowledged, or somebody chases it."""

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.dossiers import intake
from engine.dossiers.intake import Lodging
from engine.dossiers.models import Transfer
from tests.factories.desk import example
from tests.journeys.clerk import File, Town, agrees
from tests.journeys.pages import Page

CODE = "2.000908"
ELSEWHERE = "Ủy ban nhân dân phường Sầm Sơn"
CHASE, CHASE_BACK = "Đôn đốc bên nhận xác nhận", "Đôn đốc nơi tiếp nhận kết quả"


@pytest.fixture
def file(town: Town) -> File:
    """On paper, given to Sầm Sơn on Monday 23 November; Tuesday is a holiday."""
    file = town.take_in(
        CODE, lookup="missing", answers={"result_delivery": "counter"}, competent_office_id=ELSEWHERE
    )
    file.by("tiepnhan", "Bàn giao hồ sơ giấy")
    return file


def handovers(town: Town, username: str) -> Page:
    return town.clerk(username).open("/handovers/")


class TestNobodyAcknowledges:
    """Decree 118/2025 art. 9, 20(1)(a): T05 for the way of the papers, then L03 for the word of whoever takes them."""

    def test_until_its_time_it_is_waited_for_and_says_until_when(self, file: File) -> None:
        file.town.at("2026-11-26 08:59")

        assert not file.town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)
        assert "trước 09:00 thứ Năm 26/11/2026" in file.page().words

    def test_then_the_sender_has_work_and_the_heads_of_both_sides_are_told(self, file: File) -> None:
        town = file.town
        town.at("2026-11-26 09:01")

        assert town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)
        for head in ("giamdoc.hacthanh", "lanhdao.samson"):
            page = handovers(town, head)
            assert file.ref in page.row("quá giờ xác nhận").text_content()
            assert "Bàn giao hồ sơ, kết quả 1" in page.words, "beside the link, on every page of a head"
        assert file.ref not in handovers(town, "giamdoc.tinh").words
        assert "quá giờ xác nhận" in file.page().words
        assert agrees(file)

    def test_while_it_is_chased_the_other_side_may_say_so_and_the_work_goes_on(self, file: File) -> None:
        file.town.at("2026-11-26 09:01")
        file.say("Xác nhận đã nhận", by="chuyenvien.samson")

        assert not file.town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE), "nothing is left to chase"
        assert file.town.clerk("chuyenvien.samson").has(file.ref, "Tra sổ gốc")
        assert file.ref not in handovers(file.town, "giamdoc.hacthanh").words
        assert "muộn, phải xác nhận trước 09:00 thứ Năm 26/11/2026" in file.page().words
        assert agrees(file)

    def test_while_it_is_chased_the_other_side_may_send_it_back(self, file: File) -> None:
        file.town.at("2026-11-26 09:01")
        file.say("Trả lại vì sai thẩm quyền", "Thuộc phường Hạc Thành.", by="chuyenvien.samson")

        assert file.town.clerk("giamdoc.hacthanh").has(file.ref, "Xác định lại cơ quan giải quyết")
        assert agrees(file)

    def test_chased_in_vain_it_comes_again_after_another_working_day(self, file: File) -> None:
        town = file.town
        town.at("2026-11-26 09:01")
        file.by("tiepnhan", CHASE, said="Bưu tá chưa giao.")
        assert not town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)
        town.at("2026-11-27 17:01")

        assert town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)
        assert "đã báo 2 lần" in handovers(town, "giamdoc.hacthanh").words
        assert agrees(file)

    def test_an_electronic_dossier_is_there_at_once_and_has_two_working_hours(self, town: Town) -> None:
        """Art. 18(1), T03; L03."""
        given = example(CODE)
        lodging = Lodging(
            procedure_code=CODE,
            channel="online",
            answers=given["answers"],
            receiving_office_id=town.office_id("Trung tâm Phục vụ hành chính công phường Hạc Thành"),
            competent_office_id=town.office_id(ELSEWHERE),
            facts={"lookup": given["lodging"]["lookup"]},
        )
        with town.house.unit(SYSTEM) as uow:
            file = File(town, intake.lodge(uow, lodging).reference)
        file.accept()
        town.at("2026-11-23 11:29")
        assert not town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)
        town.at("2026-11-23 14:00")

        assert town.clerk("tiepnhan.hacthanh").has(file.ref, CHASE)


class TestTheResultComesBack:
    """Art. 20(1)(b): within a working day, T05."""

    @pytest.fixture
    def decided(self, file: File) -> File:
        file.say("Xác nhận đã nhận", by="chuyenvien.samson")
        file.by("chuyenvien.samson", "Tra sổ gốc", examination_outcome="eligible", right_proved="yes", found="yes")
        file.by("chuyenvien.samson", "Lập bản sao")
        file.sign(place="samson")
        return file

    def test_unacknowledged_it_is_chased_by_whoever_sent_it(self, decided: File) -> None:
        town = decided.town
        town.at("2026-11-25 17:01")

        assert town.clerk("vanthu.samson").has(decided.ref, CHASE_BACK)
        assert decided.ref in handovers(town, "lanhdao.samson").row("quá giờ xác nhận").text_content()
        decided.by("vanthu.samson", CHASE_BACK, said="Đang trên đường.")
        decided.say("Xác nhận đã nhận", by="traketqua.hacthanh")
        decided.hand_over()

        assert decided.row.status == "handed_over"
        with town.house.sessions() as session:
            back = session.scalars(select(Transfer).filter_by(dossier_id=decided.row.id, leg=2)).one()
        assert (back.state, back.alarms) == ("received", 1)
        assert agrees(decided)

    def test_acknowledged_while_it_is_chased_it_can_be_handed_over(self, decided: File) -> None:
        decided.town.at("2026-11-25 17:01")
        decided.say("Xác nhận đã nhận", by="traketqua.hacthanh")

        assert not decided.town.clerk("vanthu.samson").has(decided.ref, CHASE_BACK)
        decided.hand_over()
        assert agrees(decided)
