"""The calendar of the vectors: usual hours, one holiday."""

from datetime import date

import pytest
from hypothesis import settings

from engine.calendar.opening import Calendar, Change

CULTURE_DAY = Change((), "Ngày Văn hóa Việt Nam", "Vietnam Culture Day", "Nghị quyết 28/2026/QH16")

# A shared machine may stall: an example is judged by its answer, not by its time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(changes={date(2026, 11, 24): CULTURE_DAY})
