"""Timers fire once, and one that breaks holds up no other."""

import pytest
from sqlalchemy import update

from engine.dossiers.models import Wait
from engine.jobs.timers import fire_due
from tests.factories.desk import Ward
from webapp.demo.walk import Policy


@pytest.fixture
def ward(act, province_sessions, clock):
    return Ward(act, province_sessions, clock)


def test_a_timer_that_breaks_holds_up_no_other(ward):
    broken, whole = (ward.lodge("1.001193", channel="online") for _ in range(2))
    for lodged in (broken, whole):
        ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
    with ward.act() as uow:
        uow.session.execute(
            update(Wait).filter_by(dossier_id=broken.dossier_id, kind="timer").values(token="999:gone")
        )
    ward.clock.at = max(ward.waits(one)["preview_silent"].due_at for one in (broken, whole))

    assert fire_due(ward.act) == 1
    assert "preview_silent" not in ward.waits(whole)
