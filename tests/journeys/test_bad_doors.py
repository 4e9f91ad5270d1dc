"""What is refused at the door, in words, with nothing lost: rule sets, dates, fees. Papers and scans: `test_desk`, `test_counter`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.catalog import publish
from engine.catalog.findings import DeployRefused
from engine.catalog.models import ProcedureVersion
from tests.factories.province import ROOT
from tests.journeys.clerk import Town, declared
from tests.journeys.test_desk import COUNTER

CODE = "2.000635"


@pytest.fixture
def deployed(town: Town, tmp_path: Path) -> Callable[..., list[str]]:
    """Deploy the procedure with these rows of its fee; what it is refused for."""

    def deployed(*rows: dict[str, Any]) -> list[str]:
        shutil.copytree(ROOT / "bpmn" / CODE, tmp_path / CODE)
        file = tmp_path / CODE / "procedure.json"
        record = json.loads(file.read_text("utf-8"))
        record["fees"] = [record["fees"][0] | one for one in rows]
        file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        with town.house.sessions() as session:
            before = session.scalar(select(func.count()).select_from(ProcedureVersion))
        with pytest.raises(DeployRefused) as refused, town.house.unit() as uow:
            publish.deploy_all(uow, tmp_path, forms=ROOT / "forms" / "schemas")
        with town.house.sessions() as session:
            assert session.scalar(select(func.count()).select_from(ProcedureVersion)) == before, "nothing of it is kept"
        return [one.sentence_vi for one in refused.value.findings if one.severity == "E"]

    return deployed


class TestRuleSets:
    def test_fees_with_a_gap_in_time_are_refused_at_load_naming_the_rows(self, deployed: Callable[..., list[str]]) -> None:
        (said,) = deployed({"effective_to": "2026-01-01"}, {"effective_from": "2026-02-01"})

        assert "Từ 01/01/2026 đến trước 01/02/2026 không có mức thu" in said

    def test_fees_that_overlap_in_time_are_refused_at_load_naming_both(self, deployed: Callable[..., list[str]]) -> None:
        (said,) = deployed({"effective_to": "2026-03-01"}, {"effective_from": "2026-02-01"})

        assert said.startswith("Hai mức thu chồng nhau")
        assert "01/03/2026" in said
        assert "01/02/2026" in said

    @pytest.mark.parametrize("amount", ["-8000", "7.5"])
    def test_a_negative_or_fractional_fee_is_refused_at_load(self, deployed: Callable[..., list[str]], amount: str) -> None:
        assert any("F-" in one or "đồng" in one for one in deployed({"amount": amount}))


def test_an_impossible_date_is_refused_in_words_and_everything_that_was_typed_stays(town: Town) -> None:
    page = town.clerk("tiepnhan.hacthanh").open(f"/counter/{CODE}")
    form = page.form("Tiếp nhận và in giấy hẹn")
    form.fill(declared(CODE) | COUNTER | {"lookup": "missing"})
    form = form.press("Tính lại ngày, phí, giấy tờ").form("Tiếp nhận và in giấy hẹn")
    form.fill(declared(CODE) | COUNTER | {"subject": {"birth_date": {"d": 31, "m": 2, "y": 1996}}})
    refused = form.press("Tiếp nhận và in giấy hẹn")

    assert refused.status == 422
    again = refused.form("Tiếp nhận và in giấy hẹn")
    assert [again.control(f"subject.birth_date.{part}")[0].value for part in "dmy"] == ["31", "2", "1996"]
    assert again.control("requester.full_name")[0].value == "Lê Thị Hoài"
    assert "Ngày" in refused.said


class TestLookedUpByHand:
    """Art. 17(1)(b): what the counter says of a database is kept as what it is: an officer looked there by hand."""

    @pytest.mark.parametrize(("chosen", "told"), [("found", "có dữ liệu"), ("missing", "không có dữ liệu")])
    def test_the_record_says_who_looked_where_over_no_connection(self, town: Town, chosen: str, told: str) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup=chosen)
        line = next(one for one in file.page().tree.iter("li") if "tự tra" in one.text_content())

        assert f"Cán bộ tự tra cơ sở dữ liệu quốc gia về dân cư, không qua kết nối: {told}" in line.text_content()
        assert "Hệ thống" not in line.text_content(), "a person looked"

    def test_where_nobody_looked_nothing_says_so(self, town: Town) -> None:
        file = town.take_in(CODE, answers=COUNTER, lookup="not_tried")

        assert "tự tra" not in file.page().words
