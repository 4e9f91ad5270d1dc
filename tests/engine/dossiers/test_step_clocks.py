"""Each step has a clock of its own: it stands still while the dossier's does, and its limit moves by as much."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM
from engine.base.ids import uuid7
from engine.calendar.changes import Day, Hours
from engine.calendar.fault_models import Fault
from engine.calendar.intervals import Kind
from engine.calendar.opening import USUAL_DAY
from engine.dossiers import clock, course, limits, recount, steps, suspension, tasks
from engine.dossiers.act import Act
from engine.dossiers.models import NO_DUE, Task
from engine.dossiers.settle import start_side
from engine.dossiers.suspension import NotPaused
from engine.dossiers.tasks import DossierSuspended
from engine.jobs.recounts import count_batches
from engine.ledger.read import history
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


def vn(text):
    return datetime.strptime(text, "%d/%m %H:%M").replace(year=2026, tzinfo=VIETNAM)


def shown(moment):
    return f"{moment.astimezone(VIETNAM):%d/%m %H:%M}" if moment else None


def step(ward, lodged, name):
    with ward.sessions() as session:
        return session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id=name)).one()


def told(ward, lodged):
    with ward.sessions() as session:
        return [one.payload["why"] for one in history(session, lodged.dossier_id) if one.type == "steps.timed"]


@pytest.fixture
def lodged(ward):
    """A monthly allowance under examination, which has three working days of its own: until Friday 27 November."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    assert shown(step(ward, lodged, "examine_beneficiary").due_at) == "27/11 17:00"
    return lodged


@pytest.fixture
def leader(ward):
    return ward.officer("lanhdao.hacthanh")


def suspend(ward, lodged, leader, moment, article="Điều 30 Luật X"):
    ward.clock.at = vn(moment)
    with ward.act(leader) as uow:
        suspension.suspend(uow, lodged.dossier_id, article)


def go_on(ward, lodged, leader, moment):
    ward.clock.at = vn(moment)
    with ward.act(leader) as uow:
        suspension.unsuspend(uow, lodged.dossier_id)


def pay(ward, lodged, way="online"):
    with ward.act() as uow:
        start_side(Act.on(uow, lodged.dossier_id), "pay", {"amount_due": 5000, "payment_way": way})


