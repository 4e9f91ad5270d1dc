"""Dossiers tell one another: a message under a key, kept for a week when it comes early, taken once; a signal for all."""

import re
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from engine.base.clock import VIETNAM
from engine.dossiers import incidents, invariants
from engine.dossiers.models import Letter
from engine.jobs.timers import deliver_post, fire_due
from engine.runtime.errors import BadVariable
from engine.runtime.state import RuntimeState
from tests.engine.runtime.drawing import draw
from tests.factories import beside

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

SENDS = """
begin: start
ready: message go
tell: throw land_changed
done: end
begin > ready > tell > done
"""
WAITS = """
begin: start
ready: message go
change: message land_changed
done: end
begin > ready > change > done
"""
SIGNALS = """
begin: start
ready: message go
alarm: shout flood
done: end
begin > ready > alarm > done
"""
HEARS = """
begin: start
ready: message go
flood: signal flood
done: end
begin > ready > flood > done
"""


@pytest.fixture
def begin(ward):
    """Let a diagram run beside a dossier of its own, up to its `go`; `go()` sends it on."""
    return lambda sketch, of=None, **variables: beside.begin(ward, drawn(sketch), of=of, **variables)


def drawn(sketch):
    """What is told and heard under a key, is so under the parcel's; a nap ends at an instant."""
    data = re.sub(rb'(id="(?:tell|change)"[^>]*>.*?<mc:step)', rb'\1 key="parcel"', draw(sketch), flags=re.DOTALL)
    return re.sub(rb'(id="nap"[^>]*>.*?<mc:step)', rb'\1 at="wake_at"', data, flags=re.DOTALL)


def letters(ward):
    with ward.sessions() as session:
        return list(session.scalars(select(Letter).order_by(Letter.sent_at, Letter.id)))


def alarms(ward):
    with ward.sessions() as session:
        return {alarm for one in invariants.standings(session, ward.clock) for alarm in one.alarms}


class TestMessages:
    def test_it_wakes_whoever_waits_under_the_same_key_and_nobody_else(self, ward, begin):
        sender, receiver, other = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12"), begin(WAITS, parcel="T13")
        receiver.go()
        other.go()
        sender.go()
        assert receiver.waits() == {"change"}, "not within the sender's transaction"

        assert deliver_post(ward.act) == 1
        assert (receiver.waits(), other.waits()) == (set(), {"change"})
        assert (sender.told(), receiver.told()) == (["letter.sent"], ["letter.received"])
        assert deliver_post(ward.act) == 0, "once"

    def test_one_that_comes_early_lies_there_until_somebody_waits(self, ward, begin):
        sender, receiver = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12")
        sender.go()
        assert deliver_post(ward.act) == 0
        ward.clock.at += timedelta(days=6, hours=23)
        receiver.go()
        assert receiver.waits() == set(), "at once, in its own act"
        assert letters(ward)[0].taken_by == receiver.lodged.dossier_id

    def test_for_a_week_and_no_longer(self, ward, begin):
        sender, receiver = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12")
        sender.go()
        ward.clock.at += timedelta(days=7, seconds=1)
        receiver.go()
        assert deliver_post(ward.act) == 0
        assert receiver.waits() == {"change"}

    def test_who_waited_in_time_gets_it_however_long_no_worker_comes(self, ward, begin):
        sender, receiver = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12")
        receiver.go()
        sender.go()
        ward.clock.at += timedelta(minutes=6)
        assert alarms(ward) == {("unheard", "change")}, "no worker brings it"
        ward.clock.at += timedelta(days=8)
        assert deliver_post(ward.act) == 1
        assert (receiver.waits(), sender.told(), alarms(ward)) == (set(), ["letter.sent"], set())

    def test_one_that_nobody_waited_for_in_time_is_told_of_and_is_none_for_who_waits_later(self, ward, begin):
        sender, receiver = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12")
        sender.go()
        ward.clock.at += timedelta(days=7, minutes=3)
        for _ in range(2):
            deliver_post(ward.act)
        assert sender.told() == ["letter.sent", "letter.expired"], "once"

        receiver.go()
        ward.clock.at += timedelta(minutes=6)
        assert alarms(ward) == set(), "it waits for the next change, like all after it"
        begin(SENDS, parcel="T12").go()
        assert deliver_post(ward.act) == 1

    def test_each_message_has_one_receiver_and_the_first_to_wait_is_first(self, ward, begin):
        sender, first, second = begin(SENDS, parcel=7), begin(WAITS, parcel=7), begin(WAITS, parcel="7")
        first.go()
        ward.clock.at += timedelta(seconds=1)
        second.go()
        sender.go()
        assert deliver_post(ward.act) == 1
        assert (first.waits(), second.waits()) == (set(), {"change"})

    def test_while_the_first_to_wait_is_broken_it_lies_there_for_it(self, ward, begin):
        sender = begin(SENDS, parcel="T12")
        first, second, third = (begin(WAITS, parcel="T12") for _ in range(3))
        first.go()
        ward.clock.at += timedelta(minutes=1)
        second.go()
        with ward.act() as uow:
            incidents.record(uow, ward.waits(first.lodged)["change"].id, RuntimeError("no such parcel"))
        sender.go()
        ward.clock.at += timedelta(seconds=1)
        third.go()
        assert deliver_post(ward.act) == 0
        assert (first.waits(), second.waits(), third.waits()) == ({"change"}, {"change"}, {"change"})

        ward.clock.at += timedelta(minutes=6)
        assert alarms(ward) == {("incident", "change")}, "nobody else is unheard"
        assert deliver_post(ward.act) == 1
        assert (first.waits(), second.waits(), third.waits()) == (set(), {"change"}, {"change"})

    def test_without_a_key_there_is_no_telling_for_whom_it_is(self, ward, begin):
        sender = begin(SENDS, parcel="")
        with pytest.raises(BadVariable):
            sender.go()
        assert sender.waits() == {"ready"}, "nothing was done"

    @pytest.mark.parametrize("broken_for", [timedelta(minutes=1), timedelta(days=8)])
    def test_a_receiver_that_breaks_loses_nothing(self, ward, begin, province_sessions, clock, broken_for):
        def unit(actor=incidents.SYSTEM):
            return incidents.guarded(province_sessions, actor, clock)

        sender, receiver = begin(SENDS, parcel="T12"), begin(WAITS, parcel="T12")
        receiver.go()
        sender.go()
        with ward.act() as uow:
            broken = update(RuntimeState).filter_by(id=receiver.runtime_id)
            whole = uow.session.get(RuntimeState, receiver.runtime_id).state
            uow.session.execute(broken.values(state=b"{"))
        assert deliver_post(unit) == 0
        with ward.sessions() as session:
            assert [one.step_id for one in incidents.standing(session).rows] == ["change"]
        assert letters(ward)[0].taken_at is None
        with ward.act() as uow:
            uow.session.execute(broken.values(state=whole))
        clock.at += broken_for
        assert deliver_post(unit) == 1
        assert receiver.waits() == set()


