"""Offices under their names of today and of before; a change is drafted, reviewed and done at once."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from engine.base import pages
from engine.base.errors import DomainError, Missing
from engine.base.pages import Page
from engine.dossiers import rerouting
from engine.org import changes, permissions
from engine.org.directory import OfficeRow
from webapp import once
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.offices.schemas import OfficeBatchChanged, read_branch, read_draft
from webapp.paging import after
from webapp.unit import current_actor, house, read_session, reading, unit

bp = Blueprint("offices", __name__, template_folder="templates", url_prefix="/offices")

#: Dossiers named in a preview; all of them move.
_SHOWN = 100


@bp.get("/")
@needs("work")
def index() -> str:
    """Which offices there are, by name or code of today or of before; what has changed and what will."""
    return _index()


def _index(refused: str = "") -> str:
    words, today = request.values.get("q", ""), house().clock.today()
    with read_session() as session:
        offices, former = changes.found(session, words, today)
        everybody = offices if not words else changes.found(session, "", today)[0]
        drafts = changes.drafted(session, after=after("drafts"))
    return render_template(
        "offices/index.html",
        page=_page(sorted(offices, key=lambda one: _in_order(one.code))),
        everybody=everybody,
        former=former,
        drafts=drafts,
        words=words,
        may=permissions.may(current_actor(), "office.manage"),
        refused=refused,
        typed=request.form,
        chosen=set(request.form.getlist("office")),
        today=today,
        key=uuid.uuid4(),
    )


def _page(offices: list[OfficeRow]) -> Page[OfficeRow]:
    """Those whose code comes behind the one that the address, or a form of the page, names."""
    last = request.values.get("after", "")
    rest = [one for one in offices if not last or _in_order(one.code) > _in_order(last)]
    more = rest[pages.PAGE - 1].code if len(rest) > pages.PAGE else None
    return Page(rest[: pages.PAGE], len(offices), more)


def _in_order(code: str) -> list[str]:
    """By the parts of the code, as people count: .14 before .101."""
    return [part.rjust(4, "0") for part in code.split(".")]


@bp.post("/changes")
@needs("office.manage")
@once.once
def draft() -> BaseResponse | tuple[str, int]:
    """Write down what was decided; its page shows what it would move."""
    try:
        asked = read_draft(request.form)
        with unit() as uow:
            changes.draft(uow, once.key(), **asked)
    except DomainError as refusal:
        return _index(sentence(refusal)), STATUS[refusal.kind]
    return redirect(url_for("offices.change", change_id=once.key()), 303)


@bp.post("/branches")
@needs("office.manage")
@once.once
def assign() -> BaseResponse | tuple[str, int]:
    """Say which office holds the parts of groups that go to a branch."""
    try:
        office_id, branch = read_branch(request.form)
        with unit() as uow:
            changes.assign(uow, once.key(), office_id, branch)
    except Missing:
        raise
    except DomainError as refusal:
        return _index(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận."))
    return redirect(url_for("offices.index", _anchor="h-branches"), 303)


@bp.get("/changes/<uuid:change_id>")
@needs("office.manage")
def change(change_id: uuid.UUID) -> str:
    """What a change would move, or has moved."""
    return _change(change_id)


def _change(change_id: uuid.UUID, refused: str = "") -> str:
    with reading() as uow:
        row, moving = rerouting.preview(uow, change_id)
        granted = rerouting.delegations(uow, change_id)
        shown = changes.one_drafted(uow.session, change_id)
        names = changes.names(uow.session, {one for m in moving for one in (m.receiving_office_id, m.competent_office_id)})
    return render_template(
        "offices/change.html",
        row=row,
        shown=shown,
        moving=moving,
        names=names,
        most=_SHOWN,
        granted=granted,
        batch=rerouting.batch_of(moving, granted),
        refused=refused,
        today=house().clock.today(),
    )


@bp.post("/changes/<uuid:change_id>/apply")
@needs("office.manage")
def apply(change_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Do what was reviewed, all of it at once; twice is once."""
    try:
        with unit() as uow:
            granted = rerouting.delegations(uow, change_id)
            moved = rerouting.apply(uow, change_id)
            if moved is not None and rerouting.batch_of(moved, granted) != request.form.get("batch"):
                raise OfficeBatchChanged
    except Missing:
        raise
    except DomainError as refusal:
        return _change(change_id, sentence(refusal)), STATUS[refusal.kind]
    flash(
        ngettext(
            "Đã thực hiện. %(num)s hồ sơ chuyển sang cơ quan mới.",
            "Đã thực hiện. %(num)s hồ sơ chuyển sang cơ quan mới.",
            len(moved or ()),
        )
    )
    return redirect(url_for("offices.change", change_id=change_id), 303)


@bp.post("/changes/<uuid:change_id>/drop")
@needs("office.manage")
def drop(change_id: uuid.UUID) -> BaseResponse:
    """A draft that will not be done."""
    with unit() as uow:
        changes.drop(uow, change_id)
    flash(_("Đã bỏ bản nháp."))
    return redirect(url_for("offices.index"), 303)
