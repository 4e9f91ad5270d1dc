"""A dossier that ends takes along what belongs to it: questions, legs, money, letters that are being written."""

import json
import shutil
import uuid

import pytest
from sqlalchemy import select

from engine.base.actor import APPLICANT
from engine.base.errors import Forbidden, Missing
from engine.catalog import publish
from engine.documents.models import Slip
from engine.dossiers import course, inbox
from engine.dossiers.course import (
    STOP_GROUNDS,
    GroundUnknown,
    NotAsked,
    NotStoppable,
    NotWaiting,
    NotWithdrawable,
)
from engine.dossiers.fees import RefundTooMuch
from engine.dossiers.models import Consultation, Task, Transfer, Wait
from engine.dossiers.tasks import ReasonMissing
from engine.payments.models import CashEntry, Charge
from engine.runtime.state import RuntimeState
from tests.factories.desk import Ward, example
from tests.factories.province import IN_FORCE, ROOT
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

CONSULTING = {"plan_consultation": [{"consultation_needed_flag": True}]}
REASON = "Tôi chuyển đi nơi khác."


def withdraw(ward: Ward, lodged, **more) -> None:
    with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
        course.withdraw(uow, lodged.dossier_id, REASON, **more)


def rows(ward: Ward, model, lodged):
    with ward.sessions() as session:
        return session.scalars(select(model).filter_by(dossier_id=lodged.dossier_id)).all()


def open_steps(ward: Ward, lodged) -> set[str]:
    return {one.step_id for one in rows(ward, Task, lodged) if one.done_at is None}


class TestQuestions:
    def test_an_asked_office_need_not_answer_any_more(self, ward):
        lodged = ward.lodge("1.013225")
        ward.walk(lodged, Policy(CONSULTING, rest_at=("assess_dossier",)))
        asked = rows(ward, Consultation, lodged)
        withdraw(ward, lodged)

        assert all(one.closed_at for one in rows(ward, Consultation, lodged))
        silent = sorted(str(one.office_id) for one in asked)
        assert [one["state"] for one in ward.told(lodged, "consultation.closed")] == ["cancelled"]
        assert sorted(ward.told(lodged, "consultation.closed")[0]["silent"]) == silent
        with ward.act(ward.officer("chuyenvien.xaydung")) as uow, pytest.raises(NotAsked):
            course.answer_consultation(uow, lodged.dossier_id, "Thống nhất.")


class TestLegs:
    def test_a_dossier_that_is_on_its_way_needs_no_acknowledgement_any_more(self, ward):
        lodged = ward.lodge_elsewhere("2.000908", answers=example("2.000908")["answers"] | {"result_delivery": "counter"})
        ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))
        with ward.act(APPLICANT) as uow:
            course.withdraw(uow, lodged.dossier_id, REASON)

        assert [one.state for one in rows(ward, Transfer, lodged)] == ["cancelled"]
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(NotWaiting):
            course.acknowledge_transfer(uow, lodged.dossier_id, received=True)