class TestAfterADowntime:
    """A message and a timer for one gateway, both past their time when a worker comes: whichever was first."""

    RACE = """
    begin: start
    wait: events
    HEARD: KIND
    nap: timer
    told: end
    slept: end
    begin > wait
    wait > HEARD > told
    wait > nap > slept
    """

    @pytest.fixture
    def rang(self, ward, begin):
        """Send at one minute, with a timer at another, and let a worker come a day later; how the waits were closed."""

        def ring(sent, due, heard="change", kind="message land_changed", sends=SENDS, *, broken=False):
            now = ward.clock.now() + timedelta(days=1)  # lodging takes its time
            sender = begin(sends, parcel="T12")
            race = self.RACE.replace("HEARD", heard).replace("KIND", kind)
            receiver = begin(race, parcel="T12", wake_at=(now + timedelta(minutes=due)).isoformat())
            if broken:
                with ward.act() as uow:
                    incidents.record(uow, ward.waits(receiver.lodged)["change"].id, RuntimeError("no such parcel"))
            ward.clock.at = now + timedelta(minutes=sent)
            sender.go()
            ward.clock.at = now + timedelta(days=1)
            with ward.act() as uow:  # tried again at once, it would break again
                uow.session.execute(update(incidents.Incident).values(again_at=ward.clock.now() + timedelta(hours=1)))
            fire_due(ward.act)
            return ward.told(receiver.lodged, "wait.closed")[-2:]

        return ring

    @pytest.mark.parametrize(("kind", "sends"), [("message land_changed", SENDS), ("signal flood", SIGNALS)])
    def test_who_was_told_in_time_hears_it_though_the_timer_is_due_as_well(self, rang, kind, sends):
        heard = "change" if sends == SENDS else "flood"
        assert {one["how"] for one in rang(10, 20, heard, kind, sends)} == {"arrived", "overtaken"}

    def test_what_was_told_too_late_comes_behind_the_timer(self, rang):
        assert {one["how"] for one in rang(20, 10)} == {"fired", "overtaken"}

    def test_a_receiver_that_is_broken_holds_up_no_timer(self, rang):
        assert {one["how"] for one in rang(10, 20, broken=True)} == {"fired", "overtaken"}


