"""The page of one dossier, what comes from outside its diagram, its papers and its files."""

import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.base.uow import UnitOfWork
from engine.calendar import days
from engine.calendar.opening import Calendar
from engine.catalog import browse, publish
from engine.documents.files import SHOWN, Received
from engine.documents.models import DocumentFile
from engine.documents.pictures import is_pdf_a
from engine.dossiers import (
    assisting,
    authorising,
    course,
    describing,
    handover,
    overview,
    printing,
    publicity,
    reassessing,
    recalling,
    reporting,
    search,
    suspension,
    tasks,
    tracking,
    visiting,
    warehouse,
)
from engine.dossiers.clock import SUSPENDED, suspended
from engine.dossiers.correction_models import Correction
from engine.org import permissions
from engine.org.directory import Colleague
from webapp import authority, papers
from webapp.auth import needs
from webapp.changes import changes
from webapp.clockview import ClockView, clock_view, run_view, still
from webapp.dossiers.clockbook import apologise_by, clock_book
from webapp.dossiers.next import APPLICANT, is_suspended, may_amend, next_of
from webapp.dossiers.relatives import doubted, group
from webapp.dossiers.schemas import (
    ActMalformed,
    ChoiceMissing,
    Said,
    WarehouseMalformed,
    check,
    read_result,
    read_said,
    read_visit,
)
from webapp.dossiers.story import story
from webapp.duesum import due_sum
from webapp.errors import STATUS, sentence
from webapp.once import key, once
from webapp.unit import current_actor, house, read_session, reading, unit
from webapp.uploads import received, token_of

bp = Blueprint("dossiers", __name__, template_folder="templates", url_prefix="/dossiers")

_NOTHING = Said()


@bp.get("/")
@needs("work")
def find() -> str | BaseResponse:
    """Look a dossier up by code, serial, name or personal id; a whole code opens it."""
    words = request.args.get("q", "").strip()
    with read_session() as session:
        rows = search.found(session, current_actor(), words)
        names = browse.names(session, (one.procedure_code for one in rows))
    if len(rows) == 1 and words.upper() in (rows[0].code, rows[0].reference):
        return redirect(url_for("dossiers.show", ref=words.upper()))
    return render_template("dossiers/find.html", rows=rows, names=names, find_words=words)


@bp.get("/<ref>")
@needs("dossier.read")
def show(ref: str) -> str:
    """Where it is, whose turn, until when and why then, its papers, its story."""
    return _page(ref)


def _page(
    ref: str,
    said: Said = _NOTHING,
    refused: str = "",
    typed: Mapping[str, str] | None = None,
    files: Sequence[Received] = (),
) -> str:
    """The page of a dossier; where an act was refused, why, and what was typed for it (`typed`: in a form of its own)."""
    with reading() as uow:
        session = uow.session
        view = overview.overview(session, uow.actor, ref)
        calendar = days.load(session, view.competent.id, uow.clock.now())
        model = publish.program_for(session, view.dossier.version_id).model
        staff = _staff(uow, view)
        handed = handover.of_dossier(session, view.dossier.id) if view.dossier.accepted_at else []
        described = describing.described(session, view.dossier.id) if view.files else {}
        printed = printing.printed(session, view.dossier.id, printing.copy_for(uow.actor, view.dossier))
        steered, stored = _steered(uow, view), _stored(uow, view)
        last = recalling.candidate(session, view.events, view.tasks, uow.actor.officer_id)
        grouped, wrong = group(uow, view), doubted(session, view.dossier)
    calls = [one.id for one in model.elements.values() if one.kind == "call"]
    asked = [model.elements.get(one.step_id) for one in view.waits if one.subject == "applicant_resubmitted"]
    in_form = any(one.form for one in asked if one)
    passed, current = overview.place_on_diagram(view, list(model.elements), calls)
    return render_template(
        "dossiers/show.html",
        view=view,
        next=next_of(view, uow.actor, staff, last, sentence(last.refusal) if last and last.refusal else "", in_form=in_form, first=wrong["asked_of"], answered=wrong["answered"]),
        in_form=in_form and permissions.may(uow.actor, "dossier.resubmit", view.dossier),
        said=said,
        refused=refused,
        key=uuid.uuid4(),
        clock=_clock(view, calendar, wrong["corrections"]),
        typed_visit=request.form if "visit_at" in request.form else {},
        apologise=apologise_by(uow, view, calendar),
        sums={run.id: due_sum(run.lines) for run in view.deadlines},
        story=story(view),
        passed=passed,
        current=current,
        handed=handed,
        printed=printed,
        described=described,
        chosen=[("result", one, token_of(one)) for one in files],
        lacking=describing.lacking,
        issuable=_issuable(uow, view),
        may_authorise=(view.dossier.ended_at is None or any(one.done_at is None for one in view.tasks))
        and permissions.may(uow.actor, "dossier.authorise", view.dossier),
        helped_for=assisting.reason(uow.session, view.dossier),
        typed=typed or {},
        today=uow.clock.today(),
        **steered,
        **stored,
        **grouped,
        **wrong,
    )


