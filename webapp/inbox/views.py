"""Inboxes of the lanes and the page of a task. Read the request, call one command, answer."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.calendar import days
from engine.dossiers import inbox, tasks
from webapp.auth import needs
from webapp.clockview import clock_view
from webapp.inbox.schemas import acting, inbox_query
from webapp.unit import current_actor, house, read_session, unit

bp = Blueprint("inbox", __name__, template_folder="templates")

#: Rows of one page.
PAGE = 50


@bp.get("/inbox")
@needs("work")
def index() -> str:
    """What waits for the officer's lanes, the most urgent on top."""
    query = inbox_query(request.args)
    actor, now = current_actor(), house().clock.now()
    with read_session() as session:
        rows = inbox.inbox(session, actor, now, **query, limit=PAGE + 1)
        counts = inbox.counts(session, actor, now)
        calendars = {row.office_id: days.load(session, row.office_id, now) for row in _one_per_office(rows)}
    clocks = {
        row.task_id: clock_view(calendars[row.office_id], row.clock_from, row.due_at, now) for row in rows
    }
    return render_template(
        "inbox/index.html",
        rows=rows[:PAGE],
        more=rows[PAGE - 1].cursor if len(rows) > PAGE else None,
        counts=counts,
        clocks=clocks,
        query=query,
        actor=actor,
    )


def _one_per_office(rows: list[inbox.InboxRow]) -> list[inbox.InboxRow]:
    return list({row.office_id: row for row in rows}.values())


@bp.get("/inbox/incoming")
@needs("work")
def incoming() -> str:
    """Dossiers, results and questions that other offices sent."""
    with read_session() as session:
        rows = inbox.incoming(session, current_actor())
    return render_template("inbox/waits.html", rows=rows, title=_("Cơ quan khác gửi đến"), incoming=True)


@bp.get("/inbox/waiting")
@needs("work")
def waiting() -> str:
    """Dossiers that wait for the applicant, a payment, the post or an outside system."""
    with read_session() as session:
        rows = inbox.waiting(session, current_actor())
    return render_template("inbox/waits.html", rows=rows, title=_("Đang chờ bên ngoài"), incoming=False)


@bp.post("/tasks/<uuid:task_id>/claim")
@needs("task.work")
def claim(task_id: uuid.UUID) -> BaseResponse:
    """Take a task, then open it."""
    with unit() as uow:
        tasks.claim(uow, task_id, seen=acting().seen)
    return redirect(url_for("inbox.task", task_id=task_id), 303)


@bp.post("/tasks/<uuid:task_id>/release")
@needs("task.work")
def release(task_id: uuid.UUID) -> BaseResponse:
    """Put a task back for the others of the lane."""
    with unit() as uow:
        done = tasks.release(uow, task_id, seen=acting().seen)
    flash(_("Đã trả lại việc «%(name)s» cho bộ phận.", name=done.name))
    return redirect(url_for("inbox.index"), 303)
