"""Papers and results on their way between doors: listed, given, acknowledged dossier by dossier.

Decree 118/2025 art. 18(2): papers go to whoever decides on the day of acceptance, after the cut-off in the first hour of
the next working day; art. 20(1): those that were received elsewhere within a working day, and the result comes back.
A list acknowledges the leg of a dossier that was received elsewhere: nobody says the same thing twice.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from engine.base import pages
from engine.base.actor import Actor
from engine.base.errors import DomainError, Missing, SentOtherwise, Stale
from engine.base.ids import digest_of
from engine.base.pages import Page, beyond, cursor, paged
from engine.base.questions import Question, ask
from engine.base.text import shortened
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.calendar import days
from engine.calendar.opening import Calendar, instant, local
from engine.calendar.rules import Rules
from engine.catalog.models import Procedure
from engine.documents import numbers
from engine.documents.models import Component
from engine.dossiers import clock, course, offices, steps, tasks
from engine.dossiers.handover_models import HandoverItem, HandoverList
from engine.dossiers.models import Dossier, Task, Transfer
from engine.dossiers.register import papers_by
from engine.dossiers.registers import letterhead
from engine.ledger.append import append
from engine.ledger.events import HandoverAcknowledged, HandoverSent
from engine.org import permissions
from engine.org.models import Office, Officer

#: What passes: the papers of a dossier to whoever decides, its result to whoever returns it.
PAPERS, RESULT = "papers", "result"
#: What the other side may say of one dossier.
STATES = ("received", "short", "missing")
#: Dossiers that a page offers: all of a day's, mostly, go on one list.
_OFFERED = 300
#: Letters of a paper's name in the form of that step; the list has all of it.
_NAMED = 250
_HANDING = "hand_over_papers"


class HandoverChanged(Stale):
    """Some of these were handed over, or decided, after the page was drawn."""


class HandoverMixed(DomainError):
    """A list has dossiers, and all of them go from one office to one other."""

    kind = "invalid"


class CarrierMissing(DomainError):
    """Somebody carries the papers: say who."""

    kind = "invalid"


class ShortageUnsaid(DomainError):
    """Where something is short, say what."""

    kind = "invalid"


class HandoverAnswered(Stale):
    """Of this dossier the other side has said something else before."""


@dataclass(frozen=True)
class Ready:
    """A dossier whose papers, or whose result, wait to be handed over."""

    dossier_id: uuid.UUID
    code: str
    owner: str
    procedure: str
    accepted_at: datetime
    #: Until when they should have been given; None: no rule says.
    due_at: datetime | None
    late: bool
    #: The numbers of the law under which it was received.
    law: Rules


@dataclass(frozen=True)
class Batch:
    """What may go on one list."""

    kind: str
    from_office: Office
    to_office: Office
    rows: list[Ready]


@dataclass(frozen=True)
class Listed:
    """One list as a page shows it."""

    row: HandoverList
    giver: str
    taker: str
    sender: str
    late: bool
    #: Of how many dossiers, and what was said of each so far.
    states: list[str | None]


@dataclass(frozen=True)
class Line:
    """One dossier of a list."""

    item: HandoverItem
    dossier: Dossier
    #: As the list says them; of a result its number.
    said: dict[str, Any]
    closer: str | None


def ready(uow: UnitOfWork, *, after: str | None = None, limit: int | None = None) -> Page[Batch]:
    """QUERY: what the actor's offices have to hand over, by way, those accepted first; its total is of dossiers."""
    most = limit or _OFFERED
    found = sorted(_ready(uow, beyond(after, Dossier.accepted_at, Dossier.id), most + 1), key=_accepted)
    whole = after is None and len(found) <= most
    total = len(found) if whole else sum(pages.counted(uow.session, query) for query in _queries(uow).values())
    more = cursor(*_accepted(found[most - 1])) if len(found) > most else None
    return Page(_batches(uow, found[:most]), total, more)


#: (kind, dossier, name of its procedure, receiving office, competent office)
_Found = tuple[str, Any, str, Office, Office]


def _accepted(one: _Found) -> tuple[Any, uuid.UUID]:
    return one[1].accepted_at, one[1].id


def _queries(uow: UnitOfWork) -> dict[str, Any]:
    return {PAPERS: _papers(uow, uow.actor.offices), RESULT: _results(uow.actor.offices)}


def _ready(uow: UnitOfWork, which: ColumnElement[bool], most: int | None = None) -> list[_Found]:
    rows = ((kind, uow.session.execute(query.where(which).limit(most))) for kind, query in _queries(uow).items())
    return [(kind, *row) for kind, found in rows for row in found]


