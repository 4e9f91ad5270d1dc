"""What no page of ours sends: it is refused with a sentence, never with a crash."""

import io
import uuid
from datetime import date

import pytest
from sqlalchemy import select

from engine.base.actor import APPLICANT
from engine.documents import files
from engine.dossiers import course
from engine.dossiers.models import Dossier, Task
from tests.factories.desk import Ward
from tests.journeys.clerk import PDF


class Kept:
    """A store that looks at nothing."""

    def put(self, stream, digest):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "/inbox?after=9/------------------------------------",
        "/inbox?after=9999/00000000-0000-0000-0000-000000000000",
        "/inbox?procedure=%00",
        "/inbox?q=%00",
        "/dossiers/%00",
        "/dossiers/?q=%00",
        "/counter/%00",
        "/counter/?q=%00",
        "/procedures?q=%00",
        "/procedures/%00",
        "/track?code=%00&secret=%00",
        "/kiosk/%00",
        "/assist/%00",
        "/delegations/?q=%00",
        "/calendar?year=%C2%B2",
    ],
)
def test_an_address_that_no_page_offers_is_no_error_of_ours(login, address):
    assert login("tiepnhan.hacthanh").get(address).status_code < 500


def test_no_form_carries_what_the_database_cannot_hold(login):
    answer = login("quantri").post(f"/incidents/{uuid.uuid4()}/retry", data={"key": "a\x00b"})

    assert answer.status_code == 400
    assert "ký tự không đọc được" in answer.get_data(as_text=True)


def test_a_counter_page_that_names_an_office_that_does_not_exist_is_refused(login):
    given = {"key": str(uuid.uuid4()), "competent_office_id": str(uuid.uuid4()), "decision": "accept"}

    for address in ("/counter/2.000908", "/counter/2.000908/estimate"):
        assert login("tiepnhan.hacthanh").post(address, data=given).status_code < 500


def test_a_file_name_loses_what_cannot_be_printed():
    pdf = io.BytesIO(PDF)

    received = files.receive(Kept(), pdf, name="a\r\nb\u202efdp.pdf", max_bytes=1_000, on=date(2026, 11, 23))

    assert received.name == "abfdp.pdf"


def test_an_intake_page_sent_again_after_its_dossier_came_back_decides_nothing(login, province_sessions, act, clock):
    ward = Ward(act, province_sessions, clock)
    lodging = ward.lodging("2.000908")
    key = uuid.uuid4()
    page = {"key": str(key), "decision": "supplement", "ask.0.what": "Trang sau", "ask.0.why": "Thiếu trang sau"}
    page |= forms_flat(lodging.answers)
    client = login("tiepnhan.hacthanh")
    assert client.post("/counter/2.000908", data=page).status_code == 303
    with province_sessions() as session:
        dossier_id = session.scalars(select(Dossier.id).filter_by(lodging_key=key)).one()
    with act(APPLICANT) as uow:
        course.resubmit(uow, dossier_id)
    client.post("/counter/2.000908", data=page)

    with province_sessions() as session:
        assert session.scalars(select(Task.step_id).filter_by(dossier_id=dossier_id, done_at=None)).one() == "check_dossier"


def forms_flat(answers, prefix=""):
    """Nested answers as a page names them."""
    flat = {}
    for name, value in answers.items():
        path = f"{prefix}{name}"
        flat |= forms_flat(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return flat
