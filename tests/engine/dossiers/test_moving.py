"""A running dossier goes on in a newer version of its diagram: tried first, told in its ledger, times kept."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.base.errors import Forbidden
from engine.catalog import publish
from engine.catalog.models import ProcedureVersion
from engine.dossiers import invariants, limits, moving, steps, tasks
from engine.dossiers.act import Act
from engine.dossiers.models import Dossier, Supplement, Task
from engine.dossiers.moving import CannotMove, NothingToMove, NotItsVersion
from engine.ledger.chain import first_break
from engine.ledger.read import history
from tests.engine.dossiers import test_clock
from tests.factories.province import ROOT
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

CODE = "2.000908"
#: The step that examines goes to the counter's lane.
TO_RECEPTION = (
    ("        <bpmn:flowNodeRef>search_book</bpmn:flowNodeRef>\n", ""),
    ("<bpmn:flowNodeRef>dossier_lodged<", "<bpmn:flowNodeRef>search_book</bpmn:flowNodeRef><bpmn:flowNodeRef>dossier_lodged<"),
)


@pytest.fixture
def publish_changed(ward, tmp_path):
    """Deploy and publish the bundle with some words of its diagram changed; gives the version."""

    def change(*pairs, code=CODE, of="diagram.bpmn"):
        folder = tmp_path / code
        shutil.copytree(ROOT / "bpmn" / code, folder, dirs_exist_ok=True)
        for file in (folder / of, folder / "scenarios.json"):
            text = file.read_text("utf-8")
            for old, new in pairs:
                assert old in text or file.name == "scenarios.json"
                text = text.replace(old, new)
            file.write_text(text, "utf-8")
        with ward.act() as uow:
            made = publish.deploy(uow, folder, forms=ROOT / "forms" / "schemas")
            publish.publish(uow, made.version_id, effective_from=ward.clock.today())
            return uow.session.get_one(ProcedureVersion, made.version_id)

    return change


@pytest.fixture
def lodged(ward):
    """A dossier that lies open at the specialist, for a day."""
    lodged = ward.lodge(CODE)
    ward.walk(lodged, Policy(rest_at=("search_book",)))
    ward.clock.at += timedelta(days=2)
    return lodged


def tried(ward, version, **names):
    with ward.sessions() as session:
        target = session.get_one(ProcedureVersion, version.id)
        return [
            (one.code, [problem.rule for problem in one.problems])
            for one in moving.prospects(session, target, names)
        ]


def move(ward, lodged, version, by="quantri", **names):
    with ward.act(ward.officer(by)) as uow:
        moving.move(uow, lodged.dossier_id, version.id, names)


def test_a_renamed_step_is_mapped_and_the_dossier_goes_on_to_its_end(ward, lodged, publish_changed):
    version = publish_changed(
        ('"search_book"', '"find_entry"'),
        (">search_book<", ">find_entry<"),
        ("Tra sổ gốc", "Tìm trong sổ gốc"),
    )
    before, task = ward.dossier(lodged), ward.task(lodged)
    assert tried(ward, version) == [(before.code, ["gone"])]
    with pytest.raises(CannotMove):
        move(ward, lodged, version)
    assert tried(ward, version, search_book="find_entry") == [(before.code, [])]
    assert ward.dossier(lodged).version_id == before.version_id, "trying changes nothing"

    move(ward, lodged, version, search_book="find_entry")
    after, open_task = ward.dossier(lodged), ward.task(lodged)
    assert (after.version_id, after.due_at, after.status) == (version.id, before.due_at, before.status)
    assert (open_task.id, open_task.step_id, open_task.name) == (task.id, "find_entry", "Tìm trong sổ gốc")
    assert (open_task.opened_at, open_task.due_at, open_task.sort_at) == (
        task.opened_at,
        task.due_at,
        task.sort_at,
    )
    with ward.sessions() as session:
        assert [one.alarms for one in invariants.standings(session, ward.clock)] == [[]]
        events = history(session, lodged.dossier_id)
    assert events[-1].type == "dossier.moved"
    assert events[-1].payload["names"] == {"search_book": "find_entry"}
    assert first_break(events) is None

    assert ward.walk(lodged).status == "handed_over"
    with ward.sessions() as session:
        steps = set(session.scalars(select(Task.step_id).filter_by(dossier_id=lodged.dossier_id)))
    assert "find_entry" in steps


def counted_anew(ward, lodged):
    """As after a change of the calendar that changes nothing for it."""
    with ward.act() as uow:
        steps.retime(Act.on(uow, lodged.dossier_id), "calendar")


def test_what_is_open_keeps_its_limit_also_when_all_is_counted_anew(ward, lodged, publish_changed):
    step = 'form="2.000908/search_book" status="in_process" limit='
    version, before = publish_changed((f'{step}"3 wh"', f'{step}"2 wh"')), ward.task(lodged).due_at
    move(ward, lodged, version)
    counted_anew(ward, lodged)
    assert ward.task(lodged).due_at == before

    third = publish_changed((f'{step}"3 wh"', f'{step}"1 wh"'), ("Tra sổ gốc", "Tìm trong sổ gốc"))
    move(ward, lodged, third)
    counted_anew(ward, lodged)
    assert ward.task(lodged).due_at == before, "moved again"


def test_a_timer_keeps_its_limit_too(ward, publish_changed):
    lodged = ward.lodge("1.001193", channel="online")
    ward.walk(lodged, Policy(rest_at=("preview_silent", "preview_confirmed")))
    longer = ('"step_limits": {', '"step_limits": {"preview_silent": "5 wd",')
    version, before = publish_changed(longer, code="1.001193", of="procedure.json"), ward.waits(lodged)["preview_silent"].due_at
    move(ward, lodged, version)
    counted_anew(ward, lodged)
    assert ward.waits(lodged)["preview_silent"].due_at == before


def test_who_was_asked_keeps_the_days_that_the_request_named(ward, publish_changed):
    """Fifteen days from 23/11; the newer version gives five working days to who is asked under it."""
    lodged, asked = test_clock.TestEdges().asked(ward)
    shorter = ('"step_limits": {', '"step_limits": {"supplement_expired": "5 wd",')
    version = publish_changed(shorter, code="1.001776", of="procedure.json")
    move(ward, lodged, version)
    with ward.act() as uow:
        act = Act.on(uow, lodged.dossier_id)
        row = uow.session.get_one(Supplement, asked.id)
        assert (row.limit, limits.answer_by(act, row)) == ("15 d", asked.due_at)
        assert limits.supplement(act) < asked.due_at
        row.limit = None
        assert limits.answer_by(act, row) < asked.due_at, "of before it was kept: as its version has it"


def test_a_step_that_went_to_another_lane_is_taken_from_who_held_it_and_the_ledger_says_so(
    ward, lodged, publish_changed
):
    holder, task = ward.officer("chuyenvien.hacthanh"), ward.task(lodged)
    if task.assignee_id is None:
        with ward.act(holder) as uow:
            tasks.claim(uow, task.id, seen=task.revision)
    assert ward.task(lodged).assignee_id == holder.officer_id
    move(ward, lodged, publish_changed(*TO_RECEPTION))
    after = ward.task(lodged)
    assert (after.id, after.lane, after.assignee_id) == (task.id, "reception", None)
    with ward.sessions() as session:
        assert [one.type for one in history(session, lodged.dossier_id)][-3:] == ["dossier.moved", "task.released", "task.moved"]


def test_a_screen_that_was_open_meanwhile_is_stale(ward, lodged, publish_changed):
    task = ward.task(lodged)
    move(ward, lodged, publish_changed(("Tra sổ gốc", "Tìm trong sổ gốc")))
    assert ward.task(lodged).revision == task.revision + 1


def test_only_an_administrator_and_only_to_a_published_version_of_the_same_diagram(
    ward, lodged, publish_changed
):
    version = publish_changed(("Tra sổ gốc", "Tìm trong sổ gốc"))
    with pytest.raises(Forbidden):
        move(ward, lodged, version, by="lanhdao.hacthanh")
    with ward.sessions() as session:
        own = session.get_one(Dossier, lodged.dossier_id).version_id
        others = session.scalars(select(ProcedureVersion).where(ProcedureVersion.code != CODE)).all()
        own = session.get_one(ProcedureVersion, own)
    for wrong in (own, others[0]):
        with pytest.raises(NotItsVersion):
            move(ward, lodged, wrong)


def test_a_dossier_that_ended_is_left_alone(ward, publish_changed):
    lodged = ward.lodge(CODE)
    ward.walk(lodged)
    before, version = ward.dossier(lodged), publish_changed(("Tra sổ gốc", "Tìm trong sổ gốc"))
    assert tried(ward, version) == []
    with pytest.raises(NothingToMove):  # it ended since somebody looked which can
        move(ward, lodged, version)
    assert ward.dossier(lodged).version_id == before.version_id
