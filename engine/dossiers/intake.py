"""Lodging: an applicant's papers become a dossier at the start of its diagram."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, true
from sqlalchemy.orm import Session, load_only

import forms
from engine.base.clock import VIETNAM
from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of, look_up_secret, uuid7
from engine.base.questions import Question, those
from engine.base.turns import wait_turn
from engine.base.uow import UnitOfWork
from engine.calendar import rules
from engine.catalog import publish
from engine.catalog.models import Procedure, ProcedureVersion
from engine.catalog.terms import (
    EDITION,
    ChildRule,
    LimitRule,
    Terms,
    holds,
    terms_for,
)
from engine.documents import files
from engine.documents.files import Received
from engine.documents.models import Component
from engine.dossiers import applicant, channels, fees, joining, named, offices, people, reuse
from engine.dossiers.act import Act
from engine.dossiers.assisting import Assistance, assist
from engine.dossiers.channels import CHANNELS, as_rules_know, form_of, is_electronic, payment_way
from engine.dossiers.facts import MOMENTS, rule_facts
from engine.dossiers.joining import Member
from engine.dossiers.models import GROUP, AnswerSet, Dossier
from engine.dossiers.numbering import new_reference
from engine.dossiers.offices import Ruled
from engine.dossiers.people import Authority
from engine.dossiers.place import places_of
from engine.dossiers.search_text import search_text
from engine.dossiers.settle import settle
from engine.ledger.append import recall
from engine.ledger.events import AuthorityMissed, AuthorityResolved, DatabaseSearched, DossierLodged
from engine.ledger.models import LedgerEvent
from engine.org import delegations, permissions
from engine.org.models import Lane, Office
from engine.runtime.errors import just_entered
from engine.runtime.state import RuntimeState

#: Under which is kept what was handed in along with the declaration.
_PAPERS = "lodge_papers"


class LimitUnknown(DomainError):
    """No limit is published for this procedure: agree on a number of working days with the applicant."""

    kind = "invalid"


class ProcedureNotInForce(DomainError):
    """No version of this procedure, nor the frame, is in force today."""


class LodgedInGroup(DomainError):
    """This procedure is lodged with its group, not by itself."""


class LodgedOtherwise(DomainError):
    """This page was sent before, with other contents: what was lodged then stands."""


class ChannelUnknown(DomainError):
    """A dossier comes in by one of the channels of the law."""

    kind = "invalid"


@dataclass(frozen=True, kw_only=True)
class Lodging:
    """What a counter, the post desk or the portal hands in."""

    procedure_code: str
    #: One of `channels.CHANNELS`.
    channel: str
    answers: Mapping[str, Any]
    receiving_office_id: uuid.UUID
    #: None: the commune whose counter this is.
    competent_office_id: uuid.UUID | None = None
    #: Nobody named who decides: rows of authority and the place do, or an officer who coordinates.
    resolve: bool = False
    #: Where somebody helped, if not at the counter that receives.
    helping_office_id: uuid.UUID | None = None
    is_proxy: bool = False
    #: By which paper somebody else hands it in, besides what the declaration says of them.
    authority: Authority | None = None
    #: Made by the page; the same key and contents again are the same dossier.
    key: uuid.UUID | None = None
    #: Working days, only where no limit is published.
    agreed_days: int | None = None
    #: Why an officer types it for a citizen who lodges online.
    assistance: Assistance | None = None
    #: Further facts of the rules: lookup, fee_classes with fee_proofs (class -> the paper that shows it), proxy.
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Where the officer looked by hand before lodging, and what was there: system -> found | missing.
    searched: Mapping[str, str] = field(default_factory=dict)
    #: Files, each with the component that it is for.
    papers: Sequence[tuple[str, Received]] = ()


@dataclass(frozen=True)
class Lodged:
    """What the applicant needs to come back."""

    dossier_id: uuid.UUID
    reference: str
    secret: str


#: Of a procedure no more than this is read each time; its terms are kept (`terms_for`).
_ASKED = (
    select(
        Procedure,
        Office,
        EDITION,
        select(func.jsonb_object_agg(Lane.code, Lane.side)).scalar_subquery(),
        delegations.OFFICES,
    )
    .join(Office, true())
    .where(Procedure.code == bindparam("code"), Office.id == bindparam("office_id"))
    .options(load_only(Procedure.levels))
)


_LODGED = Question(select(Dossier).where(Dossier.lodging_key == bindparam("key")).with_for_update())


def lodge(uow: UnitOfWork, lodging: Lodging) -> Lodged:
    """Check the declaration, make the rows, start the diagram.

    Refusals: FormInvalid, BadAnswer, ChannelUnknown, ChannelNotOffered, AssistanceUnclear, MandateExpired, OfficeUnclear, OfficeNotOffered,
    LimitUnknown, ProcedureNotInForce, LodgedOtherwise, FeeNotWhole, ClassUnknown, ProofMissing.
    """
    session = uow.session
    if lodging.key:
        # A second click waits here for the first one's transaction, and then finds its dossier.
        wait_turn(session, lodging.key)
        if known := those(session, _LODGED, key=lodging.key):
            return _again(uow, lodging, known[0])
    return _lodge(uow, lodging)


def lodge_child(
    group: Act, rule: ChildRule, answers: Mapping[str, Any], limit: LimitRule, *, in_time: bool
) -> Dossier:
    """Open one dossier of a group, under the limit of the group's law. The group's declaration is its own.

    `in_time`: within what the group promises, so that its date counts there. Refusals: as of `lodge`.
    """
    parent = group.dossier
    own = {"value": limit.value, "unit": limit.unit, "text": limit.text, "article": limit.article}
    lodging = Lodging(
        procedure_code=rule.procedure,
        channel=parent.channel,
        answers=answers,
        receiving_office_id=parent.receiving_office_id,
        competent_office_id=parent.competent_office_id,
        is_proxy=parent.is_proxy,
        facts={**parent.facts, "fee_classes": [], GROUP: {"code": parent.code, "limit": own, "in_time": in_time, "steps": group.terms.part_step_limits}},
    )
    lodged = _lodge(group.uow, lodging, Member(group, rule.kind, _holder(group, rule)))
    return group.uow.session.get_one(Dossier, lodged.dossier_id)


def _holder(group: Act, rule: ChildRule) -> Office | None:
    """The office of the branch that the record names, if there is one here; else that of the group holds the part."""
    if rule.office is None:
        return None
    session, today = group.uow.session, group.uow.clock.today()
    deciding = session.get_one(Office, group.dossier.competent_office_id)
    return offices.of_branch(session, rule.office, deciding, on=today)


def _lodge(uow: UnitOfWork, lodging: Lodging, member: Member | None = None) -> Lodged:
    if lodging.channel not in CHANNELS:
        raise ChannelUnknown
    session, today = uow.session, uow.clock.today()
    asked = {"code": lodging.procedure_code, "office_id": lodging.receiving_office_id}
    found = session.execute(_ASKED, {**asked, "officer_id": uow.actor.officer_id, "on": today}).first()
    if found is None:
        raise Missing
    procedure, receiving, edition, sides, delegating = found
    version_id = publish.id_in_force(session, procedure.code, today)
    if version_id is None:
        raise ProcedureNotInForce(procedure=procedure.code)
    terms = terms_for(session, version_id, procedure.code, edition)
    _admit(terms, lodging, member)
    document = publish.form(session, version_id, terms.declaration)
    clean = forms.load(document, lodging.answers, lodging_facts(lodging, today))
    named.check(session, document, clean, on=today)
    ruled = _ruled(session, lodging, procedure, terms, clean, receiving, today, member.office if member else None)
    receiving, competent = ruled.receiving, ruled.competent
    dossier = _row(uow, lodging, terms, clean, version_id, ruled)
    if member:
        joining.join(dossier, member)
    else:
        permissions.require(uow.actor, "dossier.assist" if lodging.assistance else "dossier.lodge", dossier)
    facts = forms.facts(document, clean) | lodging_facts(lodging, today)
    facts["places"] = fees.places_of(session, terms, competent.id)
    fees.check_classes(terms, lodging.facts)
    dossier.variant = facts["variant"] = terms.variant(facts | {"variant": None})
    if not member and not is_electronic(dossier.channel) and not dossier.agreed_days and terms.limit(facts) is None:
        raise LimitUnknown(procedure=terms.code)
    act = _begin(uow, dossier, terms, sides)
    act.tell(
        DossierLodged(
            procedure=terms.code,
            version_id=str(version_id),
            channel=dossier.channel,
            receiving_office=str(receiving.id),
            competent_office=str(competent.id),
            answers_digest=act.keep("lodge", terms.declaration, clean),
            rules_edition=dossier.rules_edition,
        )
    )
    _name_people(act, lodging, clean)
    owed = _place(act, lodging, ruled, facts)
    list_components(act, facts)
    known = start_variables(act, owed, clean, document, receiving, competent)
    known |= handling(known, is_delegated=not member and competent.id in (delegating or ()))
    if member:
        joining.take_over(act, member)
        # its office acknowledges it, wherever the group was received
        known |= {"transfer_needed": True}
    with just_entered(forms.routing(document, clean)):
        settle(act, act.machine.start(known))
    if member:
        joining.check_with_group(act)
    if lodging.papers:
        act.keep(_PAPERS, "", _named(lodging.papers))
    for component, received in lodging.papers:
        files.attach(uow, dossier.id, component, received)
    return Lodged(dossier.id, dossier.reference, dossier.secret)


def _admit(terms: Terms, lodging: Lodging, member: Member | None) -> None:
    channels.check(terms, lodging.channel)
    if terms.only_in_group and member is None:
        raise LodgedInGroup(procedure=terms.code)


def _ruled(
    session: Session,
    lodging: Lodging,
    procedure: Procedure,
    terms: Terms,
    clean: Mapping[str, Any],
    receiving: Office,
    today: date,
    held_by: Office | None = None,
) -> Ruled:
    """Who receives and who decides: the office that holds the part of a group, as named, else by authority."""
    if lodging.resolve and lodging.competent_office_id is None:
        places = places_of(terms.applicant, clean)
        electronic = is_electronic(lodging.channel)
        return offices.by_authority(session, procedure, places, receiving, electronic=electronic, on=today)
    competent = held_by or offices.competent_office(session, procedure, receiving, lodging.competent_office_id, on=today)
    return Ruled(receiving, competent, None)


def _place(act: Act, lodging: Lodging, ruled: Ruled, facts: Mapping[str, Any]) -> list[fees.Owed]:
    """Tell who decides, where nobody was named; and what is owed there: of a place that nobody knows nothing is yet."""
    if lodging.resolve:
        row = str(ruled.authority_id) if ruled.authority_id else None
        act.tell(AuthorityResolved(office=str(ruled.competent.id), row=row) if ruled.known else AuthorityMissed())
    owed = [] if act.dossier.parent_id else fees.assess(act.terms, facts)
    if ruled.known:
        fees.open_charges(act, owed)
    return owed


def handling(start: Mapping[str, Any], *, is_delegated: bool) -> dict[str, str]:
    """Whoever takes the papers in decides them, if the office delegated that and they need not travel (art. 17(5))."""
    here = is_delegated and not start["transfer_needed"] and start["channel"] != "online"
    return {"handling_mode": "at_counter"} if here else {}


def _name_people(act: Act, lodging: Lodging, clean: Mapping[str, Any]) -> None:
    """Whoever hands it in for the applicant, and the officer who types it, with where they looked before."""
    for system, outcome in lodging.searched.items():
        act.tell(DatabaseSearched(system=system, outcome=outcome))
    if lodging.assistance:
        assist(act, lodging.assistance)
    if lodging.is_proxy:
        given = people.submitter(lodging.authority, clean, act.dossier.submitter_name)
        people.name_representative(act, "submitter", given)


def _begin(uow: UnitOfWork, dossier: Dossier, terms: Terms, sides: dict[str, str]) -> Act:
    """The act that makes a dossier; nothing that it will ask lies in the database yet."""
    runtime = RuntimeState(
        id=uuid7(),
        dossier_id=dossier.id,
        role="main",
        process_version_id=dossier.version_id,
        codec=0,
        state=b"",
        revision=0,
    )
    uow.session.add_all([dossier, runtime])
    uow.session.flush()
    recall(uow, dossier.id, None, None)
    return Act(uow, dossier, terms, runtime, step="lodge", _sides=sides)


def _named(papers: Sequence[tuple[str, Received]]) -> dict[str, list[list[str]]]:
    return {"papers": sorted([component, one.sha256] for component, one in papers)}


def _again(uow: UnitOfWork, lodging: Lodging, known: Dossier) -> Lodged:
    """The dossier that this page made, locked, if it is sent with the same contents.

    What outside systems say of a person is no content of the page: it may be another the second time.
    """
    permissions.require(uow.actor, "dossier.assist" if lodging.assistance else "dossier.lodge", known)
    first = uow.session.get_one(LedgerEvent, (known.id, 1)).payload
    now = {
        "procedure": lodging.procedure_code,
        "channel": lodging.channel,
        "receiving_office": str(lodging.receiving_office_id),
        "competent_office": str(lodging.competent_office_id or first["competent_office"]),
    }
    if lodging.resolve:  # who receives follows from who decides, and that may be another now
        now["receiving_office"] = first["receiving_office"]
    was = (known.is_proxy, known.agreed_days, known.assisted_by is not None, *_claimed(known.facts))
    again = (lodging.is_proxy, lodging.agreed_days, lodging.assistance is not None, *_claimed(lodging.facts))
    if first | now != first or was != again:
        raise LodgedOtherwise
    declaration = uow.session.get_one(ProcedureVersion, known.version_id).record["declaration"]
    document = publish.form(uow.session, known.version_id, declaration)
    lodged_on = known.lodged_at.astimezone(VIETNAM).date()
    try:
        clean = forms.load(document, lodging.answers, lodging_facts(lodging, lodged_on))
    except forms.FormInvalid as other:
        raise LodgedOtherwise from other
    papers = uow.session.scalar(select(AnswerSet.digest).filter_by(dossier_id=known.id, step_id=_PAPERS))
    if digest_of(clean) != first["answers_digest"] or papers != (
        digest_of(_named(lodging.papers)) if lodging.papers else None
    ):
        raise LodgedOtherwise
    if known.is_proxy and not people.is_same_submitter(uow.session, known, lodging.authority, clean):
        raise LodgedOtherwise
    return Lodged(known.id, known.reference, known.secret)


def _claimed(facts: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """For which classes of person an exemption is asked for, and what shows it."""
    return sorted(facts.get("fee_classes") or ()), dict(facts.get("fee_proofs") or {})


def lodging_facts(lodging: Lodging, today: date) -> dict[str, Any]:
    """What rules may read of a lodging that is not yet a dossier, besides its declaration."""
    return rule_facts(
        lodging.facts,
        channel=as_rules_know(lodging.channel),
        lodged_on=today,
        accepted_on=today,
        is_proxy=lodging.is_proxy,
    )


def _row(
    uow: UnitOfWork,
    lodging: Lodging,
    terms: Terms,
    clean: Mapping[str, Any],
    version_id: uuid.UUID,
    ruled: Ruled,
) -> Dossier:
    now, reference = uow.clock.now(), new_reference(uow)
    dossier = Dossier(
        id=uuid7(),
        reference=reference,
        secret=look_up_secret(),
        lodging_key=lodging.key,
        procedure_code=terms.code,
        version_id=version_id,
        channel=lodging.channel,
        dossier_form=form_of(lodging.channel),
        **applicant.columns(terms, clean, is_proxy=lodging.is_proxy),
        status="registered",
        is_proxy=lodging.is_proxy,
        search_text="",
        receiving_office_id=ruled.receiving.id,
        competent_office_id=ruled.competent.id,
        helping_office_id=lodging.helping_office_id or (None if is_electronic(lodging.channel) else ruled.receiving.id),
        authority_id=ruled.authority_id,
        unresolved_at=None if ruled.known else now,
        rules_edition=rules.newest(),
        facts={**lodging.facts, **({GROUP: {"code": reference}} if terms.children else {})},
        agreed_days=lodging.agreed_days,
        lodged_at=now,
        revision=0,
        moved_at=now,
        moved_by=uow.actor.officer_id,
    )
    dossier.search_text = search_text(dossier)
    return dossier


def list_components(act: Act, facts: Mapping[str, Any]) -> None:
    """The checklist of this dossier: each component with whether the record's condition asks for it, and who may hold it."""
    asked = {one.key for one in act.terms.components if one.required_when is not None and holds(one.required_when, facts)}
    for position, rule in enumerate(act.terms.components):
        act.uow.session.add(
            Component(
                dossier_id=act.dossier.id,
                key=rule.key,
                position=position,
                name=rule.name,
                kind=rule.kind,
                originals=rule.originals,
                certified=rule.certified,
                copies=rule.copies,
                required=rule.key in asked,
                satisfied_by=list(rule.satisfied_by),
            )
        )
    reuse.look(act, asked)


