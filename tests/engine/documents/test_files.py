"""Uploads are looked at before they are kept, and given to a dossier once."""

import hashlib

import pytest
from sqlalchemy import select

from engine.documents import files
from engine.documents.checklist import ComponentUnknown
from engine.documents.files import Received
from engine.documents.models import DocumentFile
from engine.ledger.read import history

SCAN = Received(hashlib.sha256(b"scan").hexdigest(), "can-cuoc.pdf", "application/pdf", 4)


def attach(ward, lodged, component, received=SCAN):
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        return files.attach(uow, lodged.dossier_id, component, received)


class TestAttach:
    def test_the_same_bytes_again_are_the_same_file(self, ward):
        lodged = ward.lodge("2.000908")
        first = attach(ward, lodged, "id_paper")

        assert attach(ward, lodged, "id_paper") == first
        with ward.sessions() as session:
            rows = session.scalars(select(DocumentFile).filter_by(dossier_id=lodged.dossier_id)).all()
            events = [one.type for one in history(session, lodged.dossier_id)]
        assert [one.name for one in rows] == ["can-cuoc.pdf"]
        assert events.count("paper.stored") == 1

    def test_for_another_component_they_are_another_file(self, ward):
        lodged = ward.lodge("2.000908")

        assert attach(ward, lodged, "id_paper") != attach(ward, lodged, "authorisation")

    def test_a_component_that_the_procedure_does_not_know_takes_none(self, ward):
        with pytest.raises(ComponentUnknown):
            attach(ward, ward.lodge("2.000908"), "passport")
