"""Scans on their way to a PDF that can be searched: asked for with the paper, read by a job, once for the same bytes."""

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.base.uow import UnitOfWork
from engine.documents.models import DocumentFile
from engine.dossiers import incidents
from engine.dossiers.models import Dossier, Incident
from engine.ledger.append import append
from engine.ledger.events import PaperRecognised


@dataclass(frozen=True)
class Unread:
    """A scan of which no text is known."""

    sha256: str
    media_type: str
    dpi: int | None
    #: What was made of the same bytes in another dossier.
    known: str | None


def unread(session: Session, file_id: uuid.UUID) -> Unread | None:
    """What to read; None: it was read, or is gone."""
    file = session.get(DocumentFile, file_id)
    if file is None or file.searchable_sha256:
        return None
    same = select(DocumentFile.searchable_sha256).where(
        DocumentFile.sha256 == file.sha256, DocumentFile.searchable_sha256.is_not(None)
    )
    return Unread(file.sha256, file.media_type, file.dpi, session.scalar(same.limit(1)))


def read(uow: UnitOfWork, file_id: uuid.UUID, made: str) -> None:
    """Put what was made beside the scan, once; a second worker that comes with the same finds it done."""
    file = uow.session.get_one(DocumentFile, file_id)
    uow.session.get_one(Dossier, file.dossier_id, with_for_update=True)
    uow.session.refresh(file)
    if file.searchable_sha256:
        return
    file.searchable_sha256 = made
    append(uow, file.dossier_id, PaperRecognised(component=file.component_key, sha256=file.sha256, made=made))
    uow.session.execute(delete(Incident).filter_by(dossier_id=file.dossier_id, key=str(file_id)))


def not_read(uow: UnitOfWork, file_id: uuid.UUID, error: Exception) -> None:
    """Tell that no text could be made of a scan, however often it was tried."""
    file = uow.session.get_one(DocumentFile, file_id)
    incidents.record_scan(uow, file.dossier_id, file_id, error)
