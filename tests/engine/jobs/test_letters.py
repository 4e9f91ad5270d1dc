"""What dossiers tell one another comes once, however many workers bring it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.dossiers.models import Dossier, Letter, Wait
from engine.jobs.timers import deliver_post
from engine.ledger.models import LedgerEvent
from tests.engine.runtime.drawing import draw
from tests.factories import beside

WAITS = """
begin: start
change: message land_changed
done: end
begin > change > done
"""
HEARS = """
begin: start
flood: signal flood
done: end
begin > flood > done
"""
MANY = 60


@pytest.fixture
def waiting(crowd):
    """Many dossiers that wait for a message under the same key."""
    diagram = re.sub(rb'(id="change".*?<mc:step)', rb'\1 key="parcel"', draw(WAITS), flags=re.DOTALL)
    beside.begin(crowd.ward, diagram, parcel="T12")
    crowd.multiply(MANY)


@pytest.fixture
def hearing(crowd):
    """Many dossiers that wait for a signal."""
    beside.begin(crowd.ward, draw(HEARS))
    crowd.multiply(MANY)


def send(ward, kind, name, key="", many=1):
    with ward.act() as uow:
        now = uow.clock.now()
        sender = uow.session.scalars(select(Dossier.id).limit(1)).one()
        for number in range(many):
            at = now + timedelta(milliseconds=number)
            told = {"sent_at": at, "keep_until": at + timedelta(days=7)}
            uow.session.add(Letter(kind=kind, name=name, key=key, sender_id=sender, step_id="tell", **told))


def left(ward):
    """How many wait still, and how many letters nobody took."""
    with ward.sessions() as session:
        waits = session.scalar(select(func.count()).where(Wait.closed_at.is_(None), Wait.kind.in_(("message", "signal"))))
        return waits, session.scalar(select(func.count()).where(Letter.taken_at.is_(None)))


def test_each_message_has_one_receiver_and_each_receiver_one_message(crowd, waiting):
    send(crowd.ward, "message", "land_changed", "T12", many=MANY - 1)
    crowd.ward.clock.at += timedelta(seconds=1)

    # Two that meet at one receiver leave a message to the next round.
    assert sum(crowd.together(deliver_post)) + deliver_post(crowd.ward.act) == MANY - 1
    assert left(crowd.ward) == (1, 0)
    assert set(crowd.closed("arrived").values()) == {1}
    with crowd.ward.sessions() as session:
        told = select(LedgerEvent.payload["letter_id"].astext).where(LedgerEvent.type == "letter.received")
        received = session.scalars(told).all()
        assert len(received) == len(set(received)) == MANY - 1


def test_all_hear_a_signal_and_each_hears_it_once(crowd, hearing):
    crowd.ward.clock.at += timedelta(seconds=1)
    send(crowd.ward, "signal", "flood")
    crowd.ward.clock.at += timedelta(minutes=3)

    assert sum(crowd.together(deliver_post)) == MANY
    assert set(crowd.closed("arrived").values()) == {1}
    deliver_post(crowd.ward.act)
    assert left(crowd.ward) == (0, 0), "all have heard it: it is over"


def test_where_an_officer_has_the_receiver_in_hand_it_comes_afterwards(crowd):
    receiver = beside.begin(crowd.ward, draw(HEARS))
    beside.begin(crowd.ward, draw(WAITS))
    with crowd.ward.sessions() as session:
        sender = session.scalars(select(Dossier.id).where(Dossier.id != receiver.lodged.dossier_id)).one()
    with crowd.ward.act() as uow:
        now = uow.clock.now()
        uow.session.add(
            Letter(kind="signal", name="flood", key="", sender_id=sender, step_id="tell", sent_at=now, keep_until=now)
        )
    crowd.ward.clock.at += timedelta(minutes=3)
    with crowd.ward.act() as officer:
        officer.session.get_one(Dossier, receiver.lodged.dossier_id, with_for_update=True)
        assert deliver_post(crowd.ward.act) == 0
    assert receiver.waits() == {"flood"}
    assert deliver_post(crowd.ward.act) == 1
    assert receiver.waits() == set()
