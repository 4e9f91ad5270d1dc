"""The only module that reads the wall clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: The one time zone of the country; no daylight saving since 1975.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The present day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()


@dataclass
class FrozenClock(Clock):
    """A clock that stands until it is moved: for tests, the demo's past and replays."""

    at: datetime

    def now(self) -> datetime:
        return self.at
