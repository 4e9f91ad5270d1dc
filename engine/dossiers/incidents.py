"""When the house itself breaks over a dossier: the act is rolled back, an incident says so, and it is tried again.

A refusal (`DomainError`, or of a form) is an answer to a person, and no incident; a timer or a service has nobody
to tell, so there it is one. Where the diagram itself cannot go on (`EngineRefused`) both are told: who acted can mend nothing.
What cannot even be lodged for it has no dossier to stand at: that is for the log alone.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased, sessionmaker

import forms
from engine.base.actor import SYSTEM, Actor
from engine.base.clock import Clock
from engine.base.errors import DomainError, EngineRefused
from engine.base.pages import Page, paged
from engine.base.queue import read_scan, send
from engine.base.text import shortened
from engine.base.uow import UnitOfWork, unit_of_work
from engine.documents.models import DocumentFile
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Incident, Task, Wait
from engine.org import permissions

log = structlog.get_logger()

#: What broke is tried again after this long, then after twice as long, and so on up to the longest.
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)


class IncidentOver(DomainError):
    """What broke was done meanwhile; nothing is left to try again."""

    kind = "missing"


@dataclass(frozen=True)
class Trouble:
    """One line of the list of incidents."""

    dossier_id: uuid.UUID
    key: str
    #: Code, or the reference while there is none.
    code: str
    procedure: str
    step_id: str
    #: Of the step, as the diagram calls it.
    name: str
    #: message | timer | service | read_scan; None: somebody's act.
    kind: str | None
    reason: str
    #: Where the diagram could not go on: {element, name, line, …}, as far as that is known.
    place: Mapping[str, Any] | None
    times: int
    first_at: datetime
    last_at: datetime
    again_at: datetime | None


@contextmanager
def guarded(factory: sessionmaker[Session], actor: Actor, clock: Clock) -> Iterator[UnitOfWork]:
    """A command's transaction; when it breaks over a dossier, the incident is told in one of its own."""
    act: Act | None = None
    try:
        with unit_of_work(factory, actor, clock) as uow:
            try:
                yield uow
            finally:
                act = uow.session.info.get("act")
    except OperationalError:
        raise  # the database is away: nothing can be told, and nothing is wrong with the dossier
    except Exception as error:
        ours = isinstance(error, EngineRefused) or not isinstance(error, DomainError | forms.FormInvalid)
        told = act is not None and (actor == SYSTEM or ours) and _tell(factory, clock, act, error)
        if isinstance(error, EngineRefused):
            error.told = told
            if act is None:
                _log_unlodged(error)
        raise


def record(uow: UnitOfWork, wait_id: uuid.UUID, error: Exception) -> None:
    """Tell that a wait cannot go on by itself: the outside refused the question, or stays silent."""
    wait = uow.session.get_one(Wait, wait_id)
    _store(uow, wait.dossier_id, wait.step_id, wait_id, error)


#: The step under which a scan stands that could not be read; its key is the file.
SCAN = "read_scan"


def record_scan(uow: UnitOfWork, dossier_id: uuid.UUID, file_id: uuid.UUID, error: Exception) -> None:
    """Tell that a scan could not be read: the dossier goes on without, and the row goes when it has been."""
    _store(uow, dossier_id, SCAN, None, error, key=str(file_id))


def retry(uow: UnitOfWork, dossier_id: uuid.UUID, key: str) -> None:
    """Try again now what broke; a question to the outside is sent once more under its old key. Refusals: Forbidden, IncidentOver."""
    permissions.require(uow.actor, "incident.retry")
    row = uow.session.get(Incident, (dossier_id, key), with_for_update=True)
    if row is None:
        raise IncidentOver
    if row.step_id == SCAN:
        file = uow.session.get_one(DocumentFile, uuid.UUID(key))
        read_scan(uow, file.id, file.sha256)
        return
    wait = uow.session.get(Wait, row.wait_id) if row.wait_id else None
    if wait is None or wait.closed_at:
        return
    row.again_at = uow.clock.now()
    if wait.kind == "service":
        send(uow, wait.subject, {"wait_id": str(wait.id)}, dossier_id=dossier_id)


