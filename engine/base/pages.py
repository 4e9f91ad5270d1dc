"""A page of a long list: its rows, how many there are in all, and where the next page begins.

Lists are leafed through by where the last row stood, not by how many were shown: what is added or done meanwhile neither
repeats a row nor leaves one out.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, UnaryExpression, func, literal_column, select, true, tuple_
from sqlalchemy.orm import Session

Row = TypeVar("Row")

#: Rows of one page.
PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """What a list shows, and what it says of the rest."""

    rows: list[Row]
    total: int
    #: Give it back as `after` for the next page; None: there is none.
    more: str | None


def cursor(at: datetime, id: uuid.UUID) -> str:  # noqa: A002 - as the column is called
    """`2026-11-27T10:00:00+00:00/<uuid>`: where a row stands in a list."""
    return f"{at.isoformat()}/{id}"


def read(text: str) -> tuple[datetime, uuid.UUID]:
    """Errors: ValueError, of what no list gave."""
    at, _, id_ = text.partition("/")
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant, uuid.UUID(id_)


def beyond(after: str | None, at: Any, id: Any, *, down: bool = False) -> ColumnElement[bool]:  # noqa: A002
    """Whether a row stands behind a cursor, in a list that goes up or down by (at, id)."""
    if after is None:
        return true()
    here, last = tuple_(at, id), tuple_(*read(after))
    return here < last if down else here > last


def paged(
    session: Session,
    query: Select[*tuple[Any, ...]],
    make: Callable[..., Row],
    *,
    at: Any,
    id: Any,  # noqa: A002
    after: str | None = None,
    down: bool = False,
    limit: int | None = None,
) -> Page[Row]:
    """One page by (at, id); `make` is given the columns of each row. All are counted only where one page does not do."""
    most = limit or PAGE
    order: list[UnaryExpression[Any]] = [one.desc() if down else one.asc() for one in (at, id)]
    asked = query.add_columns(at.label("page_at"), id.label("page_id"))
    found = session.execute(asked.where(beyond(after, at, id, down=down)).order_by(*order).limit(most + 1)).all()
    whole = after is None and len(found) <= most
    return Page(
        [make(*one[:-2]) for one in found[:most]],
        len(found) if whole else counted(session, query),
        cursor(*found[most - 1][-2:]) if len(found) > most else None,
    )


def counted(session: Session, query: Select[*tuple[Any, ...]]) -> int:
    """How many rows a query has."""
    bare: Select[Any] = query.with_only_columns(literal_column("1"), maintain_column_froms=True)
    return session.scalar(select(func.count()).select_from(bare.subquery())) or 0