def _batches(uow: UnitOfWork, found: Iterable[_Found]) -> list[Batch]:
    session, now = uow.session, uow.clock.now()
    calendars: dict[uuid.UUID, Calendar] = {}
    batches: dict[tuple[str, uuid.UUID, uuid.UUID], Batch] = {}
    for kind, dossier, procedure, receiving, competent in found:
        giver, taker = (receiving, competent) if kind == PAPERS else (competent, receiving)
        if giver.id not in calendars:
            calendars[giver.id] = days.load(session, giver.id, now)
        law = clock.rules_of(dossier)
        until = _until(kind, dossier, receiving, competent, calendars[giver.id], law)
        way = batches.setdefault((kind, giver.id, taker.id), Batch(kind, giver, taker, []))
        late = until is not None and until < now
        code = dossier.code or dossier.reference
        way.rows.append(Ready(dossier.id, code, dossier.owner_name, procedure, dossier.accepted_at, until, late, law))
    for way in batches.values():
        way.rows.sort(key=lambda one: (one.due_at or now, one.code))
    return sorted(batches.values(), key=lambda one: (one.kind, one.from_office.code, one.to_office.code))


def _until(
    kind: str, dossier: Dossier, receiving: Office, competent: Office, calendar: Calendar, law: Rules
) -> datetime | None:
    """T04, or T05 where the papers go to another place; in the days of who gives them."""
    begun = dossier.accepted_at if kind == PAPERS else dossier.decided_at
    if begun is None:
        return None
    if offices.is_elsewhere(receiving, competent):
        return steps.by_rule(calendar, law, "T05", begun).at
    return papers_by(calendar, law["T04"], begun) if kind == PAPERS else None


_RECEIVING, _COMPETENT = aliased(Office), aliased(Office)
_READY = (
    select(Dossier, Procedure.name_vi, _RECEIVING, _COMPETENT)
    .join(Procedure, Procedure.code == Dossier.procedure_code)
    .join(_RECEIVING, _RECEIVING.id == Dossier.receiving_office_id)
    .join(_COMPETENT, _COMPETENT.id == Dossier.competent_office_id)
    .where(Dossier.ended_at.is_(None), Dossier.accepted_at.is_not(None), _RECEIVING.id != _COMPETENT.id)
    .order_by(Dossier.accepted_at, Dossier.id)
)


def _listed(kind: str, to_office: Any) -> ColumnElement[bool]:
    """It is on a list to this office already, and was not missing there."""
    return (
        select(HandoverItem.dossier_id)
        .join(HandoverList, HandoverList.id == HandoverItem.list_id)
        .where(HandoverItem.dossier_id == Dossier.id, HandoverList.kind == kind, HandoverList.to_office_id == to_office)
        .where(HandoverItem.state.is_distinct_from("missing"))
        .exists()
    )


def _missed(kind: str) -> ColumnElement[bool]:
    """It was on a list, and did not arrive."""
    return (
        select(HandoverItem.dossier_id)
        .join(HandoverList, HandoverList.id == HandoverItem.list_id)
        .where(HandoverItem.dossier_id == Dossier.id, HandoverList.kind == kind, HandoverItem.state == "missing")
        .exists()
    )


def _papers(uow: UnitOfWork, mine: Iterable[uuid.UUID]) -> Any:
    """Papers that were accepted here, and that whoever decides does not have: accepted today, or untouched there."""
    today = instant(local(uow.clock.now()).date(), time.min)
    there = select(Task.id).where(Task.dossier_id == Dossier.id, Task.done_how == "completed")
    worked_on = there.where(Task.office_id == Dossier.competent_office_id).exists()
    handing = select(Task.id).where(Task.dossier_id == Dossier.id, Task.step_id == _HANDING)
    gone = and_(handing.where(Task.done_how == "completed").exists(), ~handing.where(Task.done_at.is_(None)).exists())
    return _READY.where(
        Dossier.receiving_office_id.in_(mine),
        Dossier.dossier_form == "paper",
        Dossier.decided_at.is_(None),
        ~_listed(PAPERS, Dossier.competent_office_id),
        or_(and_(~gone, or_(Dossier.accepted_at >= today, ~worked_on)), _missed(PAPERS)),
    )


