"""Where is my dossier? For whoever has its code and the secret from the slip; no login."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

import forms
from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days
from engine.dossiers import amending, course, printing, tracking
from engine.dossiers.settle import TRANSITIONS
from engine.dossiers.tracking import NotTheApplicant, TrackingUnknown
from webapp import choices, formview, papers, submitting
from webapp.auth import public
from webapp.clockview import run_view
from webapp.errors import STATUS, answer, sentence, wants_json
from webapp.formview import FormView
from webapp.limits import failed, few
from webapp.once import key as made_key
from webapp.once import once
from webapp.tracking.plain import as_json, named, stages, state_of, told
from webapp.tracking.schemas import Key, Needs, Said, read_key, read_number, read_said
from webapp.typed import line, raw
from webapp.unit import house, public_reading, public_unit, read_session
from webapp.uploads import token_of

bp = Blueprint("tracking", __name__, template_folder="templates", url_prefix="/track")

#: Refusals from one address, behind which a ward may sit; and for one code, so that many addresses guess no
#: secret (some 10^12). Wide, so that a stranger does not keep an applicant from their dossier for long.
_OF_AN_ADDRESS = "60 per 10 minutes"
_OF_A_CODE = "100 per hour"


def _code() -> str:
    return "code " + read_key(request.values).code.upper()


def _too_often(text: str) -> str:
    """Never the dossier, whatever the secret: else guessing would go on."""
    return render_template("tracking/ask.html", key=read_key(request.values), refused=text)


def refused_beside(act: str) -> Callable[[Callable[..., BaseResponse]], Callable[..., BaseResponse]]:
    """A view of one dossier: what it refuses stands on the page of the dossier, where this act begins."""

    def around(view: Callable[..., BaseResponse]) -> Callable[..., BaseResponse]:
        @wraps(view)
        def seen(**parts: Any) -> BaseResponse:
            try:
                return view(**parts)
            except NotTheApplicant as error:
                return _page(read_key(request.form), 422, act=act, said=Said(wrong={"number": sentence(error)}))
            except DomainError as error:
                return _page(read_key(request.form), STATUS[error.kind], act=act, refused=sentence(error))

        return seen

    return around


@bp.after_request
def keep_the_secret(response: Response) -> Response:
    """Its address holds the secret: no other page is told it, only where the visitor comes from (CSRF asks that)."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@bp.get("")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
def ask() -> Response:
    """The form; with a code and its secret (so the QR code of a slip says it) the dossier itself."""
    key = read_key(request.args)
    if key.is_whole:
        return _page(key)
    return _form(key, 422 if key.code or key.secret or wants_json() else 200)


@bp.post("/draft")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@refused_beside("draft")
def draft() -> Response:
    """The page again with the draft on it, for whoever knows the applicant's number too."""
    key = read_key(request.form)
    with read_session() as session:
        found = tracking.draft(session, key.code, key.secret, read_number())
        options = choices.named(session, found.document, found.answers)
    return _page(key, shown=formview.view(found.document, found.answers, {}, {}, choices=options))


@bp.post("/slips/<uuid:slip_id>")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@refused_beside("papers")
def paper(slip_id: uuid.UUID) -> Response:
    """A paper of the applicant's as PDF, for whoever knows their number too; the same bytes as at the counter."""
    key = read_key(request.form)
    with read_session() as session:
        dossier_id = tracking.paper(session, key.code, key.secret, read_number(), slip_id)
    made = papers.print_slip(public_unit(), dossier_id, slip_id, printing.APPLICANT)
    return Response(made, mimetype="application/pdf")


@bp.post("/results/<uuid:paper_id>")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@refused_beside("papers")
def result(paper_id: uuid.UUID) -> Response:
    """The electronic result, for whoever knows the applicant's number too."""
    key = read_key(request.form)
    with read_session() as session:
        digest = tracking.result(session, key.code, key.secret, read_number(), paper_id, house().clock.today())
    return send_file(house().blobs.open(digest), mimetype="application/pdf", download_name=f"{key.code}.pdf")


