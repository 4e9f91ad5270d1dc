"""A group that a head stops: what it opened is stopped with it, on the same ground, and nobody says that the citizen withdrew it."""

from sqlalchemy import select

from engine.documents.models import Slip
from engine.payments.models import Charge
from tests.journeys.clerk import Town, agrees
from tests.journeys.groups import child
from tests.journeys.test_group_dates import supported


def test_the_parts_are_stopped_on_the_ground_of_the_head_and_what_is_done_stays(town: Town) -> None:
    file, support = supported(town)
    file.page("lanhdao").press("Dừng giải quyết hồ sơ (Mẫu 05)", choice="authority_request", text="Theo yêu cầu của Tòa án", sure="1")
    file.settle()
    assert (file.status, support.status) == ("Dừng xử lý", "Dừng xử lý")
    assert child(town, file, "residence").status == "Đã trả kết quả"
    with town.house.sessions() as session:
        [slip] = session.scalars(select(Slip).filter_by(dossier_id=support.row.id, kind="stop")).all()
        assert not session.scalars(select(Charge).filter_by(dossier_id=support.row.id, state="owed")).all()
    assert (slip.data["ground"], slip.data["reason"]) == ("authority_request", "Theo yêu cầu của Tòa án")
    assert "rút hồ sơ" not in support.track().words
    assert "Bạn đã rút" not in file.track().words
    assert agrees(file)
    assert agrees(support)
