"""Numbers of papers: one series for each office, register and year, without gaps (Decree 30/2020, art. 15).

A number is taken in the transaction that issues its paper: the row of the series stays locked until then, and what
is rolled back gives its number back.
"""

import re
import uuid
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, Integer, String, Uuid, bindparam, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.base import pages
from engine.base.db import Base
from engine.base.errors import DomainError
from engine.base.ids import uuid7
from engine.base.pages import Page, counted
from engine.base.uow import UnitOfWork
from engine.documents.paper_models import NumberPattern, NumberSeries
from engine.ledger.append import append
from engine.ledger.events import PatternEntered
from engine.org import permissions
from engine.org.models import Office


class PatternMissing(DomainError):
    """No pattern says how the numbers of this register look."""


class NumberTaken(DomainError):
    """Another paper of this register bears this number already."""

    kind = "invalid"


class NumberSkipped(DomainError):
    """The numbers of a register follow one another without a gap."""

    kind = "invalid"


#: The register of the codes of dossiers, which `engine.dossiers.numbering` gives.
CODES = "dossier_code"
#: Of a code: the office, the day and last the serial, each once, with a sign between them (art. 28).
_DAY = r"\{(?:yymmdd|yyyymmdd|ddmmyyyy)\}"
_SOUND_CODE = re.compile(
    rf"(?=.{{1,60}}$)(?:[A-Z0-9]{{1,9}}[-.])?(?:\{{office\}}[-.]{_DAY}|{_DAY}[-.]\{{office\}})[-.]\{{number:0[4-9]\}}"
)
#: `{number}` or `{number:04}` once, `{year}` where wanted, no other braces.
_SOUND = re.compile(r"(?=.{1,60}$)(?:[^{}]|\{year\})*\{number(?::0\d{1,2})?\}(?:[^{}]|\{year\})*")
_OFFICE = bindparam("office_id", type_=Uuid())
_YEAR = bindparam("year", type_=Integer())
_REGISTERS = bindparam("registers", type_=ARRAY(String()))
#: The pattern of the first of these registers that has one; an office's own before that of all.
_PATTERN = (
    select(NumberPattern.register, NumberPattern.pattern)
    .where(NumberPattern.register == func.any(_REGISTERS))
    .where(or_(NumberPattern.office_id.is_(None), NumberPattern.office_id == _OFFICE))
    .where(NumberPattern.effective_from <= bindparam("today", type_=Date()))
    .order_by(
        func.array_position(_REGISTERS, NumberPattern.register),
        NumberPattern.office_id.is_(None),
        NumberPattern.effective_from.desc(),
    )
    .limit(1)
)
_TABLE = Base.metadata.tables[NumberSeries.__tablename__]
_BEGIN = insert(_TABLE).from_select(
    ["office_id", "register", "year", "pattern", "last"],
    _PATTERN.with_only_columns(
        _OFFICE, NumberPattern.register, _YEAR, NumberPattern.pattern, bindparam("first", type_=Integer())
    ),
)
_KEY = [_TABLE.c.office_id, _TABLE.c.register, _TABLE.c.year]
_TAKE = _BEGIN.on_conflict_do_update(index_elements=_KEY, set_={"last": _TABLE.c.last + 1}).returning(_TABLE)
#: The row as it is, ours until the transaction ends.
_LOCK = _BEGIN.on_conflict_do_update(index_elements=_KEY, set_={"last": _TABLE.c.last}).returning(_TABLE)


class PatternBroken(DomainError):
    """A pattern names {number} once, and may name {year}; nothing else stands in braces."""

    kind = "invalid"


class CodePatternBroken(DomainError):
    """The code of a dossier names the office, the day and the serial, each once, and the law that says so."""

    kind = "invalid"


class PatternThere(DomainError):
    """For this register, office and day another pattern was entered before."""

    kind = "invalid"


class PatternTooEarly(DomainError):
    """A pattern begins today or later: numbers that were given stay as they are."""

    kind = "invalid"


def enter(
    uow: UnitOfWork, register: str, pattern: str, *, office_id: uuid.UUID | None, effective_from: date, basis: str = ""
) -> uuid.UUID:
    """Say how the numbers of a register look from a day on; the same again is one.

    A series that runs keeps its pattern until its year ends, codes until the day ends.
    Refusals: PatternBroken, CodePatternBroken, PatternThere, PatternTooEarly.
    """
    permissions.require(uow.actor, "paper.manage")
    if register == CODES and not (basis and _SOUND_CODE.fullmatch(pattern)):
        raise CodePatternBroken
    if register != CODES and not (register and _SOUND.fullmatch(pattern)):
        raise PatternBroken
    known = uow.session.scalars(
        select(NumberPattern).filter_by(register=register, office_id=office_id, effective_from=effective_from)
    ).first()
    if known:
        if known.pattern != pattern:
            raise PatternThere(pattern=known.pattern)
        return known.id
    if effective_from < uow.clock.today():
        raise PatternTooEarly
    row = NumberPattern(
        id=uuid7(), register=register, office_id=office_id, pattern=pattern, effective_from=effective_from, basis=basis or None
    )
    uow.session.add(row)
    office = str(office_id) if office_id else None
    said = {"register": register, "pattern": pattern, "effective_from": effective_from.isoformat()}
    append(uow, row.id, PatternEntered(office=office, basis=basis or None, **said))
    return row.id


