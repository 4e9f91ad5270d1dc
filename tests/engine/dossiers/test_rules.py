"""A decision table of the bundle proposes, an officer confirms; the ledger says which rules held."""

from copy import deepcopy
from datetime import date

import pytest
from sqlalchemy import select

from engine.base.ids import digest_of
from engine.catalog.decisions import in_version
from engine.dossiers import tasks
from engine.dossiers.models import AnswerSet, Dossier
from engine.ledger.read import history
from tests.factories.desk import Ward, example
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

CODE, EXAMINE = "1.001776", "examine_beneficiary"


def lodged_with(ward: Ward, **answers: object):
    """An allowance as far as the specialist's desk."""
    lodged = ward.lodge(CODE, answers=deepcopy(example(CODE)["answers"]) | answers)
    ward.walk(lodged, Policy(rest_at=(EXAMINE,)))
    return lodged


def kept(ward: Ward, lodged) -> dict[str, AnswerSet]:
    with ward.sessions() as session:
        rows = session.scalars(
            select(AnswerSet).filter_by(dossier_id=lodged.dossier_id, form_key="decision/benefit")
        )
        return {row.step_id: row for row in rows}


def told(ward: Ward, lodged) -> list[dict]:
    with ward.sessions() as session:
        return [one.payload for one in history(session, lodged.dossier_id) if one.type == "rules.applied"]


class TestProposal:
    def test_the_officers_form_begins_with_what_the_table_says(self, ward):
        lodged = lodged_with(ward)
        task = ward.task(lodged)
        with ward.act(ward.officer("chuyenvien2.hacthanh")) as uow:
            answers = tasks.form_of(uow, task.id).answers
        # Born 5/8/1961, extremely disabled: an elderly person of clause 6.
        assert (answers["clause"], answers["coefficient"], answers["amount"]) == ("6", 2.5, 1_250_000)

    def test_it_is_kept_beside_the_ledger_and_the_ledger_holds_its_digest(self, ward):
        lodged = lodged_with(ward)
        [event] = told(ward, lodged)
        rows = kept(ward, lodged)
        proposed, given = rows["propose_benefit"], rows["propose_benefit.inputs"]
        assert event["rules"] == ["standard_rule_02", "benefit_rule_14"]
        assert event["result_digest"] == proposed.digest == digest_of(proposed.answers)
        assert event["inputs_digest"] == given.digest
        assert given.answers["decided_on"] == "2026-11-23"
        assert set(given.answers) == {"beneficiary_class", "subject", "children", "decided_on"}
        assert "Nhàn" not in str(event)

    def test_the_decision_is_that_of_the_version_the_dossier_is_bound_to(self, ward):
        lodged = lodged_with(ward)
        [event] = told(ward, lodged)
        with ward.sessions() as session:
            version = session.get_one(Dossier, lodged.dossier_id).version_id
            assert event["model_digest"] == in_version(session, version, "benefit").digest

    def test_the_same_inputs_give_the_same_again(self, ward):
        lodged = lodged_with(ward)
        rows = kept(ward, lodged)
        with ward.sessions() as session:
            model = in_version(session, session.get_one(Dossier, lodged.dossier_id).version_id, "benefit")
        inputs = rows["propose_benefit.inputs"].answers
        again = model.decide("benefit", inputs | {"decided_on": date.fromisoformat(inputs["decided_on"])})
        assert again.value == rows["propose_benefit"].answers

    def test_a_class_that_the_table_does_not_know_proposes_nothing_and_nobody_is_stopped(self, ward):
        lodged = lodged_with(ward, beneficiary_class="elderly_80")
        [event] = told(ward, lodged)
        assert event["rules"] == ["standard_rule_02"]
        assert kept(ward, lodged)["propose_benefit"].answers == {}
        assert ward.task(lodged).step_id == EXAMINE
