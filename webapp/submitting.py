"""The page of a second submission, as an applicant sees it and as the counter does: one form, its papers, a word."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

import forms
from engine.base.uow import UnitOfWork
from engine.dossiers import submitting
from engine.dossiers.course import NotWaiting
from engine.dossiers.submitting import Submission
from webapp import choices, formview
from webapp.errors import sentence
from webapp.typed import TextTooLong, raw
from webapp.unit import house
from webapp.uploads import received, token_of

#: Enough to say where papers were handed in.
_LONGEST = 500


def waited_for(uow: UnitOfWork, dossier_id: uuid.UUID) -> Submission:
    """The form that the dossier waits for. Refusal: NotWaiting."""
    found = submitting.asked(uow, dossier_id)
    if found is None:
        raise NotWaiting
    return found


@dataclass(frozen=True)
class Sent:
    """What came with the page, right or wrong."""

    answers: dict[str, Any]
    #: The answers with a row more or fewer, where a button for that was pressed.
    rows: dict[str, Any] | None
    papers: list[Any]
    refused: str | None
    remark: str


def read(found: Submission) -> Sent:
    """Read the form and keep its files."""
    answers = forms.from_flat(found.document, request.form)
    papers, refused = received()
    said = raw(request.form, "remark").replace("\x00", "")
    if len(said) > _LONGEST:
        refused = refused or sentence(TextTooLong(long=len(said), most=_LONGEST))
    return Sent(answers, formview.change_rows(found.document, answers, request.form), papers, refused, said)


def page(
    template: str,
    uow: UnitOfWork,
    found: Submission,
    sent: Sent | None = None,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: str = "",
    **around: Any,
) -> str:
    """The form as it begins, or as it was sent."""
    options = choices.for_applicants(uow.session, found.document, uow.clock.today())
    shown = found.answers if sent is None else sent.rows or sent.answers
    return render_template(
        template,
        found=found,
        form=formview.view(found.document, shown, errors or {}, found.context, choices=options, cited=found.cited),
        kept=[(line, one, token_of(one)) for line, one in (sent.papers if sent else [])],
        remark=sent.remark if sent else "",
        act_key=request.form.get("key") or uuid.uuid4(),
        refused=refused,
        upload_mb=house().settings.upload_mb,
        **around,
    )
