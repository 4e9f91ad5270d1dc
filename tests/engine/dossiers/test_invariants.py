"""Of every open dossier somebody can say who has it or what it waits for; where not, there is an alarm."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from engine.dossiers import incidents, invariants
from engine.dossiers.models import Dossier, Task, Wait
from engine.org.models import Posting
from engine.payments.models import Charge
from webapp.demo.walk import Policy


def alarms(ward):
    with ward.sessions() as session:
        return {alarm for one in invariants.standings(session, ward.clock) for alarm in one.alarms}


def at_work(ward):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_dossier",)))
    return lodged


def at_preview(ward):
    lodged = ward.lodge("1.001193", channel="online")
    ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
    return lodged


def at_the_outside(ward):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_population",)))
    return lodged


@pytest.mark.parametrize("somewhere", [at_work, at_preview, at_the_outside])
def test_a_dossier_that_somebody_has_or_that_waits_for_something_is_well(ward, somewhere):
    lodged = somewhere(ward)
    assert alarms(ward) == set()
    with ward.sessions() as session:
        (standing,) = invariants.standings(session, ward.clock)
    assert standing.dossier_id == lodged.dossier_id
    assert standing.tasks or standing.waits


def test_a_dossier_that_ended_is_not_asked_after(ward):
    ward.walk(ward.lodge("1.001193"))
    with ward.sessions() as session:
        assert list(invariants.standings(session, ward.clock)) == []


def test_of_a_dossier_that_ended_nothing_is_owed(ward):
    """Paid for in the ministry's own system, which says nothing of it: ours is dropped, and the ledger says at which end."""
    lodged = ward.lodge("1.004222", channel="online")
    ward.walk(lodged)
    with ward.sessions() as session:
        (charge,) = session.scalars(select(Charge).filter_by(dossier_id=lodged.dossier_id))
        assert (charge.amount, charge.state) == (10_000, "cancelled")
        assert invariants.owed_after_the_end(session) == []
    assert ward.told(lodged, "charge.closed") == [{"charge_id": str(charge.id), "state": "cancelled", "reason": "handed_over"}]
    with ward.act() as uow:
        uow.session.execute(update(Charge).values(state="owed"))
    with ward.sessions() as session:
        (code,) = invariants.owed_after_the_end(session)
        assert code == session.get_one(Dossier, lodged.dossier_id).code


def test_one_that_nobody_has_and_that_waits_for_nothing(ward):
    at_work(ward)
    with ward.act() as uow:
        uow.session.execute(update(Task).values(done_at=uow.clock.now()))
    assert ("idle", "") in alarms(ward)
    assert ("out_of_step", "check_dossier") in alarms(ward)


def test_a_lane_in_which_nobody_stands_any_more(ward):
    lodged = at_work(ward)
    with ward.act() as uow:
        gone = update(Posting).filter_by(office_id=ward.task(lodged).office_id, lane="reception")
        uow.session.execute(gone.values(valid_to=uow.clock.today()))
    assert alarms(ward) == {("unmanned", "check_dossier")}


def test_a_timer_that_no_worker_woke(ward):
    lodged = at_preview(ward)
    ward.clock.at = ward.waits(lodged)["preview_silent"].due_at + timedelta(minutes=4)
    assert alarms(ward) == set()
    ward.clock.at += timedelta(minutes=2)
    assert alarms(ward) == {("late_timer", "preview_silent")}


def test_a_timer_that_has_no_time(ward):
    at_preview(ward)
    with ward.act() as uow:
        uow.session.execute(update(Wait).filter_by(kind="timer").values(due_at=None))
    assert alarms(ward) == {("unarmed", "preview_silent")}


def test_a_question_that_no_job_asks(ward):
    lodged = at_the_outside(ward)
    with ward.act() as uow:
        uow.session.execute(text("DELETE FROM procrastinate_jobs"))
    assert alarms(ward) == {("unasked", "check_population")}
    with ward.act() as uow:
        incidents.record(uow, ward.waits(lodged)["check_population"].id, RuntimeError("refused"))
    assert alarms(ward) == {("incident", "check_population")}, "told once, as what it is"


def test_rows_and_diagram_that_disagree(ward):
    at_preview(ward)
    with ward.act() as uow:
        uow.session.execute(update(Wait).filter_by(kind="timer").values(closed_at=uow.clock.now()))
    assert alarms(ward) == {("out_of_step", "preview_silent")}
