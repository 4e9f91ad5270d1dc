"""A rule of the clock in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.calendar.due import Ends, Unit
from engine.calendar.rules import Rule


def number(rule: Rule) -> str:
    """`8 giờ làm việc`, `trong ngày`, `1 lần`; empty where nothing is counted."""
    said = f"{rule.value:g}" if rule.value is not None else ""
    return {
        Unit.WORKING_HOUR: _("%(n)s giờ làm việc", n=said),
        Unit.WORKING_DAY: _("%(n)s ngày làm việc", n=said),
        Unit.DAY: _("%(n)s ngày", n=said),
        Unit.HOUR: _("%(n)s giờ", n=said),
        Unit.SAME_DAY: _("trong ngày"),
        "times": ngettext("%(num)s lần", "%(num)s lần", rule.count),
        "minutes": ngettext("%(num)s phút", "%(num)s phút", rule.count),
        "at_once": _("ngay"),
        "catalogue": _("theo thủ tục"),
        "percent": _("%(n)s %% thời hạn", n=said),
        "pause": _("không tính"),
    }.get(rule.unit, "")


def ends(rule: Rule) -> str:
    """When the last day is over, where that is a question."""
    if rule.unit not in (Unit.WORKING_DAY, Unit.DAY, "catalogue"):
        return ""
    return {
        Ends.CLOSE: _("hết giờ làm việc"),
        Ends.CLOCK: _("đúng giờ bắt đầu"),
        Ends.MIDNIGHT: _("hết ngày"),
    }[rule.ends]
