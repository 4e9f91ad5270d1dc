"""The rules of the clock, for whoever wants to know by what a date was counted."""

from datetime import date

from flask import Blueprint, render_template, request

from engine.base.errors import Missing
from engine.calendar import rules
from webapp.auth import needs
from webapp.calendar import words
from webapp.unit import house

bp = Blueprint("calendar", __name__, template_folder="templates")

#: Heads of the register, by the letter with which a code begins.
_PARTS = ("T", "L", "P", "C")


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
        "calendar/rules.html",
        edition=name,
        editions=rules.editions(),
        day=day,
        parts=parts,
        words=words,
    )
