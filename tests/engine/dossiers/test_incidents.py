"""What breaks is rolled back, told on the dossier, tried again, and gone once it has passed."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from structlog.testing import capture_logs

import forms
from engine.base.actor import APPLICANT, SYSTEM
from engine.base.errors import Forbidden
from engine.dossiers import course, incidents, invariants, tasks
from engine.dossiers.act import Act
from engine.dossiers.incidents import guarded
from engine.dossiers.models import Wait
from engine.dossiers.settle import start_side
from engine.jobs.timers import fire_due
from engine.runtime.errors import BadAnswer, BadVariable, NoConditionTrue
from engine.runtime.machine import Machine
from tests.engine.runtime.drawing import draw
from tests.factories import beside
from tests.factories.desk import Ward
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


@pytest.fixture
def unit(province_sessions, clock):
    return lambda actor=SYSTEM: guarded(province_sessions, actor, clock)


def told(ward):
    with ward.sessions() as session:
        return incidents.standing(session).rows


def at_preview(ward):
    lodged = ward.lodge("1.001193", channel="online")
    ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
    return lodged


def misplace(ward, lodged, to="999:gone"):
    """Let the row of the timer name another place of the diagram than its state does."""
    with ward.act() as uow:
        timer = update(Wait).filter_by(dossier_id=lodged.dossier_id, kind="timer")
        uow.session.execute(timer.values(token=to))


def test_a_broken_timer_is_tried_again_later_and_later_and_forgotten_once_it_fires(ward, unit):
    lodged = at_preview(ward)
    wait = ward.waits(lodged)["preview_silent"]
    misplace(ward, lodged)
    ward.clock.at = wait.due_at

    assert fire_due(unit) == 0
    (trouble,) = told(ward)
    assert (trouble.step_id, trouble.kind, trouble.times) == ("preview_silent", "timer", 1)
    assert trouble.reason.startswith("PositionGone")
    assert trouble.again_at == ward.clock.now() + timedelta(minutes=1)

    assert fire_due(unit) == 0
    assert told(ward)[0].times == 1, "not before its time"
    ward.clock.at += timedelta(minutes=1)
    fire_due(unit)
    assert (told(ward)[0].times, told(ward)[0].again_at) == (2, ward.clock.now() + timedelta(minutes=2))

    misplace(ward, lodged, to=wait.token)
    ward.clock.at += timedelta(minutes=2)
    assert fire_due(unit) == 1
    assert told(ward) == []


def test_an_administrator_may_have_it_tried_at_once(ward, unit):
    lodged = at_preview(ward)
    wait = ward.waits(lodged)["preview_silent"]
    misplace(ward, lodged)
    ward.clock.at = wait.due_at
    fire_due(unit)
    misplace(ward, lodged, to=wait.token)
    assert fire_due(unit) == 0

    with unit(ward.officer("quantri")) as uow:
        incidents.retry(uow, lodged.dossier_id, str(wait.id))
    assert fire_due(unit) == 1
    with pytest.raises(Forbidden), unit(ward.officer("lanhdao.hacthanh")) as uow:
        incidents.retry(uow, lodged.dossier_id, str(wait.id))


def test_a_question_to_the_outside_is_sent_once_more(ward, unit):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_population",)))
    wait = ward.waits(lodged)["check_population"]
    with unit() as uow:
        incidents.record(uow, wait.id, RuntimeError("no such person"))
    assert told(ward)[0].again_at is None, "the queue gave up; now somebody must say so"

    with unit(ward.officer("quantri")) as uow:
        incidents.retry(uow, lodged.dossier_id, str(wait.id))
    with ward.sessions() as session:
        asked = text("SELECT count(*) FROM procrastinate_jobs WHERE args->'payload'->>'wait_id' = :wait")
        assert session.scalar(asked, {"wait": str(wait.id)}) == 2


def test_an_act_that_breaks_changes_nothing_and_stands_until_the_dossier_moves_on(ward, unit, monkeypatch):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_dossier",)))
    task, before = ward.task(lodged), ward.dossier(lodged).revision
    counter = ward.officer("tiepnhan.hacthanh")
    with pytest.raises(ZeroDivisionError), unit(counter) as uow:
        _claim_and_break(uow, task)

    (trouble,) = told(ward)
    assert (trouble.kind, trouble.reason) == (None, "ZeroDivisionError: division by zero")
    assert (ward.task(lodged).revision, ward.dossier(lodged).revision) == (task.revision, before)

    ward.walk(lodged, Policy(rest_at=("verify_documents", "check_population")))
    assert told(ward) == []


def _claim_and_break(uow, task):
    tasks.claim(uow, task.id, seen=task.revision)
    return 1 / 0


def test_a_form_that_is_filled_in_wrong_is_no_incident(ward, unit):
    lodged = ward.lodge("2.000908")
    task, officer = ward.task(lodged), ward.officer("tiepnhan.hacthanh")

    with pytest.raises(forms.FormInvalid), unit(officer) as uow:
        tasks.complete(uow, task.id, {}, seen=task.revision)

    assert told(ward) == []


def test_a_refusal_to_a_person_is_no_incident(ward, unit):
    lodged = ward.lodge("1.001193")
    ward.walk(lodged, Policy(rest_at=("check_dossier",)))
    task = ward.task(lodged)
    with pytest.raises(tasks.TaskChanged), unit(ward.officer("tiepnhan.hacthanh")) as uow:
        tasks.claim(uow, task.id, seen=task.revision + 1)
    assert told(ward) == []


STUCK = {"element": "which_way", "name": "Có đủ giấy tờ không?", "line": 31}


def _stuck(machine, *_):
    raise NoConditionTrue(**STUCK)


class TestTheDiagramCannotGoOn:
    """No condition holds, a loop waits for nobody: a person acts, and can mend nothing."""

    def test_an_officer_s_act_is_undone_and_stands_in_the_list_until_it_succeeds(self, ward, unit, monkeypatch):
        lodged = ward.lodge("1.001193")
        ward.walk(lodged, Policy(rest_at=("check_dossier",)))
        task, before = ward.task(lodged), ward.dossier(lodged).revision
        with monkeypatch.context() as broken:
            broken.setattr(Machine, "complete", _stuck)
            with pytest.raises(NoConditionTrue) as refused:
                Ward(unit, ward.sessions, ward.clock).walk(lodged)
        assert refused.value.told
        assert (ward.task(lodged).done_at, ward.dossier(lodged).revision) == (None, before), "nothing was done"
        (trouble,) = told(ward)
        assert (trouble.step_id, trouble.name, trouble.kind, trouble.again_at) == (task.step_id, task.name, None, None)

        with ward.act() as uow:
            start_side(Act.on(uow, lodged.dossier_id), "pay", {"amount_due": 5000, "payment_way": "counter"})
        assert [one.step_id for one in told(ward)] == ["check_dossier"], "what others do does not mend it"
        with ward.sessions() as session:
            assert ("incident", "check_dossier") in next(invariants.standings(session, ward.clock)).alarms

        ward.walk(lodged, Policy(rest_at=("verify_documents", "check_population", "take_payment")))
        assert told(ward) == []

    def test_so_is_the_applicant_s(self, ward, unit, monkeypatch):
        lodged = at_preview(ward)
        with monkeypatch.context() as broken:
            broken.setattr(Machine, "receive", _stuck)
            with pytest.raises(NoConditionTrue) as refused, unit(APPLICANT) as uow:
                course.confirm_preview(uow, lodged.dossier_id, ok=True)
        assert refused.value.told
        (trouble,) = told(ward)
        assert (trouble.step_id, trouble.kind) == ("preview_confirmed", None)

        with unit(APPLICANT) as uow:
            course.confirm_preview(uow, lodged.dossier_id, ok=True)
        assert told(ward) == []

    @pytest.mark.parametrize(("variable", "refusal", "standing"), [("reception_outcome", BadAnswer, 0), ("amount_due", BadVariable, 1)])
    def test_what_the_officer_has_just_typed_is_the_officer_s_to_mend(self, ward, unit, monkeypatch, variable, refusal, standing):
        lodged = ward.lodge("1.001193")
        ward.walk(lodged, Policy(rest_at=("check_dossier",)))

        def odd(*_):
            raise BadVariable(**STUCK, variable=variable)

        monkeypatch.setattr(Machine, "complete", odd)
        with pytest.raises(refusal) as refused:
            Ward(unit, ward.sessions, ward.clock).walk(lodged)
        assert refused.value.facts["element"] == "which_way"
        assert len(told(ward)) == standing

    def test_so_it_is_with_what_is_declared(self, ward, unit, monkeypatch):
        def odd(*_):
            raise BadVariable(**STUCK, variable="benefit_case")

        monkeypatch.setattr(Machine, "start", odd)
        with pytest.raises(BadAnswer):
            Ward(unit, ward.sessions, ward.clock).lodge("1.001776")

    def test_what_was_never_lodged_has_no_place_in_the_list(self, ward, unit, monkeypatch):
        monkeypatch.setattr(Machine, "start", _stuck)
        with pytest.raises(NoConditionTrue) as refused, capture_logs() as logged:
            Ward(unit, ward.sessions, ward.clock).lodge("1.001193")
        assert not refused.value.told
        assert told(ward) == []
        said = {"event": "broke before it was lodged", "element": "which_way", "error": "NoConditionTrue"}
        assert logged == [said | {"log_level": "error"}], "but whoever looks after the system reads it"

    def test_a_timer_s_incident_names_the_gateway_and_not_only_the_timer(self, ward, unit):
        sketch = """
        begin: start
        nap: timer
        pick: xor
        a: engine one.a
        b: engine one.b
        done: end
        begin > nap > pick
        pick > a [kind = "x"]
        pick > b [kind = "y"]
        a > done
        b > done
        """
        beside.begin(ward, draw(sketch).replace(b"<mc:step", b'<mc:step limit="1 h"', 2), kind="z")
        ward.clock.at += timedelta(hours=2)
        fire_due(unit)
        (trouble,) = told(ward)
        assert (trouble.step_id, trouble.place["element"], trouble.place["name"]) == ("nap", "pick", "Bước pick")
