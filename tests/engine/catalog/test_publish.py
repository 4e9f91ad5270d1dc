"""Deployed once, published from a day on; the version of the day of receipt binds."""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from engine.base.actor import SYSTEM
from engine.base.clock import FrozenClock
from engine.base.db import connect
from engine.base.errors import Missing
from engine.base.uow import UnitOfWork, unit_of_work
from engine.catalog import publish as catalog
from engine.catalog.findings import DeployRefused
from engine.catalog.models import Procedure, ProcedureVersion, VersionState
from engine.catalog.national import import_file
from engine.catalog.publish import Deployed, deploy, deploy_all, in_force, publish
from engine.catalog.search import search
from engine.ledger.read import history
from engine.runtime.errors import DiagramRefused
from engine.runtime.model import read_model

ROOT = Path(__file__).parents[3]
CODE = "2.000908"
SEPTEMBER, DECEMBER = date(2026, 9, 1), date(2026, 12, 1)
#: of the frozen clock
TODAY = date(2026, 11, 23)

Unit = Callable[..., AbstractContextManager[UnitOfWork]]
T = TypeVar("T")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of all bundles and forms, to change."""
    shutil.copytree(ROOT / "forms" / "schemas", tmp_path / "forms" / "schemas")
    return Path(shutil.copytree(ROOT / "bpmn", tmp_path / "bpmn"))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One procedure and all parts, where a test deploys them itself; not to be changed."""
    root = tmp_path_factory.mktemp("few")
    shutil.copytree(ROOT / "forms" / "schemas", root / "forms" / "schemas")
    for folder in ("_parts", CODE):
        shutil.copytree(ROOT / "bpmn" / folder, root / "bpmn" / folder)
    return root / "bpmn"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def renamed(tree: Path) -> Path:
    change(tree / CODE / "procedure.json", '"number_and_seal": "1 wh"', '"number_and_seal": "0.5 wh"')
    return tree / CODE


