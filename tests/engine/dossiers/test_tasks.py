"""Who gets a task, and whom and what its answers may name."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.base.clock import VIETNAM
from engine.base.errors import Forbidden
from engine.documents.checklist import Judgement
from engine.documents.models import Slip
from engine.dossiers import course, recalling, tasks
from engine.dossiers.limits import (
    ExtensionNotLater,
    ExtensionTooFar,
    ExtensionTooLate,
    NothingToExtend,
    SupplementLate,
)
from engine.dossiers.models import Deadline, Task
from engine.dossiers.named import NotInLane, OfficeNotOffered
from engine.dossiers.offices import OfficeUnclear
from engine.dossiers.tasks import ReasonMissing, SameHands, TaskAlreadyDone, TaskChanged, TaskNotYours
from engine.ledger.read import history
from engine.org.models import Posting
from tests.factories.desk import Ward, example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

NOBODY = "00000000-0000-0000-0000-000000000000"


def leave(ward: Ward, officer) -> None:
    with ward.act() as uow:
        left = update(Posting).filter_by(officer_id=officer.officer_id)
        uow.session.execute(left.values(valid_to=ward.clock.today()))


def come_back(ward: Ward, officer) -> None:
    with ward.act() as uow:
        uow.session.execute(update(Posting).filter_by(officer_id=officer.officer_id).values(valid_to=None))


def open_task(ward: Ward, lodged, step: str) -> Task:
    with ward.sessions() as session:
        query = select(Task).filter_by(dossier_id=lodged.dossier_id, step_id=step, done_at=None)
        return session.scalars(query).one()


class TestReassign:
    @pytest.fixture
    def examining(self, ward):
        """An allowance in the hands of the first specialist."""
        lodged = ward.lodge("1.001776", channel="in_person")
        given = {"assign_specialist": [{"assignee": str(ward.officer("chuyenvien.hacthanh").officer_id)}]}
        ward.walk(lodged, Policy(given, rest_at=("examine_beneficiary",)))
        return lodged

    def give(self, ward, task, to, *, by="truongphong.hacthanh", **more):
        given = {"reason": "Chuyên viên đi công tác.", "seen": task.revision} | more
        with ward.act(ward.officer(by)) as uow:
            return tasks.reassign(uow, task.id, ward.officer(to).officer_id, **given)

    @pytest.mark.parametrize("by", ["truongphong.hacthanh", "lanhdao.hacthanh"])
    def test_a_head_gives_it_to_a_colleague_who_keeps_the_dossier_from_then_on(self, ward, examining, by):
        second = ward.officer("chuyenvien2.hacthanh")
        self.give(ward, ward.task(examining), "chuyenvien2.hacthanh", by=by)

        assert ward.task(examining).assignee_id == second.officer_id
        ward.walk(examining, Policy(rest_at=("draft_decision",)))
        assert ward.task(examining).assignee_id == second.officer_id
        [event] = ward.told(examining, "task.reassigned")
        assert event["officer_id"] == str(second.officer_id)
        assert "công tác" not in str(event)

    def test_assigned_anew_later_the_newest_word_holds(self, ward, examining):
        for to in ("chuyenvien2.hacthanh", "chuyenvien.hacthanh"):
            self.give(ward, ward.task(examining), to)
        ward.walk(examining, Policy(rest_at=("draft_decision",)))

        assert ward.task(examining).assignee_id == ward.officer("chuyenvien.hacthanh").officer_id

    def test_the_head_of_the_centre_gives_out_the_work_of_the_counter(self, ward):
        lodged = ward.lodge("2.000908")
        self.give(ward, ward.task(lodged), "tiepnhan2.hacthanh", by="giamdoc.hacthanh")

        assert ward.task(lodged).assignee_id == ward.officer("tiepnhan2.hacthanh").officer_id

    @pytest.mark.parametrize("by", ["chuyenvien2.hacthanh", "giamdoc.hacthanh"])
    def test_who_is_no_head_of_this_office_may_not(self, ward, examining, by):
        with pytest.raises(Forbidden):
            self.give(ward, ward.task(examining), "chuyenvien2.hacthanh", by=by)

    def test_for_the_head_of_another_office_there_is_no_such_task(self, ward, examining):
        with pytest.raises(TaskNotYours):
            self.give(ward, ward.task(examining), "chuyenvien2.hacthanh", by="truongphong.samson")

    def test_there_is_no_task_that_nobody_made(self, ward):
        with ward.act(ward.officer("truongphong.hacthanh")) as uow, pytest.raises(TaskNotYours):
            tasks.reassign(uow, uuid.uuid4(), uuid.uuid4(), reason="x", seen=1)

    @pytest.mark.parametrize("to", ["vanthu.hacthanh", "chuyenvien.samson"])
    def test_only_to_somebody_who_stands_in_the_lane_of_that_office(self, ward, examining, to):
        with pytest.raises(NotInLane):
            self.give(ward, ward.task(examining), to)

    def test_nor_to_somebody_who_left_it(self, ward, examining):
        leave(ward, ward.officer("chuyenvien2.hacthanh"))
        with pytest.raises(NotInLane):
            self.give(ward, ward.task(examining), "chuyenvien2.hacthanh")

    def test_who_examined_a_dossier_is_not_given_its_signature(self, ward, examining):
        specialist = ward.officer("chuyenvien.hacthanh")
        with ward.act() as uow:
            post = select(Posting).filter_by(officer_id=ward.officer("lanhdao.hacthanh").officer_id)
            leader = uow.session.scalars(post.filter_by(lane="leader")).one()
            uow.session.add(
                Posting(
                    officer_id=specialist.officer_id,
                    office_id=leader.office_id,
                    lane="leader",
                    position=9,
                    valid_from=leader.valid_from,
                )
            )
        ward.walk(examining, Policy(rest_at=("sign_draft",)))
        with pytest.raises(SameHands):
            self.give(ward, ward.task(examining), "chuyenvien.hacthanh")

    def test_a_stale_page_is_told_who_was_faster(self, ward, examining):
        seen = ward.task(examining)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            tasks.release(uow, seen.id, seen=seen.revision)
        with pytest.raises(TaskChanged) as refusal:
            self.give(ward, seen, "chuyenvien2.hacthanh")

        assert refusal.value.facts["who"] == ward.officer("chuyenvien.hacthanh").name

    def test_a_finished_task_stays_with_who_finished_it(self, ward, examining):
        task = ward.task(examining)
        ward.walk(examining, Policy(rest_at=("draft_decision",)))
        with pytest.raises(TaskAlreadyDone):
            self.give(ward, task, "chuyenvien2.hacthanh")

    def test_it_takes_a_reason(self, ward, examining):
        with pytest.raises(ReasonMissing):
            self.give(ward, ward.task(examining), "chuyenvien2.hacthanh", reason=" ")

    def test_a_double_click_gives_once(self, ward, examining):
        task, key = ward.task(examining), uuid.uuid4()
        for _ in range(2):
            self.give(ward, task, "chuyenvien2.hacthanh", key=key)

        assert len(ward.told(examining, "task.reassigned")) == 1

    def test_the_page_offers_those_of_the_lane_but_not_the_one_who_has_it(self, ward, examining):
        task = ward.task(examining)
        with ward.act(ward.officer("truongphong.hacthanh")) as uow:
            offered = tasks.candidates(uow, task.id)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            to_a_specialist = tasks.candidates(uow, task.id)

        assert [one.id for one in offered] == [ward.officer("chuyenvien2.hacthanh").officer_id]
        assert to_a_specialist == []


class TestCoWorker:
    def complete(self, ward, lodged, answers):
        task = ward.task(lodged)
        with ward.act(ward.officer("truongphong.hacthanh")) as uow:
            tasks.complete(uow, task.id, answers, seen=task.revision)

    @pytest.fixture
    def assigning(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("assign_specialist",)))
        return lodged

    def test_the_co_worker_stands_in_the_lane_too(self, ward, assigning):
        first, clerk = ward.officer("chuyenvien.hacthanh"), ward.officer("vanthu.hacthanh")
        named = {"assignee": str(first.officer_id), "co_worker": str(clerk.officer_id)}
        with pytest.raises(NotInLane):
            self.complete(ward, assigning, named)

    def test_the_co_worker_goes_on_where_the_first_one_has_left(self, ward, assigning):
        first, second = ward.officer("chuyenvien.hacthanh"), ward.officer("chuyenvien2.hacthanh")
        leave(ward, second)
        named = {"assignee": str(first.officer_id), "co_worker": str(second.officer_id)}
        with pytest.raises(NotInLane):
            self.complete(ward, assigning, named)
        come_back(ward, second)
        self.complete(ward, assigning, named)
        leave(ward, first)
        ward.walk(assigning, Policy(rest_at=("examine_beneficiary",)))

        assert ward.task(assigning).assignee_id == second.officer_id

    def test_who_took_over_from_one_who_left_keeps_the_dossier(self, ward, assigning):
        first, second = ward.officer("chuyenvien.hacthanh"), ward.officer("chuyenvien2.hacthanh")
        self.complete(ward, assigning, {"assignee": str(first.officer_id)})
        ward.walk(assigning, Policy(rest_at=("examine_beneficiary",)))
        leave(ward, first)
        with ward.act(second) as uow:
            tasks.claim(uow, ward.task(assigning).id, seen=ward.task(assigning).revision)
        ward.walk(assigning, Policy(rest_at=("draft_decision",)))

        assert ward.task(assigning).assignee_id == second.officer_id


class TestNames:
    def fill(self, ward, lodged, step, given):
        """As an officer would, with this in the form of the step."""
        return ward.walk(lodged, Policy({step: [given]}))

    def test_another_commune_that_is_asked_must_exist(self, ward):
        lodged = ward.lodge("1.000894")
        with pytest.raises(OfficeNotOffered):
            self.fill(ward, lodged, "verify_conditions", {"examination_outcome": "verify", "verify_at": NOBODY})

    def test_where_the_result_shall_be_fetched_must_exist(self, ward):
        answers = example("2.000908")["answers"] | {"result_delivery": "counter", "delivery_office": NOBODY}
        with pytest.raises(OfficeNotOffered):
            ward.lodge("2.000908", answers=answers)

    def test_a_dossier_is_sent_on_only_to_an_office_that_could_decide_it(self, ward):
        lodged = ward.lodge_elsewhere("2.000908")
        ward.walk(lodged, Policy(events=["transfer_rejected"], rest_at=("redirect_dossier",)))
        counter = str(ward.officer("tiepnhan.hacthanh").offices[0])
        with pytest.raises(OfficeUnclear):
            self.fill(ward, lodged, "redirect_dossier", {"to_office": counter})

    def test_whoever_came_to_the_wrong_office_reads_which_is_the_right_one(self, ward):
        lodged = ward.lodge("2.000908")
        refusal = {
            "reception_outcome": "refuse",
            "refusal_ground": "wrong_authority",
            "refusal_text": "Không thuộc thẩm quyền.",
            "competent_office": str(ward.office("Sở Tư pháp")),
        }
        ward.walk(lodged, Policy({"check_dossier": [refusal] * 2}))
        with ward.sessions() as session:
            slip = session.scalars(select(Slip).filter_by(dossier_id=lodged.dossier_id, kind="refusal")).one()

        assert slip.data["reason"] == "Không thuộc thẩm quyền.\nCơ quan có thẩm quyền: Sở Tư pháp."


class TestPapers:
    def test_only_reception_judges_papers(self, ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(rest_at=("search_book",)))
        task = ward.task(lodged)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(Forbidden):
            tasks.complete(uow, task.id, {}, seen=task.revision, judgements={"eform": Judgement("missing")})


def apologising(ward):
    """A dossier of the social allowance, whose specialist is about to write an apology."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    specialist = ward.officer("chuyenvien.hacthanh")
    with ward.act(specialist) as uow:
        course.extend(uow, lodged.dossier_id)
    return lodged, specialist, open_task(ward, lodged, "write_apology")