@bp.post("/declaration")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@refused_beside("declaration")
def declaration() -> Response:
    """What was declared, in full, to be changed by whoever also knows their number; again, as the answers stand."""
    key = read_key(request.form)
    dossier_id, document = _declared(key)
    typed = forms.from_flat(document, request.form) if "key" in request.form else None
    return _change_page(key, dossier_id, typed)


@bp.post("/amend")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@once
@refused_beside("declaration")
def amend() -> BaseResponse:
    """The changed answers take the place of the old ones (Decree 118/2025, art. 21)."""
    key = read_key(request.form)
    dossier_id, document = _declared(key)
    answers = forms.from_flat(document, request.form)
    if (rows := formview.change_rows(document, answers, request.form)) is not None:
        return _change_page(key, dossier_id, rows)
    try:
        with public_unit() as uow:
            amending.amend(uow, dossier_id, answers, line(request.form, "remark"), number=read_number(), key=made_key())
    except forms.FormInvalid as wrong:
        return _change_page(key, dossier_id, answers, 422, errors=formview.sentences(wrong))
    except DomainError as error:
        return _change_page(key, dossier_id, answers, STATUS[error.kind], refused=sentence(error))
    flash(_("Đã nhận nội dung sửa. Người đang giải quyết hồ sơ được báo ngay."))
    return redirect(url_for("tracking.ask", code=key.code, secret=key.secret), 303)


@bp.post("/submission")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@refused_beside("resubmit")
def submission() -> Response:
    """The form of the second submission that the dossier waits for; again, as its answers stand."""
    key = read_key(request.form)
    with public_reading() as uow:
        found = submitting.waited_for(uow, tracking.find(uow.session, key.code, key.secret).id)
        sent = submitting.read(found) if "key" in request.form else None
        return make_response(submitting.page("tracking/submit.html", uow, found, sent, key=key))


@bp.post("/submit")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@once
@refused_beside("resubmit")
def submit() -> BaseResponse:
    """Hand in the second submission: its form and its papers, whole or not at all."""
    key = read_key(request.form)
    with public_reading() as uow:
        dossier_id = tracking.find(uow.session, key.code, key.secret).id
        found = submitting.waited_for(uow, dossier_id)
    sent = submitting.read(found)

    def again(status: int, **wrong: Any) -> Response:
        with public_reading() as uow:
            return make_response(submitting.page("tracking/submit.html", uow, found, sent, key=key, **wrong), status)

    if sent.rows is not None or sent.refused:
        return again(422 if sent.refused else 200, refused=sent.refused or "")
    try:
        with public_unit() as uow:
            course.resubmit(uow, dossier_id, sent.remark or None, sent.papers, answers=sent.answers, key=made_key())
    except forms.FormInvalid as wrong:
        return again(422, errors=formview.sentences(wrong))
    except DomainError as error:
        return again(STATUS[error.kind], refused=sentence(error))
    flash(_("Đã nhận hồ sơ lần hai. Cảm ơn bạn."))
    return redirect(url_for("tracking.ask", code=key.code, secret=key.secret), 303)


@bp.post("/<act>")
@public
@few(_OF_AN_ADDRESS, failed, page=_too_often)
@few(_OF_A_CODE, failed, of=_code, page=_too_often)
@once
def do(act: str) -> BaseResponse:
    """What an applicant may say of their own dossier; the code and secret are in the form."""
    if act not in _ACTS:
        raise Missing
    key, asked = read_key(request.form), _ACTS[act]
    said = Said()
    try:
        with read_session() as session:  # before a stranger's file is kept
            dossier_id = tracking.find(session, key.code, key.secret).id
        said = read_said(asked.needs)
        if said.wrong:
            return _page(key, 422, act=act, said=said)
        with public_unit() as uow:
            asked.command(uow, dossier_id, said)
    except DomainError as error:
        return _page(key, STATUS[error.kind], act=act, said=said, refused=sentence(error))
    flash(_("Đã ghi nhận. Cảm ơn bạn."))
    return redirect(url_for("tracking.ask", code=key.code, secret=key.secret), 303)


@dataclass(frozen=True)
class _Act:
    command: Callable[[UnitOfWork, uuid.UUID, Said], None]
    needs: Needs