def standing(session: Session, *, after: str | None = None, limit: int | None = None) -> Page[Trouble]:
    """What is broken now, the oldest first."""
    query = (
        select(Incident, Dossier, Wait, func.coalesce(*(one.scalar_subquery() for one in _about()), ""))
        .join(Dossier, Dossier.id == Incident.dossier_id)
        .outerjoin(Wait, Wait.id == Incident.wait_id)
        .where(still())
    )
    # its key is two columns; a page of a list ends at one
    id_ = cast(func.md5(cast(Incident.dossier_id, String) + Incident.key), Uuid)
    return paged(session, query, _trouble, at=Incident.first_at, id=id_, after=after, limit=limit)


def _trouble(incident: Incident, dossier: Dossier, wait: Wait | None, name: str) -> Trouble:
    return Trouble(
        dossier_id=dossier.id,
        key=incident.key,
        code=dossier.code or dossier.reference,
        procedure=dossier.procedure_code,
        step_id=incident.step_id,
        name=wait.name if wait else name,
        kind=wait.kind if wait else SCAN if incident.step_id == SCAN else None,
        reason=incident.reason,
        place=incident.place,
        times=incident.times,
        first_at=incident.first_at,
        last_at=incident.last_at,
        again_at=incident.again_at,
    )


def still() -> ColumnElement[bool]:
    """Whether an incident stands, in a query that joins its dossier and (outer) its wait."""
    return or_(
        and_(Incident.wait_id.is_not(None), Wait.closed_at.is_(None)),
        and_(Incident.wait_id.is_(None), Incident.revision == Dossier.revision),
        *(exists(one) for one in _about()),
        Incident.step_id == SCAN,
    )


def _about() -> list[Select[str]]:
    """The name of the open task, and that of the open wait, that a person dealt with; others may have moved the dossier since."""
    task, wait = aliased(Task), aliased(Wait)
    return [
        select(one.name)
        .where(one.dossier_id == Incident.dossier_id, cast(one.id, String) == Incident.key, closed.is_(None))
        .correlate(Incident)
        for one, closed in ((task, task.done_at), (wait, wait.closed_at))
    ]


def may_be_tried(
    now: datetime | BindParameter[datetime], its: type[Incident] = Incident
) -> ColumnElement[bool]:
    """Whether a wait is whole or due to be tried again, in a query that (outer) joins its incident."""
    return or_(its.key.is_(None), its.again_at <= now)


def _log_unlodged(error: EngineRefused) -> None:
    log.error("broke before it was lodged", element=error.facts.get("element"), error=type(error).__name__)


def _tell(factory: sessionmaker[Session], clock: Clock, act: Act, error: Exception) -> bool:
    # The class alone: words of an error may hold a person's name, which a log may not.
    log.error("act broke", dossier_id=str(act.dossier_id), step=act.step, error=type(error).__name__)
    try:
        with unit_of_work(factory, SYSTEM, clock) as uow:
            about = str(act.about) if act.about else None
            _store(uow, act.dossier_id, act.step or "", act.wait_id, error, key=about)
    except Exception:
        log.exception("incident not told", dossier_id=str(act.dossier_id))
        return False
    return True


def _store(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    step_id: str,
    wait_id: uuid.UUID | None,
    error: Exception,
    key: str | None = None,
) -> None:
    key = key or str(wait_id or step_id)
    wait = uow.session.get(Wait, wait_id) if wait_id else None
    now = uow.clock.now()
    known = uow.session.get(Incident, (dossier_id, key))
    times = known.times + 1 if known else 1
    values = {
        "step_id": step_id,
        "reason": shortened(f"{type(error).__name__}: {error}", 1000),
        "place": error.facts if isinstance(error, EngineRefused) else None,
        "times": times,
        "last_at": now,
        # A question to the outside was tried by the queue until it gave up; all else comes round again.
        "again_at": now + min(_FIRST * 2 ** min(times - 1, 10), _LONGEST)
        if wait and wait.kind != "service"
        else None,
        "revision": uow.session.scalar(select(Dossier.revision).filter_by(id=dossier_id)),
    }
    told = insert(Incident).values(dossier_id=dossier_id, key=key, wait_id=wait_id, first_at=now, **values)
    uow.session.execute(told.on_conflict_do_update(index_elements=["dossier_id", "key"], set_=values))
