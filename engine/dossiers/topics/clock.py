"""Time that the law does not count, and procedures with more than one clock."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.documents.models import Component
from engine.dossiers import limits, papers, steps
from engine.dossiers.act import Act, topic
from engine.dossiers.topics.supplement import completed_at, open_round
from engine.runtime.machine import EngineCall


@topic("clock.pause")
def pause(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Nothing counts until `clock.resume`: a posting, a survey, a tax; the rule of the element says which and by what law."""
    limits.pause(act, call.element.rule)
    return {}


@topic("clock.resume")
def resume(act: Act, call: EngineCall) -> Mapping[str, Any]:
    if limits.resume(act, call.element.rule) and act.dossier.due_at:
        papers.tell_applicant(act, "clock_resumed", due_at=act.dossier.due_at.isoformat())
    return {}


@topic("clock.start_anew")
def start_anew(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The whole limit counts from now: of a driving licence, from the answer of who issued it (Circular 12/2025/TT-BCA)."""
    limits.stop_clock(act, "anew")
    limits.start_clock(act, act.uow.clock.now())
    papers.receipt(act)
    papers.tell_applicant(act, "restarted")
    return {}


@topic("clock.verify")
def verify(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """What must be verified elsewhere has the longer limit that its law gives it: no lateness, and no apology."""
    if limits.lengthen(act):
        papers.receipt(act)
        papers.tell_applicant(act, "verifying")
    return {}


@topic("revision.open")
def open_revision(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The first stage is over; the applicant mends the file, which does not count, and hands it in a second time.

    Asked for are the papers that the record lists for no first file, and every remark of the notice.
    """
    due = steps.counted(act, rule="L12").at
    limits.stop_clock(act, "revision")
    no_first = [one.key for one in act.terms.components if one.required_when == "false"]
    later = select(Component).filter_by(dossier_id=act.dossier.id, kind="submit").where(Component.key.in_(no_first))
    items = [
        {"what": row.name, "why": "Hồ sơ đề nghị phê duyệt", "component": row.key}
        for row in act.uow.session.scalars(later.order_by(Component.position))
    ]
    items += [
        {"what": one["remark"], "why": "Thông báo kết quả thẩm định"}
        for one in act.last_with("remarks").get("remarks") or []
    ]
    row = open_round(act, items, due, rule="L12", after_acceptance=True)
    papers.tell_applicant(act, "supplement_asked", round=row.round)
    return {"revision_due_at": due.isoformat()}


@topic("remedy.open")
def open_remedy(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """Faults of the site are mended until the day that the notice names; the clock goes on meanwhile."""
    notice, calendar = act.answers("ask_remedy"), act.calendar()
    due = calendar.closing(calendar.open_day_from(date.fromisoformat(notice["remedy_until"])))
    items = [{"what": one["what"], "why": one["why"]} for one in notice["faults"]]
    row = open_round(act, items, due, rule=None, after_acceptance=True)
    papers.tell_applicant(act, "remedy_asked", round=row.round)
    return {"remedy_due_at": due.isoformat()}


@topic("clock.open_stage")
def open_stage(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The second stage has a limit of its own, from the receipt of the valid second file."""
    limits.start_clock(act, completed_at(act), stage=2)
    papers.receipt(act)
    papers.tell_applicant(act, "restarted")
    return {}
