"""An applicant declares, attaches, and gets a reference and a secret to follow the dossier with."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

import feel
import forms
from engine.base.errors import DomainError, Missing
from engine.calendar import rules
from engine.calendar.due import Limit
from engine.calendar.rules import Rule
from engine.catalog import publish
from engine.catalog.models import Procedure
from engine.catalog.terms import terms_of
from engine.documents.files import Received
from engine.dossiers import channels, citing, estimating, intake, offices
from engine.dossiers.assisting import Assistance
from engine.dossiers.intake import Lodging
from engine.org.models import Office
from webapp import choices, formview
from webapp.auth import needs, public
from webapp.errors import STATUS, sentence
from webapp.limits import few
from webapp.once import once
from webapp.portal.schemas import Application, read_application
from webapp.spans import span
from webapp.unit import counter_id, house, public_unit, read_session, unit
from webapp.uploads import received, token_of

bp = Blueprint("portal", __name__, template_folder="templates", url_prefix="/lodge")
kiosk = Blueprint("kiosk", __name__, template_folder="templates", url_prefix="/kiosk")
assist = Blueprint("assist", __name__, template_folder="templates", url_prefix="/assist")

#: From one address, behind which a self-service desk or a ward may sit.
_LODGED = "100 per hour"
_SENT = "300 per hour"
#: Seconds that a kiosk shows the secret.
_SHOWN = 90
#: Seconds after which a kiosk that nobody touches forgets what was typed, and for how many of them it says so.
_IDLE, _WARN = 120, 30
#: Under which its browser holds them meanwhile.
_STOOD = "stood"


def _lodged(answer: Response) -> bool:
    return answer.status_code == 303


def _stored(answer: Response) -> bool:
    """A dossier, or at least a file."""
    return _lodged(answer) or any(one.filename for one in request.files.values())


@dataclass(frozen=True)
class Door:
    """One of the ways to the same page: whose it is, and where its addresses are."""

    blueprint: str
    title: Callable[[], str]
    channel: str = "online"
    #: An officer types for a citizen, and says why.
    is_assisted: bool = False

    @property
    def base(self) -> str:
        """The page around: an officer's desk, or the public one."""
        return "base.html" if self.is_assisted else "public.html"


PORTAL = Door("portal", lambda: _("Nộp hồ sơ trực tuyến"))
KIOSK = Door("kiosk", lambda: _("Nộp hồ sơ tại ki-ốt"), "kiosk")
ASSISTED = Door("assist", lambda: _("Nộp hồ sơ trực tuyến giúp người dân"), is_assisted=True)


#: The endpoints that a page sends itself to: to be drawn again, and to be lodged.
_TO = {
    "portal": ("portal.form", "portal.lodge"),
    "kiosk": ("kiosk.stand_form", "kiosk.stand_lodge"),
    "assist": ("assist.help_form", "assist.help_lodge"),
}


@dataclass(frozen=True)
class Offer:
    """What can be lodged, and with whom."""

    procedure: Procedure
    document: dict[str, Any]
    #: Offices that decide; each dossier goes to the counter of the one that is chosen.
    offices: list[Office]
    #: What the conditions of its papers read: answers that change the list.
    read: frozenset[str]
    #: The rules whose numbers the form leaves to them, by code.
    cited: Mapping[str, Rule]
    #: Within which time it is answered, in words: the sector's own, else that of all (T02).
    answered_in: str


@bp.get("/<code>")
@public
def new(code: str) -> str:
    """The declaration of a procedure, empty."""
    return _page(PORTAL, code, {}, Application(uuid.uuid4()))


@bp.post("/<code>/form")
@public
@few(_SENT, _stored)
def form(code: str) -> str:
    """The form again as the answers stand; nothing is stored but chosen files."""
    return _again(PORTAL, code)


@bp.post("/<code>")
@public
@few(_LODGED, _lodged)
@few(_SENT, _stored)
@once
def lodge(code: str) -> str | tuple[str, int] | BaseResponse:
    """Hand it in; an error comes back with everything that was typed and chosen."""
    return _lodge(PORTAL, code)


@kiosk.get("/<code>")
@public
def stand(code: str) -> str:
    """The same on the screen of a smart kiosk (Decree 309/2026), where nothing is left of whoever stood there before."""
    browser.pop(_STOOD, None)
    return _page(KIOSK, code, {}, Application(uuid.uuid4()))


@kiosk.post("/<code>/form")
@public
@few(_SENT, _stored)
def stand_form(code: str) -> str:
    """The kiosk's form again as the answers stand."""
    return _again(KIOSK, code)


@kiosk.post("/<code>")
@public
@few(_LODGED, _lodged)
@few(_SENT, _stored)
@once
def stand_lodge(code: str) -> str | tuple[str, int] | BaseResponse:
    """Hand it in at the kiosk."""
    return _lodge(KIOSK, code)


@kiosk.get("/<code>/done")
@public
def stand_done(code: str) -> BaseResponse:
    """Code and secret, for whoever stands there, until they press the button or have gone."""
    again = url_for("kiosk.stand", code=code)
    if _STOOD not in browser:
        return redirect(again)
    page = render_template("portal/done.html", lodged=browser[_STOOD], code=code, again=again, seconds=_SHOWN)
    return Response(page, headers={"Refresh": f"{_SHOWN};url={again}"})


@assist.get("/<code>")
@needs("dossier.assist")
def help_new(code: str) -> str:
    """The same for an officer who types for a citizen (Decree 118/2025, art. 13, 16)."""
    return _page(ASSISTED, code, {}, Application(uuid.uuid4()))


