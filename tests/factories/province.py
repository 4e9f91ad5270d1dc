"""The province of the tests: the demo's offices and people, our bundles published, some real procedures."""

from datetime import date
from pathlib import Path

from engine.base.uow import UnitOfWork
from engine.calendar.seed import seed_calendar
from engine.catalog import publish
from engine.documents import templates
from engine.org.seed import seed_thanh_hoa

ROOT = Path(__file__).resolve().parents[2]
#: From when our bundles bind dossiers; before any date that a test uses.
IN_FORCE = date(2026, 1, 1)


def build(uow: UnitOfWork) -> None:
    """Everything that a dossier needs to be lodged."""
    seed_thanh_hoa(uow, password=None)
    seed_calendar(uow)
    templates.publish(uow, effective_from=IN_FORCE)
    for deployed in publish.deploy_all(uow, ROOT / "bpmn", forms=ROOT / "forms" / "schemas"):
        publish.publish(uow, deployed.version_id, effective_from=IN_FORCE)
