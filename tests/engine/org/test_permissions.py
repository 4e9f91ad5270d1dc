"""One table decides; a thing is asked for its offices only."""

import uuid
from dataclasses import dataclass

import pytest

from engine.base.actor import APPLICANT, SYSTEM, Actor
from engine.base.errors import Forbidden
from engine.org.permissions import RULES, may, require, who_may

CENTRE, COMMITTEE, PROVINCE, ELSEWHERE = (uuid.UUID(int=number) for number in range(11, 15))


@dataclass
class Dossier:
    receiving_office_id: uuid.UUID = CENTRE
    competent_office_id: uuid.UUID = COMMITTEE


@dataclass
class Task:
    lane: str
    office_id: uuid.UUID = COMMITTEE


@dataclass
class Transfer:
    to_office_id: uuid.UUID = COMMITTEE


def officer(*standing: tuple[str, uuid.UUID]) -> Actor:
    return Actor(uuid.UUID(int=99), "Lê Thị Hoa", frozenset((office, lane) for lane, office in standing))


@pytest.mark.parametrize(
    ("lane", "office", "action", "allowed"),
    [
        ("reception", CENTRE, "dossier.lodge", True),
        ("reception", ELSEWHERE, "dossier.lodge", False),
        ("specialist", CENTRE, "dossier.lodge", False),
        ("cashier", CENTRE, "dossier.read", True),
        ("specialist", COMMITTEE, "dossier.read", True),
        ("specialist", ELSEWHERE, "dossier.read", False),
        ("administrator", COMMITTEE, "dossier.read", False),
        ("auditor", CENTRE, "dossier.read", False),
        ("inspection", COMMITTEE, "dossier.read", True),
        ("centre_head", CENTRE, "dossier.stop", True),
        ("centre_head", COMMITTEE, "dossier.stop", False),
        ("leader", COMMITTEE, "dossier.stop", True),
        ("specialist", COMMITTEE, "dossier.extend", True),
        ("specialist", CENTRE, "dossier.extend", False),
        ("reception", CENTRE, "dossier.withdraw", True),
        ("reception", CENTRE, "dossier.resubmit", True),
        ("return", CENTRE, "dossier.correct", True),
    ],
)
def test_a_lane_counts_in_the_right_office_of_a_dossier(lane, office, action, allowed):
    assert may(officer((lane, office)), action, Dossier()) is allowed


@pytest.mark.parametrize(
    ("standing", "allowed"),
    [
        ([("specialist", COMMITTEE)], True),
        ([("specialist", ELSEWHERE)], False),
        ([("leader", COMMITTEE)], False),
        ([("leader", COMMITTEE), ("specialist", COMMITTEE)], True),
        ([("leader", COMMITTEE), ("specialist", ELSEWHERE)], False),
        ([], False),
    ],
)
def test_a_task_is_for_who_stands_in_its_lane_in_its_office(standing, allowed):
    assert may(officer(*standing), "task.work", Task("specialist")) is allowed


def test_heads_read_what_lies_below_them_and_others_do_not():
    above = {PROVINCE}
    assert may(officer(("leader", PROVINCE)), "dossier.read", Dossier(), above=above)
    assert may(officer(("centre_head", PROVINCE)), "dossier.read", Dossier(), above=above)
    assert not may(officer(("specialist", PROVINCE)), "dossier.read", Dossier(), above=above)
    assert not may(officer(("leader", ELSEWHERE)), "dossier.read", Dossier(), above=above)


def test_any_lane_of_the_office_it_goes_to_acknowledges_a_transfer():
    assert may(officer(("clerk", COMMITTEE)), "transfer.acknowledge", Transfer())
    assert not may(officer(("clerk", CENTRE)), "transfer.acknowledge", Transfer())


@pytest.mark.parametrize(
    ("lane", "action", "allowed"),
    [
        ("administrator", "catalogue.import", True),
        ("analyst", "catalogue.import", False),
        ("analyst", "version.deploy", True),
        ("analyst", "version.publish", False),
        ("auditor", "audit.read", True),
        ("administrator", "audit.read", False),
        ("leader", "office.manage", False),
    ],
)
def test_support_acts_anywhere_on_no_dossier(lane, action, allowed):
    assert may(officer((lane, PROVINCE)), action) is allowed


def test_an_applicant_lodges_hands_in_changes_pays_confirms_withdraws_asks_for_a_correction_and_nothing_else():
    assert {action for action in RULES if may(APPLICANT, action)} == {
        "dossier.lodge", "dossier.resubmit", "dossier.amend", "dossier.correct",
        "dossier.withdraw",
        "payment.begin",
        "preview.confirm",
    }


def test_the_house_itself_may_everything():
    assert all(may(SYSTEM, action) for action in RULES)


def test_an_action_that_is_not_in_the_table_is_a_bug():
    with pytest.raises(KeyError):
        may(officer(("leader", CENTRE)), "dossier.burn", Dossier())


def test_a_refusal_names_the_lanes_that_may():
    with pytest.raises(Forbidden) as refused:
        require(officer(("clerk", COMMITTEE)), "task.work", Task("leader"))
    assert refused.value.facts == {"action": "task.work", "lanes": ["leader"]}
    require(officer(("leader", COMMITTEE)), "task.work", Task("leader"))


def test_who_may_is_told_for_the_sentence_beside_a_button():
    assert who_may("dossier.stop", Dossier()) == ["centre_head", "leader"]
    assert who_may("dossier.read", Dossier()) == ["centre_head", "leader"]
    assert who_may("task.work", Task("return")) == ["return"]
