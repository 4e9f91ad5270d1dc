"""One rule of one dossier has one date on every page: in the days and hours of the office that does what it asks for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.ids import uuid7
from engine.calendar.changes import Day
from engine.dossiers import course, handover, overview, recount, register, steps
from engine.dossiers.act import Act
from engine.dossiers.models import Deadline, Transfer
from engine.jobs.recounts import count_batches
from engine.payments.models import CashEntry
from tests.engine.dossiers.test_clock import rows, shown, vn
from tests.engine.dossiers.test_editions import LATER, issue, shelf  # noqa: F401  a fixture
from tests.engine.dossiers.test_step_clocks import saturdays
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


def watch(ward, lodged, code, username="chuyenvien.hacthanh"):
    """The date of a rule in the book of the clock."""
    with ward.act(ward.officer(username)) as uow:
        view = overview.overview(uow.session, uow.actor, lodged.dossier_id)
        [found] = [one for one in register.register(uow, view) if one.rule.code == code]
        return shown(found.due)


def to_hand_over(ward, lodged, username):
    """What the page of lists says: until when, and to whom."""
    with ward.act(ward.officer(username)) as uow:
        [(batch, row)] = [(batch, row) for batch in handover.ready(uow).rows for row in batch.rows if row.dossier_id == lodged.dossier_id]
        return shown(row.due_at), batch.to_office.id


def sent(ward, lodged, username, to_office):
    with ward.act(ward.officer(username)) as uow:
        row = handover.send(uow, uuid7(), kind="papers", to_office_id=to_office, dossier_ids=[lodged.dossier_id], carrier="Lê An")
        return shown(row.due_at)


def test_t11_money_goes_to_the_budget_in_the_hours_of_the_till_in_the_book_of_the_clock_too(ward):
    """Friday 27/11 at 16:00: an hour of Friday, four and a half of Saturday, and Monday until 9:30."""
    lodged = ward.lodge("2.000635", channel="in_person")
    saturdays(ward, ward.dossier(lodged).receiving_office_id)
    ward.walk(lodged, Policy(rest_at=("take_payment",)))
    ward.clock.at = vn("27/11 16:00")
    with ward.act(SYSTEM) as uow:
        course.settle_payment(uow, lodged.dossier_id, way="transfer")
    with ward.sessions() as session:
        [entry] = session.scalars(select(CashEntry)).all()
    assert watch(ward, lodged, "T11") == shown(entry.budget_due_at) == "30/11 09:30"


def test_t04_papers_of_friday_evening_are_passed_on_on_saturday_where_the_counter_is_open(ward):
    ward.clock.at = vn("27/11 15:01")
    lodged = ward.lodge("1.001776", channel="in_person")
    saturdays(ward, ward.dossier(lodged).receiving_office_id)
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary", "assign_specialist")))
    until, _ = to_hand_over(ward, lodged, "tiepnhan.hacthanh")
    assert watch(ward, lodged, "T04") == until == "28/11 08:00"


class TestReceivedElsewhere:
    """T05 in the days of the centre that sends, L03 in those of the ward that says it is there."""

    @pytest.fixture
    def elsewhere(self, ward):
        """Accepted by the centre on Friday 27/11, which is open on Saturday mornings; the ward is not."""
        ward.clock.at = vn("27/11 09:40")
        saturdays(ward, ward.officer("tiepnhan.tinh").offices[0])
        lodged = ward.lodge_elsewhere("1.001776")
        ward.walk(lodged, Policy(rest_at=("hand_over_papers",)))
        return lodged

    def test_t05_ends_on_saturday_on_the_slip_on_the_list_and_in_the_book_of_the_clock(self, ward, elsewhere):
        [run] = rows(ward, Deadline, elsewhere)
        legs = [one["vi"].rpartition("chậm nhất ")[2] for one in run.lines if one["what"] == "leg"]
        assert legs == ["11:30 thứ Bảy 28/11/2026", "09:00 thứ Hai 30/11/2026"]
        until, ward_office = to_hand_over(ward, elsewhere, "tiepnhan.tinh")
        assert watch(ward, elsewhere, "T05", "tiepnhan.tinh") == until == "28/11 11:30"
        assert sent(ward, elsewhere, "tiepnhan.tinh", ward_office) == "30/11 09:00"
        [leg] = rows(ward, Transfer, elsewhere)
        assert shown(leg.due_at) == watch(ward, elsewhere, "L03", "tiepnhan.tinh") == "30/11 09:00"

    def test_a_saturday_that_the_centre_closes_after_all_moves_what_was_promised(self, ward, elsewhere):
        before = shown(ward.dossier(elsewhere).due_at)
        closed = Day(date(2026, 11, 28), "holiday", "Nghỉ", "Closed", "Quyết định 13", office_id=ward.officer("tiepnhan.tinh").offices[0])
        with ward.act(ward.officer("quantri")) as uow:
            _, moves = recount.confirm(uow, closed, uuid7())
            assert [(shown(one.old), shown(one.new)) for one in moves] == [(before, "15/12 17:00")]
        count_batches(ward.act)
        assert (before, shown(ward.dossier(elsewhere).due_at)) == ("14/12 17:00", "15/12 17:00")

    def test_the_result_on_its_way_back_has_the_working_day_of_the_ward_also_when_all_is_counted_anew(self, ward, elsewhere):
        ward.walk(elsewhere, Policy(rest_at=("result_arrived",), pace=timedelta()))
        back = rows(ward, Transfer, elsewhere)[-1]
        until = {"result_overdue": shown(back.due_at)}
        assert until == {"result_overdue": "30/11 17:00"}, "sent on Friday, and the ward is closed on Saturday"
        assert {step: shown(one.due_at) for step, one in ward.waits(elsewhere).items() if one.kind == "timer"} == until
        with ward.act() as uow:
            steps.retime(Act.on(uow, elsewhere.dossier_id), "calendar")
        assert {step: shown(one.due_at) for step, one in ward.waits(elsewhere).items() if one.kind == "timer"} == until


def test_a_list_of_dossiers_of_before_is_acknowledged_by_the_rules_of_before(ward, shelf, monkeypatch):  # noqa: F811
    """Two hours on the day they were received; a later law says four."""
    lodged = ward.lodge("1.001776", channel="in_person")
    ward.walk(lodged, Policy(rest_at=("examine_beneficiary", "assign_specialist")))
    monkeypatch.setitem(LATER, "L03", 4)
    issue(shelf, "2027-01-01")
    _, other = to_hand_over(ward, lodged, "tiepnhan.hacthanh")
    ward.clock.at = vn("25/11 08:00")
    assert sent(ward, lodged, "tiepnhan.hacthanh", other) == "25/11 10:00"
