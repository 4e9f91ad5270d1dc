"""The supplement after acceptance: once, in full, 15 days, the clock restarts (art. 19(5))."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.base.errors import DomainError
from engine.base.ids import digest_of
from engine.documents import checklist
from engine.documents.models import Component
from engine.dossiers import limits, papers, reuse
from engine.dossiers.act import Act, topic
from engine.dossiers.facts import PAPERS_ASKED
from engine.dossiers.models import Supplement
from engine.ledger.events import SupplementRequested
from engine.runtime.machine import EngineCall


class NothingAsked(DomainError):
    """A request to complete the dossier says what is missing."""

    kind = "invalid"


class AskedOnce(DomainError):
    """All that is missing is named at once: what the first request did not name is not asked for before acceptance."""


def asked_items(act: Act, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the officer listed, and every component judged missing or invalid that the list left out.

    A line that is about a component says which: its files are kept there.
    """
    components = checklist.lines(act.uow.session, act.dossier.id)
    items = [_item(row, components) for row in answers.get("supplement_items") or []]
    named = {item.get("component") for item in items}
    lacking = [row for row in components if row.verdict in ("missing", "invalid") and row.key not in named]
    said = act.answers(PAPERS_ASKED) if lacking else {}
    return items + [_line(row, said.get(row.key)) for row in lacking]


def _line(row: Component, said: Mapping[str, str | None] | None) -> dict[str, str]:
    """Of a paper, with what reception said of it; the note then says what it lacks, else why it is asked for."""
    note = row.note or "Chưa có trong hồ sơ"
    words = {"why": said.get("why") or note, "lack": note, "how": said.get("how")} if said else {"why": note}
    return {"what": row.name, "component": row.key} | {name: one for name, one in words.items() if one}


def _item(row: Mapping[str, Any], components: Sequence[Component]) -> dict[str, str]:
    what, chosen = row.get("what") or "", row.get("component")
    about = next((one for one in components if one.key == chosen or one.name == what), None)
    item = {"what": what or (about.name if about else "Giấy tờ khác"), "why": row.get("why") or ""}
    item |= {name: row[name] for name in ("lack", "how") if row.get(name)}
    return item | {"component": about.key} if about else item


def check_once(act: Act, items: Sequence[Mapping[str, str]]) -> None:
    """Before acceptance: something must be asked for, and a second list may only repeat the first (art. 16, 17(1)(c))."""
    if not items:
        raise NothingAsked
    first = act.uow.session.scalars(
        select(Supplement).filter_by(dossier_id=act.dossier.id, after_acceptance=False).order_by(Supplement.round)
    ).first()
    if first is None:
        return
    named = {one.get("component") or one["what"] for one in first.items}
    if new := [one["what"] for one in items if (one.get("component") or one["what"]) not in named]:
        raise AskedOnce(names=new)


def open_round(
    act: Act, items: list[dict[str, str]], due: datetime, *, rule: str | None, after_acceptance: bool
) -> Supplement:
    """A row for one request, whose time counts by a rule (None: a named day); the number goes up by one each time.

    How long the time is stays with it, whatever another version of the procedure says.
    """
    own = limits.to_answer(act.rules, rule, act.terms, act.group) if rule else None
    last = act.uow.session.scalar(
        select(func.max(Supplement.round)).filter_by(dossier_id=act.dossier.id)
    )
    row = Supplement(
        dossier_id=act.dossier.id,
        round=(last or 0) + 1,
        after_acceptance=after_acceptance,
        rule=rule,
        limit=own.limit if own else None,
        article=own.article if own else None,
        items=items,
        asked_at=act.uow.clock.now(),
        due_at=due,
    )
    act.uow.session.add(row)
    act.uow.session.flush()
    act.tell(
        SupplementRequested(round=row.round, items_digest=digest_of(items), due_at=due.isoformat())
    )
    return row


@topic("supplement.open")
def open_supplement(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The clock's run is closed; the days of the applicant are fixed once and never grow by a partial answer."""
    count = call.variables.get("supplement_count") or 0
    limits.check_supplement(
        act,
        count=count,
        most=call.variables.get("supplement_max", 1),
        late_reason=act.answers("send_request").get("late_reason"),
    )
    due = limits.supplement(act)
    items = asked_items(act, act.last_with("supplement_items"))
    reuse.asked_for(act, {one["component"] for one in items if "component" in one})
    limits.stop_clock(act, "supplement")
    row = open_round(act, items, due, rule="T07", after_acceptance=True)
    papers.supplement(act, items, due, after_acceptance=True)
    papers.tell_applicant(act, "supplement_asked", round=row.round)
    return {
        "supplement_state": None,
        "supplement_count": count + 1,
        "supplement_due_at": due.isoformat(),
    }


def completed_at(act: Act) -> datetime:
    """When the applicant handed in what was asked for last, after acceptance; now, where a row does not say."""
    asked = select(Supplement.received_at).filter_by(dossier_id=act.dossier.id, after_acceptance=True)
    return act.uow.session.scalar(asked.order_by(Supplement.round.desc()).limit(1)) or act.uow.clock.now()


@topic("clock.restart")
def restart(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """A complete resubmission: the limit, that of the stage in which it was asked for, counts again from zero, with a new receipt.

    From when the applicant completed it: reception that is slow to see so gains no time by it (art. 19(5)).
    """
    limits.start_clock(act, completed_at(act), stage=limits.stage(act))
    papers.receipt(act)
    papers.tell_applicant(act, "restarted")
    return {"supplement_state": "completed"}


@topic("supplement.expire")
def expire(act: Act, call: EngineCall) -> Mapping[str, Any]:
    """The days are over; a person closes the dossier, no clock does."""
    return {"supplement_state": "expired"}