def _results(mine: Iterable[uuid.UUID]) -> Any:
    """Results on paper that were decided here, and that whoever returns them does not have."""
    return _READY.where(
        Dossier.competent_office_id.in_(mine),
        Dossier.status == "decided",
        Dossier.decided_at.is_not(None),
        Dossier.return_way != "online",
        ~_listed(RESULT, Dossier.receiving_office_id),
    )


def send(
    uow: UnitOfWork, key: uuid.UUID, *, kind: str, to_office_id: uuid.UUID, dossier_ids: Sequence[uuid.UUID], carrier: str
) -> HandoverList:
    """Give the papers of these dossiers on one list, which whoever sends signs by this act; `key` is the page's.

    Where they go to another place, this is also the step that hands them over there.
    Refusals: HandoverMixed, HandoverChanged, CarrierMissing, Forbidden, SentOtherwise.
    """
    session = uow.session
    wait_turn(session, key)
    if known := session.get(HandoverList, key):
        _same(session, known, kind, to_office_id, dossier_ids, carrier)
        return known
    if not carrier.strip():
        raise CarrierMissing
    wanted = set(dossier_ids)
    session.execute(select(Dossier.id).where(Dossier.id.in_(wanted)).order_by(Dossier.id).with_for_update())
    offered = _batches(uow, _ready(uow, Dossier.id.in_(wanted)))
    batch = next((one for one in offered if one.kind == kind), None)
    if not wanted or kind not in (PAPERS, RESULT) or (batch and batch.to_office.id != to_office_id):
        raise HandoverMixed
    if batch is None or wanted - {row.dossier_id for row in batch.rows}:
        raise HandoverChanged
    chosen = [row for row in batch.rows if row.dossier_id in wanted]
    row = _row(uow, key, batch, chosen, carrier.strip())
    permissions.require(uow.actor, "handover.send", row)
    session.add(row)
    session.flush()
    for position, one in enumerate(chosen, start=1):
        session.add(HandoverItem(list_id=key, dossier_id=one.dossier_id, position=position))
        told = HandoverSent(list_id=str(key), kind=kind, to_office=str(to_office_id), data_digest=row.digest)
        append(uow, one.dossier_id, told)
    session.flush()
    if kind == PAPERS:
        _hand_over(uow, row)
    return row


def _same(
    session: Session, known: HandoverList, kind: str, to_office_id: uuid.UUID, dossier_ids: Sequence[uuid.UUID], carrier: str
) -> None:
    listed = set(session.scalars(select(HandoverItem.dossier_id).filter_by(list_id=known.id)))
    if (known.kind, known.to_office_id, known.carrier, listed) != (kind, to_office_id, carrier.strip(), set(dossier_ids)):
        raise SentOtherwise


def _row(uow: UnitOfWork, key: uuid.UUID, batch: Batch, chosen: Sequence[Ready], carrier: str) -> HandoverList:
    now, giver, taker = uow.clock.now(), batch.from_office, batch.to_office
    counter, other = (giver, taker) if batch.kind == PAPERS else (taker, giver)
    elsewhere = offices.is_elsewhere(counter, other)
    sends, receives = (days.load(uow.session, one.id, now) for one in (giver, taker))
    until = min(_acknowledged_by(sends, receives, one.law, now, elsewhere=elsewhere) for one in chosen)
    data = letterhead(uow.session, giver.id) | {
        "kind": batch.kind,
        "from_office": giver.name,
        "to_office": taker.name,
        "carrier": carrier,
        "officer": uow.actor.name,
        "made_on": local(now).date().isoformat(),
        "sent_at": now.isoformat(),
        "due_at": until.isoformat(),
        "rows": _rows(uow.session, chosen),
    }
    return HandoverList(
        id=key,
        number=numbers.allocate(uow, giver.id, "handover_list"),
        kind=batch.kind,
        from_office_id=giver.id,
        to_office_id=taker.id,
        carrier=carrier,
        sent_by=uow.actor.officer_id,
        sent_at=now,
        due_at=until,
        data=data,
        digest=digest_of(data),
    )


def _acknowledged_by(sends: Calendar, receives: Calendar, law: Rules, now: datetime, *, elsewhere: bool) -> datetime:
    """L03 from the moment at which they are there: at once next door, elsewhere when T05 is over; each in the days of who does it."""
    there = steps.by_rule(sends, law, "T05", now).at if elsewhere else now
    return steps.by_rule(receives, law, "L03", there).at


