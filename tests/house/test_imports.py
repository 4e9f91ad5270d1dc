"""Data falls in one direction; setup.cfg says which, and forgets no room."""

import configparser

import pytest
from importlinter.cli import lint_imports


@pytest.fixture(scope="module")
def contract(root):
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", encoding="utf-8")
    return parser


def words(contract, section, option):
    return set(contract[section][option].split())


def test_every_contract_is_kept(root, capsys):
    broken = lint_imports(config_filename=str(root / "setup.cfg"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def test_every_room_is_under_contract(contract, root):
    rooms = {path.parent.name for path in root.glob("*/__init__.py") if path.parent.name != "tests"}
    assert rooms == words(contract, "importlinter", "root_packages"), "a new room needs its place in the layers"


def test_every_blueprint_is_kept_apart(contract, root):
    blueprints = {f"webapp.{path.parent.name}" for path in (root / "webapp").glob("*/views.py")}
    listed = words(contract, "importlinter:contract:blueprints", "modules")
    assert blueprints == listed, "a blueprint that is not in the contract may reach into the others"


@pytest.mark.parametrize("folder", ["bpmn", "forms/schemas"])
def test_data_stays_data(root, folder):
    assert not list((root / folder).rglob("*.py")), "an analyst's folder never holds code"

