"""QUERY: what waits for the actor's lanes, soonest due first."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from engine.base.actor import Actor
from engine.base.db import UtcDateTime
from engine.base.pages import Page, beyond, cursor, paged
from engine.base.questions import Question, ask
from engine.base.text import fold
from engine.catalog.models import Procedure
from engine.dossiers.models import GROUP_CODE, NO_DUE, Consultation, Dossier, Task, Transfer, Wait
from engine.dossiers.search import matches
from engine.dossiers.visible import visible
from engine.org.models import Officer

Columns = TypeVarTuple("Columns")
#: An array of offices.
Offices = ColumnElement[Any]

#: How urgent a task is, in the order of the tabs.
URGENCIES = ("late", "urge", "warn", "ok", "none")
#: Whose tasks: mine and open, mine, open, those in other hands.
VIEWS = ("all", "mine", "open", "team")


@dataclass(frozen=True)
class InboxRow:
    """One line of the list."""

    task_id: uuid.UUID
    dossier_id: uuid.UUID
    revision: int
    code: str | None
    reference: str
    owner_name: str
    procedure_code: str
    procedure_name: str
    channel: str
    status: str
    step_id: str
    step_name: str
    lane: str
    assignee_id: uuid.UUID | None
    assignee_name: str | None
    office_id: uuid.UUID
    #: None where nothing runs.
    due_at: datetime | None
    #: The rule or the wait by which its clock stands still.
    still_by: str | None
    clock_from: datetime
    urgency: str
    #: The applicant changed what they declared since the task was opened.
    amended: bool
    #: The code of the group that opened this dossier, and which of its parts this is.
    group: str | None
    child_kind: str | None
    #: Give it back as `after` for the next page.
    cursor: str


@dataclass(frozen=True)
class Counts:
    """Figures of the tabs; each is also a filter."""

    by_urgency: Mapping[str, int]
    by_view: Mapping[str, int]


@dataclass(frozen=True)
class ProcedureCount:
    """One choice of the filter, and how many tasks it leaves."""

    code: str
    name: str
    many: int


@dataclass(frozen=True)
class WaitRow:
    """A dossier that waits for somebody outside the lane's own hands."""

    wait_id: uuid.UUID
    dossier_id: uuid.UUID
    code: str | None
    reference: str
    owner_name: str
    procedure_name: str
    subject: str
    name: str
    since: datetime
    due_at: datetime | None
    #: The code of the group that opened this dossier, and which of its parts this is.
    group: str | None
    child_kind: str | None


def inbox(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    view: str = "all",
    urgency: str | None = None,
    procedure: str | None = None,
    words: str = "",
    after: str | None = None,
    limit: int = 50,
) -> list[InboxRow]:
    """Open tasks of the actor's lanes and offices, by due date; a page of `limit` rows after a cursor."""
    query = (
        select(
            Task.id,
            Task.revision,
            Task.step_id,
            Task.name,
            Task.lane,
            Task.office_id,
            Task.assignee_id,
            Officer.name.label("assignee_name"),
            Task.sort_at,
            Task.still_by,
            Task.clock_from,
            Task.warn_at,
            Task.urge_at,
            Dossier.id.label("dossier_id"),
            Dossier.code,
            Dossier.reference,
            Dossier.owner_name,
            Dossier.procedure_code,
            Dossier.channel,
            Dossier.status,
            (Dossier.amended_at >= Task.opened_at).label("amended"),
            GROUP_CODE,
            Dossier.child_kind,
            Procedure.name_vi,
        )
        .join(Dossier, Dossier.id == Task.dossier_id)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .outerjoin(Officer, Officer.id == Task.assignee_id)
        .where(_mine_to_see(actor), _view(actor, view))
        .order_by(Task.sort_at, Task.id)
        .limit(limit)
    )
    if urgency:
        query = query.where(_urgency(now)[urgency])
    query = _only(query, procedure, words)
    query = query.where(beyond(after, Task.sort_at, Task.id))
    return [_row(one, now) for one in session.execute(query)]


def counts(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    view: str = "all",
    procedure: str | None = None,
    words: str = "",
) -> Counts:
    """All figures of the page in one pass over the open tasks of the lanes: of each urgency those in `view`."""
    query = _counted(now, actor.officer_id).where(_mine_to_see(actor))
    query = _only(query.join(Dossier, Dossier.id == Task.dossier_id), procedure, words)
    return _figures(session.execute(query).all(), view)


