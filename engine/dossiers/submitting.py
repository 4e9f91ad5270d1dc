"""What an applicant hands in with a form of its own while the dossier waits for it: the second submission of a procedure.

A message event of a diagram that bears a `form` waits for this. The answers are kept under its id, as those of a step are.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.calendar.opening import local
from engine.calendar.rules import Rule
from engine.catalog import publish
from engine.dossiers import citing, facts, named, prefill
from engine.dossiers.act import Act
from engine.dossiers.channels import as_rules_know
from engine.dossiers.models import Asked, Supplement, Wait


class AskedInForm(DomainError):
    """What the dossier waits for is handed in with its form; a word that files came is not enough."""

    kind = "invalid"


class LineUnanswered(DomainError):
    """A line that the office wrote in the form was left out."""

    kind = "invalid"


class PapersMissing(DomainError):
    """A paper that belongs to the form is not there, and nothing says how it was handed in."""

    kind = "invalid"


@dataclass(frozen=True)
class Submission:
    """A form that a dossier waits for, as it begins."""

    key: str
    document: dict[str, Any]
    answers: Mapping[str, Any]
    #: What its conditions may read besides its own keys.
    context: Mapping[str, Any]
    #: The rules whose numbers the form leaves to them, by code.
    cited: Mapping[str, Rule]
    #: The papers that belong to it.
    papers: Sequence[Asked]
    due_at: datetime


def form_of(session: Session, version_id: uuid.UUID, wait: Wait) -> str:
    """The key of the form with which this wait is answered; empty: a word and files are enough."""
    element = publish.program_for(session, version_id).model.elements.get(wait.step_id)
    return element.form if element else ""


def asked(uow: UnitOfWork, dossier_id: uuid.UUID) -> Submission | None:
    """QUERY: the form that this dossier waits for, begun with what is known; None where it waits for none."""
    session = uow.session
    which = {"dossier_id": dossier_id, "subject": "applicant_resubmitted", "kind": "message", "closed_at": None}
    wait = session.scalars(select(Wait).filter_by(**which)).first()
    row = session.scalars(
        select(Supplement).filter_by(dossier_id=dossier_id).order_by(Supplement.round.desc()).limit(1)
    ).first()
    if wait is None or row is None:
        return None
    act = Act.on(uow, dossier_id, lock=False)
    key = form_of(session, act.dossier.version_id, wait)
    if not key:
        return None
    document = publish.form(session, act.dossier.version_id, key)
    numbers = citing.cited(act, document)
    return Submission(key, document, prefill.begin(act, document), _context(act), numbers, papers_of(row), row.due_at)


def _context(act: Act) -> dict[str, Any]:
    dossier, now = act.dossier, act.uow.clock.now()
    return facts.rule_facts(
        dossier.facts,
        channel=as_rules_know(dossier.channel),
        variant=dossier.variant,
        lodged_on=local(dossier.lodged_at).date(),
        accepted_on=local(dossier.accepted_at or now).date(),
        is_proxy=dossier.is_proxy,
    )


def papers_of(row: Supplement) -> list[Asked]:
    """Of what was asked for, the lines that are papers; the others are answered in the form."""
    about = {item.get("component") for item in row.items}
    return [one for one in row.lines if one.key in about]


def checked(
    act: Act, wait: Wait, row: Supplement, answers: Mapping[str, Any] | None, lines: Collection[str], remark: str | None
) -> tuple[str, dict[str, Any]] | None:
    """(form, answers) as they are kept; None where no form is asked for.

    `lines` are those for which files came. Refusals: AskedInForm, FormInvalid, LineUnanswered, PapersMissing.
    """
    session = act.uow.session
    key = form_of(session, act.dossier.version_id, wait)
    if not key:
        return None
    if answers is None:
        raise AskedInForm
    document = publish.form(session, act.dossier.version_id, key)
    clean = forms.load(document, answers, _context(act))
    named.check(session, document, clean, on=act.uow.clock.today())
    for line in _left_out(prefill.begin(act, document), clean):
        raise LineUnanswered(line=line)
    if not remark and (names := [one.what for one in papers_of(row) if one.key not in lines]):
        raise PapersMissing(names=names)
    return key, clean


def _left_out(begun: Mapping[str, Any], clean: Mapping[str, Any]) -> Iterator[str]:
    """Rows that the form began with, and that are not among the answers as they were written."""
    for name, rows in begun.items():
        if not isinstance(rows, list):
            continue
        there = [_plain(one) for one in clean.get(name) or [] if isinstance(one, dict)]
        for row in rows:
            if isinstance(row, dict) and row and not any(_plain(row).items() <= one.items() for one in there):
                yield str(next(iter(row.values())))


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    """A browser sends the ends of lines in its own way."""
    return {key: " ".join(str(value).split()) for key, value in row.items()}
