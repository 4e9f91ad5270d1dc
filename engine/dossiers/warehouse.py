"""Electronic results: stored when they are issued, given to their owner, replaced and revoked, never forgotten."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of
from engine.base.pages import Page, paged
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.catalog.models import Procedure
from engine.catalog.terms import EDITION, ResultRule, Terms, terms_for
from engine.documents.files import Received
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers.act import Act
from engine.dossiers.models import AnswerSet, Dossier
from engine.dossiers.paths import at_path
from engine.dossiers.printing import NoResultYet
from engine.ledger.append import append
from engine.ledger.events import WarehouseRevoked, WarehouseStored
from engine.ledger.models import LedgerEvent
from engine.org import permissions


class ResultNotPdf(DomainError):
    """An electronic result is a PDF."""

    kind = "invalid"


class ResultEndsEarly(DomainError):
    """A result cannot end before the day on which it is stored."""

    kind = "invalid"


class ResultUnchosen(DomainError):
    """Where a procedure has several results, whoever stores one says which."""

    kind = "invalid"


class NotGranted(DomainError):
    """What was refused is not stored as if it had been granted."""


class NotInForce(DomainError):
    """The paper was replaced or revoked before."""


class RevocationUnexplained(DomainError):
    """Whoever revokes a paper says why."""

    kind = "invalid"


def standing(paper: WarehousePaper, on: date) -> str:
    """Valid | expired | replaced | revoked"""
    return "expired" if paper.state == "valid" and paper.valid_to and paper.valid_to < on else paper.state


def in_force(on: date) -> ColumnElement[bool]:
    """Neither replaced, nor revoked, nor past its last day."""
    return (WarehousePaper.state == "valid") & or_(WarehousePaper.valid_to.is_(None), WarehousePaper.valid_to >= on)


def of_dossier(session: Session, dossier_id: uuid.UUID, *where: ColumnElement[bool]) -> Sequence[WarehousePaper]:
    """QUERY: the electronic results of a dossier, the newest first; one that belongs to two people is listed once."""
    rows = session.scalars(
        select(WarehousePaper)
        .where(WarehousePaper.dossier_id == dossier_id, WarehousePaper.origin == "result", *where)
        .order_by(WarehousePaper.stored_at.desc(), WarehousePaper.id.desc())
    )
    return list({(one.stored_at, one.sha256): one for one in rows}.values())


def of_owner(
    session: Session, owner_id: str, *, after: str | None = None, limit: int | None = None
) -> Page[tuple[WarehousePaper, Dossier]]:
    """QUERY: the papers of a person or organisation, each with the dossier it came from, the newest first."""
    query = select(WarehousePaper, Dossier).join(Dossier, Dossier.id == WarehousePaper.dossier_id).filter(WarehousePaper.owner_id == owner_id)
    at, id_ = WarehousePaper.stored_at, WarehousePaper.id
    return paged(session, query, lambda paper, dossier: (paper, dossier), at=at, id=id_, after=after, down=True, limit=limit)


def terms_of_dossier(session: Session, dossier: Dossier) -> Terms:
    """QUERY: the terms under which it runs."""
    edition = session.scalars(select(EDITION).where(Procedure.code == dossier.procedure_code)).one()
    return terms_for(session, dossier.version_id, dossier.procedure_code, edition)


def results_of(session: Session, dossier: Dossier) -> list[ResultRule]:
    """QUERY: what its result may be; of one that was not granted only what the record calls a refusal or an answer."""
    every = terms_of_dossier(session, dossier).results
    return [one for one in every if dossier.result_kind in ("granted", one.kind)]


def owners(session: Session, dossier: Dossier) -> list[str | None]:
    """QUERY: the numbers of those to whom the result belongs; [None]: none of them has one that is known.

    What was declared; else what was entered on the way, as the number that a newborn child is given.
    """
    paths = terms_of_dossier(session, dossier).owner_paths
    known = select(AnswerSet.answers).filter_by(dossier_id=dossier.id).order_by(AnswerSet.given_at.desc(), AnswerSet.id.desc())
    declared = session.scalar(known.filter_by(step_id="lodge").limit(1)) or {}
    found = []
    for path in paths:
        value = at_path(declared, path)
        if not value and "." not in path:
            value = (session.scalar(known.filter(AnswerSet.answers.has_key(path)).limit(1)) or {}).get(path)
        if value:
            found.append(str(value))
    return list(dict.fromkeys(found)) or [None]


def store(
    uow: UnitOfWork, dossier_id: uuid.UUID, received: Received, valid_to: date | None = None, type_code: str | None = None
) -> uuid.UUID:
    """Keep the signed result; the one before it in this dossier is replaced. The bytes that are in force are so already.

    Refusals: Forbidden, NoResultYet, NotGranted, ResultUnchosen, ResultNotPdf, ResultEndsEarly.
    """
    session = uow.session
    dossier = session.get_one(Dossier, dossier_id, with_for_update=True)
    permissions.require(uow.actor, "result.store", dossier)
    if not dossier.result_number or not dossier.result_kind:
        raise NoResultYet
    rule = _rule(results_of(session, dossier), type_code)
    if received.media_type != "application/pdf":
        raise ResultNotPdf(name=received.name)
    if valid_to and valid_to < uow.clock.today():
        raise ResultEndsEarly
    standing_ = session.scalars(select(WarehousePaper.id).filter_by(dossier_id=dossier_id, sha256=received.sha256, state="valid"))
    if known := standing_.first():
        return known
    end(uow, dossier_id, "replaced", dossier.result_number)
    issued_on = _issued_on(session, dossier)
    for owner_id in owners(session, dossier):
        row = WarehousePaper(
            owner_id=owner_id,
            type_code=rule.type_code,
            kind=rule.kind,
            seq=next_of(session, owner_id, rule.type_code),
            name=rule.name,
            number=dossier.result_number,
            issuer_id=dossier.competent_office_id,
            dossier_id=dossier_id,
            sha256=received.sha256,
            media_type=received.media_type,
            size=received.size,
            valid_from=issued_on,
            valid_to=valid_to,
            state="valid",
            stored_at=uow.clock.now(),
            stored_by=uow.actor.officer_id,
        )
        session.add(row)
        session.flush()
        append(uow, dossier_id, WarehouseStored(paper_id=str(row.id), type_code=row.type_code, number=row.number, sha256=row.sha256))
    return row.id


def _rule(offered: Sequence[ResultRule], type_code: str | None) -> ResultRule:
    if not offered:
        raise NotGranted
    if type_code is None and len(offered) == 1:
        return offered[0]
    for one in offered:
        if one.type_code == type_code:
            return one
    raise ResultUnchosen


def _issued_on(session: Session, dossier: Dossier) -> date:
    """The day on which the number was given, or a wrong result replaced by this one; of old ledgers that of the decision."""
    told = select(LedgerEvent.at).where(
        LedgerEvent.stream_id == dossier.id,
        LedgerEvent.type.in_(("document.issued", "result.replaced")),
        LedgerEvent.payload["number"].astext == dossier.result_number,
    )
    at = session.scalar(told.order_by(LedgerEvent.seq.desc()).limit(1)) or dossier.decided_at or dossier.lodged_at
    return at.astimezone(VIETNAM).date()


def revoke(uow: UnitOfWork, paper_id: uuid.UUID, why: str) -> Dossier:
    """Take a paper out of force; the dossier that it comes from. Refusals: Missing, Forbidden, NotInForce, RevocationUnexplained."""
    row = uow.session.get(WarehousePaper, paper_id)
    if row is None:
        raise Missing
    dossier = uow.session.get_one(Dossier, row.dossier_id, with_for_update=True)
    permissions.require(uow.actor, "result.revoke", dossier)
    uow.session.refresh(row)
    if row.state != "valid":
        raise NotInForce
    if not why.strip():
        raise RevocationUnexplained
    if row.origin == "result":
        end(uow, row.dossier_id, "revoked", why.strip())
    else:
        _end(uow, row, "revoked", why.strip())
    return dossier


def corrected(act: Act) -> None:
    """The agency's own error: the file with the old result is out of force at once, before the new one is stored."""
    end(act.uow, act.dossier_id, "revoked", "correction")


def end(uow: UnitOfWork, dossier_id: uuid.UUID, state: str, why: str) -> None:
    """Results of the dossier that are in force no longer are; copies of papers that were handed in stay."""
    for row in uow.session.scalars(select(WarehousePaper).filter_by(dossier_id=dossier_id, state="valid", origin="result")).all():
        _end(uow, row, state, why)


def _end(uow: UnitOfWork, row: WarehousePaper, state: str, why: str) -> None:
    row.state, row.ended_at, row.ended_why = state, uow.clock.now(), why
    told = WarehouseRevoked(paper_id=str(row.id), number=row.number, state=state, why_digest=digest_of([why]))
    append(uow, row.dossier_id, told)


def next_of(session: Session, owner_id: str | None, type_code: str) -> int:
    """The next of this owner's papers of this type; a second result of theirs at the same time waits here."""
    wait_turn(session, f"{owner_id}-{type_code}")
    top = select(func.max(WarehousePaper.seq)).filter_by(owner_id=owner_id, type_code=type_code)
    return (session.scalar(top) or 0) + 1