def at_the_desk(session: Session, actor: Actor, now: datetime) -> tuple[Counts, int]:
    """What stands beside every page: the counts of the whole inbox, and how many were sent here by other offices."""
    offices, lanes = zip(*sorted(actor.lanes, key=str), strict=True) if actor.lanes else ((), ())
    given = {"now": now, "officer_id": actor.officer_id, "offices": [*offices], "lanes": [*lanes], "own": [*actor.offices]}
    counted, ((sent,),), ((asked,),) = ask(session, given, *_AT_THE_DESK)
    return _figures(counted, "all"), sent + asked


def _counted(now: Any, officer_id: Any) -> Select[*tuple[Any, ...]]:
    urgency = case(*((when, literal_column(f"'{one}'")) for one, when in _urgency(now).items()), else_=literal_column("'none'"))
    whose = case(
        (Task.assignee_id.is_(None), literal_column("'open'")),
        (Task.assignee_id == officer_id, literal_column("'mine'")),
        else_=literal_column("'team'"),
    )
    return select(urgency, whose, func.count()).group_by(literal_column("1, 2"))


def _figures(counted: Iterable[Sequence[Any]], view: str) -> Counts:
    shown = {"mine", "open"} if view == "all" else {view}
    by_urgency, by_view = dict.fromkeys(URGENCIES, 0), dict.fromkeys(VIEWS, 0)
    for how, held, many in counted:
        by_view[held] += many
        if held != "team":
            by_view["all"] += many
        if held in shown:
            by_urgency[how] += many
    return Counts(by_urgency, by_view)


def procedures(session: Session, actor: Actor, *, view: str = "all") -> list[ProcedureCount]:
    """The procedures of the open tasks in a view, by name: the choices of the filter."""
    query = (
        select(Procedure.code, Procedure.name_vi, func.count())
        .join(Dossier, Dossier.procedure_code == Procedure.code)
        .join(Task, Task.dossier_id == Dossier.id)
        .where(_mine_to_see(actor), _view(actor, view))
        .group_by(Procedure.code)
        .order_by(Procedure.name_vi)
    )
    return [ProcedureCount(*row) for row in session.execute(query)]


def _only(query: Select[*Columns], procedure: str | None, words: str) -> Select[*Columns]:
    if procedure:
        query = query.where(Dossier.procedure_code == procedure)
    return query.where(matches(words)) if fold(words) else query


def waiting(
    session: Session, actor: Actor, *, others: Collection[str] = (), after: str | None = None, limit: int | None = None
) -> Page[WaitRow]:
    """Dossiers of the actor's offices that wait for the applicant, a payment, the post or a service, the longest first.

    `others`: subjects that are only another answer to something that is listed already.
    """
    open_question = and_(Consultation.answered_at.is_(None), Consultation.closed_at.is_(None))
    query = _waits().where(Wait.kind != "timer", Wait.subject.not_in(others), visible(session, actor, open_question))
    # Two questions, so that neither looks at all that was ever closed.
    open_, ended = query.where(Dossier.ended_at.is_(None)), query.where(Dossier.ended_at.is_not(None), Wait.beside)
    return _since(session, open_, ended, after, limit)


def incoming(session: Session, actor: Actor, *, after: str | None = None, limit: int | None = None) -> Page[WaitRow]:
    """What other offices sent to the actor's: dossiers to acknowledge, results back, questions to answer."""
    own = literal([*actor.offices], ARRAY(Uuid))
    return _since(session, _waits().where(_sent_to(own)), _questions(own), after, limit)


def _since(
    session: Session, one: Select[*tuple[Any, ...]], other: Select[*tuple[Any, ...]], after: str | None, limit: int | None
) -> Page[WaitRow]:
    """Two lists of waits as one."""
    both = union_all(one, other).subquery()
    return paged(session, select(*both.c), WaitRow, at=both.c.since, id=both.c.wait_id, after=after, limit=limit)


def _sent_to(offices: Offices) -> ColumnElement[bool]:
    """Found by the legs that are open: they are few, and each names where it goes."""
    legs = select(Transfer.dossier_id).where(Transfer.to_office_id == any_(offices), Transfer.closed_at.is_(None))
    acknowledges = [Wait.subject == literal_column(f"'{one}_acknowledged'") for one in ("transfer", "result")]
    return and_(Wait.dossier_id.in_(legs), or_(*acknowledges))


def _asked_of(offices: Offices) -> ColumnElement[bool]:
    """From the day it is sent: the diagram may go on working and only later wait for the answers."""
    return and_(
        Consultation.office_id == any_(offices),
        Consultation.answered_at.is_(None),
        Consultation.closed_at.is_(None),
    )


