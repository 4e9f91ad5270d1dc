"""The warehouse: electronic results of a person, each with where it comes from and how long it holds."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.base.pages import Page
from engine.dossiers import overview, reuse, warehouse
from engine.dossiers.models import Dossier
from engine.org import permissions
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.once import once
from webapp.paging import after
from webapp.typed import TextTooLong, line, raw
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("warehouse", __name__, template_folder="templates", url_prefix="/warehouse")

#: Longer than any number of a person or organisation; and than any reason.
_LONGEST, _WORDS = 20, 500


@dataclass(frozen=True)
class Asked:
    """Whose papers, for which dossier, or why."""

    owner: str
    ref: str
    reason: str

    def dossier(self, session: Session) -> Dossier | None:
        """The one in hand; Missing where it is not theirs to see."""
        return overview.found(session, current_actor(), self.ref) if self.ref else None


def _asked() -> Asked:
    form = request.form
    return Asked(line(form, "owner", _LONGEST), line(form, "ref", 60).upper(), line(form, "reason", _WORDS))


@bp.get("/")
@needs("warehouse.read")
def index() -> str:
    """Whose papers, and for what? Numbers stand in no address, and nobody leafs through the papers of others."""
    return _page(Asked("", "", ""))


@bp.post("/")
@needs("warehouse.read")
def look() -> str | tuple[str, int]:
    """The papers of one owner; that somebody looked is kept."""
    try:
        asked = _asked()
    except TextTooLong as refusal:
        typed = Asked(*(raw(request.form, name) for name in ("owner", "ref", "reason")))
        return _page(typed, refused=sentence(refusal), listed=False), STATUS[refusal.kind]
    try:
        with unit() as uow:
            reuse.search(uow, asked.owner, asked.dossier(uow.session), asked.reason)
    except DomainError as refusal:
        return _page(asked, refused=sentence(refusal), listed=False), STATUS[refusal.kind]
    return _page(asked)


def _page(asked: Asked, *, refused: str = "", listed: bool = True, about: uuid.UUID | None = None) -> str:
    """The list as it was shown, and where an act on one paper was refused, what was typed for it."""
    actor, today = current_actor(), house().clock.today()
    with read_session() as session:
        page = warehouse.of_owner(session, asked.owner, after=after()) if asked.owner and listed else Page([], 0, None)
        month = reuse.month(session, today)
    lines = [
        (row, dossier.code or dossier.reference, warehouse.standing(row, today), permissions.may(actor, "result.revoke", dossier))
        for row, dossier in page.rows
    ]
    return render_template(
        "warehouse/index.html",
        asked=asked,
        page=page,
        lines=lines,
        looked=bool(asked.owner) and listed,
        may_search=permissions.may(actor, "warehouse.search"),
        month=month,
        today=today,
        refused=refused,
        about=about,
        why=request.form.get("why", ""),
        key=uuid.uuid4(),
    )


@bp.post("/<uuid:paper_id>")
@needs("warehouse.read")
def paper(paper_id: uuid.UUID) -> Response:
    """The file, as it was signed; that somebody opened it is kept."""
    asked = _asked()
    with unit() as uow:
        row = reuse.open_paper(uow, paper_id, asked.dossier(uow.session), asked.reason)
        digest, kind = row.sha256, row.media_type
    return send_file(house().blobs.open(digest), mimetype=kind, download_name=f"{paper_id}.pdf")


@bp.post("/<uuid:paper_id>/revoke")
@needs("result.revoke")
@once
def revoke(paper_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Take it out of force; a second time it is told that it is."""
    try:
        with unit() as uow:
            dossier = warehouse.revoke(uow, paper_id, line(request.form, "why", _WORDS))
            ref = dossier.code or dossier.reference
    except Missing:
        raise
    except DomainError as refusal:
        return _page(_asked(), refused=sentence(refusal), about=paper_id), STATUS[refusal.kind]
    flash(_("Đã thu hồi. Giấy này không được dùng lại nữa."))
    return redirect(url_for("dossiers.show", ref=ref), 303)
