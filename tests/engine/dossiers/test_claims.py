"""Who may take a task, and what a procedure without a published limit asks for."""

import json

import pytest
from sqlalchemy import select, update

from engine.catalog import national
from engine.dossiers import intake, tasks
from engine.dossiers.intake import LimitUnknown
from engine.dossiers.models import Deadline
from engine.org.models import Posting
from tests.factories.desk import Ward
from tests.factories.province import ROOT
from webapp.demo.walk import Policy

pytestmark = pytest.mark.usefixtures("ledger_and_rows_agree")


class TestClaim:
    def test_a_task_of_somebody_who_left_the_lane_is_open_to_those_who_stand_there(self, ward: Ward):
        lodged = ward.lodge("2.000908")
        ward.walk(lodged, Policy(rest_at=("search_book",)))
        first, second = ward.officer("chuyenvien.hacthanh"), ward.officer("chuyenvien2.hacthanh")
        with ward.act(first) as uow:
            tasks.claim(uow, ward.task(lodged).id, seen=ward.task(lodged).revision)
        with ward.act(second) as uow, pytest.raises(tasks.TaskHeld):
            tasks.claim(uow, ward.task(lodged).id, seen=ward.task(lodged).revision)

        with ward.act(first) as uow:
            left = update(Posting).filter_by(officer_id=first.officer_id)
            uow.session.execute(left.values(valid_to=ward.clock.today()))
        with ward.act(second) as uow:
            tasks.claim(uow, ward.task(lodged).id, seen=ward.task(lodged).revision)

        assert ward.task(lodged).assignee_id == second.officer_id


class TestNoPublishedLimit:
    @pytest.fixture
    def code(self, ward: Ward, tmp_path) -> str:
        """A real procedure whose published times were lost."""
        lines = (ROOT / "webapp" / "demo" / "procedures.jsonl").read_text("utf-8").splitlines()
        record = next(one for one in map(json.loads, lines) if "Cấp xã" in one["levels"])
        record["channels_text"] = ""
        (tmp_path / "one.jsonl").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        with ward.act() as uow:
            national.import_file(uow, tmp_path / "one.jsonl")
        return record["code"]

    @pytest.fixture
    def answers(self) -> dict:
        return {
            "requester": {
                "full_name": "Hà Thị Nga",
                "birth_date": {"y": 1970, "m": 2, "d": 14},
                "personal_id": "099170000202",
                "phone": "0990000202",
            },
            "request": "Đề nghị giải quyết theo hồ sơ kèm theo.",
            "result_delivery": "counter",
            "truthful": True,
        }

    def test_the_counter_agrees_on_days_with_the_applicant(self, ward, code, answers):
        given = {"answers": answers, "channel": "in_person", "facts": {}, "is_proxy": False}
        lodging = ward.lodging("2.000908", procedure_code=code, **given)

        with pytest.raises(LimitUnknown), ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            intake.lodge(uow, lodging)

    def test_lodged_online_it_is_accepted_without_a_date(self, ward, code, answers):

        given = {"answers": answers, "channel": "online", "facts": {}, "is_proxy": False}
        with ward.act(ward.officer("tiepnhan.hacthanh")) as uow:
            lodged = intake.lodge(uow, ward.lodging("2.000908", procedure_code=code, **given))
        ward.walk(lodged, Policy(rest_at=("assign_specialist",)))

        dossier = ward.dossier(lodged)
        assert (dossier.status, dossier.due_at) == ("in_process", None)
        with ward.sessions() as session:
            assert session.scalars(select(Deadline).filter_by(dossier_id=dossier.id)).all() == []
