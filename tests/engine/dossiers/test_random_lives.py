"""Random lives of real procedures, through the commands: after each act the folded ledger is what the rows say.

`MOTCUA_FUZZ=5000` lives five hundred lives, others each time; the run of all tests a few, the same ones each time.
"""

import os
from collections import Counter
from operator import itemgetter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.uow import unit_of_work
from engine.dossiers.models import Dossier, Incident
from engine.ledger.read import history
from tests.conftest import NOW
from tests.engine.dossiers.deeds import DEEDS
from tests.engine.dossiers.fold import fold
from tests.engine.dossiers.ready import do
from tests.engine.dossiers.town import Town
from tests.factories.desk import Ward

BY_HAND = "MOTCUA_FUZZ" in os.environ
LIVES = int(os.environ.get("MOTCUA_FUZZ", "50")) // 10
#: What goes along the diagram is drawn as often as all else together.
_OFTEN = ("go_on", "complete", "happen") * 12
_NUMBERS = st.one_of(st.just(0), st.integers(0, 999), st.integers(0, 10**6))
#: The simplest is that nothing happens: what broke is then found among little else.
_DEEDS = st.tuples(st.sampled_from(["", *_OFTEN, *DEEDS]), _NUMBERS)
#: Each deed once, where it can be done, in three lives.
_EACH = [[(name, 1) for name in [*DEEDS][part::3]] for part in range(3)]


def live(town, deeds):
    """One life; which deeds left a word in a ledger."""
    return Counter(name for name, number in filter(itemgetter(0), deeds) if do(town, name, number))


def told_again(town):
    """What was so after each act can be read from the ledger as it is now."""
    with town.sessions() as session:
        for dossier in session.query(Dossier):
            events = history(session, dossier.id)
            for seq, state in town.told[dossier.id].items():
                assert fold(events[:seq]) == state


def test_whatever_is_done_to_dossiers_their_ledgers_tell_what_the_rows_say(province_engine, tmp_path):
    done = Counter()

    def lead(deeds):
        with province_engine.connect() as connection, connection.begin() as around:
            sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
            clock = FrozenClock(NOW)
            town = Town(Ward(lambda actor=SYSTEM: unit_of_work(sessions, actor, clock), sessions, clock), tmp_path)
            done.update(live(town, deeds))
            town.agree()
            told_again(town)
            assert not town.all(Incident)
            around.rollback()

    @settings(max_examples=LIVES, deadline=None, derandomize=not BY_HAND, suppress_health_check=list(HealthCheck))
    @given(st.lists(_DEEDS, min_size=30, max_size=60))
    @example(_EACH[0])
    @example(_EACH[1])
    @example(_EACH[2])
    def lives(deeds):
        lead(deeds)

    lives()
    for name in [one for one in DEEDS if not done[one]]:
        lead([(name, 1)])  # what the others stood in the way of
    assert not [name for name in DEEDS if not done[name]]