class TestSignals:
    def test_all_who_wait_hear_it_once_and_those_who_come_later_do_not(self, ward, begin):
        sender, first, second, later = begin(SIGNALS), begin(HEARS), begin(HEARS), begin(HEARS)
        first.go()
        second.go()
        ward.clock.at += timedelta(seconds=1)
        sender.go()
        ward.clock.at += timedelta(seconds=1)
        later.go()

        assert deliver_post(ward.act) == 2
        assert (first.waits(), second.waits(), later.waits()) == (set(), set(), {"flood"})
        assert deliver_post(ward.act) == 0

    def test_another_instance_of_the_same_dossier_hears_it_too_and_once(self, ward, begin):
        """What runs beside a dossier is told by its main diagram, and the other way round."""
        sender = begin(SIGNALS.replace("alarm: shout flood", "alarm: shout flood\nback: signal flood").replace("alarm >", "alarm > back >"))
        hearer = begin(HEARS, of=sender.lodged)
        hearer.go()
        ward.clock.at += timedelta(seconds=1)
        sender.go()
        assert sender.waits() == {"back"}

        assert deliver_post(ward.act) == 1
        assert (sender.waits(), hearer.waits()) == ({"back"}, set()), "who began to wait behind it has not heard it"
        assert deliver_post(ward.act) == 0

    @pytest.mark.parametrize("armed_first", [True, False])
    def test_of_the_parts_of_one_dossier_those_hear_it_that_were_armed_before_it_was_thrown(self, ward, begin, armed_first):
        """Within one act both have the same instant: what comes first in the flow is what was written first."""
        sender = begin(SIGNALS)
        hearer = begin(HEARS, of=sender.lodged)
        with ward.act() as uow:
            for one in (hearer, sender) if armed_first else (sender, hearer):
                one.go_within(uow)
        assert hearer.waits() == {"flood"}

        assert deliver_post(ward.act) == int(armed_first)
        assert hearer.waits() == (set() if armed_first else {"flood"})
        ward.clock.at += timedelta(minutes=3)
        assert deliver_post(ward.act) == 0, "once"
        assert letters(ward)[0].taken_at is not None

    @pytest.mark.parametrize("skew", [timedelta(seconds=-5), timedelta(), timedelta(seconds=5)])
    def test_who_waits_for_the_next_one_does_not_hear_the_same_again_whatever_the_clock_of_the_worker(self, ward, begin, skew):
        twice = HEARS.replace("done: end", "next: signal flood\ndone: end").replace("flood > done", "flood > next > done")
        hearer, sender = begin(twice), begin(SIGNALS)
        hearer.go()
        ward.clock.at += timedelta(seconds=60)
        sender.go()
        ward.clock.at += skew
        assert [deliver_post(ward.act) for _ in range(3)] == [1, 0, 0]
        assert hearer.waits() == {"next"}
        assert hearer.told() == ["letter.heard"]

        ward.clock.at += timedelta(minutes=3)
        deliver_post(ward.act)
        assert letters(ward)[0].taken_at is not None, "all have heard it: it is over"
        begin(SIGNALS).go()
        assert deliver_post(ward.act) == 1
        assert hearer.waits() == set()

    def test_nor_does_the_sender_that_waits_for_the_next_one_by_a_slower_clock(self, ward, begin):
        late = SIGNALS.replace("done: end", "change: message land_changed\nback: signal flood\ndone: end")
        sender, teller = begin(late.replace("alarm > done", "alarm > change > back > done"), parcel="T12"), begin(SENDS, parcel="T12")
        sender.go()
        ward.clock.at -= timedelta(seconds=5)
        teller.go()
        assert deliver_post(ward.act) == 1
        assert sender.waits() == {"back"}
        assert deliver_post(ward.act) == 0

    def test_after_a_downtime_of_the_worker_it_is_heard_all_the_same(self, ward, begin):
        sender, first = begin(SIGNALS), begin(HEARS)
        first.go()
        sender.go()
        ward.clock.at += timedelta(minutes=4)
        assert alarms(ward) == set()
        ward.clock.at += timedelta(days=3)
        assert alarms(ward) == {("unheard", "flood")}, "no worker tells it"
        fire_due(ward.act)
        assert deliver_post(ward.act) == 1
        assert (letters(ward)[0].taken_at is not None, alarms(ward)) == (True, set()), "all have heard it: it is over"

    def test_who_waits_for_a_letter_is_not_stuck(self, ward, begin):
        begin(HEARS).go()
        begin(WAITS, parcel="T12").go()
        assert alarms(ward) == set()


class TestTimers:
    NAPS = HEARS.replace("signal flood", "timer")

    @pytest.mark.parametrize(("said", "due"), [("2026-12-01T09:00:00+07:00", True), ("some day", False), (7, False)])
    def test_one_that_would_never_ring_is_not_opened(self, ward, begin, said, due):
        sleeper = begin(self.NAPS.replace("flood: timer", "nap: timer").replace("> flood >", "> nap >"), wake_at=said)
        if due:
            sleeper.go()
            assert sleeper.waits() == {"nap"}
        else:
            with pytest.raises(BadVariable) as refused:
                sleeper.go()
            assert (refused.value.facts["element"], refused.value.facts["variable"]) == ("nap", "wake_at")
            assert sleeper.waits() == {"ready"}, "nothing was done"

    def test_a_day_ends_when_the_office_closes_here_wherever_the_server_stands(self, ward, begin, monkeypatch):
        """SpiffWorkflow took a date for midnight in the zone of the server."""
        monkeypatch.setenv("TZ", "America/New_York")
        time.tzset()
        sleeper = begin(self.NAPS.replace("flood: timer", "nap: timer").replace("> flood >", "> nap >"), wake_at="2026-12-01")
        sleeper.go()
        monkeypatch.undo()
        time.tzset()
        assert ward.waits(sleeper.lodged)["nap"].due_at == datetime(2026, 12, 1, 17, tzinfo=VIETNAM)
