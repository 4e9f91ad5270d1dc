"""Interconnected groups through the commands: a ledger, a clock and a result for each dossier (Decree 118/2025, art. 20(2))."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.catalog import publish
from engine.dossiers import intake
from engine.dossiers.intake import LodgedInGroup, Lodging
from engine.dossiers.models import Deadline, Dossier
from engine.dossiers.topics.children import ChildNotDeclared
from tests.factories.desk import Ward
from tests.factories.province import ROOT
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


GROUPS = ("3.000722", "2.002913")


def record(code: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "bpmn" / code / "procedure.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("3.000722", ["birth", "residence", "insurance", "card"]),
        ("2.002913", ["death", "residence", "support"]),
    ],
)
def test_a_group_is_done_with_the_last_of_its_dossiers_each_with_a_clock_of_its_own(ward: Ward, code: str, kinds: list[str]) -> None:
    dossier = ward.walk(ward.lodge(code), Policy({"confirm_benefits": [{"support_benefit": True}]}))

    assert (dossier.status, dossier.result_kind) == ("handed_over", "granted")
    with ward.sessions() as session:
        opened = session.scalars(select(Dossier).filter_by(parent_id=dossier.id).order_by(Dossier.lodged_at, Dossier.id)).all()
        assert [one.child_kind for one in opened] == kinds
        assert {one.status for one in opened} == {"handed_over"}
        for one in opened:
            run = session.scalars(select(Deadline).filter_by(dossier_id=one.id).order_by(Deadline.started_at.desc())).first()
            assert run is not None
            assert run.article == "Nghị định 63/2024/NĐ-CP, sửa đổi bởi Nghị định 301/2026/NĐ-CP"


def test_what_only_a_group_opens_is_not_lodged_by_itself(ward: Ward) -> None:
    answers = {
        "requester": {"full_name": "Lò Văn Thiết", "personal_id": "099098000301"},
        "person": {"full_name": "Lò Minh An", "personal_id": "099326000302", "birth_date": {"y": 2026}, "sex": "female"},
        "clinic": "tram_y_te", "contact_phone": "0990001701", "result_delivery": "counter", "truthful": True,
    }  # fmt: skip
    reception = ward.officer("tiepnhan.hacthanh")
    lodging = Lodging(procedure_code="3.000722.03", channel="in_person", answers=answers, receiving_office_id=reception.offices[0])
    with pytest.raises(LodgedInGroup), ward.act(reception) as uow:
        intake.lodge(uow, lodging)


@pytest.mark.parametrize("code", sorted({one["procedure"] for group in GROUPS for one in record(group)["children"]}))
def test_what_a_group_opens_runs_alone_too_under_its_own_limit_unless_only_a_group_opens_it(ward: Ward, code: str) -> None:
    if record(code).get("only_in_group"):
        with pytest.raises(LodgedInGroup), ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            intake.lodge(uow, ward.lodging("1.000656", procedure_code=code))
        return
    dossier = ward.walk(ward.lodge(code))

    assert (dossier.status, dossier.result_kind, dossier.parent_id) == ("handed_over", "granted", None)
    with ward.sessions() as session:
        articles = set(session.scalars(select(Deadline.article).filter_by(dossier_id=dossier.id)))
    assert articles <= {one.get("article") for one in record(code)["limits"]}


def test_a_group_that_tells_its_office_too_little_is_refused_by_name_and_nothing_was_done(ward: Ward, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "bpmn" / "3.000722", tmp_path / "3.000722"))
    record = json.loads((folder / "procedure.json").read_text("utf-8"))
    del record["children"][0]["answers"]["requester"]
    (folder / "procedure.json").write_text(json.dumps(record), "utf-8")
    with ward.act() as uow:
        poorer = publish.deploy(uow, folder, forms=ROOT / "forms" / "schemas")
        publish.publish(uow, poorer.version_id, effective_from=ward.clock.today())
    lodged = ward.lodge("3.000722")

    with pytest.raises(ChildNotDeclared) as refused:
        ward.walk(lodged)

    assert refused.value.facts["child"] == "Đăng ký khai sinh"
    assert "requester.full_name" in refused.value.facts["fields"]
    assert ward.dossier(lodged).status == "registered"
    assert ward.task(lodged).step_id == "check_dossier"
    with ward.sessions() as session:
        assert session.scalars(select(Dossier).filter_by(parent_id=lodged.dossier_id)).all() == []
