"""Where is my dossier? For whoever has its code and the secret from the slip; no login."""

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days
from engine.dossiers import course, tracking
from engine.dossiers.settle import TRANSITIONS
from engine.dossiers.tracking import TrackingUnknown
from webapp.auth import public
from webapp.clockview import clock_view
from webapp.errors import STATUS, sentence
from webapp.tracking.plain import named, stages, state_of, told
from webapp.tracking.schemas import Key, Said, read_key, read_said
from webapp.unit import house, public_unit, read_session

bp = Blueprint("tracking", __name__, template_folder="templates", url_prefix="/track")

_NOTHING = Said("", {})


@bp.get("")
@public
def ask() -> Response:
    """The form; with a code and its secret (so the QR code of a slip says it) the dossier itself."""
    key = read_key(request.args)
    if not key.is_whole:
        return _form(key, 422 if key.code or key.secret else 200)
    return _page(key)


@bp.post("/<act>")
@public
def do(act: str) -> BaseResponse:
    """What an applicant may say of their own dossier; the code and secret are in the form."""
    if act not in _ACTS:
        raise Missing
    needed, sure, command = _ACTS[act]
    key, said = read_key(request.form), read_said(needed=needed, sure=sure)
    if said.wrong:
        return _page(key, 422, act=act, said=said)
    try:
        with public_unit() as uow:
            command(uow, tracking.track(uow.session, key.code, key.secret).dossier.id, said.text)
    except DomainError as error:
        return _page(key, STATUS[error.kind], act=act, said=said, refused=sentence(error))
    flash(_("Đã ghi nhận. Cảm ơn bạn."))
    return redirect(url_for("tracking.ask", code=key.code, secret=key.secret), 303)


#: Act of the page -> (needs a sentence, cannot be undone, command).
_ACTS: dict[str, tuple[bool, bool, Callable[[UnitOfWork, uuid.UUID, str], None]]] = {
    "resubmit": (False, False, lambda uow, one, text: course.resubmit(uow, one, text or None)),
    "confirm": (False, False, lambda uow, one, _text: course.confirm_preview(uow, one, ok=True)),
    "correct": (True, False, lambda uow, one, text: course.confirm_preview(uow, one, ok=False, remark=text)),
    "withdraw": (True, True, course.withdraw),
}


def _form(key: Key, status: int, refused: str = "") -> Response:
    """The two boxes, with whatever was typed into them."""
    return make_response(render_template("tracking/ask.html", key=key, refused=refused), status)


def _page(
    key: Key, status: int = 200, *, act: str = "", said: Said = _NOTHING, refused: str = ""
) -> Response:
    """The dossier, with what was typed where an act did not succeed. An unknown key gets the form again."""
    now = house().clock.now()
    with read_session() as session:
        try:
            track = tracking.track(session, key.code, key.secret)
        except TrackingUnknown as error:
            return _form(key, STATUS[error.kind], sentence(error))
        calendar = days.load(session, track.competent.id, now)
    state = state_of(track, now)
    running = next((one for one in track.deadlines if one.stopped_at is None), None)
    clock = clock_view(calendar, running.started_at, running.due_at, now) if running else None
    html = render_template(
        "tracking/show.html",
        key=key,
        track=track,
        state=state,
        stages=stages(track, state),
        notices=[(one.made_at, told(one)) for one in track.notices],
        clock=clock,
        named=named,
        withdrawable="withdrawn" in TRANSITIONS[track.dossier.status],
        act=act,
        said=said,
        refused=refused,
    )
    return make_response(html, status)
