"""Whatever a page sends, it may arrive twice: each route that acts takes a key, or says here why twice is the same as once."""

import io
import uuid
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from engine.dossiers.models import AnswerSet, Dossier, Task
from engine.ledger.models import LedgerEvent
from tests.journeys.clerk import PDF
from tests.webapp.test_bad_input import forms_flat

#: Routes without a key, and why the same request again has no second effect.
HARMLESS = {
    "inbox.claim": "who holds a task gets it again",
    "inbox.renew": "a dossier that is in the version in force stays there",
    "inbox.release": "what lies open already stays so",
    "inbox.draft": "the same words are kept in the same place",
    "inbox.form": "draws the page again",
    "counter.estimate": "draws the page again; a file lies under its digest",
    "calendar.preview": "only shows what would move",
    "portal.form": "draws the page again; a file lies under its digest",
    "kiosk.stand_form": "as above",
    "assist.help_form": "as above",
    "tracking.draft": "only shows",
    "tracking.declaration": "only shows",
    "declaration.form": "draws the page again",
    "declaration.submission_form": "as above",
    "tracking.submission": "as above",
    "uploading.begin": "the same file again lies under the same digest",
    "uploading.go_on": "a piece says where it belongs; there it is already, and it is refused",
    "registers.enter": "the same pattern of the same register and day is one",
    "tracking.result": "only shows",
    "warehouse.look": "only shows; whoever looks twice has looked twice",
    "warehouse.paper": "as above",
    "tracking.paper": "the first print of a slip is kept, every later one is the same",
    "dossiers.print_slip": "as above",
    "coordination.close": "the same day again is the same day",
    "offices.apply": "what is done is done, the second time nothing moves",
    "offices.drop": "a draft that is dropped already",
    "handovers.acknowledge": "the same word about the same dossier is one, another is refused",
    "handovers.print_list": "the first print is kept, every later one is the same",
    "metadata.keep": "the same scan of the same owner is one paper of the warehouse",
    "hooks.payment": "the gateway's own number of a transaction is its key",
    "cashier.send_back": "what is on its way back, or has gone, does not go again",
    "incidents.retry": "what waits takes one answer, however often it is asked for",
    "language.choose": "the same language again",
    "security.login": "a session that is there already",
    "security.logout": "a session that is gone already",
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def acting(app):
    """(rule, its view) of every route that may change something."""
    return [(one, app.view_functions[one.endpoint]) for one in app.url_map.iter_rules() if one.methods & UNSAFE]


def test_a_route_that_acts_takes_a_key_or_says_why_not(app):
    without = {rule.endpoint for rule, view in acting(app) if not getattr(view, "once", False)}

    assert without == set(HARMLESS), "@once below @needs or @public; or say here why it may arrive twice"


def test_without_its_key_nothing_is_done(app, login, province_sessions):
    reception, admin = login("tiepnhan.hacthanh"), login("quantri")
    head, till = login("giamdoc.hacthanh"), login("thuphi.hacthanh")
    others = {"dossiers.store_result": login("vanthu.hacthanh"), "warehouse.revoke": login("lanhdao.hacthanh")}
    others |= {"coordination.enter": admin, "coordination.decide": head}
    others["dossiers.announce_visit"] = login("chuyenvien.hacthanh")
    names = ("task_id", "dossier_id", "receipt_id", "day_id", "file_id", "paper_id", "delegation_id")
    ids = dict.fromkeys(names, uuid.uuid4())
    dummies = {"ref": "x", "act": "withdraw", "code": "2.000908"} | ids
    for rule, view in acting(app):
        if getattr(view, "once", False):
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{name: dummies[name] for name in rule.arguments})
            rooms = {"calendar": admin, "offices": admin, "delegations": admin, "cashier": till}
            client = others.get(rule.endpoint, rooms.get(rule.endpoint.partition(".")[0], reception))
            for key in (None, "", "x"):
                answer = client.post(address, data={} if key is None else {"key": key}, headers={"Accept": "application/json"})

                assert (rule.endpoint, answer.status_code, answer.json["code"]) == (rule.endpoint, 422, "key_missing")
    with province_sessions() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0


@pytest.fixture
def rows(province_sessions):
    """How much there is."""

    def count():
        with province_sessions() as session:
            return [session.scalar(select(func.count()).select_from(one)) for one in (Dossier, Task, AnswerSet, LedgerEvent)]

    return count


class TestSentAgain:
    """The answer to the first was lost on its way; or a finger was quick."""

    #: The first goes on, the second is told the same, other contents are refused; and which of them had an effect.
    ONCE = (303, True, True, [True, False, False])

    def again(self, rows, send, **other):
        answers, counts = [], [rows()]
        for contents in ({}, {}, other):
            answers.append(send(**contents))
            counts.append(rows())
        first, second, third = ((one.status_code, one.location) for one in answers)
        return first[0], second == first, third[0] in (409, 422), [old != new for old, new in pairwise(counts)]

    def test_an_intake_at_the_counter(self, login, ward, rows):
        client = login("tiepnhan.hacthanh")
        page = forms_flat(ward.lodging("2.000908").answers) | {"key": str(uuid.uuid4()), "decision": "refuse", "reason": "Sai"}
        page["refusal_ground"] = "other"

        assert self.again(rows, lambda **other: client.post("/counter/2.000908", data=page | other), reason="Khác") == self.ONCE

    def test_an_application_with_a_file(self, client, ward, rows):
        office = str(ward.office("Ủy ban nhân dân phường Hạc Thành"))
        page = forms_flat(ward.lodging("2.000908").answers) | {"key": str(uuid.uuid4()), "office_id": office}

        def send(content=PDF):
            upload = {"file:id_paper": (io.BytesIO(content), "cccd.pdf")}
            return client.post("/lodge/2.000908", data=page | upload, content_type="multipart/form-data")

        assert self.again(rows, send, content=PDF + b"\n") == self.ONCE

    def test_a_step(self, login, ward, rows):
        lodged = ward.lodge("2.000908")
        page = {"key": str(uuid.uuid4()), "seen": 1, "reception_outcome": "refuse", "refusal_ground": "wrong_subject", "refusal_text": "Sai"}
        address, client = f"/tasks/{ward.task(lodged).id}/complete", login("tiepnhan.hacthanh")

        assert self.again(rows, lambda **other: client.post(address, data=page | other), refusal_text="Khác") == self.ONCE

    def test_an_act_on_the_page_of_a_dossier(self, login, ward, rows):
        lodged, client = ward.lodge("2.000908"), login("tiepnhan.hacthanh")
        page = {"key": str(uuid.uuid4()), "text": "Nộp nhầm"}

        assert self.again(rows, lambda **other: client.post(f"/dossiers/{lodged.reference}/withdraw", data=page | other), text="Khác") == self.ONCE

    def test_an_act_of_the_applicant(self, client, ward, rows):
        lodged = ward.lodge("2.000908")
        page = {"key": str(uuid.uuid4()), "code": lodged.reference, "secret": lodged.secret, "text": "Nộp nhầm", "sure": "yes"}

        assert self.again(rows, lambda **other: client.post("/track/withdraw", data=page | other), text="Khác") == self.ONCE
