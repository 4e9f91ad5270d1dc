"""No group is promised before a part of it (Decree 63/2024 as amended by 301/2026; Decree 118/2025, art. 20(2))."""

from tests.journeys.clerk import File, Town, agrees
from tests.journeys.groups import child, followed
from tests.journeys.test_birth_group import register_birth
from tests.journeys.test_death_group import NONE, register_death

BIRTH, DEATH = "3.000722", "2.002913"
LONG_AGO = NONE | {"death_evidence": "long_ago_evidence", "notice": {}}


def dates(town: Town, file: File, kind: str) -> tuple[str, str]:
    """When the group is due, and when its part is."""
    return file.due, child(town, file, kind).due


def test_a_death_long_ago_is_verified_in_three_days_and_residence_follows(town: Town) -> None:
    file = town.lodge_online(DEATH, LONG_AGO)
    file.accept()
    assert dates(town, file, "death") == ("17:00 thứ Hai 30/11/2026", "17:00 thứ Sáu 27/11/2026")


def test_opened_at_the_end_of_the_day_a_part_moves_the_date_of_the_group_and_the_applicant_is_told(town: Town) -> None:
    """No law limits the death group as a whole: each office has its days, the applicant the last of them."""
    file = town.lodge_online(DEATH)
    file.accept()
    assert file.due == "17:00 thứ Hai 30/11/2026"
    town.at("2026-11-25 16:30")
    register_death(town, file)
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    assert dates(town, file, "support") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Ba 01/12/2026")
    assert "chuyển từ 17:00 thứ Hai 30/11/2026 sang 17:00 thứ Ba 01/12/2026: Hỗ trợ chi phí mai táng cần" in file.track().words
    assert agrees(file)


def test_where_the_law_limits_the_whole_a_part_has_what_is_left_of_it(town: Town) -> None:
    """Verification of the dwelling: five working days for residence, five for the whole group."""
    file = town.lodge_online(BIRTH, {"wants_card": True})
    file.accept()
    assert file.due == "17:00 thứ Ba 01/12/2026"
    town.at("2026-11-25 16:30")
    register_birth(town, file)
    assert dates(town, file, "card") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Hai 30/11/2026"), "from the moment its office has it"
    limit = child(town, file, "card").row.facts["group"]["limit"]
    assert (limit["value"], limit["text"]) == (3, "05 ngày làm việc, trong thời hạn chung của nhóm còn 03 ngày làm việc")


def test_where_papers_took_all_of_it_a_part_has_one_day_and_the_promise_stays(town: Town) -> None:
    file = town.take_in(BIRTH, answers={"wants_card": False, "result_delivery": "counter"})
    promised = file.due
    child(town, file, "birth").by("tiepnhan", "Bàn giao hồ sơ giấy")
    town.at("2026-11-26 16:00")
    birth = register_birth(town, file)
    birth.hand_over()
    file.settle()
    assert dates(town, file, "residence")[0] == promised == "17:00 thứ Sáu 27/11/2026"
    limit = child(town, file, "residence").row.facts["group"]["limit"]
    assert (limit["value"], limit["text"]) == (1, "02 ngày làm việc, trong thời hạn chung của nhóm còn 01 ngày làm việc")


def test_a_part_behind_one_that_was_late_keeps_its_own_days_and_the_group_its_date(town: Town) -> None:
    """What one office lost is not taken from the next, nor is the promise moved behind the applicant's back."""
    file = town.lodge_online(BIRTH, {"wants_card": True})
    file.accept()
    town.at("2026-11-30 09:00")
    register_birth(town, file)
    assert dates(town, file, "card") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Hai 07/12/2026")


def test_on_paper_the_group_takes_as_long_as_its_offices_one_after_the_other(town: Town) -> None:
    file = town.take_in(DEATH, answers=NONE | {"result_delivery": "counter"})
    assert file.due == "17:00 thứ Hai 30/11/2026", "the way of the papers to the first office lies before it"
    child(town, file, "death").by("tiepnhan", "Bàn giao hồ sơ giấy")
    town.at("2026-11-26 16:00")
    death = register_death(town, file)
    death.hand_over()
    file.settle()
    file.by("chuyenvien", "Xác định chế độ được hưởng")
    assert dates(town, file, "residence") == ("17:00 thứ Ba 01/12/2026", "17:00 thứ Sáu 27/11/2026"), "had its office been slow"
    followed(town, file, "residence")