class TestDeploy:
    def test_all_bundles_are_stored_parts_first(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        assert len(deployed) == len(list((ROOT / "bpmn").rglob("diagram.bpmn")))
        assert all(version.is_new and version.number == 1 for version in deployed.values())
        version = session.get_one(ProcedureVersion, deployed[CODE].version_id)
        assert version.calls["take_in"] == str(deployed["take_in"].version_id)
        assert version.calls["pay"] == str(deployed["pay"].version_id)  # called by take_in

    def test_the_same_bytes_are_the_same_version(
        self, unit: Unit, deployed: dict[str, Deployed], session: Session
    ) -> None:
        with unit() as uow:
            again = deploy_all(uow, ROOT / "bpmn")
        assert {version.version_id for version in again} == {v.version_id for v in deployed.values()}
        assert not any(version.is_new for version in again)
        assert session.scalar(select(func.count()).select_from(ProcedureVersion)) == len(deployed)

    def test_other_bytes_are_the_next_number(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        with unit() as uow:
            second = deploy(uow, renamed(tree))
        assert (second.is_new, second.number) == (True, deployed[CODE].number + 1)
        assert [event.type for event in history(session, second.version_id)] == ["version.drafted"]

    def test_the_bytes_of_an_earlier_version_are_the_next_number_and_bind_again(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        with unit() as uow:
            publish(uow, deploy(uow, renamed(tree)).version_id, effective_from=TODAY)
        with unit() as uow:
            back = deploy(uow, ROOT / "bpmn" / CODE)
            publish(uow, back.version_id, effective_from=TODAY)
        assert (back.is_new, back.number) == (True, deployed[CODE].number + 2)
        binding = in_force(session, CODE, TODAY)
        assert binding is not None
        assert (binding.id, binding.digest) == (back.version_id, session.get_one(ProcedureVersion, deployed[CODE].version_id).digest)

    def test_callers_of_a_part_that_was_put_back_are_pinned_to_what_lies_in_the_folder(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        change(tree / "_parts" / "pay" / "record.json", "Pay a fee or charge", "Pay")
        with unit() as uow:
            deploy(uow, tree / "_parts" / "pay")
        with unit() as uow:
            deploy_all(uow, ROOT / "bpmn")
        newest = select(ProcedureVersion).filter_by(code="take_in").order_by(ProcedureVersion.number.desc()).limit(1)
        caller = session.scalars(newest).one()
        called = session.get_one(ProcedureVersion, uuid.UUID(caller.calls["pay"]))
        assert called.digest == session.get_one(ProcedureVersion, deployed["pay"].version_id).digest

    def test_a_new_part_makes_a_new_version_of_its_callers_only_when_they_are_deployed(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        change(tree / "_parts" / "pay" / "record.json", "Pay a fee or charge", "Pay")
        with unit() as uow:
            pay = deploy(uow, tree / "_parts" / "pay")
        old = session.get_one(ProcedureVersion, deployed[CODE].version_id)
        assert old.calls["pay"] == str(deployed["pay"].version_id)
        with unit() as uow:
            take_in = deploy(uow, tree / "_parts" / "take_in")
            caller = deploy(uow, tree / CODE)
        assert (pay.is_new, take_in.is_new, caller.is_new) == (True, True, True)
        assert session.get_one(ProcedureVersion, caller.version_id).calls["pay"] == str(pay.version_id)

    def test_errors_refuse_with_element_and_line_and_store_nothing(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        change(tree / CODE / "diagram.bpmn", 'limit="3 wh"', "")
        with pytest.raises(DeployRefused) as caught, unit() as uow:
            deploy(uow, tree / CODE)
        (found,) = [finding for finding in caught.value.findings if finding.code == "P02"]
        assert (found.element, found.file, found.line is not None) == ("search_book", "diagram.bpmn", True)
        assert caught.value.facts["element"] == "search_book"
        assert session.scalar(select(func.count()).filter(ProcedureVersion.code == CODE)) == 1

    @pytest.mark.parametrize(
        "diagram",
        [
            b"no xml",
            b"<html/>",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        ],
    )
    def test_a_hostile_diagram_is_refused(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, diagram: bytes
    ) -> None:
        (tree / CODE / "diagram.bpmn").write_bytes(diagram)
        with pytest.raises(DeployRefused), unit() as uow:
            deploy(uow, tree / CODE)

    def test_python_in_a_diagram_is_refused(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path
    ) -> None:
        path = tree / CODE / "diagram.bpmn"
        path.write_text(path.read_text().replace("bpmn:userTask", "bpmn:scriptTask"))
        with pytest.raises(DeployRefused) as caught, unit() as uow:
            deploy(uow, tree / CODE)
        assert {"S02"} <= {finding.code for finding in caught.value.findings}

    def test_a_limit_longer_than_the_nation_s_is_refused(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, tmp_path: Path
    ) -> None:
        channels = "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến4 GiờMiễn phíTrực tiếp4 GiờMiễn phí"
        entry = {
            "code": CODE,
            "name": "Thủ tục cấp bản sao từ sổ gốc",
            "field": "Chứng thực",
            "channels_text": channels,
        }
        national = tmp_path / "national.jsonl"
        national.write_text(json.dumps(entry))
        with unit() as uow:
            import_file(uow, national)
        with pytest.raises(DeployRefused) as caught, unit() as uow:
            deploy(uow, tree / CODE)
        assert [(finding.code, finding.severity, finding.element) for finding in caught.value.findings][
            :1
        ] == [("F20", "E", "limits")]
        assert "4 Giờ" in caught.value.facts["sentence"]

    def test_a_part_that_is_not_there_is_named(self, unit: Unit, tree: Path) -> None:
        with pytest.raises(DeployRefused) as caught, unit() as uow:
            deploy(uow, tree / CODE)
        assert ("S07", "take_in") in [(finding.code, finding.element) for finding in caught.value.findings]


class TestPublish:
    def test_the_day_decides_which_version_binds(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        with unit() as uow:
            second = deploy(uow, renamed(tree))
            publish(uow, second.version_id, effective_from=DECEMBER)
        first = session.get_one(ProcedureVersion, deployed[CODE].version_id)
        assert (first.effective_to, first.state) == (DECEMBER, VersionState.RETIRED)
        assert in_force(session, CODE, date(2026, 8, 31)) is None
        assert in_force(session, CODE, date(2026, 11, 30)) is first
        newest = in_force(session, CODE, DECEMBER)
        assert newest is not None
        assert newest.id == second.version_id
        assert [event.type for event in history(session, second.version_id)] == [
            "version.drafted",
            "version.published",
        ]

    def test_a_procedure_without_a_diagram_runs_on_the_frame(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        version = in_force(session, "1.002055", DECEMBER)
        assert version is not None
        assert version.id == deployed["one_stop"].version_id

    def test_a_part_that_is_not_there_is_not_the_frame(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        assert in_force(session, "no_such_part", DECEMBER) is None

    def test_twice_is_refused(self, unit: Unit, deployed: dict[str, Deployed]) -> None:
        with pytest.raises(catalog.VersionNotDraft), unit() as uow:
            publish(uow, deployed[CODE].version_id, effective_from=DECEMBER)

    def test_before_the_version_in_force_is_refused(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path
    ) -> None:
        with unit() as uow:
            second = deploy(uow, renamed(tree))
        with pytest.raises(catalog.EffectiveTooEarly), unit() as uow:
            publish(uow, second.version_id, effective_from=date(2026, 8, 1))

    def test_a_new_version_does_not_take_over_in_the_past(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        """Dossiers received since that day have the old version; no later entry may say otherwise."""
        with unit() as uow:
            second = deploy(uow, renamed(tree))
        with pytest.raises(catalog.EffectiveTooEarly) as caught, unit() as uow:
            publish(uow, second.version_id, effective_from=TODAY - timedelta(days=1))
        assert caught.value.facts["since"] == TODAY.isoformat()
        with unit() as uow:
            publish(uow, second.version_id, effective_from=TODAY)
        binding = in_force(session, CODE, TODAY)
        assert binding is not None
        assert binding.id == second.version_id

    def test_one_that_begins_on_the_same_day_replaces_one_that_never_was_in_force(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        with unit() as uow:
            second = deploy(uow, renamed(tree))
            publish(uow, second.version_id, effective_from=DECEMBER)
        change(tree / CODE / "diagram.bpmn", "Tra sổ gốc", "Tra cứu sổ gốc")
        with unit() as uow:
            third = deploy(uow, tree / CODE)
            publish(uow, third.version_id, effective_from=DECEMBER)
        before, after = in_force(session, CODE, date(2026, 11, 30)), in_force(session, CODE, DECEMBER)
        assert before is not None
        assert after is not None
        assert (before.id, after.id) == (deployed[CODE].version_id, third.version_id)

    def test_a_draft_part_is_refused(self, unit: Unit, few: Path) -> None:
        with unit() as uow:
            versions = {version.code: version for version in deploy_all(uow, few)}
        with pytest.raises(catalog.PartNotPublished), unit() as uow:
            publish(uow, versions[CODE].version_id, effective_from=SEPTEMBER)

    def test_an_unknown_version_is_missing(self, unit: Unit) -> None:
        with pytest.raises(Missing), unit() as uow:
            publish(uow, uuid.uuid4(), effective_from=SEPTEMBER)

    def test_a_procedure_that_was_never_imported_gets_its_entry(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        procedure = session.get_one(Procedure, "1.001776")
        assert procedure.name_en
        assert procedure.components
        hit = search(session, "trợ cấp xã hội hàng tháng")[0]
        assert (hit.code, hit.has_diagram) == ("1.001776", True)

    def test_an_imported_entry_keeps_the_published_words(
        self, unit: Unit, few: Path, tmp_path: Path, session: Session
    ) -> None:
        path = tmp_path / "national.jsonl"
        path.write_text(f'{{"code": "{CODE}", "name": "Tên công bố", "field": "Chứng thực"}}')
        with unit() as uow:
            import_file(uow, path)
            for version in deploy_all(uow, few):
                publish(uow, version.version_id, effective_from=SEPTEMBER)
        procedure = session.get_one(Procedure, CODE)
        assert procedure.name_vi == "Tên công bố"
        assert (procedure.name_en is not None, procedure.online_level is not None) == (True, True)
        with unit() as uow:
            assert import_file(uow, path).unchanged == 1


class TestVersionInUse:
    def test_the_program_holds_all_parts(self, deployed: dict[str, Deployed], session: Session) -> None:
        program = catalog.program_for(session, deployed[CODE].version_id)
        assert program.main == "p_2_000908"
        assert {"take_in", "pay", "sign_document", "return_result"} <= set(program.models)
        assert catalog.program_for(session, deployed[CODE].version_id) is program

    def test_a_version_that_was_let_in_runs_though_it_were_refused_today(self, deployed: dict[str, Deployed], session: Session) -> None:
        """What a release learnt to refuse does not stop the dossiers that go on in what an earlier one let in."""
        before = uuid.uuid4()
        refused = """
            INSERT INTO procedure_version (id, code, kind, number, digest, state, record, diagram, decisions, scenarios, calls, created_at, created_by)
            SELECT :before, code, kind, 99, 'before', state, record,
                convert_to(replace(convert_from(diagram, 'UTF8'), '<bpmn:userTask ', '<bpmn:userTask startQuantity="2" '), 'UTF8'),
                decisions, scenarios, calls, created_at, created_by
            FROM procedure_version WHERE id = :id
        """
        session.execute(text(refused), {"id": deployed[CODE].version_id, "before": before})
        diagram = session.scalars(select(ProcedureVersion.diagram).filter_by(id=before)).one()
        with pytest.raises(DiagramRefused):
            read_model(diagram)
        now = catalog.program_for(session, deployed[CODE].version_id)
        assert catalog.program_for(session, before).model.elements.keys() == now.model.elements.keys()
        assert before in [one.id for one in catalog.touched(session)]

    def test_a_form_is_found_in_the_version_or_its_parts(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        version_id = deployed[CODE].version_id
        own = catalog.form(session, version_id, f"{CODE}/declaration")
        of_part = catalog.form(session, version_id, "one_stop/check_dossier")
        assert own["components"]
        assert of_part["components"]

    def test_a_form_that_was_taken_out_stays_in_the_versions_that_had_it(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        key = f"{CODE}/make_copy"
        change(tree / CODE / "diagram.bpmn", f'form="{key}"', f'form="{CODE}/search_book"')
        (tree.parent / "forms" / "schemas" / CODE / "make_copy.form.json").unlink()
        with unit() as uow:
            second = deploy(uow, tree / CODE)
        assert catalog.form(session, deployed[CODE].version_id, key)["components"]
        with pytest.raises(Missing):
            catalog.form(session, second.version_id, key)

    def test_of_two_parts_with_one_form_the_newer_is_read(
        self, unit: Unit, deployed: dict[str, Deployed], tree: Path, session: Session
    ) -> None:
        """return_result keeps its version, take_in gets the next: both bring the same form."""
        key = "one_stop/check_dossier"
        form = tree.parent / "forms" / "schemas" / f"{key}.form.json"
        change(tree / "_parts" / "return_result" / "diagram.bpmn", "one_stop/hand_over_result", key)
        with unit() as uow:
            deploy(uow, tree / "_parts" / "return_result")
        document = json.loads(form.read_text())
        document["components"][0]["label"] = "Chữ mới"
        form.write_text(json.dumps(document))
        with unit() as uow:
            deploy(uow, tree / "_parts" / "take_in")
            version = deploy(uow, tree / CODE)
        assert catalog.form(session, version.version_id, key)["components"][0]["label"] == "Chữ mới"

    def test_a_form_of_another_procedure_is_missing(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        with pytest.raises(Missing):
            catalog.form(session, deployed[CODE].version_id, "1.001193/declaration")

    def test_what_is_stored_still_has_its_digest(
        self, deployed: dict[str, Deployed], session: Session
    ) -> None:
        assert catalog.touched(session) == []

    @pytest.mark.parametrize(
        "touch",
        [
            'UPDATE procedure_version SET record = record || \'{"online_level": "none"}\' WHERE id = :id',
            "UPDATE procedure_version SET diagram = diagram || '\\x20' WHERE id = :id",
            "UPDATE form_version SET document = '{}' WHERE version_id = :id",
            "DELETE FROM form_version WHERE version_id = :id",
            "UPDATE procedure_version SET calls = jsonb_set(calls, '{pay}', calls -> 'take_in') WHERE id = :id",
            "UPDATE procedure_version SET calls = calls - 'pay' WHERE id = :id",
        ],
    )
    def test_whoever_touches_it_is_found_out(
        self, deployed: dict[str, Deployed], session: Session, touch: str
    ) -> None:
        session.execute(text(touch), {"id": deployed[CODE].version_id})
        assert deployed[CODE].version_id in [one.id for one in catalog.touched(session)]


class TestTwoAtOnce:
    """Real commits from two threads; the second waits for the first and sees what it did."""

    @pytest.fixture
    def begin(self, fresh_database: str, clock: FrozenClock) -> Iterator[Unit]:
        engine = connect(fresh_database)
        factory = sessionmaker(engine, expire_on_commit=False)
        yield lambda: unit_of_work(factory, SYSTEM, clock)
        engine.dispose()

    @pytest.fixture
    def first(self, begin: Unit, few: Path) -> Deployed:
        with begin() as uow:
            versions = {version.code: version for version in deploy_all(uow, few)}
            for version in versions.values():
                publish(uow, version.version_id, effective_from=SEPTEMBER)
        return versions[CODE]

    def both(
        self, begin: Unit, one: Callable[[UnitOfWork], T], other: Callable[[UnitOfWork], T]
    ) -> tuple[T, T]:
        """`other` begins while `one` has not committed yet."""
        with ThreadPoolExecutor(1) as pool:

            def second() -> T:
                with begin() as uow:
                    return other(uow)

            with begin() as uow:
                result = one(uow)
                later = pool.submit(second)
                with pytest.raises(TimeoutError):  # it waits
                    later.result(0.5)
            return result, later.result(20)

    def test_the_same_bytes_at_once_are_one_version(self, begin: Unit, first: Deployed, tree: Path) -> None:
        folder = renamed(tree)
        one, other = self.both(begin, lambda uow: deploy(uow, folder), lambda uow: deploy(uow, folder))
        assert (one.is_new, other.is_new) == (True, False)
        assert one.version_id == other.version_id

    def test_other_bytes_at_once_are_two_numbers(
        self, begin: Unit, first: Deployed, tree: Path, tmp_path: Path
    ) -> None:
        folder = renamed(tree)
        copied = Path(shutil.copytree(folder, tmp_path / "other" / CODE))
        change(copied / "diagram.bpmn", "Tra sổ gốc", "Tra cứu sổ gốc")
        forms = tmp_path / "forms" / "schemas"
        one, other = self.both(
            begin, lambda uow: deploy(uow, folder), lambda uow: deploy(uow, copied, forms=forms)
        )
        assert (one.number, other.number) == (2, 3)

    def test_of_two_published_at_once_one_follows_the_other(
        self, begin: Unit, first: Deployed, tree: Path
    ) -> None:
        with begin() as uow:
            second = deploy(uow, renamed(tree))
        change(tree / CODE / "diagram.bpmn", "Tra sổ gốc", "Tra cứu sổ gốc")
        with begin() as uow:
            third = deploy(uow, tree / CODE)
        self.both(
            begin,
            lambda uow: publish(uow, second.version_id, effective_from=DECEMBER),
            lambda uow: publish(uow, third.version_id, effective_from=DECEMBER),
        )
        with begin() as uow:
            query = select(ProcedureVersion.number).filter_by(code=CODE, effective_to=None)
            assert uow.session.scalars(query).all() == [third.number]