@assist.post("/<code>/form")
@needs("dossier.assist")
def help_form(code: str) -> str:
    """The officer's form again as the answers stand."""
    return _again(ASSISTED, code)


@assist.post("/<code>")
@needs("dossier.assist")
@once
def help_lodge(code: str) -> str | tuple[str, int] | BaseResponse:
    """Lodge for the citizen: who and why is recorded, and counted apart."""
    return _lodge(ASSISTED, code)


def _again(door: Door, code: str) -> str:
    given, unread = read_application(request.form)
    kept, refused = received()
    return _page(door, code, _answers(door, code), given, kept=kept, refusal=refused or (unread and sentence(unread)))


def _lodge(door: Door, code: str) -> str | tuple[str, int] | BaseResponse:
    (given, unread), answers = read_application(request.form), _answers(door, code)
    with read_session() as session:
        changed = formview.change_rows(_offer(session, door, code).document, answers, request.form)
    kept, refused = received()
    if refused or changed is not None:
        page = _page(door, code, answers if changed is None else changed, given, kept=kept, refusal=refused)
        return (page, 422) if refused else page
    try:
        if unread:
            raise unread
        with unit() if door.is_assisted else public_unit() as uow:
            lodged = intake.lodge(uow, replace(_lodging(uow.session, door, code, given, answers), papers=kept))
    except forms.FormInvalid as wrong:
        return _page(door, code, answers, given, kept=kept, errors=formview.sentences(wrong)), 422
    except DomainError as refusal:
        return _page(door, code, answers, given, kept=kept, refusal=sentence(refusal)), STATUS[refusal.kind]
    if door is KIOSK:
        browser[_STOOD] = {"reference": lodged.reference, "secret": lodged.secret}
        return redirect(url_for("kiosk.stand_done", code=code), 303)
    flash(
        _(
            "Đã nộp hồ sơ. Mã biên nhận %(code)s, mã tra cứu %(secret)s: hãy ghi lại để xem hồ sơ sau này.",
            code=lodged.reference,
            secret=lodged.secret,
        )
    )
    if door.is_assisted:
        return redirect(url_for("counter.index"), 303)
    return redirect(url_for("tracking.ask", code=lodged.reference, secret=lodged.secret), 303)


def _lodging(
    session: Session, door: Door, code: str, given: Application, answers: Mapping[str, Any]
) -> Lodging:
    """Nobody named: it goes by authority to the counter of whoever decides, else to that of the province."""
    today = house().clock.today()
    competent = session.get(Office, offices.successor(session, given.office_id)) if given.office_id else None
    if given.office_id and competent is None:
        raise offices.OfficeUnclear(procedure=code)
    counter = offices.counter_of(session, competent, on=today) if competent else offices.provincial_counter(session, on=today)
    return Lodging(
        procedure_code=code,
        channel=door.channel,
        answers=answers,
        receiving_office_id=counter.id,
        competent_office_id=competent.id if competent else None,
        resolve=competent is None,
        is_proxy=given.is_proxy,
        authority=given.authority,
        key=given.key,
        helping_office_id=counter_id() if door.is_assisted else None,
        assistance=Assistance(given.ground, given.reason) if door.is_assisted else None,
        # only where asked for: what an owner holds is shown to whoever works on the dossier, not on a public page
        facts={"reuse": list(given.reuse)} if given.reuse else {},
    )


def _answers(door: Door, code: str) -> dict[str, Any]:
    with read_session() as session:
        return forms.from_flat(_offer(session, door, code).document, request.form)


def _offer(session: Session, door: Door, code: str) -> Offer:
    """Refusals: Missing, ChannelNotOffered."""
    procedure = session.get(Procedure, code)
    version = publish.in_force(session, code, house().clock.today())
    if procedure is None or version is None:
        raise Missing
    today = house().clock.today()
    terms, law = terms_of(procedure, version), rules.in_force(rules.newest(), today)
    document = publish.form(session, version.id, terms.declaration)
    channels.check(terms, door.channel)
    own = terms.step_limits.get("check_dossier")
    limit = Limit.parse(own.limit) if own else law["T02"].limit
    return Offer(
        procedure=procedure,
        document=document,
        offices=offices.deciding_offices(session, procedure, on=today),
        read=frozenset().union(*(feel.check(one.required_when) for one in terms.components if one.required_when)),
        cited=citing.cited_by_declaration(session, version, terms, document, today),
        answered_in=span([(limit.value, limit.unit)]),
    )


def _page(
    door: Door,
    code: str,
    answers: Mapping[str, Any],
    given: Application,
    *,
    kept: list[tuple[str, Received]] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str | None = None,
) -> str:
    with read_session() as session:
        offer = _offer(session, door, code)
        lodging = Lodging(
            procedure_code=code,
            channel=door.channel,
            answers=answers,
            receiving_office_id=uuid.UUID(int=0),
            is_proxy=given.is_proxy,
        )
        today = house().clock.today()
        papers = estimating.papers_asked(session, lodging, today)
        options = choices.for_applicants(session, offer.document, today)
        called = choices.known_as(session)
    return render_template(
        "portal/lodge.html",
        door=door,
        to=_TO[door.blueprint],
        offer=offer,
        given=given,
        called=called,
        form=formview.view(
            offer.document,
            answers,
            errors or {},
            intake.lodging_facts(lodging, today),
            choices=options,
            read=offer.read,
            cited=offer.cited,
        ),
        papers=papers,
        kept=[(component, one, token_of(one)) for component, one in kept or []],
        refusal=refusal,
        idle=_IDLE,
        warn=_WARN,
        upload_mb=house().settings.upload_mb,
    )
