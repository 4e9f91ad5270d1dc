"""What we ship in bpmn/ passes the same door as what an analyst uploads. Scenarios are walked in tests/engine/runtime."""

import pytest

from engine.catalog import publish
from engine.catalog.bundle import read_bundle
from engine.catalog.findings import DeployRefused


@pytest.fixture(scope="module")
def folders(root):
    return [path.parent for path in sorted((root / "bpmn").rglob("diagram.bpmn"))]


def test_every_bundle_deploys_and_again_is_the_same(unit, root):
    try:
        with unit() as uow:
            first = publish.deploy_all(uow, root / "bpmn")
            again = publish.deploy_all(uow, root / "bpmn")
    except DeployRefused as refused:
        errors = [f"{f.file}:{f.line} {f.element} {f.sentence_vi}" for f in refused.findings if f.severity == "E"]
        pytest.fail("\n".join(errors))
    assert all(one.is_new for one in first)
    assert [(one.code, one.number, one.is_new) for one in again] == [(one.code, 1, False) for one in first]


def test_every_folder_with_a_diagram_has_its_record(folders):
    assert folders
    for folder in folders:
        assert (folder / "procedure.json").exists() or (folder / "record.json").exists(), folder


def test_every_form_is_filled_somewhere(folders, root):
    named = {key for folder in folders for key in read_bundle(folder).forms}
    schemas = root / "forms" / "schemas"
    files = {path.relative_to(schemas).as_posix().removesuffix(".form.json") for path in schemas.rglob("*.form.json")}
    assert files == named, "a form that no diagram and no record names is dead"
