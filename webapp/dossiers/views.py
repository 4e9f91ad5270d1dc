"""The page of one dossier, what comes from outside its diagram, its papers and its files."""

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days
from engine.calendar.opening import Calendar
from engine.catalog import publish
from engine.dossiers import course, inbox, overview
from webapp.auth import needs
from webapp.clockview import ClockView, clock_view
from webapp.dossiers.next import next_of
from webapp.dossiers.schemas import sentence
from webapp.dossiers.story import story
from webapp.duesum import due_sum
from webapp.papers import pdf
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("dossiers", __name__, template_folder="templates", url_prefix="/dossiers")


@bp.get("/")
@needs("work")
def find() -> str | BaseResponse:
    """Look a dossier up by code, serial, name or personal id; a whole code opens it."""
    words = request.args.get("q", "").strip()
    with read_session() as session:
        rows = inbox.found(session, current_actor(), words)
    if len(rows) == 1 and words.upper() in (rows[0].code, rows[0].reference):
        return redirect(url_for("dossiers.show", ref=words.upper()))
    return render_template("dossiers/find.html", rows=rows, find_words=words)


@bp.get("/<ref>")
@needs("dossier.read")
def show(ref: str) -> str:
    """Where it is, whose turn, until when and why then, its papers, its story."""
    actor, now = current_actor(), house().clock.now()
    with read_session() as session:
        view = overview.overview(session, actor, overview.by_code(session, actor, ref))
        calendar = days.load(session, view.competent.id, now)
        model = publish.program_for(session, view.dossier.version_id).model
    calls = [one.id for one in model.elements.values() if one.kind == "call"]
    passed, current = overview.place_on_diagram(view, list(model.elements), calls)
    return render_template(
        "dossiers/show.html",
        view=view,
        next=next_of(view, actor),
        clock=_clock(view, calendar),
        sums={run.id: due_sum(run.lines) for run in view.deadlines},
        story=story(view),
        passed=passed,
        current=current,
    )


def _clock(view: overview.Overview, calendar: Calendar) -> ClockView:
    running = next((one for one in view.deadlines if one.stopped_at is None), None)
    paused = {
        "awaiting_supplement": _("chờ bổ sung"),
        "awaiting_payment": _("chờ nộp tiền"),
    }.get(view.dossier.status)
    return clock_view(
        calendar,
        running.started_at if running else None,
        running.due_at if running else None,
        house().clock.now(),
        paused=None if running else paused,
    )


@bp.get("/<ref>/diagram.bpmn")
@needs("dossier.read")
def diagram(ref: str) -> Response:
    """The diagram that this dossier runs on, as it was when the dossier was received."""
    actor = current_actor()
    with read_session() as session:
        drawn = overview.overview(session, actor, overview.by_code(session, actor, ref)).version.diagram
    return Response(drawn, mimetype="application/xml")


@bp.post("/<ref>/<act>")
@needs("dossier.read")
def do(ref: str, act: str) -> BaseResponse:
    """Say what came from outside the diagram: a supplement, money, an acknowledgement, a withdrawal."""
    if act not in _ACTS:
        raise Missing
    needed, command = _ACTS[act]
    text = sentence(needed=needed)
    with read_session() as session:
        dossier_id = overview.by_code(session, current_actor(), ref)
    with unit() as uow:
        command(uow, dossier_id, text)
    flash(_("Đã ghi nhận."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


#: Act of the page -> (needs a sentence, command).
_ACTS: dict[str, tuple[bool, Callable[[UnitOfWork, uuid.UUID, str], None]]] = {
    "resubmit": (False, lambda uow, one, text: course.resubmit(uow, one, text or None)),
    "confirm": (False, lambda uow, one, _text: course.confirm_preview(uow, one, ok=True)),
    "correct": (True, lambda uow, one, text: course.confirm_preview(uow, one, ok=False, remark=text)),
    "pay": (False, lambda uow, one, _text: course.settle_payment(uow, one, way="transfer")),
    "receive": (False, lambda uow, one, _text: course.acknowledge_transfer(uow, one, received=True)),
    "reject": (True, lambda uow, one, text: course.acknowledge_transfer(uow, one, received=False, note=text)),
    "answer": (True, course.answer_consultation),
    "delivered": (False, lambda uow, one, _text: course.confirm_delivery(uow, one, delivered=True)),
    "undelivered": (False, lambda uow, one, _text: course.confirm_delivery(uow, one, delivered=False)),
    "withdraw": (True, course.withdraw),
    "extend": (False, lambda uow, one, _text: course.extend(uow, one)),
    "mend": (False, lambda uow, one, _text: course.correct(uow, one)),
}


@bp.get("/<ref>/slips/<uuid:slip_id>.pdf")
@needs("dossier.read")
def slip(ref: str, slip_id: uuid.UUID) -> Response:
    """A statutory slip as PDF, made from its stored data."""
    actor = current_actor()
    with read_session() as session:
        view = overview.overview(session, actor, overview.by_code(session, actor, ref))
    row = next((one for one in view.slips if one.id == slip_id), None)
    if row is None:
        raise Missing
    hands_out = view.receiving.id in actor.offices
    made = pdf(row, house().settings.public_url, with_secret=hands_out)
    return Response(made, mimetype="application/pdf")


@bp.get("/<ref>/files/<uuid:file_id>")
@needs("dossier.read")
def file(ref: str, file_id: uuid.UUID) -> Response:
    """A paper of the dossier; shown in the page only where that is safe, else saved."""
    actor = current_actor()
    with read_session() as session:
        view = overview.overview(session, actor, overview.by_code(session, actor, ref))
    row = next((one for one in view.files if one.id == file_id), None)
    if row is None:
        raise Missing
    shown = row.media_type in ("application/pdf", "image/png", "image/jpeg")
    return send_file(
        house().blobs.open(row.sha256),
        mimetype=row.media_type,
        as_attachment=not shown,
        download_name=row.name,
    )
