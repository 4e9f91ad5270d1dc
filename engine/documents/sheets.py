"""What the scanner of a desk made, before it lies on a paper."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sheet:
    """One file that a scanner made."""

    #: `quay-1/0007.pdf`
    place: str
    at: datetime
    #: Bytes.
    size: int

    @property
    def name(self) -> str:
        return self.place.rpartition("/")[2]

    @property
    def desk(self) -> str:
        return self.place.rpartition("/")[0]
