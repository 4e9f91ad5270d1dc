"""Due dates: the vectors V1 to V8 (Civil Code 2015, art. 147 and 148; Decree 118/2025, art. 17(3)), their edges, and the sum that explains them."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from engine.calendar import rules
from engine.calendar.due import Ends, Limit, Unit, What, latest_before
from engine.calendar.due import due as counted_by
from engine.calendar.opening import Calendar, Change, instant, local, spans

RULES = rules.in_force("2026-09-01", date(2026, 11, 23))
due = partial(counted_by, by=RULES.counting)


def at(text: str) -> datetime:
    """`23/11/2026 10:00` in Vietnam"""
    here = datetime.strptime(f"{text} +0700", "%d/%m/%Y %H:%M %z")
    return here.astimezone(UTC)


def shown(moment: datetime) -> str:
    return f"{local(moment):%d/%m/%Y %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "ends", "expected"),
    [
        pytest.param("23/11/2026 10:00", "3 wd", Ends.CLOCK, "27/11/2026 10:00", id="V1 by hours"),
        pytest.param("23/11/2026 10:00", "3 wd", Ends.CLOSE, "27/11/2026 17:00", id="V1 by days"),
        pytest.param("20/11/2026 16:00", "3 wd", Ends.CLOCK, "26/11/2026 16:00", id="V2 by hours"),
        pytest.param("20/11/2026 16:00", "3 wd", Ends.CLOSE, "26/11/2026 17:00", id="V2 by days"),
        pytest.param("21/11/2026 20:00", "8 wh", Ends.CLOSE, "23/11/2026 17:00", id="V3"),
        pytest.param("23/11/2026 16:00", "8 wh", Ends.CLOSE, "25/11/2026 16:00", id="V4"),
        pytest.param("23/11/2026 15:30", "same_day", Ends.CLOSE, "25/11/2026 17:00", id="V5"),
        pytest.param(
            "23/11/2026 11:15", "0.5 wh", Ends.CLOSE, "23/11/2026 13:45", id="half an hour over lunch"
        ),
        pytest.param("09/11/2026 09:00", "15 d", Ends.MIDNIGHT, "25/11/2026 23:59", id="V6"),
        pytest.param("03/11/2026 08:00", "20 d", Ends.CLOSE, "23/11/2026 17:00", id="V8"),
        pytest.param(
            "23/11/2026 15:00", "same_day", Ends.CLOSE, "23/11/2026 17:00", id="15:00:00 is in time"
        ),
        pytest.param(
            "23/11/2026 06:10", "same_day", Ends.CLOSE, "23/11/2026 17:00", id="before the doors open"
        ),
        pytest.param(
            "22/11/2026 09:00", "same_day", Ends.CLOSE, "23/11/2026 17:00", id="same day on a Sunday"
        ),
        pytest.param(
            "23/11/2026 17:00", "same_day", Ends.CLOSE, "25/11/2026 17:00", id="eve of a holiday, same day"
        ),
        pytest.param(
            "23/11/2026 17:00", "1 wd", Ends.CLOCK, "25/11/2026 17:00", id="eve of a holiday, a day"
        ),
        pytest.param(
            "23/11/2026 17:00", "1 wh", Ends.CLOSE, "25/11/2026 08:00", id="eve of a holiday, an hour"
        ),
        pytest.param("23/11/2026 12:00", "1 wd", Ends.CLOCK, "25/11/2026 13:30", id="begun during lunch"),
        pytest.param(
            "21/11/2026 20:00", "3 wd", Ends.CLOCK, "26/11/2026 17:00", id="begun on a Saturday night"
        ),
        pytest.param("20/11/2026 23:30", "2 h", Ends.CLOSE, "21/11/2026 01:30", id="clock hours never wait"),
        pytest.param(
            "20/11/2026 09:00", "1 d", Ends.CLOCK, "23/11/2026 09:00", id="a calendar day onto a Saturday"
        ),
    ],
)
def test_a_limit_ends_when_the_law_says(calendar, start, limit, ends, expected):
    assert shown(due(calendar, at(start), Limit.parse(limit), ends=ends).at) == expected


def test_one_second_after_three_is_too_late_for_today(calendar):
    late = at("23/11/2026 15:00").replace(second=1)
    assert shown(due(calendar, late, Limit.parse("same_day")).at) == "25/11/2026 17:00"


def test_a_half_day_that_has_closed_leaves_no_time_for_today():
    christmas_eve = Change(spans(["07:00-11:30"]), "Nghỉ buổi chiều", "Afternoon off", "Thông báo")
    calendar = Calendar(changes={date(2026, 12, 24): christmas_eve})
    assert shown(due(calendar, at("24/12/2026 11:00"), Limit.parse("same_day")).at) == "24/12/2026 11:30"
    assert shown(due(calendar, at("24/12/2026 11:45"), Limit.parse("same_day")).at) == "25/12/2026 17:00"
    by_clock = due(calendar, at("23/12/2026 16:00"), Limit.parse("1 wd"), ends=Ends.CLOCK)
    assert shown(by_clock.at) == "24/12/2026 11:30"


def test_a_make_up_saturday_counts_and_the_swapped_monday_does_not():
    work = Change(spans(["07:00-11:30", "13:30-17:00"]), "Làm bù", "Make-up day", "9441/TB-BNV")
    off = Change((), "Nghỉ hoán đổi", "Swapped", "9441/TB-BNV")
    calendar = Calendar(changes={date(2026, 8, 22): work, date(2026, 8, 31): off})
    assert shown(due(calendar, at("20/08/2026 09:00"), Limit.parse("2 wd")).at) == "22/08/2026 17:00"
    assert shown(due(calendar, at("28/08/2026 09:00"), Limit.parse("1 wd")).at) == "01/09/2026 17:00"


def test_a_due_date_that_falls_in_tet_moves_behind_it():
    tet = {date(2026, 2, day): Change((), "Tết", "Tết", "9441/TB-BNV") for day in range(16, 21)}
    calendar = Calendar(changes=tet)
    assert shown(due(calendar, at("03/02/2026 09:00"), Limit.parse("15 d")).at) == "23/02/2026 17:00"
    assert shown(due(calendar, at("13/02/2026 16:00"), Limit.parse("8 wh")).at) == "23/02/2026 16:00"


class TestLatestBefore:
    def test_an_apology_comes_at_least_one_day_before(self, calendar):
        """V7: on Friday itself it is too late."""
        last = latest_before(calendar, at("27/11/2026 17:00"), Limit.parse("1 d"))
        assert shown(last) == "26/11/2026 17:00"
        assert at("27/11/2026 07:00") > last

    @pytest.mark.parametrize(
        ("limit", "expected"),
        [
            pytest.param("1 d", "20/11/2026 17:00", id="a Sunday moves back to Friday"),
            pytest.param("3 d", "20/11/2026 10:00", id="a Friday stays"),
            pytest.param("2 wd", "19/11/2026 10:00", id="working days"),
            pytest.param("4 wh", "20/11/2026 16:00", id="working hours"),
            pytest.param("2 h", "23/11/2026 08:00", id="clock hours"),
        ],
    )
    def test_it_never_asks_for_work_on_a_closed_day(self, calendar, limit, expected):
        assert shown(latest_before(calendar, at("23/11/2026 10:00"), Limit.parse(limit))) == expected

    def test_nothing_is_a_same_day_before(self, calendar):
        with pytest.raises(ValueError, match="same day"):
            latest_before(calendar, at("23/11/2026 10:00"), Limit.parse("same_day"))


class TestLimit:
    @pytest.mark.parametrize("text", ["8 wh", "0.5 wh", "3 wd", "15 d", "2 h", "same_day"])
    def test_a_limit_is_written_as_it_is_read(self, text):
        assert str(Limit.parse(text)) == text

    def test_the_blank_may_be_missing(self):
        assert Limit.parse("3wd") == Limit(3, Unit.WORKING_DAY)

    @pytest.mark.parametrize(
        "text", ["", "3", "wd", "0 wd", "-1 d", "1.5 wd", "0.25 wh", "3 w", "3 WD", "same_day 2"]
    )
    def test_what_is_no_limit_is_refused(self, text):
        with pytest.raises(ValueError, match="not a limit"):
            Limit.parse(text)

    def test_more_than_one_same_day_makes_no_sense(self):
        with pytest.raises(ValueError, match="not a limit"):
            Limit(2, Unit.SAME_DAY)


class TestTheSum:
    def test_every_day_of_a_limit_in_working_days_has_its_line(self, calendar):
        lines = due(
            calendar, at("23/11/2026 10:00"), Limit.parse("3 wd"), article="NĐ 118/2025, Điều 17"
        ).lines
        assert [(f"{line.on:%d/%m}", line.what, line.number) for line in lines] == [
            ("23/11", What.START, None),
            ("24/11", What.CLOSED, None),
            ("25/11", What.DAY, 1),
            ("26/11", What.DAY, 2),
            ("27/11", What.DAY, 3),
            ("27/11", What.DUE, None),
        ]
        assert lines[0].vi == "Bắt đầu 10:00 thứ Hai 23/11/2026; ngày đầu không tính"
        assert lines[1].vi == "Nghỉ: Ngày Văn hóa Việt Nam"
        assert lines[1].article == "Nghị quyết 28/2026/QH16"
        assert (lines[-1].vi, lines[-1].article) == ("Hạn: 17:00 thứ Sáu 27/11/2026", "NĐ 118/2025, Điều 17")

    def test_the_minutes_of_all_lines_add_up_to_the_limit(self, calendar):
        lines = due(calendar, at("23/11/2026 16:00"), Limit.parse("8 wh")).lines
        counted = [line for line in lines if line.what is What.MINUTES]
        assert [line.vi for line in counted] == ["1 giờ", "7 giờ"]
        assert sum(line.number for line in counted) == 8 * 60

    def test_a_moved_last_day_says_why(self, calendar):
        lines = due(calendar, at("09/11/2026 09:00"), Limit.parse("15 d"), ends=Ends.MIDNIGHT).lines
        assert [(f"{line.on:%d/%m}", line.what) for line in lines] == [
            ("09/11", What.START),
            ("24/11", What.LAST_DAY),
            ("24/11", What.CLOSED),
            ("25/11", What.DUE),
        ]

    def test_a_weekend_is_moved_by_the_civil_code(self, calendar):
        lines = due(calendar, at("20/11/2026 09:00"), Limit.parse("1 d")).lines
        assert {line.article for line in lines if line.what is What.CLOSED} == {
            "Bộ luật Lao động 2019, Điều 111; Bộ luật Dân sự 2015, Điều 148 khoản 5"
        }

    @pytest.mark.parametrize("limit", ["3 wd", "8 wh", "15 d", "same_day"])
    @pytest.mark.parametrize("start", ["20/11/2026 15:30", "23/11/2026 10:00", "21/11/2026 20:00"])
    def test_every_line_but_the_start_of_hours_names_its_article(self, calendar, start, limit):
        lines = due(calendar, at(start), Limit.parse(limit), article="Điều 17").lines
        without = {line.what for line in lines if not line.article}
        assert without <= {What.START, What.LAST_DAY}

    def test_too_late_for_today_says_so(self, calendar):
        lines = due(calendar, at("23/11/2026 15:30"), Limit.parse("same_day")).lines
        assert [line.vi for line in lines[1:-1]] == [
            "Nhận sau 15:00: trả kết quả vào ngày làm việc tiếp theo",
            "Nghỉ: Ngày Văn hóa Việt Nam",
        ]

    def test_a_line_becomes_json(self, calendar):
        line = due(calendar, at("23/11/2026 10:00"), Limit.parse("3 wd")).lines[1]
        assert line.as_json() == {
            "on": "2026-11-24",
            "what": "closed",
            "vi": "Nghỉ: Ngày Văn hóa Việt Nam",
            "en": "Closed: Vietnam Culture Day",
            "article": "Nghị quyết 28/2026/QH16",
            "number": None,
        }


def test_a_naive_instant_is_a_bug(calendar):
    with pytest.raises(ValueError, match="naive"):
        due(calendar, datetime(2026, 11, 23, 10), Limit.parse("3 wd"))


def test_instants_are_utc(calendar):
    assert due(calendar, at("23/11/2026 10:00"), Limit.parse("3 wd")).at.tzinfo is UTC
    assert instant(date(2026, 11, 23), spans(["07:00-11:30"])[0].opens) == datetime(2026, 11, 23, tzinfo=UTC)
