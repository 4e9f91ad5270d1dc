"""The connection to PostgreSQL."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError


def test_an_error_of_the_database_does_not_carry_a_person_into_the_log(connection: Connection):
    with pytest.raises(DataError) as error:
        connection.execute(text("SELECT :born = 1 / :sex, :name"), {"born": 1, "sex": 0, "name": "Trần Thị Bé"})

    assert "Trần Thị Bé" not in str(error.value)
