"""The clock of a dossier: stands still, goes on, begins elsewhere; each with its article, in rows and in the ledger."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.clock import VIETNAM
from engine.base.errors import Forbidden
from engine.base.ids import uuid7
from engine.calendar.fault_models import Fault
from engine.calendar.intervals import Kind
from engine.dossiers import clock, course, estimating, limits, overview, register, suspension
from engine.dossiers.act import Act
from engine.dossiers.clock_models import Pause
from engine.dossiers.limits import ExtensionTooLate, NothingToExtend, SupplementUsed
from engine.dossiers.models import Deadline, Supplement, Task
from engine.dossiers.settle import start_side
from engine.dossiers.suspension import NoClockRuns, NotPaused
from engine.dossiers.tasks import ReasonMissing
from engine.notices.models import Notice
from tests.factories.desk import example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


def vn(text):
    return datetime.strptime(text, "%d/%m %H:%M").replace(year=2026, tzinfo=VIETNAM)


def shown(moment):
    return f"{moment.astimezone(VIETNAM):%d/%m %H:%M}"


def rows(ward, model, lodged, *order):
    with ward.sessions() as session:
        return session.scalars(select(model).filter_by(dossier_id=lodged.dossier_id).order_by(*order)).all()


def ledger(ward, lodged):
    """[(kind, from, why)] of the dossier's clock."""
    with ward.act(SYSTEM) as uow:
        act = Act.on(uow, lodged.dossier_id, lock=False)
        runs = uow.session.scalars(
            select(Deadline).filter_by(dossier_id=lodged.dossier_id).order_by(Deadline.runs_from, Deadline.id)
        ).all()
        return clock.intervals(runs, clock.halts(uow.session, act.dossier, act.rules))


@pytest.fixture
def lodged(ward):
    """A monthly allowance under examination: ten working days from Monday 23 November, 9:40."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary",)))
    return lodged


@pytest.fixture
def leader(ward):
    return ward.officer("lanhdao.hacthanh")


class TestPaymentWaitAfterAcceptance:
    """Status 6: the time of whoever has to pay is not the office's (Decree 118/2025, art. 24)."""

    def pay(self, ward, lodged):
        with ward.act() as uow:
            start_side(Act.on(uow, lodged.dossier_id), "pay", {"amount_due": 5000, "payment_way": "online"})

    def test_the_clock_stands_still_and_the_date_moves_by_as_much(self, ward, lodged):
        due = ward.dossier(lodged).due_at
        ward.clock.at = vn("25/11 08:00")
        self.pay(ward, lodged)
        assert ward.dossier(lodged).due_at is None, "there is no date to be late for"
        assert ward.told(lodged, "clock.paused") == [{"rule": "P01"}]

        ward.clock.at = vn("25/11 14:00")
        with ward.act(ward.officer("thuphi.hacthanh")) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")

        # from 8:00 to 11:30 and from 13:30 to 14:00: four hours, behind closing time of the old date
        assert (shown(due), shown(ward.dossier(lodged).due_at)) == ("08/12 17:00", "09/12 11:00")
        [pause] = rows(ward, Pause, lodged)
        assert (shown(pause.started_at), shown(pause.ended_at)) == ("25/11 08:00", "25/11 14:00")
        assert ward.told(lodged, "clock.resumed")[0]["rule"] == "P01"
        [run] = rows(ward, Deadline, lodged)
        line = next(one for one in run.lines if one["what"] == "paused")
        assert line["number"] == 240
        assert line["article"] == "Nghị định 118/2025/NĐ-CP, Điều 24"
        assert run.lines[-1]["vi"] == "Hạn: 11:00 thứ Tư 09/12/2026"
        assert [one.template for one in rows(ward, Notice, lodged, Notice.made_at)][-1] == "clock_resumed"

    def test_no_task_is_urgent_meanwhile(self, ward, lodged):
        self.pay(ward, lodged)
        task = ward.task(lodged)
        assert task.sort_at == (task.due_at or task.sort_at)

    def test_before_acceptance_there_is_no_clock_to_stop(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("take_payment", "hand_over_result")))
        assert rows(ward, Pause, lodged) == []

    def test_while_it_stands_still_there_is_nothing_to_extend(self, ward, lodged):
        self.pay(ward, lodged)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(NothingToExtend):
            course.extend(uow, lodged.dossier_id)

    def test_withdrawn_while_it_stands_still_nothing_stays_open(self, ward, lodged):
        self.pay(ward, lodged)
        ward.clock.at += timedelta(hours=1)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.withdraw(uow, lodged.dossier_id, "Tôi chuyển đi nơi khác.")
        assert all(one.ended_at for one in rows(ward, Pause, lodged))
        assert all(one.stopped_at for one in rows(ward, Deadline, lodged))


