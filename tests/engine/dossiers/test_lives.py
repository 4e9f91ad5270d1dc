"""Whole lives through the commands: every end of the diagrams, with real forms and real rows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base.clock import VIETNAM
from engine.dossiers.models import Deadline, Dossier, Supplement
from engine.ledger.chain import first_break
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history
from tests.factories.desk import Ward
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

CODES = ["2.000635", "2.000908", "1.001193", "1.000894", "1.013225", "1.001776"]
REFUSE = {"examination_outcome": "ineligible"}
SUPPLEMENT = {"examination_outcome": "supplement"}
#: The step that examines, by procedure.
EXAMINES = {
    "2.000635": "examine_request",
    "2.000908": "search_book",
    "1.001193": "verify_documents",
    "1.000894": "verify_conditions",
    "1.013225": "weigh_findings",
    "1.001776": "examine_beneficiary",
}


def story(ward: Ward, dossier: Dossier) -> list[LedgerEvent]:
    with ward.sessions() as session:
        return list(history(session, dossier.id))


@pytest.mark.parametrize("code", CODES)
class TestEveryProcedure:
    def test_a_complete_dossier_is_handed_over_and_its_story_holds_together(self, ward, code):
        dossier = ward.walk(ward.lodge(code))

        assert (dossier.status, dossier.end_step) == ("handed_over", "handed_over")
        assert dossier.code == f"H56.101-261123-{1:04d}"
        assert dossier.decided_at is not None
        assert dossier.result_kind == "granted"
        events = story(ward, dossier)
        assert first_break(events) is None
        assert events[-1].type == "instance.ended"

    def test_refused_at_reception_it_gets_no_code(self, ward, code):
        policy = Policy(
            {"check_dossier": [{"reception_outcome": "refuse", "refusal_ground": "wrong_subject"}] * 2}
        )
        dossier = ward.walk(ward.lodge(code), policy)

        assert (dossier.status, dossier.end_step, dossier.code) == ("not_accepted", "not_accepted", None)

    def test_a_refusal_after_assessment_is_a_result_that_is_signed_and_handed_over(self, ward, code):
        dossier = ward.walk(ward.lodge(code), Policy({EXAMINES[code]: [REFUSE]}))

        assert (dossier.status, dossier.result_kind) == ("handed_over", "refused")

    def test_told_what_is_missing_before_acceptance_it_comes_back_and_is_accepted(self, ward, code):
        policy = Policy({"check_dossier": [{"reception_outcome": "supplement"}, {"reception_outcome": "accept"}]})
        dossier = ward.walk(ward.lodge(code), policy)

        assert dossier.status == "handed_over"

    def test_a_supplement_after_acceptance_restarts_the_clock_from_zero(self, ward, code):
        policy = Policy({EXAMINES[code]: [SUPPLEMENT]})
        dossier = ward.walk(ward.lodge(code), policy)

        assert dossier.status == "handed_over"
        with ward.sessions() as session:
            runs = session.scalars(
                select(Deadline).filter_by(dossier_id=dossier.id, rule="T13").order_by(Deadline.started_at)
            ).all()
            assert [run.stopped_why for run in runs] == ["supplement", "decided"]
            assert runs[1].started_at > runs[0].stopped_at
            asked = session.scalars(select(Supplement).filter_by(dossier_id=dossier.id)).one()
            assert asked.after_acceptance

    def test_not_supplemented_within_fifteen_days_a_person_closes_it(self, ward, code):
        policy = Policy({EXAMINES[code]: [SUPPLEMENT]}, events=["supplement_expired"])
        dossier = ward.walk(ward.lodge(code), policy)

        assert (dossier.status, dossier.end_step) == ("stopped", "closed")

    def test_sent_back_by_the_leader_it_is_signed_the_second_time(self, ward, code):
        dossier = ward.walk(ward.lodge(code), Policy({"sign_draft": [{"sign_outcome": "send_back"}]}))

        assert dossier.status == "handed_over"
        assert [one.type for one in story(ward, dossier)].count("document.sent_back") == 1


class TestOutsideTheDiagram:
    def test_a_withdrawn_dossier_leaves_no_task_and_no_wait(self, ward):
        from engine.dossiers import course

        lodged = ward.lodge("1.001776")
        ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.withdraw(uow, lodged.dossier_id, "Tôi chuyển đi nơi khác.")

        dossier = ward.dossier(lodged)
        assert (dossier.status, dossier.end_step) == ("withdrawn", "withdrawn")
        assert ward.waits(lodged) == {}
        assert ward.task(lodged).step_id == "hand_back_papers"
        ward.walk(lodged)
        assert ward.dossier(lodged).status == "withdrawn"

    def test_an_extension_is_written_beside_the_work_and_keeps_both_dates(self, ward):
        from engine.dossiers import course
        from engine.dossiers.limits import ExtensionTooLate, ExtensionUsed

        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
        before = ward.dossier(lodged).due_at
        officer = ward.officer("chuyenvien.hacthanh")
        with ward.act(officer) as uow:
            course.extend(uow, lodged.dossier_id)
        new_day = {"write_apology": [{"reason": "Chờ kết quả xác minh.", "new_due_on": "2026-12-15"}]}
        ward.walk(lodged, Policy(new_day, rest_at=("examine_beneficiary",)))

        dossier = ward.dossier(lodged)
        assert (before.date().isoformat(), dossier.due_at.date().isoformat()) == ("2026-12-08", "2026-12-15")
        assert dossier.status == "in_process"
        with ward.act(officer) as uow, pytest.raises(ExtensionUsed):
            course.extend(uow, lodged.dossier_id)
        ward.clock.at = before
        second = ward.lodge("1.001776", channel="in_person")
        ward.walk(second, Policy(rest_at=("examine_beneficiary",)))
        ward.clock.at = ward.dossier(second).due_at - timedelta(hours=3)
        with ward.act(officer) as uow, pytest.raises(ExtensionTooLate):
            course.extend(uow, second.dossier_id)

    def test_an_error_of_the_agency_is_corrected_after_the_hand_over(self, ward):
        from engine.dossiers import course

        lodged = ward.lodge("2.000908")
        ward.walk(lodged)
        with ward.act(ward.officer("traketqua.hacthanh")) as uow:
            course.correct(uow, lodged.dossier_id)
        dossier = ward.walk(
            lodged, Policy({"judge_error": [{"error_found": True}], "number_and_seal": [{"number": "129/UBND"}]})
        )

        assert (dossier.status, dossier.result_number) == ("handed_over", "129/UBND")
        assert "result.replaced" in {one.type for one in story(ward, dossier)}

    def test_a_day_of_silence_confirms_the_electronic_draft(self, ward):
        lodged = ward.lodge("1.001193", channel="online")
        ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
        wait = ward.waits(lodged)["preview_silent"]
        assert wait.due_at == datetime(2026, 11, 25, 23, 59, 59, tzinfo=VIETNAM)  # 24/11 is a holiday

        dossier = ward.walk(lodged, Policy(events=["preview_silent"]))

        assert dossier.status == "handed_over"
        assert [one.payload["state"] for one in story(ward, dossier) if one.type == "preview.closed"] == ["silent"]

    def test_a_silent_population_database_hands_the_work_to_a_person(self, ward):
        dossier = ward.walk(ward.lodge("1.001193"), Policy(events=["population_silent"]))

        assert dossier.status == "handed_over"

    def test_received_elsewhere_the_clock_starts_when_the_competent_office_has_it(self, ward):
        centre = ward.officer("tiepnhan.tinh")
        lodged = ward.lodge(
            "2.000908",
            by="tiepnhan.tinh",
            channel="in_person",
            receiving_office_id=centre.offices[0],
            competent_office_id=ward.office("Ủy ban nhân dân phường Hạc Thành"),
        )
        ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))
        accepted = ward.dossier(lodged)
        ward.clock.at += timedelta(days=2)
        dossier = ward.walk(lodged)

        assert dossier.status == "handed_over"
        assert dossier.due_at <= accepted.due_at, "the slip showed the latest date"
        assert dossier.code.startswith("H56.101-")

    def test_silence_of_an_asked_office_is_agreement_for_a_construction_permit(self, ward):
        policy = Policy(
            {"plan_consultation": [{"consultation_needed_flag": True}]}, events=["consultation_overdue"]
        )
        dossier = ward.walk(ward.lodge("1.013225"), policy)

        assert dossier.status == "handed_over"
        closed = [one.payload for one in story(ward, dossier) if one.type == "consultation.closed"]
        assert closed[0]["state"] == "silence_agreed"
