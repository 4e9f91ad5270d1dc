"""The same page sent twice is one dossier; another page under the same key is refused."""

import uuid
from copy import deepcopy
from datetime import date

import pytest

from engine.base.actor import APPLICANT
from engine.base.errors import Forbidden
from engine.dossiers import intake
from engine.dossiers.act import Act
from engine.dossiers.facts import for_rules
from engine.dossiers.intake import LodgedOtherwise
from tests.factories.desk import example

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


@pytest.fixture
def key() -> uuid.UUID:
    return uuid.uuid4()


class TestTheSameKey:
    def test_with_the_same_contents_it_is_the_same_dossier_also_days_later(self, ward, key):
        first = ward.lodge("1.001776", key=key)
        ward.clock.at = ward.clock.at.replace(month=12, day=8)

        assert ward.lodge("1.001776", key=key) == first

    def test_what_outside_systems_say_is_no_content_of_the_page(self, ward, key):
        first = ward.lodge("1.001776", key=key)

        assert ward.lodge("1.001776", key=key, facts={"lookup": {"identity": "down"}}) == first

    def test_the_office_that_would_decide_anyway_may_be_named_or_not(self, ward, key):
        first = ward.lodge("1.001776", key=key)
        ward_office = ward.office("Ủy ban nhân dân phường Hạc Thành")

        assert ward.lodge("1.001776", key=key, competent_office_id=ward_office) == first

    @pytest.mark.parametrize(
        "other",
        [
            {"answers": {"nothing": "that fits"}},
            {"channel": "post"},
            {"is_proxy": True},
            {"agreed_days": 3},
            {"procedure_code": "2.000908"},
        ],
        ids=lambda one: next(iter(one)),
    )
    def test_with_other_contents_it_is_refused(self, ward, key, other):
        ward.lodge("1.001776", key=key)
        with pytest.raises(LodgedOtherwise):
            ward.lodge("1.001776", key=key, **other)

    def test_one_letter_is_another_content(self, ward, key):
        ward.lodge("2.000908", key=key)
        answers = deepcopy(example("2.000908")["answers"])
        answers["requester"]["full_name"] += " Anh"
        with pytest.raises(LodgedOtherwise):
            ward.lodge("2.000908", key=key, answers=answers)

    def test_another_office_is_another_content(self, ward, key):
        ward.lodge("2.000908", key=key)
        with pytest.raises(LodgedOtherwise):
            ward.lodge("2.000908", key=key, competent_office_id=ward.office("Sở Tư pháp"))

    def test_a_stranger_at_another_counter_learns_nothing_by_it(self, ward, key):
        ward.lodge("2.000908", key=key)
        with ward.act(ward.officer("tiepnhan.samson")) as uow, pytest.raises(Forbidden):
            intake.lodge(uow, ward.lodging("2.000908", key=key))

    def test_an_applicant_gets_their_own_reference_again(self, ward, key):
        def online():
            with ward.act(APPLICANT) as uow:
                return intake.lodge(uow, ward.lodging("2.000908", key=key, channel="online"))

        assert online() == online()


class TestDates:
    def test_only_what_the_form_calls_a_date_is_one(self, ward):
        answers = deepcopy(example("1.000894")["answers"])
        answers["bride"]["residence"]["detail"] = "2020-01-01"
        lodged = ward.lodge("1.000894", answers=answers)
        with ward.act() as uow:
            facts = for_rules(Act.on(uow, lodged.dossier_id))

        assert facts["bride"]["birth_date"] == date(1999, 2, 11)
        assert facts["bride"]["residence"]["detail"] == "2020-01-01"
        assert facts["groom"]["phone"] is None
