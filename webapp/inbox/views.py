"""Inboxes of the lanes and the page of a task. Read the request, call one command, answer."""

import uuid
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

import forms
from engine.base import pages
from engine.base.errors import DomainError
from engine.base.uow import UnitOfWork
from engine.calendar import days, rules
from engine.dossiers import correcting, inbox, moving, overview, recalling, reuse, tasks
from engine.dossiers.clock import suspended
from webapp import choices, formview, labels
from webapp.auth import needs
from webapp.changes import changes
from webapp.clockview import clock_view, still
from webapp.desk import desk
from webapp.errors import STATUS, sentence
from webapp.inbox.compared import compared
from webapp.inbox.schemas import inbox_query, seen
from webapp.once import key, once
from webapp.paging import after
from webapp.unit import current_actor, house, read_session, reading, stop_reading, unit
from webapp.verdicts import judgements

bp = Blueprint("inbox", __name__, template_folder="templates")

#: Steps at which papers are asked for: what the owner's warehouse holds of them stands there.
_ASKING = ("check_dossier", "send_request")


@bp.get("/inbox")
@needs("work")
def index() -> str:
    """What waits for the officer's lanes, the most urgent on top."""
    query = inbox_query(request.args)
    actor, now = current_actor(), house().clock.now()
    only = {name: query[name] for name in ("view", "procedure", "words")}
    with read_session() as session:
        found = inbox.inbox(session, actor, now, **query, limit=pages.PAGE + 1)
        rows = found[:pages.PAGE]
        calendars = {row.office_id: days.load(session, row.office_id, now) for row in _one_per_office(rows)}
        counts = inbox.counts(session, actor, now, **only) if _narrowed(only) else desk().counts
        answers = correcting.unread(session, actor)
        procedures = inbox.procedures(session, actor, view=query["view"])
    return render_template(
        "inbox/index.html",
        rows=rows,
        more=rows[-1].cursor if len(found) > pages.PAGE else None,
        counts=counts,
        procedures=procedures,
        answers=answers,
        clocks=[
            clock_view(calendars[row.office_id], row.clock_from, row.due_at, now, paused=still(row.still_by)) for row in rows
        ],
        urgent=rules.warnings(house().clock.today())[1],
        query=query,
        kept={name: value for name, value in request.args.items() if name in ("view", "procedure", "q") and value},
    )


def _narrowed(only: dict[str, str | None]) -> bool:
    return only != {"view": "all", "procedure": None, "words": ""}


def _one_per_office(rows: list[inbox.InboxRow]) -> list[inbox.InboxRow]:
    return list({row.office_id: row for row in rows}.values())


@bp.get("/inbox/incoming")
@needs("work")
def incoming() -> str:
    """Dossiers, results and questions that other offices sent."""
    with read_session() as session:
        page = inbox.incoming(session, current_actor(), after=after())
    return render_template("inbox/waits.html", page=page, title=_("Cơ quan khác gửi đến"), incoming=True)


@bp.get("/inbox/waiting")
@needs("work")
def waiting() -> str:
    """Dossiers that wait for the applicant, a payment, the post or an outside system."""
    with read_session() as session:
        page = inbox.waiting(session, current_actor(), others=labels.OTHER_ANSWERS, after=after())
    return render_template("inbox/waits.html", page=page, title=_("Đang chờ bên ngoài"), incoming=False)


@bp.post("/tasks/<uuid:task_id>/claim")
@needs("task.work")
def claim(task_id: uuid.UUID) -> BaseResponse:
    """Take a task, then open it."""
    with unit() as uow:
        tasks.claim(uow, task_id, seen=seen())
    return redirect(url_for("inbox.task", task_id=task_id), 303)


@bp.post("/tasks/<uuid:task_id>/release")
@needs("task.work")
def release(task_id: uuid.UUID) -> BaseResponse:
    """Put a task back for the others of the lane."""
    with unit() as uow:
        done = tasks.release(uow, task_id, seen=seen())
    flash(_("Đã trả lại việc «%(name)s» cho bộ phận.", name=done.name))
    return redirect(url_for("inbox.index"), 303)


@bp.post("/tasks/<uuid:task_id>/renew")
@needs("task.work")
def renew(task_id: uuid.UUID) -> BaseResponse:
    """Bring a dossier that the counter may not decide any more to the version in force, where it can be passed on."""
    with unit() as uow:
        moving.renew(uow, task_id)
    flash(_("Hồ sơ đã chuyển sang quy trình hiện hành. Bây giờ có thể chuyển cho cơ quan giải quyết."))
    return redirect(url_for("inbox.task", task_id=task_id), 303)


