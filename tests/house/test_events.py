"""Every fact the ledger may hold has a name, a version, and somebody who writes it."""

import re

import pytest

from engine.dossiers import recalling
from engine.ledger import events
from webapp import labels

KINDS = sorted(events.Event.__subclasses__(), key=lambda kind: kind.__name__)
#: Past participles that do not end in -ed.
IRREGULAR = {"forgone", "heard", "sent", "sent_back", "set", "withdrawn"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
class TestEvent:
    def test_its_type_says_subject_and_what_happened(self, kind):
        subject, what = kind.type.split(".")
        assert re.fullmatch(r"[a-z]+", subject)
        assert what.endswith("ed") or what in IRREGULAR, "a fact is told in the past"

    def test_its_name_is_its_type(self, kind):
        words = kind.type.replace(".", "_").split("_")
        assert kind.__name__ == "".join(word.capitalize() for word in words)

    def test_something_writes_it(self, kind, sources):
        written = any(
            re.search(rf"\b{kind.__name__}\(", source.text)
            for source in sources
            if not source.name.startswith("engine/ledger/events/")
        )
        assert written, "a fact that nobody tells is dead code"


def test_no_two_events_share_a_type_and_version():
    assert len({(kind.type, kind.version) for kind in KINDS}) == len(KINDS)


def test_what_stops_a_step_from_being_taken_back_is_said_in_words():
    """Only facts about a dossier: the others lie in streams of their own."""
    elsewhere = {"cashday", "delegation", "pattern", "template"}
    stops = {one.partition(".")[0] for one in {kind.type for kind in KINDS} - recalling._QUIET - recalling._NOTED}
    assert stops - elsewhere <= set(labels.TOLD)
