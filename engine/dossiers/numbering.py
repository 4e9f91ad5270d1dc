"""The dossier code (mã hồ sơ): the deciding office, the day, a gap-free serial.

Decree 118/2025, art. 28; as the pattern of the register `dossier_code` says: `H56.31-261123-0042`.
"""

import secrets
from functools import reduce
from typing import Any

from sqlalchemy import Date, String, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from engine.base.db import Base
from engine.base.uow import UnitOfWork
from engine.documents.numbers import CODES
from engine.documents.paper_models import NumberPattern
from engine.dossiers.models import CodeCounter
from engine.org.models import Office

#: Where no pattern was entered, and of a day whose first code was given before there were any.
_USUAL = "{office}-{yymmdd}-{number:04}"
_OFFICE, _ON = bindparam("office", type_=String()), bindparam("on", type_=Date())
#: The office's own pattern before that of all.
_PATTERN = (
    select(NumberPattern.pattern)
    .where(NumberPattern.register == CODES, NumberPattern.effective_from <= _ON)
    .where(or_(NumberPattern.office_id.is_(None), NumberPattern.office_id.in_(select(Office.id).where(Office.code == _OFFICE))))
    .order_by(NumberPattern.office_id.is_(None), NumberPattern.effective_from.desc())
    .limit(1)
    .scalar_subquery()
)
#: What of a pattern stands for which part of the day.
_DAYS = {"{yymmdd}": "YYMMDD", "{yyyymmdd}": "YYYYMMDD", "{ddmmyyyy}": "DDMMYYYY"}


def _filled(pattern: Any) -> Any:
    """All of a pattern but the serial."""
    whose = func.replace(pattern, "{office}", _OFFICE)
    return reduce(lambda text, day: func.replace(text, day, func.to_char(_ON, _DAYS[day])), _DAYS, whose)


_TABLE = Base.metadata.tables[CodeCounter.__tablename__]
_BEGIN = insert(_TABLE).from_select(
    ["office_code", "day", "last", "shape"], select(_OFFICE, _ON, literal(1), _filled(func.coalesce(_PATTERN, _USUAL)))
)
_NEXT = _BEGIN.on_conflict_do_update(
    index_elements=[_TABLE.c.office_code, _TABLE.c.day],
    set_={"last": _TABLE.c.last + 1, "shape": func.coalesce(_TABLE.c.shape, _filled(literal(_USUAL)))},
).returning(_TABLE.c.last, _TABLE.c.shape)


def next_code(uow: UnitOfWork, office_code: str) -> str:
    """The next code of this office today, in the shape that the first of the day had.

    The counter's row stays locked until the transaction ends: two counters of one office wait for
    each other, and a rolled-back acceptance gives its number back. Past 9999 the serial widens.
    """
    day = uow.clock.today()
    given = uow.session.connection().execute(_NEXT, {"office": office_code, "on": day}).one()
    return str(given.shape).format(number=given.last)


def new_reference(uow: UnitOfWork) -> str:
    """What an applicant holds before acceptance: `N261123-7F3K9Q`. Random, so it tells no volume."""
    tail = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(6))
    return f"N{uow.clock.today():%y%m%d}-{tail}"