def _steered(uow: UnitOfWork, view: overview.Overview) -> dict[str, Any]:
    """What was changed, visited and posted, and what of it the officer may do now."""
    session, dossier, told = uow.session, view.dossier, {one.type for one in view.events}
    return {
        "changed": changes(uow, view),
        "may_amend": may_amend(view, uow.actor),
        "suspended": suspended(session, dossier) if is_suspended(view) else None,
        "visit": visiting.announced(session, dossier.id) if "visit.announced" in told else None,
        "may_announce": any(one.step_id in visiting.STEPS and not one.done_at for one in view.tasks)
        and permissions.may(uow.actor, "visit.announce", dossier),
        "posted": "posting.opened" in told,
        "objections": publicity.objections(session, dossier.id) if "posting.opened" in told else [],
        "may_object": publicity.is_posted(view.events, view.waits) and permissions.may(uow.actor, "objection.record", dossier),
    }


def _stored(uow: UnitOfWork, view: overview.Overview) -> dict[str, Any]:
    """The results that lie in the warehouse, and of which kinds the officer may store one."""
    session, dossier, today = uow.session, view.dossier, uow.clock.today()
    results = warehouse.of_dossier(session, dossier.id) if dossier.result_number else []
    may_store = dossier.result_number and dossier.result_kind and permissions.may(uow.actor, "result.store", dossier)
    kinds = warehouse.results_of(session, dossier) if may_store else []
    return {
        "results": [(one, warehouse.standing(one, today)) for one in results],
        "parcel": tracking.parcel(session, dossier),
        "may_store": bool(kinds),
        "kinds": kinds,
        "may_open": permissions.may(uow.actor, "warehouse.read"),
    }


def _issuable(uow: UnitOfWork, view: overview.Overview) -> list[str]:
    """Papers that the officer may ask for now."""
    if not permissions.may(uow.actor, "paper.issue", view.dossier):
        return []
    unwanted = set() if view.dossier.decided_at else {"result_receipt"}
    if view.dossier.accepted_at is None or any(one.kind == "receipt" for one in view.slips):
        unwanted.add("receipt")
    return [kind for kind in printing.ON_DEMAND if kind not in unwanted]


def _staff(uow: UnitOfWork, view: overview.Overview) -> dict[uuid.UUID, list[Colleague]]:
    return {one.id: tasks.candidates(uow, one.id) for one in view.tasks if one.done_at is None}


def _clock(view: overview.Overview, calendar: Calendar, corrections: Sequence[Correction] = ()) -> ClockView:
    running = next((one for one in view.deadlines if one.stopped_at is None), None)
    if mending := next((one for one in corrections if one.ended_at is None), None):
        return clock_view(calendar, mending.asked_at, mending.due_at, house().clock.now())
    paused = {
        "awaiting_supplement": _("chờ bổ sung"),
        "awaiting_payment": _("chờ nộp tiền"),
    }.get(view.dossier.status)
    if is_suspended(view):
        paused = still(SUSPENDED)
    if running:
        return run_view(calendar, running, house().clock.now(), why=paused or "")
    return clock_view(calendar, None, None, house().clock.now(), paused=paused)


