"""Dossiers of which nobody knows who decides, and the rows by which the others are known."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.catalog import browse
from engine.dossiers import coordination
from engine.org import authority, directory, permissions
from forms import places
from webapp import once
from webapp.auth import needs
from webapp.choices import known_as
from webapp.coordination import placing
from webapp.coordination.schemas import AuthorityNamesNothing, read_day, read_office, read_row, text
from webapp.errors import STATUS, sentence
from webapp.paging import after, behind
from webapp.unit import current_actor, house, reading, unit

bp = Blueprint("coordination", __name__, template_folder="templates", url_prefix="/coordination")


@bp.get("/")
@needs("work")
def index() -> str:
    """What waits for somebody to say who decides, and the rows."""
    return _page()


def _page(refused: str = "") -> str:
    with reading() as uow:
        session = uow.session
        waiting = coordination.waiting(session, uow.actor, after=after())
        offered = coordination.choices(session, waiting.rows, uow)
        rows = authority.rows(session, after=behind("rows"))
        offices = directory.offices(session, on=uow.clock.today())
        fields = browse.fields(session)
        procedures = {one.code: one.name_vi for one in browse.with_diagram(session)}
        called = known_as(session)
    actor = current_actor()
    return render_template(
        "coordination/index.html",
        waiting=waiting,
        offered=offered,
        may_decide={one.dossier.id: permissions.may(actor, "authority.decide", one.dossier) for one in waiting.rows},
        rows=rows,
        offices=offices,
        fields=fields,
        procedures=procedures,
        places={one.place_code: _place(one.place_code) for one in offices if one.place_code},
        called=called,
        place_of=_place,
        may=permissions.may(actor, "authority.manage"),
        refused=refused,
        typed=request.form,
        today=house().clock.today(),
        new_key=uuid.uuid4,
    )


def _place(code: str | None) -> str:
    """A place in words."""
    return (places.all_communes().get(code) or places.provinces().get(code) or code) if code else _("mọi nơi")


@bp.post("/<uuid:dossier_id>")
@needs("authority.decide")
@once.once
def decide(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Say who decides a dossier, and why."""
    try:
        office_id = read_office(request.form)
        with unit() as uow:
            coordination.decide(uow, dossier_id, office_id, text(request.form, "reason"), key=once.key())
    except Missing:
        raise
    except DomainError as refusal:
        return _page(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã xác định cơ quan giải quyết. Hồ sơ chờ kiểm tra tại bộ phận tiếp nhận."))
    return redirect(url_for("coordination.index"), 303)


@bp.post("/rows")
@needs("authority.manage")
@once.once
def enter() -> BaseResponse | tuple[str, int]:
    """Enter a row; one that overlaps another is refused, naming both."""
    try:
        asked = read_row(request.form)
        with unit() as uow:
            _known(uow.session, asked)
            authority.enter(uow, once.key(), **asked)
    except DomainError as refusal:
        return _page(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận."))
    return redirect(url_for("coordination.index", _anchor="h-rows"), 303)


def _known(session: Session, asked: dict[str, Any]) -> None:
    """Procedure and place may be named by code or by name. Refusals: AuthorityNamesNothing, PlaceNameShared, those of `browse.code_of`."""
    code, field = asked["procedure_code"], asked["field"]
    if code:
        asked["procedure_code"] = browse.code_of(session, code)
    if field and field not in {one.name for one in browse.fields(session)}:
        raise AuthorityNamesNothing(what=field)
    if asked["place_code"]:
        asked["place_code"] = placing.code_of(asked["place_code"])


@bp.post("/rows/<uuid:row_id>/close")
@needs("authority.manage")
def close(row_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """A row that no longer holds from a day on."""
    try:
        with unit() as uow:
            authority.close(uow, row_id, read_day(request.form))
    except Missing:
        raise
    except DomainError as refusal:
        return _page(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận."))
    return redirect(url_for("coordination.index", _anchor="h-rows"), 303)