def _rows(session: Session, chosen: Sequence[Ready]) -> list[dict[str, Any]]:
    """What the list says of each: its papers with their counts, the number of its result."""
    ids = [one.dossier_id for one in chosen]
    papers: dict[uuid.UUID, list[dict[str, Any]]] = {one: [] for one in ids}
    on_paper = or_(Component.obtained_by.is_(None), Component.obtained_by.in_(("paper", "scan")))
    there = select(Component).where(Component.dossier_id.in_(ids), Component.verdict == "ok", on_paper)
    for part in session.scalars(there.order_by(Component.position)):
        papers[part.dossier_id].append(
            {"name": part.name, "originals": part.originals, "certified": part.certified, "copies": part.copies}
        )
    dossiers = {one.id: one for one in session.scalars(select(Dossier).where(Dossier.id.in_(ids)))}
    return [
        {
            "dossier_id": str(one.dossier_id),
            "code": one.code,
            "procedure": one.procedure,
            "owner": one.owner,
            "due_at": at.isoformat() if (at := dossiers[one.dossier_id].due_at) else None,
            "result_number": dossiers[one.dossier_id].result_number,
            "papers": papers[one.dossier_id],
        }
        for one in chosen
    ]


def _hand_over(uow: UnitOfWork, row: HandoverList) -> None:
    """The step of those that were received elsewhere: the list is what its form asks for."""
    said = {one["dossier_id"]: one["papers"] for one in row.data["rows"]}
    open_ = select(Task).where(
        Task.dossier_id.in_([uuid.UUID(one) for one in said]), Task.step_id == _HANDING, Task.done_at.is_(None)
    )
    for task in uow.session.scalars(open_.order_by(Task.dossier_id)).all():
        papers = said[str(task.dossier_id)] or [{"name": "Hồ sơ giấy", "originals": 1, "copies": 0}]
        listed = [{"name": shortened(one["name"], _NAMED), "originals": one["originals"], "copies": one["copies"]} for one in papers]
        answers = {"papers": listed, "carrier": "officer", "carrier_name": row.carrier, "note": f"Danh sách số {row.number}"}
        tasks.complete(uow, task.id, answers, seen=task.revision)


def acknowledge(uow: UnitOfWork, list_id: uuid.UUID, said: Mapping[uuid.UUID, tuple[str, str]]) -> HandoverList:
    """Say of each dossier whether it is there, and what is short; those of which nothing is said wait on.

    The same again is one. Refusals: Missing, Forbidden, ShortageUnsaid, HandoverAnswered.
    """
    session, now = uow.session, uow.clock.now()
    row = session.get(HandoverList, list_id, with_for_update=True)
    if row is None or not _known(uow.actor, row):
        raise Missing
    permissions.require(uow.actor, "handover.acknowledge", row)
    items = {one.dossier_id: one for one in session.scalars(select(HandoverItem).filter_by(list_id=list_id))}
    if said.keys() - items.keys() or {state for state, _ in said.values()} - set(STATES):
        raise Missing
    for dossier_id, (state, note) in sorted(said.items()):
        if state == "short" and not note.strip():
            raise ShortageUnsaid
        _answer(uow, row, items[dossier_id], state, note.strip() or None)
    session.flush()
    if all(one.closed_at for one in items.values()):
        row.closed_at = row.closed_at or now
    return row


def _answer(uow: UnitOfWork, row: HandoverList, item: HandoverItem, state: str, note: str | None) -> None:
    if item.closed_at:
        if (item.state, item.note) != (state, note):
            raise HandoverAnswered
        return
    session = uow.session
    session.execute(select(Dossier.id).filter_by(id=item.dossier_id).with_for_update())
    item.state, item.note = state, note
    item.closed_at, item.closed_by = uow.clock.now(), uow.actor.officer_id
    digest = digest_of(note.encode()) if note else None
    append(uow, item.dossier_id, HandoverAcknowledged(list_id=str(row.id), state=state, note_digest=digest))
    leg = session.scalars(
        select(Transfer).filter_by(dossier_id=item.dossier_id, to_office_id=row.to_office_id, closed_at=None)
    ).first()
    if leg and state != "missing":
        course.acknowledge_transfer(uow, item.dossier_id, received=True, note=note)


def keep_print(uow: UnitOfWork, list_id: uuid.UUID, sha256: str) -> str:
    """Remember the bytes of the first print; of two at once those of one count, which is returned."""
    row = uow.session.get(HandoverList, list_id, with_for_update=True)
    if row is None or not _known(uow.actor, row):
        raise Missing
    row.printed_sha256 = row.printed_sha256 or sha256
    return row.printed_sha256


