"""A ward in which things happen at random: who could act, what there is to act on, and that each act is told as it is kept."""

import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select

from engine.base.actor import SYSTEM, Actor
from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.dossiers.models import Dossier
from engine.jobs import recounts, timers
from engine.ledger.models import LedgerEvent
from engine.org import directory
from forms import FormInvalid
from tests.engine.dossiers import fold
from tests.engine.dossiers.state import State
from tests.factories.desk import Ward
from tests.factories.province import ROOT
from webapp.demo.walk import Walker

T = TypeVar("T")


class NothingThere(Exception):
    """What was drawn needs something that no dossier has now."""


class Pick:
    """Choices out of one drawn number; of 0 the first of everything, the way in which the work goes on."""

    def __init__(self, number: int):
        self._left = number

    def of(self, things: Sequence[T]) -> T:
        if not things:
            raise NothingThere
        self._left, which = divmod(self._left, len(things))
        return things[which]


class Town:
    """Ward, officers and applicants on one database. After each act every ledger must tell what the rows say."""

    def __init__(self, ward: Ward, folder: Path):
        self._folder = folder
        self._unit = ward.act
        self.ward = replace(ward, act=self.act)
        self.clock, self.sessions = ward.clock, ward.sessions
        neighbours = [ward.office("Sở Tư pháp"), ward.office("Sở Xây dựng")]
        self.walker = Walker(self.act, ward.sessions, ward.clock, neighbours)
        #: dossier -> what its ledger told after each act, by the number of its last event
        self.told: dict[uuid.UUID, dict[int, State]] = {}
        #: What broke in an act though no rule of the house forbids it.
        self.broken: list[Exception] = []

    @contextmanager
    def act(self, actor: Actor = SYSTEM) -> Iterator[UnitOfWork]:
        """One command. One that is refused leaves the ledgers as they were, and so the rows."""
        try:
            with self._unit(actor) as uow:
                yield uow
        except (DomainError, FormInvalid, NothingThere):
            assert not self._moved()
            raise
        except Exception as broken:
            self.broken.append(broken)
            raise
        self.agree(self._moved())

    def agree(self, only: Collection[uuid.UUID] | None = None) -> None:
        """Of these dossiers, or of all."""
        with self.sessions() as session:
            for dossier_id, (seq, state) in fold.agree(session, only).items():
                self.told.setdefault(dossier_id, {})[seq] = state

    def _moved(self) -> list[uuid.UUID]:
        """Dossiers of which something was told since they were looked at last."""
        last = select(LedgerEvent.stream_id, func.max(LedgerEvent.seq)).group_by(LedgerEvent.stream_id)
        with self.sessions() as session:
            found = session.execute(last.where(LedgerEvent.stream_id.in_(select(Dossier.id)))).all()
        return [one for one, seq in found if max(self.told.get(one, [0])) != seq]

    def events(self) -> int:
        """How many there are in all ledgers."""
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(LedgerEvent)) or 0

    def look_at(self, actor: Actor, question: Callable[[UnitOfWork], T]) -> T:
        """What a page shows before anybody acts."""
        with self.sessions() as session:
            return question(UnitOfWork(session, actor, self.clock))

    def all(self, model: type[Any], *where: Any, **only: Any) -> Sequence[Any]:
        """The newest first."""
        with self.sessions() as session:
            return session.scalars(select(model).filter_by(**only).where(*where).order_by(*(one.desc() for one in inspect(model).primary_key))).all()

    def dossier(self, pick: Pick) -> Dossier:
        """The newest most often."""
        newest = self.all(Dossier)
        return pick.of([*newest[:1] * 3, *newest])

    def somebody(self, pick: Pick, office_id: uuid.UUID, *lanes: str) -> Actor:
        """Who stands in one of these lanes today."""
        today = self.clock.today()
        with self.sessions() as session:
            staff = [one for lane in lanes for one in directory.officers_in(session, office_id, lane, on=today)]
            return directory.actor_of(session, pick.of(staff).id, on=today)

    def officer(self, officer_id: uuid.UUID) -> Actor:
        with self.sessions() as session:
            return directory.actor_of(session, officer_id, on=self.clock.today())

    def ring(self) -> None:
        """Workers count anew what a change moved, wake whose time has come, and bring what dossiers told one another."""
        recounts.count_batches(self.act)
        timers.fire_due(self.act)
        timers.deliver_post(self.act)

    def newer(self, code: str) -> uuid.UUID:
        """The bundle, deployed and published again with one word changed."""
        folder = self._folder / code
        if not folder.exists():
            shutil.copytree(ROOT / "bpmn" / code, folder)
            diagram = folder / "diagram.bpmn"
            diagram.write_text(diagram.read_text("utf-8") + "<!-- mới -->\n", "utf-8")
        with self.act(self.ward.officer("quantri")) as uow:
            made = publish.deploy(uow, folder, forms=ROOT / "forms" / "schemas")
            if made.is_new:
                publish.publish(uow, made.version_id, effective_from=self.clock.today())
        return made.version_id
