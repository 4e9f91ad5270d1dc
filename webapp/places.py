"""The options of a commune select, for pages that change the province without loading again."""

from flask import Blueprint, render_template, request

from forms import places
from webapp.auth import public

bp = Blueprint("places", __name__)


@bp.get("/places/communes")
@public
def communes() -> str:
    """Options for the province that the request names: the field that changed ends with `province`."""
    province = next((value for name, value in request.args.items() if name.endswith("province")), "")
    return render_template("_communes.html", communes=places.communes(province))