_ACTS = {
    "resubmit": _Act(
        lambda uow, one, said: course.resubmit(uow, one, said.text or None, said.papers, key=said.key),
        Needs(papers=True),
    ),
    "confirm": _Act(lambda uow, one, said: course.confirm_preview(uow, one, ok=True, key=said.key), Needs()),
    "correct": _Act(
        lambda uow, one, said: course.confirm_preview(uow, one, ok=False, remark=said.text, key=said.key),
        Needs(words=True),
    ),
    "mistake": _Act(
        lambda uow, one, said: course.correct(uow, one, said.text, number=said.number, key=said.key),
        Needs(words=True),
    ),
    "withdraw": _Act(
        lambda uow, one, said: course.withdraw(uow, one, said.text, number=said.number, key=said.key),
        Needs(words=True, sure=True),
    ),
}


def _form(key: Key, status: int, refused: str = "") -> Response:
    """The two boxes, with whatever was typed into them."""
    if wants_json():
        text = refused or _("Cần cả mã hồ sơ (code) và mã tra cứu (secret).")
        return answer(text, status, code="tracking_unknown" if refused else "tracking_key_missing")
    return make_response(render_template("tracking/ask.html", key=key, refused=refused), status)


def _declared(key: Key) -> tuple[uuid.UUID, dict[str, Any]]:
    """The dossier of whoever also knows their number, and the form of what was declared."""
    with public_reading() as uow:
        dossier_id = tracking.find(uow.session, key.code, key.secret).id
        return dossier_id, amending.declared(uow, dossier_id, number=read_number()).document


def _change_page(
    key: Key,
    dossier_id: uuid.UUID,
    answers: dict[str, Any] | None = None,
    status: int = 200,
    *,
    errors: dict[str, list[str]] | None = None,
    refused: str = "",
) -> Response:
    """The declaration as a form; whose number it is was asked before."""
    with public_reading() as uow:
        found = amending.declared(uow, dossier_id)
        options = choices.for_applicants(uow.session, found.document, uow.clock.today())
    shown = found.answers if answers is None else answers
    html = render_template(
        "tracking/change.html",
        key=key,
        number=read_number(),
        remark=raw(request.form, "remark"),
        act_key=request.form.get("key") or uuid.uuid4(),
        form=formview.view(found.document, shown, errors or {}, found.context, choices=options, cited=found.cited),
        refused=refused,
    )
    return make_response(html, status)


def _page(
    key: Key,
    status: int = 200,
    *,
    act: str = "",
    said: Said | None = None,
    refused: str = "",
    shown: FormView | None = None,
) -> Response:
    """The dossier, with what was typed where an act did not succeed. An unknown key gets the form again."""
    now, said = house().clock.now(), said or Said()
    with read_session() as session:
        try:
            track = tracking.track(session, key.code, key.secret, house().clock.today())
        except TrackingUnknown as error:
            return _form(key, STATUS[error.kind], sentence(error))
        calendar = days.load(session, track.competent.id, now)
    state = state_of(track, now)
    if wants_json():
        text = refused or next(iter(said.wrong.values()), "")
        return as_json(track, state) if status == 200 else answer(text, status, code="refused")
    running = next((one for one in track.deadlines if one.stopped_at is None), None)
    clock = run_view(calendar, running, now) if running else None
    html = render_template(
        "tracking/show.html",
        key=key,
        track=track,
        state=state,
        stages=stages(track, state),
        notices=[(one.made_at, told(one)) for one in track.notices],
        clock=clock,
        named=named,
        withdrawable="withdrawn" in TRANSITIONS[track.dossier.status] and not track.elsewhere,
        amendable="withdrawn" in TRANSITIONS[track.dossier.status]
        and not (track.elsewhere or track.members or track.group or track.dossier.result_number),
        mendable=track.dossier.status in ("decided", "handed_over") and all(one.ended_at for one in track.corrections),
        act=act,
        act_key=said.key or uuid.uuid4(),
        said=said,
        kept=[(line, one, token_of(one)) for line, one in said.papers],
        refused=refused,
        shown=shown,
        upload_mb=house().settings.upload_mb,
    )
    return make_response(html, status)
