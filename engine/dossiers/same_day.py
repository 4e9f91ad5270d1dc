"""Results of the same day, waited for at the counter: no receipt unless somebody asks for one (Decree 118/2025, art. 17(4))."""

from datetime import date, datetime

from engine.calendar.due import Unit
from engine.calendar.opening import local
from engine.catalog.terms import LimitRule


def may_be_waited_for(limit: LimitRule | None, *, channel: str, return_way: str, travels: bool) -> bool:
    """Under such a limit whoever came in person waits, unless the result comes another way or is decided elsewhere."""
    here = channel == "in_person" and return_way == "counter" and not travels
    return here and limit is not None and limit.unit == Unit.SAME_DAY


def is_today(due: datetime | None, today: date) -> bool:
    """Received after the cut-off it is due on another day, and then there is something to come back with."""
    return due is not None and local(due).date() == today
