"""Officers of the counter who decide: granted for a procedure and for days, and checked at each decision (art. 17(5))."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.db import UtcDateTime
from engine.base.errors import DomainError, Missing, SentOtherwise
from engine.base.ids import uuid7
from engine.base.pages import Page, paged
from engine.base.text import fold
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.catalog import browse, publish
from engine.catalog.models import Procedure
from engine.dossiers import offices
from engine.dossiers.act import Act
from engine.dossiers.models import NO_DUE, Dossier, Task
from engine.ledger.append import append
from engine.ledger.events import DelegationEnded, DelegationGranted
from engine.ledger.models import LedgerEvent
from engine.org import delegations, directory, permissions
from engine.org.directory import OfficeRow
from engine.org.models import Delegation, Office, OfficeKind, Officer, Posting

#: The step of a diagram at which the counter decides.
STEP = "decide_at_counter"


class NotAtCounter(DomainError):
    """The diagram of this procedure does not let the counter decide."""

    kind = "invalid"


class NotAtTheCounterOf(DomainError):
    """Only an officer of the office's own counter decides in its stead."""

    kind = "invalid"


class DaysUnclear(DomainError):
    """A delegation begins today or later, and does not end before it began."""

    kind = "invalid"


class NotDelegated(DomainError):
    """Only an officer to whom the office delegated this procedure decides at the counter."""


@dataclass(frozen=True)
class Granted:
    """A line of the list."""

    delegation: Delegation
    office: str
    officer: str
    procedure: str

    @property
    def last_day(self) -> date | None:
        """Until the end of which it holds; None: until it is ended, or where it holds on no day."""
        one = self.delegation
        return one.valid_to - timedelta(days=1) if one.valid_to and one.valid_to > one.valid_from else None

    def holds(self, on: date) -> bool:
        one = self.delegation
        return one.valid_from <= on and (one.valid_to is None or one.valid_to > on)


