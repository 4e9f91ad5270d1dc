"""Which bytes of the store something needs; what was uploaded and never taken is forgotten."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, column, select, table, text, union_all
from sqlalchemy.orm import Session

#: Whatever names bytes does so in a column of such a name; asked of the database, so that no room can be left out.
_COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND column_name LIKE '%sha256'"
)


def needed(session: Session, digests: Collection[str]) -> set[str]:
    """QUERY: those of the digests that a row names: a file, its searchable twin, a print, a paper of the warehouse."""
    asked: list[Select[Any]] = [
        select(column(name)).select_from(table(where)).where(column(name).in_(digests))
        for where, name in session.execute(_COLUMNS)
    ]
    return set(session.scalars(union_all(*asked)))
