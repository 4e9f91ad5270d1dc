"""Whether this process can do its work, for whoever watches it: no session, no cookie, no login."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp.auth import public
from webapp.unit import house

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """200 while the database answers, else 503, each with a sentence."""
    try:
        with house().readers() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("Cơ sở dữ liệu chưa trả lời. The database does not answer.\n", 503, mimetype="text/plain")
    return Response("Tốt. Well.\n", mimetype="text/plain")
