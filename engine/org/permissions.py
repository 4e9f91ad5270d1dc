"""Who may do what: one table, pure. A question about a thing is a question about where it lies."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from engine.base.actor import APPLICANT, SYSTEM, Actor
from engine.base.errors import Forbidden


class OwnExamination(Forbidden):
    """Who examined a dossier may not sign it too."""


class Where(StrEnum):
    """In which office of a thing a lane is asked for."""

    RECEIVING = "receiving"
    COMPETENT = "competent"
    #: either of the two
    EITHER = "either"
    #: an office above either of the two
    ABOVE = "above"
    #: the office in which the task or the question itself lies
    OFFICE = "office"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Place:
    """Where a dossier or a task of it lies, and who worked on it."""

    receiving: uuid.UUID | None = None
    competent: uuid.UUID | None = None
    #: ids of all offices above those two (`directory.path`)
    above: frozenset[uuid.UUID] = frozenset()
    #: of a task: its own office and lane
    office: uuid.UUID | None = None
    lane: str | None = None
    #: who examined the dossier, where they are not delegated to decide it alone
    examined_by: frozenset[uuid.UUID] = frozenset()

    def offices(self, where: Where) -> frozenset[uuid.UUID]:
        match where:
            case Where.RECEIVING:
                found = {self.receiving}
            case Where.COMPETENT:
                found = {self.competent}
            case Where.EITHER:
                found = {self.receiving, self.competent}
            case Where.OFFICE:
                found = {self.office}
            case _:
                return self.above
        return frozenset(one for one in found if one is not None)


NOWHERE = Place()


@dataclass(frozen=True)
class Rule:
    """Who stands in one of these lanes there, may."""

    lanes: frozenset[str]
    where: Where


#: Lanes of no diagram: they see no dossier by virtue of these.
SUPPORT = frozenset({"administrator", "analyst", "auditor"})
#: Heads see what lies below them.
OVERSEERS = frozenset({"centre_head", "leader"})
#: In a rule: every lane but those of support.
ANY_WORK = frozenset({"*"})
#: In a rule: the lane of the task.
OF_TASK = frozenset({"task"})


def _lanes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


_TASK = (Rule(OF_TASK, Where.OFFICE),)
_ADMINISTRATOR = (Rule(_lanes("administrator"), Where.ANYWHERE),)
_ANALYST = (Rule(_lanes("administrator", "analyst"), Where.ANYWHERE),)

RULES: dict[str, tuple[Rule, ...]] = {
    # Decree 118/2025 art. 17
    "dossier.lodge": (Rule(_lanes("reception"), Where.RECEIVING),),
    "dossier.read": (Rule(ANY_WORK, Where.EITHER), Rule(OVERSEERS, Where.ABOVE)),
    # what the applicant hands in at the counter, art. 19(5)
    "dossier.resubmit": (Rule(_lanes("reception"), Where.RECEIVING),),
    # for the applicant, art. 21
    "dossier.withdraw": (Rule(_lanes("reception"), Where.RECEIVING),),
    "dossier.stop": (
        Rule(_lanes("centre_head"), Where.RECEIVING),
        Rule(_lanes("leader"), Where.COMPETENT),
    ),
    # art. 19(6)
    "dossier.extend": (Rule(_lanes("specialist"), Where.COMPETENT),),
    # art. 23(1): whoever finds it
    "dossier.correct": (Rule(ANY_WORK, Where.EITHER),),
    "task.claim": _TASK,
    "task.complete": _TASK,
    "task.release": _TASK,
    # art. 19(1)
    "task.reassign": (Rule(_lanes("division_head", "centre_head", "leader"), Where.OFFICE),),
    # art. 20: the office to which the dossier comes
    "transfer.acknowledge": (Rule(ANY_WORK, Where.COMPETENT),),
    # art. 19(4)(c): the office that was asked
    "consultation.answer": (Rule(_lanes("specialist", "division_head", "leader"), Where.OFFICE),),
    "catalogue.import": _ADMINISTRATOR,
    "version.deploy": _ANALYST,
    "version.publish": _ADMINISTRATOR,
    "office.manage": _ADMINISTRATOR,
    "audit.read": (Rule(_lanes("auditor"), Where.ANYWHERE),),
}

#: What an applicant may do with a dossier whose code and secret they gave.
OF_APPLICANT = frozenset({"dossier.resubmit", "dossier.withdraw"})


def may(actor: Actor, action: str, place: Place = NOWHERE) -> bool:
    """Whether the actor may do this there. An action that is not in the table is a bug."""
    rules = RULES[action]
    if actor == SYSTEM:
        return True
    if actor == APPLICANT:
        return action in OF_APPLICANT
    return any(_stands(actor, rule, place) for rule in rules)


def require(actor: Actor, action: str, place: Place = NOWHERE) -> None:
    """Refuse what the actor may not do; the refusal names the lanes that may."""
    if not may(actor, action, place):
        raise Forbidden(action=action, lanes=who_may(action, place))
    signs = action == "task.complete" and place.lane == "leader"
    if signs and actor.officer_id in place.examined_by:
        raise OwnExamination(action=action)


def who_may(action: str, place: Place = NOWHERE) -> list[str]:
    """The lanes that may, for the sentence beside a button that cannot be pressed."""
    lanes = frozenset[str]().union(*(rule.lanes for rule in RULES[action]))
    named = lanes - ANY_WORK - OF_TASK
    return sorted(named | {place.lane} if lanes & OF_TASK and place.lane else named)


def _stands(actor: Actor, rule: Rule, place: Place) -> bool:
    offices = place.offices(rule.where)
    return any(
        _is_one_of(lane, rule, place) and (rule.where is Where.ANYWHERE or office in offices)
        for office, lane in actor.lanes
    )


def _is_one_of(lane: str, rule: Rule, place: Place) -> bool:
    if rule.lanes == ANY_WORK:
        return lane not in SUPPORT
    return lane == place.lane if rule.lanes == OF_TASK else lane in rule.lanes
