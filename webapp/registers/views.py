"""The tracking register (Mẫu 07): a page with filters, the same as PDF and as a workbook."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base import pages
from engine.base.errors import DomainError, Missing
from engine.documents import numbers as numbering
from engine.documents import templates
from engine.dossiers import registers
from engine.dossiers.registers import RegisterRow, Totals, Wanted
from engine.org import directory
from engine.org.directory import OfficeRow
from webapp import papers
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.paging import behind
from webapp.registers.book import workbook
from webapp.registers.schemas import asked, pattern
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("registers", __name__, template_folder="templates", url_prefix="/registers")

#: Lines of a printed book, of a workbook.
PRINTED, WORKBOOK = 2_000, 50_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Opened:
    """The register that a request asks for."""

    wanted: Wanted
    offices: list[OfficeRow]
    after: str | None


def _opened() -> _Opened:
    """By default this month at home: an officer's first office."""
    given, actor, today = asked(request.args), current_actor(), house().clock.today()
    with read_session() as session:
        offices = registers.offices(session, actor, today)
    if not offices:
        raise Missing
    home: uuid.UUID = next((one for one in actor.offices if one in {o.id for o in offices}), offices[0].id)
    wanted = Wanted(
        office_id=given["office"] or home,
        since=given["since"] or today.replace(day=1),
        until=given["until"] or today,
        **{name: given[name] for name in ("procedure", "channel", "standing", "words")},
    )
    return _Opened(wanted, offices, given["after"])


@bp.get("/")
@needs("work")
def index() -> str | tuple[str, int]:
    """Who was taken in, when it was due, when it was decided and returned."""
    opened, actor, now = _opened(), current_actor(), house().clock.now()
    try:
        with read_session() as session:
            found = registers.rows(session, actor, opened.wanted, now, after=opened.after, limit=pages.PAGE + 1)
            totals = registers.totals(session, actor, opened.wanted, now)
            procedures = registers.procedures(session, actor, opened.wanted, now)
    except registers.DaysTurned as refusal:
        return _shown(opened, [], registers.NOBODY, (), sentence(refusal)), STATUS[refusal.kind]
    return _shown(opened, found, totals, procedures)


def _shown(
    opened: _Opened, found: Sequence[RegisterRow], totals: Totals, procedures: Sequence[tuple[str, str]], refused: str = ""
) -> str:
    rows = found[: pages.PAGE]
    return render_template(
        "registers/index.html",
        rows=rows,
        more=rows[-1].cursor if len(found) > pages.PAGE else None,
        totals=totals,
        offices=opened.offices,
        procedures=procedures,
        wanted=opened.wanted,
        refused=refused,
        kept={name: value for name, value in request.args.items() if name != "after" and value},
    )


def _book(most: int) -> dict[str, Any]:
    """All that a book shows."""
    opened, actor, now = _opened(), current_actor(), house().clock.now()
    with read_session() as session:
        rows = registers.whole(session, actor, opened.wanted, now, most=most)
        totals = registers.totals(session, actor, opened.wanted, now)
        head = registers.letterhead(session, opened.wanted.office_id)
    return {"rows": rows, "totals": totals, "wanted": opened.wanted, "head": head, "officer": actor.name}


@bp.get("/numbers")
@needs("paper.manage")
def numbers() -> str:
    """How numbers look, how far each register has come, and which faces of papers are in force."""
    return _numbers()


def _numbers(typed: Mapping[str, str] | None = None, refused: str = "") -> str:
    today, chosen = house().clock.today(), asked(request.args)["office"]
    with read_session() as session:
        offices = directory.offices(session, on=today)
        of_today = {one.id for one in offices}
        return render_template(
            "registers/numbers.html",
            patterns=numbering.patterns(session, after=behind("patterns")),
            series=numbering.series(session, today.year, chosen, after=request.values.get("series")),
            chosen=chosen,
            templates=templates.published(session),
            offices=offices,
            ended=[one for one in numbering.keeping(session, today.year) if one[0] not in of_today],
            year=today.year,
            today=today,
            typed=typed or {},
            refused=refused,
        )


@bp.post("/numbers")
@needs("paper.manage")
def enter() -> BaseResponse | tuple[str, int]:
    """Enter a pattern; the same again is one."""
    try:
        typed = pattern(request.form)
        with unit() as uow:
            numbering.enter(uow, **typed)
    except DomainError as refusal:
        return _numbers(request.form, sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã ghi nhận."))
    return redirect(url_for("registers.numbers"), 303)


@bp.get("/book.pdf")
@needs("work")
def printed() -> Response:
    """Mẫu 07 on A4, with the lines that the filters leave."""
    book, today = _book(PRINTED), house().clock.today()
    with read_session() as session:
        template = templates.of_today(session, "register", book["head"]["province"], today)
    made = papers.listed(template, data=book["head"] | {"made_on": today.isoformat()}, signer=book["officer"], **book)
    return Response(made, mimetype="application/pdf")


@bp.get("/book.xlsx")
@needs("work")
def sheet() -> Response:
    """The same lines as a workbook."""
    book = _book(WORKBOOK)
    wanted = book["wanted"]
    name = f"so-theo-doi-{wanted.since:%Y%m%d}-{wanted.until:%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(workbook(book["rows"], book["head"], wanted), mimetype=_XLSX, headers=headers)