@bp.get("/<ref>/clock")
@needs("dossier.read")
def clock(ref: str) -> str:
    """What the clock did from the first moment on, line by line, and every limit that the decree sets."""
    with reading() as uow:
        view = overview.overview(uow.session, uow.actor, ref)
        book = clock_book(uow, view)
        calendar = days.load(uow.session, view.competent.id, uow.clock.now())
    return render_template(
        "dossiers/clock.html",
        view=view,
        book=book,
        clock=_clock(view, calendar),
        sums={run.id: due_sum(run.lines) for run in view.deadlines},
    )


@bp.get("/<ref>/diagram.bpmn")
@needs("dossier.read")
def diagram(ref: str) -> Response:
    """The diagram that this dossier runs on, as it was when the dossier was received."""
    actor = current_actor()
    with read_session() as session:
        drawn = overview.overview(session, actor, ref).version.diagram
    return Response(drawn, mimetype="application/xml")


@bp.post("/<ref>/authorisations")
@needs("dossier.authorise")
@once
def authorise(ref: str) -> BaseResponse | tuple[str, int]:
    """Record the paper of somebody who withdraws or fetches for the applicant (Decree 118/2025, art. 6)."""
    with read_session() as session:
        dossier_id = overview.found(session, current_actor(), ref).id
    try:
        with unit() as uow:
            authorising.authorise(uow, dossier_id, authority.whole(request.form), key=key())
    except DomainError as refusal:
        return _page(ref, refused=sentence(refusal), typed=request.form), STATUS[refusal.kind]
    flash(_("Đã ghi nhận văn bản ủy quyền."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


@bp.post("/<ref>/results")
@needs("result.store")
@once
def store_result(ref: str) -> BaseResponse | tuple[str, int]:
    """Keep the signed result; its applicant can load it at once. What is refused keeps the file and what was typed."""
    with read_session() as session:
        dossier_id = overview.found(session, current_actor(), ref).id
    chosen, refused = received()
    files = [one for name, one in chosen if name == "result"]
    if refused:
        return _page(ref, refused=refused, typed=request.form, files=files), 422
    try:
        kind, until = read_result(request.form)
        if len(files) != 1:
            raise WarehouseMalformed
        with unit() as uow:
            warehouse.store(uow, dossier_id, files[0], until, kind)
    except DomainError as refusal:
        return _page(ref, refused=sentence(refusal), typed=request.form, files=files), STATUS[refusal.kind]
    flash(_("Đã lưu kết quả điện tử. Người nộp tải được ở trang tra cứu."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


@bp.post("/<ref>/visit")
@needs("visit.announce")
@once
def announce_visit(ref: str) -> BaseResponse | tuple[str, int]:
    """Tell the applicant when, where and who comes to look (Decree 118/2025, art. 19(4)(a))."""
    with read_session() as session:
        dossier_id = overview.found(session, current_actor(), ref).id
    try:
        at, place, people = read_visit()
        with unit() as uow:
            visiting.announce(uow, dossier_id, at, place, people, key=key())
    except Missing:
        raise
    except DomainError as refusal:
        return _page(ref, refused=sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã báo người nộp lịch kiểm tra."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


@bp.post("/<ref>/<act>")
@needs("dossier.read")
@once
def do(ref: str, act: str) -> BaseResponse | tuple[str, int]:
    """Say what came from outside the diagram, or steer it: a supplement, money, a withdrawal, another person."""
    if act not in _ACTS:
        raise Missing
    needed, command = _ACTS[act]
    said = read_said(act)
    try:
        dossier_id = _as_drawn(ref, said)
        check(said, **dict.fromkeys(needed, True))
        with unit() as uow:
            command(uow, dossier_id, said)
    except Missing:
        raise
    except DomainError as refusal:
        return _page(ref, said, sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


def _as_drawn(ref: str, said: Said) -> uuid.UUID:
    """The dossier. Refuses a page that was drawn for an earlier wait or question of the same kind."""
    with reading() as uow:
        view = overview.overview(uow.session, uow.actor, ref)
        now = next_of(view, uow.actor, _staff(uow, view))
    acts = [one for one in (*now.acts, *now.steering) if one.name == said.act]
    if said.act == "withdraw" and not said.choice and any(one.choices for one in acts):
        raise ChoiceMissing
    about = {one.about for one in acts}
    if about and said.about not in about:
        raise course.NotWaiting
    return view.dossier.id


Command = Callable[[UnitOfWork, uuid.UUID, Said], object]

#: Act of the page -> (what it needs, command).
_ACTS: dict[str, tuple[tuple[str, ...], Command]] = {
    "resubmit": ((), lambda uow, one, said: course.resubmit(uow, one, said.text or None, key=said.key)),
    "confirm": ((), lambda uow, one, said: course.confirm_preview(uow, one, ok=True, key=said.key)),
    "correct": (
        ("text",),
        lambda uow, one, said: course.confirm_preview(uow, one, ok=False, remark=said.text, key=said.key),
    ),
    "pay": ((), lambda uow, one, said: course.settle_payment(uow, one, way="transfer", key=said.key)),
    "receive": ((), lambda uow, one, said: course.acknowledge_transfer(uow, one, received=True, key=said.key)),
    "reject": (
        ("text",),
        lambda uow, one, said: course.acknowledge_transfer(uow, one, received=False, note=said.text, key=said.key),
    ),
    "answer": (("text",), lambda uow, one, said: course.answer_consultation(uow, one, said.text, key=said.key)),
    "news": ((), lambda uow, one, said: course.ask_ministry(uow, one, key=said.key)),
    "report": (
        ("choice",),
        lambda uow, one, said: reporting.report(uow, one, said.choice, said.text, key=said.key),
    ),
    "delivered": ((), lambda uow, one, said: course.confirm_delivery(uow, one, delivered=True, key=said.key)),
    "undelivered": ((), lambda uow, one, said: course.confirm_delivery(uow, one, delivered=False, key=said.key)),
    "withdraw": (
        ("text",),
        lambda uow, one, said: course.withdraw(uow, one, said.text, by=_by(said.choice), key=said.key),
    ),
    "suspend": (("text",), lambda uow, one, said: suspension.suspend(uow, one, said.text, key=said.key)),
    "unsuspend": ((), lambda uow, one, said: suspension.unsuspend(uow, one, key=said.key)),
    "exempt": (
        ("text", "choice"),
        lambda uow, one, said: reassessing.exempt(uow, one, said.choice, said.text, key=said.key),
    ),
    "doubt": (("text",), lambda uow, one, said: reporting.doubt(uow, one, said.text, key=said.key)),
    "read": ((), lambda uow, one, _said: reporting.read(uow, one)),
    "extend": ((), lambda uow, one, said: course.extend(uow, one, key=said.key)),
    "mend": (("text",), lambda uow, one, said: course.correct(uow, one, said.text, key=said.key)),
    "stop": (
        ("text", "choice", "sure"),
        lambda uow, one, said: course.stop(uow, one, said.text, ground=said.choice, key=said.key),
    ),
    "object": (
        ("text", "choice"),
        lambda uow, one, said: publicity.object_to(uow, one, said.choice, said.text, key=said.key),
    ),
    "recall": (("text",), lambda uow, _one, said: _recall(uow, said)),
    "reassign": (("text", "choice"), lambda uow, _one, said: _reassign(uow, said)),
}


def _by(choice: str) -> uuid.UUID | None:
    """Who asks: None the applicant; a page that offers representatives wants a word."""
    try:
        return None if choice in ("", APPLICANT) else uuid.UUID(choice)
    except ValueError as error:
        raise ActMalformed from error


def _recall(uow: UnitOfWork, said: Said) -> None:
    if said.about is None:
        raise ActMalformed
    recalling.recall(uow, said.about, said.text, key=said.key)


def _reassign(uow: UnitOfWork, said: Said) -> None:
    try:
        officer_id = uuid.UUID(said.choice)
    except ValueError as error:
        raise ActMalformed from error
    if said.about is None:
        raise ActMalformed
    tasks.reassign(uow, said.about, officer_id, reason=said.text, seen=said.seen, key=said.key)


@bp.get("/<ref>/slips/<uuid:slip_id>.pdf")
@needs("dossier.read")
def slip(ref: str, slip_id: uuid.UUID) -> Response:
    """A slip that was printed before: the same bytes."""
    actor = current_actor()
    with read_session() as session:
        dossier = overview.found(session, actor, ref)
        what = printing.printable(session, dossier.id, slip_id, printing.copy_for(actor, dossier))
    if what.sha256 is None:
        raise Missing
    return Response(papers.kept(what.sha256), mimetype="application/pdf")


@bp.post("/<ref>/slips/<uuid:slip_id>")
@needs("dossier.read")
def print_slip(ref: str, slip_id: uuid.UUID) -> BaseResponse:
    """Print a slip for the first time; its bytes are kept. Again, it is those."""
    actor = current_actor()
    with read_session() as session:
        dossier = overview.found(session, actor, ref)
    papers.print_slip(unit(), dossier.id, slip_id, printing.copy_for(actor, dossier))
    return redirect(url_for("dossiers.slip", ref=ref, slip_id=slip_id), 303)


@bp.post("/<ref>/slips")
@needs("paper.issue")
@once
def issue_slip(ref: str) -> BaseResponse:
    """Make a control slip, a hand-over, a receipt of the result or a history as of now, and print it."""
    actor, kind = current_actor(), request.form.get("kind", "")
    with read_session() as session:
        view = overview.overview(session, actor, ref)
    with force_locale("vi"):
        told = [{"at": line.at.isoformat(), "who": line.who, "words": line.words} for line in reversed(story(view))]
    with unit() as uow:
        made = printing.issue(uow, view.dossier.id, kind, told if kind == "history" else (), key=key())
    papers.print_slip(unit(), view.dossier.id, made, printing.copy_for(actor, view.dossier))
    return redirect(url_for("dossiers.slip", ref=ref, slip_id=made), 303)


@bp.get("/<ref>/files/<uuid:file_id>")
@needs("dossier.read")
def file(ref: str, file_id: uuid.UUID) -> Response:
    """A paper of the dossier; shown in the page only where that is safe, else saved."""
    row = _file(ref, file_id)
    shown = row.media_type in SHOWN
    return send_file(
        house().blobs.open(row.sha256),
        mimetype=row.media_type,
        as_attachment=not shown,
        download_name=row.name,
    )


@bp.get("/<ref>/files/<uuid:file_id>/searchable")
@needs("dossier.read")
def searchable(ref: str, file_id: uuid.UUID) -> Response:
    """The same scan as a PDF whose text can be searched and copied."""
    row = _file(ref, file_id)
    if row.searchable_sha256 is None:
        raise Missing
    with house().blobs.open(row.searchable_sha256) as stream:
        made = stream.read()
    name = f"{row.name.rpartition('.')[0] or row.name}-{'pdfa' if is_pdf_a(made) else 'ocr'}.pdf"
    return send_file(io.BytesIO(made), mimetype="application/pdf", download_name=name)


def _file(ref: str, file_id: uuid.UUID) -> DocumentFile:
    actor = current_actor()
    with read_session() as session:
        dossier = overview.found(session, actor, ref)
        row = session.scalars(select(DocumentFile).filter_by(id=file_id, dossier_id=dossier.id)).first()
    if row is None:
        raise Missing
    return row
