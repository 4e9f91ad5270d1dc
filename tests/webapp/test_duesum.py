"""The sum of a date as boxes: one for each counted day, one for closed days in a row."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from engine.calendar import rules
from engine.calendar.due import Limit, due
from engine.calendar.opening import USUAL_WEEK, Calendar
from webapp.duesum import due_sum

COUNTING = rules.in_force("2026-09-01", date(2026, 11, 23)).counting
FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def vietnamese():
    app = Flask("webapp")
    Babel(app, default_locale="vi")
    with app.test_request_context():
        yield


def summed(limit, start=FRIDAY):
    counted = due(Calendar((USUAL_WEEK,)), start, Limit.parse(limit), by=COUNTING, article="Điều 17")
    return due_sum(line.as_json() for line in counted.lines)


def test_working_days_are_boxes_and_a_weekend_is_one():
    start, strip = summed("3 wd").parts
    assert start.on == date(2026, 11, 20)
    assert [(day.name, day.closed, day.last) for day in strip.days] == [
        ("T7 21/11–CN 22/11", True, False),
        ("T2 23/11", False, False),
        ("T3 24/11", False, False),
        ("T4 25/11", False, True),
    ]


def test_the_due_date_itself_is_told_once_by_the_page_with_the_article():
    told = summed("3 wd")
    assert told.article == "Điều 17"
    assert not any("Hạn" in part.words for part in told.parts)


def test_calendar_days_say_the_last_day_and_why_it_moved():
    _start, last, moved = summed("8 d").parts
    assert last.on == date(2026, 11, 28)
    assert [(day.name, day.last) for day in moved.days] == [("T7 28/11–CN 29/11", False), ("T2 30/11", True)]
    assert "Bộ luật Dân sự" in moved.article


def test_received_on_a_sunday_the_strip_goes_on_to_the_day_of_the_answer():
    _start, strip = summed("same_day", SUNDAY).parts
    assert [(day.name, day.closed, day.last) for day in strip.days] == [
        ("CN 22/11", True, False),
        ("T2 23/11", False, True),
    ]


def test_a_holiday_before_a_weekend_names_the_article_of_both_once():
    storm = "Công điện 12/CĐ-UBND; Bộ luật Dân sự 2015, Điều 148 khoản 5"
    weekend = "Bộ luật Lao động 2019, Điều 111; Bộ luật Dân sự 2015, Điều 148 khoản 5"
    closed = {"what": "closed", "vi": "Nghỉ"}
    days = (("2026-11-27", storm), ("2026-11-28", weekend), ("2026-11-29", weekend))
    [strip] = due_sum({**closed, "on": on, "article": article} for on, article in days).parts
    assert strip.article == (
        "Công điện 12/CĐ-UBND; Bộ luật Dân sự 2015, Điều 148 khoản 5; Bộ luật Lao động 2019, Điều 111"
    )
