"""The worker as in production, on the replay's time: the queue's jobs are carried out and what is due is woken.

Only the outside is left out: connectors are answered in this process, by what the demo has them say.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg

from benchmarks.month.pace import NEVER, LatestClock, Pace
from connectors.relay import Relay
from engine.base.clock import FrozenClock
from engine.dossiers.service_steps import Question
from engine.jobs import app as jobs
from engine.jobs.timers import deliver_post, fire_due
from webapp.demo.walk import CANNED, answered
from webapp.wiring import House

_WAITING = "SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'relay' LIMIT 1"
_NAP = 0.005
T = TypeVar("T")


class Outside:
    """Every system outside."""

    def ask(self, question: Question) -> dict[str, Any]:
        return dict(answered(question))


@dataclass
class Worked:
    """What the worker did, its seconds of CPU, and those in which it only watched where the drivers are."""

    acts: Counter[str] = field(default_factory=Counter)
    process: float = 0.0
    watching: float = 0.0


class Worker:
    """Rounds at certain times of the replay; between them jobs come as they are sent."""

    def __init__(self, house: House, url: str, own: psycopg.Connection[Any], pace: Pace):
        self.done, self._own, self._pace = Worked(), own, pace
        self._clock = FrozenClock(datetime.fromtimestamp(pace.worker.value, UTC))
        self._timed = House(house.settings, house.sessions, self._clock, house.blobs)
        latest = House(house.settings, house.sessions, LatestClock(pace), house.blobs)
        self._relay = Relay(latest.unit, dict.fromkeys([*CANNED, "population.lookup"], Outside()))
        self._app = jobs.create_app(url, relay=self._carry, read_scan=lambda *_, **__: None)

    def run(self) -> Worked:
        """Until nobody drives any more."""
        start = time.process_time()
        rounds = threading.Thread(target=self._rounds, daemon=True)
        rounds.start()
        # rounds by the clock on the wall would come at the wrong times of the replay
        jobs.run(self._app, lambda stopped: None)
        rounds.join()
        self.done.process = time.process_time() - start
        return self.done

    def _carry(self, topic: str, payload: Mapping[str, Any], *, last: bool) -> None:
        self._relay.carry(topic, payload, last=last)
        self.done.acts[topic] += 1

    def _rounds(self) -> None:
        try:
            while (due := self._watch(self._pace.due)) != NEVER:
                # what was asked before is answered before its time can be over
                self._watch(self._drain)
                self._clock.at = datetime.fromtimestamp(due, UTC)
                self.done.acts["timer"] += fire_due(self._timed.unit)
                self.done.acts["letter"] += deliver_post(self._timed.unit)
                self._watch(self._drain)
                self._pace.worker.value = due
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def _watch(self, until: Callable[[], T]) -> T:
        start = time.thread_time()
        try:
            return until()
        finally:
            self.done.watching += time.thread_time() - start

    def _drain(self) -> None:
        while self._own.execute(_WAITING).fetchone() is not None:
            time.sleep(_NAP)
