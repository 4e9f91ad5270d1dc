"""Where one page of a list ends and the next begins, as an address says it: `2026-11-27T10:00:00+00:00/<uuid>`."""

import uuid
from datetime import datetime
from typing import NamedTuple, Self


class PageEnd(NamedTuple):
    """What stands at this instant; of several, the one with this id."""

    at: datetime
    id: uuid.UUID

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises ValueError where the text is no place."""
        at, _, row_id = text.partition("/")
        return cls(datetime.fromisoformat(at), uuid.UUID(row_id))

    def __str__(self) -> str:
        return f"{self.at.isoformat()}/{self.id}"
