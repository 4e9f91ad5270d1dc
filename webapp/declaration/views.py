"""What the counter types for the applicant, who has shown who they are: a changed declaration, a second submission."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

import forms
from engine.base.errors import DomainError, Invalid
from engine.dossiers import amending, course, overview
from webapp import choices, formview, submitting
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.once import key, once
from webapp.submitting import Sent
from webapp.typed import line, raw
from webapp.unit import reading, unit

bp = Blueprint("declaration", __name__, template_folder="templates", url_prefix="/dossiers")

#: Of those who may ask: the applicant in person.
_APPLICANT = "applicant"


class AskerMissing(Invalid):
    """Where somebody acts for the applicant, it is said who asks."""


@bp.get("/<ref>/declaration")
@needs("dossier.amend")
def show(ref: str) -> str | tuple[str, int]:
    """What was declared, to be changed."""
    return _page(ref)


@bp.post("/<ref>/declaration/form")
@needs("dossier.amend")
def form(ref: str) -> str | tuple[str, int]:
    """The form again as the answers stand; nothing is kept."""
    return _page(ref, _typed(ref))


@bp.post("/<ref>/declaration")
@needs("dossier.amend")
@once
def amend(ref: str) -> str | tuple[str, int] | BaseResponse:
    """Put the changed answers in the place of the old ones (Decree 118/2025, art. 21)."""
    with reading() as uow:
        view = overview.overview(uow.session, uow.actor, ref)
        document = amending.declared(uow, view.dossier.id).document
    answers = forms.from_flat(document, request.form)
    if (rows := formview.change_rows(document, answers, request.form)) is not None:
        return _page(ref, rows)
    try:
        by = _asker() if view.representatives else None
        with unit() as uow:
            amending.amend(uow, view.dossier.id, answers, line(request.form, "remark"), by=by, key=key())
    except forms.FormInvalid as wrong:
        return _page(ref, answers, errors=formview.sentences(wrong), status=422)
    except DomainError as refusal:
        return _page(ref, answers, refused=sentence(refusal), status=STATUS[refusal.kind])
    flash(_("Đã ghi nhận nội dung sửa; người đang giải quyết hồ sơ được báo."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


@bp.get("/<ref>/submission")
@needs("dossier.resubmit")
def submission(ref: str) -> str | tuple[str, int]:
    """The form of the second submission that the dossier waits for."""
    return _submission(ref)


@bp.post("/<ref>/submission/form")
@needs("dossier.resubmit")
def submission_form(ref: str) -> str | tuple[str, int]:
    """The form again as the answers stand; nothing is kept but its files."""
    with reading() as uow:
        found = submitting.waited_for(uow, overview.found(uow.session, uow.actor, ref).id)
    return _submission(ref, submitting.read(found))


@bp.post("/<ref>/submission")
@needs("dossier.resubmit")
@once
def submit(ref: str) -> str | tuple[str, int] | BaseResponse:
    """Take the second submission in at the counter: its form, and its papers as files or with a word on the originals."""
    with reading() as uow:
        dossier_id = overview.found(uow.session, uow.actor, ref).id
        found = submitting.waited_for(uow, dossier_id)
    sent = submitting.read(found)
    if sent.rows is not None or sent.refused:
        return _submission(ref, sent, refused=sent.refused or "", status=422 if sent.refused else 200)
    try:
        with unit() as uow:
            course.resubmit(uow, dossier_id, sent.remark or None, sent.papers, answers=sent.answers, key=key())
    except forms.FormInvalid as wrong:
        return _submission(ref, sent, errors=formview.sentences(wrong), status=422)
    except DomainError as refusal:
        return _submission(ref, sent, refused=sentence(refusal), status=STATUS[refusal.kind])
    flash(_("Đã ghi nhận hồ sơ lần hai."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


def _submission(ref: str, sent: Sent | None = None, *, status: int = 200, **wrong: Any) -> str | tuple[str, int]:
    with reading() as uow:
        view = overview.overview(uow.session, uow.actor, ref)
        found = submitting.waited_for(uow, view.dossier.id)
        html = submitting.page("declaration/submit.html", uow, found, sent, view=view, **wrong)
    return html if status == 200 else (html, status)


def _asker() -> uuid.UUID | None:
    chosen = request.form.get("asker", "")
    try:
        return None if chosen == _APPLICANT else uuid.UUID(chosen)
    except ValueError as error:
        raise AskerMissing from error


def _typed(ref: str) -> dict[str, Any]:
    with reading() as uow:
        dossier = overview.found(uow.session, uow.actor, ref)
        return forms.from_flat(amending.declared(uow, dossier.id).document, request.form)


def _page(
    ref: str,
    answers: Mapping[str, Any] | None = None,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: str = "",
    status: int = 200,
) -> str | tuple[str, int]:
    with reading() as uow:
        view = overview.overview(uow.session, uow.actor, ref)
        found = amending.declared(uow, view.dossier.id)
        options = choices.for_applicants(uow.session, found.document, uow.clock.today())
    html = render_template(
        "declaration/change.html",
        view=view,
        form=formview.view(
            found.document,
            found.answers if answers is None else answers,
            errors or {},
            found.context,
            choices=options,
            cited=found.cited,
        ),
        applicant=_APPLICANT,
        asker=request.form.get("asker", ""),
        remark=raw(request.form, "remark"),
        key=request.form.get("key") or uuid.uuid4(),
        refused=refused,
    )
    return html if status == 200 else (html, status)
