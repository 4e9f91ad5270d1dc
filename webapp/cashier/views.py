"""Take money, give receipts, keep the book of the day."""

import uuid
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError, Missing
from engine.documents import templates
from engine.dossiers import cashier, paying, receipts, registers
from engine.org import directory
from engine.payments import days
from engine.payments.days import Book
from webapp import once, papers
from webapp.auth import needs
from webapp.cashier.book import workbook
from webapp.cashier.schemas import money, office, read_taking, said
from webapp.errors import STATUS, sentence
from webapp.paging import after
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("cashier", __name__, template_folder="templates", url_prefix="/cashier")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@needs("cash.keep")
def index() -> str:
    """Who owes what at this office, whose money goes back, what was taken today."""
    return _index()


def _index(refused: str = "") -> str:
    actor, now = current_actor(), house().clock.now()
    with read_session() as session:
        amount, until = days.to_deposit(session, cashier.tills(actor))
        return render_template(
            "cashier/index.html",
            due=cashier.due(session, actor, cashier.TAKE, after=after("due")),
            back=cashier.due(session, actor, cashier.GIVE_BACK, after=after("back")),
            anew=cashier.more(session, actor, after=after("anew")),
            left=cashier.left(session, actor, after=after("left")),
            surpluses=paying.surpluses(session, actor, after=after("surpluses")),
            taken=cashier.taken(session, actor, now, after=after("taken")),
            to_deposit=amount,
            deposit_until=until,
            late=until is not None and until < now,
            ways=receipts.WAYS,
            typed=_typed,
            refused=refused,
            key=uuid.uuid4,
        )


def _typed(act: str, about: uuid.UUID) -> Mapping[str, str]:
    """What was typed into one of the forms of the page, where that was refused."""
    refused = request.endpoint == f"cashier.{act}" and about in (request.view_args or {}).values()
    return request.form if refused else {}


def _done(act: Callable[[], str], again: Callable[[str], str], to: str) -> BaseResponse | tuple[str, int]:
    """Do it and say so; a refusal comes back on the page with what was typed."""
    try:
        words = act()
    except Missing:
        raise
    except DomainError as refusal:
        return again(sentence(refusal)), STATUS[refusal.kind]
    flash(words)
    return redirect(to, 303)


