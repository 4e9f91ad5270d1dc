"""What comes from outside the diagram at a bad moment, or twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import APPLICANT
from engine.base.clock import VIETNAM
from engine.base.errors import Forbidden, Missing
from engine.base.ids import uuid7
from engine.dossiers import course, tasks
from engine.dossiers.act import Act
from engine.dossiers.course import CorrectionUnderWay, NotWaiting
from engine.dossiers.limits import ExtensionNotLater, ExtensionTooLate
from engine.dossiers.models import AnswerSet, Consultation, Deadline, Transfer
from engine.dossiers.named import OfficeNotOffered
from engine.dossiers.offices import OfficeUnclear
from engine.dossiers.settle import start_side
from engine.dossiers.tasks import TaskChanged, TaskHeld
from engine.ledger.read import history
from tests.factories.desk import example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

APOLOGY = {"write_apology": [{"reason": "Chờ kết quả xác minh.", "new_due_on": "2026-12-15"}]}


@pytest.fixture
def elsewhere(ward):
    """A dossier that came to the provincial centre and is decided by the ward."""
    answers = example("2.000908")["answers"] | {"result_delivery": "counter"}
    return ward.lodge_elsewhere("2.000908", answers=answers)


def rows(ward, model, lodged, *order):
    with ward.sessions() as session:
        return session.scalars(select(model).filter_by(dossier_id=lodged.dossier_id).order_by(*order)).all()


def told(ward, lodged):
    with ward.sessions() as session:
        return history(session, lodged.dossier_id)


class TestTransfer:
    def test_a_result_that_arrives_cannot_be_sent_back_as_not_competent(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("result_arrived",)))
        with ward.act(ward.officer("traketqua.tinh")) as uow, pytest.raises(NotWaiting):
            course.acknowledge_transfer(uow, elsewhere.dossier_id, received=False, note="Không phải của tôi")

        assert ward.walk(elsewhere).status == "handed_over"

    def test_the_clock_starts_at_the_acknowledgement_though_the_papers_come_later(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("hand_over_papers",)))
        acknowledged = ward.clock.at
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.acknowledge_transfer(uow, elsewhere.dossier_id, received=True)
        ward.clock.at = datetime(2026, 11, 25, 10, tzinfo=VIETNAM)
        ward.walk(elsewhere, Policy(acts=1))

        assert rows(ward, Transfer, elsewhere)[0].state == "received"
        assert rows(ward, Deadline, elsewhere, Deadline.started_at)[-1].started_at == acknowledged


    def test_the_ledger_tells_of_each_leg_once_and_not_what_was_written(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("result_arrived",)))
        with ward.act(ward.officer("traketqua.tinh")) as uow:
            course.acknowledge_transfer(uow, elsewhere.dossier_id, received=True, note="Thiếu một tờ của bà Tư")

        there, back = [one.payload for one in told(ward, elsewhere) if one.type == "transfer.closed"]
        assert (there["leg"], there["state"], there["note_digest"]) == (1, "received", None)
        assert (back["leg"], back["state"]) == (2, "received")
        assert back["note_digest"]
        assert "bà Tư" not in str(back)

    def test_for_an_office_that_has_nothing_to_do_with_it_there_is_no_dossier(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("transfer_acknowledged",)))
        with ward.act(ward.officer("chuyenvien.samson")) as uow, pytest.raises(Missing):
            course.acknowledge_transfer(uow, elsewhere.dossier_id, received=True)

    def test_who_sent_it_cannot_acknowledge_it(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("transfer_acknowledged",)))
        with ward.act(ward.officer("tiepnhan.tinh")) as uow, pytest.raises(Forbidden):
            course.acknowledge_transfer(uow, elsewhere.dossier_id, received=True)


class TestSideProcess:
    def test_a_message_goes_to_the_instance_that_waits_for_it(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(rest_at=("search_book",)))
        with ward.act() as uow:
            start_side(Act.on(uow, lodged.dossier_id), "pay", {"amount_due": 5000, "payment_way": "online"})
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")

        assert ward.waits(lodged) == {}
        assert ward.task(lodged).step_id == "search_book"
        assert [one.payload["end"] for one in told(ward, lodged) if one.type == "instance.ended"] == [
            "payment_finished"
        ]


class TestPreview:
    def test_what_the_applicant_found_wrong_lies_beside_the_ledger_under_its_digest(self, ward):
        lodged = ward.lodge("1.001193", channel="online")
        ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
        with ward.act(APPLICANT) as uow:
            course.confirm_preview(uow, lodged.dossier_id, ok=False, remark="Tên cháu là Bảo Châu")

        [answer] = [one.payload for one in told(ward, lodged) if one.type == "preview.answered"]
        [kept] = [one for one in rows(ward, AnswerSet, lodged) if one.step_id == "await_confirmation"]
        assert answer == {"ok": False, "remark_digest": kept.digest}


class TestConsultation:
    def test_an_office_with_two_questions_answers_each(self, ward):
        asked = [{"office": str(ward.office("Sở Xây dựng")), "subject": one} for one in ("planning", "fire")]
        lodged = ward.lodge("1.013225")
        plan = {"plan_consultation": [{"consultation_needed_flag": True, "offices": asked}]}
        ward.walk(lodged, Policy(plan, rest_at=("assess_dossier",)))
        for answer in ("Phù hợp.", "Bảo đảm."):
            with ward.act(ward.officer("chuyenvien.xaydung")) as uow:
                course.answer_consultation(uow, lodged.dossier_id, answer)

        assert {one.answer for one in rows(ward, Consultation, lodged)} == {"Phù hợp.", "Bảo đảm."}


class TestExtension:
    @pytest.fixture
    def asked(self, ward):
        """An apology is being written for a dossier that is due on 8 December."""
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.extend(uow, lodged.dossier_id)
        return lodged

    def test_the_new_date_lies_after_the_present_one(self, ward, asked):
        sooner = {"write_apology": [{"reason": "Chờ.", "new_due_on": "2026-12-01"}]}

        with pytest.raises(ExtensionNotLater):
            ward.walk(asked, Policy(sooner, rest_at=("examine_beneficiary",)))

    def test_it_is_not_approved_when_the_last_day_for_it_is_over(self, ward, asked):
        ward.walk(asked, Policy(APOLOGY, rest_at=("examine_beneficiary", "approve_extension")))
        ward.clock.at = ward.dossier(asked).due_at - timedelta(hours=3)

        with pytest.raises(ExtensionTooLate):
            ward.walk(asked, Policy(rest_at=("examine_beneficiary",)))

    def test_approved_after_a_withdrawal_it_sets_no_new_date(self, ward, asked):
        ward.walk(asked, Policy(APOLOGY, rest_at=("examine_beneficiary", "approve_extension")))
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.withdraw(uow, asked.dossier_id, "Tôi chuyển đi nơi khác.")
        ward.walk(asked)

        assert [one.stopped_why for one in rows(ward, Deadline, asked)] == ["ended"]


class TestCorrection:
    def test_a_double_click_begins_one(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged)
        officer = ward.officer("traketqua.hacthanh")
        with ward.act(officer) as uow:
            course.correct(uow, lodged.dossier_id)
        with ward.act(officer) as uow, pytest.raises(CorrectionUnderWay):
            course.correct(uow, lodged.dossier_id)

        assert ward.task(lodged).step_id == "judge_error"


class TestStalePages:
    def test_a_page_from_before_a_colleague_took_the_task_names_the_colleague(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(acts=1))
        task = ward.task(lodged)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            tasks.claim(uow, task.id, seen=task.revision)
        with ward.act(ward.officer("chuyenvien2.hacthanh")) as uow, pytest.raises(TaskHeld) as refusal:
            tasks.complete(uow, task.id, {}, seen=task.revision)

        assert refusal.value.facts["who"] == ward.officer("chuyenvien.hacthanh").name

    def test_a_page_from_before_a_colleague_gave_it_back_names_the_colleague(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(acts=1))
        task = ward.task(lodged)
        for act, seen in ((tasks.claim, task.revision), (tasks.release, task.revision + 1)):
            with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
                act(uow, task.id, seen=seen)
        with ward.act(ward.officer("chuyenvien2.hacthanh")) as uow, pytest.raises(TaskChanged) as refusal:
            tasks.complete(uow, task.id, {}, seen=task.revision)

        assert refusal.value.facts["who"] == ward.officer("chuyenvien.hacthanh").name


class TestNamedOffices:
    @pytest.mark.parametrize("office", ["x", "00000000-0000-0000-0000-000000000000"])
    def test_an_office_that_does_not_exist_is_refused(self, ward, elsewhere, office):
        ward.walk(elsewhere, Policy(events=["transfer_rejected"], rest_at=("redirect_dossier",)))
        task = ward.task(elsewhere)
        with ward.act() as uow, pytest.raises(OfficeNotOffered):
            tasks.complete(uow, task.id, {"to_office": office, "reason": "Sai thẩm quyền"}, seen=task.revision)

    def test_a_dossier_is_not_lodged_for_an_office_that_could_not_decide_it(self, ward):
        with pytest.raises(OfficeUnclear):
            ward.lodge("2.000908", competent_office_id=uuid7())


class TestLedger:
    def test_what_an_officer_typed_about_papers_stays_out_of_the_ledger(self, ward):
        lodged = ward.lodge("2.000908")
        asked = {"what": "Giấy khai sinh của Trần Thị Bé", "why": "Thiếu trang sau"}
        ward.walk(
            lodged, Policy({"check_dossier": [{"reception_outcome": "supplement", "supplement_items": [asked]}]}, acts=1)
        )
        with ward.sessions() as session:
            story = str([one.payload for one in history(session, lodged.dossier_id)])

        assert "Trần" not in story
