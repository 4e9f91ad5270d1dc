"""Metadata of a digitised paper, entered beside its picture (Decree 118/2025 art. 19(2))."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of
from engine.base.uow import UnitOfWork
from engine.documents.metadata_models import PaperMetadata
from engine.documents.models import Component, DocumentFile
from engine.dossiers.models import Dossier
from engine.ledger.append import append
from engine.ledger.events import MetadataEntered
from engine.org import permissions


class ValidityReversed(DomainError):
    """A paper cannot end before it begins to hold."""

    kind = "invalid"


class IssuedLater(DomainError):
    """A paper that lies here was not issued in the future."""

    kind = "invalid"


@dataclass(frozen=True)
class Description:
    """What was entered of one paper; what is not known yet is None."""

    type_code: str | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    owner_born: int | None = None
    issued_on: date | None = None
    issuer: str | None = None
    name: str | None = None
    summary: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    unlimited: bool = False
    scope: str | None = None


#: Who owns it, where there is no personal id: all four.
FOUR = ("owner_name", "owner_born", "issued_on", "issuer")
_ALWAYS = ("type_code", "name", "summary", "scope")


def lacking(said: Description | PaperMetadata | None) -> list[str]:
    """Names of what the decree wants and nobody has entered; of the owner either the id or all four."""
    said = said or Description()
    missing = [name for name in _ALWAYS if not getattr(said, name)]
    if not said.owner_id:
        four = [name for name in FOUR if not getattr(said, name)]
        missing += ["owner_id"] if len(four) == len(FOUR) else four
    if not said.unlimited and not said.valid_to:
        missing.append("valid_to")
    return missing


def described(session: Session, dossier_id: uuid.UUID) -> Mapping[uuid.UUID, PaperMetadata]:
    """QUERY: what was entered of the files of a dossier, by file."""
    rows = session.scalars(select(PaperMetadata).filter_by(dossier_id=dossier_id))
    return {one.file_id: one for one in rows}


def known(session: Session, file: DocumentFile) -> Description:
    """QUERY: what was entered of a file; before that, what the dossier says by itself."""
    row = session.get(PaperMetadata, file.id)
    if row is not None:
        return Description(**{name: getattr(row, name) for name in Description.__dataclass_fields__})
    dossier = session.get_one(Dossier, file.dossier_id)
    line = session.scalars(select(Component).filter_by(dossier_id=file.dossier_id, key=file.component_key)).one()
    return Description(
        type_code=f"{dossier.procedure_code}.{line.key}",
        owner_id=dossier.applicant_personal_id,
        owner_name=dossier.owner_name,
        name=line.name,
    )


def describe(uow: UnitOfWork, file_id: uuid.UUID, said: Description) -> None:
    """Enter what is known of a paper; later entries take the place of earlier ones, the ledger keeps the digest of each.

    Refusals: Missing, Forbidden, ValidityReversed, IssuedLater.
    """
    file = uow.session.get(DocumentFile, file_id)
    if file is None:
        raise Missing
    dossier = uow.session.get_one(Dossier, file.dossier_id, with_for_update=True)
    permissions.require(uow.actor, "paper.describe", dossier)
    if said.valid_from and said.valid_to and said.valid_to < said.valid_from:
        raise ValidityReversed
    if said.issued_on and said.issued_on > uow.clock.today():
        raise IssuedLater
    row = uow.session.get(PaperMetadata, file_id)
    values = asdict(said) | {"valid_to": None if said.unlimited else said.valid_to}
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return
    values |= {"entered_at": uow.clock.now(), "entered_by": uow.actor.officer_id}
    if row is None:
        uow.session.add(PaperMetadata(file_id=file_id, dossier_id=dossier.id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(said).items()}
    append(
        uow,
        dossier.id,
        MetadataEntered(component=file.component_key, sha256=file.sha256, digest=digest_of(written), lacking=lacking(said)),
    )
