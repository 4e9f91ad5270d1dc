"""The calendar as rows: the office's own before the province's, and only what was known then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine.calendar import days, rules
from engine.calendar.due import Limit, due
from engine.calendar.models import DayException, DayKind, OfficeHours
from engine.calendar.opening import spans
from engine.calendar.seed import ENTERED_AT, HOLIDAYS, seed_calendar
from engine.org.models import Office, OfficeKind

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
CULTURE_DAY = date(2026, 11, 24)
MORNING = spans(["07:00-11:30"])
USUAL = spans(["07:00-11:30", "13:30-17:00"])


@pytest.fixture
def office(session, unit):
    with unit() as uow:
        seed_calendar(uow)
    office = Office(
        code="H99.01",
        kind=OfficeKind.CENTRE,
        name="Trung tâm",
        name_en="Centre",
        valid_from=date(2025, 7, 1),
    )
    session.add(office)
    session.flush()
    return office.id


def exception(day, kind, *, office_id=None, entered_at=ENTERED_AT, hours=None, withdrawn_at=None):
    return DayException(
        day=day,
        kind=kind,
        office_id=office_id,
        name="Nghỉ",
        name_en="Off",
        source="Thông báo",
        spans=hours,
        entered_at=entered_at,
        withdrawn_at=withdrawn_at,
    )


class TestLoad:
    def test_the_seeded_calendar_gives_the_vectors_of_the_law(self, session, office):
        calendar = days.load(session, office, NOW)
        found = due(calendar, datetime(2026, 11, 23, 3, tzinfo=UTC), Limit.parse("3 wd"), by=rules.in_force("2026-09-01", CULTURE_DAY).counting)
        assert found.at == datetime(2026, 11, 27, 10, tzinfo=UTC)
        assert found.lines[1].article == "Nghị quyết 28/2026/QH16"

    def test_a_make_up_saturday_has_the_hours_of_a_monday(self, session, office):
        calendar = days.load(session, office, NOW)
        assert calendar.spans(date(2026, 8, 22)) == USUAL
        assert not calendar.is_open_on(date(2026, 8, 31))

    def test_an_office_may_keep_hours_of_its_own(self, session, office):
        session.add(
            OfficeHours(
                office_id=office,
                week=[["07:00-11:30", "13:30-17:00"]] * 5 + [["07:00-11:30"], []],
                source="QĐ 12/QĐ-UBND",
                valid_from=date(2026, 10, 1),
                entered_at=ENTERED_AT,
            )
        )
        session.flush()
        calendar = days.load(session, office, NOW)
        assert calendar.spans(date(2026, 11, 28)) == MORNING
        assert not calendar.is_open_on(date(2026, 9, 26))

    def test_an_exception_of_the_office_wins_over_the_province(self, session, office):
        session.add(exception(CULTURE_DAY, DayKind.HALF_DAY, office_id=office, hours=["07:00-11:30"]))
        other = exception(date(2026, 11, 25), DayKind.HOLIDAY, office_id=office)
        session.add(other)
        session.flush()
        calendar = days.load(session, office, NOW)
        assert calendar.spans(CULTURE_DAY) == MORNING
        assert not calendar.is_open_on(date(2026, 11, 25))

    def test_an_exception_of_another_office_does_not_count(self, session, office):
        session.add(exception(date(2026, 11, 25), DayKind.HOLIDAY, office_id=office))
        other = Office(
            code="H99.02", kind=OfficeKind.CENTRE, name="Khác", name_en="Other", valid_from=date(2025, 7, 1)
        )
        session.add(other)
        session.flush()
        assert days.load(session, other.id, NOW).is_open_on(date(2026, 11, 25))

    def test_a_holiday_counts_from_when_it_was_known(self, session, office):
        session.add(exception(date(2026, 12, 24), DayKind.HOLIDAY, entered_at=NOW))
        session.flush()
        before = days.load(session, office, NOW - timedelta(seconds=1))
        assert before.is_open_on(date(2026, 12, 24))
        assert not days.load(session, office, NOW).is_open_on(date(2026, 12, 24))

    def test_a_withdrawn_row_still_counts_for_the_past(self, session, office):
        session.add(exception(date(2026, 12, 24), DayKind.HOLIDAY, withdrawn_at=NOW))
        session.flush()
        assert not days.load(session, office, NOW - timedelta(seconds=1)).is_open_on(date(2026, 12, 24))
        assert days.load(session, office, NOW).is_open_on(date(2026, 12, 24))

    def test_years_far_away_are_not_read(self, session, office):
        session.add(exception(date(2032, 6, 1), DayKind.HOLIDAY))
        session.flush()
        assert days.load(session, office, NOW).is_open_on(date(2032, 6, 1))
        assert not days.load(session, office, NOW, years_ahead=6).is_open_on(date(2032, 6, 1))


class TestSeed:
    def test_it_leaves_a_calendar_alone_that_has_hours(self, session, office, unit):
        with unit() as uow:
            seed_calendar(uow)
        assert session.scalar(select(func.count()).select_from(OfficeHours)) == 1

    @pytest.mark.parametrize("year", [2026, 2027])
    def test_every_holiday_is_a_weekday_and_has_a_source(self, year):
        rows = [(date(year, month, day), source) for month, day, _, source in HOLIDAYS[year]]
        assert all(day.weekday() < 5 and source for day, source in rows)
        assert len({day for day, _ in rows}) == len(rows)

    def test_the_year_has_the_days_off_that_the_law_gives(self):
        """11 days and 24 November; what falls on a weekend is taken later, a swap adds a day and a make-up."""
        swapped = 2
        assert len(HOLIDAYS[2026]) - swapped == 12
        assert len(HOLIDAYS[2027]) == 12
