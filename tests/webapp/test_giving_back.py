"""Money that must go back stays at the till until all of it went, also where a diagram does not ask for the rest (art. 21)."""

import json
import shutil

import pytest
from sqlalchemy import select

from engine.base.actor import APPLICANT
from engine.catalog import publish
from engine.documents.models import Slip
from engine.dossiers import course
from engine.payments.models import CashEntry, Charge
from tests.factories.province import ROOT
from tests.journeys.pages import Page
from webapp.demo.walk import Policy

CODE, PART = "2.000635", "return_papers"
AGAIN = 'sourceRef="record_refund" targetRef="refund_question"'


@pytest.fixture
def once_only(ward, tmp_path):
    """A province gives the fee back to whoever withdraws, by a part that goes on after the first time."""
    shutil.copytree(ROOT / "bpmn" / CODE, tmp_path / CODE)
    shutil.copytree(ROOT / "bpmn" / "_parts" / PART, tmp_path / "_parts" / PART)
    record = tmp_path / CODE / "procedure.json"
    content = json.loads(record.read_text("utf-8"))
    for fee in content["fees"]:
        fee["refund"] = 'end_reason = "withdrawn"'
    record.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    diagram = tmp_path / "_parts" / PART / "diagram.bpmn"
    drawn = diagram.read_text("utf-8")
    assert AGAIN in drawn
    drawn = drawn.replace(AGAIN, AGAIN.replace("refund_question", "papers_ended"))
    arrives = "<bpmn:incoming>record_refund_to_refund_question</bpmn:incoming>"
    drawn = drawn.replace(arrives, "")
    before, end, after = drawn.partition('<bpmn:endEvent id="papers_ended"')
    diagram.write_text(before + end + after.replace("</bpmn:extensionElements>", f"</bpmn:extensionElements>{arrives}", 1), "utf-8")
    with ward.act() as uow:
        for one in publish.deploy_all(uow, tmp_path, forms=ROOT / "forms" / "schemas"):
            publish.publish(uow, one.version_id, effective_from=ward.clock.today())


@pytest.fixture
def withdrawn(ward, once_only):
    lodged = ward.lodge(CODE, channel="online")
    ward.walk(lodged, Policy(rest_at=("examine_request",)))
    with ward.act(APPLICANT) as uow:
        course.withdraw(uow, lodged.dossier_id, "Tôi chuyển đi nơi khác.")
    return lodged


def rows(ward, model, lodged):
    with ward.sessions() as session:
        return session.scalars(select(model).filter_by(dossier_id=lodged.dossier_id).order_by(model.id)).all()


def test_the_rest_is_given_back_at_the_till_where_no_step_asks_for_it(ward, login, withdrawn):
    till = login("thuphi.hacthanh")
    assert "Còn phải hoàn trả" not in Page.open(till, "/cashier/").words, "its step is there"
    ward.walk(withdrawn, Policy({"refund_fee": [{"amount": 3000, "method": "cash"}]}))
    [charge] = rows(ward, Charge, withdrawn)
    assert (charge.state, charge.refunded) == ("refund_due", 3000)
    page = Page.open(till, "/cashier/")
    rest = charge.amount - 3000

    assert f"đã nộp {_dong(charge.amount)}, đã hoàn 3.000 đ" in page.words
    other = Page.open(login("thuphi.hoaloc"), "/cashier/")
    assert "Còn phải hoàn trả" not in other.words
    assert "Hãy ghi tài khoản" in page.press(f"Hoàn lại {_dong(rest)}", way="transfer").said
    form = page.form(f"Hoàn lại {_dong(rest)}")
    form.fill({"receiver": "Trần Văn Bình", "way": "cash"})
    assert "Đã ghi chi hoàn lại" in form.press(f"Hoàn lại {_dong(rest)}").said
    form.press(f"Hoàn lại {_dong(rest)}")
    assert "Còn phải hoàn trả" not in Page.open(till, "/cashier/").words
    assert [(one.state, one.refunded) for one in rows(ward, Charge, withdrawn)] == [("refunded", charge.amount)]
    assert [one.amount for one in rows(ward, CashEntry, withdrawn) if one.kind == "refund"] == [-3000, -rest]
    papers = [one for one in rows(ward, Slip, withdrawn) if one.kind == "fee_refund"]
    assert (papers[-1].data["amount"], papers[-1].data["receiver"]) == (rest, "Trần Văn Bình")
    assert ward.agrees(withdrawn)


def _dong(amount):
    return f"{amount:,} đ".replace(",", ".")