class TestSuspended:
    """A head names the law by which time does not count; twice, and by somebody else."""

    def test_it_stands_still_by_the_named_article_until_it_is_let_go(self, ward, lodged, leader):
        ward.clock.at = vn("25/11 07:00")
        with ward.act(leader) as uow:
            suspension.suspend(uow, lodged.dossier_id, "Công văn 12/TA, Điều 30 Luật X")
        ward.clock.at = vn("26/11 07:00")
        with ward.act(leader) as uow:
            suspension.unsuspend(uow, lodged.dossier_id)

        assert shown(ward.dossier(lodged).due_at) == "09/12 17:00", "one working day later"
        kinds = [(one.kind, shown(one.start), one.why) for one in ledger(ward, lodged)]
        assert kinds == [
            (Kind.RUNNING, "23/11 10:00", "accepted"),
            (Kind.PAUSED, "25/11 07:00", "P03"),
            (Kind.RUNNING, "26/11 07:00", "resumed"),
        ]
        assert ledger(ward, lodged)[1].article == "Công văn 12/TA, Điều 30 Luật X"

    def test_twice_is_once_and_what_does_not_stand_cannot_go_on(self, ward, lodged, leader):
        with ward.act(leader) as uow, pytest.raises(NotPaused):
            suspension.unsuspend(uow, lodged.dossier_id)
        key = uuid7()
        for _ in range(2):
            with ward.act(leader) as uow:
                suspension.suspend(uow, lodged.dossier_id, "Điều 30", key=key)
        with ward.act(leader) as uow, pytest.raises(NoClockRuns):
            suspension.suspend(uow, lodged.dossier_id, "Điều 31")
        assert len(rows(ward, Pause, lodged)) == 1

    def test_without_a_law_it_is_refused(self, ward, lodged, leader):
        with ward.act(leader) as uow, pytest.raises(ReasonMissing):
            suspension.suspend(uow, lodged.dossier_id, "  ")

    def test_only_the_head_of_the_deciding_office_may(self, ward, lodged):
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(Forbidden):
            suspension.suspend(uow, lodged.dossier_id, "Điều 30")


