"""What is answered while the database is away: to whoever watches the server, and to people at work."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import sessionmaker

from engine.base.db import connect
from tests.journeys.pages import Page


@pytest.fixture
def away(app, app_of_process):
    """A database that nobody can reach, for the commands and for the logins."""
    _, logins = app_of_process
    nowhere = sessionmaker(connect("postgresql://nobody@127.0.0.1:1/nothing"))
    app.extensions["house"] = replace(app.extensions["house"], sessions=nowhere)
    logins.configure(bind=nowhere.kw["bind"], join_transaction_mode="rollback_only")


def test_while_the_database_answers_all_is_well_and_nothing_is_remembered(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_database_it_says_so(client, away):
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert "Cơ sở dữ liệu chưa trả lời" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/inbox", "/procedures", "/"])
def test_people_at_work_get_a_page_that_needs_no_database(app, login, address, request):
    client = login("chuyenvien.hacthanh")
    request.getfixturevalue("away")
    answer = client.get(address)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Máy chủ đang bận" in Page(client, answer).heading