def _questions(offices: Offices) -> Select[*tuple[Any, ...]]:
    subject: SQLColumnExpression[str] = literal_column("'consultation_completed'")
    return (
        _wait_row(Consultation, subject, Consultation.question, Consultation.sent_at)
        .join(Dossier, Dossier.id == Consultation.dossier_id)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .where(_asked_of(offices))
    )


def _mine_to_see(actor: Actor) -> ColumnElement[bool]:
    return and_(
        Task.done_at.is_(None), tuple_(Task.office_id, Task.lane).in_(sorted(actor.lanes, key=str))
    )


def _view(actor: Actor, view: str) -> ColumnElement[bool]:
    mine, free = Task.assignee_id == actor.officer_id, Task.assignee_id.is_(None)
    return {
        "all": or_(mine, free),
        "mine": mine,
        "open": free,
        "team": and_(Task.assignee_id.is_not(None), Task.assignee_id != actor.officer_id),
    }[view]


def _urgency(now: datetime | ColumnElement[datetime]) -> dict[str, ColumnElement[bool]]:
    return {
        "late": Task.sort_at < now,
        "urge": and_(Task.sort_at >= now, Task.urge_at <= now),
        "warn": and_(Task.urge_at > now, Task.warn_at <= now),
        "ok": and_(Task.warn_at > now, Task.sort_at < NO_DUE),
        "none": Task.sort_at == NO_DUE,
    }


def _waits() -> Select[*tuple[Any, ...]]:
    return (
        _wait_row(Wait, Wait.subject, Wait.name, Wait.opened_at)
        .join(Dossier, Dossier.id == Wait.dossier_id)
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .where(Wait.closed_at.is_(None))
    )


def _wait_row(
    of: type[Wait | Consultation], subject: SQLColumnExpression[str], name: SQLColumnExpression[str], since: SQLColumnExpression[datetime]
) -> Select[*tuple[Any, ...]]:
    """The columns of a `WaitRow`, in its order."""
    return select(
        of.id.label("wait_id"),
        of.dossier_id,
        Dossier.code,
        Dossier.reference,
        Dossier.owner_name,
        Procedure.name_vi,
        subject.label("subject"),
        name.label("name"),
        since.label("since"),
        of.due_at,
        GROUP_CODE,
        Dossier.child_kind,
    ).select_from(of)


def urgency_of(sort_at: datetime, warn_at: datetime, urge_at: datetime, now: datetime) -> str:
    """The same classes as the filter, for one row."""
    if sort_at == NO_DUE:
        return "none"
    if sort_at < now:
        return "late"
    if urge_at <= now:
        return "urge"
    return "warn" if warn_at <= now else "ok"


def _row(one: Row[*tuple[Any, ...]], now: datetime) -> InboxRow:
    return InboxRow(
        task_id=one.id,
        dossier_id=one.dossier_id,
        revision=one.revision,
        code=one.code,
        reference=one.reference,
        owner_name=one.owner_name,
        procedure_code=one.procedure_code,
        procedure_name=one.name_vi,
        channel=one.channel,
        status=one.status,
        step_id=one.step_id,
        step_name=one.name,
        lane=one.lane,
        assignee_id=one.assignee_id,
        assignee_name=one.assignee_name,
        office_id=one.office_id,
        due_at=None if one.sort_at == NO_DUE else one.sort_at,
        still_by=one.still_by,
        clock_from=one.clock_from,
        urgency=urgency_of(one.sort_at, one.warn_at, one.urge_at, now),
        amended=bool(one.amended),
        group=one.group_code,
        child_kind=one.child_kind,
        cursor=cursor(one.sort_at, one.id),
    )


def _at_the_desk() -> tuple[Question, Question, Question]:
    now, officer, own = (
        bindparam("now", type_=UtcDateTime), bindparam("officer_id", type_=Uuid), bindparam("own", type_=ARRAY(Uuid))
    )  # fmt: skip
    lanes = func.unnest(bindparam("offices", type_=ARRAY(Uuid)), bindparam("lanes", type_=ARRAY(String)))
    mine = lanes.table_valued("office_id", "lane").render_derived()
    many = select(func.count())
    return (
        Question(
            _counted(now, officer)
            .join(mine, and_(Task.office_id == mine.c.office_id, Task.lane == mine.c.lane))
            .where(Task.done_at.is_(None))
        ),
        Question(many.where(Wait.closed_at.is_(None), _sent_to(own))),
        Question(many.where(_asked_of(own))),
    )


_AT_THE_DESK = _at_the_desk()
