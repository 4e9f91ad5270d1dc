"""An applicant declares, attaches, and gets a reference and a secret to follow the dossier with."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

import forms
from engine.base.errors import DomainError, Missing
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import terms_of
from engine.documents import files
from engine.documents.files import Received
from engine.dossiers import intake, offices
from engine.dossiers.intake import Lodging
from engine.org.models import Office
from webapp import formview
from webapp.auth import public
from webapp.errors import STATUS, sentence
from webapp.portal.schemas import Application, read_application
from webapp.unit import house, public_unit, read_session
from webapp.uploads import received, token_of

bp = Blueprint("portal", __name__, template_folder="templates", url_prefix="/lodge")


@dataclass(frozen=True)
class Offer:
    """What can be lodged, and with whom."""

    procedure: Procedure
    document: dict[str, Any]
    #: Offices that decide; each dossier goes to the counter of the one that is chosen.
    offices: list[Office]


@bp.get("/<code>")
@public
def new(code: str) -> str:
    """The declaration of a procedure, empty."""
    return _page(code, {}, Application(uuid.uuid4()))


@bp.post("/<code>/form")
@public
def form(code: str) -> str:
    """The form again as the answers stand; nothing is stored but chosen files."""
    given = read_application(request.form)
    kept, refused = received()
    return _page(code, _answers(code), given, kept=kept, refusal=refused)


@bp.post("/<code>")
@public
def lodge(code: str) -> str | tuple[str, int] | BaseResponse:
    """Hand it in; an error comes back with everything that was typed and chosen."""
    given, answers = read_application(request.form), _answers(code)
    with read_session() as session:
        changed = formview.change_rows(_offer(session, code).document, answers, request.form)
    kept, refused = received()
    if refused or changed is not None:
        page = _page(code, answers if changed is None else changed, given, kept=kept, refusal=refused)
        return (page, 422) if refused else page
    try:
        with public_unit() as uow:
            lodged = intake.lodge(uow, _lodging(uow.session, code, given, answers))
            for component, one in kept:
                files.attach(uow, lodged.dossier_id, component, one)
    except forms.FormInvalid as wrong:
        return _page(code, answers, given, kept=kept, errors=formview.sentences(wrong)), 422
    except DomainError as refusal:
        return _page(code, answers, given, kept=kept, refusal=sentence(refusal)), STATUS[refusal.kind]
    return redirect(url_for("tracking.ask", code=lodged.reference, secret=lodged.secret), 303)


def _lodging(
    session: Session, code: str, given: Application, answers: Mapping[str, Any]
) -> Lodging:
    competent = session.get(Office, given.office_id) if given.office_id else None
    if competent is None:
        raise offices.OfficeUnclear(procedure=code)
    return Lodging(
        procedure_code=code,
        channel="online",
        answers=answers,
        receiving_office_id=offices.counter_of(session, competent, on=house().clock.today()).id,
        competent_office_id=competent.id,
        is_proxy=given.is_proxy,
        key=given.key,
    )


def _answers(code: str) -> dict[str, Any]:
    with read_session() as session:
        return forms.from_flat(_offer(session, code).document, request.form)


def _offer(session: Session, code: str) -> Offer:
    procedure = session.get(Procedure, code)
    version = publish.in_force(session, code, house().clock.today())
    if procedure is None or version is None:
        raise Missing
    return Offer(
        procedure=procedure,
        document=publish.form(session, version.id, terms_of(procedure, version).declaration),
        offices=offices.deciding_offices(session, procedure, on=house().clock.today()),
    )


def _page(
    code: str,
    answers: Mapping[str, Any],
    given: Application,
    *,
    kept: list[tuple[str, Received]] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str | None = None,
) -> str:
    with read_session() as session:
        offer = _offer(session, code)
        lodging = Lodging(
            procedure_code=code,
            channel="online",
            answers=answers,
            receiving_office_id=uuid.UUID(int=0),
            is_proxy=given.is_proxy,
        )
        papers = intake.papers_asked(session, lodging, house().clock.today())
    return render_template(
        "portal/lodge.html",
        offer=offer,
        given=given,
        form=formview.view(
            offer.document, answers, errors or {}, intake.lodging_facts(lodging, house().clock.today())
        ),
        papers=papers,
        kept=[(component, one, token_of(one)) for component, one in kept or []],
        refusal=refusal,
        upload_mb=house().settings.upload_mb,
    )
