"""Electronic results: stored when they are issued, given to the applicant, replaced and revoked, never forgotten."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.catalog.models import ProcedureVersion
from engine.documents.files import Received
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier
from engine.dossiers.printing import NoResultYet
from engine.ledger.append import append
from engine.ledger.events import WarehouseRevoked, WarehouseStored
from engine.org import permissions


class ResultNotPdf(DomainError):
    """An electronic result is a PDF."""

    kind = "invalid"


class ResultEndsEarly(DomainError):
    """A result cannot end before the day on which it is stored."""

    kind = "invalid"


class NotInForce(DomainError):
    """The paper was replaced or revoked before."""


class RevocationUnexplained(DomainError):
    """Whoever revokes a paper says why."""

    kind = "invalid"


def standing(paper: WarehousePaper, on: date) -> str:
    """Valid | expired | replaced | revoked"""
    return "expired" if paper.state == "valid" and paper.valid_to and paper.valid_to < on else paper.state


def of_dossier(session: Session, dossier_id: uuid.UUID) -> Sequence[WarehousePaper]:
    """QUERY: every electronic result of a dossier, the newest first."""
    rows = select(WarehousePaper).filter_by(dossier_id=dossier_id).order_by(WarehousePaper.stored_at.desc())
    return session.scalars(rows).all()


def of_owner(session: Session, owner_id: str) -> Sequence[WarehousePaper]:
    """QUERY: the papers of a person or organisation, the newest first."""
    rows = select(WarehousePaper).filter_by(owner_id=owner_id).order_by(WarehousePaper.stored_at.desc()).limit(200)
    return session.scalars(rows).all()


def store(uow: UnitOfWork, dossier_id: uuid.UUID, received: Received, valid_to: date | None = None) -> uuid.UUID:
    """Keep the signed result; the one before it in this dossier is replaced. The same bytes again are the same paper.

    Refusals: Forbidden, NoResultYet, ResultNotPdf, ResultEndsEarly.
    """
    dossier = uow.session.get_one(Dossier, dossier_id, with_for_update=True)
    permissions.require(uow.actor, "result.store", dossier)
    if not dossier.result_number:
        raise NoResultYet
    if received.media_type != "application/pdf":
        raise ResultNotPdf(name=received.name)
    today = uow.clock.today()
    if valid_to and valid_to < today:
        raise ResultEndsEarly
    known = {one.sha256: one for one in of_dossier(uow.session, dossier_id)}
    if received.sha256 in known:
        return known[received.sha256].id
    end(uow, dossier_id, "replaced", dossier.result_number)
    result = uow.session.get_one(ProcedureVersion, dossier.version_id).record["results"][0]
    row = WarehousePaper(
        owner_id=dossier.applicant_personal_id,
        type_code=result["code"],
        seq=_next(uow.session, dossier.applicant_personal_id, result["code"]),
        name=result["vi"],
        number=dossier.result_number,
        issuer_id=dossier.competent_office_id,
        dossier_id=dossier_id,
        sha256=received.sha256,
        media_type=received.media_type,
        size=received.size,
        valid_from=today,
        valid_to=valid_to,
        state="valid",
        stored_at=uow.clock.now(),
        stored_by=uow.actor.officer_id,
    )
    uow.session.add(row)
    uow.session.flush()
    append(uow, dossier_id, WarehouseStored(paper_id=str(row.id), type_code=row.type_code, number=row.number, sha256=row.sha256))
    return row.id


def revoke(uow: UnitOfWork, paper_id: uuid.UUID, why: str) -> None:
    """Take a paper out of force. Refusals: Missing, Forbidden, NotInForce, RevocationUnexplained."""
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
    end(uow, row.dossier_id, "revoked", why.strip())


def corrected(act: Act) -> None:
    """The agency's own error: the file with the old result is out of force at once, before the new one is stored."""
    end(act.uow, act.dossier_id, "revoked", "correction")


def end(uow: UnitOfWork, dossier_id: uuid.UUID, state: str, why: str) -> None:
    """What of the dossier is in force no longer is."""
    for row in of_dossier(uow.session, dossier_id):
        if row.state == "valid":
            row.state, row.ended_at, row.ended_why = state, uow.clock.now(), why
            append(uow, dossier_id, WarehouseRevoked(paper_id=str(row.id), number=row.number, state=state))


def _next(session: Session, owner_id: str | None, type_code: str) -> int:
    """Two results of one person at once are told apart by the constraint; that is rare, and tried again."""
    top = select(func.max(WarehousePaper.seq)).filter_by(owner_id=owner_id, type_code=type_code)
    return (session.scalar(top) or 0) + 1
