"""A dossier keeps the version that it was received under, whatever is published while it runs."""

import shutil
from pathlib import Path

from sqlalchemy import select

from engine.catalog import publish
from engine.catalog.models import ProcedureVersion
from engine.dossiers.models import Dossier
from tests.factories.province import ROOT
from webapp.demo.walk import Policy

CODE = "2.000908"


def newer(tmp_path: Path) -> Path:
    """The procedure with a step of another id, so that no dossier could be on both versions."""
    folder = Path(shutil.copytree(ROOT / "bpmn" / CODE, tmp_path / CODE))
    for path in (folder / "diagram.bpmn", folder / "scenarios.json", folder / "procedure.json"):
        path.write_text(path.read_text("utf-8").replace("make_copy", "write_copy"), "utf-8")
    return folder


def test_a_running_dossier_keeps_its_version_and_a_new_one_gets_the_newer(ward, tmp_path):
    running = ward.lodge(CODE)
    ward.walk(running, Policy(rest_at=("search_book",)))
    folder, forms = newer(tmp_path), tmp_path / "forms" / "schemas"
    shutil.copytree(ROOT / "forms" / "schemas", forms)
    shutil.copy(forms / CODE / "make_copy.form.json", forms / CODE / "write_copy.form.json")
    with ward.act() as uow:
        second = publish.deploy(uow, folder, forms=forms)
        publish.publish(uow, second.version_id, effective_from=ward.clock.today())

    later = ward.lodge(CODE)
    ward.walk(running)
    ward.walk(later, Policy(rest_at=("write_copy",)))

    with ward.sessions() as session:
        versions = {
            one.id: session.get_one(ProcedureVersion, one.version_id).number
            for one in session.scalars(select(Dossier).where(Dossier.id.in_([running.dossier_id, later.dossier_id])))
        }
        ended = session.get_one(Dossier, running.dossier_id)
    assert (versions[running.dossier_id], versions[later.dossier_id]) == (1, 2)
    assert ended.status == "handed_over"
    assert ward.task(later).step_id == "write_copy"
