"""Random letters under keys between instances: each lands where plain SpiffWorkflow's correlation lets it be heard.

Who may hear a message is asked of SpiffWorkflow, one workflow in memory for each instance of ours. Which of several gets it
is our own rule: the one that waited first; and what comes early, when nobody waits, lies there for who waits next.
"""

from datetime import timedelta
from random import Random

import pytest

from engine.dossiers import post
from engine.dossiers.act import Act
from engine.jobs.timers import deliver_post
from tests.engine.runtime.drawing import draw
from tests.engine.runtime.plain_spiff import PlainSpiff
from tests.factories import beside

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

# SpiffWorkflow knows of what a workflow speaks once it has sent something; before, it would hear everything.
HEARS_TWICE = draw("""
begin: start
ready: message go
ask: throw asked key=parcel
first: message land_changed key=parcel
second: receive land_changed key=parcel
done: end
begin > ready > ask > first > second > done
""")
RESTS = draw("begin: start\nready: message go\ndone: end\nbegin > ready > done")


class Exchange:
    """Instances of ours, each with its double in SpiffWorkflow, and the letters that nobody has taken."""

    def __init__(self, ward, keys):
        self.ward, self.keys = ward, keys
        self.sender = beside.begin(ward, RESTS)
        self.ours = [beside.begin(ward, HEARS_TWICE, of=self.sender.lodged, parcel=key) for key in keys]
        self.theirs = [PlainSpiff(HEARS_TWICE, {}) for _ in keys]
        for key, one in zip(keys, self.theirs, strict=True):
            one.start({"parcel": key})
        self.letters, self.queue = [], []

    def send(self, key):
        with self.ward.act() as uow:
            post.write(Act.on(uow, self.sender.lodged.dossier_id, self.sender.runtime_id), "message", "land_changed", key, "tell")
        self.letters.append(key)

    def go(self, number):
        self.ours[number].go()
        self.theirs[number].receive("go")
        self.begin_to_wait(number)

    def bring(self):
        taken = 0
        for key in list(self.letters):
            hearer = next((number for number in self.queue if self.hears(number, key)), None)
            if key in self.letters and hearer is not None:
                taken += 1
                self.letters.remove(key)
                self.take(hearer, key)
        assert deliver_post(self.ward.act) == taken

    def begin_to_wait(self, number):
        """What lies there for nobody else is taken at once, the oldest first; else it stands at the end of the queue."""
        for key in self.letters:
            if self.hears(number, key) and not any(self.hears(one, key) for one in self.queue):
                self.letters.remove(key)
                self.take(number, key)
                return
        self.queue.append(number)

    def take(self, number, key):
        self.queue = [one for one in self.queue if one != number]
        self.theirs[number].receive("land_changed", "parcel", key)
        self.begin_to_wait(number)

    def hears(self, number, key):
        return bool(self.theirs[number].hearers("land_changed", "parcel", key))

    def waiting(self):
        """For what each waits: of ours, of SpiffWorkflow's."""
        return [one.waits() for one in self.ours], [set(one.waiting()) for one in self.theirs]


@pytest.mark.parametrize("seed", range(4))
def test_each_letter_lands_where_spiffworkflow_hears_it(ward, seed):
    random = Random(seed)  # noqa: S311  the same letters each time
    exchange = Exchange(ward, [random.choice("AB") for _ in range(5)])
    still = random.sample(range(5), 5)
    for _ in range(18):
        ward.clock.at += timedelta(seconds=1)
        match random.choice(("send", "send", "go", "bring")):
            case "send":
                exchange.send(random.choice("ABC"))
            case "go" if still:
                exchange.go(still.pop())
            case _:
                exchange.bring()
        ours, theirs = exchange.waiting()
        assert ours == theirs
