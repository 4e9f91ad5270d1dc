"""The applicant corrects what they declared, until a result is issued (Decree 118/2025, art. 21).

What was said before stays beside it, and whoever has the dossier in hand looks again. No clock starts anew, and nothing
is taken back that was done: a change that would ask for other papers, another date or office makes another dossier. Fees
are worked out anew.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine.base.actor import APPLICANT
from engine.base.errors import DomainError
from engine.base.ids import digest_of
from engine.base.uow import UnitOfWork
from engine.calendar.opening import local
from engine.calendar.rules import Rule
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import holds
from engine.dossiers import applicant, children, citing, named, offices, papers, people, reassessing
from engine.dossiers.act import Act
from engine.dossiers.channels import as_rules_know
from engine.dossiers.course import DecidedElsewhere, allowed, said_with
from engine.dossiers.facts import rule_facts
from engine.dossiers.models import AnswerSet, Task
from engine.dossiers.place import places_of
from engine.dossiers.search_text import search_text
from engine.dossiers.settle import TRANSITIONS
from engine.ledger.events import DossierAmended
from engine.org.models import Office

#: Under which is kept who asked for a change, and with which words.
_AMENDED = "amend"


class NotAmendable(DomainError):
    """A result has been issued, or the dossier has ended: what was declared stays."""


class NothingAmended(DomainError):
    """The answers are those that were given before."""

    kind = "invalid"


class AmendedTooFar(DomainError):
    """The change touches what the dossier was accepted for: `touches` is papers, limit, office, course or applicant."""


class AmendedInGroup(DomainError):
    """The dossiers of a group rest on what was declared once: it is changed before they are opened, or not."""


@dataclass(frozen=True)
class Declared:
    """What stands now, as a form to be corrected."""

    document: dict[str, Any]
    answers: Mapping[str, Any]
    #: What the form's conditions may read besides its own keys.
    context: Mapping[str, Any]
    #: The rules whose numbers the form leaves to them, by code.
    cited: Mapping[str, Rule]


@dataclass(frozen=True)
class Amendment:
    """One change: what was said before, and what since."""

    at: datetime
    by: uuid.UUID
    #: Why, in the applicant's words.
    remark: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def declared(uow: UnitOfWork, dossier_id: uuid.UUID, *, number: str | None = None) -> Declared:
    """What could be changed, for whoever may. Refusals: as of `amend`."""
    act = Act.on(uow, dossier_id, lock=False)
    _still_open(act)
    if number is not None:
        people.whose(act, number, "change")
    document = publish.form(uow.session, act.dossier.version_id, act.terms.declaration)
    return Declared(document, act.answers("lodge"), _context(act), citing.cited(act, document))


def amend(
    uow: UnitOfWork,
    dossier_id: uuid.UUID,
    answers: Mapping[str, Any],
    remark: str = "",
    *,
    by: uuid.UUID | None = None,
    number: str | None = None,
    key: uuid.UUID | None = None,
) -> None:
    """Put other answers in the place of those that were declared.

    `by` is a representative, whose paper must allow changes; from afar `number` says who asks, as for a withdrawal.
    Refusals: NotAmendable, DecidedElsewhere, AmendedInGroup, FormInvalid, NothingAmended, AmendedTooFar, and those of `people`.
    """
    act = allowed(uow, dossier_id, "dossier.amend")
    said = said_with(key, answers=digest_of(dict(answers)), remark=remark, by=str(by) if by else None)
    if act.did(_AMENDED, said):
        return
    _still_open(act)
    proxy = people.check_deed(act, by, "change") if by else None
    if number is not None:
        proxy = people.whose(act, number, "change")
    document = publish.form(uow.session, act.dossier.version_id, act.terms.declaration)
    before, clean = act.answers("lodge"), forms.load(document, answers, _context(act))
    if clean == before:
        raise NothingAmended
    named.check(uow.session, document, clean, on=uow.clock.today())
    _same_dossier(act, document, before, clean)
    kept = act.keep(_AMENDED, "", said)
    digest = act.keep("lodge", act.terms.declaration, clean)
    act.tell(
        DossierAmended(
            answers_digest=digest,
            remark_digest=kept if remark else None,
            changed=changed(before, clean),
            representative_id=str(proxy.id) if proxy else None,
        )
    )
    _look_again(act, clean)
    papers.tell_applicant(act, "amended")
    reassessing.reassess(act, "amended")


def amendments(session: Session, dossier_id: uuid.UUID) -> list[Amendment]:
    """QUERY: every change of what was declared, the newest first."""
    asked = select(AnswerSet).where(AnswerSet.dossier_id == dossier_id, AnswerSet.step_id.in_((_AMENDED, "lodge")))
    rows = session.scalars(asked.order_by(AnswerSet.given_at, AnswerSet.id)).all()
    said = [one.answers["remark"] for one in rows if one.step_id == _AMENDED]
    lodged = [one for one in rows if one.step_id == "lodge"]
    pairs = zip(lodged, lodged[1:], said, strict=False)
    return [Amendment(new.given_at, new.given_by, remark, old.answers, new.answers) for old, new, remark in pairs][::-1]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The paths of the answers that differ."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path, value
        return
    for key, one in inside:
        yield from _leaves(one, f"{path}.{key}" if path else str(key))


def _still_open(act: Act) -> None:
    dossier = act.dossier
    if "withdrawn" not in TRANSITIONS[dossier.status] or dossier.result_number:
        raise NotAmendable
    if act.last_with("remote_status"):
        raise DecidedElsewhere
    if dossier.parent_id or (act.terms.children and children.of(act.uow.session, dossier.id)):
        raise AmendedInGroup


def _context(act: Act) -> dict[str, Any]:
    """What the declaration was checked against when it was lodged: a day that was right then is right now."""
    dossier = act.dossier
    lodged_on = local(dossier.lodged_at).date()
    return rule_facts(
        dossier.facts,
        channel=as_rules_know(dossier.channel),
        lodged_on=lodged_on,
        accepted_on=lodged_on,
        is_proxy=dossier.is_proxy,
    )


def _same_dossier(act: Act, document: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse what the dossier was not accepted for; from afar also another person's number, which is the proof of who asks."""
    old, new = _rests_on(act, document, before), _rests_on(act, document, after)
    if what := next((name for name, value in old.items() if value != new[name]), None):
        raise AmendedTooFar(touches=what)
    competent = str(act.dossier.competent_office_id)
    if places_of(act.terms.applicant, before) != places_of(act.terms.applicant, after):
        ruled = [_ruled(act, one) for one in (before, after)]
        if competent == ruled[0] != ruled[1]:
            raise AmendedTooFar(touches="office")
    person = applicant.columns(act.terms, after)["applicant_personal_id"]
    if act.uow.actor == APPLICANT and person != act.dossier.applicant_personal_id:
        raise AmendedTooFar(touches="applicant")


