"""A dossier is counted by the rules under which it was received, whatever the law says later."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.base.actor import SYSTEM
from engine.base.ids import uuid7
from engine.calendar import rules
from engine.calendar.models import DayException, DayKind
from engine.dossiers import limits, steps
from engine.dossiers.act import Act
from engine.dossiers.models import Task
from engine.ledger.read import history
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

#: What a later law says: less time to check what was lodged online, more to complete it.
LATER = {"T02": 4, "T07": 20}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place of their own for the editions, on which another can be put."""
    for path in rules.SHELF.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(rules, "SHELF", tmp_path)
    rules.editions.cache_clear()
    yield tmp_path
    for kept in (rules.editions, rules.edition, rules.in_force):
        kept.cache_clear()


def issue(shelf: Path, name: str) -> None:
    """The next edition: the same rows, with the numbers of the later law."""
    rows = json.loads((shelf / f"{rules.newest()}.json").read_text("utf-8"))
    changed = [one | {"value": LATER.get(one["code"], one.get("value"))} for one in rows]
    (shelf / f"{name}.json").write_text(json.dumps(changed), "utf-8")
    rules.editions.cache_clear()


def told(ward, lodged, kind):
    with ward.sessions() as session:
        return [one.payload for one in history(session, lodged.dossier_id) if one.type == kind]


def check(ward, lodged):
    with ward.sessions() as session:
        return session.scalars(select(Task).filter_by(dossier_id=lodged.dossier_id, step_id="check_dossier")).one()


def answer_by(ward, lodged):
    """Until when the applicant could answer, if asked when it was lodged."""
    with ward.act(SYSTEM) as uow:
        act = Act.on(uow, lodged.dossier_id, lock=False)
        return steps.counted(act, rule="T07", start=act.dossier.lodged_at).at


def test_the_edition_stands_in_the_ledger_from_the_first_event_on(ward, shelf):
    first = ward.lodge("2.000908", channel="online")
    issue(shelf, "2027-01-01")
    second = ward.lodge("2.000908", channel="online")
    assert [told(ward, one, "dossier.lodged")[0]["rules_edition"] for one in (first, second)] == ["2026-09-01", "2027-01-01"]


def test_a_later_edition_does_not_change_what_was_promised(ward, shelf):
    early = ward.lodge("2.000908", channel="online")
    accepted = ward.lodge("1.001776", channel="in_person")
    ward.walk(accepted, Policy(rest_at=("examine_beneficiary",)))
    before = (check(ward, early).due_at, ward.dossier(accepted).due_at, answer_by(ward, accepted))

    issue(shelf, "2027-01-01")
    for one in (early, accepted):
        with ward.act(SYSTEM) as uow:
            act = Act.on(uow, one.dossier_id)
            assert limits.move(act, "calendar", uuid7()) is None
            steps.retime(act, "calendar")
    assert (check(ward, early).due_at, ward.dossier(accepted).due_at, answer_by(ward, accepted)) == before

    late = ward.lodge("2.000908", channel="online")
    later = ward.lodge("1.001776", channel="in_person")
    ward.walk(later, Policy(rest_at=("examine_beneficiary",)))
    assert check(ward, late).due_at < before[0], "four working hours instead of eight"
    assert answer_by(ward, later) > before[2], "twenty days instead of fifteen"
    assert ward.dossier(later).due_at == before[1], "the limit of the procedure is its own"


def test_the_date_says_by_which_rules_and_by_which_calendar_it_was_counted(ward):
    first = ward.lodge("1.001776", channel="in_person")
    ward.walk(first, Policy(rest_at=("examine_beneficiary",)))
    [before] = told(ward, first, "deadline.set")
    assert before["rules_edition"] == rules.newest()
    with ward.act(SYSTEM) as uow:
        uow.session.add(
            DayException(
                day=uow.clock.today().replace(month=12, day=2),
                kind=DayKind.HOLIDAY,
                name="Nghỉ bù",
                name_en="Day off",
                source="Quyết định 9/QĐ-UBND",
                entered_at=uow.clock.now(),
            )
        )
    second = ward.lodge("1.001776", channel="in_person")
    ward.walk(second, Policy(rest_at=("examine_beneficiary",)))
    [after] = told(ward, second, "deadline.set")
    assert after["calendar_edition"] != before["calendar_edition"]
    assert after["due_at"] > before["due_at"]
