"""People of Hạc Thành ward and how they lodge the examples that lie beside each diagram."""

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import Actor
from engine.base.clock import FrozenClock
from engine.base.uow import UnitOfWork
from engine.dossiers import intake
from engine.dossiers.intake import Lodged, Lodging
from engine.dossiers.models import Dossier, Task, Wait
from engine.ledger.read import history
from engine.org import directory
from engine.org.models import Account, Office
from tests.engine.dossiers.fold import fold, rows
from tests.factories.province import ROOT
from webapp.demo.walk import Policy, Walker

#: Who decides what is not decided at the commune whose counter this is.
DECIDES = {"1.013831": "Sở Nông nghiệp và Môi trường", "1.010733": "Sở Nông nghiệp và Môi trường"}

Unit = Callable[[Actor], AbstractContextManager[UnitOfWork]]


def example(code: str) -> dict[str, Any]:
    """The complete example of a procedure: lodging, answers, expect."""
    loaded: dict[str, Any] = json.loads((ROOT / "bpmn" / code / "examples" / "complete.json").read_text("utf-8"))
    return loaded


@dataclass
class Ward:
    """One ward at work, in one database under one clock."""

    act: Unit
    sessions: sessionmaker[Session]
    clock: FrozenClock

    def officer(self, username: str) -> Actor:
        with self.sessions() as session:
            officer_id = session.scalars(select(Account.officer_id).filter_by(username=username)).one()
            return directory.actor_of(session, officer_id, on=self.clock.today())

    def office(self, name: str) -> uuid.UUID:
        with self.sessions() as session:
            return session.scalars(select(Office.id).filter_by(name=name)).one()

    def lodging(self, code: str, **changes: Any) -> Lodging:
        """The example as handed in at the ward's own counter, unless changed."""
        given = example(code)
        facts = {key: given["lodging"][key] for key in ("lookup", "fee_classes", "fee_proofs") if key in given["lodging"]}
        base = {
            "procedure_code": code,
            "channel": given["lodging"]["channel"],
            "answers": deepcopy(given["answers"]),
            "receiving_office_id": self.officer("tiepnhan.hacthanh").offices[0],
            "competent_office_id": self.office(DECIDES[code]) if code in DECIDES else None,
            "is_proxy": given["lodging"].get("is_proxy", False),
            "facts": facts,
        }
        return Lodging(**(base | changes))

    def lodge(self, code: str, *, by: str = "tiepnhan.hacthanh", **changes: Any) -> Lodged:
        with self.act(self.officer(by)) as uow:
            return intake.lodge(uow, self.lodging(code, **changes))

    def lodge_elsewhere(self, code: str, **changes: Any) -> Lodged:
        """In person at the centre of the province, for the ward to decide."""
        there = {
            "channel": "in_person",
            "receiving_office_id": self.officer("tiepnhan.tinh").offices[0],
            "competent_office_id": self.office("Ủy ban nhân dân phường Hạc Thành"),
        }
        return self.lodge(code, by="tiepnhan.tinh", **(there | changes))

    def walk(self, lodged: Lodged, policy: Policy | None = None) -> Dossier:
        neighbours = [self.office("Sở Tư pháp"), self.office("Sở Xây dựng")]
        walker = Walker(self.act, self.sessions, self.clock, neighbours)
        return walker.walk(lodged.dossier_id, policy or Policy())

    def dossier(self, lodged: Lodged) -> Dossier:
        with self.sessions() as session:
            return session.get_one(Dossier, lodged.dossier_id)

    def task(self, lodged: Lodged) -> Task:
        """The one open task."""
        with self.sessions() as session:
            return session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, done_at=None)).one()

    def waits(self, lodged: Lodged) -> dict[str, Wait]:
        with self.sessions() as session:
            rows = session.scalars(select(Wait).filter_by(dossier_id=lodged.dossier_id, closed_at=None))
            return {row.step_id: row for row in rows}

    def told(self, lodged: Lodged, kind: str) -> list[dict[str, Any]]:
        """What the ledger holds of this kind."""
        with self.sessions() as session:
            return [one.payload for one in history(session, lodged.dossier_id) if one.type == kind]

    def agrees(self, lodged: Lodged) -> bool:
        """The rows say what the ledger tells."""
        with self.sessions() as session:
            return fold(history(session, lodged.dossier_id)) == rows(session, session.get_one(Dossier, lodged.dossier_id))