def allocate(uow: UnitOfWork, office_id: uuid.UUID, *registers: str) -> str:
    """The next number in the first of these registers that has a pattern."""
    found = uow.session.connection().execute(_TAKE, _asked(uow, office_id, registers, first=1)).first()
    if found is None:
        raise PatternMissing(register=registers[-1])
    return _written(found.pattern, found.last, found.year)


def keep(uow: UnitOfWork, office_id: uuid.UUID, number: str, *registers: str) -> str:
    """Take the number that a clerk wrote on the paper.

    The next of the series counts it on; the first of a year may be any, so that a house can take over a register that
    was kept on paper. What does not look like the pattern is of another register, and stands as it was written.
    Refusals: NumberTaken, NumberSkipped.
    """
    series = uow.session.connection().execute(_LOCK, _asked(uow, office_id, registers, first=0)).first()
    written = serial(series.pattern, number, series.year) if series else None
    if series is None or written is None:
        return number
    after = series.last + 1
    if series.last and written != after:
        refusal = NumberTaken if written < after else NumberSkipped
        raise refusal(number=number, next=_written(series.pattern, after, series.year))
    mine = (_TABLE.c.office_id == office_id, _TABLE.c.register == series.register, _TABLE.c.year == series.year)
    uow.session.connection().execute(update(_TABLE).where(*mine).values(last=written))
    return number


def proposed(uow: UnitOfWork, office_id: uuid.UUID, *registers: str) -> str | None:
    """QUERY: what the next number would be, if nobody is quicker; None where no pattern is."""
    asked = _asked(uow, office_id, registers, first=0)
    found = uow.session.execute(_PATTERN, asked).first()
    if found is None:
        return None
    series = uow.session.get(NumberSeries, (office_id, found.register, asked["year"]))
    return _written(series.pattern, series.last + 1, series.year) if series else _written(found.pattern, 1, asked["year"])


def patterns(
    session: Session, *, after: uuid.UUID | None = None, limit: int | None = None
) -> Page[tuple[NumberPattern, str | None]]:
    """QUERY: patterns with the office that each is for (None: all offices); the next page begins behind a row."""
    query = select(NumberPattern, Office.name).outerjoin(Office, Office.id == NumberPattern.office_id)
    order = (NumberPattern.register, func.coalesce(Office.name, ""), NumberPattern.effective_from, NumberPattern.id)
    asked, most = query, limit or pages.PAGE
    if after and (last := session.execute(query.with_only_columns(*order).where(NumberPattern.id == after)).first()):
        asked = query.where(tuple_(*order) > tuple(last))
    found: list[tuple[NumberPattern, str | None]] = [(row, name) for row, name in session.execute(asked.order_by(*order).limit(most + 1))]
    more = str(found[most - 1][0].id) if len(found) > most else None
    return Page(found[:most], counted(session, query), more)


def series(
    session: Session, year: int, office_id: uuid.UUID | None = None, *, after: str | None = None, limit: int | None = None
) -> Page[tuple[NumberSeries, str]]:
    """QUERY: the series of a year with their offices, or those of one office: how far each register has come.

    The next page begins behind a register of an office: `H56.12/document`.
    """
    query = (
        select(NumberSeries, Office.name)
        .join(Office, Office.id == NumberSeries.office_id)
        .where(NumberSeries.year == year, NumberSeries.last > 0)
    )
    if office_id:
        query = query.where(NumberSeries.office_id == office_id)
    order = (Office.code, NumberSeries.register)
    asked, most = query.add_columns(Office.code), limit or pages.PAGE
    if after:
        code, _, register = after.partition("/")
        asked = asked.where(tuple_(*order) > (code, register))
    found = session.execute(asked.order_by(*order).limit(most + 1)).all()
    more = f"{found[most - 1].code}/{found[most - 1][0].register}" if len(found) > most else None
    return Page([(row, name) for row, name, _ in found[:most]], counted(session, query), more)


def keeping(session: Session, year: int) -> list[tuple[uuid.UUID, str]]:
    """QUERY: the offices, also of before, that gave numbers in a year."""
    gave = select(NumberSeries.office_id).where(NumberSeries.year == year, NumberSeries.last > 0)
    query = select(Office.id, Office.name).where(Office.id.in_(gave)).order_by(Office.code)
    return [(office_id, name) for office_id, name in session.execute(query)]


def _asked(uow: UnitOfWork, office_id: uuid.UUID, registers: tuple[str, ...], *, first: int) -> dict[str, Any]:
    today = uow.clock.today()
    return {"office_id": office_id, "registers": list(registers), "today": today, "year": today.year, "first": first}


def _written(pattern: str, number: int, year: int) -> str:
    return pattern.format(number=number, year=year)


def serial(pattern: str, number: str, year: int) -> int | None:
    """The serial in a number that looks like the pattern; None: it does not."""
    parts = re.split(r"(\{number(?::\d+)?\})", pattern.replace("{year}", str(year)))
    shape = "".join(r"0*(\d+)" if one.startswith("{number") else re.escape(one) for one in parts)
    found = re.fullmatch(shape, number.strip(), re.IGNORECASE)
    return int(found[1]) if found else None
