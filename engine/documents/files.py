"""Uploads: looked at before they are kept, stored once under their digest."""

import hashlib
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import BinaryIO

import magic
from sqlalchemy import and_, bindparam, select

from engine.base.errors import DomainError
from engine.base.ids import uuid7
from engine.base.ports import BlobStore
from engine.base.questions import Question, ask
from engine.base.queue import read_scan
from engine.base.text import nfc
from engine.base.uow import UnitOfWork
from engine.documents.checklist import ComponentUnknown
from engine.documents.checks import Seen, look
from engine.documents.models import Component, DocumentFile
from engine.ledger.append import append
from engine.ledger.events import PaperStored

#: What may be handed in, by content, and the endings that go with it.
KINDS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}

#: Kinds that a browser may show beside our pages; others are saved.
SHOWN = ("application/pdf", "image/png", "image/jpeg")

#: By so many bytes of its beginning a kind is known.
_HEAD = 1 << 16


class UploadEmpty(DomainError):
    """The file holds nothing."""

    kind = "invalid"


class UploadTooLarge(DomainError):
    """The file is larger than allowed."""

    kind = "invalid"


class UploadNotAsNamed(DomainError):
    """The content is not what the name says, or not of a kind that is taken."""

    kind = "invalid"


@dataclass(frozen=True)
class Received:
    """A file that was looked at and lies in the store, but belongs to no dossier yet."""

    sha256: str
    name: str
    media_type: str
    #: Bytes.
    size: int
    seen: Seen = field(default_factory=Seen)


def receive(blobs: BlobStore, stream: BinaryIO, *, name: str, max_bytes: int, on: date) -> Received:
    """Judge an upload by what is wanted of scans on that day, and keep its bytes.

    Refusals: UploadEmpty, UploadTooLarge, UploadNotAsNamed, and those of `checks.look`.
    """
    name = called(name)
    content = _read(stream, max_bytes, name)
    kind = _kind(content[:_HEAD], name)
    seen = look(content, kind, name=name, on=on)
    stream.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    blobs.put(stream, digest)
    return Received(digest, name, kind, len(content), seen)


def called(name: str) -> str:
    """The name of a file as it is kept: what cannot be printed could end a header, or turn the name around."""
    return "".join(one for one in nfc(name) if one.isprintable()).rsplit("/", 1)[-1][-200:] or "tep"


_THERE = Question(
    select(DocumentFile.id)
    .select_from(Component)
    .outerjoin(
        DocumentFile,
        and_(
            DocumentFile.dossier_id == Component.dossier_id,
            DocumentFile.component_key == Component.key,
            DocumentFile.sha256 == bindparam("sha256"),
        ),
    )
    .where(Component.dossier_id == bindparam("dossier_id"), Component.key == bindparam("component_key"))
)


def attach(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    component_key: str,
    received: Received,
    *,
    warehouse_paper_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Give a received file to one component of a dossier; the same bytes again are the same file.

    The caller holds the dossier's lock and has checked that the actor may.
    """
    there = {"dossier_id": dossier_id, "component_key": component_key, "sha256": received.sha256}
    [found] = ask(uow.session, there, _THERE)
    if not found:
        raise ComponentUnknown(component=component_key)
    known: uuid.UUID | None = found[0][0]
    if known:
        return known
    row = DocumentFile(
        **there,
        id=uuid7(),
        name=received.name,
        media_type=received.media_type,
        size=received.size,
        stored_at=uow.clock.now(),
        stored_by=uow.actor.officer_id,
        warehouse_paper_id=warehouse_paper_id,
        **asdict(received.seen),
    )
    uow.session.add(row)
    append(uow, dossier_id, PaperStored(component=component_key, sha256=received.sha256))
    if received.seen.dpi:  # a picture, of whose text nobody knows yet
        read_scan(uow, row.id, received.sha256)
    return row.id


def _read(stream: BinaryIO, max_bytes: int, name: str) -> bytes:
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise UploadTooLarge(name=name, megabytes=max_bytes >> 20)
    if not content:
        raise UploadEmpty(name=name)
    return content


def kind_of(head: bytes) -> str:
    """What these first bytes are, whatever the file is called."""
    return magic.from_buffer(head[:_HEAD], mime=True)


def _kind(head: bytes, name: str) -> str:
    kind = kind_of(head)
    if not name.lower().endswith(KINDS.get(kind, ())):
        raise UploadNotAsNamed(name=name, found=kind)
    return kind
