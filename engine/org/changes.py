"""Offices that are renamed, or become part of another: drafted first, then done at once.

A renamed office stays itself. One that becomes part of another ends on the day, names its successor, and its people
stand in the same lanes there from that day on; their desks go on showing what it had (`directory.standings`).
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing, SentOtherwise
from engine.base.pages import Page, paged
from engine.base.text import fold
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.ledger.append import append
from engine.ledger.events import OfficeAssigned
from engine.ledger.models import LedgerEvent
from engine.org import directory, permissions
from engine.org.change_models import FormerName, OfficeChange
from engine.org.directory import OfficeRow
from engine.org.models import BRANCHES, Office, OfficeKind, Posting

RENAME, MERGE = "rename", "merge"
DRAFTED, DONE, DROPPED = "drafted", "done", "dropped"
#: So far back, and ahead, a decision may begin to hold.
_FAR = timedelta(days=366)
_DAY = timedelta(days=1)


class ChangeUnclear(DomainError):
    """Say which office, what it becomes, and by which decision."""

    kind = "invalid"


class ChangeDay(DomainError):
    """A change of offices begins to hold on a day about now."""

    kind = "invalid"


class OfficesUnlike(DomainError):
    """Only offices of one kind become one."""

    kind = "invalid"


class OfficeChanging(DomainError):
    """Another change that was drafted is about one of these offices."""


class CentreHoldsNone(DomainError):
    """A centre receives and returns; parts of groups go to who decides."""

    kind = "invalid"


class BranchHeld(DomainError):
    """Another office of the same place holds this branch."""


class ChangeNotYet(DomainError):
    """The decision does not hold before its day."""


@dataclass(frozen=True)
class Drafted:
    """A change as a page shows it."""

    row: OfficeChange
    #: As they were called.
    offices: list[str]
    #: What they become part of; of a rename its new name.
    to: str


def draft(
    uow: UnitOfWork,
    key: uuid.UUID,
    *,
    kind: str,
    offices: Sequence[uuid.UUID],
    to: uuid.UUID | None,
    name: str,
    name_en: str,
    decision: str,
    effective_from: date,
) -> OfficeChange:
    """Write down what was decided; nothing changes yet. `key` is the page's.

    Refusals: ChangeUnclear, ChangeDay, OfficesUnlike, OfficeChanging, SentOtherwise.
    """
    permissions.require(uow.actor, "office.manage")
    session, today = uow.session, uow.clock.today()
    # Of two that are drafted at once about one office, the second is told of the first.
    wait_turn(session, "office_change")
    what = {"offices": [str(one) for one in dict.fromkeys(offices)], "to": str(to), "name": name.strip(), "name_en": name_en.strip()}
    if known := session.get(OfficeChange, key):
        said = known.what if kind == MERGE else known.what | {"to": str(to)}
        if (known.kind, said, known.decision, known.effective_from) != (kind, what, decision.strip(), effective_from):
            raise SentOtherwise
        return known
    there = {one.id: one for one in session.scalars(select(Office).where(directory.holds(Office, today)))}
    old = [there[one] for one in dict.fromkeys(offices) if one in there]
    successor = old[0] if kind == RENAME and old else there.get(to) if to else None
    sound = kind in (RENAME, MERGE) and old and successor and decision.strip() and len(old) == len(set(offices))
    if not sound or successor is None:
        raise ChangeUnclear
    if kind == RENAME and (len(old) > 1 or not name.strip() or name.strip() == successor.name):
        raise ChangeUnclear
    if kind == MERGE and successor in old:
        raise ChangeUnclear
    if abs(effective_from - today) > _FAR:
        raise ChangeDay
    if any(one.kind != successor.kind or one.kind == OfficeKind.PROVINCE for one in old) and kind == MERGE:
        raise OfficesUnlike
    if {one.id for one in old} & _under_way(session):
        raise OfficeChanging
    row = OfficeChange(
        id=key,
        kind=kind,
        what=what | {"to": str(successor.id)},
        decision=decision.strip(),
        effective_from=effective_from,
        state=DRAFTED,
        drafted_at=uow.clock.now(),
        drafted_by=uow.actor.officer_id,
    )
    session.add(row)
    return row


def _under_way(session: Session) -> set[uuid.UUID]:
    rows = session.scalars(select(OfficeChange).filter_by(state=DRAFTED))
    return {uuid.UUID(one) for row in rows for one in (*row.what["offices"], *([row.what["to"]] if row.kind == MERGE else []))}


def drop(uow: UnitOfWork, change_id: uuid.UUID) -> None:
    """A draft that will not be done; twice is once."""
    permissions.require(uow.actor, "office.manage")
    row = uow.session.get(OfficeChange, change_id, with_for_update=True)
    if row is None or row.state == DONE:
        raise Missing
    row.state = DROPPED


def assign(uow: UnitOfWork, key: uuid.UUID, office_id: uuid.UUID, branch: str | None) -> None:
    """Parts of groups that go to a branch come to this office from now on; what is so already is no event. `key` is the page's.

    Refusals: Missing, Forbidden, ChangeUnclear, SentOtherwise, CentreHoldsNone, BranchHeld.
    """
    permissions.require(uow.actor, "office.manage")
    if branch is not None and branch not in BRANCHES:
        raise ChangeUnclear
    # Of two that are given one branch at once, the second is told of the first.
    wait_turn(uow.session, "office_branch")
    if known := _assigned(uow.session, key):
        if known != (office_id, branch):
            raise SentOtherwise
        return
    there = directory.holds(Office, uow.clock.today())
    office = uow.session.scalar(select(Office).where(Office.id == office_id, there).with_for_update())
    if office is None:
        raise Missing
    if office.branch == branch:
        return
    if branch is not None:
        if office.kind == OfficeKind.CENTRE:
            raise CentreHoldsNone
        # Whom a part goes to is looked up by place, below one province; see `offices.of_branch`.
        beside = (Office.place_code.is_not_distinct_from(office.place_code), Office.parent_id.is_not_distinct_from(office.parent_id))
        held = select(Office.name).where(Office.branch == branch, Office.id != office.id, there, *beside).order_by(Office.code)
        if other := uow.session.scalar(held.limit(1)):
            raise BranchHeld(office=other)
    office.branch = branch
    append(uow, office_id, OfficeAssigned(branch=branch, key=str(key)))


def _assigned(session: Session, key: uuid.UUID) -> tuple[uuid.UUID, str | None] | None:
    """What the same page said, however often others changed it since: (office, branch)."""
    told = LedgerEvent.stream_id.in_(select(Office.id)), LedgerEvent.type == OfficeAssigned.type
    row = session.scalar(select(LedgerEvent).where(*told, LedgerEvent.payload["key"].astext == str(key)))
    return (row.stream_id, row.payload["branch"]) if row else None


def successors(session: Session, row: OfficeChange) -> dict[uuid.UUID, uuid.UUID]:
    """Office -> the one that answers for it afterwards: the offices themselves, and their centres; none of a rename."""
    if row.kind == RENAME:
        return {}
    to = uuid.UUID(row.what["to"])
    old = [uuid.UUID(one) for one in row.what["offices"]]
    found = dict.fromkeys(old, to)
    centres = session.scalars(
        select(Office).where(
            Office.kind == OfficeKind.CENTRE,
            Office.parent_id.in_([*old, to]),
            directory.holds(Office, row.effective_from),
        ).order_by(Office.code)
    ).all()
    own = next((one.id for one in centres if one.parent_id == to), None)
    if own:
        found |= {one.id: own for one in centres if one.parent_id != to}
    return found


def apply(uow: UnitOfWork, row: OfficeChange, moved: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """What becomes of the offices and their people; dossiers are moved by whoever calls this.

    Refusals: ChangeNotYet.
    """
    session, day = uow.session, row.effective_from
    if day > uow.clock.today():
        raise ChangeNotYet(day=f"{day:%d/%m/%Y}")
    to = session.get_one(Office, uuid.UUID(row.what["to"]))
    if row.what["name"]:
        _was(session, row, to, to.id)
        to.name = row.what["name"]
        to.name_en = row.what["name_en"] or to.name_en
    for old_id, new_id in moved.items():
        old = session.get_one(Office, old_id)
        _was(session, row, old, new_id)
        old.valid_to, old.replaced_by_id = max(day, old.valid_from + _DAY), new_id
        # Whoever asks for one that became part of it finds the last successor in one step.
        session.execute(update(Office).where(Office.replaced_by_id == old_id).values(replaced_by_id=new_id))
        session.execute(update(FormerName).where(FormerName.office_id == old_id).values(office_id=new_id))
        session.execute(update(Office).where(Office.parent_id == old_id, Office.id.not_in(moved)).values(parent_id=new_id))
        _people(session, old_id, new_id, day)
    row.state, row.done_at, row.done_by = DONE, uow.clock.now(), uow.actor.officer_id
    session.flush()


def _was(session: Session, row: OfficeChange, office: Office, now_id: uuid.UUID) -> None:
    session.add(
        FormerName(
            was_id=office.id,
            office_id=now_id,
            code=office.code,
            name=office.name,
            name_en=office.name_en,
            until=row.effective_from,
            change_id=row.id,
        )
    )


def _people(session: Session, old_id: uuid.UUID, new_id: uuid.UUID, day: date) -> None:
    """Everybody who stands there goes along, into the same lane; postings that are over stay as they were."""
    held = or_(Posting.valid_to.is_(None), Posting.valid_to > day)
    there = {(one.officer_id, one.lane) for one in session.scalars(select(Posting).where(Posting.office_id == new_id, held))}
    standing = select(Posting).where(Posting.office_id == old_id, held)
    for one in session.scalars(standing).all():
        until = one.valid_to
        begins = max(day, one.valid_from)
        one.valid_to = max(day, one.valid_from + _DAY)
        if (one.officer_id, one.lane) not in there and (until is None or until > begins):
            session.add(
                Posting(
                    officer_id=one.officer_id,
                    office_id=new_id,
                    lane=one.lane,
                    position=one.position,
                    valid_from=begins,
                    valid_to=until,
                )
            )


def former_names(session: Session) -> dict[uuid.UUID, list[FormerName]]:
    """QUERY: office -> what it, and what is part of it, was called, the latest first."""
    found: dict[uuid.UUID, list[FormerName]] = {}
    for row in session.scalars(select(FormerName).order_by(FormerName.until.desc(), FormerName.name)):
        found.setdefault(row.office_id, []).append(row)
    return found


def found(session: Session, words: str, on: date) -> tuple[list[OfficeRow], dict[uuid.UUID, list[FormerName]]]:
    """QUERY: offices of today whose name or code, now or before, has words that begin so; all of them for no words."""
    former, asked = former_names(session), fold(words).split()

    def says(one: OfficeRow) -> bool:
        called: list[OfficeRow | FormerName] = [one, *former.get(one.id, [])]
        told = (fold(f"{row.code} {row.name} {row.name_en}").split() for row in called)
        return any(all(any(part.startswith(word) for part in line) for word in asked) for line in told)

    return [one for one in directory.offices(session, on=on) if says(one)], former


def drafted(session: Session, *, after: str | None = None, limit: int | None = None) -> Page[Drafted]:
    """QUERY: changes that wait to be done, and those of before, the newest first."""
    query = select(OfficeChange).where(OfficeChange.state != DROPPED)
    at, id_ = OfficeChange.drafted_at, OfficeChange.id
    page = paged(session, query, lambda row: row, at=at, id=id_, after=after, down=True, limit=limit)
    return Page(_drafted(session, page.rows), page.total, page.more)


def one_drafted(session: Session, change_id: uuid.UUID) -> Drafted:
    """QUERY: one of them. Refusal: Missing."""
    row = session.get(OfficeChange, change_id)
    if row is None or row.state == DROPPED:
        raise Missing
    return _drafted(session, [row])[0]


def _drafted(session: Session, rows: Sequence[OfficeChange]) -> list[Drafted]:
    called = names(session, {uuid.UUID(one) for row in rows for one in (*row.what["offices"], row.what["to"])})
    was: dict[tuple[uuid.UUID, str], str] = {}
    for one in session.scalars(select(FormerName).where(FormerName.change_id.in_([row.id for row in rows]))):
        was[one.change_id, one.code] = one.name
    return [
        Drafted(
            row,
            [was.get((row.id, called[uuid.UUID(one)].code), called[uuid.UUID(one)].name) for one in row.what["offices"]],
            row.what["name"] or called[uuid.UUID(row.what["to"])].name,
        )
        for row in rows
    ]


def names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Office]:
    """QUERY: offices of any time by id."""
    return {one.id: one for one in session.scalars(select(Office).where(Office.id.in_(ids)))}
