"""Which officers of the counter decide which procedures, and by which decision (Decree 118/2025, art. 17(5))."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError
from engine.dossiers import delegating
from engine.org import directory, permissions
from engine.org.models import OfficeKind
from webapp.auth import needs
from webapp.delegations.schemas import read_grant
from webapp.errors import STATUS, sentence
from webapp.once import key, once
from webapp.paging import after
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("delegations", __name__, template_folder="templates", url_prefix="/delegations")

#: Of the offices of a province, those that decide.
_DECIDING = (OfficeKind.COMMUNE, OfficeKind.DEPARTMENT)


@bp.get("/")
@needs("work")
def index() -> str:
    """Those of the offices that the officer may read; whoever grants them finds the form below."""
    return _page({})


@bp.post("/")
@needs("delegation.manage")
@once
def grant() -> BaseResponse | tuple[str, int]:
    """Let an officer decide at the counter."""
    try:
        given = read_grant(request.form)
        with unit() as uow:
            delegating.grant(uow, **given, key=key())
    except DomainError as refusal:
        return _page(request.form, sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận việc giao giải quyết tại quầy."))
    return redirect(url_for("delegations.index"), 303)


@bp.post("/<uuid:delegation_id>/end")
@needs("delegation.manage")
@once
def end(delegation_id: uuid.UUID) -> BaseResponse:
    """The office decides itself again."""
    with unit() as uow:
        delegating.end(uow, delegation_id)
    flash(_("Đã thôi giao. Từ hôm nay cơ quan tự giải quyết; hồ sơ còn ở quầy thì cán bộ tiếp nhận chuyển về cơ quan."))
    return redirect(url_for("delegations.index"), 303)


def _page(typed: Mapping[str, str], refused: str = "") -> str:
    actor, today = current_actor(), house().clock.today()
    with read_session() as session:
        page = delegating.listed(session, actor, after=after())
        mine = [one for one in directory.offices(session, on=today) if one.kind in _DECIDING and _may(one.id)]
        staff = delegating.candidates(session, mine, on=today)
        procedures = delegating.procedures(session, mine, on=today) if mine else []
    return render_template(
        "delegations/index.html",
        page=page,
        offices=mine,
        staff=staff,
        procedures=procedures,
        typed=typed,
        refused=refused,
        today=today,
        may=_may,
        key=uuid.uuid4(),
    )


def _may(office_id: uuid.UUID) -> bool:
    return permissions.may(current_actor(), "delegation.manage", _OfOffice(office_id))


class _OfOffice:
    """What the rule is asked of: something of an office."""

    def __init__(self, office_id: uuid.UUID) -> None:
        self.office_id = office_id
