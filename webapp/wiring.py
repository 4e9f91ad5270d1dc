"""The composition root: settings become a database, a clock, a blob store, connectors. Read it second."""

import gc
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from connectors.ocr import Reader
from connectors.payments.carrier import Carrier
from connectors.registry import adapters, gateway
from connectors.relay import Relay
from connectors.storage.folder import FolderStore
from connectors.storage.parts import PartFolder
from connectors.storage.scanner import ScannerFolder
from engine.base.actor import SYSTEM, Actor
from engine.base.clock import Clock
from engine.base.db import connect
from engine.base.ports import BlobStore, PaymentGateway
from engine.base.sessions import readers, session_factory
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.documents.needed import needed
from engine.dossiers.incidents import guarded
from engine.jobs import app as jobs
from engine.jobs.recounts import count_batches
from engine.jobs.timers import deliver_post, fire_due
from webapp.config import Settings, read
from webapp.postgres import database_url

#: Longer than any page may name an upload (`webapp.uploads.KEPT`); and how often it is looked for such.
_FORGOTTEN, _SWEEP = timedelta(days=3), timedelta(hours=1)


@dataclass(frozen=True)
class House:
    """Everything that a request or a job needs, made once per process."""

    settings: Settings
    sessions: sessionmaker[Session]
    clock: Clock
    blobs: BlobStore

    @cached_property
    def readers(self) -> sessionmaker[Session]:
        """For whoever only looks."""
        return readers(self.sessions)

    @cached_property
    def swept(self) -> dict[str, datetime]:
        """When this process last looked for what nobody needs."""
        return {}

    @cached_property
    def parts(self) -> PartFolder:
        """Uploads that are not whole yet."""
        return PartFolder(self.settings.blob_folder / "parts")

    @cached_property
    def scanner(self) -> ScannerFolder:
        """What the scanners of the counters made."""
        return ScannerFolder(self.settings.scan_folder)

    @cached_property
    def gateway(self) -> PaymentGateway | None:
        """Who takes money online; None as long as no provider is connected."""
        return gateway(self.settings)

    def unit(self, actor: Actor = SYSTEM) -> AbstractContextManager[UnitOfWork]:
        """One command's transaction on behalf of an actor."""
        return guarded(self.sessions, actor, self.clock)


def build(
    settings: Settings | None = None,
    *,
    sessions: sessionmaker[Session] | None = None,
    clock: Clock | None = None,
) -> House:
    """The house of this environment; tests bring their own sessions and a frozen clock."""
    settings = settings or read()
    if sessions is None:
        url = database_url({"DATABASE_URL": settings.database_url})
        sessions = session_factory(connect(url, pool_size=10, max_overflow=10))
    return House(settings, sessions, clock or Clock(), FolderStore(settings.blob_folder))


def read_up(house: House) -> None:
    """Have ready what every page needs of the diagrams in force, before the first officer comes.

    While the database is away there is nothing to read: each is read when it is needed, as those of older versions are.
    """
    with suppress(OperationalError), house.readers() as session:
        publish.read_up(session, house.clock.today())


def settle_in() -> None:
    """All that is loaded by now stays: the garbage collector passes over it, and comes more seldom.

    At its usual pace it takes a tenth of each act, for which it finds nothing. A page leaves some 1,400 objects in circles,
    an act 160: much more seldom, and it would stand still for as long as a page takes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)


def relay(house: House) -> Callable[..., None]:
    """What carries a job of the queue to its connector and brings the answer back as a command."""
    return Relay(house.unit, adapters(house.settings), Carrier(house.unit, house.gateway)).carry


def sweep(house: House) -> int:
    """Forget uploads that nobody went on with, and bytes that nobody took; at most once an hour, how many those were."""
    now = house.clock.now()
    if now - house.swept.get("at", now - _SWEEP) < _SWEEP:
        return 0
    house.swept["at"] = now
    house.parts.sweep((now - _FORGOTTEN).timestamp())

    def taken(digests: Collection[str]) -> Collection[str]:
        with house.readers() as session:
            return needed(session, digests)

    return house.blobs.sweep((now - _FORGOTTEN).timestamp(), taken)


def run_worker() -> None:
    """Run jobs until told to stop; a stop lets the running ones finish."""
    settings = read()
    house = build(settings)
    url = database_url({"DATABASE_URL": settings.database_url})

    def look_around(stopped: Callable[[], bool]) -> None:
        fire_due(house.unit, stopped)
        deliver_post(house.unit, stopped)
        count_batches(house.unit, stopped)
        Carrier(house.unit, house.gateway).look_up(stopped)
        sweep(house)

    read_up(house)
    settle_in()
    reader = Reader(house.unit, house.blobs)
    jobs.run(jobs.create_app(url, relay=relay(house), read_scan=reader.read), look_around)