class TestMoney:
    @pytest.fixture
    def refunding(self, ward, tmp_path):
        """The fee of 2.000635 as a province would set it that gives it back to whoever withdraws."""
        shutil.copytree(ROOT / "bpmn" / "2.000635", tmp_path / "2.000635")
        record = tmp_path / "2.000635" / "procedure.json"
        content = json.loads(record.read_text("utf-8"))
        for fee in content["fees"]:
            fee["refund"] = 'end_reason = "withdrawn"'
        record.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        with ward.act() as uow:
            [deployed] = publish.deploy_all(uow, tmp_path, forms=ROOT / "forms" / "schemas")
            publish.publish(uow, deployed.version_id, effective_from=ward.clock.today())
        assert ward.clock.today() > IN_FORCE

    def test_what_is_owed_is_not_owed_any_more(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("take_payment",)))
        withdraw(ward, lodged)

        assert [one.state for one in rows(ward, Charge, lodged)] == ["cancelled"]

    def test_a_refused_dossier_owes_nothing(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        refusal = {"reception_outcome": "refuse", "refusal_ground": "wrong_subject"}
        ward.walk(lodged, Policy({"check_dossier": [refusal] * 2}, rest_at=("hand_back_papers",)))

        assert [one.state for one in rows(ward, Charge, lodged)] == ["cancelled"]

    def test_what_was_paid_is_kept_where_no_law_gives_it_back(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_request",)))
        withdraw(ward, lodged)
        ward.walk(lodged)

        assert [one.state for one in rows(ward, Charge, lodged)] == ["paid"]
        assert open_steps(ward, lodged) == set()

    def test_an_officer_who_knows_such_a_law_has_it_refunded(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_request",)))
        withdraw(ward, lodged)
        [charge] = rows(ward, Charge, lodged)
        answers = {"hand_back_papers": [{"refund_due": True}], "refund_fee": [{"amount": charge.amount}]}
        ward.walk(lodged, Policy(answers))

        assert [one.state for one in rows(ward, Charge, lodged)] == ["refunded"]
        assert ward.told(lodged, "charge.refunded") == [{"amount": charge.amount, "parts": {str(charge.id): charge.amount}}]

    def test_nobody_gets_back_more_than_was_paid(self, ward):
        """Decree 118/2025, art. 21: by the law of the sector, and what was paid at most."""
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_request",)))
        withdraw(ward, lodged)
        paid = rows(ward, Charge, lodged)[0].amount
        answers = {"hand_back_papers": [{"refund_due": True}], "refund_fee": [{"amount": paid + 1}]}
        with pytest.raises(RefundTooMuch):
            ward.walk(lodged, Policy(answers))

        assert [one.state for one in rows(ward, Charge, lodged)] == ["paid"]
        ward.walk(lodged, Policy({"refund_fee": [{"amount": paid - 1, "method": "cash"}]}))
        assert [(one.state, one.refunded) for one in rows(ward, Charge, lodged)] == [("paid", paid - 1)], "not all of it went back"
        back, _ = sorted(rows(ward, CashEntry, lodged), key=lambda one: one.amount)
        assert (back.amount, back.kind) == (1 - paid, "refund")
        [slip] = [one for one in rows(ward, Slip, lodged) if one.kind == "fee_refund"]
        assert (back.slip_id, back.paper_no, back.paid_to) == (slip.id, slip.number, slip.data["receiver"])
        assert [one["receipt_no"] for one in slip.data["lines"]] == [one.receipt_no for one in rows(ward, Charge, lodged)]

    @pytest.mark.usefixtures("refunding")
    @pytest.mark.parametrize(("channel", "first"), [("in_person", "hand_back_papers"), ("online", "refund_fee")])
    def test_where_the_record_gives_it_back_it_is_refunded_also_without_papers(self, ward, channel, first):
        lodged = ward.lodge("2.000635", channel=channel)
        ward.walk(lodged, Policy(rest_at=("examine_request",)))
        withdraw(ward, lodged)

        assert [one.state for one in rows(ward, Charge, lodged)] == ["refund_due"]
        assert open_steps(ward, lodged) == {first}
        ward.walk(lodged, Policy({"refund_fee": [{"amount": rows(ward, Charge, lodged)[0].amount}]}))
        assert [one.state for one in rows(ward, Charge, lodged)] == ["refunded"]

    @pytest.mark.usefixtures("refunding")
    def test_what_is_given_back_in_parts_is_known_of_each_charge_until_all_of_it_went_back(self, ward):
        """Decree 118/2025, art. 21: the step stays with the cashier while something is due."""
        lodged = ward.lodge("2.000635", channel="online")
        ward.walk(lodged, Policy(rest_at=("examine_request",)))
        withdraw(ward, lodged)
        paid = rows(ward, Charge, lodged)[0].amount
        back = [{"amount": amount, "method": "cash"} for amount in (3000, 4000, paid - 7000)]
        ward.walk(lodged, Policy({"refund_fee": back[:1]}, acts=1))

        assert [(one.state, one.refunded) for one in rows(ward, Charge, lodged)] == [("refund_due", 3000)]
        with pytest.raises(RefundTooMuch):
            ward.walk(lodged, Policy({"refund_fee": [{"amount": paid - 2999}]}))
        ward.walk(lodged, Policy({"refund_fee": back[1:]}))
        assert [(one.state, one.refunded) for one in rows(ward, Charge, lodged)] == [("refunded", paid)]
        assert [one.amount for one in rows(ward, CashEntry, lodged) if one.kind == "refund"] == [-3000, -4000, 7000 - paid]
        papers = [one.data for one in rows(ward, Slip, lodged) if one.kind == "fee_refund"]
        assert [one["amount"] for one in papers] == [3000, 4000, paid - 7000]
        assert "(hoàn 3.000 đ)" in papers[0]["lines"][0]["name"]
        assert ward.agrees(lodged)

    def test_an_electronic_dossier_leaves_nothing_to_give_back(self, ward):
        lodged = ward.lodge("2.000908", channel="online")
        ward.walk(lodged, Policy(rest_at=("search_book",)))
        withdraw(ward, lodged)

        assert open_steps(ward, lodged) == set()

    def test_money_that_came_online_is_counted_as_much_as_it_is(self, ward):
        lodged = ward.lodge("2.000635", channel="online")
        ward.walk(lodged, Policy(rest_at=("examine_request",)))

        [charge] = rows(ward, Charge, lodged)
        assert ward.told(lodged, "charge.counted") == [{"state": "paid", "amount": charge.amount, "charges": [str(charge.id)]}]
        assert (charge.state, charge.way) == ("paid", "online")

    def test_money_taken_at_the_counter_bears_the_number_of_its_receipt(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        taken = {"payment_answer": "paid", "payment_method": "cash"}
        ward.walk(lodged, Policy({"take_payment": [taken]}, rest_at=("examine_request",)))

        assert [(one.way, one.receipt_no) for one in rows(ward, Charge, lodged)] == [("counter", "0000001")]


class TestLetters:
    @pytest.fixture
    def apologising(self, ward):
        lodged = ward.lodge("1.013225", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("draft_permit",)))
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.extend(uow, lodged.dossier_id)
        return lodged

    def test_an_apology_is_not_needed_once_there_is_a_result(self, ward, apologising):
        ward.walk(apologising, Policy(rest_at=("write_apology", "take_payment")))

        assert ward.dossier(apologising).status == "decided"
        assert open_steps(ward, apologising) == {"take_payment"}

    def test_nor_once_the_dossier_is_withdrawn(self, ward, apologising):
        withdraw(ward, apologising)

        assert open_steps(ward, apologising) == {"hand_back_papers"}

    def test_a_correction_goes_on_after_the_hand_over(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("hand_over_result",)))
        with ward.act(ward.officer("traketqua.hacthanh")) as uow:
            course.correct(uow, lodged.dossier_id)
        ward.walk(lodged, Policy(rest_at=("judge_error",)))

        assert ward.dossier(lodged).status == "handed_over"
        assert open_steps(ward, lodged) == {"judge_error"}

    @pytest.mark.parametrize("beside", [True, False])
    def test_what_waits_beside_an_ended_dossier_is_still_waited_for(self, ward, beside):
        """No part of ours waits beside yet; one of a province may."""
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy())
        assert ward.dossier(lodged).ended_at
        with ward.sessions() as session:
            runtime = session.scalars(select(RuntimeState.id).filter_by(dossier_id=lodged.dossier_id)).first()
            session.add(
                Wait(
                    dossier_id=lodged.dossier_id, runtime_id=runtime, token="7", step_id="posted", name="Bưu điện báo phát",
                    lane="return", kind="message", subject="parcel_delivered", beside=beside, opened_at=ward.clock.now(),
                )
            )  # fmt: skip
            found = inbox.waiting(session, ward.officer("traketqua.hacthanh"))
            assert [one.name for one in found.rows] == ["Bưu điện báo phát"] * beside


class TestWithdraw:
    def test_a_double_click_withdraws_once(self, ward):
        lodged, key = ward.lodge("2.000908"), uuid.uuid4()
        withdraw(ward, lodged, key=key)
        withdraw(ward, lodged, key=key)

        assert len(ward.told(lodged, "dossier.withdrawn")) == 1
        with pytest.raises(NotWithdrawable):
            withdraw(ward, lodged, key=uuid.uuid4())


class TestStop:
    @pytest.fixture
    def at_work(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
        return lodged

    def stop(self, ward, lodged, who, **more):
        given = {"ground": "authority_request", "reason": "Theo văn bản số 12/CV-TA của Tòa án."} | more
        with ward.act(ward.officer(who)) as uow:
            course.stop(uow, lodged.dossier_id, given.pop("reason"), **given)

    @pytest.mark.parametrize("who", ["lanhdao.hacthanh", "giamdoc.hacthanh"])
    def test_a_head_stops_the_work_with_a_notice_and_the_papers_go_back(self, ward, at_work, who):
        self.stop(ward, at_work, who)

        dossier = ward.dossier(at_work)
        assert (dossier.status, dossier.end_step) == ("stopped", "stopped")
        assert dossier.ended_at == ward.clock.at
        assert open_steps(ward, at_work) == {"hand_back_papers"}
        assert ward.waits(at_work) == {}
        [slip] = [one for one in rows(ward, Slip, at_work) if one.kind == "stop"]
        assert slip.data["reason"] == "Theo văn bản số 12/CV-TA của Tòa án."
        [event] = ward.told(at_work, "dossier.stopped")
        assert event["ground"] == "authority_request"
        assert "Tòa án" not in str(event)

    @pytest.mark.parametrize("who", ["chuyenvien.hacthanh", "tiepnhan.hacthanh"])
    def test_who_works_on_it_may_not(self, ward, at_work, who):
        with pytest.raises(Forbidden):
            self.stop(ward, at_work, who)

    def test_for_the_head_of_another_office_there_is_no_such_dossier(self, ward, at_work):
        with pytest.raises(Missing):
            self.stop(ward, at_work, "lanhdao.samson")

    def test_before_acceptance_reception_refuses_instead(self, ward):
        with pytest.raises(NotStoppable):
            self.stop(ward, ward.lodge("2.000908"), "lanhdao.hacthanh")

    def test_a_result_is_not_stopped(self, ward, at_work):
        ward.walk(at_work, Policy(rest_at=("hand_over_result",)))
        with pytest.raises(NotStoppable):
            self.stop(ward, at_work, "lanhdao.hacthanh")

    @pytest.mark.parametrize(
        ("given", "refusal"), [({"ground": "tired"}, GroundUnknown), ({"reason": "  "}, ReasonMissing)]
    )
    def test_it_takes_a_ground_of_the_list_and_a_reason(self, ward, at_work, given, refusal):
        with pytest.raises(refusal):
            self.stop(ward, at_work, "lanhdao.hacthanh", **given)

        assert ward.dossier(at_work).status == "in_process"

    @pytest.mark.parametrize("ground", STOP_GROUNDS)
    def test_each_ground_of_the_list_will_do(self, ward, at_work, ground):
        self.stop(ward, at_work, "lanhdao.hacthanh", ground=ground)

        assert ward.dossier(at_work).status == "stopped"

    def test_a_double_click_stops_once(self, ward, at_work):
        key = uuid.uuid4()
        self.stop(ward, at_work, "lanhdao.hacthanh", key=key)
        self.stop(ward, at_work, "lanhdao.hacthanh", key=key)

        assert len(ward.told(at_work, "dossier.stopped")) == 1