class TestFault:
    """While the system was down no clock ran of what needed it (Decree 63/2024)."""

    def down(self, ward, start, end, *procedures):
        with ward.act(SYSTEM) as uow:
            uow.session.add(
                Fault(
                    system="CSDL dân cư",
                    reason="mất kết nối",
                    planned=False,
                    procedures=list(procedures),
                    article="Nghị định 63/2024/NĐ-CP",
                    started_at=vn(start),
                    ended_at=vn(end),
                    entered_at=uow.clock.now(),
                    entered_by=SYSTEM.officer_id,
                )
            )

    def test_the_time_it_was_down_is_taken_off_and_the_ledger_says_why(self, ward, lodged):
        ward.clock.at = vn("26/11 08:00")
        self.down(ward, "25/11 07:00", "25/11 11:00", "1.001776")
        with ward.act(SYSTEM) as uow:
            moved = limits.move(Act.on(uow, lodged.dossier_id), "fault", uuid7())
        assert [shown(one) for one in moved] == ["08/12 17:00", "09/12 11:00"]
        assert [one.kind for one in ledger(ward, lodged)] == [Kind.RUNNING, Kind.FAULT, Kind.RUNNING]
        assert ward.told(lodged, "deadline.moved")[0]["why"] == "fault"

    def test_counted_again_it_does_not_move_twice(self, ward, lodged):
        ward.clock.at = vn("26/11 08:00")
        self.down(ward, "25/11 07:00", "25/11 11:00")
        with ward.act(SYSTEM) as uow:
            assert limits.move(Act.on(uow, lodged.dossier_id), "fault", uuid7())
            assert limits.move(Act.on(uow, lodged.dossier_id), "fault", uuid7()) is None

    @pytest.mark.parametrize(
        ("accepted", "day_15"), [("05/11", "20/11 17:00"), ("06/11", "23/11 17:00")]
    )
    def test_a_minute_lengthens_fifteen_calendar_days_before_they_are_moved_off_a_day_off(
        self, ward, accepted, day_15
    ):
        """Day 15 of a house is a Friday or a Saturday; a minute more is the day after it, and both end on Monday (BLDS 148(5))."""
        ward.clock.at = vn(f"{accepted} 09:00")
        lodged = ward.lodge("1.013225", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("assign_specialist",)))
        assert shown(ward.dossier(lodged).due_at) == day_15
        self.down(ward, "09/11 09:00", "09/11 09:01")
        ward.clock.at = vn("09/11 10:00")
        with ward.act(SYSTEM) as uow:
            act = Act.on(uow, lodged.dossier_id)
            found, lines = limits.recounted(act, act.runs[0])
        assert shown(found) == "23/11 17:00"
        behind = lines[[one["what"] for one in lines].index("first_due") :]
        assert behind[1]["vi"].startswith("Không tính 1 phút")
        assert behind[2]["vi"].startswith("Ngày thứ 15, cộng 1 ngày không tính")
        assert {one["what"] for one in behind[3:-1]} == {"closed"}
        assert behind[-1]["vi"] == "Hạn: 17:00 thứ Hai 23/11/2026"
        assert all(one["article"] for one in behind)

    def test_what_did_not_need_it_goes_on(self, ward, lodged):
        self.down(ward, "25/11 07:00", "25/11 11:00", "1.001193")
        with ward.act(SYSTEM) as uow:
            assert limits.move(Act.on(uow, lodged.dossier_id), "fault", uuid7()) is None

    def test_after_an_extension_the_date_in_the_letter_moves(self, ward, lodged):
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.extend(uow, lodged.dossier_id)
        letter = {"write_apology": [{"reason": "Chờ xác minh.", "new_due_on": "2026-12-15"}]}
        ward.walk(lodged, Policy(letter, rest_at=("examine_beneficiary",)))
        self.down(ward, "01/12 07:00", "01/12 09:00")
        ward.clock.at = vn("02/12 08:00")
        with ward.act(SYSTEM) as uow:
            moved = limits.move(Act.on(uow, lodged.dossier_id), "fault", uuid7())
        assert [shown(one) for one in moved] == ["15/12 17:00", "16/12 09:00"]
        assert [one.why for one in ledger(ward, lodged)] == ["accepted", "extended", "P02", "resumed"]


