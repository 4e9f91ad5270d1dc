"""Limits in words, for pages that promise one."""

from collections.abc import Sequence

from flask_babel import gettext as _


def span(spans: Sequence[tuple[float, str]]) -> str:
    """`(10, "wd"), (15, "wd")` -> `10 đến 15 ngày làm việc`; nothing where the units differ."""
    units = {unit for _value, unit in spans}
    if len(units) != 1:
        return ""
    unit = units.pop()
    if unit == "same_day":
        return _("Trong ngày")
    low, high = min(spans)[0], max(spans)[0]
    amount = f"{low:g}" if low == high else _("%(low)s đến %(high)s", low=low, high=high)
    return {
        "wd": _("%(n)s ngày làm việc", n=amount),
        "wh": _("%(n)s giờ làm việc", n=amount),
        "d": _("%(n)s ngày", n=amount),
        "h": _("%(n)s giờ", n=amount),
        "month": _("%(n)s tháng", n=amount),
        "year": _("%(n)s năm", n=amount),
    }.get(unit, "")
