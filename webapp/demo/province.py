"""Make the demo province in an empty database: offices, people, catalogue, diagrams, some 390 dossiers."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.clock import Clock, FrozenClock
from engine.base.db import connect
from engine.base.ports import BlobStore
from engine.base.sessions import session_factory
from engine.calendar.seed import seed_calendar
from engine.catalog import national, publish
from engine.documents import templates
from engine.org import directory
from engine.org.models import Account
from engine.org.seed import seed_thanh_hoa
from webapp.config import Settings
from webapp.demo import beside
from webapp.demo.lives import Maker, Planned
from webapp.demo.stories import STORIES, Story
from webapp.postgres import ROOT
from webapp.wiring import House

PROCEDURES = Path(__file__).with_name("procedures.jsonl")
#: The password of every demo account; a production has no demo.
PASSWORD = "motcua"  # noqa: S105  printed at every start


def make(
    house: House,
    say: Callable[[int, int], None] = lambda done, total: None,
    *,
    factor: float = 1.0,
    stories: Sequence[Story] = STORIES,
    processes: int | None = None,
    whole: bool = False,
) -> None:
    """Fill an empty database. `say(done, total)` hears how far the dossiers are.

    `factor` makes more or fewer of each kind of the `stories`, at least one. Offices live beside one another, each in one
    process, so that their dossier codes count up as the days went by. `whole` adds what happens beside the stories, and
    what cannot be multiplied: papers of the warehouse, lists, dossiers of which nobody knows who decides.
    """
    lay_out(house)
    if whole:
        beside.open_tills(house)
    lists = Maker.of(house).plan(stories, factor)
    total, done = sum(map(len, lists)), 0
    known = (house.settings, _url(house), FrozenClock(house.clock.now()), house.blobs)
    workers = processes or min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(workers, get_context("spawn"), _open, known) as pool:
        # Small turns of one office are chained: the next is handed over when the one before has come back.
        left = {pool.submit(_live, one[:TURN]): one[TURN:] for one in lists}
        while left:
            ready = next(as_completed(left))
            done, rest = done + ready.result(), left.pop(ready)
            if rest:
                left[pool.submit(_live, rest[:TURN])] = rest[TURN:]
            say(done, total)
    if whole:
        beside.happen(house)


#: Dossiers that a process makes before it says so.
TURN = 5
#: The maker of a process of the pool.
_maker: list[Maker] = []


def _open(settings: Settings, url: str, clock: Clock, blobs: BlobStore) -> None:
    _maker.append(Maker.of(House(settings, session_factory(connect(url)), clock, blobs)))


def _live(planned: list[Planned]) -> int:
    for one in planned:
        _maker[0].make(one)
    return len(planned)


def _url(house: House) -> str:
    with house.sessions() as session:
        return session.connection().engine.url.render_as_string(hide_password=False)


def lay_out(house: House) -> None:
    """What a dossier needs before it can be lodged."""
    with house.unit() as uow:
        seed_thanh_hoa(uow, password=None)
        seed_calendar(uow)
        templates.publish(uow, effective_from=date(2026, 1, 1))
        national.import_file(uow, PROCEDURES)
        for deployed in publish.deploy_all(uow, ROOT / "bpmn", forms=ROOT / "forms" / "schemas"):
            if deployed.is_new:
                publish.publish(uow, deployed.version_id, effective_from=date(2026, 1, 1))


def set_passwords(session: Session, hashed: str) -> None:
    """One password for every demo account."""
    for account in session.scalars(select(Account)):
        account.password = hashed


def logins(session: Session) -> Iterator[tuple[str, str]]:
    """(user name, what they do) of a few accounts to begin with."""
    wanted = ("tiepnhan.hacthanh", "chuyenvien.hacthanh", "lanhdao.hacthanh", "vanthu.hacthanh",
              "traketqua.hacthanh", "thuphi.hacthanh", "giamdoc.tinh", "quantri")  # fmt: skip
    rows = session.execute(
        select(Account.username, Account.officer_id).where(Account.username.in_(wanted))
    ).all()
    for name in wanted:
        found = next((officer_id for username, officer_id in rows if username == name), None)
        if found:
            standing = directory.standings(session, found, on=Clock().today())
            yield name, f"{standing[0].lane_name}, {standing[0].office_name}" if standing else ""
