"""The connection to PostgreSQL."""

import psycopg
import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DataError

from engine.base.db import connect
from engine.base.sessions import readers, session_factory
from engine.org.models import Lane, LaneSide


def test_an_error_of_the_database_does_not_carry_a_person_into_the_log(connection: Connection):
    with pytest.raises(DataError) as error:
        connection.execute(text("SELECT :born = 1 / :sex, :name"), {"born": 1, "sex": 0, "name": "Trần Thị Bé"})

    assert "Trần Thị Bé" not in str(error.value)


def test_a_connection_that_was_closed_while_it_rested_is_replaced_before_it_is_used(fresh_database: str):
    engine = connect(fresh_database, pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        at_rest = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(fresh_database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [at_rest])

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != at_rest
    engine.dispose()


class TestReaders:
    @pytest.fixture
    def sessions(self, fresh_database: str):
        engine = connect(fresh_database, pool_size=1, max_overflow=0)
        yield session_factory(engine)
        engine.dispose()

    def test_what_they_asked_often_stays_prepared(self, sessions):
        for _ in range(7):
            with readers(sessions)() as session:
                session.execute(select(Lane.code))
        with readers(sessions)() as session:
            prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()

        assert any("FROM lane" in one for one in prepared)

    def test_what_is_added_in_one_by_mistake_is_not_written(self, sessions):
        with readers(sessions)() as session:
            session.add(Lane(code="nobody", name="Không ai", name_en="Nobody", side=LaneSide.SUPPORT, position=99))
            assert session.scalars(select(Lane.code)).all() == []

        with sessions() as session:
            assert session.scalars(select(Lane.code)).all() == []
