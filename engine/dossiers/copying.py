"""Copies of originals in the owner's warehouse: scanned, compared by an officer, offered the next time (art. 19(2), 22; 45/2020).

The officer who compares it stands beside it by name and office. It is no digital signature, and says so where it is shown.
"""

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.catalog.terms import ComponentRule
from engine.documents.metadata_models import PaperMetadata
from engine.documents.models import DocumentFile
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import describing, reuse, warehouse
from engine.dossiers.models import Dossier
from engine.ledger.append import append
from engine.ledger.events import WarehouseCopied
from engine.org import permissions

#: Files that a warehouse can show as they are.
_SHOWN = ("application/pdf", "image/jpeg", "image/png")


class CopyNotSought(DomainError):
    """No procedure asks the warehouse for a paper of this kind."""


class DescriptionLacking(DomainError):
    """Only a paper of which all is entered that the decree wants is kept for the next time."""

    kind = "invalid"


class OwnerElsewhere(DomainError):
    """The paper belongs to nobody whose dossier this is."""

    kind = "invalid"


class NotCompared(DomainError):
    """Whoever keeps a copy says that they compared it with the original, and its number."""

    kind = "invalid"


class CopyEnded(DomainError):
    """The paper has run out: it is not kept for the next time."""

    kind = "invalid"


def of_file(session: Session, file_id: uuid.UUID) -> WarehousePaper | None:
    """QUERY: what was made of a file, the newest."""
    made = select(WarehousePaper).filter_by(file_id=file_id).order_by(WarehousePaper.stored_at.desc(), WarehousePaper.id.desc())
    return session.scalars(made.limit(1)).first()


def codes(session: Session, dossier: Dossier, file: DocumentFile) -> tuple[str, ...]:
    """QUERY: as what this file could be kept: the types by which procedures look for such a paper; (): as nothing."""
    if file.warehouse_paper_id or file.media_type not in _SHOWN:
        return ()
    rule = _rule(session, dossier, file)
    return tuple(rule.held_as) if rule and reuse.sought(rule) else ()


def _rule(session: Session, dossier: Dossier, file: DocumentFile) -> ComponentRule | None:
    terms = warehouse.terms_of_dossier(session, dossier)
    return next((one for one in terms.components if one.key == file.component_key), None)


def keep(uow: UnitOfWork, file_id: uuid.UUID, type_code: str, number: str, *, compared: bool) -> uuid.UUID:
    """Keep a scan that was compared with its original in the warehouse of its owner; kept before, it is that one.

    Refusals: Missing, Forbidden, CopyNotSought, NotCompared, DescriptionLacking, OwnerElsewhere, CopyEnded.
    """
    session = uow.session
    file = session.get(DocumentFile, file_id)
    if file is None:
        raise Missing
    dossier = session.get_one(Dossier, file.dossier_id, with_for_update=True)
    permissions.require(uow.actor, "copy.keep", dossier)
    if type_code not in codes(session, dossier, file):
        raise CopyNotSought
    if not compared or not number.strip():
        raise NotCompared
    said = session.get(PaperMetadata, file_id)
    if said is None or describing.lacking(said) or not said.owner_id:
        raise DescriptionLacking
    if said.owner_id not in {*reuse.people_of(session, dossier), *warehouse.owners(session, dossier)}:
        raise OwnerElsewhere
    today = uow.clock.today()
    if said.valid_to and said.valid_to < today:
        raise CopyEnded
    same = {"owner_id": said.owner_id, "type_code": type_code, "sha256": file.sha256, "state": "valid", "origin": "copy"}
    if known := session.scalars(select(WarehousePaper.id).filter_by(**same)).first():
        return known
    row = _row(uow, dossier, file, said, type_code, number.strip(), today)
    session.add(row)
    session.flush()
    told = WarehouseCopied(
        paper_id=str(row.id), component=file.component_key, type_code=type_code, number=row.number, sha256=row.sha256
    )
    append(uow, dossier.id, told)
    return row.id


def _row(
    uow: UnitOfWork, dossier: Dossier, file: DocumentFile, said: PaperMetadata, type_code: str, number: str, today: date
) -> WarehousePaper:
    here = dossier.receiving_office_id
    return WarehousePaper(
        owner_id=said.owner_id,
        type_code=type_code,
        kind="granted",
        origin="copy",
        file_id=file.id,
        issuer=said.issuer,
        seq=warehouse.next_of(uow.session, said.owner_id, type_code),
        name=said.name,
        number=number,
        issuer_id=here if here in uow.actor.offices else dossier.competent_office_id,
        dossier_id=dossier.id,
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        valid_from=said.valid_from or said.issued_on or today,
        valid_to=None if said.unlimited else said.valid_to,
        state="valid",
        stored_at=uow.clock.now(),
        stored_by=uow.actor.officer_id,
    )
