"""Today's scans: files that the scanners of the centre made, to be put on a paper at the counter."""

from collections.abc import Iterator

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.base.clock import VIETNAM
from engine.documents import files
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from engine.documents.sheets import Sheet
from engine.org.models import Office
from webapp.unit import house

_PUT = "scan:"


def waiting(session: Session, centre: Office, kept: list[tuple[str, Received]]) -> list[Sheet]:
    """Those of today that lie on no paper yet: neither of a dossier nor of the page that is being filled in."""
    sheets = house().scanner.of_day(centre.code, house().clock.today(), VIETNAM)
    if not sheets:
        return []
    known = select(DocumentFile.sha256).where(DocumentFile.sha256.in_([one.sha256 for one in sheets]))
    taken = {*session.scalars(known), *(one.sha256 for _component, one in kept)}
    return [one for one in sheets if one.sha256 not in taken]


def put(centre: Office) -> Iterator[tuple[str, Received]]:
    """(component key, file) of each that the page puts on a paper. Refusals: those of `files.receive`, Missing."""
    most, today = house().settings.upload_mb << 20, house().clock.today()
    for name, component in request.form.items():
        if name.startswith(_PUT) and component:
            place = name.removeprefix(_PUT)
            with house().scanner.open(centre.code, place) as sheet:
                called = place.rpartition("/")[2]
                yield component, files.receive(house().blobs, sheet, name=called, max_bytes=most, on=today)