class TestDates:
    def test_a_date_that_could_not_be_granted_is_refused_when_it_is_written(self, ward):
        lodged, specialist, task = apologising(ward)
        with ward.act(specialist) as uow, pytest.raises(ExtensionNotLater):
            tasks.complete(
                uow, task.id, {"reason": "Chờ.", "new_due_on": "2026-12-01"}, seen=task.revision
            )

        assert open_task(ward, lodged, "write_apology").revision == task.revision

    def test_a_letter_that_comes_too_late_is_refused_to_whoever_writes_it(self, ward):
        """Art. 19(6): the leader is not the first to learn it."""
        lodged, specialist, task = apologising(ward)
        ward.clock.at = ward.dossier(lodged).due_at - timedelta(hours=3)
        with ward.act(specialist) as uow, pytest.raises(ExtensionTooLate) as refused:
            tasks.complete(uow, task.id, {"reason": "Chờ.", "new_due_on": "2026-12-15"}, seen=task.revision)

        assert set(refused.value.facts) == {"latest", "due", "article"}

    def test_no_apology_promises_a_day_beyond_what_the_law_gives_to_verify(self, ward):
        """A death registered after 15:00 is due on Wednesday 25/11; verified it may take until Friday 27/11, not seven months."""
        ward.clock.at = ward.clock.at.replace(hour=15, minute=30)
        lodged = ward.lodge("1.000656", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("verify_documents",), pace=timedelta()))
        specialist = ward.officer("chuyenvien.hacthanh")
        with ward.act(specialist) as uow:
            course.extend(uow, lodged.dossier_id)
        task = open_task(ward, lodged, "write_apology")
        with ward.act(specialist) as uow, pytest.raises(ExtensionTooFar) as refused:
            tasks.complete(uow, task.id, {"reason": "Chờ.", "new_due_on": "2027-06-28"}, seen=task.revision)
        assert f"{refused.value.facts['latest'].astimezone(VIETNAM):%d/%m/%Y %H:%M}" == "27/11/2026 17:00"
        with ward.act(specialist) as uow:
            tasks.complete(uow, task.id, {"reason": "Chờ.", "new_due_on": "2026-11-27"}, seen=task.revision)

    def test_what_is_verified_has_the_longer_limit_of_its_law_and_behind_it_the_one_apology_of_art_19_6(self, ward):
        """Decree 118/2025 art. 19(6) makes no difference between limits: who will be late says so, once."""
        lodged = ward.lodge("1.000656", channel="in_person")
        asked = {"verify_documents": [{"examination_outcome": "verify"}]}
        ward.walk(lodged, Policy(asked, rest_at=("verify_death",)))
        with ward.sessions() as session:
            runs = session.scalars(select(Deadline).filter_by(dossier_id=lodged.dossier_id).order_by(Deadline.id)).all()
        assert [(one.limit, one.stopped_why) for one in runs] == [("same_day", "verification"), ("3 wd", None)]
        specialist = ward.officer("chuyenvien.hacthanh")
        with ward.act(specialist) as uow:
            course.extend(uow, lodged.dossier_id)
        task = open_task(ward, lodged, "write_apology")
        with ward.act(specialist) as uow:
            tasks.complete(uow, task.id, {"reason": "Chờ công an xã trả lời.", "new_due_on": "2026-12-01"}, seen=task.revision)

    def test_without_a_running_date_there_is_none_to_move(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        asked = {"examine_beneficiary": [{"examination_outcome": "supplement"}]}
        ward.walk(lodged, Policy(asked, rest_at=("supplement_received", "supplement_expired")))
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(NothingToExtend):
            course.extend(uow, lodged.dossier_id)

    @pytest.mark.parametrize(
        ("code", "step", "days"), [("1.001776", "examine_beneficiary", 3), ("1.013225", "weigh_findings", 7), ("3.000347", "examine_licence", 2)]
    )
    def test_after_the_days_of_the_rule_a_supplement_is_asked_for_only_with_a_reason(
        self, ward, code, step, days
    ):
        """Accepted on Monday 23, the 24th is a holiday: three working days end on Friday 27 November."""
        lodged = ward.lodge(code, channel="in_person")
        ward.walk(lodged, Policy({step: [{"examination_outcome": "supplement"}]}, rest_at=("send_request",)))
        ends = {2: (11, 26), 3: (11, 27), 7: (12, 3)}[days]
        at = ward.clock.at.astimezone(VIETNAM)
        ward.clock.at = at.replace(month=ends[0], day=ends[1], hour=16, minute=59)
        self.ask(ward, lodged)
        second = ward.lodge(code, channel="in_person")
        ward.clock.at = at
        ward.walk(second, Policy({step: [{"examination_outcome": "supplement"}]}, rest_at=("send_request",)))
        ward.clock.at = at.replace(month=ends[0], day=ends[1], hour=17, minute=30)
        with pytest.raises(SupplementLate):
            self.ask(ward, second)
        assert ward.dossier(second).status == "in_process"
        self.ask(ward, second, late_reason="Chờ kết quả xác minh của cơ quan khác.")
        assert [ward.dossier(one).status for one in (lodged, second)] == ["awaiting_supplement"] * 2

    def ask(self, ward, lodged, **more):
        answers = {"supplement_items": [{"what": "Giấy xác nhận khuyết tật", "why": "Bản nộp bị mờ"}]} | more
        task = ward.task(lodged)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            tasks.complete(uow, task.id, answers, seen=task.revision)


class TestRecall:
    def test_what_was_undone_stays_in_the_story_and_so_does_the_undoing(self, ward):
        """The step behind is closed, not deleted: an auditor reads that it was done, taken back, and by whom."""
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(rest_at=("sign_draft",)))
        next_ = ward.task(lodged)
        with ward.sessions() as session:
            before = [(one.seq, one.type, one.payload) for one in history(session, lodged.dossier_id)]
            done = session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id="make_copy")).one()
        officer = ward.officer("chuyenvien.hacthanh")
        with ward.act(officer) as uow:
            recalling.recall(uow, done.id, "Chép nhầm số đăng ký.")

        assert ward.task(lodged).id == done.id
        with ward.sessions() as session:
            after = list(history(session, lodged.dossier_id))
            assert [(one.seq, one.type, one.payload) for one in after][: len(before)] == before
            assert [one.type for one in after[len(before) :]] == ["task.closed", "task.recalled"]
            assert after[-1].actor_id == officer.officer_id
            assert session.get_one(Task, next_.id).done_how == "recalled"
