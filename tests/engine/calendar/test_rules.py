"""The rules as dated rows: what is refused at load, which row holds when, and the vectors of the calendar (test_due) by rows."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.calendar import rules
from engine.calendar.due import due, latest_before
from engine.calendar.opening import local
from engine.calendar.rules import RulesRefused

SHIPPED = sorted(Path(rules.__file__).parent.glob("*.json"))
TODAY = date(2026, 11, 23)


def rows(name="2026-09-01"):
    return json.loads((Path(rules.__file__).parent / f"{name}.json").read_text("utf-8"))


def changed(code, *instead, **changes):
    """The shipped rows, those of one rule replaced by others."""
    row = next(one for one in rows() if one["code"] == code)
    return [one for one in rows() if one["code"] != code] + [row | changes | one for one in instead or ({},)]


def refused(given):
    with pytest.raises(RulesRefused) as refusal:
        rules.read("x", given)
    return refusal.value.facts["sentence"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_edition_loads_and_each_row_names_its_article(path):
    edition = rules.edition(path.stem)
    assert all(row.article and row.vi and row.en for row in edition.rows)
    assert {row.code for row in edition.rows} >= rules.NEEDED


class TestRefusedAtLoad:
    def test_rows_that_overlap_are_named_both(self):
        sentence = refused(changed("T06", {}, {"effective_from": "2026-08-05", "value": 2}))
        assert sentence == "T06 [01/07/2025–…) và T06 [05/08/2026–…) chồng nhau"

    def test_a_gap_names_the_rows_on_both_sides(self):
        sentence = refused(changed("T07", {"effective_to": "2026-08-01"}, {"effective_from": "2026-08-05"}))
        assert sentence == "giữa T07 [01/07/2025–01/08/2026) và T07 [05/08/2026–…) không có quy tắc nào"

    def test_a_rule_that_ends_with_nothing_behind_it(self):
        assert "sau T08" in refused(changed("T08", effective_to="2027-01-01"))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"unit": "moon"}, "T02): đơn vị lạ «moon»"),
            ({"value": -8}, "T02): not a limit: -8 wh"),
            ({"value": 0}, "not a limit"),
            ({"value": 1.3}, "not a limit"),
            ({"value": None}, "not a limit"),
            ({"value": "8"}, "not a limit"),
            ({"article": ""}, "thiếu article"),
            ({"effective_from": "31/12/2026"}, "T02"),
            ({"effective_from": "2026-02-30"}, "T02"),
            ({"effective_to": "2020-01-01"}, "hết hiệu lực trước khi có hiệu lực"),
            ({"ends": "noon"}, "noon"),
            ({"cut_off": "25:00"}, "T02"),
            ({"kind": "x"}, "không biết kind"),
        ],
    )
    def test_a_row_that_says_nothing_usable(self, changes, words):
        assert words in refused(changed("T02", **changes))

    @pytest.mark.parametrize(
        ("code", "changes", "words"),
        [
            ("T08", {"unit": "pause", "value": None}, "(T08): đơn vị phải là d, h, wd, wh, không phải «pause»"),
            ("T02", {"unit": "times", "value": 8}, "(T02): đơn vị phải là"),
            ("L03", {"unit": "catalogue", "value": None}, "(L03): đơn vị phải là"),
            ("T09", {"unit": "wd"}, "(T09): đơn vị phải là times, không phải «wd»"),
            ("T08", {"unit": "same_day"}, "(T08): đơn vị phải là"),
            ("T15", {"unit": "d"}, "(T15): đơn vị phải là wd"),
            ("T04", {"unit": "wd", "value": 3}, "(T04): đơn vị phải là same_day"),
            ("T03", {"unit": "wd", "value": 1}, "(T03): đơn vị phải là at_once"),
            ("C01", {"unit": "wd", "value": 1}, "(C01): đơn vị phải là calculation"),
            ("C05", {"unit": "times"}, "(C05): đơn vị phải là percent"),
            ("P01", {"unit": "wd", "value": 1}, "(P01): đơn vị phải là pause"),
            ("P01", {"value": 3}, "(P01): «pause» không có số"),
            ("T13", {"cut_off": None}, "(T13): thiếu giờ chốt cut_off"),
            ("T04", {"cut_off": ""}, "(T04): thiếu giờ chốt cut_off"),
            ("T06", {"cut_off": "15:00"}, "(T06): quy tắc này không có giờ chốt cut_off"),
            ("T06", {"value": True}, "(T06): value là một số"),
            ("T09", {"value": True}, "(T09): value là một số"),
            ("T06", {"overridable": "no"}, "(T06): value là một số; overridable"),
            ("T06", {"value": 10**9}, "not a limit"),
        ],
    )  # fmt: skip
    def test_a_row_of_another_kind_than_its_rule(self, code, changes, words):
        """It would load, and count as something else."""
        assert words in refused(changed(code, **changes))

    @pytest.mark.parametrize(("content", "words"), [({"a": 1}, "tệp phải là danh sách"), (7, "danh sách"), ([1], "dòng 1: không phải")])
    def test_a_file_that_is_no_list_of_rules(self, content, words):
        assert words in refused(content)

    def test_a_rule_that_the_house_counts_by_is_missing(self):
        assert refused([one for one in rows() if one["code"] != "L03"]) == "L03: thiếu quy tắc"

    def test_everything_that_is_wrong_is_said_at_once(self):
        bad = changed("T02", unit="moon")
        bad = [one for one in bad if one["code"] != "L03"]
        assert {"moon", "L03"} <= set(refused(bad).replace("«", " ").replace("»", " ").replace(":", " ").split())


class TestByDate:
    def test_each_day_has_the_number_of_its_row(self):
        edition = rules.read(
            "x", changed("T06", {"effective_to": "2026-12-01"}, {"effective_from": "2026-12-01", "value": 2})
        )
        assert str(edition.on(date(2026, 11, 30))["T06"].limit) == "3 wd"
        assert str(edition.on(date(2026, 12, 1))["T06"].limit) == "2 wd"

    def test_before_the_first_row_the_first_row_holds(self):
        assert rules.in_force("2026-09-01", date(2020, 1, 1))["T02"].limit.value == 8


class TestWarnings:
    def test_the_parts_of_a_limit_at_which_it_is_told_are_rows_with_their_article(self):
        law = rules.in_force(rules.newest(), TODAY)
        assert rules.warnings(TODAY) == (law["C05"].count, law["C06"].count) == (70, 90)
        later = rules.read("x", changed("C05", {"effective_to": "2027-01-01"}, {"effective_from": "2027-01-01", "value": 50}))
        assert [later.on(day)["C05"].count for day in (TODAY, date(2027, 1, 1))] == [70, 50]

    def test_what_only_machines_need_is_said_in_minutes(self):
        assert rules.in_force(rules.newest(), TODAY)["L15"].count == 10
        assert "số phút phải là số nguyên dương" in refused(changed("L15", value=0.5))

    @pytest.mark.parametrize("code", ["L15", "L16"])
    def test_an_edition_without_the_times_of_the_house_is_refused_naming_them(self, code):
        assert f"{code}: thiếu quy tắc" in refused([one for one in rows() if one["code"] != code])

    @pytest.mark.parametrize("value", [0, 100, 70.5, None])
    def test_what_is_no_part_of_a_limit_is_refused(self, value):
        assert "phần trăm phải là số nguyên từ 1 đến 99" in refused(changed("C06", value=value))


def at(text):
    return datetime.strptime(f"{text} +0700", "%d/%m/%Y %H:%M %z").astimezone(UTC)


def shown(moment):
    return f"{local(moment):%d/%m/%Y %H:%M}"


def by_rule(calendar, code, start, limit=None, ends=None):
    law = rules.read("x", changed(code, ends=ends)).on(TODAY) if ends else rules.in_force("2026-09-01", TODAY)
    length = rules.Limit.parse(limit) if limit else law[code].limit
    return shown(due(calendar, at(start), length, by=law.counting, ends=law.ends(code)).at)


class TestVectorsThroughRows:
    """V1 to V8 of test_due; the procedure's own limit (T13) is the record's, everything else the row's."""

    def test_v1_by_hours_and_by_days(self, calendar):
        assert by_rule(calendar, "T13", "23/11/2026 10:00", "3 wd", ends="clock") == "27/11/2026 10:00"
        assert by_rule(calendar, "T13", "23/11/2026 10:00", "3 wd") == "27/11/2026 17:00"

    def test_v2_by_hours_and_by_days(self, calendar):
        assert by_rule(calendar, "T13", "20/11/2026 16:00", "3 wd", ends="clock") == "26/11/2026 16:00"
        assert by_rule(calendar, "T13", "20/11/2026 16:00", "3 wd") == "26/11/2026 17:00"

    def test_v3_t02_on_a_saturday_night(self, calendar):
        assert by_rule(calendar, "T02", "21/11/2026 20:00") == "23/11/2026 17:00"

    def test_v4_t02_over_a_holiday(self, calendar):
        assert by_rule(calendar, "T02", "23/11/2026 16:00") == "25/11/2026 16:00"

    def test_v5_the_cut_off_of_the_row(self, calendar):
        assert by_rule(calendar, "T13", "23/11/2026 15:30", "same_day") == "25/11/2026 17:00"
        assert by_rule(calendar, "T13", "23/11/2026 15:00", "same_day") == "23/11/2026 17:00"

    def test_v6_t07_rolls_over_a_holiday(self, calendar):
        assert by_rule(calendar, "T07", "09/11/2026 09:00") == "25/11/2026 23:59"

    def test_v7_t08_one_day_before(self, calendar):
        limit = rules.in_force("2026-09-01", TODAY)["T08"].limit
        assert shown(latest_before(calendar, at("27/11/2026 17:00"), limit)) == "26/11/2026 17:00"

    def test_v8_calendar_days(self, calendar):
        assert by_rule(calendar, "T13", "03/11/2026 08:00", "20 d") == "23/11/2026 17:00"

    def test_another_cut_off_is_another_row_and_no_other_code(self, calendar):
        law = rules.read("x", changed("T13", cut_off="16:00")).on(TODAY)
        late = due(calendar, at("23/11/2026 15:30"), rules.Limit.parse("same_day"), by=law.counting)
        assert shown(late.at) == "23/11/2026 17:00"
