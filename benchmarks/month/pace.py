"""The time of the replay: every process moves a clock of its own, and none runs far ahead of the others."""

import time
from collections.abc import MutableSequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.base.clock import Clock

#: How many rounds of the worker a driver may be ahead.
_AHEAD = 8
_NAP = 0.002
NEVER = float("inf")


@dataclass(frozen=True)
class Pace:
    """Seconds since the epoch, in shared memory: where each driver is, the worker, and the gate that none passes."""

    #: Seconds of the replay between two rounds of the worker.
    round: float
    drivers: MutableSequence[float]
    worker: Any
    gate: Any

    def wait(self, driver: int, at: float) -> None:
        """A driver has done everything before this instant, and goes on when it may."""
        self.drivers[driver] = min(at, self.gate.value)
        while at > self.worker.value + _AHEAD * self.round or at > self.gate.value:
            time.sleep(_NAP)
            self.drivers[driver] = min(at, self.gate.value)

    def ended(self, driver: int) -> None:
        self.drivers[driver] = NEVER

    def due(self) -> float:
        """When the worker is to make its next round; NEVER when nobody drives any more."""
        while (last := min(self.drivers)) < self.worker.value + self.round and not (
            last == self.gate.value > self.worker.value
        ):
            time.sleep(_NAP)
        return last


class LatestClock(Clock):
    """As late as the driver that is furthest: no answer comes before its question."""

    def __init__(self, pace: Pace):
        self._pace = pace

    def now(self) -> datetime:
        known = [one for one in self._pace.drivers if one != NEVER]
        return datetime.fromtimestamp(max([*known, self._pace.worker.value]), UTC)
