"""The doors of the command line: what is refused is said in words, and leaves nothing behind."""

import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from engine.catalog import publish
from engine.catalog.models import ProcedureVersion
from engine.dossiers import moving
from engine.dossiers.act import Act
from engine.dossiers.models import Incident
from tests.factories.province import ROOT
from webapp import cli
from webapp.demo.walk import Policy

CODE = "2.000908"


@pytest.fixture
def motcua(house, monkeypatch):
    """The command line, on the province of the tests: exit code and what was printed."""
    monkeypatch.setattr(cli, "_house", lambda: house)

    def run(*words):
        result = CliRunner().invoke(cli.main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


@pytest.fixture
def lodged(ward):
    """A dossier that lies open at the specialist."""
    lodged = ward.lodge(CODE)
    ward.walk(lodged, Policy(rest_at=("search_book",)))
    return lodged


@pytest.fixture
def drafted(ward, tmp_path):
    """The next version of the diagram, which nobody published yet."""
    folder = tmp_path / CODE
    shutil.copytree(ROOT / "bpmn" / CODE, folder)
    diagram = folder / "diagram.bpmn"
    diagram.write_text(diagram.read_text("utf-8") + "<!-- mới -->\n", "utf-8")
    with ward.act() as uow:
        publish.deploy(uow, folder, forms=ROOT / "forms" / "schemas")


def version_of(ward, lodged):
    with ward.sessions() as session:
        return session.get_one(ProcedureVersion, ward.dossier(lodged).version_id).number


def incidents(ward):
    with ward.sessions() as session:
        return session.scalar(select(func.count()).select_from(Incident))


class TestMove:
    def test_a_draft_can_be_tried_and_nobody_is_moved_to_it(self, ward, lodged, drafted, motcua):
        status, said = motcua("dossier", "move", CODE, "--to", "2")
        assert (status, "1 can move to version 2, which is not published yet, 0 cannot" in said) == (0, True)
        status, said = motcua("dossier", "move", CODE, "--to", "2", "--for-real")
        assert (status, "not published" in said, incidents(ward)) == (1, True, 0)
        assert version_of(ward, lodged) == 1

    def test_published_it_takes_them_along(self, ward, lodged, drafted, motcua):
        assert motcua("publish", CODE)[0] == 0
        assert motcua("dossier", "move", CODE, "--to", "2", "--for-real")[0] == 0
        assert version_of(ward, lodged) == 2

    def test_who_ended_meanwhile_is_told_and_is_no_incident(self, lodged, ward, drafted, motcua, monkeypatch):
        motcua("publish", CODE)

        def too_late(uow, dossier_id, *_):
            Act.on(uow, dossier_id)
            raise moving.NothingToMove

        monkeypatch.setattr(moving, "move", too_late)
        status, said = motcua("dossier", "move", CODE, "--to", "2", "--for-real")
        assert (status, "has ended" in said, incidents(ward)) == (1, True, 0)

    def test_a_dossier_that_is_not_there_is_named(self, lodged, drafted, motcua):
        status, said = motcua("dossier", "move", CODE, "--to", "2", "--only", "H56.101-NOPE")
        assert (status, "H56.101-NOPE" in said) == (1, True)


class TestPublish:
    def test_a_version_that_binds_already_is_refused_in_words(self, motcua):
        status, said = motcua("publish", CODE, "--number", "1")
        assert (status, said) == (1, "Error: Only a draft can be published; this version was published before.\n")


class TestCheck:
    @pytest.mark.parametrize("state", [b"x", b"{}", b'{"v":0,"n":1}'], ids=["no JSON", "nothing in it", "of another codec"])
    def test_a_state_that_cannot_be_read_is_an_alarm_and_hides_no_other(self, ward, lodged, motcua, state):
        other = ward.lodge(CODE)
        with ward.act() as uow:
            broken = text("UPDATE runtime_state SET state = :state WHERE dossier_id = :id")
            uow.session.execute(broken, {"state": state, "id": lodged.dossier_id})
        status, said = motcua("check", "--each")
        assert (status, "cannot be read" in said, other.reference in said) == (1, True, True)
        assert "2 open dossiers, 1 with an alarm" in said

    def test_and_nobody_is_held_up_by_it_who_is_to_be_moved(self, ward, lodged, drafted, motcua):
        ward.lodge(CODE)
        with ward.act() as uow:
            uow.session.execute(text("UPDATE runtime_state SET state = 'x' WHERE dossier_id = :id"), {"id": lodged.dossier_id})
        status, said = motcua("dossier", "move", CODE, "--to", "2")
        assert (status, "Không đọc được" in said, "1 can move to version 2, which is not published yet, 1 cannot" in said) == (1, True, True)


class TestLoad:
    @pytest.mark.parametrize(
        ("words", "said"),
        [(("--officers", "100"), "offices need at least"), (("--open", "-1"), "--open"), (("--scale", "0"), "--scale")],
        ids=["too few officers", "less than none", "no size"],
    )
    def test_what_cannot_be_made_is_refused_before_anything_is(self, motcua, monkeypatch, words, said):
        monkeypatch.setattr(cli, "_prepared", lambda url: pytest.fail("the database was touched"))
        status, told = motcua("load", *words)
        assert (status, said in told) == (2, True)

    def test_as_many_as_are_needed_may_go_on(self, motcua, monkeypatch):
        least = motcua("load", "--officers", "1")[1].split()[-2]
        monkeypatch.setattr(cli, "_prepared", lambda url: False)
        assert motcua("load", "--officers", least) == (1, "Error: the database is not empty\n"), least
