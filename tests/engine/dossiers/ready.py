"""One deed of a random life, with what brings a dossier to where a rare one can be done."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from engine.base.errors import DomainError
from engine.dossiers.models import Dossier
from forms import FormInvalid
from tests.engine.dossiers import deeds_at_desks as desks
from tests.engine.dossiers.deeds import (
    DEEDS,
    Deed,
    amend,
    change_declaration,
    claim,
    go_on,
    lodge,
    lodge_from_afar,
    suspend,
)
from tests.engine.dossiers.town import NothingThere, Pick, Town
from tests.factories.desk import example
from webapp.demo.fill import CannotFill
from webapp.demo.walk import Policy, Stuck


def _rests(code: str, *steps: str, given: Mapping[str, list[dict[str, Any]]] | None = None, **lodged: Any) -> Callable[[Town], None]:
    """A dossier that lies at one of these steps; `given` is answered at others before."""

    def ready(town: Town) -> None:
        one = town.ward.lodge(code, **lodged)
        town.walker.walk(one.dossier_id, Policy({step: [*answers] for step, answers in (given or {}).items()}, rest_at=steps))

    return ready


def _after(ready: Callable[[Town], object], *deeds: Deed) -> Callable[[Town], None]:
    def more(town: Town) -> None:
        ready(town)
        for one in deeds:
            one(town, Pick(0))

    return more


_POSTED = {"examine_beneficiary": [{"posting_required": True}], "post_list": [{"posted_to": "2028-01-03"}]}
_VISITED = _rests("1.013225", "visit_site")
_PAID = _rests("2.000635", "examine_request", channel="in_person")
_TO_PAY = _rests("2.000635", "payment_received", channel="online")
_BIRTH = _rests("3.000722", "news_told", "news_due", channel="online")
_GRANTED = _rests("1.001193", "hand_over_result", channel="in_person")
_TAKEN_IN = _rests("2.000908", "search_book", channel="in_person")

_SUPPLEMENT = _rests(
    "1.013225", "supplement_received", "supplement_expired", given={"weigh_findings": [{"examination_outcome": "supplement"}]}
)


def _sent(town: Town) -> None:
    one = town.ward.lodge_elsewhere("2.000908")
    town.walker.walk(one.dossier_id, Policy(rest_at=("transfer_acknowledged",)))


def _late_birth(town: Town) -> None:
    """For which most pay a fee."""
    declared = example("1.001193")["answers"]
    declared["child"]["birth_date"] = "2026-08-02"
    _rests("1.001193", "take_payment", channel="in_person", answers=declared)(town)


#: Deed -> what brings a dossier to where it can be done.
READY: dict[str, Callable[[Town], object]] = {
    "go_on": lambda town: lodge(town, Pick(0)),
    "complete": lambda town: lodge(town, Pick(0)),
    "happen": _TO_PAY,
    "acknowledge_leg": _sent,
    "hand_in": _SUPPLEMENT,
    "claim": _TAKEN_IN,
    "release": _after(_TAKEN_IN, claim),
    "reassign": _VISITED,
    "withdraw": _TAKEN_IN,
    "authorise": _TAKEN_IN,
    "stop": _VISITED,
    "suspend": _VISITED,
    "correct": _GRANTED,
    "void": _PAID,
    "open_book": _TAKEN_IN,
    "close_book": _PAID,
    "attach": _TAKEN_IN,
    "read_scan": _after(_TAKEN_IN, desks.attach),
    "describe": _after(_TAKEN_IN, desks.attach),
    "issue_paper": _VISITED,
    "change_calendar": _VISITED,
    "be_down": _VISITED,
    "merge_offices": _VISITED,
    "move": _TAKEN_IN,
    "say_who_decides": lambda town: lodge_from_afar(town, "2.000635"),
    "answer_one_question": _rests("1.013225", "consultation_overdue", "answers_complete", given={"plan_consultation": [{"consultation_needed_flag": True}]}),
    "recall": _after(_rests("2.000908", "make_copy", channel="in_person"), go_on),
    "amend": _PAID,
    "extend": _rests("1.013225", "draft_permit"),
    "unsuspend": _after(_VISITED, suspend),
    "doubt": _BIRTH,
    "report": _BIRTH,
    "announce_visit": _VISITED,
    "object_to": _rests("1.001776", "posting_period", given=_POSTED),
    "exempt": _late_birth,
    "collect": _after(_PAID, amend),
    "return_excess": lambda town: (_PAID(town), change_declaration(town, town.all(Dossier)[0], Pick(1))),
    "pay_online": _TO_PAY,
    "send_back": _after(_TO_PAY, desks.pay_online, desks.pay_online),
    "answer_of_the_gateway": _after(_TO_PAY, desks.pay_online, desks.pay_online, desks.send_back),
    "store_result": _GRANTED,
    "revoke_result": _after(_GRANTED, desks.store_result),
    "hand_over": _TAKEN_IN,
    "acknowledge_list": _after(_TAKEN_IN, desks.hand_over),
    "pass_time": _SUPPLEMENT,
}


#: Nobody could do it now, or a rule forbids it: nothing has happened.
REFUSED = (NothingThere, DomainError, FormInvalid, Stuck, CannotFill)


def do(town: Town, name: str, number: int) -> bool:
    """Whether it left a word in a ledger. Half of the time a dossier is brought first to where it can be done."""
    pick = Pick(number)
    leads = pick.of((False, True)) and name in READY
    if _done(town, name, pick):
        return True
    if not leads:
        return False
    with suppress(*REFUSED):
        READY[name](town)
    return _done(town, name, Pick(0))


def _done(town: Town, name: str, pick: Pick) -> bool:
    before = town.events()
    with suppress(*REFUSED):
        DEEDS[name](town, pick)
    assert not town.broken
    return town.events() > before
