"""The outside through real HTTP: what the stand-in answers, how it misbehaves, and what the relay makes of it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from connectors import http
from connectors.registry import StandInInProduction, adapters
from connectors.relay import Relay
from connectors.standin import server
from engine.dossiers import incidents
from engine.dossiers.incidents import Trouble
from engine.dossiers.models import AnswerSet
from engine.payments.models import Charge
from tests.factories.desk import Ward
from webapp.config import Settings
from webapp.demo.walk import Policy


@pytest.fixture
def outside() -> Iterator[Settings]:
    """A stand-in on a free port, and settings that point to it."""
    with server(port=0, today=date(2026, 11, 23)) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{serving.server_address[1]}"
        yield replace(
            Settings(),
            population_url=f"{base}/population",
            civil_status_url=f"{base}/civil-status",
            portal_url=f"{base}/portal",
            social_url=f"{base}/social",
            land_url=f"{base}/land",
            business_url=f"{base}/business",
            residence_url=f"{base}/residence",
            driving_url=f"{base}/driving",
            food_url=f"{base}/food",
            insurance_url=f"{base}/insurance",
            home_affairs_url=f"{base}/home-affairs",
        )
        serving.shutdown()


@pytest.fixture
def relay(outside: Settings, ward: Ward) -> Relay:
    return Relay(ward.act, adapters(outside))


def jobs(ward: Ward) -> list[dict]:
    """What was left for the worker, oldest first."""
    with ward.sessions() as session:
        return list(session.scalars(text("SELECT args FROM procrastinate_jobs ORDER BY id")))


def troubles(ward: Ward) -> list[Trouble]:
    with ward.sessions() as session:
        return list(incidents.standing(session).rows)


class TestTheRelay:
    def test_a_birth_registration_goes_through_population_and_civil_status(self, ward, relay):
        lodged = ward.lodge("1.001193")
        at_population = Policy(rest_at=("check_population",))
        ward.walk(lodged, at_population)
        relay.carry(**jobs(ward)[-1])

        assert ward.task(lodged).step_id == "verify_documents"
        with ward.sessions() as session:
            said = session.query(AnswerSet).filter_by(step_id="check_population").one().answers
        assert {one["outcome"] for one in said["persons"]} == {"found"}

        ward.walk(lodged, Policy(rest_at=("register_in_ministry",)))
        relay.carry(**jobs(ward)[-1])
        relay.carry(**jobs(ward)[-1])
        assert ward.task(lodged).step_id == "print_certificate"
        assert ward.walk(lodged).status == "handed_over"

    def test_a_second_answer_has_no_effect(self, ward, relay):
        lodged = ward.lodge("1.001193")
        ward.walk(lodged, Policy(rest_at=("check_population",)))
        job = jobs(ward)[-1]
        relay.carry(**job)
        before = ward.dossier(lodged).revision
        relay.carry(**job)

        assert ward.dossier(lodged).revision == before

    @pytest.mark.parametrize("tail", ["503", "500"])
    def test_a_silent_system_leaves_the_job_to_be_tried_again_and_the_dossier_as_it_was(self, ward, relay, tail):
        lodging = ward.lodging("1.001193")
        lodging.answers["mother"]["personal_id"] = f"099190000{tail}"
        lodged = ward.lodge("1.001193", answers=lodging.answers)
        ward.walk(lodged, Policy(rest_at=("check_population",)))

        with pytest.raises(http.OutsideSilent):
            relay.carry(**jobs(ward)[-1])
        assert "check_population" in ward.waits(lodged)

    def test_the_last_try_at_a_silent_system_is_an_incident(self, ward, relay):
        lodging = ward.lodging("1.001193")
        lodging.answers["mother"]["personal_id"] = "099190000503"
        lodged = ward.lodge("1.001193", answers=lodging.answers)
        ward.walk(lodged, Policy(rest_at=("check_population",)))

        relay.carry(**jobs(ward)[-1], last=True)
        (trouble,) = troubles(ward)
        assert (trouble.step_id, trouble.reason) == ("check_population", "OutsideSilent: /lookups: 503")
        assert "check_population" in ward.waits(lodged), "a boundary timer lets a person take over"

    def test_an_answer_without_what_its_documents_promise_is_tried_again_and_then_an_incident(self, ward):
        class Odd:
            def ask(self, question):
                return {"routing": {}, "persons": {}["persons"]}

        lodged = ward.lodge("1.001193")
        ward.walk(lodged, Policy(rest_at=("check_population",)))
        odd = Relay(ward.act, {"population.lookup": Odd()})

        with pytest.raises(KeyError):
            odd.carry(**jobs(ward)[-1])
        assert troubles(ward) == []
        odd.carry(**jobs(ward)[-1], last=True)
        assert [one.reason for one in troubles(ward)] == ["KeyError: 'persons'"]

    def test_a_topic_that_nobody_serves_is_an_incident_at_once(self, ward, outside):
        lodged = ward.lodge("1.001193")
        ward.walk(lodged, Policy(rest_at=("check_population",)))
        Relay(ward.act, {}).carry(**jobs(ward)[-1])
        assert [one.reason for one in troubles(ward)] == ["TopicUnknown: population.lookup"]


class TestLand:
    def slip(self, ward: Ward, name: str) -> None:
        """A dossier of an owner of this name, whose tax slip is on its way."""
        answers = ward.lodging("1.013978").answers
        answers["holder"]["full_name"] = name
        ward.walk(ward.lodge("1.013978", answers=answers), Policy(rest_at=("send_tax_slip", "tax_silent")))

    def test_the_tax_office_says_what_is_owed_and_the_applicant_owes_it(self, ward, relay):
        self.slip(ward, "Bạch Văn Toàn")
        relay.carry(**jobs(ward)[-1])

        with ward.sessions() as session:
            (owed,) = session.scalars(select(Charge).where(Charge.moment == "before_result", Charge.kind == "other"))
        # half a percent of the price table on 320 m²
        assert (owed.name, owed.amount, owed.basis) == (
            "Lệ phí trước bạ",
            1_600_000,
            "Thông báo của cơ quan thuế số 1/TB-CCT",
        )

    @pytest.mark.parametrize("name", ["Lê Văn Bận", "Lê Văn Hỏng"])
    def test_a_busy_or_broken_tax_office_is_asked_again(self, ward, relay, name):
        self.slip(ward, name)
        with pytest.raises(http.OutsideSilent):
            relay.carry(**jobs(ward)[-1])


def test_a_production_does_not_start_on_the_stand_in(outside: Settings):
    with pytest.raises(StandInInProduction):
        adapters(replace(Settings(), production=True))
    assert adapters(outside)


def test_nobody_listening_is_silence(outside: Settings):
    with pytest.raises(http.OutsideSilent):
        http.post("http://127.0.0.1:9", "/lookups", {}, key="x")
