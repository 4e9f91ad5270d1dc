"""Hand-over lists: what is ready to go, what is on its way, and what the other side says of it."""

import hashlib
import io
import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

import forms
from engine.base.errors import DomainError, Missing
from engine.documents import templates
from engine.dossiers import handover, legs
from engine.org import permissions
from webapp import formview, once, papers
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.handovers.schemas import read_answers, read_list
from webapp.paging import after
from webapp.unit import current_actor, house, read_session, reading, unit

bp = Blueprint("handovers", __name__, template_folder="templates", url_prefix="/handovers")


@bp.get("/")
@needs("work")
def index() -> str:
    """What my offices have to give, what they gave, what comes to them; the late ones say so."""
    return _index()


def _index(refused: str = "") -> str:
    with reading() as uow:
        ready = handover.ready(uow, after=after("ready"))
        missed = legs.missed(uow.session, uow.actor, after=after("legs"))
        mine = uow.session, uow.actor, uow.clock.now()
        incoming = handover.incoming(*mine, after=after("in"))
        outgoing = handover.outgoing(*mine, after=after("out"))
        over = handover.over(*mine, after=after("over"))
    return render_template(
        "handovers/index.html",
        ready=ready,
        incoming=incoming,
        outgoing=outgoing,
        over=over,
        missed=missed,
        refused=refused,
        typed=request.form,
        keys=[uuid.uuid4() for _one in ready.rows],
        ticked=request.form.getlist("dossier"),
    )


@bp.post("/")
@needs("handover.send")
@once.once
def send() -> BaseResponse | tuple[str, int]:
    """Put the ticked dossiers on one list, and give them."""
    try:
        asked = read_list(request.form)
        with unit() as uow:
            row = handover.send(
                uow,
                once.key(),
                kind=asked.kind,
                to_office_id=asked.to_office_id,
                dossier_ids=asked.dossier_ids,
                carrier=asked.carrier,
            )
            number = row.number
    except forms.FormInvalid as wrong:
        # the list does the step that hands over; of what its form asks only this was typed
        said = " ".join(one for each in formview.sentences(wrong).values() for one in each)
        return _index(f"{_('Người chuyển')}: {said}"), 422
    except DomainError as refusal:
        return _index(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã giao theo danh sách số %(number)s. In danh sách để hai bên ký.", number=number))
    return redirect(url_for("handovers.show", list_id=once.key()), 303)


@bp.get("/<uuid:list_id>")
@needs("work")
def show(list_id: uuid.UUID) -> str:
    """One list; whoever takes it says of each dossier what is there."""
    return _page(list_id)


def _page(list_id: uuid.UUID, refused: str = "") -> str:
    actor = current_actor()
    with read_session() as session:
        listed, lines = handover.opened(session, actor, list_id, house().clock.now())
    return render_template(
        "handovers/show.html",
        listed=listed,
        lines=lines,
        may=listed.row.closed_at is None and permissions.may(actor, "handover.acknowledge", listed.row),
        refused=refused,
        typed=request.form if request.method == "POST" else {},
    )


@bp.post("/<uuid:list_id>")
@needs("handover.acknowledge")
def acknowledge(list_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Say what is there and what is short; said again it is the same."""
    try:
        said = read_answers(request.form)
        with unit() as uow:
            handover.acknowledge(uow, list_id, said)
    except Missing:
        raise
    except DomainError as refusal:
        return _page(list_id, sentence(refusal)), STATUS[refusal.kind]
    flash(ngettext("Đã ghi nhận %(num)s hồ sơ.", "Đã ghi nhận %(num)s hồ sơ.", len(said)))
    return redirect(url_for("handovers.show", list_id=list_id), 303)


@bp.post("/<uuid:list_id>/print")
@needs("work")
def print_list(list_id: uuid.UUID) -> BaseResponse:
    """Print it for the first time; its bytes are kept. Again, it is those."""
    with read_session() as session:
        listed, _lines = handover.opened(session, current_actor(), list_id, house().clock.now())
        row = listed.row
        template = templates.of_today(session, "handover_list", row.data["province"], house().clock.today())
    if row.printed_sha256 is None:
        made = papers.listed(template, data=row.data, slip={"number": row.number}, code=row.number)
        digest = hashlib.sha256(made).hexdigest()
        house().blobs.put(io.BytesIO(made), digest)
        with unit() as uow:
            handover.keep_print(uow, list_id, digest)
    return redirect(url_for("handovers.printed", list_id=list_id), 303)


@bp.get("/<uuid:list_id>.pdf")
@needs("work")
def printed(list_id: uuid.UUID) -> Response:
    """The list as it was printed first."""
    with read_session() as session:
        listed, _lines = handover.opened(session, current_actor(), list_id, house().clock.now())
    if listed.row.printed_sha256 is None:
        raise Missing
    return Response(papers.kept(listed.row.printed_sha256), mimetype="application/pdf")
