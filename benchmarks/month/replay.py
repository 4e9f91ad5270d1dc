"""`python -m benchmarks month`: a province's month through the commands that the pages call, and what it costs."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from benchmarks.measures import Figure
from benchmarks.month import cost
from benchmarks.month.driver import Done, Driver
from benchmarks.month.pace import Pace
from benchmarks.month.plan import END, TOTAL, Planned, month, parts
from benchmarks.month.worker import Worked, Worker
from connectors.storage.folder import FolderStore
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.sessions import session_factory
from engine.dossiers import invariants
from engine.dossiers.models import CodeCounter, Dossier, Incident
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from webapp.config import Settings
from webapp.wiring import House, settle_in

#: Seconds of the replay between two rounds of the worker; longer where less than this share of the month is lodged.
ROUND, BUSY = 900, 0.1
#: Dossiers whose chain of events is verified.
SAMPLE = 300
Say = Callable[[str], None]

_SERIALS: LiteralString = """
SELECT o.code, (d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*),
       max(split_part(d.code, '-', 3)::int), min(c.last)
FROM dossier d JOIN office o ON o.code = split_part(d.code, '-', 1)
LEFT JOIN code_counter c ON c.office_code = o.code AND c.day = (d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
WHERE d.code IS NOT NULL GROUP BY 1, 2
HAVING count(*) <> max(split_part(d.code, '-', 3)::int) OR count(*) <> coalesce(min(c.last), 0)
"""


class Broken(AssertionError):
    """The month was replayed and something is not as it must be."""


@dataclass
class Replayed:
    """What was done, by whom, at what cost."""

    dossiers: int
    drivers: list[Done] = field(default_factory=list)
    worker: Worked = field(default_factory=Worked)
    #: Seconds on the wall, without the check in the middle.
    wall: float = 0.0
    before: cost.Server = field(default_factory=cost.Server)
    after: cost.Server = field(default_factory=cost.Server)
    #: Open dossiers at the end of the month; all were looked at.
    open: int = 0

    @property
    def acts(self) -> Counter[str]:
        return sum((one.acts for one in [*self.drivers, self.worker]), Counter())


def replay(url: str, blobs: Path, share: float, processes: int, say: Say = lambda line: None) -> Replayed:
    """Replay a share of the month on a province that is laid out, and check that all of it came right."""
    context = get_context("spawn")
    engine = connect(url)
    sessions = session_factory(engine)
    with sessions() as session:
        planned = month(session, share)
    done = Replayed(len(planned))
    start = planned[0].at.timestamp()
    between = ROUND * min(max(BUSY / share, 1), 24)
    pace = Pace(
        between,
        context.Array("d", [start] * processes, lock=False),  # type: ignore[arg-type]
        context.Value("d", start - between, lock=False),
        context.Value("d", END.timestamp(), lock=False),
    )
    with psycopg.connect(url, autocommit=True) as own:
        with _processes(context, url, blobs, parts(planned, processes), pace) as crew:
            done.before, began = cost.look(own), time.monotonic()
            _until(crew, lambda: pace.worker.value >= END.timestamp())
            done.wall = time.monotonic() - began
            say(f"The month is over after {done.wall:.0f} s; what is open is looked at")
            with sessions() as session:
                done.open = _alarms(session)
            began, pace.gate.value = time.monotonic(), float("inf")
            _until(crew, lambda: all(one.heard() for one in crew))
            done.wall += time.monotonic() - began
            done.after = cost.look(own)
        done.worker, *done.drivers = [one.said for one in crew]
    with sessions() as session:
        check(session, done)
    engine.dispose()
    return done


# ---- processes ---------------------------------------------------------------------------------------------


class Crew:
    """One process of the replay, and what it said at its end."""

    def __init__(self, context: Any, work: Callable[..., None], *given: Any):
        self._mine, its = context.Pipe()
        self.process = context.Process(target=work, args=(*given, its))
        self.process.start()
        self.said: Any = None

    def heard(self) -> bool:
        if self.said is None and self._mine.poll():
            self.said = self._mine.recv()
        if self.said is None and not self.process.is_alive():
            raise Broken("a process of the replay ended early")
        return self.said is not None

    def leave(self) -> None:
        """Its connections stayed open so that what they cost could be read."""
        if self.said is None:
            self.process.kill()
        else:
            self._mine.send(None)
        self.process.join()


@contextmanager
def _processes(context: Any, url: str, blobs: Path, lists: list[list[Planned]], pace: Pace) -> Iterator[list[Crew]]:
    crew = [Crew(context, _work, url, blobs, pace)]
    crew += [Crew(context, _drive, url, blobs, pace, number, planned) for number, planned in enumerate(lists)]
    try:
        yield crew
    finally:
        for one in crew:
            one.leave()


def _until(crew: list[Crew], reached: Callable[[], bool]) -> None:
    while not reached():
        for one in crew:
            one.heard()
        time.sleep(0.05)


def _drive(url: str, blobs: Path, pace: Pace, number: int, planned: list[Planned], pipe: Any) -> None:
    house = _house(url, blobs, "drivers")
    with psycopg.connect(_named(url, "replay"), autocommit=True) as own:
        pipe.send(Driver(house, own, planned, pace, number).run())
        pipe.recv()


def _work(url: str, blobs: Path, pace: Pace, pipe: Any) -> None:
    house = _house(url, blobs, "worker")
    with psycopg.connect(_named(url, "replay"), autocommit=True) as own:
        pipe.send(Worker(house, _named(url, "worker"), own, pace).run())
        pipe.recv()


def _house(url: str, blobs: Path, name: str) -> House:
    sessions = session_factory(connect(_named(url, name)))
    settle_in()
    return House(Settings(testing=True), sessions, FrozenClock(END), FolderStore(blobs))


def _named(url: str, name: str) -> str:
    return make_url(url).update_query_dict({"application_name": name}).render_as_string(hide_password=False)


# ---- checks ------------------------------------------------------------------------------------------------


def _alarms(session: Session) -> int:
    """As `motcua check`: how many dossiers are open; none of them may be in trouble."""
    standings = list(invariants.standings(session, FrozenClock(END)))
    if wrong := [(one.code, one.alarms) for one in standings if one.alarms]:
        raise Broken(f"{len(wrong)} open dossiers with an alarm", wrong[:5])
    return len(standings)


def check(session: Session, done: Replayed) -> None:
    """Every dossier came to its end; nothing broke; codes have no gaps; the chains that are looked at hold."""
    ended = session.scalar(select(func.count()).select_from(Dossier).where(Dossier.ended_at.is_not(None)))
    told = sum(one.ended for one in done.drivers)
    if not ended == told == done.dossiers:
        raise Broken(f"{done.dossiers} dossiers were planned, {ended} have ended, of {told} the drivers knew it")
    if incident := session.scalars(select(Incident).limit(1)).first():
        raise Broken(f"an incident at {incident.step_id}: {incident.reason}")
    connection = session.connection()
    if gaps := connection.exec_driver_sql(_SERIALS).fetchall():
        raise Broken("codes with gaps", gaps[:5])
    coded = session.scalar(select(func.count()).select_from(Dossier).where(Dossier.code.is_not(None)))
    if session.scalar(select(func.sum(CodeCounter.last))) != coded:
        raise Broken("the counters of codes do not add up")
    for dossier_id in session.scalars(select(Dossier.id).order_by(func.md5(Dossier.reference)).limit(SAMPLE)).all():
        events = session.scalars(select(LedgerEvent).filter_by(stream_id=dossier_id).order_by(LedgerEvent.seq))
        if broken := first_break(events):
            raise Broken(f"the ledger of {dossier_id} breaks at {broken}")


# ---- figures -----------------------------------------------------------------------------------------------


def figures(done: Replayed) -> list[Figure]:
    """The month on two cores in an hour, and what one act may cost then."""
    acts, share = done.acts.total(), done.dossiers / TOTAL
    python = sum(one.commands for one in done.drivers) + done.worker.process - done.worker.watching
    replaying = sum(one.process - one.commands for one in done.drivers) + done.worker.watching
    served = done.after.whole - done.before.whole
    replayed = _spent(done, "replay")
    grown = sum(done.after.tables.values()) - sum(done.before.tables.values())
    product = python + served - replayed
    return [
        Figure("month_projected_min", done.wall / share / 60, "minutes", 60),
        Figure("month_cpu_min_2_cores", (product + replaying + replayed) / share / 60 / 2, "minutes", 60),
        Figure("dossiers_per_s", done.dossiers / done.wall, "1/s", TOTAL / 3600, "higher"),
        Figure("acts_per_s", acts / done.wall, "1/s", 12 * TOTAL / 3600, "higher"),
        Figure("acts_per_dossier", acts / done.dossiers, "acts", 12, "higher"),
        Figure("cpu_ms_per_act", product / acts * 1000, "ms", 3.7),
        Figure("python_ms_per_act", python / acts * 1000, "ms", 2.5),
        Figure("postgres_ms_per_act", (served - replayed) / acts * 1000, "ms", 1.2),
        Figure("replay_ms_per_act", (replaying + replayed) / acts * 1000, "ms", 0.5),
        Figure("bytes_per_dossier", grown / done.dossiers, "bytes", 40_000),
    ]


def _spent(done: Replayed, name: str) -> float:
    return done.after.backends.get(name, 0.0) - done.before.backends.get(name, 0.0)


def story(done: Replayed) -> Iterator[str]:
    """What else is worth a line: acts by kind, where CPU went, which tables grew."""
    yield f"{done.dossiers} dossiers, all ended; {done.open} were open when the month was over"
    yield "acts       " + ", ".join(f"{kind} {often}" for kind, often in done.acts.most_common())
    refused = sum((one.refused for one in done.drivers), Counter())
    yield "refused    " + (", ".join(f"{kind} {often}" for kind, often in refused.most_common()) or "nothing")
    rows = [(f"driver {number}", one.commands) for number, one in enumerate(done.drivers)]
    rows += [("worker", done.worker.process), ("PostgreSQL", done.after.whole - done.before.whole)]
    rows += [(f"of it for {one}", _spent(done, one)) for one in ("drivers", "worker", "replay")]
    yield "CPU        " + ", ".join(f"{name} {timedelta(seconds=round(spent))}" for name, spent in rows)
    for table, size in sorted(done.after.tables.items(), key=lambda one: -one[1])[:15]:
        grown = size - done.before.tables.get(table, 0)
        yield f"{table:<28}{grown / done.dossiers:>10.0f} bytes a dossier"