def start_variables(
    act: Act,
    owed: Sequence[fees.Owed],
    clean: Mapping[str, Any],
    document: Mapping[str, Any],
    receiving: Office,
    competent: Office,
) -> dict[str, Any]:
    """The routing variables of the frame; everything else lies in rows."""
    dossier = act.dossier
    due = {one.rule.moment for one in owed if one.amount}
    timing = next((moment for moment in MOMENTS if moment in due), "none")
    elsewhere = offices.is_elsewhere(receiving, competent)
    return {
        "handling_mode": "competent_office",
        "supplement_count": 0,
        "supplement_max": 1,
        "silence_is_agreement": False,
        "review_needed": False,
        "refusal_by": "reception",
        **act.terms.settings,
        **forms.routing(document, clean),
        "channel": as_rules_know(dossier.channel),
        "dossier_form": dossier.dossier_form,
        "return_way": dossier.return_way,
        "transfer_needed": elsewhere,
        "result_transfer_needed": elsewhere and dossier.return_way == "counter",
        "amount_due": sum(one.amount for one in owed if one.rule.moment == timing),
        "fee_timing": timing,
        "payment_way": payment_way(dossier.channel),
        "lodged_on": dossier.lodged_at.astimezone(VIETNAM).date().isoformat(),
    }