class TestReceivedElsewhere:
    """The slip shows the latest date: T05, L03, then the limit (Decree 118/2025 art. 17(3), 20(1); Decree 309/2026)."""

    @pytest.fixture
    def elsewhere(self, ward):
        answers = example("1.001776")["answers"]
        lodged = ward.lodge_elsewhere("1.001776", answers=answers)
        ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))
        return lodged

    def acknowledge(self, ward, lodged, moment):
        ward.clock.at = vn(moment)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.acknowledge_transfer(uow, lodged.dossier_id, received=True)

    def test_at_acceptance_the_latest_date_is_promised_with_a_line_for_each_leg(self, ward, elsewhere):
        [run] = rows(ward, Deadline, elsewhere)
        legs = [(one["on"], one["article"]) for one in run.lines if one["what"] == "leg"]
        assert legs == [
            ("2026-11-25", "Nghị định 118/2025/NĐ-CP, Điều 20 khoản 1 điểm a"),
            ("2026-11-26", "Nghị định 309/2026/NĐ-CP"),
        ]
        assert shown(run.due_at) == "10/12 17:00", "ten working days from Thursday 26 November"

    def test_the_counter_is_told_the_same_date_before_it_accepts(self, ward):
        lodging = ward.lodging(
            "1.001776",
            channel="in_person",
            receiving_office_id=ward.officer("tiepnhan.tinh").offices[0],
            competent_office_id=ward.office("Ủy ban nhân dân phường Hạc Thành"),
        )
        with ward.act(ward.officer("tiepnhan.tinh")) as uow:
            found = estimating.estimate(uow, lodging).due
        assert shown(found.at) == "10/12 17:00"
        assert [one.what for one in found.lines][:2] == ["leg", "leg"]

    def test_acknowledged_early_the_date_comes_earlier_with_a_new_slip_and_a_notice(self, ward, elsewhere):
        self.acknowledge(ward, elsewhere, "25/11 08:00")
        assert shown(ward.dossier(elsewhere).due_at) == "09/12 17:00"
        assert ward.told(elsewhere, "slip.issued")[-1]["kind"] == "receipt"
        assert rows(ward, Notice, elsewhere, Notice.made_at)[-1].template == "begun_elsewhere"

    def test_acknowledged_late_the_office_gains_no_time_by_it(self, ward, elsewhere):
        promised = ward.dossier(elsewhere).due_at
        self.acknowledge(ward, elsewhere, "02/12 15:00")
        assert ward.dossier(elsewhere).due_at == promised

    def test_the_intervals_follow_one_another(self, ward, elsewhere):
        self.acknowledge(ward, elsewhere, "25/11 08:00")
        found = ledger(ward, elsewhere)
        assert [one.why for one in found] == ["accepted", "acknowledged"]
        assert found[0].end == found[1].start


