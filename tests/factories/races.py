"""A procedure drawn for two hands at once, and the hands."""

import os
import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.base.ids import uuid7
from engine.base.uow import UnitOfWork
from engine.catalog import publish
from engine.catalog.models import FormVersion, ProcedureVersion
from engine.dossiers import intake
from engine.dossiers.models import Task
from tests.engine.runtime.drawing import draw
from tests.factories.desk import Ward
from tests.factories.documents import field, form

CODE = "2.000908"
#: Races of each pair; `make races` runs the thousand that is promised.
RACES = int(os.environ.get("MOTCUA_RACES", "60"))
#: Two who stand in one lane.
FIRST, SECOND = "tiepnhan.hacthanh", "tiepnhan2.hacthanh"
ANSWER = {"note": "Đã xem"}
#: Longer than the timer waits.
OVERDUE = timedelta(days=2)
#: Everything at once: each pair has a branch of its own.
SKETCH = """
begin: start
all: and
claimed: user
twice: user
timed: user
late: timer on timed
left: user
right: user
meet: and
met: user
passed: user
taken: user
one: end
two: end
three: end
four: end
five: end
begin > all > claimed > one
all > twice > two
all > timed > three
late > three
all > left > meet > met > four
all > right > meet
all > passed > taken > five
"""
_TASKS = ("claimed", "twice", "timed", "left", "right", "met", "passed", "taken")


def draw_up(uow: UnitOfWork) -> None:
    """Let the sketch be the procedure that dossiers are lodged under from now on."""
    session, now = uow.session, uow.clock.now()
    base = publish.in_force(session, CODE, uow.clock.today())
    assert base is not None
    steps = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in re.findall(r"(\w+):", SKETCH))
    lane = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane_reception" name="Tiếp nhận"><bpmn:extensionElements>'
        f'<mc:lane code="reception"/></bpmn:extensionElements>{steps}</bpmn:lane></bpmn:laneSet>'
    )
    record = base.record | {"step_limits": {"late": "1 h"}}
    diagram = draw(SKETCH).replace(b'isExecutable="true">', b'isExecutable="true">' + lane.encode())
    version = ProcedureVersion(
        id=uuid7(), code=base.code, kind=base.kind, number=base.number + 1, digest="sketch", state=base.state,
        effective_from=base.effective_from, record=record, diagram=diagram, decisions={}, scenarios=[],
        calls=base.calls, created_at=now, created_by=base.created_by,
    )  # fmt: skip
    session.add(version)
    session.flush()
    kept = session.scalars(select(FormVersion).filter_by(version_id=base.id))
    documents = {one.key: one.document for one in kept}
    documents |= {f"test/{step}": form(field("note", required=True)) for step in _TASKS}
    for key, document in documents.items():
        session.add(FormVersion(id=uuid7(), version_id=version.id, key=key, document=document, digest="sketch"))


def lodge(ward: Ward, count: int = RACES) -> list[uuid.UUID]:
    """Dossiers with a task open at every step, in nobody's hands."""
    lodging, reception = ward.lodging(CODE), ward.officer(FIRST)
    found = []
    for _ in range(count):
        with ward.act(reception) as uow:
            found.append(intake.lodge(uow, lodging).dossier_id)
    return found


def task_at(ward: Ward, dossier_id: uuid.UUID, step: str) -> Task:
    with ward.sessions() as session:
        return session.scalars(select(Task).filter_by(dossier_id=dossier_id, step_id=step)).one()


@dataclass
class Pair:
    """Two hands that move at the same moment, again and again."""

    _pool: ThreadPoolExecutor
    _gate: threading.Barrier

    @classmethod
    def of_hands(cls) -> "Pair":
        return cls(ThreadPoolExecutor(2), threading.Barrier(2))

    def __call__(self, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
        """What each of both came to: a result, or what it was refused with."""
        futures = [self._pool.submit(self._one, do) for do in (first, second)]
        return futures[0].result(), futures[1].result()

    def _one(self, do: Callable[[], Any]) -> Any:
        self._gate.wait(60)
        try:
            return do()
        except Exception as error:  # noqa: BLE001  what a hand met is what the test looks at
            return error

    def close(self) -> None:
        self._pool.shutdown()