def _known(actor: Actor, row: HandoverList) -> bool:
    return bool({row.from_office_id, row.to_office_id} & set(actor.offices))


def incoming(session: Session, actor: Actor, now: datetime, *, after: str | None = None, limit: int | None = None) -> Page[Listed]:
    """QUERY: lists to the actor's offices that wait for their answer, what is due first on top."""
    query = _LISTS.where(HandoverList.to_office_id.in_(actor.offices), HandoverList.closed_at.is_(None))
    return _page(session, query, now, HandoverList.due_at, after, limit)


def outgoing(session: Session, actor: Actor, now: datetime, *, after: str | None = None, limit: int | None = None) -> Page[Listed]:
    """QUERY: lists from the actor's offices that wait for the other side's answer."""
    query = _LISTS.where(HandoverList.from_office_id.in_(actor.offices), HandoverList.closed_at.is_(None))
    return _page(session, query, now, HandoverList.due_at, after, limit)


def over(session: Session, actor: Actor, now: datetime, *, after: str | None = None, limit: int | None = None) -> Page[Listed]:
    """QUERY: lists from and to the actor's offices that were answered, the latest first."""
    mine = or_(HandoverList.from_office_id.in_(actor.offices), HandoverList.to_office_id.in_(actor.offices))
    query = _LISTS.where(mine, HandoverList.closed_at.is_not(None))
    return _page(session, query, now, HandoverList.closed_at, after, limit, down=True)


_GIVER, _TAKER = aliased(Office), aliased(Office)
_LISTS = (
    select(HandoverList, _GIVER.name, _TAKER.name, Officer.name)
    .join(_GIVER, _GIVER.id == HandoverList.from_office_id)
    .join(_TAKER, _TAKER.id == HandoverList.to_office_id)
    .join(Officer, Officer.id == HandoverList.sent_by)
)


def _page(
    session: Session, query: Any, now: datetime, at: Any, after: str | None, limit: int | None, *, down: bool = False
) -> Page[Listed]:
    page = paged(session, query, lambda *row: row, at=at, id=HandoverList.id, after=after, down=down, limit=limit)
    return Page(_shown(session, page.rows, now), page.total, page.more)


def _shown(session: Session, rows: Sequence[Any], now: datetime) -> list[Listed]:
    states: dict[uuid.UUID, list[str | None]] = {row.id: [] for row, *_ in rows}
    items = select(HandoverItem.list_id, HandoverItem.state).where(HandoverItem.list_id.in_(states))
    for list_id, state in session.execute(items.order_by(HandoverItem.position)) if states else ():
        states[list_id].append(state)
    return [
        Listed(row, giver, taker, sender, row.closed_at is None and row.due_at < now, states[row.id])
        for row, giver, taker, sender in rows
    ]


def opened(session: Session, actor: Actor, list_id: uuid.UUID, now: datetime) -> tuple[Listed, list[Line]]:
    """QUERY: one list with its dossiers, for whoever gives or takes it."""
    found = _shown(session, session.execute(_LISTS.where(HandoverList.id == list_id)).all(), now)
    if not found or not _known(actor, found[0].row):
        raise Missing
    said = {one["dossier_id"]: one for one in found[0].row.data["rows"]}
    lines = session.execute(
        select(HandoverItem, Dossier, Officer.name)
        .join(Dossier, Dossier.id == HandoverItem.dossier_id)
        .outerjoin(Officer, Officer.id == HandoverItem.closed_by)
        .where(HandoverItem.list_id == list_id)
        .order_by(HandoverItem.position)
    )
    return found[0], [Line(item, dossier, said[str(dossier.id)], closer) for item, dossier, closer in lines]


def of_dossier(session: Session, dossier_id: uuid.UUID) -> list[tuple[HandoverList, HandoverItem, str, str]]:
    """QUERY: every list that a dossier was on, with who gave and who took it."""
    (rows,) = ask(session, {"dossier_id": dossier_id}, _OF_DOSSIER)
    return [(row, item, giver, taker) for row, item, giver, taker in rows]


_OF_DOSSIER = Question(
    select(HandoverList, HandoverItem, _GIVER.name, _TAKER.name)
    .join(HandoverItem, HandoverItem.list_id == HandoverList.id)
    .join(_GIVER, _GIVER.id == HandoverList.from_office_id)
    .join(_TAKER, _TAKER.id == HandoverList.to_office_id)
    .where(HandoverItem.dossier_id == bindparam("dossier_id"))
    .order_by(HandoverList.sent_at)
)
