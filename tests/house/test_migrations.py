"""The schema is what its numbered history made of it, and the ledger is append-only by grant."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import engine as engine_room
from engine import migrations
from engine.base.db import APP_ROLE, Base

#: Its tables come from the library's own schema, inside one of our steps.
LIBRARY = re.compile(r"procrastinate_|alembic_version")


@pytest.fixture(scope="module")
def steps():
    return ScriptDirectory.from_config(migrations.config())


def test_steps_are_numbered_without_gap_or_fork(steps):
    assert len(steps.get_heads()) <= 1, "two heads: the later one must build on the other"
    found = [step.revision for step in reversed(list(steps.walk_revisions()))]
    assert found == [f"{n:04}" for n in range(1, len(found) + 1)]
    names = sorted(path.name for path in Path(steps.dir, "versions").glob("*.py"))
    assert [name[:4] for name in names] == found, "a step's file begins with its number"


class TestSchema:
    def test_the_models_are_what_the_migrations_made(self, connection):
        for module in pkgutil.walk_packages(engine_room.__path__, "engine."):
            if not module.name.startswith("engine.migrations."):
                importlib.import_module(module.name)

        def ours(thing, name, kind, reflected, compare_to):
            table = name if kind == "table" else thing.table.name
            return not LIBRARY.match(table)

        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True, "compare_server_default": False}
        )
        assert compare_metadata(context, Base.metadata) == [], "write a migration, or mend the model"

    @pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
    def test_the_application_cannot_change_the_ledger(self, connection, privilege):
        may = text("SELECT has_table_privilege(:role, 'ledger_event', :privilege)")
        assert not connection.execute(may, {"role": APP_ROLE, "privilege": privilege}).scalar()

    def test_the_application_role_is_no_superuser(self, connection):
        assert connection.execute(text("SELECT current_user")).scalar() == APP_ROLE
        assert connection.execute(text("SELECT current_setting('is_superuser')")).scalar() == "off"
