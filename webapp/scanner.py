"""Today's scans: files that the scanners of the centre made, to be put on a paper at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import BinaryIO

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Missing
from engine.documents import files
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from engine.documents.sheets import Sheet
from engine.dossiers.models import Dossier
from engine.org.models import Office
from webapp.unit import house

_PUT = "scan:"


@dataclass(frozen=True)
class Offered:
    """A sheet, where it was put already, and for which paper it is chosen on the page."""

    sheet: Sheet
    used: str
    chosen: str


def waiting(session: Session, centre: Office, kept: Sequence[tuple[str, Received]]) -> list[Offered]:
    """Those of today that the page has not taken; one that lies on a paper of a dossier says so, and may be used again.

    They are told apart by name and size: bytes are read only of one that is chosen.
    """
    house_ = house()
    day = house_.clock.today()
    here = {(one.name, one.size) for _component, one in kept}
    sheets = [one for one in house_.scanner.of_day(centre.code, day, VIETNAM) if _key(one) not in here]
    if not sheets:
        return []
    used = session.execute(
        select(DocumentFile.name, DocumentFile.size, Dossier.code, Dossier.reference)
        .join(Dossier, Dossier.id == DocumentFile.dossier_id)
        .where(Dossier.receiving_office_id == centre.id, DocumentFile.stored_at >= datetime.combine(day, time(), VIETNAM))
        .where(DocumentFile.name.in_({files.called(one.name) for one in sheets}))
    )
    where = {(name, size): code or reference for name, size, code, reference in used}
    return [Offered(one, where.get(_key(one), ""), request.form.get(f"{_PUT}{one.place}", "")) for one in sheets]


def _key(sheet: Sheet) -> tuple[str, int]:
    return files.called(sheet.name), sheet.size


def put(centre: Office) -> tuple[list[tuple[str, Received]], list[DomainError]]:
    """(component key, file) of each that the page puts on a paper; and why others were not taken, which stay chosen."""
    most, today = house().settings.upload_mb << 20, house().clock.today()
    taken: list[tuple[str, Received]] = []
    refused: list[DomainError] = []
    for name, component in request.form.items():
        if name.startswith(_PUT) and component:
            try:
                with opened(centre, place := name.removeprefix(_PUT)) as sheet:
                    called = place.rpartition("/")[2]
                    taken.append((component, files.receive(house().blobs, sheet, name=called, max_bytes=most, on=today)))
            except Missing:
                refused.append(SheetGone(name=place.rpartition("/")[2][:200]))
            except DomainError as refusal:
                refused.append(refusal)
    return taken, refused


class SheetGone(DomainError):
    """A scan that was chosen is not in the folder any more."""

    kind = "invalid"


def opened(centre: Office, place: str) -> BinaryIO:
    """The bytes of one of today's scans. Refusal: Missing."""
    return house().scanner.open(centre.code, place, house().clock.today(), VIETNAM)
