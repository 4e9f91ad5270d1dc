"""How values look on a page: dates dd/MM/yyyy in Vietnam's time, money with dots."""

import re
from datetime import date, datetime
from pathlib import Path

from flask import Flask, current_app, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape

from engine.base.clock import VIETNAM
from engine.base.money import dong
from engine.documents.checklist import sources
from engine.dossiers import facts
from engine.dossiers.models import Dossier
from engine.payments.models import Charge
from webapp import labels, scans
from webapp.labels import english

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _instant(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(VIETNAM)


def vndatetime(value: datetime | str | None) -> str:
    """`09:40 23/11/2026`"""
    return f"{_instant(value):%H:%M %d/%m/%Y}" if value else ""


def vndate(value: date | datetime | str | None) -> str:
    """`23/11/2026`"""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return f"{_instant(value) if isinstance(value, datetime) else value:%d/%m/%Y}"


def vnday(value: datetime | str | None) -> str:
    """`17:00 thứ Sáu 27/11/2026`"""
    if not value:
        return ""
    at = _instant(value)
    names = _ENGLISH if english() else _WEEKDAYS
    return f"{at:%H:%M} {names[at.weekday()]} {at:%d/%m/%Y}"


def vnshort(value: datetime | str | None) -> str:
    """`23/11 09:40`: where the year goes without saying."""
    return f"{_instant(value):%d/%m %H:%M}" if value else ""


def stressed(words: str) -> Markup:
    """The words of a form: `**these**` are said louder, nothing else is markup."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(words))))  # noqa: S704  escaped right here


def static_file(name: str) -> str:
    """The address of a built file, with the time it was built, so that a new one is fetched at once."""
    built = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=int(built.stat().st_mtime) if built.exists() else 0)


def charge_state(charge: Charge, dossier: Dossier) -> str:
    """How a charge stands; of one that is owed at a later moment, when."""
    if charge.state == "owed" and charge.moment not in facts.moments(dossier):
        return labels.label(labels.MOMENTS, charge.moment)
    return labels.label(labels.CHARGE_STATES, charge.state).lower()


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {"vndate": vndate, "vndatetime": vndatetime, "vnday": vnday, "vnshort": vnshort, "dong": dong, "stressed": stressed}
    app.jinja_env.globals |= {
        "charge_state": charge_state,
        "label": labels.label,
        "labels": labels,
        "facts_of": scans.facts_of,
        "file_size": scans.file_size,
        "get_locale": get_locale,
        "sources_of": sources,
        "static_file": static_file,
    }
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000
