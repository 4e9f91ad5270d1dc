"""The schema's history: numbered, linear steps, run through alembic without any alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

#: A migration that cannot get its lock at once gives up, so that it never holds up the officers behind it.
_LOCK = "5s"
_STATEMENT = "10min"


def config() -> Config:
    """Where alembic finds the steps."""
    here = Config()
    here.set_main_option("script_location", str(Path(__file__).parent))
    return here


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to a revision. The URL's own role must own the schema."""
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