class TestEdges:
    """To the second: what comes in time, and what comes too late (docs/clock.md)."""

    def asked(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(
            lodged,
            Policy(
                {"examine_beneficiary": [{"examination_outcome": "supplement"}]},
                rest_at=("supplement_received", "supplement_expired"),
            ),
        )
        return lodged, rows(ward, Supplement, lodged)[0]

    def test_art_19_5_handed_in_in_the_last_second_of_day_15_it_is_in_time(self, ward):
        lodged, asked = self.asked(ward)
        ward.clock.at = asked.due_at
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.resubmit(uow, lodged.dossier_id, "Đủ rồi")
        with ward.act(SYSTEM) as uow:
            assert not [one for one in ward.waits(lodged).values() if course.fire_timer(uow, one.id)]
        assert ward.dossier(lodged).status == "awaiting_supplement"
        assert ward.task(lodged).step_id == "check_supplement"

    def test_art_19_5_the_limit_counts_from_when_the_applicant_completed_it_not_from_when_reception_looked(self, ward):
        """Complete on Wednesday 25/11, seen a week later: ten working days from the 25th end on Wednesday 09/12."""
        lodged, _ = self.asked(ward)
        ward.clock.at = vn("25/11 09:00")
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.resubmit(uow, lodged.dossier_id, "Đủ rồi")
        ward.clock.at = vn("02/12 10:00")
        ward.walk(lodged, Policy({"check_supplement": [{"supplement_ok": True}]}, rest_at=("examine_beneficiary",)))
        assert shown(ward.dossier(lodged).due_at) == "09/12 17:00"
        [_, again] = rows(ward, Deadline, lodged, Deadline.runs_from)
        assert again.lines[0]["vi"] == "Bắt đầu 09:00 thứ Tư 25/11/2026; ngày đầu không tính"
        assert [(one.kind, shown(one.start), one.why) for one in ledger(ward, lodged)][1:] == [
            (Kind.WAITING, "23/11 11:20", "supplement"),
            (Kind.RUNNING, "25/11 09:00", "restarted"),
        ]

    def test_art_19_5_what_comes_in_parts_does_not_start_the_15_days_anew(self, ward):
        lodged, asked = self.asked(ward)
        ward.clock.at += timedelta(days=3)
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            course.resubmit(uow, lodged.dossier_id, "Một phần")
        ward.walk(lodged, Policy({"check_supplement": [{"supplement_ok": False}]}, acts=1))
        waits = ward.waits(lodged)
        assert [one.due_at for one in waits.values() if one.kind == "timer"] == [asked.due_at]

    def test_art_19_5_a_second_supplement_is_refused(self, ward, lodged):
        with ward.act(SYSTEM) as uow, pytest.raises(SupplementUsed):
            limits.check_supplement(Act.on(uow, lodged.dossier_id), count=1, most=1, late_reason="Phát hiện thêm")

    def test_art_19_6_after_the_due_date_there_is_no_extension(self, ward, lodged):
        ward.clock.at = ward.dossier(lodged).due_at + timedelta(minutes=1)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow, pytest.raises(ExtensionTooLate):
            course.extend(uow, lodged.dossier_id)


class TestRegister:
    """The limits T01 to T13 of one dossier, each with its date and what met it."""

    def watches(self, ward, lodged, username="chuyenvien.hacthanh"):
        with ward.act(ward.officer(username)) as uow:
            view = overview.overview(uow.session, uow.actor, lodged.dossier_id)
            return {one.rule.code: one for one in register.register(uow, view)}

    def test_t01_and_t02_begin_when_it_is_lodged_online(self, ward):
        lodged = ward.lodge("2.000908", channel="online")
        found = self.watches(ward, lodged, "tiepnhan.hacthanh")
        assert (shown(found["T01"].due), shown(found["T01"].met), found["T01"].state) == ("23/11 11:40", "23/11 09:40", "met")
        assert (shown(found["T02"].due), found["T02"].state) == ("25/11 09:40", "open")
        ward.clock.at = vn("25/11 10:00")
        assert self.watches(ward, lodged, "tiepnhan.hacthanh")["T02"].state == "late"

    def test_t01_reception_that_is_told_a_minute_after_two_hours_is_told_late(self, ward):
        lodged = ward.lodge("2.000908", channel="online")
        for told, state in (("23/11 11:40", "met"), ("23/11 11:41", "late")):
            with ward.act(SYSTEM) as uow:
                uow.session.get_one(Task, ward.task(lodged).id).opened_at = vn(told)
            assert self.watches(ward, lodged, "tiepnhan.hacthanh")["T01"].state == state

    def test_t04_papers_are_passed_on_today_or_in_the_first_hour_of_the_next_working_day(self, ward):
        lodged = ward.lodge("1.001776", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("examine_beneficiary", "assign_specialist")))
        assert shown(self.watches(ward, lodged)["T04"].due) == "23/11 17:00"
        ward.clock.at = vn("25/11 15:01")
        late = ward.lodge("1.001776", channel="in_person")
        ward.walk(late, Policy(rest_at=("examine_beneficiary", "assign_specialist")))
        assert shown(self.watches(ward, late)["T04"].due) == "26/11 08:00"

    def test_t03_t05_and_l03_a_leg_that_nobody_acknowledges_is_late(self, ward):
        lodged = ward.lodge_elsewhere("1.001776")
        ward.walk(lodged, Policy(rest_at=("transfer_acknowledged",)))
        found = self.watches(ward, lodged, "tiepnhan.tinh")
        assert [(shown(found[code].due), found[code].state) for code in ("T05", "L03")] == [
            ("25/11 17:00", "met"),
            ("26/11 09:00", "open"),
        ]
        accepted = ward.dossier(lodged).accepted_at
        assert (found["T03"].due, found["T03"].met, found["T03"].state) == (accepted, accepted, "met"), "at once"
        ward.clock.at = vn("26/11 09:01")
        assert self.watches(ward, lodged, "tiepnhan.tinh")["L03"].state == "late"

    def test_t06_t08_and_t09_are_chances_that_pass(self, ward, lodged):
        found = self.watches(ward, lodged)
        assert [(code, shown(found[code].due), found[code].state) for code in ("T06", "T08")] == [
            ("T06", "27/11 17:00", "open"),
            ("T08", "07/12 17:00", "open"),
        ]
        assert (found["T09"].used, found["T09"].state) == (0, "open")
        ward.clock.at = vn("08/12 08:00")
        found = self.watches(ward, lodged)
        assert {found[code].state for code in ("T06", "T08")} == {"over"}
        assert found["T13"].state == "open"

    def test_t07_the_fifteen_days_of_the_applicant(self, ward):
        lodged, asked = TestEdges().asked(ward)
        found = self.watches(ward, lodged)["T07"]
        assert (shown(asked.asked_at), shown(found.due), found.state) == ("23/11 11:20", "08/12 23:59", "open")
        ward.clock.at = vn("09/12 00:00")
        assert self.watches(ward, lodged)["T07"].state == "late"

    def test_t10_a_correction_has_three_working_days_as_a_whole(self, ward):
        lodged = ward.lodge("2.000908", channel="in_person")
        ward.walk(lodged)
        with ward.act(ward.officer("chuyenvien.hacthanh")) as uow:
            course.correct(uow, lodged.dossier_id)
            assert shown(uow.clock.now()).startswith("23/11")
        found = self.watches(ward, lodged)["T10"]
        # 24/11 is a holiday: 25, 26, 27
        assert (shown(found.due), found.state) == ("27/11 17:00", "open")
        ward.clock.at = vn("27/11 17:01")
        assert self.watches(ward, lodged)["T10"].state == "late"

    def test_t11_money_that_came_online_goes_to_the_budget_within_eight_working_hours(self, ward):
        lodged = ward.lodge("2.000635", channel="in_person")
        ward.walk(lodged, Policy(rest_at=("take_payment",)))
        ward.clock.at = vn("23/11 16:00")
        with ward.act(SYSTEM) as uow:
            course.settle_payment(uow, lodged.dossier_id, way="transfer")
        found = self.watches(ward, lodged)["T11"]
        # an hour of Monday, and seven of Wednesday behind the holiday
        assert (shown(found.due), found.state) == ("25/11 16:00", "open")
        ward.clock.at = vn("25/11 16:01")
        assert self.watches(ward, lodged)["T11"].state == "late"

    def test_t12_a_refusal_after_assessment_keeps_the_limit_of_the_procedure(self, ward):
        """Ten working days from 23/11, 24/11 being a holiday, end on Tuesday 08/12 at 17:00."""
        states = {}
        for signed in ("08/12 17:00", "08/12 17:01"):
            ward.clock.at = vn("23/11 09:40")
            lodged = ward.lodge("1.001776", channel="in_person")
            ward.walk(lodged, Policy({"examine_beneficiary": [{"examination_outcome": "ineligible"}]}, rest_at=("number_and_seal",)))
            ward.clock.at = vn(signed)
            ward.walk(lodged, Policy(acts=1, pace=timedelta()))
            found = self.watches(ward, lodged)
            assert "T13" not in found
            states[signed] = (shown(found["T12"].due), found["T12"].state)
        assert states == {"08/12 17:00": ("08/12 17:00", "met"), "08/12 17:01": ("08/12 17:00", "late")}


class TestWarnings:
    def test_at_70_and_90_percent_of_the_working_time_a_task_changes_its_colour(self, ward, lodged):
        """Ten working days are eighty hours less what had run at 9:40."""
        task = ward.task(lodged)
        with ward.act(SYSTEM) as uow:
            calendar = Act.on(uow, lodged.dossier_id, lock=False).calendar()
        from engine.calendar import working_time

        assert working_time.percent_used(calendar, task.clock_from, task.sort_at, task.warn_at) == 70
        assert working_time.percent_used(calendar, task.clock_from, task.sort_at, task.urge_at) == 90
        before = task.warn_at - timedelta(minutes=10)
        assert working_time.percent_used(calendar, task.clock_from, task.sort_at, before) < 70
