"""A digitised paper: its picture, and beside it what is said of it."""

import io
import uuid
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.documents import pictures
from engine.documents.metadata_models import PaperMetadata
from engine.documents.models import DocumentFile
from engine.dossiers import copying, describing, overview, warehouse
from engine.dossiers.models import Dossier
from engine.org import permissions
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.filters import vndate
from webapp.metadata.schemas import DATES, read_description
from webapp.once import once
from webapp.typed import line
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("metadata", __name__, template_folder="templates", url_prefix="/dossiers")


@dataclass(frozen=True)
class Box:
    """One box of the page."""

    name: str
    words: str
    value: str
    lacks: bool
    long: bool = False
    hint: str = ""


def _find(session: Session, ref: str, file_id: uuid.UUID) -> tuple[Dossier, DocumentFile]:
    dossier = overview.found(session, current_actor(), ref)
    row = session.scalars(select(DocumentFile).filter_by(id=file_id, dossier_id=dossier.id)).first()
    if row is None:
        raise Missing
    return dossier, row


@bp.get("/<ref>/files/<uuid:file_id>/metadata")
@needs("dossier.read")
def show(ref: str, file_id: uuid.UUID) -> str:
    """The picture, and what was entered; before that, what the dossier says by itself."""
    return _page(ref, file_id)


@bp.post("/<ref>/files/<uuid:file_id>/metadata")
@needs("paper.describe")
@once
def enter(ref: str, file_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Enter it; what is refused comes back with everything that was typed."""
    with read_session() as session:
        _find(session, ref, file_id)
    try:
        said = read_description(request.form)
        with unit() as uow:
            describing.describe(uow, file_id, said)
    except DomainError as refusal:
        return _page(ref, file_id, refused=sentence(refusal)), STATUS[refusal.kind]
    missing = describing.lacking(said)
    flash(_("Đã ghi, còn thiếu %(n)s mục.", n=len(missing)) if missing else _("Đã ghi đủ thông tin của giấy tờ."))
    return redirect(url_for("dossiers.show", ref=ref), 303)


@bp.post("/<ref>/files/<uuid:file_id>/copy")
@needs("copy.keep")
def keep(ref: str, file_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Keep it in its owner's warehouse: compared with the original, it is offered the next time."""
    with read_session() as session:
        _find(session, ref, file_id)
    form = request.form
    try:
        with unit() as uow:
            compared = form.get("compared") == "yes"
            copying.keep(uow, file_id, form.get("kept_as", ""), line(form, "number", 100), compared=compared)
    except DomainError as refusal:
        return _page(ref, file_id, kept_refused=sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã lưu vào kho dữ liệu của chủ sở hữu; lần sau giấy này được dùng lại."))
    return redirect(url_for("metadata.show", ref=ref, file_id=file_id), 303)


@bp.get("/<ref>/files/<uuid:file_id>/pages/<int:number>.jpg")
@needs("dossier.read")
def page(ref: str, file_id: uuid.UUID, number: int) -> Response:
    """One page of it as a picture."""
    with read_session() as session:
        _dossier, row = _find(session, ref, file_id)
    with house().blobs.open(row.sha256) as stream:
        drawn = pictures.page(stream.read(), row.media_type, number)
    answer = Response(io.BytesIO(drawn), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _page(ref: str, file_id: uuid.UUID, refused: str = "", kept_refused: str = "") -> str:
    with read_session() as session:
        dossier, row = _find(session, ref, file_id)
        kept = copying.of_file(session, row.id)
        may_keep = permissions.may(current_actor(), "copy.keep", dossier)
        codes = copying.codes(session, dossier, row) if may_keep and not kept else ()
        known, missing = describing.known(session, row), describing.lacking(session.get(PaperMetadata, row.id))
        may = permissions.may(current_actor(), "paper.describe", dossier)
    typed = request.form if refused else None
    return render_template(
        "metadata/show.html",
        ref=ref,
        file=row,
        boxes=_boxes(known, missing, typed),
        unlimited=bool(typed.get("unlimited")) if typed is not None else known.unlimited,
        missing=len(missing),
        # Of a paper of the warehouse nobody counted the pages; it has one at least.
        pages=range(1, min(row.pages or int(row.warehouse_paper_id is not None), pictures.MOST) + 1),
        may=may,
        kept=kept,
        standing=warehouse.standing(kept, house().clock.today()) if kept else "",
        codes=codes,
        key=uuid.uuid4(),
        refused=refused or kept_refused,
    )


def _boxes(known: describing.Description, lacking: list[str], typed: Any) -> dict[str, Box]:
    words = {
        "type_code": (_("Mã loại giấy tờ"), ""),
        "name": (_("Tên giấy tờ"), ""),
        "owner_id": (_("Số định danh của chủ sở hữu"), _("Không có số định danh thì ghi đủ bốn ô dưới.")),
        "owner_name": (_("Họ và tên chủ sở hữu"), ""),
        "owner_born": (_("Năm sinh"), ""),
        "issued_on": (_("Ngày cấp"), ""),
        "issuer": (_("Cơ quan cấp"), ""),
        "summary": (_("Trích yếu nội dung"), ""),
        "valid_from": (_("Có hiệu lực từ"), ""),
        "valid_to": (_("Đến hết ngày"), ""),
        "scope": (_("Phạm vi có hiệu lực"), ""),
    }
    values = asdict(known)
    boxes = {}
    for name, (said, hint) in words.items():
        value = values[name]
        shown = vndate(value) if isinstance(value, date) else str(value) if value is not None else ""
        shown = typed.get(name, "") if typed is not None else shown
        below = _("ngày/tháng/năm") if name in DATES else hint
        boxes[name] = Box(name, said, shown, name in lacking, name == "summary", below)
    return boxes
