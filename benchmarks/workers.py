"""Several workers on what is due: how long a burst takes, and what a second worker brings.

Each is a process that runs the same round as `motcua worker`, on dossiers of the demo that wait for a timer; each
timer is an act of its own with a commit. `python -m benchmarks.workers URL` is one of them.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from sqlalchemy import text

from benchmarks.measures import Figure
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.jobs.timers import fire_due
from webapp import supervisor
from webapp.config import Settings
from webapp.demo.load import Size
from webapp.demo.stories import STORIES
from webapp.postgres import ROOT
from webapp.wiring import House, build, settle_in

#: Where dossiers of the demo wait for a timer, and the stories that come to rest there.
_TIMERS = {"completion_expired", "preview_silent", "consultation_overdue"}
WAITING = [one for one in STORIES if _TIMERS.intersection(one.rest)]
#: A burst, and the timers of one trial of one or two workers; each worker warms up on a few of its own.
BURST, TRIAL, WARM = 10_000, 600, 40
_TRIALS = (1, 2, 2, 1, 1, 2)
_MANY = BURST + TRIAL * len(_TRIALS) + WARM * (sum(_TRIALS) + supervisor.workers())
SIZE = Size(_MANY, _MANY)

_DISARM = text("UPDATE wait SET due_at = '2100-01-01' WHERE kind = 'timer' AND closed_at IS NULL")
_ARM = text("""
UPDATE wait SET due_at = date_trunc('second', now()) WHERE id IN (
    SELECT id FROM wait WHERE kind = 'timer' AND closed_at IS NULL AND due_at = '2100-01-01' ORDER BY md5(id::text) LIMIT :many
)
""")
_LEFT = text("SELECT count(*) FROM wait WHERE kind = 'timer' AND closed_at IS NULL AND due_at <= now()")


def bursts(house: House) -> list[Figure]:
    """On a house of dossiers that wait; one and two workers in turn, then the burst."""
    with house.unit() as uow:
        uow.session.execute(_DISARM)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for workers in _TRIALS:
        rates[workers].append(_rate(house, workers, TRIAL))
    return [
        Figure("workers_2_vs_1", median(rates[2]) / median(rates[1]), "x", 1.8, "higher"),
        Figure("timers_per_s_1_worker", median(rates[1]), "timers/s", 90, "higher"),
        Figure("timers_drain_10k_s", BURST / _rate(house, supervisor.workers(), BURST), "s", 60),
    ]


def _rate(house: House, workers: int, timers: int) -> float:
    """Timers a second, from the word until the last has fired; what a warm-up left over is among them."""
    with house.unit() as uow:
        uow.session.execute(_ARM, {"many": timers + WARM * workers})
    with _at_work(house, workers) as running:
        start = time.perf_counter()
        for one in running:
            print(file=one.stdin, flush=True)
        fired = [int(one.stdout.readline()) for one in running if one.stdout]
        seconds = time.perf_counter() - start
    with house.readers() as session:
        left = session.scalar(_LEFT)
    if left or not timers <= sum(fired) <= timers + WARM * workers:
        raise AssertionError(f"{fired} of {timers} timers fired, {left} did not")
    return sum(fired) / seconds


@contextmanager
def _at_work(house: House, workers: int) -> "Iterator[list[subprocess.Popen[str]]]":
    """Processes that have warmed up and wait for the word."""
    url = house.sessions.kw["bind"].url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = (sys.executable, "-m", "benchmarks.workers", url)
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)
    ]
    try:
        for one in running:
            if one.stdout is None or not one.stdout.readline():
                raise AssertionError("a worker did not start; its message is above")
        yield running
    finally:
        for one in running:
            one.communicate()


def _work(url: str) -> None:
    house = build(Settings(testing=True), sessions=session_factory(connect(url)))
    settle_in()
    few = iter(range(WARM))
    fire_due(house.unit, lambda: next(few, None) is None)
    print("ready", flush=True)
    sys.stdin.readline()
    print(fire_due(house.unit), flush=True)


if __name__ == "__main__":
    _work(sys.argv[1])
