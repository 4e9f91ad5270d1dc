"""What the counter and the portal can say of a lodging while it is typed: papers, fees, the date. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

import forms
from engine.base.errors import Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days, rules
from engine.calendar.due import Due, Limit, Unit
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import ComponentRule, LimitRule, Terms, holds, terms_of
from engine.dossiers import clock, fees, offices, same_day
from engine.dossiers.channels import form_of, return_way
from engine.dossiers.clock import Term
from engine.dossiers.intake import Lodging, lodging_facts
from engine.dossiers.paths import at_path
from engine.org.models import Office


@dataclass(frozen=True)
class Estimate:
    """What the counter can say before it accepts: the date, the fees, which papers the answers ask for."""

    due: Due | None
    limit: LimitRule | None
    owed: list[fees.Owed]
    #: Why the fees cannot be said: with what is typed so far a rule gives no whole amount.
    unpriced: fees.FeeNotWhole | None
    #: (rule, whether it is required with these answers; None: reception judges)
    components: list[tuple[ComponentRule, bool | None]]
    #: The result is waited for: a receipt is only for whoever asks.
    at_once: bool


def estimate(uow: UnitOfWork, lodging: Lodging) -> Estimate:
    """QUERY, on answers as they are typed: nothing is checked, nothing is written."""
    session = uow.session
    terms, facts = _so_far(session, lodging, uow.clock.today())
    rule = terms.limit(facts)
    office_id = lodging.competent_office_id or lodging.receiving_office_id
    calendar = days.load(session, office_id, uow.clock.now())
    travels = _elsewhere(session, lodging)
    form = form_of(lodging.channel)
    legs = clock.legs_of_group(form, whole=rule.whole if rule else None) if terms.children else clock.legs_of(form) if travels else ()
    law = rules.in_force(rules.newest(), uow.clock.today())
    limit = Limit(rule.value, Unit(rule.unit)) if rule else None
    if limit is None and lodging.agreed_days:
        limit = Limit(lodging.agreed_days, Unit.WORKING_DAY)
    owed, unpriced = _priced(terms, facts)
    article = rule.article if rule else ""
    counter = days.load(session, lodging.receiving_office_id, uow.clock.now()) if legs else None
    due = clock.sum_of(calendar, law, uow.clock.now(), Term(limit, article, legs), counter=counter) if limit else None
    wanted = return_way(str(at_path(lodging.answers, terms.applicant.get("return_way", "")) or ""))
    travels = travels or lodging.resolve
    waited_for = same_day.may_be_waited_for(rule, channel=lodging.channel, return_way=wanted, travels=travels)
    return Estimate(
        due=due,
        limit=rule,
        owed=owed,
        unpriced=unpriced,
        components=_papers(terms, facts),
        at_once=waited_for and same_day.is_today(due.at if due else None, uow.clock.today()),
    )


def papers_asked(session: Session, lodging: Lodging, today: date) -> list[tuple[ComponentRule, bool | None]]:
    """QUERY, on answers as they are typed: each component with whether they ask for it; None: reception judges."""
    return _papers(*_so_far(session, lodging, today))


def _so_far(session: Session, lodging: Lodging, today: date) -> tuple[Terms, dict[str, Any]]:
    """The terms of a lodging that is being typed, and what their rules may read of it."""
    procedure = session.get(Procedure, lodging.procedure_code)
    version = publish.in_force(session, lodging.procedure_code, today)
    if procedure is None or version is None:
        raise Missing
    terms = terms_of(procedure, version)
    document = publish.form(session, version.id, terms.declaration)
    facts = forms.facts(document, lodging.answers) | lodging_facts(lodging, today)
    decides = lodging.competent_office_id or lodging.receiving_office_id
    facts["places"] = fees.places_of(session, terms, decides)
    return terms, facts | {"variant": terms.variant(facts | {"variant": None})}


def _papers(terms: Terms, facts: Mapping[str, Any]) -> list[tuple[ComponentRule, bool | None]]:
    return [
        (one, None if one.required_when is None else holds(one.required_when, facts))
        for one in terms.components
    ]


def _priced(terms: Terms, facts: Mapping[str, Any]) -> tuple[list[fees.Owed], fees.FeeNotWhole | None]:
    try:
        return fees.assess(terms, facts), None
    except fees.FeeNotWhole as wrong:
        return [], wrong


def _elsewhere(session: Session, lodging: Lodging) -> bool:
    receiving = session.get_one(Office, lodging.receiving_office_id)
    competent = session.get(Office, lodging.competent_office_id) if lodging.competent_office_id else None
    return competent is not None and offices.is_elsewhere(receiving, competent)
