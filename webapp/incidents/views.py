"""The list of incidents, and trying one again."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine.base.errors import DomainError
from engine.dossiers import incidents, promptness
from webapp import rulewords
from webapp.auth import needs
from webapp.errors import STATUS, sentence
from webapp.paging import after
from webapp.unit import house, read_session, unit

bp = Blueprint("incidents", __name__, template_folder="templates", url_prefix="/incidents")


@bp.get("/")
@needs("incident.retry")
def index() -> str:
    """What is broken now, the oldest first; before it what is later than the house may be."""
    return _index()


def _index(refused: str = "") -> str:
    now = house().clock.now()
    passing, mending = promptness.passing(now), promptness.mending(now)
    with read_session() as session:
        page = incidents.standing(session, after=after())
        held, down = promptness.held(session, now), promptness.down(session, now)
    return render_template(
        "incidents/index.html", page=page, refused=refused, held=held, down=down, passing=passing.rule, mending=mending.rule,
        since=now - mending.long, words=rulewords,
    )  # fmt: skip


@bp.post("/<uuid:dossier_id>/retry")
@needs("incident.retry")
def retry(dossier_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Asked twice it is tried twice, which is one effect: the wait takes one answer."""
    try:
        with unit() as uow:
            incidents.retry(uow, dossier_id, request.form.get("key", ""))
    except DomainError as refusal:
        return _index(sentence(refusal)), STATUS[refusal.kind]
    flash(_("Hệ thống sẽ thử lại ngay. Nếu đã khắc phục, sự cố sẽ tự mất khỏi danh sách."))
    return redirect(url_for("incidents.index", after=after()), 303)
