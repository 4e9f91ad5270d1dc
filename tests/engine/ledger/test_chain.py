"""A story can be added to and not be changed."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.base.ids import uuid7
from engine.ledger.append import append
from engine.ledger.chain import first_break
from engine.ledger.events import TaskReleased
from engine.ledger.models import LedgerEvent
from engine.ledger.read import history


@pytest.fixture
def story(unit, session):
    """Three events of one stream, written in two transactions, beside those of another."""
    stream, other = uuid7(), uuid7()
    with unit() as uow:
        append(uow, stream, TaskReleased(task_id="1"), TaskReleased(task_id="2"))
        append(uow, other, TaskReleased(task_id="9"))
    with unit() as uow:
        append(uow, stream, TaskReleased(task_id="3"))
    return list(history(session, stream))


class TestChain:
    def test_each_event_is_bound_to_the_one_before(self, story):
        assert [one.seq for one in story] == [1, 2, 3]
        assert [one.prev for one in story] == ["", story[0].digest, story[1].digest]
        assert first_break(story) is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("payload", {"task_id": "another"}),
            ("type", "task.claimed"),
            ("version", 2),
            ("actor_id", uuid7()),
            ("prev", "0" * 64),
        ],
    )
    def test_nothing_in_an_event_can_be_changed_unnoticed(self, story, session, name, value):
        session.expunge_all()
        setattr(story[1], name, value)

        assert first_break(story) == 2

    def test_an_event_that_is_missing_is_noticed(self, story):
        assert first_break([story[0], story[2]]) == 2

    def test_two_in_each_others_place_are_noticed(self, story):
        assert first_break([story[1], story[0], story[2]]) == 1


class TestGrants:
    @pytest.mark.parametrize("statement", ["UPDATE ledger_event SET type = 'x'", "DELETE FROM ledger_event"])
    def test_the_application_may_not_change_it(self, story, session, statement):
        assert story
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))

        assert session.scalars(select(LedgerEvent)).all()