def grant(
    uow: UnitOfWork,
    *,
    office_id: uuid.UUID,
    officer_id: uuid.UUID,
    procedure_code: str,
    since: date,
    until: date | None,
    decision: str,
    may_sign: bool,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """An office lets an officer of its counter decide a procedure; `until` is the last day.

    `procedure_code`: or its name. Refusals: Forbidden, Missing, those of `browse.code_of`, SentOtherwise, NotAtCounter, NotAtTheCounterOf, DaysUnclear.
    """
    session, today = uow.session, uow.clock.today()
    office = session.get(Office, office_id)
    if office is None:
        raise Missing
    procedure_code = browse.code_of(session, procedure_code)
    row = Delegation(
        id=uuid7(),
        office_id=office_id,
        officer_id=officer_id,
        procedure_code=procedure_code,
        valid_from=since,
        valid_to=until + timedelta(days=1) if until else None,
        decision=decision.strip(),
        may_sign=may_sign,
        key=key,
        entered_at=uow.clock.now(),
        entered_by=uow.actor.officer_id,
    )
    permissions.require(uow.actor, "delegation.manage", row)
    granted = _told(row)
    if key and (known := _sent_before(session, key, granted)):
        return known
    if since < today or (until and until < since):
        raise DaysUnclear
    version_id = publish.id_in_force(session, procedure_code, today)
    if version_id is None or not _at_counter(session, version_id):
        raise NotAtCounter(procedure=procedure_code)
    counter = offices.counter_of(session, office, on=today)
    if officer_id not in {one.id for one in directory.officers_in(session, counter.id, "reception", on=today)}:
        raise NotAtTheCounterOf(office=office.name)
    session.add(row)
    append(uow, row.id, granted)
    return row.id


def procedures(session: Session, offices_: Sequence[OfficeRow], *, on: date) -> list[tuple[str, str]]:
    """QUERY: (code, name) of those that can be decided at the counter today, by name: with a diagram of their own, or in hand here.

    All others run on the frame, and there are thousands of them: whoever means one types its code.
    """
    own = publish.own_in_force(session, on)
    may = [code for code, version_id in own.items() if _at_counter(session, version_id)]
    asked: ColumnElement[bool] = Procedure.code.in_(may)
    frame = publish.id_in_force(session, publish.FRAME, on)
    if frame and _at_counter(session, frame):
        here = Dossier.competent_office_id.in_([one.id for one in offices_]), Dossier.ended_at.is_(None)
        in_hand = select(Dossier.procedure_code).where(*here, Dossier.procedure_code.not_in([*own]))
        asked = or_(asked, Procedure.code.in_(in_hand))
    found = [(code, name) for code, name in session.execute(select(Procedure.code, Procedure.name_vi).where(asked))]
    return sorted(found, key=lambda one: fold(one[1]))


def _at_counter(session: Session, version_id: uuid.UUID) -> bool:
    return STEP in publish.program_for(session, version_id).model.elements


def _sent_before(session: Session, key: uuid.UUID, granted: DelegationGranted) -> uuid.UUID | None:
    """What the same page made; a second click waits here for the first one's transaction. Refusal: SentOtherwise."""
    wait_turn(session, key)
    known = session.scalars(select(Delegation.id).filter_by(key=key)).first()
    if known and session.get_one(LedgerEvent, (known, 1)).payload != granted.payload():
        raise SentOtherwise
    return known


def end(uow: UnitOfWork, delegation_id: uuid.UUID) -> None:
    """Today the office decides itself again; what was decided stays. One that has ended stays as it is."""
    row = uow.session.scalars(select(Delegation).filter_by(id=delegation_id).with_for_update()).first()
    if row is None:
        raise Missing
    permissions.require(uow.actor, "delegation.manage", row)
    today = uow.clock.today()
    if row.valid_to is not None and row.valid_to <= today:
        return
    # One that had not begun, or began today, holds on no day.
    row.valid_to = max(today, row.valid_from)
    append(uow, row.id, DelegationEnded(valid_to=row.valid_to.isoformat()))


def carried(session: Session, moved: Mapping[uuid.UUID, uuid.UUID], day: date) -> list[Granted]:
    """QUERY: the delegations of offices that become part of others, which their successors take over from a day on."""
    query = _granted().where(Delegation.office_id.in_([*moved]), _lasts(day)).order_by(Delegation.id)
    return [Granted(*row) for row in session.execute(query)]


def carry_over(uow: UnitOfWork, moved: Mapping[uuid.UUID, uuid.UUID], day: date, decision: str) -> None:
    """What an office decided binds its successor until that decides otherwise: one ends, another begins, both told."""
    session = uow.session
    for one in session.scalars(select(Delegation).where(Delegation.office_id.in_([*moved]), _lasts(day))).all():
        begins, until = max(day, one.valid_from), one.valid_to
        one.valid_to = begins
        append(uow, one.id, DelegationEnded(valid_to=begins.isoformat()))
        row = Delegation(
            id=uuid7(),
            office_id=moved[one.office_id],
            officer_id=one.officer_id,
            procedure_code=one.procedure_code,
            valid_from=begins,
            valid_to=until,
            decision=f"{one.decision}; {decision}",
            may_sign=one.may_sign,
            entered_at=uow.clock.now(),
            entered_by=uow.actor.officer_id,
        )
        session.add(row)
        append(uow, row.id, _told(row))


def _told(row: Delegation) -> DelegationGranted:
    return DelegationGranted(
        office=str(row.office_id),
        officer=str(row.officer_id),
        procedure=row.procedure_code,
        valid_from=row.valid_from.isoformat(),
        valid_to=row.valid_to.isoformat() if row.valid_to else None,
        decision=row.decision,
        may_sign=row.may_sign,
    )


def _lasts(day: date) -> ColumnElement[bool]:
    """It holds on that day, or begins later."""
    return or_(Delegation.valid_to.is_(None), Delegation.valid_to > func.greatest(day, Delegation.valid_from))


def _granted() -> Select[*tuple[Any, ...]]:
    return (
        select(Delegation, Office.name, Officer.name, Procedure.name_vi)
        .join(Office, Office.id == Delegation.office_id)
        .join(Officer, Officer.id == Delegation.officer_id)
        .join(Procedure, Procedure.code == Delegation.procedure_code)
    )


def listed(session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None) -> Page[Granted]:
    """QUERY: delegations of the offices whose dossiers the actor may read, those that hold longest first."""
    query = _granted()
    if not actor.stands_in("administrator"):
        query = query.where(Delegation.office_id.in_(directory.reach(session, actor)))
    until = func.coalesce(cast(Delegation.valid_to, UtcDateTime), literal(NO_DUE, UtcDateTime))
    return paged(session, query, Granted, at=until, id=Delegation.id, after=after, down=True, limit=limit)


def candidates(session: Session, deciding: Sequence[OfficeRow], *, on: date) -> list[tuple[uuid.UUID, str, str]]:
    """QUERY: who receives at the counters of these offices on a day: (officer, name, counter)."""
    above = {one.id if one.kind == OfficeKind.COMMUNE else one.parent_id for one in deciding}
    query = (
        select(Officer.id, Officer.name, Office.name)
        .join(Posting, Posting.officer_id == Officer.id)
        .join(Office, Office.id == Posting.office_id)
        .where(Posting.lane == "reception", directory.holds(Posting, on))
        .where(Office.kind == OfficeKind.CENTRE, Office.parent_id.in_(above), directory.holds(Office, on))
        .order_by(Office.name, Officer.name)
    )
    return [(officer_id, name, counter) for officer_id, name, counter in session.execute(query)]


def check_decider(act: Act, clean: Mapping[str, Any]) -> None:
    """Whoever decides at the counter holds a delegation of the deciding office on this day; to pass it on needs none."""
    if not clean.get("passed_on") and _of(act, act.uow.actor.officer_id) is None:
        raise NotDelegated


def lapsed(act: Act, task: Task, document: Mapping[str, Any]) -> bool:
    """Whether nobody can go on with this task in its version: it decides at the counter, cannot pass on, and needs a delegation."""
    if task.step_id != STEP or '"passed_on"' in json.dumps(document):
        return False
    return _of(act, act.uow.actor.officer_id) is None


def may_sign(act: Act, officer_id: uuid.UUID) -> bool:
    """Whether who decided this at the counter may also sign it."""
    found = _of(act, officer_id)
    return found is not None and found.may_sign


def _of(act: Act, officer_id: uuid.UUID) -> Delegation | None:
    dossier, today = act.dossier, act.uow.clock.today()
    return delegations.held(
        act.uow.session, officer_id, dossier.procedure_code, dossier.competent_office_id, on=today
    )