def _rests_on(act: Act, document: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """All that follows from the answers and was settled when the dossier was taken in."""
    terms = act.terms
    known = forms.facts(document, answers) | _context(act)
    known["variant"] = terms.variant(known | {"variant": None})
    return {
        "papers": [one.required_when is not None and holds(one.required_when, known) for one in terms.components],
        "limit": terms.limit(known),
        "course": (known["variant"], forms.routing(document, answers), applicant.columns(terms, answers)["return_way"]),
    }


def _ruled(act: Act, answers: Mapping[str, Any]) -> str | None:
    """Which office decides by the place in these answers, if the rules say so."""
    session, dossier = act.uow.session, act.dossier
    procedure = session.get_one(Procedure, dossier.procedure_code)
    receiving = session.get_one(Office, dossier.receiving_office_id)
    there, on = places_of(act.terms.applicant, answers), act.uow.clock.today()
    ruled = offices.by_authority(session, procedure, there, receiving, electronic=False, on=on)
    return str(ruled.competent.id) if ruled.known else None


def _look_again(act: Act, clean: Mapping[str, Any]) -> None:
    """The dossier is called as it is declared now; a page of a task that was opened before is out of date."""
    dossier, now = act.dossier, act.uow.clock.now()
    for column, value in applicant.columns(act.terms, clean, is_proxy=dossier.is_proxy).items():
        setattr(dossier, column, value)
    dossier.search_text = search_text(dossier)
    for task in act.uow.session.scalars(select(Task).filter_by(dossier_id=dossier.id, done_at=None)):
        task.revision += 1
    dossier.amended_at = dossier.moved_at = now
    dossier.revision += 1
    dossier.moved_by, dossier.moved_step = act.uow.actor.officer_id, _AMENDED
