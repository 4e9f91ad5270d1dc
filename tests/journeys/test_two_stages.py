"""The book of the clock where a sector goes its own way: two stages with twelve months between (1.010733), a group's days."""

from engine.dossiers.models import Dossier
from tests.journeys import test_food_safety as food
from tests.journeys.clerk import File, Town
from tests.journeys.pages import words_of
from tests.journeys.test_group_dates import asked, supported
from tests.journeys.test_impact_report import KEEPER, second, told_to_mend


def book(town: Town, file: File, who: str = KEEPER) -> list[tuple[str, str, str]]:
    """Every rule at work, its date and what became of it."""
    page = town.clerk(who).open(f"/dossiers/{file.ref}/clock")
    rows = page.tree.xpath('//section[@aria-labelledby="h-law"]//tbody/tr')
    states = ["".join(words_of(one) for one in row.xpath('.//span[starts-with(@class, "mc-state")]')) for row in rows]
    return [(words_of(row[0]), words_of(row[2]), state) for row, state in zip(rows, states, strict=True)]


def of(found: list[tuple[str, str, str]], code: str) -> list[tuple[str, str]]:
    return [(due, state) for rule, due, state in found if rule == code]


def test_while_the_owner_mends_the_report_the_twelve_months_stand_there_and_no_fifteen_days(town: Town) -> None:
    file = told_to_mend(town)
    found = book(town, file)
    assert of(found, "L12") == [("23:59 thứ Ba 23/11/2027", "đang tính")]
    assert of(found, "T07") == []
    assert [state for _, state in of(found, "T06")] == ["không còn làm được"], "nobody asked for more: the notice is no supplement"
    assert of(found, "T13") == [("17:00 thứ Hai 14/12/2026", "đúng hạn")]
    assert "72/2020/QH14" in town.clerk(KEEPER).open(f"/dossiers/{file.ref}/clock").words


def test_each_stage_has_its_date_and_the_day_until_which_an_apology_may_move_it(town: Town) -> None:
    file = told_to_mend(town)
    second(town, file)
    found = book(town, file)
    assert of(found, "T13") == [("17:00 thứ Hai 14/12/2026", "đúng hạn"), ("17:00 thứ Ba 08/12/2026", "đang tính")]
    assert of(found, "T08") == [("17:00 thứ Sáu 11/12/2026", "không còn làm được"), ("17:00 thứ Hai 07/12/2026", "đang tính")]
    assert [state for _, state in of(found, "T06")] == ["không còn làm được"], "no step of the second stage asks for more"
    assert of(found, "L12") == [("23:59 thứ Ba 23/11/2027", "đúng hạn")]
    assert of(found, "T09") == [("đã dùng 0 trên 1 lần", "")]


def law_of(town: Town, file: File, code: str, who: str) -> str:
    """By which article a rule stands in the book."""
    page = town.clerk(who).open(f"/dossiers/{file.ref}/clock")
    [row] = [one for one in page.tree.xpath('//section[@aria-labelledby="h-law"]//tbody/tr') if words_of(one[0]) == code]
    return words_of(row[1].find_class("mc-law")[0])


def test_the_seven_days_of_a_group_stand_under_the_law_that_gives_them(town: Town) -> None:
    """Decree 63/2024 gives seven working days, 118/2025 art. 19(5) fifteen days."""
    _, support = supported(town)
    asked(town, support)
    who, ours = "chuyenvien.hacthanh", "Nghị định 63/2024/NĐ-CP, sửa đổi bởi Nghị định 301/2026/NĐ-CP"
    assert of(book(town, support, who), "T07") == [("23:59 thứ Năm 03/12/2026", "đang tính")]
    assert law_of(town, support, "T07", who) == ours
    with town.house.sessions.begin() as session:
        row = session.get_one(Dossier, support.row.id)
        row.facts = {**row.facts, "group": {**row.facts["group"], "steps": {"supplement_expired": "7 wd"}}}
    assert law_of(town, support, "T07", who) == ours, "also of a part that was opened before the rows bore an article"


def test_the_fifteen_days_of_everybody_else_stand_under_the_decree(town: Town) -> None:
    file = food.paid(town)
    items = [{"component": "other", "what": "Giấy xác nhận", "why": "Chưa có"}]
    file.by("chuyenvien", "Kiểm tra hồ sơ hợp lệ", examination_outcome="supplement", supplement_items=items)
    file.by("tiepnhan", "Gửi phiếu yêu cầu bổ sung")
    assert law_of(town, file, "T07", "chuyenvien.hacthanh") == "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5"
