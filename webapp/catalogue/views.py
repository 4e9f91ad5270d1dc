"""Find a procedure by one's own words, and read what it takes. Open to everybody."""

from flask import Blueprint, Response, render_template, request
from flask_security import current_user
from sqlalchemy.orm import Session

from engine.base.errors import Missing
from engine.catalog import browse, publish
from engine.catalog.models import Procedure, ProcedureVersion
from engine.catalog.search import Hit, search
from webapp.auth import public
from webapp.catalogue.guide import Guide, guide_of
from webapp.catalogue.schemas import Asked, asked
from webapp.unit import current_actor, house, read_session

bp = Blueprint("catalogue", __name__, template_folder="templates", url_prefix="/procedures")

#: Results on one page; who has more, says more.
PAGE = 40


@bp.get("")
@public
def index() -> str:
    """The search box and what it finds; without a word, what people ask for most and the fields."""
    wanted = asked(request.args)
    with read_session() as session:
        hits = [] if wanted.is_empty else _hits(session, wanted)
        best = _guide(session, hits[0].code) if hits and wanted.words else None
        popular = browse.with_diagram(session) if not hits else []
        fields = browse.fields(session, wanted.level)
        near = browse.fields(session, "commune") if wanted.is_empty else []
    template = "catalogue/_results.html" if request.headers.get("HX-Request") else "catalogue/index.html"
    return render_template(
        template,
        asked=wanted,
        hits=hits[:PAGE],
        more=len(hits) > PAGE,
        best=best,
        popular=popular,
        fields=fields,
        near=near,
    )


@bp.get("/<code>")
@public
def show(code: str) -> str:
    """How long, how much, where; then the papers; then the law and the way it goes."""
    with read_session() as session:
        guide = _guide(session, code)
    receives = current_user.is_authenticated and current_actor().stands_in("reception")
    return render_template("catalogue/show.html", guide=guide, receives=receives)


@bp.get("/<code>/diagram.bpmn")
@public
def diagram(code: str) -> Response:
    """The diagram on which a dossier received today would run."""
    with read_session() as session:
        _procedure, version = _in_force(session, code)
        if version is None:
            raise Missing
        drawn = version.diagram
    return Response(drawn, mimetype="application/xml")


def _hits(session: Session, wanted: Asked) -> list[Hit]:
    return search(session, wanted.words, limit=PAGE + 1, level=wanted.level, field=wanted.field)


def _guide(session: Session, code: str) -> Guide:
    return guide_of(*_in_force(session, code))


def _in_force(session: Session, code: str) -> tuple[Procedure, ProcedureVersion | None]:
    """A procedure of the catalogue, and what a dossier lodged today would be bound to."""
    procedure = session.get(Procedure, code)
    if procedure is None:
        raise Missing
    return procedure, publish.in_force(session, procedure.code, house().clock.today())