class TestStandsStill:
    def test_while_the_dossier_is_suspended_its_step_has_no_date_and_then_has_as_much_time_as_before(
        self, ward, lodged, leader
    ):
        suspend(ward, lodged, leader, "25/11 07:00")
        task = step(ward, lodged, "examine_beneficiary")
        assert (task.due_at, task.still_by, task.sort_at) == (None, "P03", NO_DUE)

        go_on(ward, lodged, leader, "26/11 07:00")
        task = step(ward, lodged, "examine_beneficiary")
        assert (shown(task.due_at), task.still_by) == ("30/11 17:00", None), "one working day later"
        assert task.clock_from > task.opened_at, "what did not count does not make it urgent either"
        assert told(ward, lodged) == ["P03", "resumed"]

    def test_its_intervals_and_its_sum_say_why_and_by_which_article(self, ward, lodged, leader):
        suspend(ward, lodged, leader, "25/11 07:00", "Công văn 12/TA")
        go_on(ward, lodged, leader, "25/11 09:00")
        with ward.act(SYSTEM) as uow:
            act = Act.on(uow, lodged.dossier_id, lock=False)
            [task] = uow.session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, done_at=None)).all()
            ran = clock.of_step(task, clock.halts(uow.session, act.dossier, act.rules))
            [(_, lines)] = steps.sums_of_steps(act, [task])
        assert [(one.kind, one.article) for one in ran][1:2] == [(Kind.PAUSED, "Công văn 12/TA")]
        assert [one.end for one in ran[:-1]] == [one.start for one in ran[1:]]
        line = next(one for one in lines if one["what"] == "paused")
        assert (line["number"], line["article"]) == (120, "Công văn 12/TA")
        assert lines[-1]["vi"] == "Hạn: 09:00 thứ Hai 30/11/2026"

    @pytest.mark.parametrize("lengths", [(1, 3), (3, 1)])
    def test_of_two_pauses_it_does_not_matter_which_came_first(self, ward, lodged, leader, lengths):
        for day, hours in zip((25, 26), lengths, strict=True):
            suspend(ward, lodged, leader, f"{day}/11 07:00")
            go_on(ward, lodged, leader, f"{day}/11 {7 + hours:02}:00")
        assert shown(step(ward, lodged, "examine_beneficiary").due_at) == "30/11 11:00"

    def test_while_a_payment_is_awaited_the_cashier_s_step_runs_and_those_before_it_stand(self, ward, lodged):
        ward.clock.at = vn("25/11 08:00")
        pay(ward, lodged, "counter")
        assert step(ward, lodged, "examine_beneficiary").still_by == "P01"
        cashier = step(ward, lodged, "take_payment")
        assert (cashier.still_by, shown(cashier.due_at)) == (None, "25/11 09:00")

        ward.clock.at = vn("25/11 10:00")
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")
        assert shown(step(ward, lodged, "examine_beneficiary").due_at) == "30/11 09:00"

    def test_a_supplement_stops_what_goes_on_beside_it_until_the_clock_begins_anew(self, ward, lodged):
        ward.clock.at = vn("25/11 08:00")
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.extend(uow, lodged.dossier_id)
        stays = ("write_apology", "supplement_received", "supplement_expired")
        ward.walk(lodged, Policy({"examine_beneficiary": [{"examination_outcome": "supplement"}]}, rest_at=stays))
        assert step(ward, lodged, "write_apology").still_by == "supplement"
        ward.clock.at = vn("30/11 08:00")
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.resubmit(uow, lodged.dossier_id, "Đủ rồi")
        check = step(ward, lodged, "check_supplement")
        assert (check.still_by, shown(check.due_at)) == (None, "01/12 08:00"), "what is waited for runs"
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            tasks.complete(uow, check.id, {"supplement_ok": True}, seen=check.revision)
        apology = step(ward, lodged, "write_apology")
        assert (apology.still_by, shown(apology.due_at)) == (None, "30/11 09:20"), "what was left of its two hours"

    def test_what_opens_while_the_dossier_is_suspended_stands_still_from_the_beginning(self, ward, lodged, leader):
        suspend(ward, lodged, leader, "25/11 08:00")
        pay(ward, lodged, "counter")
        assert step(ward, lodged, "take_payment").still_by == "P03"
        go_on(ward, lodged, leader, "26/11 08:00")
        assert shown(step(ward, lodged, "take_payment").due_at) == "26/11 09:00"

    def test_a_system_that_was_down_moves_the_steps_too(self, ward, lodged):
        ward.clock.at = vn("26/11 08:00")
        with ward.act(SYSTEM) as uow:
            uow.session.add(
                Fault(
                    system="CSDL dân cư", reason="mất kết nối", planned=False, procedures=[], article="Nghị định 63/2024/NĐ-CP",
                    started_at=vn("25/11 07:00"), ended_at=vn("25/11 09:00"), entered_at=uow.clock.now(),
                    entered_by=SYSTEM.officer_id,
                )
            )  # fmt: skip
        for _ in range(2):
            with ward.act(SYSTEM) as uow:
                act = Act.on(uow, lodged.dossier_id)
                limits.move(act, "fault", uuid7())
                steps.retime(act, "fault")
        assert shown(step(ward, lodged, "examine_beneficiary").due_at) == "30/11 09:00"
        assert told(ward, lodged) == ["fault"], "counted again it does not move twice"

    def test_withdrawn_while_it_is_suspended_nothing_stays_open(self, ward, lodged, leader):
        suspend(ward, lodged, leader, "25/11 08:00")
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.withdraw(uow, lodged.dossier_id, "Tôi chuyển đi nơi khác.")
        assert ward.dossier(lodged).status == "withdrawn"
        assert step(ward, lodged, "examine_beneficiary").done_how == "overtaken"


