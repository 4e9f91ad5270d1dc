"""What is posted publicly today, for everybody to see."""

from flask import Blueprint, render_template

from engine.dossiers import publicity
from webapp.auth import public
from webapp.paging import after
from webapp.unit import house, read_session

bp = Blueprint("postings", __name__, template_folder="templates", url_prefix="/postings")


@bp.get("")
@public
def index() -> str:
    """Each posting with its end; names are shortened, the full list hangs where it says."""
    with read_session() as session:
        page = publicity.posted(session, house().clock.now(), after=after())
    return render_template("postings/index.html", page=page)
