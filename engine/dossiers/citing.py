"""The numbers of the law as they hold for one dossier: those of the rules, or those of its sector in their place.

A form cites them by the code of the rule (`{{T06}}`), so that a number stands in one place, with its day and its article.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

import forms
from engine.calendar import rules
from engine.calendar.due import Limit
from engine.calendar.rules import Rule, Rules
from engine.catalog import publish
from engine.catalog.models import ProcedureVersion
from engine.catalog.terms import Terms
from engine.dossiers import steps
from engine.dossiers.steps import UnderLaw
from engine.runtime.parser import Program

#: Where a record says its own number of days for a rule, and where by which article.
_DAYS = {"L04": "consultation_days"}
_ARTICLES = {"T06": "supplement", "L04": "silence"}


@dataclass(frozen=True)
class _Declared:
    """A dossier that does not exist yet."""

    rules: Rules
    terms: Terms
    program: Program
    group: Mapping[str, Any]


def cited(whose: UnderLaw, document: Mapping[str, Any]) -> Mapping[str, Rule]:
    """QUERY: the rules that a form cites, by code; asks nothing of the database."""
    return {code: of_rule(whose, code) for code in forms.cites(document) if code in whose.rules.by_code}


def cited_by_declaration(
    session: Session, version: ProcedureVersion, terms: Terms, document: Mapping[str, Any], on: date
) -> Mapping[str, Rule]:
    """QUERY: the same of a form in which a dossier is being declared: by the rules of the day."""
    if not forms.cites(document):
        return {}
    return cited(_Declared(rules.in_force(rules.newest(), on), terms, publish.program_for(session, version.id), {}), document)


def of_rule(whose: UnderLaw, code: str) -> Rule:
    """A rule with the length that the record or the diagram gives it, where the law of a sector may."""
    rule = whose.rules[code]
    own, article = _own(whose, rule) if rule.overridable else (None, "")
    if own is None or (own.value, own.unit) == (rule.value, rule.unit):
        return rule
    return replace(rule, value=own.value, unit=own.unit, article=whose.terms.articles.get(_ARTICLES.get(code, "")) or article or rule.article)


def _own(whose: UnderLaw, rule: Rule) -> tuple[Limit | None, str]:
    """The diagram's limit comes first; a record that only repeats the number of the rule says nothing of its own."""
    elements = whose.program.model.elements.values()
    found = (
        (said.limit, said.article or one.article) for one in elements if one.rule == rule.code and (said := steps.limit_of_step(whose, one))
    )
    if drawn := next(found, None):
        return Limit.parse(drawn[0]), drawn[1]
    if own := steps.own_limit(whose.terms, whose.group, steps.OVER.get(rule.code, "")):
        return Limit.parse(own.limit), own.article or ""
    days = whose.terms.settings.get(_DAYS.get(rule.code, ""))
    return (Limit.parse(f"{days} d") if days and days != rule.value else None), ""