@bp.post("/take/<uuid:task_id>")
@needs("cash.keep")
@once.once
def take(task_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Take all that a dossier owes; of two who press at once, one does."""

    def act() -> str:
        asked = read_taking(request.form)
        with unit() as uow:
            cashier.take(uow, task_id, way=asked.way, payer=asked.payer, seen=asked.seen, key=once.key())
        return _("Đã thu và lập biên lai. In ở mục Biên lai hôm nay.")

    return _done(act, _index, url_for("cashier.index"))


@bp.post("/void/<uuid:receipt_id>")
@needs("cash.keep")
@once.once
def void(receipt_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """A receipt that was written wrongly is voided and written anew."""

    def act() -> str:
        way = read_taking(request.form).way if request.form.get("way") else ""
        with unit() as uow:
            cashier.void(
                uow, receipt_id, said(request.form, "reason"), payer=said(request.form, "payer", 200), way=way, key=once.key()
            )
        return _("Đã hủy biên lai và lập biên lai thay thế.")

    return _done(act, _index, url_for("cashier.index"))


@bp.post("/collect/<uuid:dossier_id>")
@needs("cash.keep")
@once.once
def collect(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Take what is owed and no step asks for."""

    def act() -> str:
        asked = read_taking(request.form)
        with unit() as uow:
            cashier.collect(uow, dossier_id, way=asked.way, payer=asked.payer, key=once.key())
        return _("Đã thu và lập biên lai. In ở mục Biên lai hôm nay.")

    return _done(act, _index, url_for("cashier.index"))


@bp.post("/forgo/<uuid:dossier_id>")
@needs("cash.keep")
@once.once
def forgo(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """What a dossier that has ended owes is asked for no more, for the reason that is typed."""

    def act() -> str:
        with unit() as uow:
            cashier.forgo(uow, dossier_id, said(request.form, "reason"), key=once.key())
        return _("Đã ghi lý do, không thu nữa.")

    return _done(act, _index, url_for("cashier.index"))


@bp.post("/excess/<uuid:dossier_id>")
@needs("cash.keep")
@once.once
def return_excess(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Give back what was paid too much: the paper is in the dossier, and its number in the book."""
    return _give_back(dossier_id, cashier.return_excess)


@bp.post("/rest/<uuid:dossier_id>")
@needs("cash.keep")
@once.once
def return_rest(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Give back what is left of what must go back: the same paper, the same book."""
    return _give_back(dossier_id, cashier.return_rest)


def _give_back(dossier_id: uuid.UUID, command: Callable[..., uuid.UUID]) -> BaseResponse | tuple[str, int]:
    def act() -> str:
        way = read_taking(request.form).way
        receiver, account = said(request.form, "receiver", 200), said(request.form, "account", 200)
        with unit() as uow:
            command(uow, dossier_id, way=way, receiver=receiver, account=account, key=once.key())
        return _("Đã ghi chi hoàn lại. In phiếu chi ở trang hồ sơ cho người nhận ký.")

    return _done(act, _index, url_for("cashier.index"))


@bp.post("/surplus/<uuid:payment_id>")
@needs("cash.keep")
def send_back(payment_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Money that came online and was not owed goes back the way it came."""

    def act() -> str:
        with unit() as uow:
            paying.send_back(uow, payment_id)
        return _("Đã yêu cầu cổng thanh toán trả lại tiền.")

    return _done(act, _index, url_for("cashier.index"))


@bp.get("/day")
@needs("cash.keep")
def day() -> str:
    """The book of today, or an older one of mine: lines, sums, what must lie in the drawer."""
    return _day()


def _day(refused: str = "") -> str:
    actor, today = current_actor(), house().clock.today()
    with read_session() as session:
        mine = days.books(session, actor.officer_id)
        chosen = _chosen(session)
        known = [one for one in directory.offices(session, on=today) if one.id in cashier.tills(actor)]
        amount, until = days.to_deposit(session, [chosen.day.office_id] if chosen else cashier.tills(actor))
        return render_template(
            "cashier/day.html",
            book=chosen,
            books=mine,
            unclosed=[one for one in mine if one.closed_at is None and one.day < today],
            offices=known,
            to_deposit=amount,
            deposit_until=until,
            typed=request.form,
            refused=refused,
            today=today,
            key=uuid.uuid4(),
        )


def _chosen(session: Session) -> Book | None:
    """The book that the address names, which must be one of the officer's own; else the newest of today."""
    mine, wanted = days.books(session, current_actor().officer_id), request.values.get("book")
    if wanted:
        if wanted not in {str(one.id) for one in mine}:
            raise Missing
        return days.book(session, uuid.UUID(wanted))
    newest = next((one for one in mine if one.day == house().clock.today()), None)
    return days.book(session, newest.id) if newest else None


@bp.post("/day")
@needs("cash.keep")
@once.once
def open_day() -> BaseResponse | tuple[str, int]:
    """Begin the day with what lies in the drawer."""

    def act() -> str:
        opening = money(request.form.get("opening", ""))
        with unit() as uow:
            days.open_day(uow, office(request.form), opening)
        return _("Đã mở sổ thu trong ngày.")

    return _done(act, _day, url_for("cashier.day"))


@bp.post("/day/<uuid:day_id>/close")
@needs("cash.keep")
@once.once
def close_day(day_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Count the drawer; the money goes to the budget."""

    def act() -> str:
        counted = money(request.form.get("counted", ""))
        with unit() as uow:
            days.close(
                uow, day_id, counted, reason=said(request.form, "reason"), deposit_no=said(request.form, "deposit_no", 60)
            )
        return _("Đã khóa sổ.")

    return _done(act, _day, url_for("cashier.day", book=day_id))


def _printed() -> tuple[Book, dict[str, str]]:
    with read_session() as session:
        chosen = _chosen(session)
        if chosen is None:
            raise Missing
        return chosen, registers.letterhead(session, chosen.day.office_id)


@bp.get("/day.pdf")
@needs("cash.keep")
def paper() -> Response:
    """The book on paper, to be signed."""
    book, head = _printed()
    today = house().clock.today()
    with read_session() as session:
        template = templates.of_today(session, "cash_day", head["province"], today)
    made = papers.listed(template, data=head | {"made_on": today.isoformat()}, signer=book.cashier, book=book)
    return Response(made, mimetype="application/pdf")


@bp.get("/day.xlsx")
@needs("cash.keep")
def sheet() -> Response:
    """The same lines as a workbook."""
    book, head = _printed()
    name = f"so-thu-{book.day.day:%Y%m%d}-{book.day.number}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(workbook(book, head["office"]), mimetype=_XLSX, headers=headers)
