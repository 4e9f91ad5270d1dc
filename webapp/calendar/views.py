"""The calendar of the province and its offices, what a change of it moves, and the rules that dates are counted by."""

import uuid
from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.base.ids import digest_of
from engine.calendar import rules
from engine.calendar.changes import Change, Down
from engine.calendar.year import year_of
from engine.catalog import browse
from engine.dossiers import recount
from engine.dossiers.recount import Move
from engine.org import directory, permissions
from webapp import once, rulewords
from webapp.auth import needs
from webapp.calendar.schemas import BatchChanged, read_change
from webapp.errors import STATUS, sentence
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("calendar", __name__, template_folder="templates")

#: Heads of the register, by the letter with which a code begins.
_PARTS = ("T", "L", "P", "C")
#: Dossiers named in a preview; all of them move.
_SHOWN = 100


@bp.get("/rules")
@needs("work")
def law() -> str:
    """The rules of one edition as they hold on one day, each with its article."""
    name = request.args.get("edition") or rules.newest()
    if name not in rules.editions():
        raise Missing
    try:
        day = date.fromisoformat(request.args.get("on") or "")
    except ValueError:
        day = house().clock.today()
    held = rules.in_force(name, day).by_code
    parts = [(part, [held[code] for code in sorted(held) if code.startswith(part)]) for part in _PARTS]
    return render_template(
        "calendar/rules.html", edition=name, editions=rules.editions(), day=day, parts=parts, words=rulewords
    )


@bp.get("/calendar")
@needs("work")
def index() -> str:
    """A year of the province or of one office; whoever may change it finds the forms below."""
    return _page()


def _page(refused: str = "", moves: list[Move] | None = None) -> str:
    """The calendar; with a change that was refused, or with what a change would move."""
    asked = request.form if request.method == "POST" else request.args
    today = house().clock.today()
    year = int(said) if (said := asked.get("year", "")).isdecimal() and 2000 <= int(said) <= 2100 else today.year
    with read_session() as session:
        offices = directory.offices(session, on=today)
        office = next((one for one in offices if str(one.id) == asked.get("office_id")), None)
        shown = year_of(session, year, office.id if office else None, house().clock.now())
    return render_template(
        "calendar/index.html",
        year=year,
        today=today,
        office=office,
        offices=offices,
        shown=shown,
        may=permissions.may(current_actor(), "calendar.manage"),
        refused=refused,
        typed=request.form if request.method == "POST" else {},
        moves=moves,
        most=_SHOWN,
        batch=batch_of(moves) if moves is not None else "",
        key=uuid.uuid4(),
        names={one.id: one.name for one in offices},
        notice_days=rules.in_force(rules.newest(), today)["T15"].count,
    )


@bp.post("/calendar/preview")
@needs("calendar.manage")
def preview() -> str | tuple[str, int]:
    """Which dates would move; nothing is changed."""
    try:
        change = read_change(request.form)
        with unit() as uow:
            moves = recount.preview(uow, _of_procedures(uow.session, change))
    except DomainError as refusal:
        return _page(sentence(refusal)), STATUS[refusal.kind]
    return _page(moves=moves)


@bp.post("/calendar")
@needs("calendar.manage")
@once.once
def confirm() -> BaseResponse | tuple[str, int]:
    """Enter what was reviewed; the dates that move are counted by the workers, each with a notice."""
    try:
        change = read_change(request.form)
        with unit() as uow:
            row, moves = recount.confirm(uow, _of_procedures(uow.session, change), once.key())
            if moves is not None and batch_of(moves) != request.form.get("batch"):
                raise BatchChanged
    except DomainError as refusal:
        return _page(sentence(refusal)), STATUS[refusal.kind]
    flash(_said(moves))
    return redirect(url_for("calendar.index", year=request.form.get("year"), _anchor=f"c-{row.id}"), 303)


def _of_procedures(session: Session, change: Change) -> Change:
    """What was down, with the procedures that it names by their codes. Refusals: those of `browse.code_of`."""
    if not isinstance(change, Down):
        return change
    return replace(change, procedures=tuple(browse.code_of(session, one) for one in change.procedures))


def batch_of(moves: list[Move]) -> str:
    """A reviewed list in short: what is confirmed is what was shown."""
    return digest_of([[str(one.dossier_id), one.of, one.old.isoformat(), one.new.isoformat()] for one in moves])


def _said(moves: list[Move] | None) -> str:
    if not moves:
        return _("Đã ghi vào lịch. Không hồ sơ nào chuyển hạn.")
    return ngettext(
        "Đã ghi vào lịch. %(num)s hồ sơ được tính lại hạn và báo người nộp.",
        "Đã ghi vào lịch. %(num)s hồ sơ được tính lại hạn và báo người nộp.",
        len({one.dossier_id for one in moves}),
    )
