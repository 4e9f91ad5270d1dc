"""QUERY: the tracking register (Sổ theo dõi hồ sơ, Mẫu 07): what an office took in or decides, in order of acceptance."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.base.actor import Actor
from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Missing
from engine.base.pages import beyond, cursor
from engine.catalog.models import Procedure
from engine.documents.models import Slip
from engine.dossiers.handover_models import HandoverItem, HandoverList
from engine.dossiers.models import GROUP_CODE, Dossier, Transfer
from engine.dossiers.papers import place_of
from engine.dossiers.search import matches
from engine.org import directory
from engine.org.models import Office

#: How a dossier stands to its date: still open, decided, or ended without a decision.
STANDINGS = ("open", "open_late", "on_time", "late", "ended")


#: The channel; what an officer lodged for a citizen is told apart from what citizens lodge themselves.
_way = case((Dossier.assisted_by.is_not(None), "assisted"), else_=Dossier.channel)


class DaysTurned(DomainError):
    """A register is asked for from a day to a later one, or the same."""

    kind = "invalid"


class RegisterTooLong(DomainError):
    """More rows than a book of this kind may have: choose fewer days."""

    kind = "invalid"


@dataclass(frozen=True)
class Wanted:
    """Which part of the register: of one office, between two days (both belong to it), and whatever narrows it."""

    office_id: uuid.UUID
    since: date
    until: date
    procedure: str | None = None
    channel: str | None = None
    standing: str | None = None
    words: str = ""


@dataclass(frozen=True)
class RegisterRow:
    """One line of Mẫu 07."""

    dossier_id: uuid.UUID
    code: str
    slip_number: str
    procedure_code: str
    procedure_name: str
    owner_name: str
    submitter_name: str
    personal_id: str
    phone: str
    channel: str
    receiving: str
    competent: str
    accepted_at: datetime
    due_at: datetime | None
    #: When its papers, or its data where none went on a list, were given to whoever decides.
    transferred_at: datetime
    decided_at: datetime | None
    #: When whoever returns the result acknowledged it; of one that did not travel, when it was there.
    received_at: datetime | None
    returned_at: datetime | None
    return_way: str
    result_number: str
    status: str
    standing: str
    #: The code of the group that opened it, and which of its parts it is.
    group_code: str
    child_kind: str

    @property
    def cursor(self) -> str:
        """Give it back as `after` for the next page."""
        return cursor(self.accepted_at, self.dossier_id)


@dataclass(frozen=True)
class Totals:
    """What stands under the register."""

    taken_in: int
    by_standing: dict[str, int]
    #: In the order of their number.
    by_channel: dict[str, int]


#: Of a register that has no line.
NOBODY = Totals(0, {}, {})


def offices(session: Session, actor: Actor, today: date) -> list[directory.OfficeRow]:
    """Whose registers the actor may open: those of the offices whose dossiers they may read."""
    known = directory.offices(session, on=today)
    if actor.stands_in("auditor"):
        return known
    mine = directory.reach(session, actor)
    return [one for one in known if one.id in mine]


def rows(
    session: Session, actor: Actor, wanted: Wanted, now: datetime, *, after: str | None = None, limit: int = 50
) -> list[RegisterRow]:
    """A page of the register, the earliest first."""
    query = _lines(now).where(_of(session, actor, wanted, now)).limit(limit)
    query = query.where(beyond(after, Dossier.accepted_at, Dossier.id))
    return [RegisterRow(**_plain(one)) for one in session.execute(query).mappings()]


def whole(session: Session, actor: Actor, wanted: Wanted, now: datetime, *, most: int) -> list[RegisterRow]:
    """All of it, for a book; refuses one that has more lines than `most`."""
    found = rows(session, actor, wanted, now, limit=most + 1)
    if len(found) > most:
        raise RegisterTooLong(most=most)
    return found


def totals(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Totals:
    """How many were taken in, how they stand, and by which channel they came."""
    standing, way = _standing(now).label("standing"), _way.label("way")
    query = (
        select(standing, way, func.count())
        .select_from(Dossier)
        .where(_of(session, actor, wanted, now))
        .group_by(standing, way)
    )
    stand, came = Counter[str](), Counter[str]()
    for name, channel, count in session.execute(query):
        stand[name] += count
        came[channel] += count
    return Totals(stand.total(), {name: stand[name] for name in STANDINGS}, dict(came.most_common()))


def procedures(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Sequence[tuple[str, str]]:
    """The procedures that occur, for the filter."""
    narrowed = Wanted(wanted.office_id, wanted.since, wanted.until)
    query = (
        select(Procedure.code, Procedure.name_vi)
        .join(Dossier, Dossier.procedure_code == Procedure.code)
        .where(_of(session, actor, narrowed, now))
        .distinct()
        .order_by(Procedure.name_vi)
    )
    return [(code, name) for code, name in session.execute(query)]


def _of(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    if wanted.since > wanted.until:
        raise DaysTurned
    if wanted.office_id not in {one.id for one in offices(session, actor, now.astimezone(VIETNAM).date())}:
        raise Missing
    office = wanted.office_id
    limits = [
        or_(Dossier.receiving_office_id == office, Dossier.competent_office_id == office),
        Dossier.accepted_at >= _midnight(wanted.since),
        Dossier.accepted_at < _midnight(wanted.until + timedelta(days=1)),
    ]
    if wanted.procedure:
        limits.append(Dossier.procedure_code == wanted.procedure)
    if wanted.channel:
        limits.append(_way == wanted.channel)
    if wanted.standing:
        limits.append(_standing(now) == wanted.standing)
    if wanted.words:
        limits.append(matches(wanted.words))
    return and_(*limits)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _standing(now: datetime) -> Any:
    return case(
        (and_(Dossier.decided_at.is_not(None), Dossier.decided_at <= func.coalesce(Dossier.due_at, Dossier.decided_at)), "on_time"),
        (Dossier.decided_at.is_not(None), "late"),
        (Dossier.ended_at.is_not(None), "ended"),
        (Dossier.due_at < now, "open_late"),
        else_="open",
    )


def _listed(kind: str, at: Any) -> Any:
    """Of the lists of this kind that the dossier was on, but for those on which it did not arrive."""
    return (
        select(at)
        .join_from(HandoverItem, HandoverList, HandoverList.id == HandoverItem.list_id)
        .where(HandoverItem.dossier_id == Dossier.id, HandoverList.kind == kind)
        .where(HandoverItem.state.is_distinct_from("missing"))
        .scalar_subquery()
    )


def _leg(at: Any, *which: ColumnElement[bool]) -> Any:
    return select(at).where(Transfer.dossier_id == Dossier.id, *which).scalar_subquery()


#: Art. 18(2): papers go on a list; art. 18(1): what is electronic is there at once.
_TRANSFERRED = func.coalesce(
    _listed("papers", func.min(HandoverList.sent_at)), _leg(func.min(Transfer.sent_at)), Dossier.accepted_at
)
#: The way back, of which papers went the other way before the decision.
_BACK = (Transfer.to_office_id == Dossier.receiving_office_id, Transfer.sent_at >= Dossier.decided_at)
_TRAVELLED = func.coalesce(_listed("result", func.count()), 0) + _leg(func.count(), *_BACK)
_RECEIVED = case(
    (
        _TRAVELLED > 0,
        func.least(
            _listed("result", func.min(HandoverItem.closed_at)),
            _leg(func.min(Transfer.closed_at), *_BACK, Transfer.state == "received"),
        ),
    ),
    else_=Dossier.decided_at,
)


def _lines(now: datetime) -> Select[Any]:
    receiving, competent = aliased(Office), aliased(Office)
    number = (
        select(Slip.number)
        .where(Slip.dossier_id == Dossier.id, Slip.kind == "receipt")
        .order_by(Slip.made_at)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Dossier.id.label("dossier_id"),
            Dossier.code,
            number.label("slip_number"),
            Dossier.procedure_code,
            Procedure.name_vi.label("procedure_name"),
            Dossier.owner_name,
            Dossier.submitter_name,
            Dossier.applicant_personal_id.label("personal_id"),
            Dossier.applicant_phone.label("phone"),
            _way.label("channel"),
            receiving.name.label("receiving"),
            competent.name.label("competent"),
            Dossier.accepted_at,
            Dossier.due_at,
            _TRANSFERRED.label("transferred_at"),
            Dossier.decided_at,
            _RECEIVED.label("received_at"),
            Dossier.ended_at,
            Dossier.return_way,
            Dossier.result_number,
            Dossier.status,
            _standing(now).label("standing"),
            GROUP_CODE,
            Dossier.child_kind,
        )
        .join(Procedure, Procedure.code == Dossier.procedure_code)
        .join(receiving, receiving.id == Dossier.receiving_office_id)
        .join(competent, competent.id == Dossier.competent_office_id)
        .order_by(Dossier.accepted_at, Dossier.id)
    )


_MAY_LACK = ("slip_number", "personal_id", "phone", "result_number", "group_code", "child_kind")


def _plain(row: Any) -> dict[str, Any]:
    """As a line says it: what is not known is empty."""
    line = dict(row)
    ended_at = line.pop("ended_at")
    line["returned_at"] = ended_at if line["status"] == "handed_over" else None
    return line | {name: line[name] or "" for name in _MAY_LACK}


def letterhead(session: Session, office_id: uuid.UUID) -> dict[str, str]:
    """Who keeps the register, as the head of a paper names it, and where."""
    line = directory.path(session, office_id)
    above = line[-2].name if len(line) > 1 else ""
    codes = [one.place_code for one in reversed(line) if one.place_code]
    return {"office": line[-1].name, "parent_office": above, **place_of(codes)}
