"""The warehouse: electronic results of a person, each with where it comes from and how long it holds."""

import uuid
from datetime import date, datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import Invalid, Missing
from engine.documents import files
from engine.documents.warehouse_models import WarehousePaper
from engine.dossiers import overview, warehouse
from engine.dossiers.models import Dossier
from engine.org import permissions
from webapp.auth import needs
from webapp.once import key, once
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("warehouse", __name__, template_folder="templates", url_prefix="/warehouse")

#: Longer than any number of a person or organisation.
_LONGEST = 20


class WarehouseMalformed(Invalid):
    """One file is chosen, and its last day is a day."""


@bp.get("/")
@needs("warehouse.read")
def index() -> str:
    """The papers of one owner, by their number; nobody leafs through those of others."""
    owner = request.args.get("owner", "").replace("\x00", "").strip()[:_LONGEST]
    today = house().clock.today()
    with read_session() as session:
        rows = warehouse.of_owner(session, owner) if owner else []
        shown = [(row, session.get_one(Dossier, row.dossier_id)) for row in rows]
    actor = current_actor()
    lines = [
        (row, dossier.code or dossier.reference, warehouse.standing(row, today), permissions.may(actor, "result.revoke", dossier))
        for row, dossier in shown
    ]
    return render_template("warehouse/index.html", owner=owner, lines=lines, key=uuid.uuid4())


@bp.get("/<uuid:paper_id>")
@needs("warehouse.read")
def paper(paper_id: uuid.UUID) -> Response:
    """The file, as it was signed."""
    with read_session() as session:
        row = session.get(WarehousePaper, paper_id)
    if row is None:
        raise Missing
    return send_file(house().blobs.open(row.sha256), mimetype=row.media_type, download_name=f"{paper_id}.pdf")


@bp.post("/<uuid:paper_id>/revoke")
@needs("result.revoke")
@once
def revoke(paper_id: uuid.UUID) -> BaseResponse:
    """Take it out of force; a second time it is told that it is."""
    key()
    with unit() as uow:
        warehouse.revoke(uow, paper_id, request.form.get("why", "")[:500])
    flash(_("Đã thu hồi. Giấy này không được dùng lại nữa."))
    return redirect(url_for("warehouse.index", owner=request.form.get("owner", "")[:_LONGEST]), 303)


@bp.post("/of/<ref>")
@needs("result.store")
@once
def store(ref: str) -> BaseResponse:
    """Keep the signed result of a dossier; its applicant can load it at once."""
    chosen, until = request.files.get("result"), request.form.get("valid_to", "").strip()
    if chosen is None or not chosen.filename:
        raise WarehouseMalformed
    with read_session() as session:
        dossier_id = overview.found(session, current_actor(), ref).id
    most, today = house().settings.upload_mb << 20, house().clock.today()
    received = files.receive(house().blobs, chosen.stream, name=chosen.filename, max_bytes=most, on=today)
    with unit() as uow:
        warehouse.store(uow, dossier_id, received, _day(until) if until else None)
    flash(_("Đã lưu kết quả điện tử. Người nộp tải được ở trang tra cứu."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


def _day(typed: str) -> date:
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date()  # noqa: DTZ007  a day
    except ValueError as error:
        raise WarehouseMalformed from error
