"""QUERY: the catalogue for somebody who has no word to search for yet: its fields, and what is asked for most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError
from engine.base.text import fold
from engine.catalog.models import Procedure, ProcedureVersion, VersionKind, VersionState
from engine.catalog.search import folded_words


class ProcedureUnknown(DomainError):
    """No procedure has the code or the name that was typed."""

    kind = "invalid"


class ProcedureNameShared(DomainError):
    """Several procedures have the name that was typed: only the code says which."""

    kind = "invalid"


@dataclass(frozen=True)
class Field:
    """A field of the catalogue (lĩnh vực) and how many procedures it has."""

    name: str
    procedures: int


def fields(session: Session, level: str | None = None) -> list[Field]:
    """Every field, in the order in which a reader looks for it; of one level if asked."""
    query = select(Procedure.field, func.count()).group_by(Procedure.field)
    if level:
        query = query.where(Procedure.levels.contains([level]))
    rows = [Field(name, count) for name, count in session.execute(query) if name]
    return sorted(rows, key=lambda row: fold(row.name))


def with_diagram(session: Session) -> Sequence[Procedure]:
    """The procedures that have a published diagram of their own: those that people ask for most."""
    own = select(ProcedureVersion.code).where(
        ProcedureVersion.kind == VersionKind.PROCEDURE, ProcedureVersion.state == VersionState.PUBLISHED
    )
    return session.scalars(select(Procedure).where(Procedure.code.in_(own)).order_by(Procedure.code)).all()


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """What these procedures are called, by code."""
    query = select(Procedure.code, Procedure.name_vi).where(Procedure.code.in_(set(codes)))
    return dict(session.execute(query).all())


def code_of(session: Session, typed: str) -> str:
    """The code of the procedure that was typed or chosen by it, or by the whole of its name in either language, with or without diacritics.

    Refusals: ProcedureUnknown, ProcedureNameShared.
    """
    if session.get(Procedure, typed):
        return typed
    # only what comes with a bundle has an English name: those are few
    near = or_(Procedure.search_name == folded_words(typed), Procedure.name_en.is_not(None))
    rows = session.execute(select(Procedure.code, Procedure.name_vi, Procedure.name_en).where(near).order_by(Procedure.code))
    wanted = fold(typed)
    codes = [code for code, *names in rows if wanted in (fold(one) for one in names if one)]
    if not codes:
        raise ProcedureUnknown(typed=typed)
    if len(codes) > 1:
        raise ProcedureNameShared(typed=typed, codes=codes)
    return codes[0]
