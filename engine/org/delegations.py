"""QUERY: which officers decide what at their counter, on a day (Decree 118/2025, art. 17(5))."""

import uuid
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from engine.org.models import Delegation


def _held(
    officer_id: uuid.UUID | BindParameter[uuid.UUID], code: str | BindParameter[str], on: date | BindParameter[date]
) -> ColumnElement[bool]:
    return and_(
        Delegation.officer_id == officer_id,
        Delegation.procedure_code == code,
        Delegation.valid_from <= on,
        or_(Delegation.valid_to.is_(None), Delegation.valid_to > on),
    )


#: The offices for which an officer decides a procedure, as a part of another query: binds officer_id, code, on.
OFFICES = (
    select(func.array_agg(Delegation.office_id))
    .where(_held(bindparam("officer_id", type_=Uuid), bindparam("code"), bindparam("on", type_=Date)))
    .scalar_subquery()
)


def held(
    session: Session, officer_id: uuid.UUID, procedure_code: str, office_id: uuid.UUID, *, on: date
) -> Delegation | None:
    """The delegation by which an officer decides for an office; one that may sign comes first."""
    query = select(Delegation).where(_held(officer_id, procedure_code, on), Delegation.office_id == office_id)
    return session.scalars(query.order_by(Delegation.may_sign.desc(), Delegation.id).limit(1)).first()
