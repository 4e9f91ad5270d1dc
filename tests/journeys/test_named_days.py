"""A holiday is entered late while somebody mends something: each is counted anew by its own rule, and a named day stays.

Decree 118/2025 art. 19(5) gives fifteen days, the law on the environment twelve months, a notice the day that it names.
"""

from importlib import import_module

from sqlalchemy import select, text

from engine.dossiers.models import Supplement, Wait
from tests.journeys import test_food_safety as food
from tests.journeys import test_impact_report as impact
from tests.journeys.clerk import File, Town
from tests.journeys.test_group_dates import asked, supported

OF_BEFORE = import_module("engine.migrations.versions.0036_rule_of_a_request").OF_BEFORE


def day_off(town: Town, day: str) -> None:
    """The administrator enters a holiday, sees what moves, and confirms it."""
    form = town.clerk("quantri").open("/calendar").form("Xem hạn nào chuyển")
    form.fill({"day": day, "is_a": "holiday", "name": "Nghỉ bù", "name_en": "Day off", "source": "Công văn 12/UBND"})
    seen = form.press("Xem hạn nào chuyển")
    moves = "Ghi vào lịch và chuyển các hạn này"
    seen.press(moves if seen.offers(moves) else "Ghi vào lịch")
    town.work_off()
    town.work_off()


def until(town: Town, file: File) -> tuple[str | None, str]:
    """By which rule the applicant's time is counted, and until when; the timer behind it says the same."""
    with town.house.sessions() as session:
        row = session.scalars(select(Supplement).filter_by(dossier_id=file.row.id, received_at=None)).one()
        timers = session.scalars(select(Wait.due_at).filter_by(dossier_id=file.row.id, closed_at=None, kind="timer")).all()
        assert row.due_at in timers
        return row.rule, f"{row.due_at.astimezone(town.clock.at.tzinfo):%d/%m/%Y %H:%M}"


def test_the_twelve_months_of_an_impact_report_stay_twelve_months_whatever_day_becomes_a_holiday(town: Town) -> None:
    file = impact.told_to_mend(town)
    assert until(town, file) == ("L12", "23/11/2027 23:59")
    day_off(town, "2026-11-30")
    assert until(town, file) == ("L12", "23/11/2027 23:59")
    town.at("2026-12-10 09:00")
    assert file.status == "Yêu cầu bổ sung giấy tờ"
    assert not town.clerk("tiepnhan.tinh").has(file.ref, "Đóng hồ sơ, báo người nộp"), "nobody is told to close it"


def test_the_last_of_the_twelve_months_moves_off_a_day_that_becomes_a_holiday(town: Town) -> None:
    """Civil Code 2015, art. 148(5); 24/11 is one every year."""
    file = impact.told_to_mend(town)
    day_off(town, "2027-11-23")
    assert until(town, file) == ("L12", "25/11/2027 23:59")


def test_a_day_that_the_notice_to_a_kitchen_named_is_nobodys_fifteen_days(town: Town) -> None:
    file = food.paid(town)
    food.inspected(file)
    food.told_to_mend(file)
    assert until(town, file) == (None, "30/11/2026 17:00")
    day_off(town, "2026-11-27")
    assert until(town, file) == (None, "30/11/2026 17:00")
    town.at("2026-12-01 08:00")
    assert town.clerk("chuyenvien.hacthanh").has(file.ref, "Dự thảo văn bản từ chối")


def test_who_completes_a_part_of_a_group_has_a_day_more_for_each_day_off_in_the_seven(town: Town) -> None:
    """Decree 63/2024: seven working days."""
    _, support = supported(town)
    asked(town, support)
    assert until(town, support) == ("T07", "03/12/2026 23:59")
    day_off(town, "2026-11-30")
    assert until(town, support) == ("T07", "04/12/2026 23:59")


def test_requests_of_before_are_told_apart_by_the_timer_that_ends_them(town: Town) -> None:
    files = [impact.told_to_mend(town), food.paid(town), supported(town)[1]]
    food.inspected(files[1])
    food.told_to_mend(files[1])
    asked(town, files[2])
    with town.house.sessions.begin() as session:
        session.execute(text("UPDATE supplement SET rule = 'none'"))
        session.execute(text(OF_BEFORE))
    assert [until(town, file)[0] for file in files] == ["L12", None, "T07"]


def test_requests_of_before_are_told_apart_in_one_reading_however_many_there_are(town: Town) -> None:
    """No index finds the closed waits of a dossier: a question for each request would read all of them each time."""
    with town.house.sessions.begin() as session:
        plan = "\n".join(session.scalars(text(f"EXPLAIN {OF_BEFORE}")))
    assert "SubPlan" not in plan
