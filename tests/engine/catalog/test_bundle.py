"""A folder is read whole or refused with every reason, its file and line."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.catalog.bundle import MAX_FILE, MAX_FILES, read_bundle
from engine.catalog.diagram import outline
from engine.catalog.findings import DeployRefused
from engine.catalog.models import VersionKind
from engine.runtime.model import read_model

ROOT = Path(__file__).parents[3]
CODE = "2.000908"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a real bundle in a tree of its own, with its forms."""
    shutil.copytree(ROOT / "forms" / "schemas", tmp_path / "forms" / "schemas")
    return Path(shutil.copytree(ROOT / "bpmn" / CODE, tmp_path / "bpmn" / CODE))


def refused(folder: Path) -> list[tuple[str, str, int | None]]:
    with pytest.raises(DeployRefused) as caught:
        read_bundle(folder)
    return [(finding.code, finding.file, finding.line) for finding in caught.value.findings]


class TestReadBundle:
    def test_a_bundle_is_its_folder_and_the_forms_it_names(self, folder: Path) -> None:
        bundle = read_bundle(folder)
        assert (bundle.code, bundle.kind) == (CODE, VersionKind.PROCEDURE)
        assert {f"{CODE}/declaration", f"{CODE}/search_book", "one_stop/draft_refusal"} <= set(bundle.forms)
        assert "one_stop/check_dossier" not in bundle.forms  # the part's, not ours
        assert "take_in" in bundle.calls

    @pytest.mark.parametrize(
        ("file", "content", "finding"),
        [
            ("procedure.json", b'{\n "code":\n}', ("B04", "procedure.json", 3)),
            ("procedure.json", b"[]", ("B05", "procedure.json", 1)),
            ("procedure.json", b'{"code": "\xff"}', ("B04", "procedure.json", 1)),
            ("procedure.json", b'{"code": "2.000908", "x": "\\u0000"}', ("B04", "procedure.json", 1)),
            ("procedure.json", b'{"code": "1.000000"}', ("B05", "procedure.json", 1)),
            ("procedure.json", b'{"code": "../../etc"}', ("B05", "procedure.json", 1)),
            ("procedure.json", b'{"code": "2.000908", "kind": "part"}', ("B05", "procedure.json", 1)),
            ("scenarios.json", b"{}", ("B05", "scenarios.json", 1)),
            ("scenarios.json", b"[" * 3000, ("B04", "scenarios.json", 1)),
            ("decisions/fee.dmn", b"<a>\n\xff</a>", ("B04", "decisions/fee.dmn", 2)),
            ("decisions/fee.dmn", b"<a>\n\x00</a>", ("B04", "decisions/fee.dmn", 2)),
            ("diagram.bpmn", b"", ("B03", "diagram.bpmn", None)),
            ("run.py", b"import os", ("B01", "run.py", None)),
            ("decisions/evil.sh", b"", ("B01", "decisions/evil.sh", None)),
        ],
    )
    def test_a_broken_file_is_named_with_its_line(
        self, folder: Path, file: str, content: bytes, finding: tuple[str, str, int | None]
    ) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(content)
        assert finding in refused(folder)

    def test_a_broken_form_is_named_with_its_line(self, folder: Path) -> None:
        form = folder.parents[1] / "forms" / "schemas" / CODE / "search_book.form.json"
        form.write_text('{"components": [\n}')
        assert refused(folder) == [("B04", f"forms/schemas/{CODE}/search_book.form.json", 2)]

    def test_a_link_is_not_followed(self, folder: Path) -> None:
        (folder / "scenarios.json").unlink()
        (folder / "scenarios.json").symlink_to("/etc/hostname")
        assert refused(folder) == [("B02", "scenarios.json", None)]

    def test_a_linked_form_is_not_followed(self, folder: Path) -> None:
        form = folder.parents[1] / "forms" / "schemas" / CODE / "search_book.form.json"
        form.unlink()
        form.symlink_to("/etc/hostname")
        assert refused(folder) == [("B02", f"forms/schemas/{CODE}/search_book.form.json", None)]

    def test_a_form_key_does_not_lead_out_of_the_folder_of_forms(self, folder: Path) -> None:
        (folder.parents[1] / "forms" / "secret.form.json").write_text('{"components": []}')
        diagram = folder / "diagram.bpmn"
        diagram.write_text(diagram.read_text().replace(f'form="{CODE}/search_book"', 'form="../secret"'))
        bundle = read_bundle(folder)
        assert "../secret" not in bundle.forms
        assert f"{CODE}/search_book" not in bundle.forms

    def test_a_linked_folder_is_refused(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(folder)
        assert refused(tmp_path / "link")[0][0] == "B01"

    def test_a_pipe_does_not_hold_us_up(self, folder: Path) -> None:
        (folder / "scenarios.json").unlink()
        os.mkfifo(folder / "scenarios.json")
        assert refused(folder) == [("B02", "scenarios.json", None)]

    def test_too_large_and_too_many_files_are_refused(self, folder: Path) -> None:
        (folder / "scenarios.json").write_bytes(b" " * (MAX_FILE + 1))
        assert refused(folder) == [("B02", "scenarios.json", None)]
        for number in range(MAX_FILES):
            (folder / f"{number}.txt").touch()
        assert len(refused(folder)) <= MAX_FILES + 1

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "nowhere") == [("B01", "nowhere", None)]


class TestDigest:
    PARTS = {"take_in": "aa"}

    def edit(self, folder: Path, file: str, change: Callable[[str], str]) -> str:
        path = folder / file
        path.write_text(change(path.read_text()))
        return read_bundle(folder).digest(self.PARTS)

    def test_every_byte_that_counts_changes_it(self, folder: Path) -> None:
        seen = {read_bundle(folder).digest(self.PARTS), read_bundle(folder).digest({"take_in": "bb"})}
        for file, old, new in (
            ("diagram.bpmn", "Tra sổ gốc", "Tra sổ  gốc"),
            ("procedure.json", '"number_and_seal": "1 wh"', '"number_and_seal": "2 wh"'),
            ("scenarios.json", '"name": "', '"name": "x'),
            (f"../../forms/schemas/{CODE}/search_book.form.json", '"type": "default"', '"type": "other"'),
        ):
            seen.add(self.edit(folder, file, lambda text, old=old, new=new: text.replace(old, new, 1)))
        assert len(seen) == 6

    def test_blanks_of_json_do_not(self, folder: Path) -> None:
        before = read_bundle(folder).digest(self.PARTS)
        after = self.edit(folder, "procedure.json", lambda text: json.dumps(json.loads(text), indent=7))
        assert after == before


def test_the_outline_says_what_the_analyst_drew() -> None:
    drawn = outline(read_model((ROOT / "bpmn" / "_parts" / "pay" / "diagram.bpmn").read_bytes()))
    assert drawn.process_id == "pay"
    assert drawn.lanes == (("cashier", "Thu phí, lệ phí"),)
    assert drawn.forms == ("one_stop/take_payment",)
    assert {"charge.open", "charge.count"} == set(drawn.topics)
    assert ("take_payment", "user", "cashier") in [(step.id, step.kind, step.lane) for step in drawn.steps]