class TestSuspended:
    """Nobody goes on with it; what is not the office's to hold up goes on (Decree 118/2025, art. 19, 21)."""

    @pytest.fixture
    def stands(self, ward, lodged, leader):
        suspend(ward, lodged, leader, "25/11 08:00")
        return step(ward, lodged, "examine_beneficiary")

    def test_its_steps_are_not_finished_and_the_refusal_says_since_when_and_by_which_law(self, ward, stands):
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(DossierSuspended) as refused:
            tasks.complete(uow, stands.id, {"examination_outcome": "eligible"}, seen=stands.revision)
        assert refused.value.facts == {"article": "Điều 30 Luật X", "at": vn("25/11 08:00")}

    def test_what_is_typed_is_kept_and_it_may_be_given_to_somebody_else(self, ward, stands, leader):
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            if stands.assignee_id is None:
                with pytest.raises(DossierSuspended):
                    tasks.claim(uow, stands.id, seen=stands.revision)
            tasks.save_draft(uow, stands.id, {"examination_outcome": "eligible"}, seen=stands.revision)
        with ward.act(leader) as uow:
            others = tasks.candidates(uow, stands.id)
            given = tasks.reassign(uow, stands.id, others[0].id, reason="Nghỉ phép", seen=stands.revision)
        assert given.task_id == stands.id

    def test_money_that_comes_is_taken(self, ward, lodged, stands):
        pay(ward, lodged)
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")
        assert step(ward, lodged, "examine_beneficiary").still_by == "P03", "and does not end the suspension"

    def test_after_it_the_same_page_may_be_sent(self, ward, lodged, stands, leader):
        go_on(ward, lodged, leader, "26/11 08:00")
        ward.walk(lodged, Policy(acts=1))
        assert step(ward, lodged, "examine_beneficiary").done_how == "completed"

    def test_letting_go_on_ends_no_wait_for_a_payment(self, ward, lodged, leader):
        ward.clock.at = vn("25/11 08:00")
        pay(ward, lodged)
        with ward.act(leader) as uow, pytest.raises(NotPaused):
            suspension.unsuspend(uow, lodged.dossier_id)


def saturdays(ward, office):
    """The counter opens on Saturday mornings."""
    usual = tuple(USUAL_DAY)
    week = ((usual,) * 5) + (("07:00-11:30",), ())
    hours = Hours(date(2026, 11, 2), week, "Quyết định 12/QĐ-UBND", office)
    with ward.act(ward.officer("quantri")) as uow:
        recount.confirm(uow, hours, uuid7())
    count_batches(ward.act)


def test_t02_the_check_counts_in_the_hours_of_the_counter_that_does_it(ward):
    """Lodged on Friday 20/11 at 16:00: an hour of Friday, four and a half of Saturday, and Monday until 9:30."""
    ward.clock.at = vn("20/11 16:00")
    before = ward.lodge("2.000908", channel="online")
    assert shown(ward.task(before).due_at) == "23/11 16:00", "closed on Saturdays"
    saturdays(ward, ward.dossier(before).receiving_office_id)
    after = ward.lodge("2.000908", channel="online")
    assert [shown(ward.task(one).due_at) for one in (before, after)] == ["23/11 09:30", "23/11 09:30"]
    ward.walk(after, Policy(rest_at=("search_book",)))
    assert shown(ward.dossier(after).due_at) == "23/11 17:00", "one working day of the office that decides, closed on Saturdays"


def test_c05_a_step_at_the_counter_warns_in_the_hours_of_the_counter_whatever_date_it_is_urgent_by(ward):
    """Due on Tuesday 8/12 by the office that decides; to whoever holds it the Saturday mornings count too."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    task = step(ward, lodged, "examine_beneficiary")

    def warned(lane):
        with ward.act() as uow:
            row = Task(lane=lane, opened_at=task.opened_at)
            steps.time_task(Act.on(uow, lodged.dossier_id), row)
            return shown(row.sort_at), shown(row.warn_at)

    usual = warned("specialist")
    saturdays(ward, ward.dossier(lodged).receiving_office_id)
    assert warned("specialist") == usual == ("08/12 17:00", "03/12 15:30")
    assert warned("reception") == ("08/12 17:00", "04/12 07:18")


def test_a_day_off_that_is_announced_late_moves_a_step_of_a_dossier_that_promised_nobody_a_date_yet(ward):
    lodged = ward.lodge("2.000908", channel="online")
    assert shown(ward.task(lodged).due_at) == "25/11 09:40", "T02"
    day = Day(day=date(2026, 11, 25), is_a="holiday", name="Nghỉ bù", name_en="Day off", source="Quyết định 9/QĐ-UBND")
    with ward.act(ward.officer("quantri")) as uow:
        _, moves = recount.confirm(uow, day, uuid7())
        assert moves == [], "there is no date of the dossier that moves"
    count_batches(ward.act)
    assert shown(ward.task(lodged).due_at) == "26/11 09:40"
    assert told(ward, lodged) == ["calendar"]


def test_the_days_in_which_more_is_asked_for_stand_still_too_t06(ward, lodged, leader):
    suspend(ward, lodged, leader, "25/11 07:00")
    go_on(ward, lodged, leader, "26/11 07:00")
    with ward.act(SYSTEM) as uow:
        act = Act.on(uow, lodged.dossier_id, lock=False)
        assert shown(limits.ask_until(act, act.runs[0])) == "30/11 17:00", "27/11, and a day"