@bp.get("/tasks/<uuid:task_id>")
@needs("task.work")
def task(task_id: uuid.UUID) -> str:
    """The form of one step, beside the papers and what the applicant declared."""
    return _task_page(task_id)


@bp.post("/tasks/<uuid:task_id>/complete")
@needs("task.work")
@once
def complete(task_id: uuid.UUID) -> BaseResponse | str | tuple[str, int]:
    """Finish the task; a refusal brings the page back with everything that was typed."""
    revision, document = seen(), _document(task_id)
    answers = forms.from_flat(document, request.form)
    if (changed := formview.change_rows(document, answers, request.form)) is not None:
        return _task_page(task_id, changed)
    try:
        with unit() as uow:
            done = tasks.complete(
                uow,
                task_id,
                answers,
                seen=revision,
                key=key(),
                judgements=judgements(request.form),
            )
    except forms.FormInvalid as wrong:
        return _task_page(task_id, answers, errors=formview.sentences(wrong)), 422
    except tasks.TaskNotYours:
        raise
    except DomainError as refusal:
        return _task_page(task_id, answers, refusal=sentence(refusal)), STATUS[refusal.kind]
    flash(_("Đã xong bước «%(name)s».", name=done.name))
    return redirect(url_for("inbox.index"), 303)


@bp.post("/tasks/<uuid:task_id>/form")
@needs("task.work")
def form(task_id: uuid.UUID) -> str:
    """The form again as the answers stand: what they hide and ask for changes; nothing is checked."""
    return _task_page(task_id, _typed(task_id))


@bp.post("/tasks/<uuid:task_id>/draft")
@needs("task.work")
def draft(task_id: uuid.UUID) -> BaseResponse:
    """Keep what is typed so far."""
    answers = _typed(task_id)
    with unit() as uow:
        tasks.save_draft(uow, task_id, answers, seen=seen())
    return jsonify(saved=True)


def _document(task_id: uuid.UUID) -> dict[str, Any]:
    with reading() as uow:
        return tasks.form_of(uow, task_id).document


def _typed(task_id: uuid.UUID) -> dict[str, Any]:
    return forms.from_flat(_document(task_id), request.form)


def _task_page(
    task_id: uuid.UUID,
    answers: dict[str, Any] | None = None,
    *,
    errors: dict[str, list[str]] | None = None,
    refusal: str | None = None,
) -> str:
    now = house().clock.now()
    with reading() as uow:
        asked = tasks.form_of(uow, task_id)
        view = overview.overview(uow.session, uow.actor, asked.dossier_id)
        row = next(one for one in view.tasks if one.id == task_id)
        calendar = days.load(uow.session, row.office_id, now)
        options = choices.for_officers(uow.session, asked.document, uow.clock.today(), view)
        declared = _declaration(uow, view)
        entered = [(one, choices.told(uow.session, one.document, one.answers)) for one in tasks.entered(uow.session, row)]
        tables = compared(uow.session, view)
        # of those that the answers do not ask for nothing is looked for
        keys = [one.key for one in view.components if one.required] if row.step_id in _ASKING else []
        held = reuse.of_dossier(uow.session, view.dossier, keys, uow.clock.today()) if keys else {}
        changed = changes(uow, view)
        mending = correcting.of_dossier(uow.session, view.dossier.id) if view.dossier.decided_at else ()
        halted = suspended(uow.session, view.dossier) if row.still_by else None
    html = render_template(
        "inbox/task.html",
        view=view,
        task=row,
        asked=asked,
        form=formview.view(
            asked.document,
            asked.answers if answers is None else answers,
            errors or {},
            asked.context,
            choices=options,
            cited=asked.cited,
        ),
        clock=clock_view(calendar, row.clock_from, row.due_at or view.dossier.due_at, now, paused=still(row.still_by)),
        suspended=halted,
        declared=declared,
        entered=entered,
        compared=tables,
        held=held,
        changed=changed,
        corrections=[one for one in mending if one.ended_at is None],
        judged=judgements(request.form),
        key=request.form.get("key") or uuid.uuid4(),
        refusal=refusal or (sentence(asked.broken) if asked.broken else None),
        errors=errors or {},
    )
    if row.looked_at is None and row.done_at is None:
        _look(task_id)
    return html


def _look(task_id: uuid.UUID) -> None:
    """Somebody who may do it has it on the screen: nobody takes it back any more. Asked for again it is the same."""
    stop_reading()
    with unit() as uow:
        recalling.look(uow, task_id)


def _declaration(uow: UnitOfWork, view: overview.Overview) -> formview.FormView | None:
    """What the applicant declared, to be read beside the form."""
    if view.declaration is None:
        return None
    return choices.told(uow.session, tasks.declared_form(uow, view.dossier.id), view.declaration.answers)
