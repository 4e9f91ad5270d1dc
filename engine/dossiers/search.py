"""QUERY: dossiers by the words that an officer types."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY, array
from sqlalchemy.orm import Session, load_only

from engine.base.actor import Actor
from engine.base.text import fold
from engine.dossiers.models import Consultation, Dossier
from engine.dossiers.visible import visible
from engine.org import directory
from engine.org.change_models import FormerName, Reroute

#: So many offices are looked up in the index beside the words; of more, the words alone are.
_FEW = 20
#: Behind a word of which only the beginning was typed.
_BEGUN = ":*"
#: Questions about the dossier that is looked at, and no others.
_OF_IT = Consultation.dossier_id == Dossier.id
#: What a list shows of a dossier, which has ninety columns.
_LISTED = load_only(
    Dossier.code, Dossier.reference, Dossier.owner_name, Dossier.procedure_code, Dossier.status, Dossier.lodged_at, Dossier.due_at
)


def found(session: Session, actor: Actor, words: str, *, limit: int = 50) -> Sequence[Dossier]:
    """Dossiers by code, serial, name or personal id, typed with or without diacritics, newest first.

    Words are looked up whole; only when no dossier has them all may the last be the beginning of one, or all of them
    the name under which an office was known.
    """
    if not fold(words):
        return []
    newest = select(Dossier).options(_LISTED).order_by(Dossier.lodged_at.desc()).limit(limit)
    for last in ("", _BEGUN):
        rows = {row for where in _found(session, actor, _asked(words, last=last)) for row in session.scalars(newest.where(where))}
        if rows:
            return sorted(rows, key=lambda row: row.lodged_at, reverse=True)[:limit]
    if (once := _once_of(session, words)) is None:
        return []
    return session.scalars(newest.where(once, visible(session, actor, _OF_IT))).all()


def _once_of(session: Session, words: str) -> ColumnElement[bool] | None:
    """Dossiers of an office that was called so: those that moved from it, and all of one that only changed its name."""
    asked = fold(words).split()
    called = [one for one in session.scalars(select(FormerName)) if all(word in fold(one.name).split() for word in asked)]
    if not called:
        return None
    was = [one.was_id for one in called]
    moved = select(Reroute.dossier_id).where(
        or_(Reroute.receiving_office_id.in_(was), Reroute.competent_office_id.in_(was))
    )
    return or_(
        Dossier.id.in_(moved), Dossier.receiving_office_id.in_(was), Dossier.competent_office_id.in_(was)
    )


def _found(session: Session, actor: Actor, asked: ColumnElement[Any] | None) -> list[ColumnElement[bool]]:
    """Of few offices the index knows the dossiers; of many, or of all, whoever looks up words must look further.

    Each is asked alone: of an OR of both, PostgreSQL makes the words of every dossier anew that the index names.
    """
    if asked is None:
        return []
    # The literal configuration makes it the expression of the index.
    offices = array([cast(Dossier.receiving_office_id, Text), cast(Dossier.competent_office_id, Text)])
    known = _words().op("||")(func.array_to_tsvector(offices)).op("@@", is_comparison=True)
    own = directory.reach(session, actor)
    if actor.stands_in("auditor") or not own or len(own) > _FEW:
        return [and_(known(asked), visible(session, actor, _OF_IT))]
    theirs = cast(" | ".join(f"'{one}'" for one in sorted(own, key=str)), TSQUERY)
    # Never first all that was ever asked of them: of an office of many years those are thousands.
    questions = select(Consultation.dossier_id).where(Consultation.office_id.in_(own))
    return [known(theirs.op("&&")(asked)), and_(known(asked), Dossier.id.in_(questions))]


def matches(words: str) -> ColumnElement[bool]:
    """Every word begins some word of the dossier's search text; a code counts as one word."""
    asked = _asked(words, each=_BEGUN)
    return false() if asked is None else _words().op("@@", is_comparison=True)(asked)


def _words() -> ColumnElement[Any]:
    return func.to_tsvector(literal_column("'simple'::regconfig"), cast(Dossier.search_text, Text))


def _asked(words: str, *, each: str = "", last: str = "") -> ColumnElement[Any] | None:
    """All of these words; None when nothing is left to look for."""
    parts = ["".join(c for c in word if c.isalnum() or c in ".-") for word in fold(words).replace("'", " ").split()]
    query = " & ".join(f"'{word}'{each}" for word in parts if word)
    return func.to_tsquery(literal_column("'simple'"), query + last) if query else None
