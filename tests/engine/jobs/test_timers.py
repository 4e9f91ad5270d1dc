"""Timers fire once: never early, not twice however many workers there are, and not lost by any of them."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from engine.base.clock import VIETNAM
from engine.calendar.fault_models import Fault
from engine.dossiers import incidents
from engine.dossiers.models import CodeCounter, Dossier, Letter, Wait
from engine.jobs.timers import fire_due
from engine.ledger.chain import first_break
from engine.ledger.read import history
from tests.engine.runtime.drawing import draw
from tests.factories import beside
from webapp.demo.walk import Policy
from webapp.postgres import ROOT

#: Three timers run at once beside a dossier.
THREE = """
begin: start
fork: and
first: timer
second: timer
third: timer
join: and
done: end
begin > fork > first > join > done
fork > second > join
fork > third > join
"""
MANY = 200


def with_three_timers(ward):
    """A dossier beside which they run."""
    limited = rb'\1 limit="1 d"'
    diagram = re.sub(rb'(id="(?:first|second|third)"[^>]*>.*?<mc:step)', limited, draw(THREE), flags=re.DOTALL)
    return beside.begin(ward, diagram).lodged


def at_preview(ward):
    """The dossier, and when its timer is due."""
    lodged = ward.lodge("1.001193", channel="online")
    ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
    return lodged, ward.waits(lodged)["preview_silent"].due_at


def arm(ward, lodged, **due):
    with ward.act() as uow:
        for step, at in due.items():
            uow.session.execute(update(Wait).filter_by(dossier_id=lodged.dossier_id, step_id=step).values(due_at=at))


def arm_by_the_wall(ward, ahead):
    """Let all timers be due so long from now by the clock of the wall, which a process of its own has."""
    with ward.act() as uow:
        due_at = uow.session.scalar(select(func.now())) + ahead
        uow.session.execute(update(Wait).filter_by(kind="timer", closed_at=None).values(due_at=due_at))
    return due_at.astimezone(VIETNAM)


def fired(ward, lodged):
    """Steps whose timer fired, in the order of the ledger."""
    with ward.sessions() as session:
        closed = [one.payload for one in history(session, lodged.dossier_id) if one.type == "wait.closed"]
    return [one["step_id"] for one in closed if one["how"] == "fired"]


class TestTime:
    def test_not_a_second_early_and_once_at_its_time(self, ward):
        lodged, due_at = at_preview(ward)
        ward.clock.at = due_at - timedelta(seconds=1)
        assert fire_due(ward.act) == 0
        ward.clock.at = due_at
        assert (fire_due(ward.act), fire_due(ward.act)) == (1, 0)
        assert fired(ward, lodged) == ["preview_silent"]

    def test_a_clock_that_jumps_back_and_forth_fires_nothing_anew(self, ward):
        lodged, due_at = at_preview(ward)
        ward.clock.at = due_at
        fire_due(ward.act)
        before = ward.dossier(lodged).revision
        for jump in (timedelta(days=-2), timedelta(hours=25), timedelta(days=400)):
            ward.clock.at = due_at + jump
            fire_due(ward.act)
        assert fired(ward, lodged).count("preview_silent") == 1
        assert ward.dossier(lodged).revision >= before

    def test_after_a_downtime_those_of_a_dossier_fire_in_the_order_of_their_dates(self, ward):
        one, other = (with_three_timers(ward) for _ in range(2))
        day, now = timedelta(days=1), ward.clock.now()
        arm(ward, one, first=now + 3 * day, second=now + day, third=now + 2 * day)
        arm(ward, other, first=now + day, second=now + 200 * day, third=now + 2 * day)
        ward.clock.at = now + 30 * day

        assert fire_due(ward.act) == 5
        assert fired(ward, one) == ["second", "third", "first"]
        assert fired(ward, other) == ["first", "third"]
        assert set(ward.waits(other)) == {"second"}


class TestTrouble:
    def test_a_timer_that_breaks_holds_up_no_other(self, ward):
        (broken, _), (whole, due_at) = at_preview(ward), at_preview(ward)
        with ward.act() as uow:
            uow.session.execute(
                update(Wait).filter_by(dossier_id=broken.dossier_id, kind="timer").values(token="999:gone")
            )
        ward.clock.at = due_at

        assert fire_due(ward.act) == 1
        assert "preview_silent" not in ward.waits(whole)

    def test_a_database_that_is_away_ends_the_round(self):
        def unit():
            raise ConnectionError

        with pytest.raises(ConnectionError):
            fire_due(unit)

    def test_told_to_stop_it_leaves_the_rest(self, ward):
        for _ in range(2):
            _, due_at = at_preview(ward)
        ward.clock.at = due_at
        answers = iter([False, True])
        assert fire_due(ward.act, lambda: next(answers)) == 1
        assert fire_due(ward.act) == 1


class TestManyHands:
    def test_four_workers_share_them_and_each_fires_once(self, crowd):
        ward = crowd.ward
        _, due_at = at_preview(ward)
        crowd.multiply(MANY)
        ward.clock.at = due_at - timedelta(seconds=1)
        assert sum(crowd.together(fire_due)) == 0

        ward.clock.at = due_at
        shares = crowd.together(fire_due)

        assert sum(shares) == MANY
        assert all(shares), "nobody was left without work"
        assert set(crowd.closed("fired").values()) == {1}
        assert len(crowd.closed("fired")) == MANY
        with ward.sessions() as session:
            assert incidents.standing(session).rows == []
            for dossier_id in session.scalars(select(Dossier.id)):
                assert first_break(history(session, dossier_id)) is None

    def test_where_an_officer_has_the_dossier_nobody_waits_and_nothing_is_lost(self, crowd):
        ward = crowd.ward
        (held, _), (free, due_at) = at_preview(ward), at_preview(ward)
        ward.clock.at = due_at
        with ward.act() as officer:
            officer.session.get_one(Dossier, held.dossier_id, with_for_update=True)
            assert fire_due(ward.act) == 1
        assert (fired(ward, held), fired(ward, free)) == ([], ["preview_silent"])
        assert fire_due(ward.act) == 1
        assert fired(ward, held) == ["preview_silent"]

    def test_one_that_was_passed_over_does_not_come_behind_those_due_later(self, crowd):
        ward = crowd.ward
        held, free = (with_three_timers(ward) for _ in range(2))
        day, now = timedelta(days=1), ward.clock.now()
        arm(ward, held, first=now + day, second=now + 3 * day, third=now + 300 * day)
        arm(ward, free, first=now + 2 * day, second=now + 300 * day, third=now + 300 * day)
        ward.clock.at = now + 5 * day

        def goes_home(officer):
            """The officer lets go of the dossier when the worker has passed over its first timer."""
            yield False
            officer.session.rollback()
            while True:
                yield False

        with ward.act() as officer:
            officer.session.get_one(Dossier, held.dossier_id, with_for_update=True)
            steps = goes_home(officer)
            assert fire_due(ward.act, lambda: next(steps)) == 1
        assert fired(ward, held) == []
        fire_due(ward.act)
        assert fired(ward, held) == ["first", "second"]

    def test_what_a_killed_worker_had_in_hand_is_done_by_another(self, crowd):
        ward = crowd.ward
        at_preview(ward)
        crowd.multiply(MANY)
        arm_by_the_wall(ward, -timedelta(hours=1))

        def at_work():
            command = [sys.executable, "-m", "webapp.cli", "worker"]
            environment = {**os.environ, "DATABASE_URL": crowd.url}
            return subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)

        def until(many):
            end = time.monotonic() + 120
            while len(crowd.closed("fired")) < many and time.monotonic() < end:
                time.sleep(0.02)

        first = at_work()
        until(5)
        first.kill()
        first.wait()
        before = len(crowd.closed("fired"))
        assert 5 <= before < MANY

        second = at_work()
        until(MANY)
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 0
        assert len(crowd.closed("fired")) == MANY
        assert set(crowd.closed("fired").values()) == {1}


class TestCheck:
    def check(self, crowd):
        command = [sys.executable, "-m", "webapp.cli", "check", "--each"]
        environment = {**os.environ, "DATABASE_URL": crowd.url}
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def test_it_says_which_timer_is_armed_and_for_when(self, crowd):
        at_preview(crowd.ward)
        due_at = arm_by_the_wall(crowd.ward, timedelta(days=1))
        said = self.check(crowd)
        assert f"timer preview_silent, {due_at:%Y-%m-%d %H:%M}" in said.stdout
        assert said.returncode == 0, said.stderr

    def test_one_that_no_worker_woke_is_an_alarm(self, crowd):
        at_preview(crowd.ward)
        arm_by_the_wall(crowd.ward, -timedelta(minutes=6))
        said = self.check(crowd)
        assert "ALARM preview_silent its time has come and no worker woke it" in said.stderr
        assert said.returncode == 1

    def test_a_version_that_was_changed_where_it_lies_is_an_alarm(self, crowd):
        at_preview(crowd.ward)
        arm_by_the_wall(crowd.ward, timedelta(days=1))
        with crowd.ward.act() as uow:
            uow.session.execute(text("UPDATE procedure_version SET diagram = diagram || '\\x20' WHERE code = '1.000656'"))
        said = self.check(crowd)
        assert "ALARM 1.000656 version 1: what is stored is not what was deployed" in said.stderr
        assert said.returncode == 1

    def test_what_a_part_brought_and_its_group_did_not_take_is_an_alarm_and_so_is_a_system_down_for_a_day(self, crowd):
        """Decree 63/2024 as amended by 301/2026 (L15, L16)."""
        group, part = (at_preview(crowd.ward)[0].dossier_id for _ in range(2))
        arm_by_the_wall(crowd.ward, timedelta(days=1))
        with crowd.ward.act() as uow:
            now = uow.session.scalar(select(func.now()))
            uow.session.execute(update(Dossier).filter_by(id=part).values(parent_id=group, child_kind="birth"))
            letter = {"kind": "message", "name": "child_finished", "key": "x", "sender_id": part, "step_id": ""}
            uow.session.add(Letter(**letter, sent_at=now - timedelta(minutes=11), keep_until=now + timedelta(days=7)))
            fault = {"system": "Cư trú", "reason": "mất kết nối", "planned": False, "procedures": [], "article": "NĐ 63/2024"}
            uow.session.add(Fault(**fault, started_at=now - timedelta(hours=25), entered_at=now, entered_by=uow.actor.officer_id))
        said = self.check(crowd)
        assert re.search(r"ALARM H56\.101-261123-0002: done .* and group H56\.101-261123-0001 has not taken it \(L15\)", said.stderr), said.stderr
        assert "ALARM Cư trú: down since" in said.stderr
        assert said.returncode == 1

    def test_a_number_that_was_given_and_that_nothing_bears_is_an_alarm(self, crowd):
        at_preview(crowd.ward)
        arm_by_the_wall(crowd.ward, timedelta(days=1))
        with crowd.ward.act() as uow:
            uow.session.execute(update(CodeCounter).values(last=CodeCounter.last + 12))
        said = self.check(crowd)
        assert "ALARM code of H56.101, 23/11/2026: given and borne by nothing: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …" in said.stderr
        assert said.returncode == 1
