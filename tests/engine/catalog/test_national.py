"""A file of procedures is loaded line by line; what is broken is told and hurts nobody else."""

import gzip
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.base.uow import UnitOfWork
from engine.catalog.models import Procedure
from engine.catalog.national import ImportReport, import_file

#: Not part of the product; beside the checkout where the project is developed.
NATIONAL = Path(__file__).parents[4] / "shared" / "data" / "national-procedures.jsonl.gz"

Import = Callable[[bytes], ImportReport]


def line(code: str = "1.000001", name: str = "Đăng ký khai sinh", **more: Any) -> bytes:
    return json.dumps({"code": code, "name": name, "field": "Hộ tịch", **more}, ensure_ascii=False).encode()


@pytest.fixture
def load(unit: Callable[..., AbstractContextManager[UnitOfWork]], tmp_path: Path) -> Import:
    def load_it(data: bytes) -> ImportReport:
        path = tmp_path / "procedures.jsonl"
        path.write_bytes(data)
        with unit() as uow:
            return import_file(uow, path)

    return load_it


class TestImportFile:
    def test_good_lines_become_procedures(self, load: Import, session: Session) -> None:
        report = load(
            line(levels="Cấp xã", channels_text="Trực tiếp5 NgàyMiễn phí") + b"\n\n" + line("1.000002")
        )
        assert (report.created, report.updated, report.unchanged, report.refused) == (2, 0, 0, [])
        procedure = session.get_one(Procedure, "1.000001")
        assert (procedure.levels, procedure.channels[0]["limit_value"]) == (["commune"], 5)
        assert procedure.published["channels"] == "Trực tiếp5 NgàyMiễn phí"

    def test_the_same_file_again_changes_nothing(self, load: Import) -> None:
        load(line())
        report = load(line())
        assert (report.created, report.updated, report.unchanged) == (0, 0, 1)

    def test_a_changed_line_updates_and_leaves_what_only_we_know(
        self, load: Import, session: Session
    ) -> None:
        load(line())
        session.get_one(Procedure, "1.000001").name_en = "Birth registration"
        session.commit()
        report = load(line(name="Thủ tục đăng ký khai sinh"))
        session.expire_all()
        procedure = session.get_one(Procedure, "1.000001")
        assert (report.updated, procedure.name_vi) == (1, "Thủ tục đăng ký khai sinh")
        assert procedure.name_en == "Birth registration"

    @pytest.mark.parametrize(
        ("broken", "reason"),
        [
            (b'{"code": "1.000002"', "JSON hỏng ở ký tự thứ 21"),
            (b"[1, 2]", "không phải một đối tượng JSON"),
            (b'{"code": "1.000002", "name": "\xff\xfe"}', "không phải văn bản UTF-8"),
            (line(code=""), "thiếu mã thủ tục"),
            (line("1.000002", name="  "), "thiếu tên thủ tục"),
            (line("1.000002", field=""), "thiếu lĩnh vực"),
            (line("1.00002"), "mã thủ tục “1.00002” không đúng dạng 1.234567"),
            (line("1.000002", levels=["Cấp xã"]), "trường “levels” không phải là chữ"),
            (line("1.000002", steps_text="a\0b"), "trường “steps_text” có ký tự không hợp lệ (NUL)"),
            (line("1.000001"), "mã thủ tục 1.000001 đã có ở dòng 1"),
            (line("1.000002", steps_text="x" * 1_000_001), "dòng dài hơn 1000000 byte"),
        ],
    )
    def test_a_broken_line_is_told_with_its_number_and_the_others_load(
        self, load: Import, broken: bytes, reason: str
    ) -> None:
        report = load(b"\n".join([line(), broken, line("1.000003")]))
        assert report.refused == [(2, reason)]
        assert report.created == 2

    def test_gzip_is_told_by_its_bytes_not_its_name(self, load: Import) -> None:
        assert load(gzip.compress(line())).created == 1

    def test_what_lies_before_the_break_of_an_archive_loads(self, load: Import) -> None:
        lines = b"\n".join(
            line(f"1.{number:06}", steps_text=str(hash(number)) * 40) for number in range(2000)
        )
        report = load(gzip.compress(lines)[:-3000])
        assert report.created > 0
        assert report.refused[0][1] == "tệp nén hỏng từ dòng này"

    def test_names_are_stored_composed(self, load: Import, session: Session) -> None:
        load(line(name="Đăng ký"))
        assert session.get_one(Procedure, "1.000001").name_vi == "Đăng ký"

    def test_progress_ends_at_the_whole_file(
        self, unit: Callable[..., AbstractContextManager[UnitOfWork]], tmp_path: Path
    ) -> None:
        path = tmp_path / "procedures.jsonl"
        path.write_bytes(b"\n".join(line(f"1.{number:06}") for number in range(120)))
        heard: list[tuple[int, int]] = []
        with unit() as uow:
            import_file(uow, path, lambda done, total: heard.append((done, total)))
        size = path.stat().st_size
        assert heard[-1] == (size, size)
        assert len(heard) == 3

    @pytest.mark.skipif(not NATIONAL.exists(), reason="the national file is not part of the repository")
    def test_the_whole_national_file_loads(
        self, unit: Callable[..., AbstractContextManager[UnitOfWork]], session: Session
    ) -> None:
        with unit() as uow:
            report = import_file(uow, NATIONAL)
        assert (report.created, report.refused) == (2642, [])
        assert (
            session.scalar(select(func.count()).where(func.jsonb_array_length(Procedure.channels) == 0)) == 0
        )
        extracts = session.get_one(Procedure, "2.000635")
        assert [channel["fee_amount"] for channel in extracts.channels] == [8000, 8000, 8000]
        assert extracts.results == [
            {"code": "KQ.G15.000342", "name": "Bản sao Trích lục hộ tịch, bản sao giấy khai sinh"}
        ]
