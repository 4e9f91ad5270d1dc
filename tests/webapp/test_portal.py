"""Lodging online without an account: the stand-in for the national portal."""

import io
import re
import uuid

import pytest
from sqlalchemy import select

from engine.dossiers.models import Dossier
from engine.org.models import Office
from tests.factories.desk import example
from tests.journeys.clerk import PDF


def flat(answers: object, above: str = "") -> dict[str, str]:
    """Answers as the names of an HTML form."""
    if isinstance(answers, dict):
        return {k: v for key, one in answers.items() for k, v in flat(one, f"{above}{key}.").items()}
    if isinstance(answers, list):
        return {k: v for n, one in enumerate(answers) for k, v in flat(one, f"{above}{n}.").items()}
    return {above[:-1]: {True: "true", False: ""}.get(answers, str(answers))}


@pytest.fixture
def ward_office(province_sessions) -> uuid.UUID:
    with province_sessions() as session:
        return session.scalars(select(Office.id).filter_by(name="Ủy ban nhân dân phường Hạc Thành")).one()


@pytest.fixture
def application(ward_office) -> dict[str, str]:
    return flat(example("2.000635")["answers"]) | {"key": str(uuid.uuid4()), "office_id": str(ward_office)}


def dossiers(sessions) -> list[Dossier]:
    with sessions() as session:
        return list(session.scalars(select(Dossier)))


def test_the_page_shows_the_declaration(client):
    page = client.get("/lodge/2.000635")
    assert page.status_code == 200
    assert "Nộp hồ sơ trực tuyến" in page.text
    assert 'name="requester.full_name"' in page.text


@pytest.mark.parametrize(("code", "limit"), [("2.000908", "8 giờ làm việc"), ("2.001827", "1 ngày làm việc")])
def test_until_when_it_is_answered_is_the_rule_of_all_or_the_sectors_own_art_17_2_c(client, code, limit):
    assert f"cơ quan trả lời trong {limit}." in client.get(f"/lodge/{code}").text


def test_an_application_becomes_a_dossier_that_its_applicant_can_follow(client, province_sessions, application):
    answer = client.post("/lodge/2.000635", data=application)

    assert answer.status_code == 303
    row = dossiers(province_sessions)[0]
    assert (row.channel, row.status, row.code) == ("online", "registered", None)
    followed = client.get(answer.headers["Location"])
    assert followed.status_code == 200
    assert row.reference in followed.text
    assert f"mã tra cứu {row.secret}" in followed.text


def test_a_second_click_makes_no_second_dossier(client, province_sessions, application):
    client.post("/lodge/2.000635", data=application)
    client.post("/lodge/2.000635", data=application)

    assert len(dossiers(province_sessions)) == 1


def test_what_is_wrong_comes_back_with_everything_that_was_typed(client, province_sessions, application):
    application["requester.phone"] = "091234567"
    page = client.post("/lodge/2.000635", data=application)

    assert page.status_code == 422
    assert "Mới có 9 chữ số" in page.text
    assert 'value="Lê Thị Hoài"' in page.text
    assert dossiers(province_sessions) == []


def test_an_office_that_is_none_is_said_and_a_chosen_file_is_kept(client, application):
    application["office_id"] = str(uuid.uuid4())
    upload = (io.BytesIO(PDF), "to-khai.pdf")
    page = client.post("/lodge/2.000635", data=application | {"file:authorisation": upload})

    assert page.status_code == 409
    assert "Hãy chọn cơ quan giải quyết" in page.text
    assert re.search(r'name="kept:authorisation" value="[^"]+"', page.text)


def test_a_file_token_that_we_did_not_make_is_refused(client, province_sessions, application):
    page = client.post("/lodge/2.000635", data=application | {"kept:authorisation": "WyJhIl0.forged"})

    assert page.status_code == 422
    assert dossiers(province_sessions) == []


def test_the_places_where_the_result_can_be_fetched_are_offered(client):
    page = client.get("/lodge/2.000635").text
    delivery = re.search(r'<select[^>]*name="delivery_office".*?</select>', page, re.DOTALL)[0]
    assert "Trung tâm Phục vụ hành chính công phường Hạc Thành" in delivery


def test_a_stranger_cannot_fill_the_house_with_dossiers(client, application):
    for _ in range(100):
        application["key"] = str(uuid.uuid4())
        client.post("/lodge/2.000635", data=application)
    application["key"] = str(uuid.uuid4())
    refused = client.post("/lodge/2.000635", data=application)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_an_unknown_procedure_is_not_found(client):
    assert client.get("/lodge/9.999999").status_code == 404


def test_a_kiosk_is_everybody_s_and_offers_no_log_in_to_officers(client):
    assert "Cán bộ đăng nhập" not in client.get("/kiosk/2.000635").text
    assert "Cán bộ đăng nhập" in client.get("/lodge/2.000635").text
