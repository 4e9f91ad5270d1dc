"""The numbers of the law as they hold for one dossier: those of the rules, or those of its sector in their place.

A form cites them by the code of the rule (`{{T06}}`), so that a number stands in one place, with its day and its article.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import forms
from engine.calendar.due import Limit
from engine.calendar.rules import Rule
from engine.dossiers import steps
from engine.dossiers.act import Act

#: Where a record says its own number of days for a rule, and where by which article.
_DAYS = {"L04": "consultation_days"}
_ARTICLES = {"T06": "supplement", "L04": "silence"}


def cited(act: Act, document: Mapping[str, Any]) -> Mapping[str, Rule]:
    """QUERY: the rules that a form cites, by code; asks nothing of the database."""
    return {code: of_rule(act, code) for code in forms.cites(document) if code in act.rules.by_code}


def of_rule(act: Act, code: str) -> Rule:
    """A rule with the length that the record or the diagram gives it, where the law of a sector may."""
    rule = act.rules[code]
    own, article = _own(act, rule) if rule.overridable else (None, "")
    if own is None or (own.value, own.unit) == (rule.value, rule.unit):
        return rule
    return replace(rule, value=own.value, unit=own.unit, article=act.terms.articles.get(_ARTICLES.get(code, "")) or article or rule.article)


def _own(act: Act, rule: Rule) -> tuple[Limit | None, str]:
    """The diagram's limit comes first; a record that only repeats the number of the rule says nothing of its own."""
    elements = act.machine.program.model.elements.values()
    found = ((said, one.article) for one in elements if one.rule == rule.code and (said := steps.limit_of_step(act, one)))
    if drawn := next(found, None):
        return Limit.parse(drawn[0]), drawn[1]
    days = act.terms.settings.get(_DAYS.get(rule.code, ""))
    return (Limit.parse(f"{days} d") if days and days != rule.value else None), ""
