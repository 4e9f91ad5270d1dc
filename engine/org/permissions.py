"""Who may do what: one table, pure. A question about a thing is a question about the offices it lies in."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.base.actor import APPLICANT, SYSTEM, Actor
from engine.base.errors import Forbidden


class Where(StrEnum):
    """In which office a lane is asked for: the values are attributes of the thing."""

    RECEIVING = "receiving_office_id"
    COMPETENT = "competent_office_id"
    #: of a task or a question
    OFFICE = "office_id"
    #: of a transfer, of a hand-over
    FROM = "from_office_id"
    TO = "to_office_id"
    #: an office above those of the thing, which the caller names
    ABOVE = "above"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Rule:
    """Who stands in one of these lanes there, may."""

    lanes: frozenset[str]
    where: Where


#: Lanes of no diagram: nobody sees a dossier by virtue of these.
SUPPORT = frozenset({"administrator", "analyst", "auditor"})
#: Heads see what lies below them.
OVERSEERS = frozenset({"centre_head", "leader"})
#: In a rule: every lane but those of support.
ANY_WORK = frozenset({"*"})
#: In a rule: the lane of the task.
OF_TASK = frozenset({"lane"})


def _rule(where: Where, *lanes: str) -> Rule:
    return Rule(frozenset(lanes), where)


_INSIDE = (Rule(ANY_WORK, Where.RECEIVING), Rule(ANY_WORK, Where.COMPETENT))
_AT_THE_COUNTER = (_rule(Where.RECEIVING, "reception"),)

RULES: dict[str, tuple[Rule, ...]] = {
    # Decree 118/2025 art. 17
    "dossier.lodge": _AT_THE_COUNTER,
    # art. 13, 16: lodging online for a citizen, at any counter
    "dossier.assist": (_rule(Where.ANYWHERE, "reception"),),
    "dossier.read": (*_INSIDE, Rule(OVERSEERS, Where.ABOVE)),
    # what the applicant hands in at the counter, art. 19(5)
    "dossier.resubmit": _AT_THE_COUNTER,
    # a paper by which somebody acts for the applicant, art. 6
    "dossier.authorise": (_rule(Where.RECEIVING, "reception", "return"),),
    # for the applicant, art. 21
    "dossier.withdraw": _AT_THE_COUNTER,
    "dossier.amend": _AT_THE_COUNTER,
    "dossier.stop": (_rule(Where.RECEIVING, "centre_head"), _rule(Where.COMPETENT, "leader")),
    # the clock stands still where an authority or the law of a sector says so, and goes on
    "dossier.suspend": (_rule(Where.COMPETENT, "leader"),),
    # art. 19(6)
    "dossier.extend": (_rule(Where.COMPETENT, "specialist"),),
    # art. 23(1): whoever finds the error
    "dossier.correct": _INSIDE,
    # claim, release, keep a draft, finish
    "task.work": (Rule(OF_TASK, Where.OFFICE),),
    # art. 19(1)
    "task.reassign": (_rule(Where.OFFICE, "division_head", "centre_head", "leader"),),
    # art. 20: the office to which the dossier comes
    "transfer.acknowledge": (Rule(ANY_WORK, Where.TO),),
    # who decides, where no row of authority says so: whoever heads the counter at which it lies
    "authority.decide": (_rule(Where.RECEIVING, "centre_head"),),
    "authority.manage": (_rule(Where.ANYWHERE, "administrator"),),
    # papers and results that pass from door to door, art. 18(2), 20(1)
    "handover.send": (Rule(ANY_WORK, Where.FROM),),
    "handover.acknowledge": (Rule(ANY_WORK, Where.TO),),
    # the applicant's word on the electronic draft, also by phone or at the counter
    "preview.confirm": (_rule(Where.RECEIVING, "reception"), _rule(Where.COMPETENT, "specialist")),
    # money seen on the account, or told by the gateway (art. 24)
    "payment.settle": (_rule(Where.RECEIVING, "cashier", "reception"),),
    # a paper of an exemption that came later
    "fee.reassess": (_rule(Where.RECEIVING, "reception", "cashier"),),
    # what is owed, or goes back, since fees were worked out anew
    "fee.collect": (_rule(Where.RECEIVING, "cashier"),),
    # somebody is sent to the gateway; a surplus that came of it goes back
    "payment.begin": (_rule(Where.RECEIVING, "cashier", "reception"),),
    "payment.return": (_rule(Where.RECEIVING, "cashier"),),
    # the drawer and its book, receipts that were written wrongly
    "cash.keep": (_rule(Where.OFFICE, "cashier"),),
    # what the post says of a parcel
    "delivery.report": (_rule(Where.RECEIVING, "return"),),
    "ministry.ask": (_rule(Where.RECEIVING, "reception", "return"), _rule(Where.COMPETENT, "specialist")),
    # police, social insurance: what their own system says of a part that they hold
    "ministry.report": (_rule(Where.COMPETENT, "specialist", "leader"),),
    # that the result on which their part of a group rests is wrong, Decree 63/2024
    "error.report": (_rule(Where.COMPETENT, "specialist", "leader"),),
    # when somebody goes to look, art. 19(4)(a)
    "visit.announce": (_rule(Where.COMPETENT, "specialist"),),
    # what people say to a public posting
    "objection.record": (_rule(Where.RECEIVING, "reception"), _rule(Where.COMPETENT, "specialist")),
    # art. 19(4)(c): the office that was asked
    "consultation.answer": (_rule(Where.OFFICE, "specialist", "division_head", "leader"),),
    # control slips, hand-overs, histories: whoever works on the dossier
    "paper.issue": _INSIDE,
    # the electronic result, art. 22; out of force by whoever decides
    "result.store": (_rule(Where.COMPETENT, "clerk", "specialist"),),
    "result.revoke": (_rule(Where.COMPETENT, "leader"),),
    # whoever checks papers asks the owner's warehouse first, art. 5
    "warehouse.read": (_rule(Where.ANYWHERE, "reception", "clerk", "specialist", "leader"),),
    # with no dossier in hand, and a reason
    "warehouse.search": (_rule(Where.ANYWHERE, "reception", "leader"),),
    # what a digitised paper is and whose, art. 19(2)
    "paper.describe": _INSIDE,
    # a scan that was compared with its original is kept for the next time, art. 19(2), 22
    "copy.keep": (_rule(Where.RECEIVING, "reception"), _rule(Where.COMPETENT, "specialist", "clerk")),
    # how numbers look
    "paper.manage": (_rule(Where.ANYWHERE, "administrator"),),
    "catalogue.import": (_rule(Where.ANYWHERE, "administrator"),),
    "version.deploy": (_rule(Where.ANYWHERE, "administrator", "analyst"),),
    "version.publish": (_rule(Where.ANYWHERE, "administrator"),),
    # days, hours, systems that are down: what moves is reviewed first
    "calendar.manage": (_rule(Where.ANYWHERE, "administrator"),),
    # art. 17(5): the office's own head, or who enters the decision
    "delegation.manage": (_rule(Where.OFFICE, "leader"), _rule(Where.ANYWHERE, "administrator")),
    "office.manage": (_rule(Where.ANYWHERE, "administrator"),),
    # what the house itself could not do: seen, and tried again
    "dossier.move": (_rule(Where.ANYWHERE, "administrator"),),
    "incident.retry": (_rule(Where.ANYWHERE, "administrator"),),
    "audit.read": (_rule(Where.ANYWHERE, "auditor"),),
}

#: What an applicant may do with the dossier whose code and secret they gave.
OF_APPLICANT = frozenset(
    {
        "dossier.lodge",
        "dossier.resubmit",
        "dossier.amend",
        "dossier.withdraw",
        "dossier.correct",
        "payment.begin",
        "preview.confirm",
    }
)


def may(actor: Actor, action: str, thing: object = None, *, above: Collection[uuid.UUID] = ()) -> bool:
    """Whether the actor may do this to a dossier, a task, a transfer: to whatever has the offices of the rule.

    An action that is not in the table, or a thing without such an office, is a bug. `above` holds the ids of
    the offices above the thing's own (`directory.path`), for rules about heads.
    """
    rules = RULES[action]
    if actor == SYSTEM:
        return True
    if actor == APPLICANT:
        return action in OF_APPLICANT
    return any(_stands(actor, rule, thing, above) for rule in rules)


def require(actor: Actor, action: str, thing: object = None, *, above: Collection[uuid.UUID] = ()) -> None:
    """Refuse what the actor may not do; the refusal names the lanes that may."""
    if not may(actor, action, thing, above=above):
        raise Forbidden(action=action, lanes=who_may(action, thing))


def who_may(action: str, thing: object = None) -> list[str]:
    """The lanes that may, for the sentence beside a button that cannot be pressed; none: every lane."""
    lanes = frozenset[str]().union(*(_lanes(rule, thing) for rule in RULES[action]))
    return sorted(lanes - ANY_WORK)


def _stands(actor: Actor, rule: Rule, thing: object, above: Collection[uuid.UUID]) -> bool:
    match rule.where:
        case Where.ANYWHERE:
            offices: Collection[uuid.UUID] | None = None
        case Where.ABOVE:
            offices = above
        case _:
            offices = {_of(thing, rule.where)}
    lanes = _lanes(rule, thing)
    return any(
        (lane in lanes or (rule.lanes == ANY_WORK and lane not in SUPPORT))
        and (offices is None or office in offices)
        for office, lane in actor.lanes
    )


def _lanes(rule: Rule, thing: object) -> frozenset[str]:
    if rule.lanes == OF_TASK:
        return frozenset({_of(thing, "lane")})
    return rule.lanes


def _of(thing: object, attribute: str) -> Any:
    """An attribute of a thing whose class is of a room above this one."""
    return getattr(thing, attribute)
