"""A clock stands still by each of its reasons apart, a group's also by those of a part; it goes on when the last is over.

Revision ID: 0038
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("clock_pause", sa.Column("about", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk__clock_pause__about__dossier"), "clock_pause", "dossier", ["about"], ["id"])
    op.drop_index("ux__clock_pause__open", "clock_pause")
    op.create_index(
        "ux__clock_pause__open",
        "clock_pause",
        ["dossier_id", "rule", "about"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
