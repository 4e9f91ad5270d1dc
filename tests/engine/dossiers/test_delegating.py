"""Officers of the counter who decide (Decree 118/2025, art. 17(5)): who signs, and what becomes of it when offices merge."""

import shutil
from datetime import date

import pytest
from sqlalchemy import select

from engine.base.ids import uuid7
from engine.catalog import publish
from engine.dossiers import delegating, moving, rerouting, tasks
from engine.dossiers.moving import NotItsVersion
from engine.dossiers.tasks import SameHands
from engine.ledger.models import LedgerEvent
from engine.org import changes, delegations
from engine.org.models import Delegation, Posting
from tests.factories.province import ROOT
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")

CODE = "2.000635"
WARD, OTHER = "Ủy ban nhân dân phường Hạc Thành", "Ủy ban nhân dân phường Sầm Sơn"


def grant(ward, *, may_sign=False, until=None):
    with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
        return delegating.grant(
            uow,
            office_id=ward.office(WARD),
            officer_id=ward.officer("tiepnhan.hacthanh").officer_id,
            procedure_code=CODE,
            since=ward.clock.today(),
            until=until,
            decision="45/QĐ-UBND",
            may_sign=may_sign,
        )


def promote(ward):
    """Whoever receives also stands among those who sign in the ward."""
    with ward.act() as uow:
        uow.session.add(
            Posting(
                officer_id=ward.officer("tiepnhan.hacthanh").officer_id,
                office_id=ward.office(WARD),
                lane="leader",
                position=9,
                valid_from=date(2020, 1, 1),
                valid_to=None,
            )
        )
    return ward.officer("tiepnhan.hacthanh")


@pytest.mark.parametrize("may_sign", [True, False])
def test_art_17_5_whoever_decided_at_the_counter_signs_only_if_the_delegation_says_so(ward, may_sign):
    grant(ward, may_sign=may_sign)
    officer = promote(ward)
    lodged = ward.lodge(CODE, channel="in_person")
    found = {"decide_at_counter": [{"examination_outcome": "eligible", "found_in": "e_database"}]}
    ward.walk(lodged, Policy(found, rest_at=("sign_draft",)))
    task = ward.task(lodged)

    def sign():
        with ward.act(officer) as uow:
            tasks.complete(uow, task.id, {"sign_outcome": "sign"}, seen=task.revision)

    if may_sign:
        sign()
        assert ward.task(lodged).step_id != "sign_draft"
    else:
        with pytest.raises(SameHands):
            sign()


def test_when_the_office_becomes_part_of_another_its_delegations_go_along_each_with_its_end_and_its_beginning(ward):
    old = grant(ward, may_sign=True, until=date(2026, 12, 31))
    officer = ward.officer("tiepnhan.hacthanh").officer_id
    with ward.act(ward.officer("quantri")) as uow:
        change = changes.draft(
            uow, uuid7(), kind=changes.MERGE, offices=[ward.office(WARD)], to=ward.office(OTHER), name="", name_en="",
            decision="99/NQ-HĐND", effective_from=ward.clock.today(),
        )  # fmt: skip
    with ward.act(ward.officer("quantri")) as uow:
        assert [one.delegation.id for one in rerouting.delegations(uow, change.id)] == [old]
        rerouting.apply(uow, change.id)

    with ward.sessions() as session:
        ended, begun = session.scalars(select(Delegation).order_by(Delegation.id)).all()
        assert ended.valid_to == begun.valid_from == ward.clock.today()
        assert (begun.office_id, begun.valid_to, begun.may_sign) == (ward.office(OTHER), date(2027, 1, 1), True)
        assert begun.decision == "45/QĐ-UBND; 99/NQ-HĐND"
        held = [delegations.held(session, officer, CODE, one, on=ward.clock.today()) for one in (ended.office_id, begun.office_id)]
        assert held == [None, begun]
        told = [session.get_one(LedgerEvent, key).type for key in ((ended.id, 2), (begun.id, 1))]
        assert told == ["delegation.ended", "delegation.granted"]
    with ward.act(ward.officer("quantri")) as uow:
        assert rerouting.apply(uow, change.id) is None, "done twice it is done once"


@pytest.fixture
def of_before(ward, tmp_path):
    """A version in which nobody at the counter can pass on what they may not decide; then the one of today again."""

    def deploy(name, change):
        bundle, forms = tmp_path / name / CODE, tmp_path / name / "schemas"
        shutil.copytree(ROOT / "bpmn" / CODE, bundle)
        shutil.copytree(ROOT / "forms" / "schemas", forms)
        for file in (bundle / "diagram.bpmn", bundle / "scenarios.json", forms / CODE / "decide_at_counter.form.json"):
            file.write_text(change(file.read_text("utf-8")), "utf-8")
        with ward.act() as uow:
            made = publish.deploy(uow, bundle, forms=forms)
            publish.publish(uow, made.version_id, effective_from=ward.clock.today())
            return made.version_id

    old = deploy("old", lambda text: text.replace("passed_on", "noted_here"))
    grant(ward)
    lodged = ward.lodge(CODE, channel="in_person")
    ward.walk(lodged, Policy(rest_at=("decide_at_counter",)))
    assert ward.dossier(lodged).version_id == old
    return lodged, deploy("new", lambda text: text.replace("Cấp bản sao trích lục hộ tịch", "Cấp bản sao trích lục hộ tịch (2)"))


def test_art_17_5_on_an_older_version_the_counter_brings_it_to_the_one_in_force_and_passes_it_on(ward, of_before):
    lodged, newest = of_before
    officer, task = ward.officer("tiepnhan.hacthanh"), ward.task(lodged)
    with ward.act(officer) as uow:
        assert not tasks.form_of(uow, task.id).lapsed, "as long as it is delegated"
        with pytest.raises(NotItsVersion):
            moving.renew(uow, task.id)
    with ward.act(ward.officer("lanhdao.hacthanh")) as uow:
        delegating.end(uow, uow.session.scalars(select(Delegation.id)).one())

    with ward.act(officer) as uow:
        assert tasks.form_of(uow, task.id).lapsed
    for _ in range(2):
        with ward.act(officer) as uow:
            moving.renew(uow, task.id)
    assert ward.dossier(lodged).version_id == newest
    task = ward.task(lodged)
    with ward.act(officer) as uow:
        tasks.complete(uow, task.id, {"passed_on": True}, seen=task.revision)
    assert ward.task(lodged).step_id != "decide_at_counter"
