"""The schema's history: numbered, linear steps, run through alembic without any alembic.ini."""

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
#: A migration that cannot get its lock at once gives up, so that it never holds up the officers behind it.
_LOCK = "5s"
_STATEMENT = "10min"


def config() -> "Config":
    """Where alembic finds the steps."""
    from alembic.config import Config

    here = Config()
    here.set_main_option("script_location", str(_HERE))
    return here


def is_current(url: str) -> bool:
    """Whether nothing is left to do. Asked at every start, so it loads neither alembic nor SQLAlchemy."""
    newest = max(path.name[:4] for path in (_HERE / "versions").glob("[0-9]*.py"))
    with psycopg.connect(url) as connection:
        there = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if there is None or there[0] is None:
            return False
        return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to a revision. The URL's own role must own the schema."""
    from alembic import command
    from sqlalchemy import NullPool, create_engine

    # Not engine.base.db.connect: that takes the application's role, which may change no table.
    options = f"-c timezone=UTC -c lock_timeout={_LOCK} -c statement_timeout={_STATEMENT}"
    owner = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        poolclass=NullPool,
        connect_args={"options": options},
    )
    steps = config()
    with owner.connect() as connection:
        steps.attributes["connection"] = connection
        command.upgrade(steps, revision)
