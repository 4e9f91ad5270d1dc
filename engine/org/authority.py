"""Which office decides: rows by procedure or field, place and date, each with its law; entered and never overlapping."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from engine.base import pages
from engine.base.errors import DomainError, Missing, SentOtherwise
from engine.base.pages import Page
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.ledger.append import append
from engine.ledger.events import AuthorityClosed, AuthorityEntered
from engine.org import directory, permissions
from engine.org.authority_models import AuthorityRow
from engine.org.models import Office


class AuthorityUnclear(DomainError):
    """A row of authority names one procedure or one field, an office of today, a law, and from which day on."""

    kind = "invalid"


class AuthorityOverlap(DomainError):
    """Two rows would say on one day who decides the same."""

    kind = "invalid"


def enter(
    uow: UnitOfWork,
    key: uuid.UUID,
    *,
    procedure_code: str | None,
    field: str | None,
    place_code: str | None,
    office_id: uuid.UUID | None,
    basis: str,
    effective_from: date,
    effective_to: date | None,
) -> AuthorityRow:
    """Say who decides from a day on; `key` is the page's. Refusals: AuthorityUnclear, AuthorityOverlap, Forbidden, SentOtherwise."""
    permissions.require(uow.actor, "authority.manage")
    session = uow.session
    # Two that are entered at once do not pass each other by.
    wait_turn(session, "authority_row")
    if known := session.get(AuthorityRow, key):
        said_now = (procedure_code, field, place_code, office_id, basis.strip(), effective_from)
        if said_now != (known.procedure_code, known.field, known.place_code, known.office_id, known.basis, known.effective_from):
            raise SentOtherwise
        return known
    office = session.scalar(select(Office).where(Office.id == office_id, directory.holds(Office, uow.clock.today())))
    if (procedure_code is None) == (field is None) or office is None or not basis.strip():
        raise AuthorityUnclear
    if effective_to is not None and effective_to <= effective_from:
        raise AuthorityUnclear
    row = AuthorityRow(
        id=key,
        procedure_code=procedure_code,
        field=field,
        place_code=place_code,
        office_id=office.id,
        basis=basis.strip(),
        effective_from=effective_from,
        effective_to=effective_to,
        entered_at=uow.clock.now(),
        entered_by=uow.actor.officer_id,
    )
    for other in session.scalars(select(AuthorityRow).filter_by(procedure_code=procedure_code, field=field, place_code=place_code)):
        if _overlap(row, other):
            raise AuthorityOverlap(one=said(row, office), other=said(other, session.get_one(Office, other.office_id)))
    session.add(row)
    append(
        uow,
        key,
        AuthorityEntered(
            subject=procedure_code or field or "",
            place=place_code,
            office=str(office.id),
            basis=row.basis,
            effective_from=effective_from.isoformat(),
        ),
    )
    return row


def _overlap(one: AuthorityRow, other: AuthorityRow) -> bool:
    begins = max(one.effective_from, other.effective_from)
    return all(row.effective_to is None or begins < row.effective_to for row in (one, other))


def said(row: AuthorityRow, office: Office) -> str:
    """A row in one line, for whoever is told that it stands in the way."""
    until = f"{row.effective_to:%d/%m/%Y}" if row.effective_to else "…"
    place = f", nơi {row.place_code}" if row.place_code else ""
    return f"{row.procedure_code or row.field}{place}: {office.name} ({row.effective_from:%d/%m/%Y}–{until}, {row.basis})"


def close(uow: UnitOfWork, row_id: uuid.UUID, until: date) -> None:
    """A row holds no longer from a day on; said twice it is once. Refusals: Missing, AuthorityUnclear."""
    permissions.require(uow.actor, "authority.manage")
    row = uow.session.get(AuthorityRow, row_id, with_for_update=True)
    if row is None:
        raise Missing
    if row.effective_to == until:
        return
    if until <= row.effective_from or (row.effective_to and until > row.effective_to):
        raise AuthorityUnclear
    row.effective_to = until
    append(uow, row_id, AuthorityClosed(effective_to=until.isoformat()))


_SUBJECT, _PLACE = func.coalesce(AuthorityRow.procedure_code, AuthorityRow.field), func.coalesce(AuthorityRow.place_code, "")
#: By what it is about, procedures first; then as they followed each other.
_ORDER = (_SUBJECT, _PLACE, AuthorityRow.effective_from, AuthorityRow.id)


def rows(
    session: Session, *, after: uuid.UUID | None = None, limit: int | None = None
) -> Page[tuple[AuthorityRow, Office]]:
    """QUERY: rows with their offices; the next page begins behind a row."""
    most, last = limit or pages.PAGE, session.get(AuthorityRow, after) if after else None
    query = select(AuthorityRow, Office).join(Office, Office.id == AuthorityRow.office_id)
    asked = query
    if last:
        behind = (last.procedure_code or last.field or "", last.place_code or "", last.effective_from, last.id)
        asked = query.where(tuple_(*_ORDER) > behind)
    found = [(row, office) for row, office in session.execute(asked.order_by(*_ORDER).limit(most + 1))]
    more = str(found[most - 1][0].id) if len(found) > most else None
    return Page(found[:most], pages.counted(session, query), more)


def resolve(
    session: Session, *, procedure_code: str, field: str, places: Sequence[str], on: date
) -> tuple[uuid.UUID, uuid.UUID] | None:
    """QUERY: (office, row) that decides a procedure for somebody of these places, the nearest first; None: no row says.

    A row of the procedure goes before one of its field, then the nearer place before the wider one. Where the office of
    the row has become part of another, it is the successor.
    """
    holds: Any = (AuthorityRow.effective_from <= on) & or_(AuthorityRow.effective_to.is_(None), AuthorityRow.effective_to > on)
    fits = or_(AuthorityRow.procedure_code == procedure_code, AuthorityRow.field == field)
    near = or_(AuthorityRow.place_code.is_(None), AuthorityRow.place_code.in_(places))
    found = session.execute(
        select(AuthorityRow, Office).join(Office, Office.id == AuthorityRow.office_id).where(holds, fits, near)
    )

    def rank(one: tuple[AuthorityRow, Office]) -> tuple[bool, int]:
        row = one[0]
        return row.procedure_code is None, places.index(row.place_code) if row.place_code else len(places)

    best = min(found, key=rank, default=None)
    return (best[1].replaced_by_id or best[1].id, best[0].id) if best else None
