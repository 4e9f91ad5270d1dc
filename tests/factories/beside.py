"""A sketched diagram that runs beside a dossier."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.base.ids import uuid7
from engine.base.uow import UnitOfWork
from engine.catalog.models import ProcedureVersion
from engine.dossiers.act import Act
from engine.dossiers.intake import Lodged
from engine.dossiers.models import Task, Wait
from engine.dossiers.settle import deliver, settle
from engine.ledger.events import SideStarted
from engine.ledger.read import history
from engine.runtime.state import RuntimeState
from tests.factories.desk import Ward
from webapp.demo.walk import Policy


def begin(
    ward: Ward, diagram: bytes, *, of: Lodged | None = None, parts: Mapping[str, bytes] | None = None, **variables: Any
) -> "Beside":
    """Start the diagram, which may call `parts`, beside a dossier: `of`, or one that is lodged for it and rests."""
    lodged = of or ward.lodge("2.000908")
    if of is None:
        ward.walk(lodged, Policy(rest_at=("search_book",)))
    with ward.act() as uow:
        runtime = RuntimeState(
            id=uuid7(),
            dossier_id=lodged.dossier_id,
            role="side",
            process_version_id=_version_of(uow, diagram, parts or {}),
            state=b"",
        )
        uow.session.add(runtime)
        uow.session.flush()
        act = Act.on(uow, lodged.dossier_id, runtime.id)
        act.tell(SideStarted(process="return_papers"))
        settle(act, act.machine.start(variables))
    return Beside(ward, lodged, runtime.id)


def _version_of(uow: UnitOfWork, diagram: bytes, parts: Mapping[str, bytes], code: str = "") -> Any:
    """A part's version with another diagram: everything else of it is as deployed."""
    calls = {name: str(_version_of(uow, part, {}, name)) for name, part in parts.items()}
    base = uow.session.scalars(select(ProcedureVersion).filter_by(code="return_papers")).first()
    assert base
    version = ProcedureVersion(
        id=uuid7(), code=code or f"sketch-{uuid7()}", kind=base.kind, number=1, digest=uuid7().hex, state=base.state,
        record=base.record, diagram=diagram, decisions={}, scenarios=[], calls=calls, created_at=uow.clock.now(),
        created_by=base.created_by,
    )  # fmt: skip
    uow.session.add(version)
    uow.session.flush()
    return version.id


class Beside:
    """The diagram at work. Where it waits for `go` to begin, `go()` sends it on."""

    def __init__(self, ward: Ward, lodged: Lodged, runtime_id: Any):
        self.ward, self.lodged, self.runtime_id = ward, lodged, runtime_id

    def go(self) -> None:
        with self.ward.act() as uow:
            self.go_within(uow)

    def go_within(self, uow: UnitOfWork) -> None:
        """Send it on in an act that does more than that."""
        act = Act.on(uow, self.lodged.dossier_id, self.runtime_id)
        (wait,) = [one for one in act.machine.positions(act.runtime.state) if one.step == "ready"]
        row = uow.session.scalars(
            select(Wait).filter_by(runtime_id=self.runtime_id, token=wait.token, closed_at=None)
        ).one()
        deliver(act, row, {}, how="arrived")

    def act(self, step: str, variables: Mapping[str, Any] | None = None, which: int = 0) -> None:
        """Do what one of those waits for that wait at a step, the oldest first."""
        with self.ward.act() as uow:
            act = Act.on(uow, self.lodged.dossier_id, self.runtime_id)
            position = [one for one in act.machine.positions(act.runtime.state) if one.step == step][which]
            if position.kind == "user":
                settle(act, act.machine.complete(act.runtime.state, position.token, variables or {}))
            else:
                row = uow.session.scalars(
                    select(Wait).filter_by(runtime_id=self.runtime_id, token=position.token, closed_at=None)
                ).one()
                deliver(act, row, dict(variables or {}), how="arrived")

    def rests(self) -> list[str]:
        """Where it stands, by the rows: each task and each wait that is open."""
        with self.ward.sessions() as session:
            tasks = session.scalars(select(Task.step_id).filter_by(runtime_id=self.runtime_id, done_at=None))
            waits = session.scalars(select(Wait.step_id).filter_by(runtime_id=self.runtime_id, closed_at=None))
            return sorted([*tasks, *waits])

    def end(self) -> str | None:
        """The end that it came to."""
        with self.ward.sessions() as session:
            story = history(session, self.lodged.dossier_id)
            return next((one.payload["end"] for one in story if one.type == "instance.ended"), None)

    def waits(self) -> set[str]:
        with self.ward.sessions() as session:
            return set(session.scalars(select(Wait.step_id).filter_by(runtime_id=self.runtime_id, closed_at=None)))

    def told(self) -> list[str]:
        with self.ward.sessions() as session:
            return [one.type for one in history(session, self.lodged.dossier_id) if one.type.startswith("letter.")]
