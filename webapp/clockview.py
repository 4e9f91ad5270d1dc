"""The one loud thing on a page: time left, in words, a ruler and a due date."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from engine.base.clock import VIETNAM
from engine.calendar import rules, working_time
from engine.calendar.opening import Calendar, local
from engine.dossiers.clock import SUSPENDED, counts_from
from engine.dossiers.models import Deadline
from webapp import labels
from webapp.filters import vnday
from webapp.labels import label

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class ClockView:
    """What the clock part of a page shows; `css` is ok | soon | crit | late | pause | none."""

    css: str
    words: str
    percent: int
    due_words: str


def clock_view(
    calendar: Calendar,
    start: datetime | None,
    due: datetime | None,
    now: datetime,
    *,
    paused: str | None = None,
) -> ClockView:
    """The state of a limit from `start` to `due`: soon and critical by the rules C05 and C06, past due late."""
    if paused:
        return ClockView("pause", _("Tạm dừng: %(why)s", why=paused), 0, "")
    if due is None or start is None:
        return ClockView("none", _("Không tính hạn"), 0, "")
    percent = working_time.percent_used(calendar, start, due, now)
    if now > due:
        gone = working_time.between(calendar, due, now)
        words = _("Quá hạn %(time)s", time=spoken(gone)) if gone >= _MINUTE else _("Đã quá hạn")
        return ClockView("late", words, 100, _due(due, now))
    left = spoken(working_time.between(calendar, now, due))
    soon, urgent = rules.warnings(local(now).date())
    if percent >= urgent:
        return ClockView("crit", _("Gấp: còn %(time)s", time=left), percent, _due(due, now))
    if percent >= soon:
        return ClockView("soon", _("Sắp hạn: còn %(time)s", time=left), percent, _due(due, now))
    return ClockView("ok", _("Còn %(time)s", time=left), percent, _due(due, now))


def still(why: str | None) -> str | None:
    """Why the clock of a step or a dossier stands still, in words."""
    if why == SUSPENDED:
        return _("theo luật")
    return label(labels.CLOCK_WHYS, why) if why else None


def run_view(calendar: Calendar, run: Deadline, now: datetime, *, why: str = "") -> ClockView:
    """The state of a dossier's own clock; `why` it stands still, where the page knows."""
    if run.paused_at:
        return clock_view(calendar, None, None, now, paused=why or _("thời gian không tính vào hạn"))
    return clock_view(calendar, counts_from(calendar, run), run.due_at, now)


def spoken(amount: timedelta) -> str:
    """Working time in days of eight hours: `1 ngày 2 giờ`, `5 giờ 20 phút`."""
    minutes = max(0, int(amount / timedelta(minutes=1)))
    days, rest = divmod(minutes, 8 * 60)
    hours, mins = divmod(rest, 60)
    units = (days, _days), (hours, _hours), (mins, _minutes)
    said = [f"{number} {word()}" for number, word in (units[:2] if days else units[1:]) if number]
    return " ".join(said) or f"0 {_minutes()}"


def _days() -> str:
    return _("ngày")


def _hours() -> str:
    return _("giờ")


def _minutes() -> str:
    return _("phút")


def _due(due: datetime, now: datetime) -> str:
    if due.astimezone(VIETNAM).date() == now.astimezone(VIETNAM).date():
        return _("hẹn %(time)s hôm nay", time=f"{due.astimezone(VIETNAM):%H:%M}")
    return _("hẹn %(time)s", time=vnday(due))
