"""Who acts."""

import uuid
from dataclasses import dataclass

#: Who acts when nobody does: timers, connectors, the demo's generator.
SYSTEM_ID = uuid.UUID(int=0)


@dataclass(frozen=True)
class Actor:
    """A person at work, with the places in which they stand today.

    `lanes` holds (office_id, lane code) pairs; `offices` in the order of postings, the first is home.
    """

    officer_id: uuid.UUID
    name: str
    lanes: frozenset[tuple[uuid.UUID, str]] = frozenset()
    offices: tuple[uuid.UUID, ...] = ()

    def stands_in(self, lane: str, office_id: uuid.UUID | None = None) -> bool:
        """Whether the actor stands in this lane, in this office or (None) in any."""
        return any(code == lane and office_id in (None, office) for office, code in self.lanes)


SYSTEM = Actor(SYSTEM_ID, "Hệ thống")
#: An applicant acting on their own dossier, known by its code and secret.
APPLICANT = Actor(uuid.UUID(int=1), "Người nộp hồ sơ")
